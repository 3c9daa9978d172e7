"""Workbooks as offices keep them: formulas without result, several sheets, what is hidden or filtered."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest
import xlsxwriter

from analysis.extracts.files.workbook import open_sheet

from .town import ANNA, BO, EVA, FACTS, HEADER, STAFF, account, doubts, lawful, read, staff, told

BOOK = FACTS + STAFF.replace("staff.csv", "staff.xlsx")


def book(path: Path, rows: list[list[str]], formulas: dict[str, str] | None = None) -> None:
    """A workbook whose formulas were never calculated, as programs write them."""
    with xlsxwriter.Workbook(path) as whole:
        sheet = whole.add_worksheet()
        for place, row in enumerate(rows):
            sheet.write_row(place, 0, row)
        for place, formula in (formulas or {}).items():
            sheet.write_formula(place, formula, None, "")


ROWS = [line.split(";") for line in (HEADER, ANNA, BO, EVA)]


@pytest.mark.parametrize(
    ("formulas", "aside"),
    [
        ({"H2": "=DATE(2025,3,31)"}, [2]),
        ({"A3": "=Blad2!A3"}, [3]),
        ({"G2": "=H1", "G3": "=H2"}, [2, 3]),
        ({"H2": "=A1", "H3": "=A1", "H4": "=A1"}, [2, 3, 4]),
        ({"I2": "=TODAY()"}, []),
        ({"F2": "=3/4"}, []),
    ],
)
def test_a_formula_without_result_is_not_an_empty_cell(tmp_path, formulas, aside):
    book(tmp_path / "staff.xlsx", ROWS, formulas)
    delivery = lawful(read(tmp_path, BOOK, {}))
    assert delivery.quarantine["source_row"].tolist() == aside
    assert set(delivery.quarantine["reason"]) <= {"formula_unsolved"}
    assert aside or (told(delivery, "formula whose result was not saved") and doubts(delivery)[0].persons == 1)


def test_formulas_without_result_far_from_the_table_are_told_and_take_no_room(tmp_path):
    book(tmp_path / "staff.xlsx", ROWS, {"A6001": "=A1", "XFD2": "=A1", "A6": "=A5"})
    cells = open_sheet(tmp_path / "staff.xlsx").cells
    assert (len(cells), max(map(len, cells))) == (6, len(ROWS[0]))
    delivery = lawful(read(tmp_path, BOOK, {}))
    assert told(delivery, "2 formulas without a saved result far outside the table")
    assert account(delivery, "staff.xlsx")["accepted"] == 3


def test_shared_formulas_and_formulas_as_text_are_formulas(tmp_path):
    delivery = lawful(staff(tmp_path, ANNA.replace(";;1979", ";=A1+B1;1979"), BO.replace("100232", "=B2"), EVA))
    assert delivery.quarantine[["source_row", "reason"]].to_numpy().tolist() == [
        [2, "formula_unsolved"],
        [3, "formula_unsolved"],
    ]
    book(tmp_path / "staff.xlsx", ROWS, {"H2": "=G2"})
    edit(tmp_path / "staff.xlsx", b"<f>G2</f><v></v>", b'<f t="shared" si="0"/>')
    assert read(tmp_path, BOOK, {}).quarantine["reason"].tolist() == ["formula_unsolved"]


def edit(path: Path, old: bytes, new: bytes) -> None:
    """Change the XML of the first sheet."""
    with ZipFile(path) as whole:
        content = {name: whole.read(name) for name in whole.namelist()}
    sheet = content["xl/worksheets/sheet1.xml"]
    assert old in sheet
    content["xl/worksheets/sheet1.xml"] = sheet.replace(old, new)
    with ZipFile(path, "w") as whole:
        for name, data in content.items():
            whole.writestr(name, data)


def test_a_formula_that_gave_an_empty_text_is_an_empty_cell(tmp_path):
    path = tmp_path / "staff.xlsx"
    book(path, ROWS, {"H2": '=IF(1=1,"","")'})
    edit(path, b'<c r="H2"', b'<c t="str" r="H2"')
    assert account(read(tmp_path, BOOK, {}), "staff.xlsx")["accepted"] == 3


def two_sheets(path: Path, state: str) -> None:
    with xlsxwriter.Workbook(path) as whole:
        first, second = whole.add_worksheet("Gammal"), whole.add_worksheet("Aktuell")
        for place, row in enumerate(ROWS):
            if place < 2:
                first.write_row(place, 0, row)
            second.write_row(place, 0, row)
        second.activate()
        if state != "visible":
            second.set_first_sheet()
            first.hide() if state == "hidden" else first.very_hidden()


@pytest.mark.parametrize(("state", "rows"), [("hidden", 3), ("veryHidden", 3), ("visible", 1)])
def test_the_first_sheet_that_can_be_seen_is_read_and_the_others_are_told(tmp_path, state, rows):
    two_sheets(tmp_path / "staff.xlsx", state)
    delivery = lawful(read(tmp_path, BOOK, {}))
    assert account(delivery, "staff.xlsx")["accepted"] == rows
    assert told(delivery, "the workbook has several sheets")
    named = BOOK.replace('path = "staff.xlsx"', 'path = "staff.xlsx"\nsheet = "GAMMAL "')
    again = read(tmp_path, named, {})
    assert account(again, "staff.xlsx")["accepted"] == 1
    assert told(again, "is hidden in the workbook") == (state != "visible")


def test_hidden_rows_and_columns_and_further_tables_on_a_sheet_are_told(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "staff.xlsx") as whole:
        sheet = whole.add_worksheet()
        for place, row in enumerate([*ROWS, [], ["Kod", "Namn"], ["1", "Ett"]]):
            sheet.write_row(place, 0, row)
        sheet.write("L1", "Annat")
        sheet.write("L2", "7")
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column("F:F", None, None, {"hidden": True})
    delivery = lawful(read(tmp_path, BOOK, {}))
    for words in ("1 row hidden or filtered", "columns hidden", "another table stands beside", "1 further table below"):
        assert told(delivery, words), words


MANIFEST = (
    "<?xml version='1.0' encoding='UTF-8'?><manifest:manifest "
    "xmlns:manifest='urn:oasis:names:tc:opendocument:xmlns:manifest:1.0'><manifest:file-entry "
    "manifest:full-path='/' manifest:media-type='application/vnd.oasis.opendocument.spreadsheet'/></manifest:manifest>"
)


def test_ods_formulas_without_result_and_hidden_rows(tmp_path):
    names = "".join(
        f"<table:table-cell office:value-type='string'><text:p>{cell}</text:p></table:table-cell>" for cell in ROWS[0]
    )

    def row(cells: list[str], extra: str = "") -> str:
        made = "".join(
            f"<table:table-cell table:formula='of:={cell[1:]}'/>" if cell.startswith("=") else
            f"<table:table-cell office:value-type='string'><text:p>{cell}</text:p></table:table-cell>" if cell else
            "<table:table-cell/>" for cell in cells
        )  # fmt: skip
        return f"<table:table-row{extra}>{made}</table:table-row>"

    body = (
        row([*ROWS[1][:7], "=DATE(2025;3;31)", ROWS[1][8]]) + row(ROWS[2], " table:visibility='filter'") + row(ROWS[3])
    )
    content = (
        "<?xml version='1.0' encoding='UTF-8'?><office:document-content "
        "xmlns:office='urn:oasis:names:tc:opendocument:xmlns:office:1.0' "
        "xmlns:table='urn:oasis:names:tc:opendocument:xmlns:table:1.0' "
        "xmlns:text='urn:oasis:names:tc:opendocument:xmlns:text:1.0'><office:body><office:spreadsheet>"
        f"<table:table table:name='Blad1'><table:table-row>{names}</table:table-row>{body}</table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with ZipFile(tmp_path / "staff.ods", "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("META-INF/manifest.xml", MANIFEST)
        package.writestr("content.xml", content)
    delivery = lawful(read(tmp_path, FACTS + STAFF.replace("staff.csv", "staff.ods"), {}))
    assert delivery.quarantine[["source_row", "reason"]].to_numpy().tolist() == [[2, "formula_unsolved"]]
    assert told(delivery, "1 row hidden or filtered")
