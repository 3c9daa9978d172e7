"""Expected retirements among those in post, year by year and within three: from the age hazard, not an age passed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from analysis.reference import CAUSES
from analysis.staffing.baseline import Baseline
from analysis.staffing.supply.expected import follow
from analysis.staffing.supply.inflow import PARTS, Inflow
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

YEARS = 3
"""Years ahead that the key figure ``pension_3y`` counts."""
WAVE = ["department", "year", "expected", "low", "high", "n"]


def retirement_wave(base: Baseline) -> pd.DataFrame:
    """Expected number of persons in post at the cut-off who retire, year by year, with an 80 % interval.

    Nobody is added and the other causes compete. The interval is that of a gamma-mixed Poisson count whose
    spread is the level shock and the differences between departments.

    Args:
        base: those in post and how they leave; departments below the limit of its groups are pooled.

    Returns:
        DataFrame[department, year, expected, low, high, n] over the years of the baseline, three at least, the whole
        organisation (``all``) last; ``year`` is the calendar year in which the forecast year ends, ``n`` those in post
        at the cut-off, of whom all years are. Empty where the delivery cannot tell retirement from other causes.
    """
    if "retirement" not in base.causes:
        return pd.DataFrame(columns=WAVE)
    index, years = base.index, max(YEARS, base.years)
    none = pd.DataFrame(0.0, index=index, columns=list(PARTS))
    still = Inflow(none, none[["hires", "conversions"]], np.zeros((years, len(index))), 1)
    profile = pd.DataFrame(columns=["occupation", "form", "rate_band", "age", "tenure", "share", "fte_per_person"])
    # nobody is hired, and forms stay as they are: the count is of those in post now
    staying = replace(base, inflow=still, profile=profile, years=years, permanent=None)
    path = follow(staying.aged, still, levers=(), start=staying.start)
    retirement, departments = CAUSES.index("retirement"), index.get_level_values("department")
    table = pd.concat(
        [
            pd.DataFrame(
                {
                    "department": departments, "year": base.calendar(ahead), "n": path[0].persons,
                    "expected": step.lost_persons[:, retirement],
                }
            )
            for ahead, step in enumerate(path, start=1)
        ]
    )  # fmt: skip
    sums = table.groupby(["department", "year"], as_index=False)[["expected", "n"]].sum()
    whole = table.groupby("year", as_index=False)[["expected", "n"]].sum().assign(department=ORGANISATION)
    return _with_interval(pd.concat([sums, whole], ignore_index=True), base)[WAVE]


def expected_retirements(base: Baseline, wave: pd.DataFrame) -> pd.DataFrame:
    """Expected number of persons in post at the cut-off who retire within three years, with an 80 % interval.

    The first three years of the wave together; the level shock is taken as the same in all of them, so that the
    interval is wider than the years' own would give if they varied apart.

    Args:
        base: the baseline of the wave.
        wave: result of ``retirement_wave``.

    Returns:
        Facts of table ``pension_3y``; none where the delivery cannot tell retirement from other causes.
    """
    if wave.empty:
        return facts([])
    within = wave[wave["year"] <= base.calendar(YEARS)]
    sums = within.groupby("department", as_index=False, sort=False).agg(expected=("expected", "sum"), n=("n", "first"))
    return facts(
        _with_interval(sums, base).rename(columns={"expected": "value"}).assign(
            table="pension_3y", row="total", unit="persons", numerator=sums["n"], denominator=sums["n"],
            definition="pension_3y",
        )
    )  # fmt: skip


def _with_interval(table: pd.DataFrame, base: Baseline) -> pd.DataFrame:
    """The table with ``low`` and ``high`` of its ``expected`` counts; only departments also differ from the whole."""
    mean = table["expected"]
    own = np.where(table["department"] == ORGANISATION, 0.0, base.shocks.apart)
    variance = mean + mean**2 * (base.shocks.spread("retirement") ** 2 + own**2)
    moments = list(zip(mean.to_numpy(), variance.to_numpy(), strict=True))
    low, high = ([_count_quantile(level, *moment) for moment in moments] for level in (0.1, 0.9))
    return table.assign(low=low, high=high)


def _count_quantile(level: float, mean: float, variance: float) -> float:
    """Quantile of a negative binomial count with these moments (Poisson where there is no extra variance)."""
    if mean <= 0:
        return 0.0
    if variance <= mean:
        return float(stats.poisson.ppf(level, mean))
    return float(stats.nbinom.ppf(level, mean**2 / (variance - mean), mean / variance))
