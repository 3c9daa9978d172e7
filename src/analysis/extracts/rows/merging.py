"""Rows that say the same thing twice: exact duplicates, and overlapping spells of one employment.

Hashes and dates of all rows, sorted into buckets by person, tell which rows may; only those are looked at whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice
from analysis.extracts.rows.buckets import Buckets
from analysis.extracts.rows.splitting import SPLIT, Splitting, same_day
from analysis.extracts.rows.staging import StagedTable
from analysis.extracts.values.coded import FACTOR, hashes
from analysis.tables.clean import TABLES

SPELL = ["person", "employment", "unit", "form"]
UNNUMBERED = ["aid", "title", "rate"]
"""Without an employment number two rows may be two posts; only rows with equal terms are then one spell."""
OPEN = np.iinfo("int64").max
EPOCH, SPAN = 1 << 20, 1 << 22
"""Days before 1970 and in all that a row may name: from the year -900 to past 9999."""
BUCKET = 200_000
"""Rows of a bucket, about."""
BATCH = 100_000
"""Rows looked at whole at a time, about."""
RECORD = np.dtype([("person", "u8"), ("values", "u8"), ("place", "i8")])
EMPLOYED = np.dtype([*RECORD.descr, ("employment", "u8"), ("start", "i4"), ("end", "i4")])


def merge(name: str, table: StagedTable, *, splits: Sequence[str | None] = ()) -> tuple[list[int], list[Notice]]:
    """Merge rows that agree in every canonical column, and overlapping rows of one employment.

    Of equal rows, within and between files, the first stays. A merged spell stands where the row stood whose terms
    it carries. What a later file says otherwise of an employment from the same day holds (``outdated``).

    Args:
        name: The table's name.
        table: The table; it is left without the rows that are merged away.
        splits: What rates of rows at the same time mean (``manifest.FileSpec.split``), of each of its parts.

    Returns:
        Rows merged away of each of the table's parts, and what is to be told of rows at the same time.
    """
    files = len(table.parts)
    alike, meeting = _candidates(name, table)
    if name == "employments":
        gone = _joined([outdated(rows) for rows in _batches(table, *meeting)])
    else:
        meeting = same_day(table) if name in SPLIT else meeting
        gone = _joined([delivered_again(rows, list(TABLES[name])) for rows in _batches(table, *meeting)])
    counts = np.array(table.drop(gone))
    alike, meeting = _without(alike, gone), _without(meeting, gone)
    split, apart = Splitting(name, table, splits), np.zeros(0, dtype="int64")
    if name in SPLIT:
        for rows in _batches(table, *meeting):
            split.add_up(rows)
        gone, apart = split.added(), split.apart
        counts += table.drop(gone)
        alike, meeting = _without(alike, np.union1d(gone, apart)), _without(meeting, gone)
    gone = _joined([repeats(rows[list(TABLES[name])]) for rows in _batches(table, *alike)])
    counts += table.drop(gone)
    meeting = _without(meeting, gone)
    if name == "employments":
        found = [spells(rows) for rows in _batches(table, *_without(meeting, apart))]
        if found:
            table.amend(pd.concat([spans for spans, _ in found]))
            gone = _joined([places for _, places in found])
            counts += table.drop(gone)
            meeting = _without(meeting, gone)
    notices: list[Notice] = []
    if name in SPLIT:
        for rows in _batches(table, *meeting):
            split.share(rows)
        notices = split.done()
    return [int(count) for count in counts[:files]], notices


def _without(places: Places, gone: np.ndarray) -> Places:
    stay = ~np.isin(places[1], gone)
    return places[0][stay], places[1][stay]


def repeats(rows: pd.DataFrame) -> np.ndarray:
    """Index of the rows that say what an earlier one says."""
    return rows.index[rows.duplicated()].to_numpy("int64")


def delivered_again(rows: pd.DataFrame, facts: Sequence[str]) -> np.ndarray:
    """Index of the rows that an earlier file holds already: what is true twice stands twice in one file."""
    first = rows.groupby(list(facts), dropna=False, sort=False, observed=True)["source"].transform("first")
    return rows.index[rows["source"].astype("str") != first.astype("str")].to_numpy("int64")


def outdated(rows: pd.DataFrame) -> np.ndarray:
    """Index of the rows that another file tells anew: of one employment in one unit and form, from one day.

    The last file holds, since extracts of the whole history follow each other: who was open in the first and has ended
    in the second has ended. Where the last file only repeats an earlier one, the earliest of them holds.

    Args:
        rows: Rows of ``employments``, of one file after the other.
    """
    source = rows["source"].astype("str").to_numpy()
    if len(set(source)) < 2:
        return np.zeros(0, dtype="int64")
    keys = _spell_keys(rows).assign(start=rows["start"])
    said = pd.util.hash_pandas_object(rows[list(TABLES["employments"])].astype("str"), index=False).to_numpy()
    work = pd.DataFrame({"said": said, "source": source, "place": rows.index})
    work["group"] = keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup().to_numpy()
    told = work.groupby(["group", "source"], sort=False).agg(said=("said", "sum"), place=("place", "min"))
    told = told.sort_values("place", kind="stable").reset_index()
    told = told[told["said"] == told.groupby("group")["said"].transform("last")]
    holds = told.drop_duplicates("group").set_index("group")["source"]
    return rows.index[work["source"].to_numpy() != work["group"].map(holds).to_numpy()].to_numpy("int64")


def _spell_keys(rows: pd.DataFrame) -> pd.DataFrame:
    """What rows of one spell agree in."""
    keys = rows[SPELL].astype("str")
    unnumbered = rows["employment"].isna()
    for column in UNNUMBERED:
        keys[column] = rows[column].where(unnumbered).astype("str")
    return keys


def spells(rows: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
    """Make one spell of overlapping rows of the same person, employment, unit and form.

    The spell runs from the earliest start to the latest end (an open end is the latest) and carries the
    terms of the row that starts last. Rows that only touch (one ends on the day the next starts) stay apart.

    Args:
        rows: Rows of ``employments``.

    Returns:
        ``start`` and ``end`` of merged spells by the index of the row with their terms; and the index of all other
        rows that went into one.
    """
    keys = _spell_keys(rows)
    work = pd.DataFrame(
        {
            "group": keys.groupby(list(keys.columns), dropna=False, sort=False).ngroup().to_numpy(),
            "start": rows["start"].to_numpy("datetime64[us]").astype("int64"),
            "end": rows["end"].to_numpy("datetime64[us]").astype("int64"),
            "place": rows.index.to_numpy(),
        }
    )
    work["end"] = work["end"].where(rows["end"].notna().to_numpy(), OPEN)
    work = work.sort_values(["group", "start", "place"], kind="stable")
    reached = work.groupby("group")["end"].cummax()
    new = (work["group"] != work["group"].shift()) | (work["start"] >= reached.shift())
    work["spell"] = new.cumsum()
    work = work[work.groupby("spell")["place"].transform("size") > 1]
    found = work.groupby("spell").agg(start=("start", "min"), end=("end", "max"), place=("place", "last"))
    ends = np.where(found["end"] == OPEN, np.datetime64("NaT", "us"), found["end"].to_numpy().astype("datetime64[us]"))
    spans = pd.DataFrame(
        {"start": found["start"].to_numpy().astype("datetime64[us]"), "end": ends}, index=found["place"].to_numpy()
    )
    return spans, np.setdiff1d(work["place"], spans.index)


Places = tuple[np.ndarray, np.ndarray]
"""A number per row, equal for rows to be looked at together, and each row's place in the table."""


