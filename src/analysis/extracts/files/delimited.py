"""Delimited text: records with the line they start on, whatever quotes, blank lines and stray delimiters do.

Lines whose quotation marks and delimiters are as they should be are found by counting on the byte buffer and go to
Arrow in bulk; every other line goes through the standard library's reader, record by record.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv

from analysis.extracts.files.headers import combine_headers
from analysis.extracts.files.text_lines import Lines

DELIMITERS = (";", ",", "\t", "|")
SAMPLED = 200
"""Records looked at to find the delimiter, or the width of a file without header."""
AHEAD = 50
"""Lines looked at beyond a block, so that the last block is never too short to tell its footer."""
AHEAD_BYTES = 1 << 19
"""More than the longest field the standard library's reader takes."""


class CsvReader(Protocol):
    """What ``csv.reader`` returns."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...

    def __next__(self) -> list[str]: ...


@dataclass(frozen=True)
class Dialect:
    """How a delimited file is written; see ``manifest.FileSpec`` for the meaning of the fields."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    header_row: int = 1
    header_rows: int = 1
    first_row: int | None = None
    footer: int = 0
    width: int | None = None
    """Cells of a record where there is no header; None = as many as most of the first records have."""

    def reader(self, lines: Iterable[str], *, strict: bool = False) -> CsvReader:
        """The standard library's reader over ``lines``."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote or None,
            escapechar=self.escape,
            quoting=csv.QUOTE_MINIMAL if self.quote else csv.QUOTE_NONE,
            strict=strict,
            skipinitialspace=self.delimiter != " ",  # a blank after the delimiter hides no quotation mark
        )

    @property
    def above(self) -> int:
        """Lines before the first header line, or before the first record where there is no header."""
        return self.header_row - 1 if self.header_row else (self.first_row or 1) - 1


@dataclass
class Records:
    """Records under a header; see ``reading.Raw`` for the meaning of the fields."""

    header: list[str]
    frame: pd.DataFrame
    rows: np.ndarray
    structural: int
    odd: dict[int, str]
    last: bool = True


def sniff_delimiter(text: str, *, header_row: int, score: Callable[[list[str]], int]) -> str:
    """Choose among ``;`` ``,`` tab and ``|`` by expected headers, then by consistent width, then by width.

    Args:
        text: The beginning of the file, decoded.
        header_row: 1-based line of the header, 0 where there is none.
        score: How many of a header's names are expected.
    """
    ranked = []
    above = max(header_row, 1) - 1
    lines = io.StringIO(text[:400_000], newline=None).readlines()[above : above + SAMPLED]
    for rank, delimiter in enumerate(DELIMITERS):
        try:
            reader = csv.reader(lines, delimiter=delimiter)
            parsed = [record for record in reader if any(map(str.strip, record))]
        except csv.Error:
            continue
        if not parsed:
            continue
        width = len(parsed[0])
        same = sum(len(record) == width for record in parsed) / len(parsed)
        ranked.append((score(parsed[0]), same if width > 1 else 0.0, width, -rank, delimiter))
    return max(ranked)[-1] if ranked else DELIMITERS[0]


def read_record_blocks(texts: Iterator[str], dialect: Dialect, *, rows: int | None = None) -> Iterator[Records]:
    """Read the records of a text given in pieces (line ends a line feed), in blocks of about ``rows`` lines.

    Records with too many or too few cells are kept, cut or padded, and marked odd, so that none is lost;
    surplus cells that are empty are what spreadsheets write and are no fault. Nothing is yielded if there is no
    header where it should be; ``structural`` of the first block holds what lies above the records.
    """
    lines = Lines(texts)
    found = _header(lines, dialect)
    if found is None:
        return
    header, structural = found
    size = float("inf") if rows is None else rows
    last = False
    while not last:
        lines.need(size + AHEAD + dialect.footer, AHEAD_BYTES)
        left = max(lines.count - dialect.footer, 0) if lines.ended else None
        last = left is not None and left <= size + AHEAD
        block = _block(lines, dialect, header, left if last and left is not None else int(size))
        block.last = last
        block.structural += structural + (lines.count if last else 0)  # what is left is the footer
        structural = 0
        yield block


def _header(lines: Lines, dialect: Dialect) -> tuple[list[str], int] | None:
    """Names of the columns and lines passed over before the first record; ``lines`` then begins with it."""
    above = dialect.above
    lines.need(above + dialect.header_rows + SAMPLED, AHEAD_BYTES)
    if lines.count <= above:
        return None
    if dialect.header_row == 0:
        lines.skip(above)
        widths = Counter(map(len, _sample(lines, dialect)))
        width = dialect.width or (max(widths, key=lambda each: (widths[each], each)) if widths else 0)
        return ([str(place + 1) for place in range(width)], above) if width else None
    reader = dialect.reader(islice(lines, above, None))
    try:
        parts = list(islice(reader, dialect.header_rows))
    except csv.Error:
        return None
    if not any(cell.strip() for part in parts for cell in part):
        return None
    taken = reader.line_num
    between = max((dialect.first_row or 0) - 1 - above - taken, 0)
    lines.skip(above + taken)
    lines.need(between)
    lines.skip(min(between, lines.count))
    return (parts[0] if len(parts) == 1 else combine_headers(parts)), above + between


def _sample(lines: Lines, dialect: Dialect) -> list[list[str]]:
    try:
        return [record for record in dialect.reader(islice(lines, SAMPLED)) if any(map(str.strip, record))]
    except csv.Error:
        return []


def _block(lines: Lines, dialect: Dialect, header: list[str], cut: int) -> Records:
    """The records that start in the first ``cut`` lines, which are then dropped."""
    while (parsed := _parse(lines, dialect, len(header), cut)) is None:
        lines.need(2 * lines.count + 1, 2 * len(lines.data) + 1)
    frame, places, odd, blank, taken, size = parsed
    records = Records(header, frame, places + lines.number + 1, blank, odd)
    lines.skip(taken, size)
    return records


def _parse(
    lines: Lines, dialect: Dialect, width: int, cut: int
) -> tuple[pd.DataFrame, np.ndarray, dict[int, str], int, int, int] | None:
    """Cells, lines of the records, odd records, blank records, lines and bytes taken; None if the window is short."""
    data = lines.data[: lines.end(lines.count)]
    buffer = np.frombuffer(data, dtype="uint8")
    ends = np.flatnonzero(buffer == ord("\n"))
    starts = np.concatenate([[0], ends[:-1] + 1]).astype("int64")
    sound = _sound(buffer, ends, dialect, width)
    single: list[tuple[int, list[str], str]] = []
    blank, beyond = 0, 0
    for line in np.flatnonzero(~sound[:cut]).tolist():
        if line < beyond:
            continue
        found = _careful(lines, ends, starts, line, dialect, width)
        if found is None:
            return None
        record, reason, beyond = found
        sound[line:beyond] = False
        if not reason and not any(cell.strip() for cell in record):
            blank += 1
            continue
        fitted, misfit = _fit(record, width)
        single.append((line, fitted, reason or misfit))
    taken = max(cut, beyond)
    bulk = np.flatnonzero(sound[:taken])
    frame = _arrow(data, starts, ends, bulk, dialect, width)
    empty = blank_rows(frame)
    if empty.any():
        frame, bulk, blank = frame[~empty], bulk[~empty], blank + int(empty.sum())
    if single:
        careful = pd.DataFrame([record for _, record, _ in single], columns=range(width), dtype="str")
        frame = pd.concat([frame, careful]) if len(frame) else careful
        bulk = np.concatenate([bulk, [line for line, _, _ in single]]).astype("int64")
        order = np.argsort(bulk, kind="stable")
        frame, bulk = frame.iloc[order], bulk[order]
    odd = {int(np.searchsorted(bulk, line)): reason for line, _, reason in single if reason}
    return (
        frame.reset_index(drop=True),
        bulk,
        odd,
        blank,
        taken,
        int(ends[min(taken, len(ends)) - 1]) + 1 if taken else 0,
    )


def _sound(buffer: np.ndarray, ends: np.ndarray, dialect: Dialect, width: int) -> np.ndarray:
    """True for lines that are one record of ``width`` cells by the strict rules of quoting."""
    marks = [dialect.delimiter, dialect.quote or '"', dialect.escape or "\\"]
    if width < 2 or any(len(mark.encode()) != 1 for mark in marks):
        return np.zeros(len(ends), dtype=bool)
    delimiter, quote, escape = (ord(mark) for mark in marks)
    delimits = buffer == delimiter
    quotes = buffer == quote if dialect.quote else np.zeros(0, dtype=bool)
    broken: list[np.ndarray] = []
    if quotes.any():
        inside = np.bitwise_xor.accumulate(quotes.view("uint8"))
        left_open = inside[ends]
        if left_open.any():
            # a mark too many on one line must not turn the lines below inside out
            inside = inside ^ np.repeat(np.append(0, left_open[:-1]), np.diff(ends, prepend=-1)).astype("uint8")
            broken.append(np.flatnonzero(inside[ends]))
        delimits &= inside == 0
        places = np.flatnonzero(quotes)
        before = np.where(places > 0, buffer[places - 1], ord("\n"))
        after = buffer[places + 1]  # the buffer ends in a line end
        beside = np.where(inside[places] == 1, before, after)
        fine = (beside == delimiter) | (beside == ord("\n")) | (beside == quote)
        broken.append(np.searchsorted(ends, places[~fine]))
    delimiters = np.flatnonzero(delimits)
    cells = np.diff(np.searchsorted(delimiters, ends), prepend=0) + 1
    sound = cells == width
    for where in broken:
        sound[where] = False
    if dialect.escape:
        sound[np.searchsorted(ends, np.flatnonzero(buffer == escape))] = False
    return np.asarray(sound)


def _careful(
    lines: Lines, ends: np.ndarray, starts: np.ndarray, line: int, dialect: Dialect, width: int
) -> tuple[list[str], str, int] | None:
    """One record by the standard library's reader: cells, reason against it, and the line after it.

    None if the record may go on beyond the window.
    """
    passed: list[str] = []
    short = False

    def rest() -> Iterator[str]:
        nonlocal short
        for place in range(line, len(ends)):
            passed.append(lines.data[starts[place] : ends[place] + 1].decode())
            yield passed[-1]
        short = not lines.ended

    try:
        record = next(dialect.reader(rest()))
        # a quotation mark swallowed the lines below: set one line aside and go on from the next
        broken = len(passed) > 1 and not _well_quoted(passed, record, width, dialect)
    except csv.Error:
        broken, record = True, []
    if short:
        return None
    return ([""] * width, "unbalanced_quote", line + 1) if broken else (record, "", line + len(passed))


def _well_quoted(lines: list[str], record: list[str], width: int, dialect: Dialect) -> bool:
    """True if a record over several lines obeys the strict rules of quoting and is as wide as the header."""
    try:
        return len(record) == width and list(dialect.reader(lines, strict=True)) == [record]
    except csv.Error:
        return False


def _fit(record: list[str], width: int) -> tuple[list[str], str]:
    if len(record) > width:
        surplus = any(cell.strip() for cell in record[width:])
        return record[:width], "too_many_fields" if surplus else ""
    if len(record) < width:
        return record + [""] * (width - len(record)), "too_few_fields"
    return record, ""


def _arrow(
    data: bytes, starts: np.ndarray, ends: np.ndarray, chosen: np.ndarray, dialect: Dialect, width: int
) -> pd.DataFrame:
    """The cells of sound lines, in bulk."""
    if not len(chosen):
        return pd.DataFrame(columns=range(width), dtype="str")
    breaks = np.flatnonzero(np.diff(chosen) > 1)
    firsts, lasts = chosen[np.append(0, breaks + 1)], chosen[np.append(breaks, len(chosen) - 1)]
    runs = [data[starts[first] : ends[last] + 1] for first, last in zip(firsts, lasts, strict=True)]
    names = [str(place) for place in range(width)]
    table = pyarrow.csv.read_csv(
        pa.BufferReader(b"".join(runs)),
        read_options=pyarrow.csv.ReadOptions(
            column_names=names, block_size=max(1 << 20, 2 * int((ends[chosen] - starts[chosen]).max()) + 2)
        ),
        parse_options=pyarrow.csv.ParseOptions(
            delimiter=dialect.delimiter, quote_char=dialect.quote or False, ignore_empty_lines=False
        ),
        convert_options=pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
        ),
    )
    if table.num_rows != len(chosen):
        raise AssertionError(f"{len(chosen)} lines gave {table.num_rows} records")
    frame = table.to_pandas()
    frame.columns = range(width)
    return frame


def blank_rows(frame: pd.DataFrame) -> np.ndarray:
    """True for rows of nothing but blanks."""
    left = np.arange(len(frame))
    for place in range(frame.shape[1]):
        if not len(left):
            break
        column = frame.iloc[:, place]
        cells = column if len(left) == len(frame) else column.iloc[left]
        left = left[(cells.str.isspace() | (cells == "")).to_numpy(dtype=bool)]
    blank = np.zeros(len(frame), dtype=bool)
    blank[left] = True
    return blank
