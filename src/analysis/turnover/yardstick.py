"""The yardstick: the last year's rate of each department, drawn to the organisation's rate where it is small.

The naive forecast that a model must beat to be shown. Shrinkage is empirical Bayes: departments' rates are
taken as beta-binomial around the organisation's rate, with the intraclass correlation from moments (Kleinman
1973, JASA 68).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES


@dataclass(frozen=True)
class Yardstick:
    """Shrunk twelve-month rates. ``rates``: departments x causes; ``organisation``: causes."""

    origin: str
    rates: pd.DataFrame
    organisation: pd.Series

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Rates by cause, one row per cell; a department not seen gets the organisation's rate."""
        found = self.rates.reindex(cells["department"]).fillna(self.organisation)
        return found.set_axis(cells.index, axis=0)


def fit_yardstick(cells: pd.DataFrame) -> Yardstick:
    """Shrunk rates of the last closed window in ``cells``.

    Raises:
        ValueError: no closed window.
    """
    closed = cells[~cells["open"]]
    if closed.empty:
        raise ValueError("the yardstick needs at least one closed window")
    origin = str(closed["origin"].max())
    sums = closed[closed["origin"] == origin].groupby("department", sort=True)[["at_risk", *CAUSES]].sum()
    at_risk = sums["at_risk"].to_numpy(dtype=float)
    shrunk = {cause: shrink(sums[cause].to_numpy(dtype=float), at_risk) for cause in CAUSES}
    return Yardstick(
        origin,
        pd.DataFrame(shrunk, index=sums.index),
        pd.Series({cause: float(sums[cause].sum() / at_risk.sum()) for cause in CAUSES}),
    )


def shrink(events: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """Empirical Bayes rates: (events + m * rate) / (at_risk + m), where m = (1 - rho) / rho.

    rho is the intraclass correlation of a beta-binomial, from the weighted sum of squares of the rates
    S = sum n (r - rate)^2, whose expectation is rate (1 - rate) ((k - 1)(1 - rho) + rho (N - sum n^2 / N)).
    """
    total = at_risk.sum()
    rate = events.sum() / total
    if not 0.0 < rate < 1.0 or len(events) < 2:
        return np.full(len(events), rate)
    spread = (at_risk * (events / at_risk - rate) ** 2).sum() / (rate * (1 - rate))
    freedom = len(events) - 1
    weight = total - (at_risk**2).sum() / total - freedom
    if weight <= 0:
        return np.full(len(events), rate)
    rho = float(np.clip((spread - freedom) / weight, 0.0, 1.0))
    if rho == 0.0:
        return np.full(len(events), rate)
    strength = (1 - rho) / rho
    return (events + strength * rate) / (at_risk + strength)
