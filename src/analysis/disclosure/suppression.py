"""Secondary suppression by optimisation: the figures to withhold so that every secret keeps its width, at least weight.

Block by block. A linear heuristic guards one secret after the other and shows again what need not be withheld; where a
block is small, a master problem over the figures with cuts from the duals of the violated widths finds the optimum
(Fischetti and Salazar-González 2001, Management Science 47:1008–1027). HiGHS solves both; equal inputs give equal
patterns.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array

from analysis.disclosure.problem import CLOSE, Problem
from analysis.disclosure.ranges import Ranges
from analysis.reference.policies import Suppression


class Suppressor:
    """Secondary suppression of one problem, again and again as other rules withhold more.

    Args:
        problem: the problem of an edition.
        settings: weights and limits.
    """

    def __init__(self, problem: Problem, settings: Suppression) -> None:
        self.problem, self.settings = problem, settings
        self._blocks = problem.blocks()
        self._ranges: dict[int, Ranges] = {}
        self._done: list[bytes] = [b""] * len(self._blocks)

    def shown(self, first: np.ndarray) -> np.ndarray:
        """Which counts are shown once every secret keeps its width; a subset of those that may be shown (``first``)."""
        result = first.copy()
        for number, inside in enumerate(self._blocks):
            mine = first[inside]
            if mine.all() or mine.tobytes() == self._done[number]:
                continue
            if number not in self._ranges:
                self._ranges[number] = Ranges(self.problem.part(inside))
            ranges = self._ranges[number]
            result[inside] = _block(ranges.block, ranges, mine, self.settings)
            self._done[number] = result[inside].tobytes()
        return result


def suppressed(problem: Problem, shown: np.ndarray, settings: Suppression) -> np.ndarray:
    """Which counts are shown once every secret keeps its width.

    Args:
        problem: the problem of an edition.
        shown: counts that their own size allows to be shown.
        settings: weights and limits.

    Returns:
        The counts still shown; a subset of ``shown``.
    """
    return Suppressor(problem, settings).shown(shown)


def _block(block: Problem, ranges: Ranges, first: np.ndarray, settings: Suppression) -> np.ndarray:
    """One block: again, as long as what is withheld makes a published base larger and a secret wider."""
    shown = first = _tied(block, first)
    if not block.forms.shape[0]:
        return shown
    may_go = int((shown & ~block.fixed).sum())
    for _ in range(settings.rounds):
        open_ends = ranges.open(shown, block.secrets(shown))
        if not open_ends:
            break
        before = shown
        shown = _guarded(block, ranges, shown)
        shown = _shown_again(block, ranges, first, shown)
        if may_go <= settings.exact:
            best = _optimum(block, ranges, before, settings.rounds)
            if best is not None and _lost(block, best) < _lost(block, shown) - CLOSE:
                shown = best
        if (shown == before).all():
            break
    return shown


def _lost(block: Problem, shown: np.ndarray) -> float:
    """Information lost: the weight of the figures withheld."""
    return float(block.weight[~shown].sum())


def _tied(block: Problem, shown: np.ndarray) -> np.ndarray:
    """Figures of one group go together."""
    gone = set(block.group[~shown].tolist())
    return shown & ~np.isin(block.group, list(gone)) if gone else shown


def _guarded(block: Problem, ranges: Ranges, shown: np.ndarray) -> np.ndarray:
    """Withhold the cheapest figures for each secret that is too narrow, the widest need first."""
    while True:
        secrets = block.secrets(shown)
        open_ends = ranges.open(shown, secrets)
        progress = False
        wanted = {sign: ranges.wanted(secrets, sign) for sign in (1, -1)}
        needs = [(float(wanted[sign][at]), at, sign) for at, sign in open_ends]
        for end, at, sign in sorted(needs, key=lambda need: (-abs(need[0] - block.count[need[1]]), need[1], need[2])):
            if ranges.reaches(shown, at, end, sign):
                continue
            moved = ranges.cheapest(shown, at, end, sign)
            if moved is None:
                if np.isinf(ranges.base[sign][at]):
                    ranges.base[sign][at] = ranges.end(np.zeros_like(shown), at, sign)
                    progress = True
                continue
            if not moved.any():  # parts of a person would do, whole persons do not
                moved = _neighbour(block, shown, at)
            if moved.any():
                shown, progress = _tied(block, shown & ~moved), True
        if not progress:
            return shown


def _neighbour(block: Problem, shown: np.ndarray, at: int) -> np.ndarray:
    """Where no movement of counts helps: the cheapest shown figure that a relation of the secret holds."""
    rows = np.flatnonzero(block.forms[:, [at]].toarray().ravel())
    around = np.zeros(block.size, dtype=bool)
    around[np.unique(block.forms[rows].indices)] = True
    around &= shown & ~block.fixed
    found = np.zeros(block.size, dtype=bool)
    if around.any():
        choices = np.flatnonzero(around)
        found[min(choices, key=lambda each: (block.weight[each], block.count[each], each))] = True
    return found


def _shown_again(block: Problem, ranges: Ranges, first: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Show again what need not be withheld, the heaviest first, as long as no secret becomes too narrow."""
    back = np.flatnonzero(first & ~shown)
    for at in sorted(back, key=lambda each: (-block.weight[each], -block.count[each], each)):
        if shown[at]:
            continue
        tried = shown | (first & (block.group == block.group[at]))
        near = ranges.near(shown, np.flatnonzero(tried & ~shown))
        if not ranges.open(tried, block.secrets(tried), first=True, near=near):
            shown = tried
    return shown


