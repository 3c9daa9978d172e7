"""Workbooks (xlsx, xls, ods) as cells, and typed cells as text."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any
from xml.etree import ElementTree
from xml.parsers import expat

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from analysis.errors import InputError

Cells = list[list[Any]]
ERROR = (b't="e"', b"t='e'")
"""What marks a cell of xlsx that holds an error value (ECMA-376, ST_CellType)."""
NOT_AVAILABLE = "#N/A"
"""The error value that means no more than that there is no value, as an empty cell does."""
NO_XML = (ElementTree.ParseError, expat.ExpatError)
CHUNK = 1 << 20
"""Bytes of a sheet looked through at a time."""


def open_sheet(path: Path, sheet: str | None = None) -> tuple[str, Cells]:
    """Name and cells of one sheet, rows from the first row of the sheet, all of one length; default the first sheet.

    Raises:
        InputError: no readable workbook, no such sheet, or nothing in it.
    """
    workbook = open_workbook(path)
    names = workbook.sheet_names
    name = sheet or names[0]
    if name not in names:
        raise InputError(f"{path.name} has no sheet '{name}'; it has {', '.join(names)}: correct sheet")
    cells = sheet_cells(path, workbook, name)
    if not any(cell != "" for row in cells for cell in row):
        raise InputError(f"{path.name} has nothing in sheet '{name}'; name the right sheet in delivery.toml")
    return name, cells


def open_workbook(path: Path) -> CalamineWorkbook:
    """Open a workbook that has sheets.

    Raises:
        InputError: it is no readable workbook.
    """
    if path.suffix.lower() in (".xlsx", ".xlsm") and not zipfile.is_zipfile(path):
        raise _unreadable(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
    # calamine raises several unrelated classes for damaged workbooks
    except (CalamineError, OSError, ValueError):
        raise _unreadable(path) from None
    if not workbook.sheet_names:
        raise _unreadable(path)
    return workbook


def sheet_cells(path: Path, workbook: CalamineWorkbook, name: str) -> Cells:
    """Cells of one sheet, from its first row and column; error values of xlsx (``#REF!``) as text, but for ``#N/A``.

    Raises:
        InputError: the sheet cannot be read.
    """
    try:
        cells: Cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise _unreadable(path) from None
    try:
        errors = list(_errors(path, name))  # calamine leaves them empty
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, *NO_XML):
        return cells  # an unusual package, which calamine could read all the same
    for row, column, text in errors:
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = text
    return cells


def _errors(path: Path, name: str) -> Iterator[tuple[int, int, str]]:
    """Row, column (from 0) and text of the error values of a sheet; none of other formats than xlsx."""
    if not zipfile.is_zipfile(path):
        return
    with zipfile.ZipFile(path) as package:
        parts = {each.casefold().replace("\\", "/"): each for each in package.namelist()}
        if "xl/workbook.xml" not in parts:
            return
        book = ElementTree.fromstring(package.read(parts["xl/workbook.xml"]))
        sheets = {sheet.attrib["name"]: sheet.attrib for sheet in book.iterfind("{*}sheets/{*}sheet")}
        (relation,) = (value for key, value in sheets[name].items() if key.endswith("}id"))
        links = ElementTree.fromstring(package.read(parts["xl/_rels/workbook.xml.rels"]))
        target = {link.attrib["Id"]: link.attrib["Target"] for link in links}[relation].lstrip("/").casefold()
        part = parts[target if target.startswith("xl/") else f"xl/{target}"]
        with package.open(part) as stream:
            if not _has_errors(stream):
                return
        with package.open(part) as stream:
            yield from (each for each in _read_errors(stream) if each[2] != NOT_AVAILABLE)


def _has_errors(stream: IO[bytes]) -> bool:
    """Look for error values without parsing, which takes much longer and is hardly ever needed."""
    before = b""
    while chunk := stream.read(CHUNK):
        chunk = before + chunk
        if any(mark in chunk for mark in ERROR):
            return True
        before = chunk[-len(ERROR[0]) :]
    return False


def _read_errors(stream: IO[bytes]) -> list[tuple[int, int, str]]:
    """Error values of the XML of a sheet; rows and cells without a reference follow the one before."""
    found: list[tuple[int, int, str]] = []
    text: list[str] | None = None
    row = column = -1
    is_error = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, is_error, text
        tag = tag.rpartition(":")[2]
        if tag == "row":
            row, column = int(attributes.get("r", row + 2)) - 1, -1
        elif tag == "c":
            column = _column(attributes["r"]) if "r" in attributes else column + 1
            is_error = attributes.get("t") == "e"
        elif tag == "v" and is_error:
            text = []

    def end(tag: str) -> None:
        nonlocal text
        if text is not None:
            found.append((row, column, "".join(text)))
            text = None

    def data(more: str) -> None:
        if text is not None:
            text.append(more)

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data
    parser.ParseFile(stream)
    return found


def _column(reference: str) -> int:
    """Column from 0 of a reference such as AB12."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _unreadable(path: Path) -> InputError:
    return InputError(f"{path.name} is not a readable Excel workbook; open it and save it again as .xlsx")


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