def _candidates(name: str, table: StagedTable) -> tuple[Places, Places]:
    """Rows that may repeat another, and rows of persons who may have overlapping ones: all that do, and few others."""
    employed = name == "employments"
    buckets = Buckets(1 + table.size // BUCKET, EMPLOYED if employed else RECORD)
    for frame in table.frames([each for each, spec in TABLES[name].items() if _looked_at(each, spec.kind)]):
        records = np.zeros(len(frame), dtype=EMPLOYED if employed else RECORD)
        records["place"] = frame.index
        records["values"] = _mixed(frame)
        records["person"] = hashes(frame["person"]) if "person" in frame else records["values"]
        if employed:
            records["employment"] = hashes(frame["employment"])
            for day in ("start", "end"):
                days = frame[day].to_numpy("datetime64[D]").astype("int64")
                records[day] = np.where(frame[day].isna(), SPAN - 1 - EPOCH, days)
        buckets.add(records["person"], records)
    alike, meeting = [], []
    for records in buckets:
        both = records["values"] * FACTOR ^ records["person"]
        twice = pd.Series(both).duplicated(keep=False).to_numpy()
        alike.append((both[twice], records["place"][twice]))
        if employed:
            some = _overlapping(records)
            meeting.append((records["person"][some], records["place"][some]))
    return _together(alike), _together(meeting)


def _looked_at(column: str, kind: str) -> bool:
    return kind not in ("key", "text") or column in ("person", "employment")


def _mixed(table: pd.DataFrame) -> np.ndarray:
    """One hash per row of the columns of numbers and dates."""
    mixed = np.zeros(len(table), dtype="uint64")
    for _, values in table.items():
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


def _overlapping(records: np.ndarray) -> np.ndarray:
    """Positions of all rows of persons and employments of which some rows overlap: few of many."""
    start, end = (records[day].astype("int64") + EPOCH for day in ("start", "end"))
    places = np.flatnonzero(_meets(pd.factorize(records["person"])[0], start, end))
    # several posts at a time are common and no overlap
    both = records["person"][places] * FACTOR ^ records["employment"][places]
    return places[_meets(pd.factorize(both)[0], start[places], end[places])]


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


def _batches(table: StagedTable, together: np.ndarray, places: np.ndarray) -> Iterator[pd.DataFrame]:
    """Rows at ``places`` in their order, some at a time; those with one number in ``together`` at the same time."""
    order = np.argsort(together, kind="stable")
    together, places = together[order], places[order]
    new = np.append(True, together[1:] != together[:-1]) if len(together) else np.zeros(0, dtype=bool)
    batch = np.maximum.accumulate(np.where(new, np.arange(len(places)), 0)) // BATCH
    for each in np.unique(batch):
        yield table.take(np.sort(places[batch == each]))


def _together(found: list[Places]) -> Places:
    return _joined([each for each, _ in found], "uint64"), _joined([places for _, places in found])


def _joined(places: list[np.ndarray], kind: str = "int64") -> np.ndarray:
    return np.concatenate([*places, np.zeros(0, dtype=kind)]).astype(kind)
