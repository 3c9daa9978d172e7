"""Sums of persons as equations: what follows from those that are shown, and what to withhold so that no secret does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from analysis.tables.protected import ORGANISATION

CLOSE = 1e-9
MOST_UNKNOWNS = 1000
"""With more unknowns than this nothing is shown again: each try solves all equations anew."""


@dataclass(frozen=True)
class Sum:
    """A sum of unknowns, and how many persons it is about."""

    form: np.ndarray
    count: float
    department: str
    at: int = -1  # fact that tells it


@dataclass
class Case:
    """One model: its unknowns, and the sums of them that are shown and that are not."""

    size: int
    pairs: dict[tuple[str, str], int]
    lowest: int = 1  # nought where those not assessed are a level of their own
    base: list[np.ndarray] = field(default_factory=list)
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


def withheld(case: Case) -> list[int]:
    """Withhold figures until no secret follows from what is shown, and then show again what need not be withheld.

    Of the figures that tell a secret one goes each time: of the secret's own department if there is one, else any, and
    the smallest of them. What stays withheld does not follow from what is shown: showing it again would tell no more.
    """
    base = np.array(case.base).reshape(len(case.base), case.unknowns)
    already = Told(base)
    secrets = [item for item in case.secret if item.form.any() and not already.follows(item.form)]
    shown: list[Sum] = list(case.shown)
    hidden: dict[int, list[Sum]] = {}
    while secrets and shown:
        told = Told(np.vstack([*(item.form for item in shown), base]))
        gone: set[int] = set()
        for secret in (item for item in secrets if told.follows(item.form)):
            used = [shown[place] for place in told.by(secret.form) if place < len(shown)]
            if not any(item.at in gone for item in used):
                own = [item for item in used if item.department == secret.department] or used
                gone.add(min(own, key=lambda item: (item.count, item.at)).at)
        if not gone:
            break
        hidden |= {at: [item for item in shown if item.at == at] for at in gone}
        shown = [item for item in shown if item.at not in gone]
    if case.unknowns > MOST_UNKNOWNS:
        return sorted(hidden)
    for at, sums in sorted(hidden.items(), key=lambda pair: (-pair[1][0].count, pair[0])):
        told = Told(np.vstack([*(item.form for item in (*shown, *sums)), base]))
        if not any(told.follows(item.form) for item in secrets):
            shown = [*shown, *sums]
            del hidden[at]
    return sorted(hidden)


class Told:
    """What sums and differences of some forms tell."""

    def __init__(self, forms: np.ndarray) -> None:
        self.forms = forms
        self.solve = np.linalg.pinv(forms.T) if forms.size else np.zeros((0, 0))

    def follows(self, form: np.ndarray) -> bool:
        """Is the form a sum or difference of the others?"""
        if not self.forms.size:
            return False
        rest = form - self.forms.T @ (self.solve @ form)
        return bool((rest**2).sum() < CLOSE * (form**2).sum())

    def by(self, form: np.ndarray) -> np.ndarray:
        """Places of the forms that it is made of."""
        return np.flatnonzero(np.abs(self.solve @ form) > CLOSE**0.5)
