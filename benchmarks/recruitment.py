"""Empty posts and recruitment need of simulated municipalities: errors, intervals and fill rates against their bars.

Every municipality lives nine years with one of the sample's ways of recruiting, none of which is the model. Origins are
Decembers with five years known, or every half year for intervals; errors are summed over departments, origins and
municipalities. The floor knows the hazards and what falls empty of all nine years, those to come included, and runs the
same law. Errors and shares, no times.

    python -m benchmarks.recruitment 20     # municipalities of each kind; minutes each
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.sample import town
from analysis.sample.needs import vacancies
from analysis.sample.simulate import simulate
from analysis.sample.staff import NEVER
from analysis.staffing.posts.empty_posts import HORIZONS, YEAR, choices, forecast_all, shown
from analysis.staffing.posts.law import Posts, coming, fill_interval, fitted, posts_by_month, project
from analysis.staffing.posts.record import outlook

EMPLOYEES, SEEDS = 1500, 2
FIRST, LAST = pd.Timestamp("2017-01-01"), pd.Timestamp("2025-12-31")
JUDGED = 60
"""Months of history at the first origin that is judged."""
SHOCK = ("2022-01", 0.6)
"""Fill rates fall to so much of what they were, from a month on."""
FORECASTS = ("shown", "last", "floor")


@dataclass(frozen=True)
class Lived:
    """One municipality: its adverts, and what was planted by month, department and occupation."""

    adverts: pd.DataFrame
    truth: pd.DataFrame


def lived(seed: int, variant: str, shock: tuple[str, float] | None = None) -> Lived:
    """Nine years of a municipality without its files."""
    laid, way, drawn = (np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(3))
    history, _ = simulate(town.build(EMPLOYEES, laid), years=9, rng=way, variant=variant, shock=shock)
    table = vacancies(history, drawn)
    for name in ("opened", "closed", "start"):
        days = table[name].astype("int64")
        table[name] = pd.to_datetime(days.where(days < NEVER), unit="D")
    return Lived(table, pd.concat(history.register.months, ignore_index=True))


def floor(posts: Posts, origins: np.ndarray) -> np.ndarray:
    """What the law says with the hazards and openings of all years, [origins × horizons × units]."""
    months = len(posts.months)
    rates, level = fitted(posts, months), coming(posts, months, YEAR)
    found = np.zeros((len(origins), len(HORIZONS), len(posts.index)))
    begins = (months + int(posts.months[0].month) - 1) % YEAR
    for place, origin in enumerate(origins):
        first = (int(origin) + int(posts.months[0].month) - 1) % YEAR
        arriving = level[(np.arange(max(HORIZONS)) + first - begins) % YEAR]
        ahead = project(posts.open[origin], arriving, rates, first=first)[0]
        found[place] = ahead[np.array(HORIZONS) - 1]
    return found


def misses(posts: Posts, *, step: int = YEAR) -> np.ndarray:
    """Sum of absolute misses by department, [forecasts × horizons]."""
    ahead = forecast_all(posts)
    code, names = posts.codes("department")
    member = np.eye(len(names))[code]
    tables = (shown(ahead, choices(ahead)), ahead.candidates[0], floor(posts, ahead.origins))
    missed = np.zeros((len(FORECASTS), len(HORIZONS)))
    for column in range(len(HORIZONS)):
        judged = (ahead.origins >= JUDGED) & (ahead.origins % step == 0) & np.isfinite(ahead.observed[:, column, 0])
        for row, table in enumerate(tables):
            apart = (table[judged, column] - ahead.observed[judged, column]) @ member
            missed[row, column] = np.abs(apart).sum()
    return missed


def fill_rates(one: Lived, window: int = 60) -> pd.DataFrame:
    """The chance a month that an advert leads to a hire, estimated and planted, by occupation over the same months.

    Returns:
        DataFrame[occupation, fill, low, high, planted, exposure]; ``exposure`` in post-months.
    """
    posts = posts_by_month(one.adverts.drop(columns="start"), first=FIRST, last=LAST)
    rates = fitted(posts, window)
    low, high = fill_interval(posts, window)
    code, names = posts.codes("occupation")
    at = [int((code == place).argmax()) for place in range(len(names))]
    own = one.truth[one.truth["month"] >= posts.months[-window]]
    sums = own.groupby(own["occupation"].astype("str"))[["expected", "exposure"]].sum()
    table = pd.DataFrame({"occupation": names, "fill": rates.fill[at], "low": low[at], "high": high[at]})
    planted = (sums["expected"] / sums["exposure"]).reindex(names).to_numpy()
    return table.assign(planted=planted, exposure=sums["exposure"].reindex(names).to_numpy()).dropna()


def intervals(posts: Posts, seed: int) -> pd.DataFrame:
    """The record of both forecasts with what each interval cost.

    ``inside``: 0 or 1. ``score``: interval score of Gneiting and Raftery (2007) for 80 per cent. ``naive``: that of an
    interval around the last value that reaches as far as four of its misses in five at earlier origins.
    """
    record = outlook(posts, HORIZONS, seed=seed, draws=100).record
    record = record.assign(
        inside=record["observed"].between(record["low"], record["high"]),
        score=_score(record["low"], record["high"], record["observed"]),
        whole=record["department"] == "all",
    )
    return record.assign(naive=_naive(record))


def _score(low: pd.Series, high: pd.Series, observed: pd.Series) -> pd.Series:
    return (high - low) + 10.0 * (low - observed).clip(lower=0.0) + 10.0 * (observed - high).clip(lower=0.0)


def _naive(record: pd.DataFrame) -> pd.Series:
    """Interval score of the last value, its reach learnt as a share of its square root from earlier origins."""
    found = pd.Series(np.nan, index=record.index)
    least = 10
    unit = (record["last"] - record["observed"]).abs() / np.sqrt(record["last"].clip(lower=0.0) + 1.0)
    at = pd.PeriodIndex(record["origin"], freq="M")
    for (_, _, horizon), part in record.groupby(["quantity", "whole", "horizon"]):
        for origin in sorted(set(at[part.index])):
            now = part.index[at[part.index] == origin]
            over = part.index[at[part.index] + int(horizon) <= origin]
            if len(over) < (least if not record.loc[now, "whole"].any() else 2):
                continue
            reach = float(np.quantile(unit[over], 0.8)) * np.sqrt(record.loc[now, "last"].clip(lower=0.0) + 1.0)
            low, high = (record.loc[now, "last"] - reach).clip(lower=0.0), record.loc[now, "last"] + reach
            found[now] = _score(low, high, record.loc[now, "observed"])
    return found


def report(towns: Iterable[tuple[str, int, Lived]]) -> None:
    """Print every bar.

    Args:
        towns: variant (``shock`` for the planted one), seed and what was lived.
    """
    missed: dict[str, np.ndarray] = {}
    rates, records, count = [], [], 0
    for variant, seed, one in towns:
        posts = posts_by_month(one.adverts, first=FIRST, last=LAST)
        own = misses(posts, step=1 if variant == "shock" else YEAR)
        missed[variant] = missed.get(variant, np.zeros(own.shape)) + own
        count += 1
        if variant != "shock":
            rates.append(fill_rates(one).assign(town=f"{variant} {seed}"))
            records.append(intervals(posts, seed).assign(variant=variant))
    print(f"recruitment: {count} municipalities of {EMPLOYEES} employees; errors by department, 1 / 2 / 3 years")
    for variant, own in missed.items():
        to_last, to_floor = own[0] / own[1], own[0] / own[2]
        print(f"  {variant}: shown / last value {_three(to_last)}; shown / floor {_three(to_floor)}")
    fill = pd.concat(rates, ignore_index=True)
    held = fill["planted"].between(fill["low"], fill["high"]).mean()
    own = fill.groupby("town")[["fill", "planted", "exposure"]].apply(
        lambda part: float((part["fill"] * part["exposure"]).sum() / (part["planted"] * part["exposure"]).sum() - 1)
    )
    signed = fill["fill"] / fill["planted"] - 1
    error = signed.abs()
    # mean absolute error of a count of posts filled by chance, were nothing drawn together
    alone = np.sqrt(2 / np.pi) * np.sqrt((1 - fill["planted"]) / (fill["planted"] * fill["exposure"]))
    chance = float((alone * fill["exposure"]).sum() / fill["exposure"].sum())
    weighted = float((error * fill["exposure"]).sum() / fill["exposure"].sum())
    print(
        f"  fill rate: whole {100 * own.mean():+.1f} % off the planted one (worst {100 * own.abs().max():.1f} %); 80 % "
        f"intervals by occupation hold {100 * held:.0f} % of {len(fill)}; mean error {100 * signed.mean():+.1f} %, "
        f"mean absolute error {100 * error.mean():.1f} % (weighted by open posts {100 * weighted:.1f} %, "
        f"of which chance {100 * chance:.1f} %)"
    )
    record = pd.concat(records, ignore_index=True)
    for (quantity, whole, horizon), part in record.groupby(["quantity", "whole", "horizon"]):
        both = part.dropna(subset=["naive"])
        ratio = (part["forecast"] - part["observed"]).abs().sum() / (part["last"] - part["observed"]).abs().sum()
        name = f"{quantity} {'whole' if whole else 'departments'} {horizon // YEAR} y"
        score, width = both["score"].mean() / both["naive"].mean(), (part["high"] - part["low"]).median()
        print(
            f"  {name}: held {100 * part['inside'].mean():.1f} % of {len(part)}; score / last value's {score:.3f}; "
            f"error / last value's {ratio:.3f}; median width {width:.2f}"
        )


def _three(values: np.ndarray) -> str:
    return " / ".join(f"{value:.3f}" for value in values)


def towns(seeds: int) -> Iterator[tuple[str, int, Lived]]:
    """Municipalities of every kind, one after the other."""
    for seed in range(100, 100 + seeds):
        for variant in town.data("recruitment"):
            yield variant, seed, lived(seed, variant)
        yield "shock", seed, lived(seed, "usual", SHOCK)


def main(seeds: int = SEEDS) -> None:
    """Print the bars of so many municipalities of each kind."""
    report(towns(seeds))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else SEEDS)
