"""How far a forecast of a department's staff may miss, from what earlier forecasts of the same kind missed by.

A miss is measured in units of its assumed spread: chance (people coming and going one by one) and, beside it, a share
of the forecast that grows with the square root of the years ahead. The interval reaches as many units as four misses in
five have stayed within at earlier origins, a sample of normal misses counted among them so that a short history does
not decide alone (a weighted conformal interval; Barber, Candès, Ramdas and Tibshirani 2023, Annals of Statistics 51).
Departments and the whole organisation are judged apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

SHARES = {
    "stock": (0.05, 0.03),
    "hires": (0.25, 0.15),
    "leavers": (0.15, 0.15),
    "volume": (0.02, 0.01),
    "gap": (0.25, 0.15),
}
"""Standard deviation of a year's miss beyond chance, as a share of the forecast: of a department, of the whole."""
HELD = 0.8
"""Share of the outcomes that an interval is to hold."""
PRIOR_MISSES = (15.0, 4.0)
"""What the sample of normal misses counts as: misses of departments, years of the whole."""
NORMAL = stats.halfnorm.ppf((np.arange(100) + 0.5) / 100)


@dataclass(frozen=True)
class Spread:
    """Assumed shares of a department and of the whole, and how many units of spread the interval of either reaches."""

    shares: tuple[float, float]
    reach: tuple[float, float]

    def sd(self, forecast: np.ndarray, chance: np.ndarray, whole: np.ndarray, horizon: int) -> np.ndarray:
        """The assumed standard deviation of misses, in the unit of the forecast."""
        share = np.where(whole, self.shares[1], self.shares[0])
        return np.sqrt(np.maximum(chance, 0.0) + horizon * (share * forecast) ** 2)


def kind_of(quantity: str) -> str:
    """Which assumption a quantity has."""
    name = quantity.split("_")[0]
    return name if name in SHARES else "leavers"


@dataclass(frozen=True)
class Misses:
    """Earlier forecasts and outcomes: arrays [forecasts]; ``whole`` marks those of the whole organisation."""

    forecast: np.ndarray
    observed: np.ndarray
    chance: np.ndarray
    whole: np.ndarray
    horizon: int


def fit_spread(misses: Misses, kind: str) -> Spread:
    """Learn how far intervals have to reach.

    Args:
        misses: what earlier forecasts missed by; may be empty.
        kind: a key of ``SHARES``.
    """
    sd = Spread(SHARES[kind], (0.0, 0.0)).sd(misses.forecast, misses.chance, misses.whole, misses.horizon)
    units = np.divide(np.abs(misses.observed - misses.forecast), sd, out=np.zeros_like(sd), where=sd > 0)
    # where nothing was expected and nobody came there is no unit to measure a miss by
    usable = sd > 0
    department, whole = PRIOR_MISSES
    own, all_of_them = units[usable & ~misses.whole], units[usable & misses.whole]
    return Spread(SHARES[kind], (reach_of(own, department), reach_of(all_of_them, whole)))


def reach_of(units: np.ndarray, prior: float) -> float:
    """Quantile ``HELD`` of earlier misses and the normal sample together."""
    values = np.concatenate([units, NORMAL])
    weight = np.concatenate([np.ones(len(units)), np.full(len(NORMAL), prior / len(NORMAL))])
    order = np.argsort(values)
    cumulated = np.cumsum(weight[order])
    return float(values[order][np.searchsorted(cumulated, HELD * cumulated[-1])])


def bounds(
    forecast: np.ndarray, chance: np.ndarray, whole: np.ndarray, spread: Spread, horizon: int
) -> tuple[np.ndarray, np.ndarray]:
    """Interval that is to hold four outcomes in five; a count is not below nought."""
    reach = spread.sd(forecast, chance, whole, horizon) * np.where(whole, spread.reach[1], spread.reach[0])
    return np.maximum(forecast - reach, 0.0), forecast + reach
