"""How far a forecast of a department's staff may miss, from what earlier forecasts of the same kind missed by.

The variance of a miss is that of chance (people coming and going one by one) plus the square of a share of the forecast,
which grows with the years ahead: for departments one share, for the whole organisation another. Both start from a prior
and are updated by moments, as the intervals of the turnover stage are.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.tables.protected import ORGANISATION

NORMAL_P90 = 1.2815515655446004
"""The 90th percentile of the standard normal distribution."""
PRIORS = {"stock": (0.05, 0.03), "hires": (0.30, 0.15), "leavers": (0.20, 0.15), "volume": (0.03, 0.015)}
"""Prior shares by which a year's forecast misses beyond chance: of a department, of the whole. Assumptions."""
PRIOR_DEPARTMENTS = 8.0
PRIOR_YEARS = 4.0
"""What the priors count as: departments, and years of the whole, observed without chance."""


@dataclass(frozen=True)
class Spread:
    """Shares of the forecast: standard deviation of a year's miss beyond chance, of a department and of the whole."""

    department: float
    whole: float


def kind_of(quantity: str) -> str:
    """Which prior a quantity has."""
    name = quantity.split("_")[0]
    return name if name in PRIORS else "leavers"


def fit_spread(misses: pd.DataFrame, kind: str) -> Spread:
    """Update the prior of ``kind`` with earlier misses.

    Args:
        misses: DataFrame[department, forecast, observed, chance, horizon]; may be empty.
        kind: a key of ``PRIORS``.
    """
    department, whole = PRIORS[kind]
    own = misses["department"] == ORGANISATION
    return Spread(
        _updated(misses[~own], department, PRIOR_DEPARTMENTS), _updated(misses[own], whole, PRIOR_YEARS)
    )  # fmt: skip


def _updated(misses: pd.DataFrame, prior: float, weight: float) -> float:
    """Posterior share; each miss counts by how little of its variance is chance."""
    size = misses["forecast"].to_numpy(dtype=float)
    usable = size > 0
    size = size[usable]
    chance = misses["chance"].to_numpy(dtype=float)[usable] / size**2
    ahead = misses["horizon"].to_numpy(dtype=float)[usable]
    missed = ((misses["observed"] - misses["forecast"]).to_numpy(dtype=float)[usable] / size) ** 2
    trust = (prior**2 * ahead / (prior**2 * ahead + chance)) ** 2
    squares = weight * prior**2 + (trust * (missed - chance) / ahead).sum()
    # a few calm years do not prove that nothing moves
    return float(np.sqrt(max(squares / (weight + trust.sum()), (0.5 * prior) ** 2)))


def bounds(
    forecast: pd.Series, chance: pd.Series, whole: pd.Series, spread: Spread, horizon: int
) -> tuple[pd.Series, pd.Series]:
    """P10 and P90 of normal misses; a count is not below nought."""
    share = np.where(whole, spread.whole, spread.department)
    sd = np.sqrt(chance.clip(lower=0.0) + horizon * (share * forecast) ** 2)
    return (forecast - NORMAL_P90 * sd).clip(lower=0.0), forecast + NORMAL_P90 * sd
