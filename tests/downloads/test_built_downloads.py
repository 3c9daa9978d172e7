"""A built edition's downloads hold the figures of its pages to the last printed digit, and are part of the edition."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from analysis.edition.passport import file_hash
from analysis.publishing.pages.names import CARDS
from tests.conftest import Project
from tests.downloads.written import read_back

PLACE = re.compile(r"([A-Z]+)(\d+)")
DATA = re.compile(r'<data value="([^"]*)" data-cell="([^"]*)"')
SILENT = re.compile(r'data-cell="([^"]*)" data-status="([^"]*)"')
LINK = re.compile(r'<a href="([^"]*)" download>')

WITHOUT = {*CARDS, "everyone"}
"""Pages beside which there is nothing to download."""


@pytest.fixture(scope="module")
def stems(built: Project) -> list[str]:
    return sorted(path.stem for path in built.reports.glob("*/*.csv"))


def records(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def test_every_report_and_the_edition_have_their_files(built: Project, stems: list[str]) -> None:
    pages = {path.parent.name for path in built.reports.glob("*/*.sv.html")} - WITHOUT
    assert set(stems) == pages
    assert all((built.reports / stem / f"{stem}.xlsx").is_file() for stem in stems)
    assert (built.reports / f"{built.reports.name}-tables.xlsx").is_file()
    assert (built.reports / "datapackage.json").is_file()


def test_csv_figures_are_those_of_the_page(built: Project, stems: list[str]) -> None:
    for stem in stems:
        html = "".join(
            (built.reports / stem / f"{name}.sv.html").read_text(encoding="utf-8").partition("<main")[2]
            for name in (stem, "underlag")
        )
        shown: dict[str, set[str]] = defaultdict(set)
        for value, cell in DATA.findall(html):
            shown[cell].add(value)
        listed: dict[str, set[str]] = defaultdict(set)
        for row in records(built.reports / stem / f"{stem}.csv"):
            if row["status"] in ("shown", "unreliable"):
                listed[row["cell"]].add(row["value"] or f"{row['low']}/{row['high']}")
        assert listed == shown, stem
        silent = {(cell, status) for cell, status in SILENT.findall(html)}
        rows = records(built.reports / stem / f"{stem}.csv")
        assert silent == {(r["cell"], r["status"]) for r in rows if r["status"] in ("withheld", "missing")}, stem


def test_a_workbooks_numbers_are_those_of_the_csv_in_their_places(built: Project, stems: list[str]) -> None:
    held = 0
    for stem in stems:
        sheets = read_back(built.reports / stem / f"{stem}.xlsx")
        for row in records(built.reports / stem / f"{stem}.csv"):
            if not row["place"]:
                continue
            letters, line = PLACE.fullmatch(row["place"]).groups()  # type: ignore[union-attr]
            column = sum((ord(letter) - 64) * 26**at for at, letter in enumerate(reversed(letters))) - 1
            there = sheets[row["sheet"]][int(line) - 1][column]
            if not row["value"]:
                assert there == ""
                continue
            scale = 100 if row["unit"] == "percent" else 1
            places = len(row["value"].partition(".")[2])
            assert f"{float(str(there)) * scale:.{places}f}" == f"{Decimal(row['value']):.{places}f}"
            held += 1
    assert held > 500


def test_the_editions_workbook_has_every_figure_that_pages_show(built: Project, stems: list[str]) -> None:
    cells = {row["cell"] for stem in stems for row in records(built.reports / stem / f"{stem}.csv")}
    sheets = read_back(built.reports / f"{built.reports.name}-tables.xlsx")
    listed = [str(row[-1]) for rows in sheets.values() for row in rows if str(row[-1]).count("/") > 2]
    assert sorted(listed) == sorted(cells)


def test_downloads_are_hashed_and_linked_once(built: Project, stems: list[str]) -> None:
    made = json.loads((built.reports / "run.json").read_text(encoding="utf-8"))["pages"]
    files = [f"{stem}/{stem}.{ending}" for stem in stems for ending in ("xlsx", "csv")]
    for name in (*files, f"{built.reports.name}-tables.xlsx", "datapackage.json"):
        assert made[name] == file_hash(built.reports / name)
    for page in built.reports.rglob("*.html"):
        links = LINK.findall(page.read_text(encoding="utf-8"))
        assert all((page.parent / link).is_file() for link in links)
        without = page.name.split(".")[0] in WITHOUT or page.parent.name in WITHOUT
        assert len(links) == (0 if without else 2), page.name


def test_the_same_edition_elsewhere_has_the_same_downloads(built: Project, built_again: Project) -> None:
    files = [path.relative_to(built.reports) for path in built.reports.rglob("*") if path.suffix in (".xlsx", ".csv")]
    assert len(files) > 4
    for name in (*files, Path("datapackage.json")):
        assert (built_again.reports / name).read_bytes() == (built.reports / name).read_bytes(), name
