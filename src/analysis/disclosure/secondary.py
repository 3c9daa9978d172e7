"""Secondary protection within a table: no withheld figure may be found by subtraction.

Along every line (figures that sum to a shown total) either nothing is withheld, or at least two figures are and
together they hold at least the threshold; the same for those without the attribute where the figure is a share. Where
that fails the smallest shown figure of the line is withheld too, until nothing changes. Then all lines together are
solved as equations, and no withheld figure may follow from them. Small departments without a report are part of the
line, always withheld. Where a table's rows stand or fall together (``together``), a department shows all of them or
none: beside the number that the noughts leave room for, one withheld row is no secret.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from analysis.disclosure.plan import Line, PlannedTable, Rule
from analysis.tables.protected import ORGANISATION, TOTAL

CELL, COLUMN = ["row", "column", "layer"], ["department", "column", "layer"]


def lines(facts: pd.DataFrame, table: PlannedTable) -> Iterator[tuple[pd.Index, pd.Index]]:
    """Yield (parts, total) index pairs: figures that a reader can subtract from a total.

    The total's index is empty where the whole is known anyway (bands that make up the group).
    """
    facts = facts[~facts["column"].isin(table.open_columns)]
    if table.resting_on:
        facts = facts[facts["column"] == table.resting_on]
    whole = (facts["department"] == ORGANISATION).to_numpy()
    body = facts[~facts["row"].isin(table.apart)]
    if Line.ROWS in table.lines:
        yield from _with_total(body, COLUMN, (body["row"] == TOTAL).to_numpy())
    if Line.DEPARTMENTS in table.lines:
        yield from _with_total(facts, CELL, whole)
    for first, *rest in table.sums:
        named = facts[facts["row"].isin([first, *rest])]
        yield from _with_total(named, COLUMN, (named["row"] == first).to_numpy())
    for group in table.halves_of_whole:
        bands = facts[whole & facts["row"].isin(group).to_numpy()]
        yield from ((bands.index[places], bands.index[:0]) for places in _groups(bands, COLUMN[1:]))
    for group in table.halves:
        bands = facts[facts["row"].isin(group)]
        yield from ((bands.index[places], bands.index[:0]) for places in _groups(bands, COLUMN))


def _with_total(facts: pd.DataFrame, keys: list[str], total: np.ndarray) -> Iterator[tuple[pd.Index, pd.Index]]:
    """Parts and total of every group that has both."""
    for places in _groups(facts, keys):
        is_total = total[places]
        if is_total.any() and not is_total.all():
            yield facts.index[places[~is_total]], facts.index[places[is_total]]


def _groups(facts: pd.DataFrame, keys: list[str]) -> Iterator[np.ndarray]:
    """Places of the rows of each group, in the order in which the groups come."""
    if len(facts):
        number = facts.groupby(keys, sort=False).ngroup().to_numpy()
        order = np.argsort(number, kind="stable")
        yield from np.split(order, np.flatnonzero(np.diff(number[order])) + 1)


class Lines:
    """The lines of one table, laid out once: what may be shown of them is asked again as other rules withhold more.

    Args:
        facts: rows of one table, those of departments without a report included.
        table: the table's entry in the publishing plan.
    """

    def __init__(self, facts: pd.DataFrame, table: PlannedTable) -> None:
        # a share's line is known through its counts, and those without the attribute make a line of their own
        self._with_it = facts["numerator"].fillna(facts["n"]).fillna(0).to_numpy()
        self._measures = [self._with_it]
        if table.rule is Rule.SHARE:
            self._measures.append(facts["denominator"].fillna(0).to_numpy() - self._with_it)
        place = pd.Series(np.arange(len(facts)), index=facts.index)
        pairs = [(place[parts].to_numpy(), place[total].to_numpy()) for parts, total in lines(facts, table)]
        self._linked = list(_components(pairs, len(facts)))
        self._groups = _together(facts, table)

    def guarded(self, reason: pd.Series, least: int) -> pd.Series:
        """Return ``reason`` with secondary suppressions added (reason ``secondary``).

        Args:
            reason: result of the primary protection, '' where shown.
            least: threshold that the withheld figures of a line must reach together.
        """
        state = reason.to_numpy(dtype="object").copy()
        # a withheld nought says something about everyone, so that it must not be found either
        secret_zero = (reason == "homogeneous").to_numpy()
        while True:
            for group in self._groups:
                if any(state[i] not in ("", "no_data") for i in group):
                    state[group] = np.where(state[group] == "", "secondary", state[group])
            before = state.copy()
            for linked in self._linked:
                while any(_guard(linked, counts, state, secret_zero, least) for counts in self._measures) or _audit(
                    linked, self._with_it, state
                ):
                    pass
            if not self._groups or (state == before).all():
                break
        return pd.Series(state, index=reason.index).astype("str")


def secondary(facts: pd.DataFrame, reason: pd.Series, table: PlannedTable, least: int) -> pd.Series:
    """Return ``reason`` with secondary suppressions added to the rows of one table (``Lines.guarded``)."""
    return Lines(facts, table).guarded(reason, least)


def _together(facts: pd.DataFrame, table: PlannedTable) -> list[np.ndarray]:
    """Positions of the figures of which a department shows all or none."""
    if not table.together:
        return []
    return list(_groups(facts, COLUMN))


Pairs = list[tuple[np.ndarray, np.ndarray]]


def _components(pairs: Pairs, size: int) -> Iterator[Pairs]:
    """Yield the lines that share figures, directly or through others; the rest tells nothing about them."""
    if not pairs:
        return
    joined = [np.concatenate(pair) for pair in pairs]
    rows = np.concatenate([np.full(len(line), line[0]) for line in joined])
    graph = coo_array((np.ones(len(rows)), (rows, np.concatenate(joined))), shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    groups: dict[int, Pairs] = {}
    for pair, line in zip(pairs, joined, strict=True):
        groups.setdefault(int(label[line[0]]), []).append(pair)
    yield from groups.values()


def _guard(pairs: Pairs, counts: np.ndarray, state: np.ndarray, secret_zero: np.ndarray, least: int) -> bool:
    """Withhold one more figure along every line that gives one away; True if anything changed."""
    changed = False
    for parts, total in pairs:
        hidden = [i for i in parts if state[i] not in ("", "no_data") and (counts[i] > 0 or secret_zero[i])]
        shown = [i for i in parts if state[i] == "" and counts[i] > 0]
        smallest = min(shown, key=lambda i: (counts[i], i), default=None)
        if len(total) and state[total[0]] != "":
            # a withheld total must not be the sum of parts that are all shown
            again = state[total[0]] != "no_data" and not hidden and smallest is not None
        else:
            again = bool(hidden) and (len(hidden) < 2 or counts[hidden].sum() < least)
            if again and smallest is None and len(total) and len(hidden) == 1:
                state[total[0]], changed = "secondary", True
        if again and smallest is not None:
            state[smallest], changed = "secondary", True
    return changed


def _audit(pairs: Pairs, counts: np.ndarray, state: np.ndarray) -> bool:
    """Withhold one more figure if some withheld one follows from all lines together; True if anything changed.

    The lines are equations in the withheld figures. One that is the same in every solution is found by anyone who
    solves them: it has no part in the null space.
    """
    inside = np.unique(np.concatenate([figures for pair in pairs for figures in pair]))
    unknown = [int(i) for i in inside if state[i] not in ("", "no_data")]
    column = {i: place for place, i in enumerate(unknown)}
    rows = []
    for parts, total in pairs:
        row = np.zeros(len(unknown))
        for i in parts:
            if i in column:
                row[column[i]] += 1.0
        if len(total) and total[0] in column:
            row[column[total[0]]] -= 1.0
        if row.any() and not (len(total) and state[total[0]] == "no_data"):
            rows.append(row)
    if not rows:
        return False
    _, values, right = np.linalg.svd(np.array(rows), full_matrices=False)
    # what the equations leave free of each unknown: nought where its axis lies in the space of the rows
    free = 1.0 - (right[values > 1e-9] ** 2).sum(axis=0)
    found = [i for i in unknown if free[column[i]] < 1e-9]
    for i in found:
        around = [
            j
            for parts, total in pairs
            if i in parts or i in total
            for j in (*parts, *total)
            if state[j] == "" and counts[j] > 0
        ]
        if around:
            state[min(around, key=lambda j: (counts[j], j))] = "secondary"
            return True
    return False
