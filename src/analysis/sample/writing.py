"""Raw tables to files, the same bytes for the same tables; and the ``delivery.toml`` that explains them."""

from __future__ import annotations

import re
from datetime import datetime
from importlib.resources import files
from pathlib import Path

import pandas as pd
import xlsxwriter

from analysis.sample import raw_practices, registered
from analysis.sample.mess import HIDDEN
from analysis.sample.raw import Layout
from analysis.sample.town import EXTRACTED, Town, data

SHEET_ROWS = 1_000_000
"""More rows than this do not fit a sheet; the table is then written as CSV."""
CREATED = datetime(2026, 1, 7, 6, 30)


def write_table(folder: Path, layout: Layout, frame: pd.DataFrame) -> dict[str, int | str]:
    """Write one raw table (hidden columns are dropped) and account for its lines.

    Returns:
        file, read (all lines but the header) and structural (lines above the header, sums).
    """
    visible = frame.drop(columns=[name for name in HIDDEN if name in frame.columns])
    if layout.sheet and len(visible) <= SHEET_ROWS:
        _write_sheet(folder / layout.file, layout, visible)
    else:
        _write_text(folder / file_name(layout, len(visible)), layout, visible)
    structural = len(layout.above) + int(layout.total)
    return {
        "file": file_name(layout, len(visible)),
        "read": len(visible) + structural,
        "structural": structural,
    }


def file_name(layout: Layout, rows: int) -> str:
    """Name of the file that holds ``rows`` rows."""
    return layout.file if not layout.sheet or rows <= SHEET_ROWS else Path(layout.file).stem + ".csv"


def _write_text(path: Path, layout: Layout, frame: pd.DataFrame) -> None:
    with path.open("w", encoding=layout.encoding, newline="") as out:
        for line in layout.above:
            out.write(line + layout.newline)
        frame.to_csv(
            out,
            sep=layout.delimiter,
            index=False,
            decimal=layout.decimal,
            float_format=layout.number,
            lineterminator=layout.newline,
        )
        if layout.total:
            out.write(layout.delimiter.join(["Summa", f"{len(frame)} rader", *[""] * (frame.shape[1] - 2)]))
            out.write(layout.newline)


def _write_sheet(path: Path, layout: Layout, frame: pd.DataFrame) -> None:
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        book.set_properties({"created": CREATED, "title": layout.above[0]})
        sheet = book.add_worksheet(layout.sheet)
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for number, line in enumerate(layout.above):
            sheet.write_string(number, 0, line)
        sheet.write_row(layout.header_row - 1, 0, list(frame.columns))
        real = {place for place, name in enumerate(frame.columns) if name in ("Start", "Slut")}
        columns = [frame[name].astype("object").where(frame[name].notna(), "").tolist() for name in frame.columns]
        for number, values in enumerate(zip(*columns, strict=True), start=layout.header_row):
            for place, value in enumerate(values):
                if value == "":
                    continue
                if place in real:
                    sheet.write_datetime(number, place, datetime.fromisoformat(value), day)
                elif isinstance(value, str):
                    sheet.write_string(number, place, value)
                else:
                    sheet.write_number(number, place, value)


def manifest(town: Town, written: dict[str, str]) -> str:
    """The text of ``delivery.toml`` for the files ``written`` (name in the layout → name on disk)."""
    text = files(__package__).joinpath("delivery.toml").read_text(encoding="utf-8")
    departments = [f'"{entry["name"]}" = "{entry["key"]}"' for entry in town.departments]
    occupations = [f'"{entry["title"]}" = "{key}"' for key, entry in data("planted")["occupation"].items()]
    text = text.replace("#departments", "\n".join(departments)).replace("#occupations", "\n".join(occupations))
    for marker, lines in (raw_practices.words() | registered.words()).items():
        text = text.replace(marker, lines)
    head, *sections = text.split("[[file]]\n")
    kept = []
    for section in sections:
        path = re.search(r'^path = "([^"]+)"', section, re.MULTILINE)
        if path is None or path[1] not in written:
            continue
        section = section.replace(path[0], f'path = "{written[path[1]]}"')
        if written[path[1]] != path[1]:  # a sheet that became text
            section = re.sub(r"^sheet = .*\n", "", section, flags=re.MULTILINE)
        kept.append(section)
    return "[[file]]\n".join([head.replace("2026-01-07", str(EXTRACTED)), *kept])
