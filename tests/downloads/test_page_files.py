"""A page's workbook and CSV hold the page's figures, digits and statuses, and nothing else."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest

from analysis.downloads.data_package import columns
from analysis.downloads.files import edition_files, page_files
from analysis.downloads.sheets import address, sheet_name
from tests.downloads.written import UNITS, page, read_back

PAGES = {"sv": [page("sv")], "en": [page("en")]}


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    return page_files("d1", PAGES, UNITS)


@pytest.fixture(scope="module")
def sheets(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[object]]]:
    path = tmp_path_factory.mktemp("workbook") / "d1.xlsx"
    path.write_bytes(files["d1.xlsx"])
    return read_back(path)


def records(files: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files["d1.csv"].decode("utf-8"))))


def test_a_sheet_a_table_and_one_for_figures_in_sentences(sheets: dict[str, list[list[object]]]) -> None:
    assert list(sheets) == ["Innehåll", "1 =De som slutar", "2 Uppgifter i löpande text"]


def test_titles_headings_and_notes_stand_in_both_languages_the_first_one_first(
    sheets: dict[str, list[list[object]]],
) -> None:
    rows = sheets["1 =De som slutar"]
    assert [row[0] for row in rows[:3]] == ["=De som slutar", "=Leavers", "Personalen"]
    assert rows[4] == ["Orsak", "", "Slutade", "Status", "Väntas sluta", "Väntas sluta", "nedre gräns",
                       "övre gräns", "Status"]  # fmt: skip
    assert rows[5][:3] == ["Cause", "", "Left"]
    assert [row[0] for row in rows[-2:]] == ["En anmärkning", "A note"]


def test_a_row_has_its_own_name_in_a_language_with_another_order(sheets: dict[str, list[list[object]]]) -> None:
    rows = sheets["1 =De som slutar"]
    assert [row[:2] for row in rows[6:8]] == [["Egen begäran", "Own request"], ["Totalt", "All"]]


def test_every_figure_has_a_status_and_a_withheld_one_no_number(sheets: dict[str, list[list[object]]]) -> None:
    own, every = sheets["1 =De som slutar"][6:8]
    assert own[2] == ""
    assert str(own[3]).startswith("ej redovisat")
    assert every[2:4] == [60.0, "redovisas"]
    # the interval is wider than the value
    assert own[5:8] == [1234.0, -1.0, 2500.0]
    assert str(own[8]).startswith("osäker")


def test_why_a_figure_is_withheld_is_one_and_the_same_for_all(files: dict[str, bytes]) -> None:
    """Whether a figure is small itself or guards another would tell its size."""
    reasons = {row["reason"] for row in records(files) if row["status"] == "withheld"}
    assert len(reasons) == 1


def test_numbers_are_numbers_with_the_decimals_of_the_page(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["d1.xlsx"])) as book:
        styles = book.read("xl/styles.xml").decode()
        share = book.read("xl/worksheets/sheet3.xml").decode()
    assert '"0.0%"' in styles
    assert "<v>0.076</v>" in share


def test_a_figure_in_a_sentence_has_its_sentence(sheets: dict[str, list[list[object]]]) -> None:
    assert sheets["2 Uppgifter i löpande text"][5][:3] == ["Sjukfrånvaro: 7,6 %", "Sick leave: 7.6%", 0.076]


def test_texts_that_look_like_formulas_are_texts(files: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(files["d1.xlsx"])) as book:
        assert not any(b"<f>" in book.read(name) for name in book.namelist())
    assert records(files)[0]["title_sv"] == "'=De som slutar"


def test_negative_numbers_stay_numbers(files: dict[str, bytes]) -> None:
    assert [row["low"] for row in records(files) if row["low"]] == ["-1"]


def test_each_record_names_its_cell_and_its_place(files: dict[str, bytes]) -> None:
    first = records(files)[0]
    assert (first["cell"], first["sheet"], first["place"]) == (
        "exits/d1/resignation/total", "1 =De som slutar", "C7",
    )  # fmt: skip


def test_the_same_pages_give_the_same_bytes(files: dict[str, bytes]) -> None:
    assert page_files("d1", PAGES, UNITS) == files
    with zipfile.ZipFile(io.BytesIO(files["d1.xlsx"])) as book:
        assert {item.date_time for item in book.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_one_language_alone() -> None:
    made = page_files("d1", {"sv": [page("sv")]}, UNITS)
    assert list(records(made)[0])[:4] == ["table", "title_sv", "row_sv", "column_sv"]


def test_a_data_package_says_what_every_column_is(files: dict[str, bytes]) -> None:
    made = edition_files("e-2025-12", "Utgåva", {"d1.csv": files["d1.csv"]}, {"d1": ["Norr", "North"]}, ("sv", "en"))
    package = json.loads(made["datapackage.json"])
    (resource,) = package["resources"]
    assert [field["name"] for field in resource["schema"]["fields"]] == list(columns(("sv", "en")))
    assert list(records(files)[0]) == list(columns(("sv", "en")))
    assert resource["bytes"] == len(files["d1.csv"])
    assert all(field["description"] for field in resource["schema"]["fields"])


def test_the_editions_workbook_has_a_sheet_for_each_published_table(files: dict[str, bytes], tmp_path: Path) -> None:
    made = edition_files("e-2025-12", "Utgåva", {"d1.csv": files["d1.csv"]}, {"d1": ["Norr", "North"]}, ("sv", "en"))
    (tmp_path / "e.xlsx").write_bytes(made["e-2025-12-tables.xlsx"])
    sheets = read_back(tmp_path / "e.xlsx")
    assert list(sheets) == ["Innehåll", "1 exits", "2 leavers", "3 sick_leave"]
    row = sheets["1 exits"][-1]
    assert row[:4] == ["d1", "Norr", "North", "Totalt"]
    assert row[-1] == "exits/d1/total/total"


def test_names_of_sheets_are_short_whole_and_unlike() -> None:
    assert (
        sheet_name(7, "Av/på: [kommunens] största 'yrkesgrupper' efter avdelning") == "7 Av på kommunens största yrkes"
    )
    assert [address(0, 0), address(6, 25), address(9, 26)] == ["A1", "Z7", "AA10"]
