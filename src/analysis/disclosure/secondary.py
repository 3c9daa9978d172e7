"""Secondary protection within a table: no withheld figure may be found by subtraction.

Along every line (figures that sum to a shown total) either nothing is withheld, or at least two figures are and
together they hold at least the threshold. Where that fails the smallest shown figure of the line is withheld too,
until nothing changes. Small departments without a report are part of the line, always withheld.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from analysis.tables.protected import ORGANISATION

CELL = ["row", "column", "layer"]


def lines(facts: pd.DataFrame, table: dict[str, object]) -> Iterator[tuple[pd.Index, pd.Index]]:
    """Yield (parts, total) index pairs: figures that a reader can subtract from a total.

    The total's index is empty where the whole is known anyway (bands that make up the group).
    """
    kinds = table["lines"] if isinstance(table["lines"], list) else []
    open_columns, apart = table.get("open_columns", []), table.get("apart", [])
    facts = facts[~facts["column"].isin(open_columns if isinstance(open_columns, list) else [])]
    body = facts[~facts["row"].isin(apart if isinstance(apart, list) else [])]
    if "rows" in kinds:
        for _, part in body.groupby(["department", "column", "layer"], sort=False):
            is_total = part["row"] == "total"
            if is_total.any() and (~is_total).any():
                yield part.index[~is_total], part.index[is_total]
    if "departments" in kinds:
        for _, part in facts.groupby(CELL, sort=False):
            whole = part["department"] == ORGANISATION
            if whole.any() and (~whole).any():
                yield part.index[~whole], part.index[whole]
    halves = table.get("halves", [])
    for group in halves if isinstance(halves, list) else []:
        for _, part in facts[facts["row"].isin(group)].groupby(["department", "column", "layer"], sort=False):
            yield part.index, part.index[:0]


def secondary(facts: pd.DataFrame, reason: pd.Series, table: dict[str, object], least: int) -> pd.Series:
    """Return ``reason`` with secondary suppressions added (reason ``secondary``).

    Args:
        facts: rows of one table, those of departments without a report included.
        reason: result of the primary protection, '' where shown.
        table: the table's entry in the publishing plan.
        least: threshold that the withheld figures of a line must reach together.
    """
    state = reason.to_numpy(dtype="object").copy()
    # a share's line is known through its counts: numerator of the group
    counts = facts["numerator"].fillna(facts["n"]).fillna(0).to_numpy()
    place = pd.Series(np.arange(len(facts)), index=facts.index)
    pairs = [(place[parts].to_numpy(), place[total].to_numpy()) for parts, total in lines(facts, table)]
    changed = True
    while changed:
        changed = False
        for parts, total in pairs:
            if len(total) and state[total[0]] != "":
                continue
            hidden = [i for i in parts if state[i] not in ("", "no_data") and counts[i] > 0]
            if not hidden or (len(hidden) >= 2 and counts[hidden].sum() >= least):
                continue
            shown = [i for i in parts if state[i] == "" and counts[i] > 0]
            if shown:
                state[min(shown, key=lambda i: (counts[i], i))] = "secondary"
                changed = True
            elif len(total) and len(hidden) == 1:
                state[total[0]] = "secondary"
                changed = True
    return pd.Series(state, index=reason.index).astype("str")
