"""One edition as one problem: unknown whole counts, what relates them, and how wide each secret must stay.

Every count that the edition publishes or withholds is an unknown. Relations are the sums that a table declares
(``secondary.lines``) and the equations between tables (``equations``). A withheld count below its threshold t inside a
published base b must be able to be anything from 1 (0 where noughts are withheld) to the smaller of t and b, and the
same for those without the attribute where the figure is a share (Fischetti and Salazar-González 2001, Management
Science 47:1008–1027, call this the protection level). The upper end is t, not t - 1, so that withheld figures of a line
hold a count together that could itself be shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from analysis.disclosure.equations import instances
from analysis.disclosure.plan import Edge, PublishingPlan, Rule
from analysis.disclosure.secondary import lines
from analysis.disclosure.thresholds import Thresholds
from analysis.reference.policies import Suppression
from analysis.tables.protected import ORGANISATION, TOTAL

CLOSE = 1e-6
SILENT = ("", "no_data")


@dataclass(frozen=True)
class Secrets:
    """How wide counts must stay: the most the lower end and the least the upper end may be; NaN where it is open."""

    lower: np.ndarray
    upper: np.ndarray

    @property
    def any(self) -> np.ndarray:
        """Which counts must be protected at all."""
        return ~np.isnan(self.lower)


@dataclass(frozen=True)
class Problem:
    """Counts, relations and needs of one edition, or of one block of it.

    Arrays have one place per count; ``place`` is the fact's position, -1 for a count that no table publishes.
    """

    place: np.ndarray
    count: np.ndarray
    floor: np.ndarray
    ceiling: np.ndarray
    """The published denominator, which no count exceeds; infinite without one."""
    fixed: np.ndarray
    """Counts that everyone knows, whatever is shown: structural noughts."""
    least: np.ndarray
    """Threshold of the count."""
    zeros: np.ndarray
    """Whether a nought is withheld."""
    share: np.ndarray
    """Whether those without the attribute are protected, too."""
    full: np.ndarray
    """Whether that all have the attribute is withheld."""
    weight: np.ndarray
    """What is lost when the figure goes."""
    guarded: np.ndarray
    """Whether a figure is withheld for what it is about, not for its size: it must not be found either."""
    group: np.ndarray
    """Figures of one number are shown together or not at all."""
    forms: csr_array
    value: np.ndarray

    @property
    def size(self) -> int:
        """Number of counts."""
        return len(self.count)

    def secrets(self, shown: np.ndarray) -> Secrets:
        """The width that each withheld count needs, given which counts are shown."""
        base, rest = self.bases(shown)
        lower, upper = np.full(self.size, np.nan), np.full(self.size, np.nan)
        hidden = ~shown & ~self.fixed
        with_it, without = self.count, self.ceiling - self.count
        few = hidden & (with_it < self.least - CLOSE) & ((with_it > CLOSE) | self.zeros)
        lower[few] = np.where(self.zeros[few], 0.0, np.minimum(1.0, with_it[few]))
        upper[few] = np.maximum(np.minimum(self.least[few], base[few]), with_it[few])
        other = hidden & self.share & (without < self.least - CLOSE) & ((without > CLOSE) | self.full)
        most = np.where(self.full[other], self.ceiling[other], np.maximum(self.ceiling[other] - 1, with_it[other]))
        down = np.minimum(self.ceiling[other] - np.minimum(self.least[other], rest[other]), with_it[other])
        down = np.maximum(down, self.floor[other])
        lower[other], upper[other] = np.fmin(lower[other], down), np.fmax(upper[other], most)
        rest_of = hidden & self.guarded & np.isnan(lower)
        lower[rest_of] = self.count[rest_of]
        upper[rest_of] = np.maximum(np.minimum((self.count + self.least)[rest_of], base[rest_of]), self.count[rest_of])
        return Secrets(lower, upper)

    def bases(self, shown: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The smallest published totals that hold each count and each complement."""
        base = np.where(shown | self.fixed, self.count, self.ceiling)
        rest = np.where(shown | self.fixed, self.ceiling - self.count, self.ceiling)
        part, total = self._totals
        counted = np.isfinite(self.ceiling[total])
        while True:  # a total of totals
            before = base.copy(), rest.copy()
            np.minimum.at(base, part, np.maximum(base[total], 0.0))
            np.minimum.at(rest, part[counted], rest[total[counted]])
            if (base == before[0]).all() and (rest == before[1]).all():
                return base, rest

    @cached_property
    def _totals(self) -> tuple[np.ndarray, np.ndarray]:
        """Places of parts and of their total, for every relation with one count on its other side."""
        pairs = []
        for row in range(self.forms.shape[0]):
            at = slice(self.forms.indptr[row], self.forms.indptr[row + 1])
            places, signs = self.forms.indices[at], self.forms.data[at]
            if abs(self.value[row]) > CLOSE:
                continue
            for side in (-1.0, 1.0):
                alone = places[np.sign(signs) == side]
                if len(alone) == 1:
                    pairs += [(int(part), int(alone[0])) for part in places[np.sign(signs) != side]]
        each = np.array(pairs, dtype=int).reshape(-1, 2)
        return each[:, 0], each[:, 1]

    def blocks(self) -> list[np.ndarray]:
        """Counts that relations join, directly or through others; counts without a relation stand alone."""
        many, size = self.forms.shape
        across = self.forms.tocoo()
        _, group = np.unique(self.group, return_inverse=True)  # figures shown together belong together, too
        first = np.concatenate([across.coords[0], many + size + group])
        second = many + np.concatenate([across.coords[1], np.arange(size)])
        nodes = many + 2 * size
        links = coo_array((np.ones(len(first)), (first, second)), shape=(nodes, nodes))
        label = connected_components(links, directed=False)[1][many : many + size]
        order = np.argsort(label, kind="stable")
        return np.split(order, np.flatnonzero(np.diff(label[order])) + 1)

    def part(self, inside: np.ndarray) -> Problem:
        """One block as a problem of its own."""
        forms = self.forms[:, inside]
        rows = np.flatnonzero(np.diff(forms.indptr) > 0)
        arrays = {
            name: getattr(self, name)[inside]
            for name in (
                "place", "count", "floor", "ceiling", "fixed", "least", "zeros", "share", "full", "weight", "guarded",
                "group",
            )
        }  # fmt: skip
        return Problem(**arrays, forms=csr_array(forms[rows]), value=self.value[rows])


