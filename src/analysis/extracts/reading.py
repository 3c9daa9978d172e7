"""Raw files in: every record as text, with the line or sheet row it came from, and none lost on the way."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.extracts.delimited import Records, read_records, sniff_delimiter
from analysis.extracts.manifest import FileSpec
from analysis.tables.clean import TABLES

MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a zip file or an Excel workbook"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word document"),
    (b"PAR1", "a parquet file"),
    (b"\x1f\x8b", "a gzip file"),
    (b"{\\rtf", "a rich text document"),
)
BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
SEARCHED = 25
"""Rows looked through for the header when it is not where it was said to be."""
MARKUP = re.compile(rb"^\s*<(!doctype|html|\?xml|table)", re.IGNORECASE)


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


def sha256(path: Path) -> str:
    """Hex digest of the file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def fold(header: str) -> str:
    """A header as headers are compared: without outer blanks, case, line breaks and composed accents."""
    return " ".join(unicodedata.normalize("NFC", header).replace("\ufeff", "").split()).casefold()


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
    """Advice where a row below looks like the header."""
    wanted = {fold(each) for alternatives in spec.columns.values() for each in alternatives}
    for row, cells in enumerate(raw.head, start=1):
        if len(wanted & {fold(cell) for cell in cells}) >= min(2, len(wanted)):
            return f"row {row} looks like the header, so set header_row = {row} in delivery.toml"
    return ""


def _needed(spec: FileSpec) -> set[str]:
    required = {name for name, column in TABLES[spec.table].items() if column.required}
    parts = {part for parts in spec.keys.values() for part in parts}
    return required | parts | {rule.column for rule in spec.exclude}


def _positions(folded: list[str], name: str) -> list[int]:
    return [position for position, each in enumerate(folded) if each == name]


def read_raw(path: Path, spec: FileSpec) -> Raw:
    """Read one file as text, whatever its format.

    Raises:
        InputError: the file is missing, empty or not what it says it is.
    """
    if not path.is_file():
        raise InputError(
            f"{path.name} is named in delivery.toml but is not in the delivery; add it or remove its entry"
        )
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty (0 bytes); export it again")
    kind = spec.kind(path.name)
    if kind == "csv":
        return _read_text(path, spec)
    if kind == "xlsx":
        return _read_workbook(path, spec)
    return _read_parquet(path)


def _read_text(path: Path, spec: FileSpec) -> Raw:
    data = path.read_bytes()
    text, encoding = decode(data, name=path.name, encoding=spec.encoding)
    if not text.strip():
        raise InputError(f"{path.name} holds nothing but blanks; export it again")
    wanted = {fold(each) for alternatives in spec.columns.values() for each in alternatives}
    delimiter = spec.delimiter or sniff_delimiter(
        text, header_row=spec.header_row, score=lambda header: len(wanted & {fold(each) for each in header})
    )
    records: Records | None = read_records(text, delimiter=delimiter, header_row=spec.header_row)
    if records is None:
        raise InputError(f"{path.name} has no header on row {spec.header_row}; correct header_row in delivery.toml")
    return Raw(
        header=records.header,
        frame=records.frame,
        rows=records.rows,
        structural=records.structural,
        odd=records.odd,
        encoding=encoding,
        head=[re.split(r"[;,\t|]", line.replace('"', "")) for line in text[:20_000].splitlines()[:SEARCHED]],
    )


