"""Facts in coarser groups: rows of a table joined, or departments joined. Nothing here is published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.tables.facts import COLUMNS

KEYS = ["table", "department", "row", "column", "layer"]
COUNTED = ("persons", "posts", "fte")
DEPARTMENT = "department"
"""Word that stands for the departments themselves in place of a table."""


@dataclass(frozen=True)
class Join:
    """Rows of one table, or departments (``table`` is ``department``), that become one; named after them all."""

    table: str
    parts: tuple[str, ...]

    @property
    def name(self) -> str:
        """Key of what they become."""
        return "+".join(self.parts)


def regrouped(facts: pd.DataFrame, joins: Sequence[Join]) -> pd.DataFrame:
    """Facts with rows or departments joined.

    Counts and what they are counted among are added; rows that are counted among the same persons keep them. A figure
    that is no count (a mean, a forecast) becomes the mean by persons: that says whether it would be shown, and no more.

    Args:
        facts: facts of every department (``tables.facts``).
        joins: what becomes one.
    """
    for join in joins:
        axis = "department" if join.table == DEPARTMENT else "row"
        chosen = facts[axis].isin(join.parts)
        if axis == "row":
            chosen &= facts["table"] == join.table
        if not chosen.any():
            continue
        facts = pd.concat([facts[~chosen], _joined(facts[chosen], axis, join.name)], ignore_index=True)
    return facts


def _joined(facts: pd.DataFrame, axis: str, name: str) -> pd.DataFrame:
    """One fact for those that differ in one key alone."""
    work = facts.assign(**{axis: name})
    among = work["n"].clip(lower=0).fillna(0)
    for each in ("value", "low", "high"):
        work[f"{each}_by_n"] = work[each] * among
    work["among"] = among.where(work["value"].notna())
    groups = work.groupby(KEYS, sort=False, dropna=False)
    first = groups.first()
    sums = groups[["numerator", "denominator", "n", "value", "low", "high", "among"]].sum(min_count=1)
    weighted = groups[["value_by_n", "low_by_n", "high_by_n"]].sum(min_count=1)
    same = groups["denominator"].min().eq(groups["denominator"].max())
    counted = first["unit"].isin(COUNTED)
    found = first.copy()
    found["numerator"] = sums["numerator"]
    rows_of_one_base = same if axis == "row" else pd.Series(False, index=same.index)
    for column in ("denominator", "n"):
        # shares of one base keep it; persons counted row by row are added
        keep = rows_of_one_base & ~counted
        found[column] = sums[column].where(~keep, first[column])
    with np.errstate(invalid="ignore", divide="ignore"):
        share = sums["numerator"] / found["denominator"]
        for each in ("value", "low", "high"):
            mean = (weighted[f"{each}_by_n"] / sums["among"]).fillna(first[each])
            found[each] = sums[each].where(counted, mean)
        per = first["unit"].isin(("share", "rate")) & sums["numerator"].notna() & (found["denominator"] > 0)
        found["value"] = share.where(per & sums["value"].notna(), found["value"])
    return found.reset_index()[COLUMNS]
