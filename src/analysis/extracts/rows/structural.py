"""Rows that are about other rows: subtotals, repeated headers, printed-by lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pandas as pd

from analysis.extracts.files.reading import Raw, fold
from analysis.extracts.manifest import FileSpec
from analysis.extracts.values.coded import Coded
from analysis.tables.clean import TABLES

Block = TypeVar("Block")

TOTALS = re.compile(r"(summa|delsumma|totalt|total|totalsumma|subtotal|grand total|antal (rader|poster))\b", re.I)
FIRST = tuple("sdtgaSDTGA")
"""What a total may begin with."""
TAIL = 20
"""Rows at the end of a file among which remarks are looked for."""


def structural_rows(
    raw: Raw,
    spec: FileSpec,
    cells: Mapping[int, Coded],
    positions: Mapping[str, int],
    text: Mapping[str, Coded],
    *,
    trusted: np.ndarray,
    last: bool,
) -> np.ndarray:
    """True for subtotals, footers and repeated headers.

    Args:
        raw: A block of a file.
        spec: The file's entry in ``delivery.toml``.
        cells: The block's mapped columns as they stand, by place.
        positions: Place of each mapped column in the file.
        text: The block's columns, trimmed.
        trusted: False for rows whose cells may stand in the wrong column; they are never structure.
        last: The block ends the file, so that remarks may stand at its end.
    """
    nowhere = np.zeros(len(raw.frame), dtype=bool)
    if raw.frame.empty or not positions:
        return nowhere
    sources = {
        name: [part for part in spec.keys.get(name, [name]) if part in positions]
        for name, column in TABLES[spec.table].items()
        if column.required
    }
    sources = {name: parts for name, parts in sources.items() if parts}
    if not sources:
        return nowhere
    filled = {name: text[name].flags(text[name].uniques != "") for name in positions}
    given = {name: np.logical_or.reduce([filled[part] for part in parts]) for name, parts in sources.items()}
    present = list(given.values())
    others = np.logical_and.reduce(present[1:]) if present[1:] else ~nowhere
    # with a day, or with everything but its key, it is a record that lacks the key: set aside, not counted as structure
    dated = [given[name] for name in list(given)[1:] if TABLES[spec.table][name].kind == "date"]
    keyless = ~present[0] & ~np.logical_or.reduce([others & (len(present) > 1), *dated])
    primary = text[next(iter(sources.values()))[0]]
    total = _total(raw.frame, cells) & ~(present[0] & others)
    named = primary.flags(_totals(primary.uniques))
    # a unit may be called Total or Summa; a total has no level and no name beside it
    total |= named & ~others if spec.table == "organisation" else named
    found = keyless | total | _repeated_header(raw, cells, positions, np.logical_or.reduce(list(filled.values())))
    if last:
        found |= _remarks(raw.frame)
    return found & trusted


def ahead(blocks: Iterable[Block]) -> Iterator[Block]:
    """The same blocks, each made by a second thread while the one before it is used."""
    waiting = iter(blocks)
    with ThreadPoolExecutor(max_workers=1) as reader:
        coming = reader.submit(next, waiting, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, waiting, None)
            yield block


def with_tail(blocks: Iterable[Raw]) -> Iterator[tuple[Raw, bool]]:
    """The blocks of a file, with True for the last, which holds at least ``TAIL`` rows where the file does."""
    waiting: list[Raw] = []
    for block in blocks:
        waiting.append(block)
        while sum(len(each.frame) for each in waiting[1:]) >= TAIL:
            yield waiting.pop(0), False
    if waiting:
        yield _joined(waiting), True


def _joined(blocks: list[Raw]) -> Raw:
    if len(blocks) == 1:
        return blocks[0]
    starts = np.cumsum([0, *(len(each.frame) for each in blocks)])
    return replace(
        blocks[0],
        frame=pd.concat([each.frame for each in blocks], ignore_index=True),
        rows=np.concatenate([each.rows for each in blocks]),
        structural=sum(each.structural for each in blocks),
        odd={
            int(start) + place: reason
            for start, each in zip(starts, blocks, strict=False)
            for place, reason in each.odd.items()
        },
    )


def _total(frame: pd.DataFrame, known: Mapping[int, Coded]) -> np.ndarray:
    """True where the first filled cell begins like a total."""
    found = np.zeros(len(frame), dtype=bool)
    blank = ~found
    for position in range(frame.shape[1]):
        cells = known[position] if position in known else Coded.of(frame[position])
        stripped = cells.uniques.str.strip()
        found |= blank & cells.flags(_totals(stripped))
        blank &= cells.flags(stripped == "")
        if not blank.any():
            break
    return found


def _totals(unique: pd.Series) -> pd.Series:
    """True for texts that begin like a total."""
    found = unique.str[:1].isin(FIRST)  # the pattern is slow and most cells hold numbers
    found[found] = unique[found].str.match(TOTALS).astype(bool)
    return found


def _repeated_header(
    raw: Raw, cells: Mapping[int, Coded], positions: Mapping[str, int], filled: np.ndarray
) -> np.ndarray:
    """True where every mapped cell repeats its column's header."""
    header = filled.copy()
    # the column with the fewest values first: it nearly always settles the question
    for position in sorted(positions.values(), key=lambda each: len(cells[each].uniques)):
        if not header.any():
            break
        some = cells[position].rows(header).used()
        header[header] = some.flags(some.uniques.map(fold) == fold(raw.header[position]))
    return header


def _remarks(frame: pd.DataFrame) -> np.ndarray:
    """Rows at the end with one filled cell of several words: printed-by lines and remarks."""
    found = np.zeros(len(frame), dtype=bool)
    if frame.shape[1] < 3:
        return found
    tail = frame.iloc[-TAIL:].apply(lambda column: column.str.strip())
    single = (tail != "").sum(axis=1) <= 1
    first = tail.where(tail != "").bfill(axis=1).iloc[:, 0].fillna("")
    last = single[::-1].cummin()[::-1] & first.str.contains(r"\s|:", regex=True)
    found[-TAIL:] = last.to_numpy(dtype=bool)
    return found