def problem_of(
    facts: pd.DataFrame, own: pd.Series, plan: PublishingPlan, *, thresholds: Thresholds, weights: Suppression,
    period: str,
) -> Problem:  # fmt: skip
    """The problem of an edition.

    Args:
        facts: facts of every department, with index 0, 1, …
        own: what each figure's own counts say (``primary``): '' where it may be shown.
        plan: the declared tables, and the equations between them.
        thresholds: the policy's thresholds.
        weights: what is lost by a withheld figure.
        period: cut-off month.
    """
    chosen = [name for name in plan if plan[name].rule in (Rule.COUNT, Rule.SHARE)]
    mine = facts[facts["table"].isin(chosen) & facts["numerator"].notna() & facts["value"].notna()]
    table = [plan[str(name)] for name in mine["table"]]
    low = np.array([row in each.low_rows for row, each in zip(mine["row"], table, strict=True)], dtype=bool)
    least = np.array([thresholds.least(each.sensitivity) for each in table], dtype=float)
    least[low] = thresholds.low
    count = mine["numerator"].to_numpy(dtype=float)
    share = np.array([each.rule is Rule.SHARE for each in table], dtype=bool)
    ceiling = np.where(share, mine["denominator"].to_numpy(dtype=float), np.inf)
    ceiling = np.where(np.isnan(ceiling), np.inf, np.maximum(ceiling, count))
    zeros = np.array([each.zeros is Edge.WITHHELD for each in table], dtype=bool) & ~low
    full = share & np.array([each.full is Edge.WITHHELD for each in table], dtype=bool)
    whole = (mine["department"] == ORGANISATION).to_numpy()
    total = (mine["row"] == TOTAL).to_numpy()
    opened = np.array(
        [column in each.open_columns for column, each in zip(mine["column"], table, strict=True)], dtype=bool
    )
    weight = np.where(whole, weights.organisation, 1.0) * np.where(total, weights.total, 1.0)
    built = _Builder(mine.index.to_numpy())
    for name, part in mine.groupby("table", sort=True):
        for parts, totals in lines(part, plan[str(name)]):
            built.add([(int(at), 1) for at in parts], [(int(at), -1) for at in totals], count)
    extra: list[tuple[float, float, bool]] = []
    for equation in plan.equations:
        for _, terms in instances(equation, mine, period=period):
            if equation.difference is None:
                built.add(terms, [], count, exact=True)
                continue
            left = sum(sign * count[built.column[at]] for at, sign in terms)
            if left < -CLOSE:
                continue  # the two tables count differently here: nobody can reason about the difference
            extra.append((left, float(thresholds.least(equation.difference)), equation.zeros))
            built.add(terms, [(-len(extra) - 1, -1)], count, exact=True)
    more = len(extra)
    none = np.zeros(more, dtype=bool)
    left, limits, secret = (np.array([row[at] for row in extra]) for at in range(3))
    secret = secret.astype(bool)
    guarded = ~own[mine.index].isin(SILENT).to_numpy()
    tied, group = _together(mine, plan)
    zeros = zeros | tied  # which of them are noughts is withheld with the rest
    forms, value = built.matrix(more)
    nought = (np.concatenate([count, left]) < CLOSE) & ~np.concatenate([zeros, secret])
    return Problem(
        place=np.concatenate([mine.index.to_numpy(), np.full(more, -1)]),
        count=np.concatenate([count, left]),
        floor=np.zeros(len(count) + more),
        ceiling=np.concatenate([ceiling, np.full(more, np.inf)]),
        fixed=(nought & ~np.concatenate([tied | guarded, none])) | np.concatenate([opened, none]),
        least=np.concatenate([least, limits]),
        zeros=np.concatenate([zeros, secret]),
        share=np.concatenate([share, none]),
        full=np.concatenate([full, none]),
        weight=np.concatenate([weight, np.zeros(more)]),
        guarded=np.concatenate([guarded, none]),
        group=np.concatenate([group, -np.arange(1, more + 1)]),
        forms=forms,
        value=value,
    )


