"""Raw files in: every record as text, with the line or sheet row it came from, and none lost on the way."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice, wrong_encoding
from analysis.extracts.files.delimited import Dialect, blank_rows, read_record_blocks, sniff_delimiter
from analysis.extracts.files.dressing import composed, once_encoded
from analysis.extracts.files.fixed_width import read_fixed_blocks
from analysis.extracts.files.headers import combine_headers
from analysis.extracts.files.sheets import told_of_sheet
from analysis.extracts.files.text_lines import decode, find_encoding, is_doubtful, read_text
from analysis.extracts.files.workbook import open_sheet, plain
from analysis.extracts.manifest import FileSpec
from analysis.tables.clean import TABLES

__all__ = ["Raw", "decode", "find_columns", "fold", "plain", "read_blocks", "sha256"]

BEGINNING = 400_000
"""Characters looked at to find the delimiter."""
SEARCHED = 25
"""Rows looked through for the header when it is not where it was said to be."""


@dataclass
class Raw:
    """One file as text.

    ``frame`` has positional columns (0, 1, …) of text, empty cells as "", one row per record; ``rows`` the
    1-based line or sheet row of each; ``structural`` the number of lines above the header and of blank
    records; ``odd`` maps positions in ``frame`` to a reason why the record cannot be trusted cell by cell.
    """

    header: list[str]
    frame: pd.DataFrame
    rows: np.ndarray
    structural: int = 0
    odd: dict[int, str] = field(default_factory=dict)
    encoding: str = ""
    head: list[list[str]] = field(default_factory=list)
    """The first rows cut into cells, whatever the header row; only to give advice."""
    typed: bool = False
    """True when cells had types (workbook, parquet): dates are ISO, numbers carry a point."""
    last: bool = True
    """False where another block of the same file follows; footers at the end of the file are in the last one."""
    notices: list[Notice] = field(default_factory=list)
    """What was noticed about the whole file while it was opened."""


def sha256(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fold(header: str) -> str:
    """A header as headers are compared: without case, line breaks, outer, repeated and invisible blanks; NFC."""
    if header.isascii():
        return " ".join(header.split()).casefold()
    return " ".join(composed(once_encoded(header)).split()).casefold()


def find_columns(spec: FileSpec, raw: Raw, *, file: str) -> tuple[dict[str, int], list[str]]:
    """Match ``[file.columns]`` to the header of ``raw``.

    Returns:
        Position of each mapped name that was found, and the optional names that were not.

    Raises:
        InputError: a required column is missing, or a mapped header occurs twice.
    """
    header = raw.header
    folded = [fold(name) for name in header]
    found: dict[str, int] = {}
    absent: list[str] = []
    needed = _needed(spec)
    for name, alternatives in spec.columns.items():
        hits = next((hits for each in alternatives if (hits := _positions(folded, fold(each)))), [])
        if len(hits) > 1:
            raise InputError(
                f"{file}: the header '{header[hits[0]].strip()}' occurs {len(hits)} times and each would "
                f"become '{name}'; rename all but one in the file"
            )
        if hits:
            found[name] = hits[0]
        elif name in needed:
            raise InputError(
                f"{file}: the header on row {spec.header_row} has no column "
                f"{' or '.join(repr(each) for each in alternatives)}, needed for '{name}'; "
                f"{_elsewhere(spec, raw) or 'correct [file.columns] or header_row in delivery.toml'}"
            )
        else:
            absent.append(name)
    return found, absent


def _elsewhere(spec: FileSpec, raw: Raw) -> str:
    """Advice where another row looks like the header, or where the header was not cut into cells."""
    wanted = {fold(each) for alternatives in spec.columns.values() for each in alternatives}
    own = range(spec.header_row, spec.header_row + spec.header_rows)
    for row, cells in enumerate(raw.head, start=1):
        if row not in own and len(wanted & {fold(cell) for cell in cells}) >= min(2, len(wanted)):
            return f"row {row} looks like the header, so set header_row = {row} in delivery.toml"
    if len(raw.header) == 1 < len(wanted) and not raw.typed and not spec.widths:
        return "the row came out as a single cell: correct delimiter in delivery.toml (or header_row)"
    return ""


def _needed(spec: FileSpec) -> set[str]:
    required = {name for name, column in TABLES[spec.table].items() if column.required}
    parts = {part for parts in spec.keys.values() for part in parts}
    return required | parts | {rule.column for rule in spec.exclude}


def _positions(folded: list[str], name: str) -> list[int]:
    return [position for position, each in enumerate(folded) if each == name]


def read_blocks(path: Path, spec: FileSpec, *, rows: int | None = 100_000) -> Iterator[Raw]:
    """Read one file as text, whatever its format, in blocks of about ``rows`` lines, so that memory stays bounded.

    Every block has the same header; ``structural`` adds up to that of the whole file and ``last`` is True for the
    last one, which is the only block unless the file has more than ``rows`` lines (None: one block always). A block
    may be empty. Workbooks and parquet files are given in blocks too, after a workbook has been opened as a whole.

    Raises:
        InputError: the file is missing, empty or not what it says it is; raised before the first block.
    """
    if not path.is_file():
        raise InputError(
            f"{path.name} is named in delivery.toml but is not in the delivery; add it or remove its entry"
        )
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty (0 bytes); export it again")
    kind = spec.kind(path.name)
    if kind == "xlsx":
        blocks = _workbook_blocks(path, spec, rows)
    elif kind == "parquet":
        blocks = _parquet_blocks(path, rows)
    else:
        blocks = _text_blocks(path, spec, rows, fixed=kind == "fixed")
    for raw in blocks:
        _apply_marks(raw, spec)
        yield raw


def _text_blocks(path: Path, spec: FileSpec, rows: int | None, *, fixed: bool) -> Iterator[Raw]:
    encoding = find_encoding(path, spec.encoding)
    beginning = ""
    for text in read_text(path, encoding):
        beginning += text
        if len(beginning) >= BEGINNING:
            break
    wanted = {fold(each) for alternatives in spec.columns.values() for each in alternatives}
    dialect = Dialect(
        delimiter=spec.delimiter
        or ("\t" if fixed else None)
        or sniff_delimiter(
            beginning, header_row=spec.header_row, score=lambda header: len(wanted & {fold(each) for each in header})
        ),
        quote=spec.quote,
        escape=spec.escape,
        header_row=spec.header_row,
        header_rows=spec.header_rows,
        first_row=spec.first_row,
        footer=spec.footer,
    )
    texts = read_text(path, encoding)
    if fixed:
        blocks = read_fixed_blocks(texts, dialect, spec.widths, rows=rows)
    else:
        blocks = read_record_blocks(texts, dialect, rows=rows)
    head = [re.split(r"[;,\t|]", line.replace('"', "")) for line in beginning[:20_000].splitlines()[:SEARCHED]]
    empty = True
    doubts = [wrong_encoding(path.name)] if is_doubtful(path, encoding) else []
    for records in blocks:
        empty = False
        yield Raw(
            header=records.header,
            frame=records.frame,
            rows=records.rows,
            structural=records.structural,
            odd=records.odd,
            encoding=encoding,
            head=head,
            last=records.last,
            notices=doubts,
        )
    if empty and not spec.header_row:
        raise InputError(
            f"{path.name} has no records from row {spec.first_row or 1}; correct first_row in delivery.toml"
        )
    if empty:
        raise InputError(f"{path.name} has no header on row {spec.header_row}; correct header_row in delivery.toml")


def _has_columns(spec: FileSpec, cells: list[list[Any]]) -> bool:
    """True where the header row holds every column that the table needs."""
    rows = cells[spec.header_row - 1 : spec.header_row - 1 + spec.header_rows]
    there = {fold(str(cell)) for row in rows for cell in row}
    return all({fold(each) for each in spec.columns[name]} & there for name in _needed(spec) if name in spec.columns)


def _workbook_blocks(path: Path, spec: FileSpec, rows: int | None) -> Iterator[Raw]:
    opened = open_sheet(path, spec.sheet, suits=partial(_has_columns, spec) if spec.header_row else None)
    sheet, cells = opened.name, opened.cells
    head = [[str(cell) for cell in row] for row in cells[:SEARCHED]]
    above = spec.header_row - 1 if spec.header_row else (spec.first_row or 1) - 1
    header_rows = spec.header_rows if spec.header_row else 0
    parts = [[plain(cell, decimal=".") for cell in row] for row in cells[above : above + header_rows]]
    if header_rows and not any(cell.strip() for part in parts for cell in part):
        raise InputError(f"{path.name} has no header on row {spec.header_row}; correct header_row in delivery.toml")
    header = [str(place + 1) for place in range(len(cells[0]))]
    if parts:
        header = parts[0] if len(parts) == 1 else combine_headers(parts)
    begin = max(above + header_rows, (spec.first_row or 1) - 1)
    end = max(len(cells) - spec.footer, begin)
    told = told_of_sheet(opened, header, {fold(each) for names in spec.columns.values() for each in names}, begin, end)
    step = rows or max(end - begin, 1)
    starts = range(begin, end, step) or range(begin, begin + 1)
    for start in starts:
        stop = min(start + step, end)
        body = [[plain(cell, decimal=spec.decimal) for cell in row] for row in cells[start:stop]]
        numbers = np.arange(start + 1, stop + 1, dtype="int64")
        raw = Raw(header, pd.DataFrame(body, columns=range(len(header)), dtype="str"), numbers)
        raw.structural = begin - header_rows if start == begin else 0
        raw.notices = [each.about(path.name) for each in told]
        raw.encoding, raw.typed, raw.head, raw.last = f"sheet {sheet}", True, head, stop == end
        if raw.last:
            raw.structural += len(cells) - end
        yield _without_blanks(raw)


def _parquet_blocks(path: Path, rows: int | None) -> Iterator[Raw]:
    wrong = InputError(f"{path.name} is not a readable parquet file; export it again")
    try:
        file = pq.ParquetFile(path)
        total = file.metadata.num_rows
        header = [str(name) for name in file.schema_arrow.names]
        batches = file.iter_batches(batch_size=rows or max(total, 1))
        start = 0
        for batch in chain(batches, [None] if total == 0 else []):
            table = pd.DataFrame(columns=header) if batch is None else batch.to_pandas(ignore_metadata=True)
            columns: dict[int, Iterable[str]] = {
                place: [plain(cell, decimal=".") for cell in table.iloc[:, place]] for place in range(table.shape[1])
            }
            frame = pd.DataFrame(columns, dtype="str")
            numbers = np.arange(start + 1, start + 1 + len(frame), dtype="int64")
            start += len(frame)
            raw = Raw(header, frame, numbers, encoding="parquet", typed=True, last=start == total)
            yield _without_blanks(raw)
    except (OSError, ValueError):  # ArrowInvalid is a ValueError
        raise wrong from None


def _without_blanks(raw: Raw) -> Raw:
    blank = blank_rows(raw.frame)
    raw.structural += int(blank.sum())
    raw.frame = raw.frame[~blank].reset_index(drop=True)
    raw.rows = raw.rows[~blank]
    return raw


def _apply_marks(raw: Raw, spec: FileSpec) -> None:
    """Empty the cells that hold a marker of ``missing``; take ``thousands`` out of columns of numbers."""
    if spec.missing:
        markers = {each.strip() for each in spec.missing}
        for place in raw.frame:
            column = raw.frame[place]
            gone = column.str.strip().isin(markers)
            if gone.any():
                raw.frame[place] = column.mask(gone, "")
    if spec.thousands:
        folded = [fold(name) for name in raw.header]
        between = re.compile(rf"(?<=\d){re.escape(spec.thousands)}(?=\d)")
        for name, alternatives in spec.columns.items():
            column_kind = TABLES[spec.table][name].kind if name in TABLES[spec.table] else ""
            if column_kind not in ("number", "integer"):
                continue
            for place in {hit for each in alternatives for hit in _positions(folded, fold(each))}:
                raw.frame[place] = raw.frame[place].str.replace(between, "", regex=True)
