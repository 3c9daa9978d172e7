"""What sums tell beyond equations: nobody is fewer than none, and persons are whole numbers.

Of twenty assessors twelve are on step 6, and fifteen persons in all: then three or more of the three social workers are
there, so that none of them is anywhere else. No equation says so. Each secret has a least and a most that the shown
figures allow; it is found when no more than one whole number lies between them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from analysis.disclosure.programs import Program
from analysis.disclosure.sums import Sum

CLOSE = 1e-6


def withheld(known: Sequence[Sum], shown: Sequence[Sum], secrets: Sequence[Sum]) -> list[int]:
    """Places of figures to withhold, until every secret may be one of two whole numbers at least.

    Of the figures that hold a secret between its ends one goes each time: of the secret's own department if there is
    one, else any, and the smallest of them. Then what need not be withheld is shown again, the largest first. A secret
    that follows from ``known`` alone is for the tables that show those figures to guard.

    Args:
        known: sums that are shown whatever happens here.
        shown: sums that are shown and may be withheld.
        secrets: sums that must not be found.
    """
    secrets = [secret for secret in secrets if secret.form.any()]
    if not secrets or not shown:
        return []
    true = _without_contradictions([*known, *shown])
    known, kept = [item for item in true if item.at < 0], [item for item in true if item.at >= 0]
    gone: dict[int, list[Sum]] = {}
    told = Bounds([*known, *kept])
    waiting, guarded = list(secrets), []
    while waiting:
        used = told.holding(waiting[-1])
        if used is None:
            guarded.append(waiting.pop())
            continue
        secret = waiting[-1]
        mine = [item for item in used if item.at >= 0]
        if not mine:  # found without any of the figures that could be withheld
            waiting.pop()
            continue
        first = min([item for item in mine if item.department == secret.department] or mine, key=_smallest)
        gone[first.at] = [item for item in kept if item.at == first.at]
        kept = [item for item in kept if item.at != first.at]
        told = Bounds([*known, *kept], told.points)  # what solves them all solves the rest
    return _still_withheld(known, kept, gone, guarded)


def _smallest(item: Sum) -> tuple[float, int]:
    return item.count, item.at


def _still_withheld(known: list[Sum], kept: list[Sum], gone: dict[int, list[Sum]], secrets: list[Sum]) -> list[int]:
    """Show figures again as long as no secret is found."""
    still = sorted(gone)
    for at in sorted(gone, key=lambda at: (-gone[at][0].count, at)):
        told = Bounds([*known, *kept, *gone[at]])
        if len(gone) > 1 and all(told.holding(secret) is None for secret in secrets):
            kept = [*kept, *gone[at]]
            still.remove(at)
    return still


class Bounds:
    """What some sums allow every other sum to be.

    Args:
        sums: sums that are known.
        points: numbers of persons that solve them, as far as any have been met: a secret that differs between two of
            them needs no solving.
    """

    def __init__(self, sums: Sequence[Sum], points: Sequence[np.ndarray] = ()) -> None:
        self.sums, self.points = list(sums), list(points)
        values = np.array([item.value for item in self.sums])
        self._program = Program(csr_array(np.array([item.form for item in self.sums])), values)
        self._most = float(np.abs(values).sum()) + 1.0
        """More than any sum allows: whatever reaches it is held by none."""

    def holding(self, secret: Sum) -> list[Sum] | None:
        """The sums that leave a secret no second whole number; None where there is one."""
        met = [float(secret.form @ point) for point in self.points]
        if met and _whole_numbers(min(met), max(met)) > 1:
            return None
        low, high = np.zeros(len(secret.form)), np.full(len(secret.form), self._most)
        ends, used = [], np.zeros(len(self.sums), dtype=bool)
        for sign in (-1.0, 1.0):
            found = self._program.most(sign * secret.form, low, high)
            if found is None:
                raise ArithmeticError("sums that contradict each other were not left out")
            if (found[secret.form != 0] > self._most - 1.0 + CLOSE).any():
                return None
            ends.append(float(secret.form @ found))
            self.points.append(found)
            used |= np.abs(self._program.prices) > CLOSE
        return None if _whole_numbers(*ends) > 1 else [self.sums[place] for place in np.flatnonzero(used)]


def _without_contradictions(sums: list[Sum]) -> list[Sum]:
    """Leave out sums that no numbers of persons can make true together: about those nobody can reason.

    Two tables may count a few persons differently (a course those who are asked to take it, a row those in post). Left
    out are those that would have to be changed if as few persons as possible were added or taken away.
    """
    forms, values = np.array([item.form for item in sums]), np.array([item.value for item in sums])
    many, size = forms.shape
    changes = csr_array(np.hstack([forms, np.eye(many), -np.eye(many)]))
    found = linprog(np.repeat([0.0, 1.0], [size, 2 * many]), A_eq=changes, b_eq=values)
    changed = found.x[size : size + many] + found.x[size + many :]
    return [item for item, by in zip(sums, changed, strict=True) if by < CLOSE]


def _whole_numbers(least: float, most: float) -> int:
    """How many whole numbers lie between two ends, both included."""
    return int(np.floor(most + CLOSE) - np.ceil(least - CLOSE)) + 1
