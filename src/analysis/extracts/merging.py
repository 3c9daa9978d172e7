"""Rows that say the same thing twice: exact duplicates, and overlapping spells of one employment."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.extracts.coded import codes
from analysis.tables.clean import TABLES

SPELL = ["person", "employment", "unit", "form"]
UNNUMBERED = ["aid", "title", "rate"]
"""Without an employment number two rows may be two posts; only rows with equal terms are then one spell."""
OPEN = np.iinfo("int64").max
FACTOR = np.uint64(1_000_003)
EPOCH, SPAN = 1 << 20, 1 << 22
"""Days before 1970 and in all that a row may name: from the year -900 to past 9999."""


def merge_duplicates(name: str, table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Keep the first of rows that agree in every canonical column, within and between files.

    Returns:
        The table without repeats (index kept), and the number of merged rows per ``source``.
    """
    columns = list(TABLES[name])
    alike = _alike(table[columns])
    if not alike.any():
        return table, pd.Series(dtype="int64")
    repeated = np.zeros(len(table), dtype=bool)
    repeated[alike] = table.loc[alike, columns].duplicated().to_numpy()
    return table[~repeated], table.loc[repeated, "source"].value_counts()


def _alike(table: pd.DataFrame) -> np.ndarray:
    """True for rows that share a hash of numbers, dates and person with another: all repeats, and few others."""
    mixed = _mixed(table)
    alike = pd.Series(mixed).duplicated(keep=False).to_numpy(copy=True)
    if "person" in table and alike.any():
        # the person last: text is slow, and most rows have been told apart by then
        person = pd.factorize(table["person"].array[alike])[0]
        both = mixed[alike] * FACTOR ^ pd.util.hash_array(person)
        alike[alike] = pd.Series(both).duplicated(keep=False).to_numpy()
    return alike


def _mixed(table: pd.DataFrame) -> np.ndarray:
    """One hash per row of the columns of numbers and dates."""
    mixed = np.zeros(len(table), dtype="uint64")
    for _, values in table.items():
        if values.isna().all():
            continue
        plain: np.ndarray
        if isinstance(values.dtype, np.dtype) and values.dtype.kind == "M":
            plain = values.to_numpy().astype("int64")
        elif pd.api.types.is_numeric_dtype(values.dtype):
            # one NaN and one zero: equal values must have equal bits
            plain = values.to_numpy("float64", na_value=np.nan) + 0.0
            plain[np.isnan(plain)] = np.nan
        else:
            continue
        mixed = mixed * FACTOR ^ pd.util.hash_array(plain)
    return mixed


def merge_overlaps(table: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Make one spell of overlapping rows of the same person, employment, unit and form.

    The spell runs from the earliest start to the latest end (an open end is the latest) and carries the
    terms of the row that starts last. Rows that only touch (one ends on the day the next starts) stay apart.

    Returns:
        ``employments`` with one row per spell in file order, and the number of merged rows per ``source``.
    """
    if table.empty:
        return table, pd.Series(dtype="int64")
    positions = _overlapping(table)
    if not len(positions):
        return table, pd.Series(dtype="int64")
    some = table.iloc[positions]
    keys = some[SPELL].astype("str")
    unnumbered = some["employment"].isna()
    for column in UNNUMBERED:
        keys[column] = some[column].where(unnumbered).astype("str")
    group = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup()
    work = pd.DataFrame(
        {
            "group": group.to_numpy(),
            "start": some["start"].to_numpy("datetime64[us]").astype("int64"),
            "end": some["end"].to_numpy("datetime64[us]").astype("int64"),
            "position": positions,
        }
    )
    work["end"] = work["end"].where(some["end"].notna().to_numpy(), OPEN)
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
    alone = np.setdiff1d(np.arange(len(table)), positions, assume_unique=True)
    order = np.argsort(np.concatenate([alone, spells["first"]]), kind="stable")
    terms = np.concatenate([alone, spells["terms"]])[order]
    merged = table.iloc[terms].copy()
    joined = order >= len(alone)
    merged.loc[joined, "start"] = spells["start"].to_numpy()[order[joined] - len(alone)].astype("datetime64[us]")
    ends = spells["end"].to_numpy()[order[joined] - len(alone)]
    merged.loc[joined, "end"] = np.where(ends == OPEN, np.datetime64("NaT", "us"), ends.astype("datetime64[us]"))
    dropped = table.index.difference(merged.index)
    return merged, table.loc[dropped, "source"].value_counts()


def _overlapping(table: pd.DataFrame) -> np.ndarray:
    """Positions of all rows of persons and employments of which some rows overlap: few of many."""
    start = table["start"].to_numpy("datetime64[D]").astype("int64") + EPOCH
    end = np.where(table["end"].isna(), SPAN - 1, table["end"].to_numpy("datetime64[D]").astype("int64") + EPOCH)
    person = codes(table["person"])
    places = np.flatnonzero(_meets(person, start, end))
    # several posts at a time are common and no overlap; text is slow, so only these persons' employments are told apart
    person = person[places]
    employment = codes(table["employment"].iloc[places])
    one = pd.factorize(person * (employment.max(initial=0) + 2) + employment)[0]
    return places[_meets(one, start[places], end[places])]


def _meets(one: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """True for all spans of a code ``one`` of which some overlap; ``start`` and ``end`` in days below ``SPAN``."""
    # codes follow each other on one line of days, each on a stretch of its own
    begins, reaches = one * SPAN + start, one * SPAN + end
    order = np.argsort(begins, kind="stable")
    reached = np.maximum.accumulate(reaches[order])
    met = begins[order][1:] < reached[:-1]
    met &= one[order][1:] == one[order][:-1]
    found = np.zeros(one.max(initial=0) + 1, dtype=bool)
    found[one[order][1:][met]] = True
    return found[one]
