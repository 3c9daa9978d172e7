"""Workbooks (xlsx, xls, ods) as cells, and typed cells as text."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from python_calamine import CalamineError, CalamineWorkbook

from analysis.errors import InputError

Cells = list[list[Any]]


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
    """Cells of one sheet, from its first row and column.

    Raises:
        InputError: the sheet cannot be read.
    """
    try:
        return workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError):
        raise _unreadable(path) from None


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
