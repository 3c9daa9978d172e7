"""Sums of persons: what a figure says of unknown numbers of persons of a department, an occupation and a level."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from analysis.tables.protected import ORGANISATION


@dataclass(frozen=True)
class Sum:
    """A sum of unknowns, its value, and how many persons the figure that tells it is about."""

    form: np.ndarray
    value: float
    department: str
    at: int = -1  # fact that tells it
    about: float | None = None

    @property
    def count(self) -> float:
        """Persons the figure is about: its value, unless it is part of a larger group."""
        return self.value if self.about is None else self.about


@dataclass
class Case:
    """One model: its unknowns, and the sums of them that are shown and that are not."""

    size: int
    pairs: dict[tuple[str, str], int]
    lowest: int = 1  # nought where those not assessed are a level of their own
    base: list[Sum] = field(default_factory=list)
    secret: list[Sum] = field(default_factory=list)
    shown: list[Sum] = field(default_factory=list)
    names: list[str] = field(default_factory=list)  # occupations that the other table counts together
    totals: dict[tuple[str, int], float] = field(default_factory=dict)  # what it counts, by department and level

    @property
    def unknowns(self) -> int:
        """Number of unknowns."""
        return len(self.pairs) * self._levels

    @property
    def _levels(self) -> int:
        return self.size - self.lowest + 1

    def form(self, department: str, names: Iterable[str], low: int, high: int) -> np.ndarray:
        """The unknowns that a sum adds up."""
        found, wanted = np.zeros(self.unknowns), set(names)
        for (where, occupation), place in self.pairs.items():
            if occupation in wanted and department in (where, ORGANISATION):
                first = place * self._levels - self.lowest
                found[first + low : first + high + 1] = 1.0
        return found
