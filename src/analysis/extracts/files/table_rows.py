"""Which rows of a sheet or a cut text are preamble, header, records and footer."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.extracts.files.cell_kinds import kind, typed
from analysis.extracts.files.headers import combine_headers

SEARCHED = 60
"""Rows looked through for the header."""
TYPED_SHARE = 0.6
"""Share of a column's values that are numbers or dates, above which words in it are no value."""
RULER = re.compile(r"[-=_+|:\s]*[-=_]{2,}[-=_+|:\s]*")

Row = Sequence[str]


@dataclass(frozen=True)
class Rows:
    """Positions in the rows looked at (from 0); ``header`` is None where there is no header."""

    header: int | None
    header_rows: int
    first: int
    width: int
    names: tuple[str, ...]
    confidence: float


def find_rows(rows: Sequence[Row]) -> Rows:
    """Find header and first record among the first rows of a table.

    The width is that of most rows. Columns of numbers and dates tell records from headers: a header has words where
    the records below it have values. Rows above the names that span several columns are part of the header.
    """
    width = _width(rows)
    body = [row for row in rows if _filled(row) > min(1, width - 1)]
    columns = _typed_columns(body, width)
    first = _first_record(rows, columns, width)
    if first is None:
        first, sure = _first_of_words(rows, width)
        last = _above(rows, first)
    else:
        last, sure = _above(rows, first), 0.95
    if last is None or not _names(rows[last], width):
        names = tuple(str(place + 1) for place in range(width))
        return Rows(None, 0, first, width, names, 0.9 if columns and sure > 0.9 else 0.5)
    while (higher := _above(rows, last)) == last - 1 and _whole(rows[higher], width) and _filled(rows[last]) < width:
        first, last = last, higher  # what stands under a name for every column is a record, values or not
    top = last
    while (higher := _above(rows, top)) is not None and _group(rows, higher, top, width):
        top = higher
    parts = [list(row) for row in rows[top : last + 1]]
    width = max(width, len(_trimmed(rows[last])))
    if len(parts) == 1 and _row_names(rows[first:], parts[0], width):
        parts = [["", *parts[0]]]
    combined = combine_headers([part[:width] for part in parts])
    names = tuple(combined + [""] * (width - len(combined)))
    return Rows(top, last - top + 1, first, width, names, sure)


def count_footer(rows: Sequence[Row], width: int) -> int:
    """Rows at the end that are no records: remarks and printed-by lines, with the blank rows around them."""
    footer, seen = 0, 0
    for row in reversed(rows):
        filled = [cell.strip() for cell in row if cell.strip()]
        if not filled:
            seen += 1
            continue
        if not _remark(row, filled, width):
            break
        seen += 1
        footer = seen
    return footer


