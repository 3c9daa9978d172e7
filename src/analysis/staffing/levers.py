"""Levers: one measure with its size, range, lead time and source (``reference/data/levers.toml``)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.reference import load


@dataclass(frozen=True)
class Lever:
    """Lowers one cause's hazard by a share, after a lead time in which the effect grows evenly."""

    id: str
    cause: str
    low: float
    mid: float
    high: float
    lead_years: int

    def effect(self, year: int, size: float | np.ndarray) -> float | np.ndarray:
        """Share by which the hazard is lowered in forecast year ``year`` (1 = first), at most ``size``."""
        return size * min(1.0, year / (self.lead_years + 1))

    def draw(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Draw full effects from the triangle low–mid–high."""
        return rng.triangular(self.low, self.mid, self.high, size=draws)


def levers() -> dict[str, Lever]:
    """The levers by id."""
    return {
        entry["id"]: Lever(entry["id"], entry["cause"], entry["low"], entry["mid"], entry["high"], entry["lead_years"])
        for entry in load("levers")["lever"]
    }
