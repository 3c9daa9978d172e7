"""Workbooks (xlsx, xls, ods) as cells, and typed cells as text."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

from analysis.errors import InputError
from analysis.extracts.files.dressing import composed
from analysis.extracts.files.sheet_extent import too_far
from analysis.extracts.files.sheet_markup import read_markup

Cells = list[list[Any]]
BELOW = 100
"""Rows without any value after which a formula without result is no part of the table above."""
COMPOUND, ENCRYPTED = bytes.fromhex("D0CF11E0A1B11AE1"), "EncryptedPackage".encode("utf-16-le")
"""What a compound file (MS-CFB) begins with, and the stream in which a locked workbook lies (MS-OFFCRYPTO)."""
ENCRYPTED_WITHIN = 64 << 20
"""Bytes of a compound file in which the names of its streams are looked for."""


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook; rows from its first row, all of one length.

    ``others`` are the other sheets that hold something, with True for hidden ones, and only where no sheet was named;
    ``hidden`` is True for a sheet that nobody sees; ``hidden_rows`` are 1-based sheet rows, ``hidden_columns`` places
    from 0; ``far_formulas`` counts formulas without result that lie far from the table and are not read.
    """

    name: str
    cells: Cells
    others: tuple[tuple[str, bool], ...] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    far_formulas: int = 0


def open_sheet(path: Path, sheet: str | None = None, *, suits: Callable[[Cells], bool] | None = None) -> Sheet:
    """One sheet as cells; default the first that can be seen, or the only other one that suits where that does not.

    A name is compared without regard to case, repeated and invisible blanks where only one sheet can be meant.

    Raises:
        InputError: no readable workbook, no such sheet, or nothing in it.
    """
    workbook = open_workbook(path)
    seen = [each.name for each in workbook.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    names = workbook.sheet_names
    name = _named(names, sheet) if sheet else next(iter(seen), names[0])
    if name is None:
        raise InputError(f"{path.name} has no sheet '{sheet}'; it has {', '.join(names)}: correct sheet")
    read = _sheet(path, workbook, name)
    if not any(cell != "" for row in read.cells for cell in row):
        raise InputError(f"{path.name} has nothing in sheet '{name}'; name the right sheet in delivery.toml")
    if not sheet and suits is not None and not suits(read.cells):
        fitting = [each for each in seen if each != name and _holds_something(path, workbook, each)]
        better = [each for each in (_sheet(path, workbook, other) for other in fitting) if suits(each.cells)]
        if len(better) == 1:
            read, name = better[0], better[0].name
    others = [
        (each, each not in seen)
        for each in names
        if not sheet and each != name and _holds_something(path, workbook, each)
    ]
    return replace(read, others=tuple(others), hidden=name not in seen)


def _named(names: list[str], wanted: str) -> str | None:
    """The sheet of that name, or the only one that is called so but for case, blanks and how accents are made."""
    if wanted in names:
        return wanted
    alike = [each for each in names if _alike(each) == _alike(wanted)]
    return alike[0] if len(alike) == 1 else None


def _alike(name: str) -> str:
    return " ".join(composed(name).split()).casefold()


def _holds_something(path: Path, workbook: CalamineWorkbook, name: str) -> bool:
    if too_far(path, name):
        return True
    try:
        return workbook.get_sheet_by_name(name).start is not None
    except (CalamineError, OSError, ValueError, IndexError):
        return False  # a sheet of charts


def open_workbook(path: Path) -> CalamineWorkbook:
    """Open a workbook that has sheets.

    Raises:
        InputError: it is no readable workbook.
    """
    if _is_encrypted(path):
        raise _locked(path)
    if path.suffix.lower() in (".xlsx", ".xlsm") and not zipfile.is_zipfile(path):
        raise _unreadable(path)
    try:
        workbook = CalamineWorkbook.from_path(path)
    # calamine raises several unrelated classes for damaged workbooks
    except (CalamineError, OSError, ValueError) as error:
        raise _refused(path, error) from None
    if not workbook.sheet_names:
        raise _unreadable(path)
    return workbook


def _is_encrypted(path: Path) -> bool:
    """True for a workbook of Office Open XML that a password locks: a compound file (MS-CFB) with the package in it."""
    try:
        with path.open("rb") as stream:
            head = stream.read(len(COMPOUND))
            return head == COMPOUND and ENCRYPTED in head + stream.read(ENCRYPTED_WITHIN)
    except OSError:
        return False


def _refused(path: Path, error: Exception) -> InputError:
    """What an error of calamine's means."""
    if isinstance(error, PasswordError):
        return _locked(path)
    return _too_large(path) if "Cell limit exceeded" in str(error) else _unreadable(path)


def _too_large(path: Path, cell: str = "") -> InputError:
    return InputError(
        f"{path.name} has a cell far outside its table{cell}, so that the sheet is too large to read; delete "
        "everything outside the table and save again"
    )


def _locked(path: Path) -> InputError:
    return InputError(
        f"{path.name} is protected by a password and cannot be read; open it, remove the password and save it again"
    )


def sheet_cells(path: Path, workbook: CalamineWorkbook, name: str) -> Cells:
    """Cells of one sheet, from its first row and column.

    Error values (``#REF!``) are text, but for ``#N/A``, and so are formulas whose result was not saved (``=A1+B1``).

    Raises:
        InputError: the sheet cannot be read.
    """
    return _sheet(path, workbook, name).cells


def _sheet(path: Path, workbook: CalamineWorkbook, name: str) -> Sheet:
    if last := too_far(path, name):
        raise _too_large(path, f" ({last} in sheet '{name}')")
    try:
        cells: Cells = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise _refused(path, error) from None
    marked = read_markup(path, name)  # calamine leaves out what is not a value
    width, far = max(map(len, cells), default=0), 0
    for row, column, text in sorted(marked.texts):
        if row < len(cells) and column < len(cells[row]):
            cells[row][column] = text
        elif not text.startswith("="):
            continue
        elif row < len(cells) + BELOW and column < width:  # last rows of formulas without results
            cells.extend([""] * width for _ in range(row + 1 - len(cells)))
            cells[row][column] = text
        else:
            far += 1
    return Sheet(name, cells, hidden_rows=marked.hidden_rows, hidden_columns=marked.hidden_columns, far_formulas=far)


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
