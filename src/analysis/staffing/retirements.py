"""Expected retirements within three years among those in post: from the age hazard, not an age passed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from scipy import stats

from analysis.reference import CAUSES
from analysis.reference.parts import HIGH, LOW
from analysis.staffing.baseline import Baseline
from analysis.staffing.inflow import PARTS, Inflow
from analysis.staffing.supply import follow
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, TOTAL

YEARS = 3


def expected_retirements(base: Baseline) -> pd.DataFrame:
    """Expected number of persons in post at the cut-off who retire within three years, with an 80 % interval.

    Nobody is added and the other causes compete. The interval is that of a gamma-mixed Poisson count whose
    spread is the level shock (taken as the same over the three years) and the differences between
    departments.

    Args:
        base: those in post and how they leave; departments below the limit of its groups are pooled and not reported.

    Returns:
        Facts of table ``pension_3y``; none where the delivery cannot tell retirement from other causes.
    """
    if "retirement" not in base.causes:
        return facts([])
    index = base.index
    none = pd.DataFrame(0.0, index=index, columns=list(PARTS))
    still = Inflow(none, none[["hires", "conversions"]], np.zeros((YEARS, len(index))), 1)
    profile = pd.DataFrame(columns=["occupation", "form", "rate_band", "age", "tenure", "share", "fte_per_person"])
    # nobody is hired, and forms stay as they are: the count is of those in post now
    staying = replace(base, inflow=still, profile=profile, years=YEARS, permanent=None)
    path = follow(staying.aged, still, levers=(), start=staying.start)
    retired = np.sum([year.lost_persons[:, CAUSES.index("retirement")] for year in path], axis=0)
    table = pd.DataFrame({"department": index.get_level_values("department"), "value": retired, "n": path[0].persons})
    sums = table.groupby("department", as_index=False)[["value", "n"]].sum()
    whole = pd.DataFrame({"department": [ORGANISATION], "value": [retired.sum()], "n": [path[0].persons.sum()]})
    sums = pd.concat([sums, whole], ignore_index=True)
    own = np.where(sums["department"] == ORGANISATION, 0.0, base.shocks.apart)
    variance = sums["value"] + sums["value"] ** 2 * (base.shocks.spread("retirement") ** 2 + own**2)
    moments = list(zip(sums["value"].to_numpy(), variance.to_numpy(), strict=True))
    low = np.array([_count_quantile(LOW, mean, spread) for mean, spread in moments])
    high = np.array([_count_quantile(HIGH, mean, spread) for mean, spread in moments])
    return facts(
        sums.assign(
            low=low,
            high=high,
            table="pension_3y", row=TOTAL, unit="persons", numerator=sums["n"], denominator=sums["n"],
            definition="pension_3y",
        )
    )  # fmt: skip


def _count_quantile(level: float, mean: float, variance: float) -> float:
    """Quantile of a negative binomial count with these moments (Poisson where there is no extra variance)."""
    if mean <= 0:
        return 0.0
    if variance <= mean:
        return float(stats.poisson.ppf(level, mean))
    return float(stats.nbinom.ppf(level, mean**2 / (variance - mean), mean / variance))
