"""What one more thing makes certain: a reader who knows that one of a withheld count is he himself.

Whoever finds himself in a withheld count knows that it is no nought, and so are all that hold it: that is no secret to
him. But it may leave fewer to another count, which is then known to be smaller than the policy leaves open. Solutions
that are met anyway settle most pairs; what is left is solved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, eye_array, hstack, vstack

CLOSE = 1e-6


@dataclass(frozen=True)
class Open:
    """How many others the policy leaves open of a count, at most."""

    most: float


@dataclass(frozen=True)
class Insider:
    """A count that somebody in another one knows to be at most ``high``."""

    at: int
    inside: int
    high: float


def insiders(
    forms: csr_array, limits: Bounds, solutions: Sequence[np.ndarray], secret: Mapping[int, Open], inside: Sequence[int]
) -> list[Insider]:  # fmt: skip
    """Counts of one block that somebody in another count of it knows to be smaller than the policy leaves open.

    Args:
        forms: equations of the block; each adds up to nothing.
        limits: ends of its counts before anything is added up.
        solutions: whole solutions that are known already.
        secret: what is left open of each secret count, by its place.
        inside: places of the counts that a reader may belong to.
    """
    if not solutions or not secret or len(inside) < 2:
        return []
    known = np.round(np.array(solutions))
    here = np.array(inside)
    found = []
    for place, rule in sorted(secret.items()):
        others = here[here != place]
        reached = known[:, place] >= rule.most - CLOSE
        if not reached.any():
            continue  # not even a stranger finds it so open
        left = others[~(known[reached][:, others] >= 1).any(axis=0)]
        if len(left) and len(tried := _together(forms, limits, place, rule, left)):
            left = left[tried[left] < 1 - CLOSE]
        for other in left:
            end = _most(forms, limits, place, int(other))
            if end is not None and end < rule.most - CLOSE:
                found.append(Insider(place, int(other), end))
    return found


def _nothing(forms: csr_array) -> LinearConstraint:
    zeros = np.zeros(forms.shape[0])
    return LinearConstraint(forms, zeros, zeros)


def _together(forms: csr_array, limits: Bounds, place: int, rule: Open, left: np.ndarray) -> np.ndarray:
    """A solution with as many in one count as the policy leaves open, and somebody in as many others as may be.

    Returns:
        The solution; empty if there is none.
    """
    size, many = forms.shape[1], len(left)
    low = np.array(limits.lb, dtype=float)
    low[place] = max(low[place], rule.most)
    chosen = csr_array((np.ones(many), (np.arange(many), left)), shape=(many, size))
    ties = hstack([chosen, -eye_array(many)], format="csr")  # somebody counts once, however many they are
    wide = csr_array(vstack([hstack([forms, csr_array((forms.shape[0], many))]), ties]))
    least = np.zeros(forms.shape[0] + many)
    most = np.concatenate([np.zeros(forms.shape[0]), np.full(many, np.inf)])
    goal = np.concatenate([np.zeros(size), -np.ones(many)])
    bounds = Bounds(np.concatenate([low, np.zeros(many)]), np.concatenate([limits.ub, np.ones(many)]))
    solved = milp(goal, constraints=LinearConstraint(wide, least, most), bounds=bounds, integrality=np.ones(len(goal)))
    return np.array([]) if solved.x is None else np.round(solved.x[:size])


def _most(forms: csr_array, limits: Bounds, place: int, other: int) -> float | None:
    """The most that one count can be with somebody in the other; None where nobody can be there."""
    low = np.array(limits.lb, dtype=float)
    low[other] = max(low[other], 1.0)
    if low[other] > limits.ub[other]:
        return None
    goal = np.zeros(forms.shape[1])
    goal[place] = -1.0
    solved = milp(goal, constraints=_nothing(forms), bounds=Bounds(low, limits.ub), integrality=np.ones(len(goal)))
    return None if solved.x is None else float(np.round(solved.x[place]))
