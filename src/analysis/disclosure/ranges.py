"""How narrow the shown figures make each withheld count: linear programmes over one block, solved by HiGHS."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from analysis.disclosure.problem import CLOSE, Problem, Secrets
from analysis.disclosure.programs import Program

FAR = 1000.0
FEW, GAIN = 3, 0.1
"""As long as more ends than FEW are open and one solution for all shows a share of GAIN of them, another is tried."""


class Ranges:
    """Ends of the counts of one block, with every solution that has been met: what it proves needs no solving.

    Args:
        block: one block of the edition's problem.
    """

    def __init__(self, block: Problem) -> None:
        self.block = block
        self._whole = np.abs(block.count - np.round(block.count)) < CLOSE
        """Counts of persons are whole numbers; what is measured in parts of a post is not."""
        self._met = _Met(block.count)
        self.base = {1: np.full(block.size, np.inf), -1: np.full(block.size, -np.inf)}
        """Upper and lower ends where they are nearer than they should be even if everything is withheld."""
        self._cap = float(block.count.sum()) + FAR  # a count without a bound is as good as one with a far one
        self._withheld: dict[bytes, _Withheld] = {}

    @cached_property
    def _program(self) -> Program:
        return Program(self.block.forms, self.block.value)

    @cached_property
    def _movements(self) -> Program:
        """How counts move along the relations: upwards, and downwards."""
        forms = csr_array(hstack([self.block.forms, -self.block.forms]))
        return Program(forms, np.zeros(forms.shape[0]))

    def bounds(self, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What a count may be before anything is added up: at least, and at most."""
        known = shown | self.block.fixed
        most = np.minimum(self.block.ceiling, self._cap)
        return np.where(known, self.block.count, self.block.floor), np.where(known, self.block.count, most)

    def reaches(self, shown: np.ndarray, at: int, end: float, sign: int) -> bool:
        """May a count be as high (sign 1) or as low (sign -1) as ``end``?

        Args:
            shown: which counts are shown.
            at: place of the count in the block.
            end: what it must be able to be.
            sign: 1 for at least ``end``, -1 for at most.
        """
        if self._proven(shown, at, end, sign):
            return True
        low, high = self.bounds(shown)
        solved = self._furthest(shown, at, sign)
        if sign * (solved[at] - end) < -CLOSE:
            return False  # not even parts of persons do
        if self._kept(shown, at, solved) is not None:
            return True
        (low if sign > 0 else high)[at] = end
        return self._in_whole(shown, at, 0, low, high) is not None

    def _proven(self, shown: np.ndarray, at: int, end: float, sign: int) -> bool:
        """Has a solution been met that shows it?"""
        low, high = self._met.ends(shown | self.block.fixed)
        return bool(high[at] - end >= -CLOSE if sign > 0 else low[at] - end <= CLOSE)

    def _remember(self, point: np.ndarray) -> bool:
        """Keep a solution in whole persons; False for one in parts of them."""
        if (np.abs(point - np.round(point))[self._whole] > CLOSE).any():
            return False
        self._met.add(np.where(self._whole, np.round(point), point))
        return True

    def end(self, shown: np.ndarray, at: int, sign: int) -> float:
        """The most (sign 1) or the least (sign -1) that a count may be, in whole persons."""
        if shown[at] or self.block.fixed[at]:
            return float(self.block.count[at])
        solved = self._furthest(shown, at, sign)
        point = self._kept(shown, at, solved)
        if point is None:  # parts of persons are rare, and whole ones cost more
            point = self._in_whole(shown, at, sign, *self.bounds(shown))
        if point is None:
            raise ArithmeticError("the range of a count could not be solved in whole persons")
        return float(point[at])

    def _furthest(self, shown: np.ndarray, at: int, sign: int) -> np.ndarray:
        """Counts with one as high (sign 1) or as low (sign -1) as it may be, in parts of persons where they go further.

        Raises:
            ArithmeticError: no counts agree with what is shown.
        """
        goal = np.zeros(self.block.size)
        goal[at] = sign
        solved = self._program.most(goal, *self.bounds(shown))
        if solved is None:
            raise ArithmeticError("the true counts of an edition contradict its own sums")
        return solved

    def _kept(self, shown: np.ndarray, at: int, solved: np.ndarray) -> np.ndarray | None:
        """The solution kept, None where the count can only be so in parts of persons."""
        if self._remember(solved):
            return solved
        inside, *_ = self._around(shown).part(at)
        point = self.block.count.copy()
        point[inside] = solved[inside]  # the parts may be those of counts that have nothing to do with it
        return point if self._remember(point) else None

    def _in_whole(self, shown: np.ndarray, at: int, sign: int, low: np.ndarray, high: np.ndarray) -> np.ndarray | None:
        """Whole counts with one as high or as low as it may be (sign 0: any that there are); None if there are none."""
        inside, forms, value = self._around(shown).part(at)
        goal = np.where(inside == at, -float(sign), 0.0)
        found = milp(
            goal, constraints=LinearConstraint(forms, value, value) if forms.shape[0] else (),
            bounds=Bounds(low[inside], high[inside]), integrality=self._whole[inside].astype(int),
        )  # fmt: skip
        if found.x is None:
            return None
        point = self.block.count.copy()
        point[inside] = found.x
        self._remember(point)
        return point

    def _around(self, shown: np.ndarray) -> _Withheld:
        """What is withheld, for the two patterns that were asked for last."""
        key = shown.tobytes()
        if key not in self._withheld:
            while len(self._withheld) > 1:
                del self._withheld[next(iter(self._withheld))]
            self._withheld[key] = _Withheld(self.block, shown)
        return self._withheld[key]

    def near(self, shown: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Which counts relations join to withheld ones: no other becomes narrower if those are shown.

        Args:
            shown: which counts are shown.
            places: places of withheld counts.
        """
        return self._around(shown).joined(places)

    def open(
        self, shown: np.ndarray, secrets: Secrets, *, first: bool = False, near: np.ndarray | None = None
    ) -> list[tuple[int, int]]:
        """Secrets that are narrower than they must be: (place, 1) at the upper end, (place, -1) at the lower.

        Args:
            shown: which counts are shown.
            secrets: how wide they must stay.
            first: one is enough.
            near: which counts are looked at; None: all.
        """
        asked = secrets.any if near is None else secrets.any & near
        low, high = self._met.ends(shown | self.block.fixed)
        ends: dict[tuple[int, int], float] = {}
        for sign, reached in ((1, high), (-1, low)):
            far = self.wanted(secrets, sign)
            lacking = asked & (sign * (far - self.block.count) > CLOSE) & (sign * (reached - far) < -CLOSE)
            ends |= {(int(at), sign): float(far[at]) for at in np.flatnonzero(lacking)}
        needs = dict(sorted(ends.items(), key=lambda need: (need[0][0], -need[0][1])))
        while len(needs) > FEW and not first:
            left = self._together(shown, needs)
            if len(left) > (1 - GAIN) * len(needs):
                needs = left
                break
            needs = left
        found = []
        for key, end in needs.items():
            if not self.reaches(shown, key[0], end, key[1]):
                found.append(key)
                if first:
                    break
        return found

    def wanted(self, secrets: Secrets, sign: int) -> np.ndarray:
        """How far each end must reach: as the secret says, or as far as it could if everything were withheld."""
        if sign > 0:
            return np.asarray(np.minimum(secrets.upper, self.base[1]))
        return np.asarray(np.maximum(secrets.lower, self.base[-1]))

    def _together(self, shown: np.ndarray, needs: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
        """Move as many counts as far as they must, all at once and each way; what no solution shows is left."""
        for sign in (1, -1):
            mine = [(at, end) for (at, way), end in needs.items() if way == sign]
            if not mine:
                continue
            low, high = self.bounds(shown)
            places, ends = np.array([at for at, _ in mine]), np.array([end for _, end in mine])
            # each as far as it must, and no further at the cost of others
            if sign > 0:
                high[places] = np.clip(ends, low[places], high[places])
            else:
                low[places] = np.clip(ends, low[places], high[places])
            goal = np.zeros(self.block.size)
            # a little more for one than for another: an end of its own for each, and no shares of one
            goal[places] = sign * (1.0 + np.arange(len(mine)) / (8.0 * len(mine)))
            point = self._program.most(goal, low, high)
            if point is not None:
                self._remember(point)
        return {key: end for key, end in needs.items() if not self._proven(shown, key[0], end, key[1])}

    def cheapest(self, shown: np.ndarray, at: int, end: float, sign: int) -> np.ndarray | None:
        """Shown counts that must move so that a count may reach ``end``, at the least weight; None if it cannot.

        The counts move along the relations; what is withheld already moves for nothing (Kelly, Golden and Assad 1992,
        Networks 22:397–417).
        """
        block, size = self.block, self.block.size
        known = block.fixed
        up = np.where(known, 0.0, block.ceiling - block.count)
        down = np.where(known, 0.0, block.count - block.floor)
        low = np.zeros(2 * size)
        high = np.concatenate([up, down])
        need = abs(end - block.count[at])
        mine, other = (at, size + at) if sign > 0 else (size + at, at)
        if high[mine] < need - CLOSE:
            return None
        low[mine], high[other] = need, 0.0
        cost = np.where(shown & ~known, block.weight, 0.0) + 1e-6 * (1.0 + np.arange(size) / size)
        found = self._movements.most(-np.tile(cost, 2), low, high)
        if found is None:
            return None
        move = found[:size] - found[size:]
        self._remember(block.count + move)
        return (np.abs(move) > CLOSE) & shown & ~known


class _Withheld:
    """The withheld counts of a block, and which of them relations join."""

    def __init__(self, block: Problem, shown: np.ndarray) -> None:
        self._count, self._hidden = block.count, np.flatnonzero(~(shown | block.fixed))
        forms = block.forms[:, self._hidden]
        self._forms = csr_array(forms[np.flatnonzero(np.diff(forms.indptr) > 0)])
        many = self._forms.shape[0]
        across = self._forms.tocoo()
        links = coo_array(
            (np.ones(across.nnz), (across.coords[0], many + across.coords[1])), shape=(many + len(self._hidden),) * 2
        )
        label = connected_components(links, directed=False)[1]
        self._of_form, self._of_count = label[:many], label[many:]
        self._parts: dict[int, tuple[np.ndarray, csr_array, np.ndarray]] = {}

    def part(self, at: int) -> tuple[np.ndarray, csr_array, np.ndarray]:
        """The withheld counts joined to one of them, their relations, and what these add up to."""
        label = int(self._of_count[np.searchsorted(self._hidden, at)])
        if label not in self._parts:
            columns = np.flatnonzero(self._of_count == label)
            inside = self._hidden[columns]
            forms = csr_array(self._forms[np.flatnonzero(self._of_form == label)][:, columns])
            self._parts[label] = (inside, forms, forms @ self._count[inside])
        return self._parts[label]

    def joined(self, places: np.ndarray) -> np.ndarray:
        """Which counts are joined to some withheld ones."""
        found = np.zeros(len(self._count), dtype=bool)
        labels = self._of_count[np.isin(self._hidden, places)]
        found[self._hidden[np.isin(self._of_count, labels)]] = True
        return found


class _Met:
    """Solutions met so far, and how far those reach that agree with what is known.

    Args:
        true: the true counts, the first solution.
    """

    def __init__(self, true: np.ndarray) -> None:
        self._true = true
        self._points, self._many = np.tile(true, (16, 1)), 1
        self._known = np.zeros(len(true), dtype=bool)
        self._wrong = np.zeros(16, dtype=int)
        """How many of the known counts a solution has otherwise."""
        self._low, self._high = true.copy(), true.copy()

    def add(self, point: np.ndarray) -> None:
        """Keep one more."""
        if self._many == len(self._points):
            self._points = np.vstack([self._points, np.empty_like(self._points)])
            self._wrong = np.concatenate([self._wrong, np.zeros_like(self._wrong)])
        self._points[self._many] = point
        self._wrong[self._many] = (np.abs(point - self._true) >= CLOSE)[self._known].sum()
        if not self._wrong[self._many]:
            np.minimum(self._low, point, out=self._low)
            np.maximum(self._high, point, out=self._high)
        self._many += 1

    def ends(self, known: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The least and the most of each count in the solutions that agree with what is known."""
        moved = np.flatnonzero(known != self._known)
        if len(moved):
            otherwise = np.abs(self._points[: self._many, moved] - self._true[moved]) >= CLOSE
            self._wrong[: self._many] += otherwise @ np.where(known[moved], 1, -1)
            self._known = known.copy()
            agree = self._points[: self._many][self._wrong[: self._many] == 0]
            self._low, self._high = agree.min(axis=0), agree.max(axis=0)
        return self._low, self._high
