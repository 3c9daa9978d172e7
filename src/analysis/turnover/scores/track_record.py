"""What earlier forecasts said, with intervals, and what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover.cells import HORIZON, closed_by, least_at_risk, month_index
from analysis.turnover.forecasts.coefficient_error import pooled, relative
from analysis.turnover.forecasts.intervals import Prior, ShockModel, Units, fit_shocks, interval_score, simulate
from analysis.turnover.scores.scores import MODEL, Choice

TRACK = [
    "origin",
    "horizon_months",
    "department",
    "cause",
    "expected",
    "low",
    "high",
    "observed",
    "yardstick",
    "n",
]
HITS = [
    "origin",
    "cause",
    "departments",
    "hit_rate",
    "interval_score",
    "yardstick_score",
    "yardstick_error",
    "model_error",
]


def places(groups: pd.DataFrame) -> dict[str, str]:
    """Department → the department it is reported under (the whole organisation's ``all`` for none).

    Raises:
        GateError: a column is missing.
    """
    needed = ["department", "occupation", "group_department", "group_occupation"]
    missing = [name for name in needed if name not in groups.columns]
    if missing:
        raise GateError(f"forecast groups lack the columns {', '.join(missing)}; build them again with workforce")
    ordered = groups.sort_values(needed)
    counts = ordered.groupby(["department", "group_department"], as_index=False).size()
    counts = counts.sort_values(["department", "size", "group_department"], ascending=[True, False, True])
    first = counts.drop_duplicates("department")
    return dict(zip(first["department"], first["group_department"], strict=True))


def _short(choices: Mapping[str, Choice], windows: int) -> dict[str, float]:
    """1 / number of windows behind each cause's level: one for the yardstick, all of them for the model."""
    return {cause: 1.0 / windows if c.method == MODEL else 1.0 for cause, c in choices.items()}


def shocks_at(
    history: pd.DataFrame,
    origin: str,
    cells: pd.DataFrame,
    said: pd.DataFrame,
    choices: Mapping[str, Choice],
    windows: int,
    prior: Prior,
) -> ShockModel:
    """The spread known at ``origin``: forecasts whose windows had closed by then."""
    known = history[closed_by(history["origin"], origin)]
    expected = said.mul(cells["at_risk"], axis=0).sum()
    shares = (expected / max(float(expected.sum()), 1e-12)).to_dict()
    parts = {str(cause): float(share) for cause, share in shares.items()}
    return fit_shocks(known, short=_short(choices, windows), shares=parts, prior=prior)


Years = Sequence[tuple[pd.DataFrame, pd.DataFrame]]
"""Expected exits and their binomial variances, year by year: DataFrames[causes] by row of the cells."""


def one_year(said: pd.DataFrame, at_risk: pd.Series) -> Years:
    """Twelve-month probabilities as expected exits and their variances."""
    return [(said.mul(at_risk, axis=0), (said * (1.0 - said)).mul(at_risk, axis=0))]


def record(
    origin: str,
    then: pd.DataFrame,
    said: Years,
    naive: Years,
    observed: pd.DataFrame,
    *,
    shocks: ShockModel,
    errors: np.ndarray,
    place: Mapping[str, str],
    seed: int,
    draws: int,
) -> pd.DataFrame:
    """Track record of one origin.

    Args:
        origin: "YYYY-MM".
        then: cells of those at risk.
        said: what was forecast, one entry per year ahead; the horizon is as many years.
        naive: what the yardstick said.
        observed: exits within the horizon, DataFrame[causes] by department.
        shocks: the spread known at the origin.
        errors: covariances of the first year's expected numbers [causes x departments x departments], departments of
            ``then`` in alphabetical order.
        place: department → the department it is reported under.
        seed: seed of the simulated interval; an origin and horizon have their own stream.
        draws: simulated futures.

    Returns:
        DataFrame with the columns of ``TRACK`` and ``HISTORY``; departments of at least twenty at risk, and all.
    """
    department = then["department"].map(place).fillna("")  # closed since: counted in the whole only
    persons = then["at_risk"].astype(float).groupby(department, sort=True).sum()
    years = [tuple(table.groupby(department, sort=True).sum() for table in year) for year in said]
    yardstick = _total(naive, 0).groupby(department, sort=True).sum()
    seen = observed.groupby(observed.index.map(place).fillna(""), sort=True).sum().reindex(persons.index).fillna(0.0)
    names = persons.index.to_numpy()
    units = [Units(names, persons.to_numpy(), own.to_numpy(), chance.to_numpy()) for own, chance in years]
    months = HORIZON * len(years)
    rng = np.random.default_rng([seed, month_index(origin), *([months] if months > HORIZON else [])])
    own = department.groupby(then["department"], sort=True).first()
    errors = pooled(errors, persons.index.get_indexer(pd.Index(own)), len(persons))
    off = relative(errors, units[0].expected)
    bounds = simulate(units[0], shocks=shocks, draws=draws, rng=rng, later=units[1:], errors=off)
    expected, chance = _total(years, 0), _total(years, 1)
    # as far off, in proportion, in later years as in the first
    errors = off * expected.to_numpy().T[:, :, None] * expected.to_numpy().T[:, None, :]
    parts = []
    for i, cause in enumerate((*CAUSES, TOTAL)):
        several = list(CAUSES) if cause == TOTAL else [cause]
        sums = {"expected": expected, "variance": chance, "observed": seen, "yardstick": yardstick}
        rows = pd.DataFrame({name: table[several].sum(axis=1) for name, table in sums.items()} | {"n": persons})
        rows[["low", "high"]] = bounds.departments[:, i]
        whole = pd.DataFrame([rows.sum()], index=[ORGANISATION])
        estimates = errors[[CAUSES.index(name) for name in several]].sum(axis=0)
        rows["variance"] += np.diagonal(estimates)
        whole["variance"] += estimates.sum()
        whole[["low", "high"]] = bounds.whole[i]
        keep = (rows["n"] >= least_at_risk()) & ~rows.index.isin(["", ORGANISATION])
        rows = pd.concat([whole, rows[keep]]).rename_axis("department").reset_index()
        weight = expected[several].sum() / max(float(expected[several].sum().sum()), 1e-12)
        short = float(sum(weight[c] * shocks.short[c] for c in several)) if cause == TOTAL else shocks.short[cause]
        parts.append(rows.assign(cause=cause, short=short))
    return pd.concat(parts, ignore_index=True).assign(origin=origin, horizon_months=months)


def _total(years: Sequence[tuple[pd.DataFrame, ...]], which: int) -> pd.DataFrame:
    total = years[0][which]
    for year in years[1:]:
        total = total + year[which]
    return total


def hit_rates(track_record: pd.DataFrame, yardstick_record: pd.DataFrame | None = None) -> pd.DataFrame:
    """How often the 80 % interval held twelve months ahead, pooled over departments, by origin and for all together.

    Args:
        track_record: what was said.
        yardstick_record: the same of the yardstick with an interval of its own kind; without it its score is NaN.

    Returns:
        DataFrame[HITS] for the causes total and resignation and, last, origin ``all``. ``departments`` counts
        forecasts judged. Errors are the sum of absolute misses of departments over the number that left (of the
        forecast that was shown, and of the yardstick); interval scores are in persons per department, lower is
        better.
    """
    if len(track_record):
        track_record = track_record[track_record["horizon_months"] == HORIZON]
    wanted = track_record["cause"].isin([TOTAL, "resignation"]) & (track_record["department"] != ORGANISATION)
    rows = track_record[wanted]
    happens = rows.groupby("cause")["expected"].sum() > 0
    rows = rows[rows["cause"].isin(happens.index[happens])]
    found = []
    for cause in (TOTAL, "resignation"):
        own = rows[rows["cause"] == cause]
        for origin in [*sorted(own["origin"].unique()), ORGANISATION]:
            part = own if origin == ORGANISATION else own[own["origin"] == origin]
            if len(part):
                score = float("nan")
                if yardstick_record is not None:
                    score = _score(yardstick_record, cause, list(part["origin"].unique()))
                found.append({"origin": origin, "cause": cause, **_hits(part), "yardstick_score": score})
    return pd.DataFrame(found, columns=HITS)


def _score(table: pd.DataFrame, cause: str, origins: Sequence[str]) -> float:
    """Mean interval score of departments."""
    mine = table[(table["cause"] == cause) & (table["department"] != ORGANISATION) & table["origin"].isin(origins)]
    low, high, observed = (mine[name].to_numpy(dtype=float) for name in ("low", "high", "observed"))
    return float(interval_score(low, high, observed).mean())


def _hits(part: pd.DataFrame) -> dict[str, float]:
    low, high, observed = (part[name].to_numpy(dtype=float) for name in ("low", "high", "observed"))
    left = observed.sum() if observed.sum() > 0 else float("nan")
    return {
        "departments": len(part),
        "hit_rate": float(((low <= observed) & (observed <= high)).mean()),
        "interval_score": float(interval_score(low, high, observed).mean()),
        "yardstick_error": float((part["yardstick"] - part["observed"]).abs().sum() / left),
        "model_error": float((part["expected"] - part["observed"]).abs().sum() / left),
    }
