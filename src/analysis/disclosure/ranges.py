"""How narrow the shown figures make each withheld count: linear programmes over one block, solved by HiGHS."""

from __future__ import annotations

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack
from scipy.sparse.csgraph import connected_components

from analysis.disclosure.problem import CLOSE, Problem, Secrets

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
        self._met, self._many = np.tile(block.count, (16, 1)), 1
        self.base: dict[tuple[int, int], float] = {}
        """Ends that are nearer than they should be even if everything is withheld."""
        self._cap = float(block.count.sum()) + FAR  # a count without a bound is as good as one with a far one
        self._pattern = self._agreed_on = b""
        self._agree = np.zeros(0, dtype=bool)
        self._parts: dict[int, tuple[np.ndarray, csr_array, np.ndarray]] = {}

    def bounds(self, shown: np.ndarray) -> Bounds:
        """What a count may be before anything is added up."""
        known = shown | self.block.fixed
        most = np.minimum(self.block.ceiling, self._cap)
        return Bounds(np.where(known, self.block.count, self.block.floor), np.where(known, self.block.count, most))

    def reaches(self, shown: np.ndarray, at: int, end: float, sign: int) -> bool:
        """May a count be as high (sign 1) or as low (sign -1) as ``end``?

        Args:
            shown: which counts are shown.
            at: place of the count in the block.
            end: what it must be able to be.
            sign: 1 for at least ``end``, -1 for at most.
        """
        return self._proven(shown, at, end, sign) or sign * (self.end(shown, at, sign) - end) >= -CLOSE

    def _proven(self, shown: np.ndarray, at: int, end: float, sign: int) -> bool:
        """Has a solution been met that shows it?"""
        met = sign * (self._met[: self._many, at] - end) >= -CLOSE
        return bool((met & self._valid(shown)).any())

    def _valid(self, shown: np.ndarray) -> np.ndarray:
        """Which of the solutions met agree with what is shown; kept as long as the pattern is the same."""
        if shown.tobytes() != self._agreed_on:
            self._agreed_on, self._agree = shown.tobytes(), np.zeros(0, dtype=bool)
        if len(self._agree) < self._many:
            known = shown | self.block.fixed
            new = self._met[len(self._agree) : self._many][:, known]
            same = (np.abs(new - self.block.count[known]) < CLOSE).all(axis=1)
            self._agree = np.concatenate([self._agree, same])
        return self._agree

    def _remember(self, point: np.ndarray) -> bool:
        """Keep a solution in whole persons; False for one in parts of them."""
        if (np.abs(point - np.round(point))[self._whole] > CLOSE).any():
            return False
        if self._many == len(self._met):
            self._met = np.vstack([self._met, np.empty_like(self._met)])
        self._met[self._many] = np.where(self._whole, np.round(point), point)
        self._many += 1
        return True

    def end(self, shown: np.ndarray, at: int, sign: int) -> float:
        """The most (sign 1) or the least (sign -1) that a count may be, in whole persons."""
        inside, forms, value = self._around(shown, at)
        if not len(inside):
            return float(self.block.count[at])
        goal = np.zeros(len(inside))
        goal[np.searchsorted(inside, at)] = -sign
        rules = LinearConstraint(forms, value, value) if forms.shape[0] else ()
        own = self.bounds(shown)
        limits = Bounds(own.lb[inside], own.ub[inside])
        for whole in (0, self._whole[inside].astype(int)):  # parts of persons are rare, and whole ones cost more
            found = milp(goal, constraints=rules, bounds=limits, integrality=whole)
            if found.x is None:
                raise ArithmeticError(f"the range of a count could not be solved: {found.message}")
            point = self.block.count.copy()
            point[inside] = found.x
            if self._remember(point):
                break
        return float(point[at])

    def _around(self, shown: np.ndarray, at: int) -> tuple[np.ndarray, csr_array, np.ndarray]:
        """The withheld counts that relations join to one of them, those relations, and what they add up to."""
        key = shown.tobytes()
        if key != self._pattern:
            hidden = np.flatnonzero(~(shown | self.block.fixed))
            forms = self.block.forms[:, hidden]
            forms = csr_array(forms[np.flatnonzero(np.diff(forms.indptr) > 0)])
            many = forms.shape[0]
            across = forms.tocoo()
            links = coo_array(
                (np.ones(across.nnz), (across.coords[0], many + across.coords[1])), shape=(many + len(hidden),) * 2
            )
            self._hidden, self._forms = hidden, forms
            self._label = connected_components(links, directed=False)[1]
            self._pattern, self._parts = key, {}
        where = np.searchsorted(self._hidden, at)
        if where == len(self._hidden) or self._hidden[where] != at:
            return np.zeros(0, dtype=int), self._forms, np.zeros(0)
        many = self._forms.shape[0]
        label = int(self._label[many + where])
        if label not in self._parts:
            columns = np.flatnonzero(self._label[many:] == label)
            inside = self._hidden[columns]
            forms = csr_array(self._forms[np.flatnonzero(self._label[:many] == label)][:, columns])
            self._parts[label] = (inside, forms, forms @ self.block.count[inside])
        return self._parts[label]

    def open(self, shown: np.ndarray, secrets: Secrets, *, first: bool = False) -> list[tuple[int, int]]:
        """Secrets that are narrower than they must be: (place, 1) at the upper end, (place, -1) at the lower.

        Args:
            shown: which counts are shown.
            secrets: how wide they must stay.
            first: one is enough.
        """
        needs: dict[tuple[int, int], float] = {}
        for at in np.flatnonzero(secrets.any):
            for sign in (1, -1):
                end = self.wanted(secrets, int(at), sign)
                if sign * (end - self.block.count[at]) <= CLOSE:
                    continue
                if not self._proven(shown, int(at), end, sign):
                    needs[int(at), sign] = end
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

    def wanted(self, secrets: Secrets, at: int, sign: int) -> float:
        """How far an end must reach: as the secret says, or as far as it could if everything were withheld."""
        end = float((secrets.upper if sign > 0 else secrets.lower)[at])
        return sign * min(sign * end, sign * self.base.get((at, sign), end))

    def _together(self, shown: np.ndarray, needs: dict[tuple[int, int], float]) -> dict[tuple[int, int], float]:
        """Move as many counts as far as they must, all at once and each way; what no solution shows is left."""
        size = self.block.size
        for sign in (1, -1):
            mine = [(at, end) for (at, way), end in needs.items() if way == sign]
            if not mine:
                continue
            many = len(mine)
            places = np.array([at for at, _ in mine])
            far = np.array([abs(end - self.block.count[at]) for at, end in mine])
            pick = csr_array((np.full(many, float(sign)), (np.arange(many), places)), shape=(many, size))
            forms = self.block.forms
            rules = [LinearConstraint(hstack([pick, -eye_array(many)], format="csr"), sign * self.block.count[places])]
            if forms.shape[0]:
                wide = hstack([forms, csr_array((forms.shape[0], many))], format="csr")
                rules.append(LinearConstraint(wide, self.block.value, self.block.value))
            own = self.bounds(shown)
            limits = Bounds(np.concatenate([own.lb, np.zeros(many)]), np.concatenate([own.ub, far]))
            # a little more for one than for another: an end of its own for each, and no shares of one
            goal = -np.concatenate([np.zeros(size), 1.0 + np.arange(many) / (8.0 * many)])
            found = milp(goal, constraints=rules, bounds=limits)
            if found.x is not None:
                self._remember(found.x[:size])
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
        forms = hstack([block.forms, -block.forms], format="csr")
        nothing = np.zeros(forms.shape[0])
        rules = LinearConstraint(forms, nothing, nothing) if forms.shape[0] else ()
        found = milp(np.tile(cost, 2), constraints=rules, bounds=Bounds(low, high))
        if found.x is None:
            return None
        move = found.x[:size] - found.x[size:]
        self._remember(block.count + move)
        return (np.abs(move) > CLOSE) & shown & ~known