def _together(mine: pd.DataFrame, plan: PublishingPlan) -> tuple[np.ndarray, np.ndarray]:
    """Figures of which a department shows all or none, and their numbers: one for those that belong together."""
    group = np.arange(len(mine))
    tied = np.array([plan[str(name)].together for name in mine["table"]], dtype=bool)
    number = mine.groupby(["table", "department", "column", "layer"], sort=False).ngroup().to_numpy()
    return tied, np.where(tied, len(mine) + number, group)


class _Builder:
    """Relations as they are collected: rows of signs, and what they add up to."""

    def __init__(self, places: np.ndarray) -> None:
        self.column = {int(at): where for where, at in enumerate(places)}
        self._size = len(places)
        self._rows: list[list[tuple[int, int]]] = []
        self._values: list[float] = []

    def add(
        self, parts: list[tuple[int, int]], totals: list[tuple[int, int]], count: np.ndarray, *, exact: bool = False
    ) -> None:
        """Add one relation; what the figures themselves leave is taken to be known, unless it must be nothing."""
        terms = [*parts, *totals]
        row = [(self.column[at] if at >= 0 else self._size - at - 2, sign) for at, sign in terms]
        if len(row) < 2:
            return
        known = 0.0 if exact else float(sum(sign * count[at] for at, sign in row))
        if exact and not totals and abs(sum(sign * count[at] for at, sign in row)) > CLOSE:
            return  # the two figures are no longer the same: nobody can reason about them
        self._rows.append(row)
        self._values.append(known)

    def matrix(self, more: int) -> tuple[csr_array, np.ndarray]:
        """The relations as a matrix of signs, and their values."""
        rows = np.repeat(np.arange(len(self._rows)), [len(row) for row in self._rows])
        flat = np.array([term for row in self._rows for term in row], dtype=float).reshape(-1, 2)
        shape = (len(self._rows), self._size + more)
        return csr_array((flat[:, 1], (rows, flat[:, 0].astype(int))), shape=shape), np.array(self._values)