def _remark(row: Row, filled: list[str], width: int) -> bool:
    """True for a row of words that fills too little of the table to be a record: a remark, or a term explained."""
    if width == 1 or any(map(typed, filled)):
        return False
    if len(filled) == 1:
        return bool(re.search(r"\s|:", filled[0])) and (width > 2 or len(row) < width)
    few = len(filled) <= max(1, width // 4)
    return few and (len(row) < width or any(len(cell) > 40 for cell in filled))


def is_ruler(row: Row) -> bool:
    """True for a line of dashes between header and records."""
    text = " ".join(row).strip()
    return RULER.fullmatch(text) is not None


def _trimmed(row: Row) -> Row:
    end = len(row)
    while end and not row[end - 1].strip():
        end -= 1
    return row[:end]


def _filled(row: Row) -> int:
    return sum(1 for cell in row if cell.strip())


def _width(rows: Sequence[Row]) -> int:
    widths = Counter(len(row) for row in rows if _filled(row))
    return max(widths, key=lambda each: (widths[each] * (each > 1), widths[each], each)) if widths else 1


def _typed_columns(rows: Sequence[Row], width: int) -> dict[int, Counter[str]]:
    """Columns of numbers or dates and the kinds found in them; the top rows count only where there are few others."""
    body = rows[min(SEARCHED, len(rows) // 3) :]
    columns = {}
    for place in range(width):
        kinds = Counter(kind(row[place]) for row in body if place < len(row))
        values = kinds["number"] + kinds["date"]
        if values and values >= TYPED_SHARE * (values + kinds["text"]):
            columns[place] = kinds
    return columns


def _first_record(rows: Sequence[Row], columns: dict[int, Counter[str]], width: int) -> int | None:
    """The first row with values where the columns have values; None if no column has."""
    if not columns:
        return None
    start = None
    for place, row in enumerate(rows[:SEARCHED]):
        agree = sum(1 for column in columns if column < len(row) and typed(row[column]))
        against = sum(1 for column in columns if column < len(row) and kind(row[column]) == "text")
        short = len(_trimmed(row)) < min(width, 2) or (len(row) < width and _filled(row) < max(2, width // 2))
        if agree > against and not short and not _years(row, rows[place + 1 : place + 6], columns):
            start = place
            break
    if start is None:
        return None
    # rows just above that lack every value (a record of words, or of markers) belong to the records
    while start and len(rows[start - 1]) == len(rows[start]) and _valueless(rows[start - 1], columns):
        start -= 1
    return start


def _valueless(row: Row, columns: dict[int, Counter[str]]) -> bool:
    kinds = [kind(row[column]) for column in columns]
    return "missing" in kinds and not {"text"} & set(kinds) and _filled(row) > 1


def _years(row: Row, below: Sequence[Row], columns: dict[int, Counter[str]]) -> bool:
    """True for a header whose names are consecutive years over values that are none."""
    values = [row[column].strip() for column in columns if column < len(row) and row[column].strip()]
    if len(values) < 2 or not all(re.fullmatch(r"(19|20)\d\d", value) for value in values):
        return False
    numbers = [int(value) for value in values]
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    same = [row[column] for row in below for column in columns if column < len(row)]
    years = sum(1 for cell in same if re.fullmatch(r"(19|20)\d\d", cell.strip()))
    return steps in ({1}, {-1}) and years < len(same) / 2


def _first_of_words(rows: Sequence[Row], width: int) -> tuple[int, float]:
    """Where all columns are words: the row after the first whole row, which is taken for the header."""
    need = max(1, -(-2 * width // 3))
    for place, row in enumerate(rows[:SEARCHED]):
        if _filled(row) >= need and len(row) >= min(width, 2):
            return place + 1, 0.6
    return 0, 0.3


def _above(rows: Sequence[Row], place: int) -> int | None:
    """The nearest row above that is neither blank nor a ruler, at most two rows further up."""
    for higher in range(place - 1, max(place - 4, -1), -1):
        if _filled(rows[higher]) and not is_ruler(rows[higher]):
            return higher
    return None


def _names(row: Row, width: int) -> bool:
    """True if a row can name columns: words, in most of the columns or in two at least."""
    words = sum(1 for cell in row if kind(cell) in ("text", "missing"))
    return words > 0 and (width == 1 or _filled(row) >= max(2, width // 3))


def _whole(row: Row, width: int) -> bool:
    """True for different words in every column."""
    cells = [cell.strip() for cell in row]
    return width > 2 and len(cells) == width == len(set(cells)) and all(kind(cell) == "text" for cell in cells)


def _row_names(body: Sequence[Row], header: Row, width: int) -> bool:
    """True where a header leaves out the column of row names: one cell short of records whose last cell is filled."""
    full = [row for row in body if _filled(row)]
    return len(header) == width - 1 and len(full) > 0 and all(len(row) == width and row[-1].strip() for row in full)


def _group(rows: Sequence[Row], higher: int, lower: int, width: int) -> bool:
    """True if a row above a header row groups its columns: it reaches over the table and leaves cells to span."""
    row = _trimmed(rows[higher])
    if width < 2 or len(row) < min(3, width) or len(rows[higher]) < width:
        return False
    cells = [cell.strip() for cell in rows[higher][:width]]
    filled = [cell for cell in cells if cell]
    if (len(filled) < 3 and any(len(cell) > 80 for cell in filled)) or len(row) - 1 < width / 6:
        return False
    below = [cell.strip() for cell in rows[lower][:width]]
    spans = len(filled) < width or len(set(filled)) < len(filled)
    holes = any(not cell and above for cell, above in zip(below, cells, strict=False))
    if len(filled) == 1:
        # alone, it is a title unless it stands right above the names or belongs to a group right above it
        belongs = lower - higher == 1 or (higher > 0 and _filled(rows[higher - 1]) > 1)
        return belongs and not cells[0] and spans
    return spans or holes