def _optimum(block: Problem, ranges: Ranges, first: np.ndarray, rounds: int) -> np.ndarray | None:
    """The pattern of least weight, by a master problem and cuts; None where it is not found in time."""
    groups, number = np.unique(block.group, return_inverse=True)
    free = np.zeros(len(groups), dtype=bool)
    free[number[first & ~block.fixed]] = True
    cost = np.bincount(number, weights=block.weight) + 1e-4 * np.bincount(number, weights=np.log1p(block.count))
    rows: list[np.ndarray] = []
    forms = block.forms
    for _ in range(rounds):
        rules = LinearConstraint(csr_array(np.array(rows)), 1.0, np.inf) if rows else ()
        found = milp(
            cost, constraints=rules, bounds=Bounds(0.0, free.astype(float)), integrality=np.ones(len(groups)),
            options={"mip_rel_gap": 0.0},
        )  # fmt: skip
        if found.x is None:
            return None
        shown = first & ~(np.round(found.x)[number] > 0)
        secrets = block.secrets(shown)
        open_ends = ranges.open(shown, secrets)
        if not open_ends:
            return shown
        more = 0
        for at, sign in open_ends:
            end = float(ranges.wanted(secrets, sign)[at])
            cut = _cut(block, forms, first, shown, at, end, sign)
            if cut is None:
                continue
            row = np.minimum(np.bincount(number, weights=cut, minlength=len(groups)), 1.0)
            if (row[free] > CLOSE).any():
                rows.append(row)
                more += 1
        if not more:
            return None
    return None


def _cut(
    block: Problem, forms: csr_array, first: np.ndarray, shown: np.ndarray, at: int, end: float, sign: int
) -> np.ndarray | None:
    """What each figure could add to the width of a secret if it went, per unit of what is lacking."""
    known = shown | block.fixed
    need = abs(end - block.count[at])
    far = max(need, 1.0)
    high = np.where(known, 0.0, np.minimum(block.ceiling - block.count, 1e6))
    low = np.where(known, 0.0, np.maximum(block.floor - block.count, -1e6))
    goal = np.zeros(block.size)
    goal[at] = -sign
    found = linprog(
        goal, A_eq=forms if forms.shape[0] else None, b_eq=np.zeros(forms.shape[0]) if forms.shape[0] else None,
        bounds=np.column_stack([low, high]), method="highs-ds",
    )  # fmt: skip
    if found.status != 0:
        return None
    reached = -found.fun
    lacking = need - reached
    if lacking <= CLOSE:
        return None
    may = first & shown & ~block.fixed
    room_up = np.minimum(block.ceiling - block.count, far)
    room_down = np.minimum(block.count - block.floor, far)
    worth = np.maximum(-found.upper.marginals, 0.0) * room_up + np.maximum(found.lower.marginals, 0.0) * room_down
    return np.where(may, worth, 0.0) / lacking