def decode(data: bytes, *, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Decode a text file: byte-order mark, else the given encoding, else strict UTF-8, else cp1252.

    Guessing by statistics is left out on purpose: on short Swedish files it names wrong code pages.

    Raises:
        InputError: the bytes are another kind of file, or no encoding of the ladder fits.
    """
    for magic, what in MAGIC:
        if data.startswith(magic):
            raise InputError(f"{name} is {what} under another name; export it as CSV or correct its format")
    if MARKUP.match(data[:200]):
        raise InputError(f"{name} is a web page or XML file, not a table; export it as CSV or Excel")
    bom = next((each for mark, each in BOMS if data.startswith(mark)), None)
    if bom is None and b"\x00" in data:
        raise InputError(f"{name} holds NUL bytes and is no text file; export it again as CSV")
    for each in [bom] if bom else [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = data.decode(each)
        except UnicodeDecodeError:
            continue
        if "\x00" in text:
            raise InputError(f"{name} holds NUL bytes and is no text file; export it again as CSV")
        return text.rstrip("\x1a"), each  # DOS end-of-file mark
    tried = bom or encoding or "UTF-8 or cp1252"
    raise InputError(f"{name} is not {tried} text; name its encoding in delivery.toml or export it as UTF-8")


def _read_workbook(path: Path, spec: FileSpec) -> Raw:
    from python_calamine import CalamineError, CalamineWorkbook

    wrong = InputError(f"{path.name} is not a readable Excel workbook; open it and save it again as .xlsx")
    if path.suffix.lower() in (".xlsx", ".xlsm") and not zipfile.is_zipfile(path):
        raise wrong
    try:
        workbook = CalamineWorkbook.from_path(path)
        sheet = spec.sheet or workbook.sheet_names[0]
        if sheet not in workbook.sheet_names:
            raise InputError(
                f"{path.name} has no sheet '{sheet}'; it has {', '.join(workbook.sheet_names)}: correct sheet"
            )
        cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except InputError:
        raise
    # calamine raises several unrelated classes for damaged workbooks, IndexError for one without sheets
    except (CalamineError, OSError, ValueError, IndexError):
        raise wrong from None
    position = spec.header_row - 1
    if not any(cell != "" for row in cells for cell in row):
        raise InputError(f"{path.name} has nothing in sheet '{sheet}'; name the right sheet in delivery.toml")
    if len(cells) <= position or not any(str(cell).strip() for cell in cells[position]):
        raise InputError(f"{path.name} has no header on row {spec.header_row}; correct header_row in delivery.toml")
    header = [plain(cell, decimal=".") for cell in cells[position]]
    body = [[plain(cell, decimal=spec.decimal) for cell in row] for row in cells[position + 1 :]]
    frame = pd.DataFrame(body, columns=range(len(header)), dtype="str")
    rows = np.arange(position + 2, position + 2 + len(body), dtype="int64")
    raw = Raw(header, frame, rows, structural=position, encoding=f"sheet {sheet}", typed=True)
    raw.head = [[str(cell) for cell in row] for row in cells[:SEARCHED]]
    return _without_blanks(raw)


def _read_parquet(path: Path) -> Raw:
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError):  # ArrowInvalid is a ValueError
        raise InputError(f"{path.name} is not a readable parquet file; export it again") from None
    columns: dict[int, Iterable[str]] = {
        position: [plain(cell, decimal=".") for cell in table.iloc[:, position]] for position in range(table.shape[1])
    }
    frame = pd.DataFrame(columns, dtype="str")
    rows = np.arange(1, len(frame) + 1, dtype="int64")
    header = [str(name) for name in table.columns]
    return _without_blanks(Raw(header, frame, rows, encoding="parquet", typed=True))


def _without_blanks(raw: Raw) -> Raw:
    blank = (raw.frame.apply(lambda column: column.str.strip()) == "").all(axis=1).to_numpy(dtype=bool)
    raw.structural += int(blank.sum())
    raw.frame = raw.frame[~blank].reset_index(drop=True)
    raw.rows = raw.rows[~blank]
    return raw


def plain(cell: Any, *, decimal: str) -> str:
    """A typed cell as text: whole numbers without point, dates as ISO, nothing for nothing."""
    if cell is None or cell is pd.NaT or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool | np.bool_):
        return "true" if cell else "false"
    if isinstance(cell, float | np.floating):
        # above 2**53 a spreadsheet has already lost digits; the exponent form makes that visible downstream
        if abs(float(cell)) > 2**53:
            return f"{cell:.5E}"
        return str(int(cell)) if float(cell).is_integer() else repr(float(cell)).replace(".", decimal)
    if isinstance(cell, datetime):
        midnight = cell.time() == time.min
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ", timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return repr(cell.total_seconds() / 3600).replace(".", decimal)
    return "" if cell is pd.NA else str(cell)
