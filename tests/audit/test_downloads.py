"""Leaks planted in downloads: the attacker reads workbooks and CSV files, and what he cannot read is not published."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from analysis.audit.attack import attack
from tests.audit.pages import exits, figure, write

THRESHOLDS = {"low": 3, "medium": 5, "health": 11, "survey": 10}
HEAD = ["value", "low", "high", "unit", "status", "cell", "sheet", "place"]
CELLS = {"total": "60", "resignation": "30", "retirement": "", "employer": "", "other": "20"}
Change = Callable[[xlsxwriter.Workbook], None]


def edition(folder: Path, *, rows: list[list[str]] | None = None, plant: Change | None = None) -> Path:
    """A page with its CSV and its workbook."""
    write(folder, d1=figure(exits("d1", {row: int(text) if text else None for row, text in CELLS.items()})))
    listed = rows or [
        [text, "", "", "persons", "shown" if text else "withheld", f"exits/d1/{row}/total", "1 Slutade", f"B{place}"]
        for place, (row, text) in enumerate(CELLS.items(), 1)
    ]
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *listed])
    (folder / "d1.csv").write_text(text.getvalue(), encoding="utf-8")
    book = xlsxwriter.Workbook(str(folder / "d1.xlsx"))
    sheet = book.add_worksheet("1 Slutade")
    for place, (row, number) in enumerate(CELLS.items()):
        sheet.write_string(place, 0, row)
        if number:
            sheet.write_number(place, 1, float(number))
    if plant is not None:
        plant(book)
    book.close()
    return folder


def said(folder: Path, **more: object) -> list[str]:
    return attack(folder, THRESHOLDS, period="2025-12", **more).sentences  # type: ignore[arg-type]


def test_downloads_that_hold_what_the_page_shows(tmp_path: Path) -> None:
    assert said(edition(tmp_path)) == []


def test_a_number_in_a_workbook_where_the_page_withholds_one(tmp_path: Path) -> None:
    folder = edition(tmp_path, plant=lambda book: book.worksheets()[0].write_number(3, 1, 7))
    assert said(folder) == ["d1.xlsx, 1 Slutade: a number at row 4 that no page shows there"]


def test_words_in_the_place_of_a_withheld_figure(tmp_path: Path) -> None:
    folder = edition(tmp_path, plant=lambda book: book.worksheets()[0].write_string(3, 1, "sju"))
    assert said(folder) == ["d1.xlsx, 1 Slutade: words stand at row 4 where a figure is withheld"]


def test_another_number_than_the_pages(tmp_path: Path) -> None:
    folder = edition(tmp_path, plant=lambda book: book.worksheets()[0].write_number(1, 1, 30.4))
    assert said(folder) == ["d1.xlsx, 1 Slutade: a number at row 2 that no page shows there"]


def test_a_number_on_a_sheet_that_nobody_sees(tmp_path: Path) -> None:
    def plant(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Arbetsblad")
        sheet.write_number(0, 0, 7)
        sheet.very_hidden()

    assert said(edition(tmp_path, plant=plant)) == ["d1.xlsx, Arbetsblad: a number at row 1 that no page shows there"]


def test_a_formula(tmp_path: Path) -> None:
    folder = edition(tmp_path, plant=lambda book: book.worksheets()[0].write_formula(8, 0, "=B1-B2-B5", None, ""))
    assert "d1.xlsx: a formula" in said(folder)


def test_a_part_that_may_hold_anything(tmp_path: Path) -> None:
    folder = edition(tmp_path)
    with zipfile.ZipFile(folder / "d1.xlsx", "a") as book:
        book.writestr("xl/pivotCache/pivotCacheRecords1.xml", "<r><x v='3'/></r>")
    assert said(folder) == ["d1.xlsx: the attacker cannot read its part xl/pivotCache/pivotCacheRecords1.xml"]


def test_a_name_in_a_workbook(tmp_path: Path) -> None:
    folder = edition(tmp_path, plant=lambda book: book.set_properties({"author": "Anna Nyberg-Testsson"}))
    secrets = {"the name of a person": frozenset({"Anna Nyberg-Testsson"})}
    assert said(folder, secrets=secrets) == ["d1.xlsx holds the name of a person"]


def test_a_figure_in_a_csv_that_the_page_withholds(tmp_path: Path) -> None:
    row = ["3", "", "", "persons", "shown", "exits/d1/employer/total", "", ""]
    found = said(edition(tmp_path, rows=[row]))
    assert "exits/d1/employer/total is shown in d1.csv and withheld in d1.sv.html" in found


def test_a_withheld_figure_with_a_number_in_a_csv(tmp_path: Path) -> None:
    row = ["", "1", "4", "persons", "withheld", "exits/d1/employer/total", "", ""]
    assert "d1.csv: exits/d1/employer/total is withheld and has a number" in said(edition(tmp_path, rows=[row]))


@pytest.mark.parametrize("name", ["tabell.csv", "tabell.xlsx", "tabell.ods"])
def test_a_file_that_cannot_be_read_is_not_published(tmp_path: Path, name: str) -> None:
    folder = edition(tmp_path)
    (folder / name).write_text("orsak;antal\nannan;3\n", encoding="utf-8")
    assert said(folder) == [f"{name}: the attacker cannot read a file of this kind"]
