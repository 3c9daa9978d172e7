"""Retirement by single year of age: the hazards of the turnover stage, corrected by own experience and decided ages.

A smooth hazard runs through the ages at which people in fact retire; what is seen at each single year of age is
therefore put beside what the hazards expect there, and shrunk to it where few have reached that age. Where the age
that pension ages follow (riktålder) is decided to rise between the cut-off and a forecast year, the whole pattern
moves up as many years.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES, load
from analysis.staffing.supply.ageing import Hazards

YOUNGEST, OLDEST = 58, 75
PRIOR_EVENTS = 10.0
"""Retirements that "as the hazards say" counts as, against those seen at a single year of age."""


@dataclass(frozen=True)
class Experience:
    """Retirement seen by single year of age, ``YOUNGEST`` to ``OLDEST`` (the last stands for all older).

    ``at_risk``, ``events``, ``expected``: persons at risk, who retired, and how many the hazards expect. ``factor``:
    (events + 10) / (expected + 10). ``rate``: what is forecast for each age on average, expected · factor / at risk.
    """

    at_risk: np.ndarray
    events: np.ndarray
    expected: np.ndarray

    @property
    def factor(self) -> np.ndarray:
        """What the hazards are multiplied by, per age."""
        return (self.events + PRIOR_EVENTS) / (self.expected + PRIOR_EVENTS)

    @property
    def rate(self) -> np.ndarray:
        """Probability of retiring within twelve months, per age."""
        expected = self.expected * self.factor
        return np.divide(expected, self.at_risk, out=np.zeros_like(expected), where=self.at_risk > 0)

    def table(self) -> pd.DataFrame:
        """DataFrame[age, at_risk, retired, expected, factor, rate] for an analyst to read; counts of the near side."""
        return pd.DataFrame(
            {
                "age": np.arange(YOUNGEST, OLDEST + 1), "at_risk": self.at_risk, "retired": self.events,
                "expected": self.expected, "factor": self.factor, "rate": self.rate,
            }
        )  # fmt: skip

    def adjust(self, year: int) -> Adjusted:
        """The correction of forecasts made at a cut-off in ``year``; ``project`` and ``bridge`` take it."""
        return Adjusted(self, year)


@dataclass(frozen=True)
class Adjusted:
    """Hazards of forecast years after ``year``: retirement by own experience and by decided pension ages."""

    experience: Experience
    year: int

    def __call__(self, cells: pd.DataFrame, risk: np.ndarray, ahead: int) -> np.ndarray:
        """``risk`` [cells × causes] with the hazard of retirement corrected; other causes are left as they are."""
        age = cells["age"].to_numpy()
        moved = later(self.year, self.year + ahead)
        place = np.clip(age - YOUNGEST, 0, OLDEST - YOUNGEST)
        factor = self.experience.factor[place]
        if moved:
            rate = self.experience.rate
            there = np.clip(age - moved - YOUNGEST, 0, OLDEST - YOUNGEST)
            base = np.divide(rate[there], rate[place], out=np.zeros(len(age)), where=rate[place] > 0)
            # below the youngest age nobody retires of age, whatever the table says
            factor = factor * np.where(age - moved < YOUNGEST, 0.0, base)
        result = risk.copy()
        retirement = CAUSES.index("retirement")
        changed = np.where(age >= YOUNGEST, factor, 1.0) * risk[:, retirement]
        others = risk.sum(axis=1) - risk[:, retirement]
        result[:, retirement] = np.minimum(changed, np.maximum(1.0 - others, 0.0))
        return result


def experience(cells: pd.DataFrame, hazards: Hazards) -> Experience:
    """Own experience of closed windows, all departments together.

    Args:
        cells: risk cells; open windows are left out.
        hazards: cells → probabilities by cause.
    """
    closed = cells[~cells["open"].astype(bool) & (cells["age"] >= YOUNGEST)].reset_index(drop=True)
    size = OLDEST - YOUNGEST + 1
    if closed.empty:
        nothing = np.zeros(size)
        return Experience(nothing, nothing, nothing)
    place = np.clip(closed["age"].to_numpy() - YOUNGEST, 0, size - 1)
    at_risk = closed["at_risk"].to_numpy(dtype=float)
    said = hazards(closed)["retirement"].to_numpy(dtype=float) * at_risk
    return Experience(
        np.bincount(place, at_risk, size),
        np.bincount(place, closed["retirement"].to_numpy(dtype=float), size),
        np.bincount(place, said, size),
    )


def pension_age(year: int) -> int | None:
    """The age that pension ages follow in a calendar year (``pension_ages.toml``); None before it was introduced."""
    held = [entry["age"] for entry in load("pension_ages")["riktalder"] if entry["from"] <= year]
    return int(held[-1]) if held else None


def later(now: int, then: int) -> int:
    """Years by which the decided pension age rises from one calendar year to another; 0 where either is not known."""
    first, last = pension_age(now), pension_age(then)
    return 0 if first is None or last is None else last - first
