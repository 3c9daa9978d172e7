"""Rows that say the same thing twice: exact duplicates, and overlapping spells of one employment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.tables.clean import TABLES

SPELL = ["person", "employment", "unit", "form"]
UNNUMBERED = ["aid", "title", "rate"]
"""Without an employment number two rows may be two posts; only rows with equal terms are then one spell."""
OPEN = np.iinfo("int64").max


def merge_duplicates(name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Keep the first of rows that agree in every canonical column, within and between files.

    Returns:
        The table without repeats (index kept), and the number of merged rows per ``source``.
    """
    repeated = table.duplicated(list(TABLES[name]))
    return table[~repeated], table.loc[repeated, "source"].value_counts()


def merge_overlaps(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Make one spell of overlapping rows of the same person, employment, unit and form.

    The spell runs from the earliest start to the latest end (an open end is the latest) and carries the
    terms of the row that starts last. Rows that only touch (one ends on the day the next starts) stay apart.

    Returns:
        ``employments`` with one row per spell in file order, and the number of merged rows per ``source``.
    """
    if table.empty:
        return table, pd.Series(dtype="int64")
    keys = table[SPELL].copy()
    unnumbered = table["employment"].isna()
    for column in UNNUMBERED:
        keys[column] = table[column].where(unnumbered).astype("str")
    group = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup()
    work = pd.DataFrame(
        {
            "group": group.to_numpy(),
            "start": table["start"].to_numpy("datetime64[us]").astype("int64"),
            "end": table["end"].to_numpy("datetime64[us]").astype("int64"),
            "position": np.arange(len(table)),
        }
    )
    work["end"] = work["end"].where(table["end"].notna().to_numpy(), OPEN)
    work = work.sort_values(["group", "start", "position"], kind="stable")
    reached = work.groupby("group")["end"].cummax()
    new = (work["group"] != work["group"].shift()) | (work["start"] >= reached.shift())
    work["spell"] = new.cumsum()
    size = work.groupby("spell")["position"].transform("size")
    if (size == 1).all():
        return table, pd.Series(dtype="int64")
    spells = work.groupby("spell").agg(
        start=("start", "min"), end=("end", "max"), terms=("position", "last"), first=("position", "min")
    )
    spells = spells.sort_values("first", kind="stable")
    merged = table.iloc[spells["terms"].to_numpy()].copy()
    merged["start"] = spells["start"].to_numpy().astype("datetime64[us]")
    ends = spells["end"].to_numpy()
    merged["end"] = np.where(ends == OPEN, np.datetime64("NaT", "us"), ends.astype("datetime64[us]"))
    dropped = table.index.difference(merged.index)
    return merged, table.loc[dropped, "source"].value_counts()
