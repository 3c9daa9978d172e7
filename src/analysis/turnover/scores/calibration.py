"""Are the differences a model draws between people as large as those that came?

Judged on later windows than the model was fitted on: exits are regressed on the forecast's log odds, each window with
a level of its own (years differ for reasons no feature knows; that is the shock of ``intervals``), and one slope for
all (Cox 1958, Biometrika 45; Steyerberg 2019, chapter 15). A slope of one is right, below one the forecast spreads
people too far apart, above one too little. Where earlier windows show it clearly, the next forecast is corrected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import expit

from analysis.reference import CAUSES
from analysis.turnover.cells import closed_by

BINS = 40
"""Groups of persons, by forecast, that one window is summed to."""
CLEAR = 2.58
"""Standard errors from one (by chance one time in a hundred) at which a slope is corrected, with at least
``MIN_ORIGINS`` earlier windows."""
MIN_ORIGINS = 2
POINTS = ["origin", "cause", "candidate", "log_odds", "at_risk", "events"]


def points(origin: str, then: pd.DataFrame, predictions: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One judged window, persons grouped by what was forecast for them: DataFrame[POINTS]; groups only."""
    at_risk = then["at_risk"].to_numpy(dtype=float)
    rows = []
    for candidate, table in predictions.items():
        for cause in CAUSES:
            p, events = table[cause].to_numpy(), then[cause].to_numpy(dtype=float)
            if events.sum() <= 0 or p.max() <= 0 or np.ptp(p) <= 0:
                continue
            order = np.argsort(p, kind="stable")
            part = np.minimum((np.cumsum(at_risk[order]) / at_risk.sum() * BINS).astype(int), BINS - 1)
            sums = [np.bincount(part, weights=w[order], minlength=BINS) for w in (p * at_risk, at_risk, events)]
            expected, persons, left = (s[sums[1] > 0] for s in sums)
            mean = np.clip(expected / persons, 1e-9, 1 - 1e-9)
            rows.append(
                pd.DataFrame(
                    {
                        "origin": origin, "cause": cause, "candidate": candidate,
                        "log_odds": np.log(mean / (1 - mean)), "at_risk": persons, "events": left,
                    }
                )
            )  # fmt: skip
    return pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=POINTS)


@dataclass(frozen=True)
class Slope:
    """Calibration of one cause and candidate.

    ``error`` is the slope's standard error, ``origins`` the windows behind it, ``shift`` what is added to the log
    odds so that the corrected forecast counts as many exits in those windows as the uncorrected.
    """

    slope: float
    error: float
    origins: int
    shift: float

    @property
    def wrong(self) -> bool:
        """Is the slope clearly not one?"""
        clear = abs(self.slope - 1) > CLEAR * self.error
        return self.origins >= MIN_ORIGINS and self.error > 0 and self.slope > 0 and clear


def slopes(table: pd.DataFrame, *, origin: str) -> dict[tuple[str, str], Slope]:
    """Calibration slope by cause and candidate, from the windows that had closed at ``origin``.

    Args:
        table: result of ``points``, of any number of windows.
        origin: "YYYY-MM".
    """
    known = table[closed_by(table["origin"], origin)] if len(table) else table
    found = {}
    for (cause, candidate), part in known.groupby(["cause", "candidate"], sort=False):
        at_risk, events = part["at_risk"].to_numpy(dtype=float), part["events"].to_numpy(dtype=float)
        log_odds = part["log_odds"].to_numpy(dtype=float)
        window, names = pd.factorize(part["origin"])
        slope, error = _slope(log_odds, at_risk, events, window)
        shift = _level_kept(log_odds, at_risk, slope)
        found[str(cause), str(candidate)] = Slope(slope, error, len(names), shift)
    return found


def _slope(log_odds: np.ndarray, at_risk: np.ndarray, events: np.ndarray, window: np.ndarray) -> tuple[float, float]:
    """Common slope and its standard error of a binomial logit with an intercept per window (Newton)."""
    size = int(window.max()) + 1
    design = np.column_stack([np.eye(size)[window], log_odds])
    weights = np.append(np.zeros(size), 1.0)
    for _ in range(50):
        p = expit(design @ weights)
        information = design.T @ (design * (at_risk * p * (1 - p))[:, None])
        step = np.linalg.lstsq(information, design.T @ (events - at_risk * p), rcond=None)[0]
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return float(weights[-1]), float(np.sqrt(max(np.linalg.pinv(information)[-1, -1], 0.0)))


def _level_kept(log_odds: np.ndarray, at_risk: np.ndarray, slope: float) -> float:
    """The shift that leaves the expected number of exits as it was."""
    before = float((at_risk * expit(log_odds)).sum())

    def excess(shift: float) -> float:
        return float((at_risk * expit(shift + slope * log_odds)).sum()) - before

    return float(brentq(excess, -30 * (1 + abs(slope)), 30 * (1 + abs(slope))))


def corrected(p: np.ndarray, slope: float, shift: float) -> np.ndarray:
    """Probabilities with log odds ``shift`` + ``slope`` times as before."""
    with np.errstate(divide="ignore"):
        log_odds = np.log(p) - np.log1p(-p)
    return np.where(p > 0, expit(shift + slope * np.maximum(log_odds, -700)), 0.0)
