"""The least and the most that every withheld count can be, by integer programming with HiGHS, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import highspy
import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array, csr_array, eye_array, hstack
from scipy.sparse.csgraph import connected_components

from analysis.audit.own_row import Insider, Open, insiders
from analysis.audit.system import LARGE, System

CLOSE = 1e-6
PRIMAL = 4
"""Primal simplex, by HiGHS' number."""


@dataclass(frozen=True)
class Range:
    """What a count can be; ``status`` says how it was found."""

    at: int
    low: float
    high: float
    status: str
    insiders: tuple[Insider, ...] = ()
    """What somebody in another withheld count can tell of it beyond that."""


def ranges(system: System, wanted: list[int], secret: Mapping[int, Open] | None = None) -> list[Range]:
    """Ends of some unknowns.

    Args:
        system: unknowns and equations.
        wanted: places of the unknowns.
        secret: what the policy leaves open of some of them, so that it is tried whether somebody in another withheld
            count can tell them more closely.
    """
    size, many = len(system.unknowns), len(system.equations)
    terms = [(row, place, sign) for row, line in enumerate(system.equations) for place, sign in line]
    rows, places, signs = (np.array([term[at] for term in terms], dtype=int) for at in range(3))
    forms = csr_array((signs.astype(float), (rows, places)), shape=(many, size))
    links = coo_array((np.ones(len(terms)), (rows, many + places)), shape=(many + size, many + size))
    label = connected_components(links, directed=False)[1]
    low = np.array([unknown.low for unknown in system.unknowns])
    high = np.array([unknown.high for unknown in system.unknowns])
    for unknown, at in zip(system.unknowns, range(size), strict=True):
        if unknown.withheld and not unknown.zeros and unknown.printed:
            low[at] = max(low[at], 1.0)  # a nought would have been shown
    found: list[Range] = []
    for name in dict.fromkeys(label[many + at] for at in wanted):
        inside = np.flatnonzero(label[many:] == name)
        block = csr_array(forms[np.flatnonzero(label[:many] == name)][:, inside])
        here = [at for at in wanted if label[many + at] == name]
        open_here = {at: rule for at, rule in (secret or {}).items() if label[many + at] == name}
        found += _block(block, inside, low[inside], high[inside], here, open_here)
    return sorted(found, key=lambda each: each.at)


def _block(
    forms: csr_array, inside: np.ndarray, low: np.ndarray, high: np.ndarray, wanted: list[int],
    secret: Mapping[int, Open],
) -> list[Range]:  # fmt: skip
    if not forms.shape[0]:
        where = {int(at): place for place, at in enumerate(inside)}
        return [Range(at, float(low[where[at]]), float(high[where[at]]), "solved") for at in wanted]
    many, status = forms.shape[0], "solved"
    if milp(np.zeros(len(inside)), constraints=_sums(forms), bounds=Bounds(low, high)).x is None:
        forms, status = _believed(forms, low, high), "without sums that contradict each other"
        if not 0 < forms.shape[0] < many:
            return [Range(each, 0.0, LARGE, "contradiction") for each in wanted]
    limits = Bounds(low, high)
    found, met, asked = [], [], _Asked(forms, limits)
    for at in wanted:
        place = int(np.searchsorted(inside, at))
        ends = []
        for sign in (1.0, -1.0):
            solved = asked.least(place, sign)
            if solved is None:
                return [Range(each, 0.0, LARGE, "contradiction") for each in wanted]
            ends.append(float(np.round(solved[place])))
            met.append(solved)
        found.append(Range(at, ends[0], ends[1], status))
    where = {int(at): place for place, at in enumerate(inside)}
    told = insiders(
        forms, limits, met, {where[at]: rule for at, rule in secret.items()}, [where[at] for at in wanted]
    )  # fmt: skip
    named = [replace(each, at=int(inside[each.at]), inside=int(inside[each.inside])) for each in told]
    return [replace(each, insiders=tuple(one for one in named if one.at == each.at)) for each in found]


class _Asked:
    """The equations of one block, put to HiGHS once and asked for one end after the other."""

    def __init__(self, forms: csr_array, limits: Bounds) -> None:
        many, size = forms.shape
        self._forms, self._limits, self._size = forms, limits, size
        self._goal = 0
        self._highs = highspy.Highs()
        self._highs.setOptionValue("output_flag", False)
        self._highs.setOptionValue("threads", 1)
        self._highs.setOptionValue("presolve", "off")  # the solution before is where the next search begins
        self._highs.setOptionValue("simplex_strategy", PRIMAL)
        self._highs.addVars(size, limits.lb, limits.ub)
        nothing = np.zeros(many)
        rows, columns = forms.indptr[:-1].astype(np.int32), forms.indices.astype(np.int32)
        self._highs.addRows(many, nothing, nothing, forms.nnz, rows, columns, forms.data.astype(float))

    def least(self, place: int, sign: float) -> np.ndarray | None:
        """Whole counts with the least (sign 1) or the most (-1) at a place; None where there are none."""
        self._highs.changeColCost(self._goal, 0.0)
        self._highs.changeColCost(place, sign)
        self._goal = place
        self._highs.run()
        if self._highs.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            solved = np.array(self._highs.getSolution().col_value)
            if (np.abs(solved - np.round(solved)) <= CLOSE).all():
                return solved  # where no whole solution is better than one in parts of a person, it is the answer
        goal = np.zeros(self._size)
        goal[place] = sign
        found = milp(goal, constraints=_sums(self._forms), bounds=self._limits, integrality=np.ones(self._size))
        return None if found.x is None else np.asarray(found.x)


def _sums(forms: csr_array) -> LinearConstraint:
    """Every equation adds up to nothing."""
    nothing = np.zeros(forms.shape[0])
    return LinearConstraint(forms, nothing, nothing)


def _believed(forms: csr_array, low: np.ndarray, high: np.ndarray) -> csr_array:
    """The equations left when those go that would have to be bent the least: two tables may count a few differently."""
    many, size = forms.shape
    bent = hstack([forms, eye_array(many), -eye_array(many)], format="csr")
    goal = np.concatenate([np.zeros(size), np.ones(2 * many)])
    limits = Bounds(np.concatenate([low, np.zeros(2 * many)]), np.concatenate([high, np.full(2 * many, np.inf)]))
    found = milp(goal, constraints=_sums(csr_array(bent)), bounds=limits)
    if found.x is None:
        return csr_array((0, size))
    by = found.x[size : size + many] + found.x[size + many :]
    return csr_array(forms[np.flatnonzero(by < CLOSE)])
