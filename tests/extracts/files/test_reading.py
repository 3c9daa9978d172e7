"""Files to text: encodings, workbooks, parquet."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from analysis.extracts.files.reading import Raw, decode, find_columns, fold, plain, read_blocks
from analysis.extracts.manifest import FileSpec

HOURS = {"table": "hours", "columns": {"person": "Nr", "unit": "Enhet", "month": "Mån", "hours": "Tim"}}


def read_raw(path: Path, spec: FileSpec) -> Raw:
    """The whole file in one block."""
    return next(read_blocks(path, spec, rows=None))


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Månad".encode(), "utf-8"),
        ("Månad".encode("utf-8-sig"), "utf-8-sig"),
        ("Månad".encode("cp1252"), "cp1252"),
        ("Månad".encode("utf-16"), "utf-16"),
        ("Månad – 5 €".encode("cp1252"), "cp1252"),
    ],
)
def test_the_ladder_of_encodings(data, encoding):
    text, used = decode(data, name="x.csv")
    assert text.startswith("Månad")
    assert used == encoding


def test_a_named_encoding_is_used_where_no_byte_order_mark_says_otherwise():
    assert decode("Månad".encode("cp850"), name="x.csv", encoding="cp850") == ("Månad", "cp850")
    assert decode("Månad".encode("utf-8-sig"), name="x.csv", encoding="cp1252") == ("Månad", "utf-8-sig")


def test_headers_are_compared_without_case_blanks_line_breaks_and_ways_to_write_an_accent():
    assert fold(" Anst\u00a0 NR\n") == fold("anst nr")
    assert fold("Från") == fold("Fra\u030an")


def test_a_workbook_keeps_numbers_dates_and_row_numbers(tmp_path):
    path = tmp_path / "hours.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Blad1")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write(1, 0, "Utskrift")
    sheet.write_row(3, 0, ["Nr", "Enhet", "Mån", "Tim"])
    sheet.write_row(4, 0, [198507011234, "0180"])
    sheet.write_datetime(4, 2, datetime.datetime(2025, 11, 1), day)
    sheet.write(4, 3, 7.25)
    sheet.write_row(6, 0, [12, 180, "2025-12", "8,5"])
    book.close()
    raw = read_raw(path, FileSpec(path="hours.xlsx", header_row=4, decimal=",", **HOURS))
    assert raw.frame.to_numpy().tolist() == [
        ["198507011234", "0180", "2025-11-01", "7,25"],
        ["12", "180", "2025-12", "8,5"],
    ]
    assert raw.rows.tolist() == [5, 7]
    assert raw.structural == 4  # three rows above the header, one blank below


ERRORS = {"#DIV/0!": "#DIV/0!", "#REF!": "#REF!", "#VALUE!": "#VALUE!", "#N/A": ""}


@pytest.mark.parametrize("bare", [False, True])
def test_error_values_of_a_workbook_stay_but_for_the_one_that_means_empty(tmp_path, bare):
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    book.add_worksheet("Blad1").write_formula("A1", "=1/0", None, "#NUM!")
    sheet = book.add_worksheet("Å & Ä")
    sheet.write_row(1, 0, ["Nr", "Enhet", "Mån", "Tim"])
    for place, value in enumerate(ERRORS, start=2):
        sheet.write_row(place, 0, [7, "A", "2025-11"])
        sheet.write_formula(place, 3, "=B1", None, value)
    sheet.write_formula("AB9", "=B1", None, "#NAME?")
    book.close()
    with zipfile.ZipFile(stream) as whole, zipfile.ZipFile(tmp_path / "hours.xlsx", "w") as copy:
        for part in whole.namelist():
            content = whole.read(part)
            if bare and "worksheets" in part:  # references may be left out, and names may carry a prefix
                content = re.sub(rb'(<c) r="[A-Z]+[2-8]"', rb"\1", content)
                content = re.sub(rb"(</?)(?=[a-zA-Z])", rb"\1x:", content).replace(b"xmlns=", b"xmlns:x=")
            copy.writestr(part, content)
    raw = read_raw(tmp_path / "hours.xlsx", FileSpec(path="hours.xlsx", sheet="Å & Ä", header_row=2, **HOURS))
    assert raw.frame[3].tolist() == [*ERRORS.values(), ""]
    assert raw.frame[27].tolist() == [""] * len(ERRORS) + ["#NAME?"]
    assert raw.rows.tolist() == [3, 4, 5, 6, 9]


def test_parquet_is_read_as_text_with_rows_counted_from_one(tmp_path):
    path = tmp_path / "hours.parquet"
    pd.DataFrame({"Nr": ["007", None], "Mån": pd.to_datetime(["2025-11-01", None]), "Tim": [7.0, np.nan]}).to_parquet(
        path
    )
    raw = read_raw(path, FileSpec(path="hours.parquet", **HOURS))
    assert raw.frame.to_numpy().tolist() == [["007", "2025-11-01", "7"]]
    assert raw.rows.tolist() == [1]
    assert raw.structural == 1


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (12.0, "12"),
        (0.75, "0,75"),
        (1.98507e17, "1.98507E+17"),
        (True, "true"),
        (None, ""),
        (datetime.date(2025, 1, 2), "2025-01-02"),
        (datetime.datetime(2025, 1, 2), "2025-01-02"),
        (datetime.datetime(2025, 1, 2, 8, 30), "2025-01-02 08:30:00"),
        (datetime.timedelta(hours=7, minutes=30), "7,5"),
    ],
)
def test_a_typed_cell_as_text(cell, text):
    assert plain(cell, decimal=",") == text


def test_the_first_alternative_header_that_is_there_wins(tmp_path):
    (tmp_path / "hours.csv").write_text("nr;enhetskod;ENHET;mån;tim\n", encoding="utf-8")
    columns = HOURS["columns"] | {"unit": ["Kostnadsställe", "Enhet", "Enhetskod"], "aid": "AID"}
    spec = FileSpec(path="hours.csv", table="hours", columns=columns)
    positions, absent = find_columns(spec, read_raw(tmp_path / "hours.csv", spec), file="hours.csv")
    assert positions["unit"] == 2
    assert absent == ["aid"]


def raw_of(folder, content, name="hours.csv", columns=HOURS["columns"], **how):
    (folder / name).write_text(content, encoding="utf-8")
    return read_raw(folder / name, FileSpec(path=name, table="hours", columns=columns, **how))


def test_markers_of_missing_values_are_empty_and_thousands_go_where_numbers_are(tmp_path):
    content = "Nr;Enhet;Mån;Tim\n1 2;..;2025-11;1.23.456\n3;A.;..;7\n"
    raw = raw_of(tmp_path, content, missing=[".."], thousands=".", decimal=",")
    assert raw.frame.to_numpy().tolist() == [["1 2", "", "2025-11", "123456"], ["3", "A.", "", "7"]]


def test_a_file_without_header_is_mapped_by_position(tmp_path):
    columns = {"person": "1", "unit": "2", "month": "3", "hours": "4"}
    raw = raw_of(tmp_path, "7;A;2025-11;8\n8;B;2025-11;9\n", columns=columns, header_row=0)
    spec = FileSpec(path="hours.csv", table="hours", columns=columns, header_row=0)
    assert find_columns(spec, raw, file="hours.csv")[0] == {"person": 0, "unit": 1, "month": 2, "hours": 3}
    assert raw.rows.tolist() == [1, 2]


def test_fixed_width_text_is_cut_where_it_is_said_to_be(tmp_path):
    content = "Rapport\nNr   EnhetMån       Tim\n7    A    2025-11    8,5\n\n8    B    2025-12   10\nSlut\n"
    how = {"format": "fixed", "widths": [5, 5, 8, 6], "header_row": 2, "footer": 1}
    raw = raw_of(tmp_path, content, "hours.txt", **how)
    assert raw.header == ["Nr", "Enhet", "Mån", "Tim"]
    assert raw.frame.to_numpy().tolist() == [["7", "A", "2025-11", "8,5"], ["8", "B", "2025-12", "10"]]
    assert raw.rows.tolist() == [3, 5]
    assert raw.structural == 3


@pytest.mark.parametrize("kind", ["csv", "fixed", "xlsx", "parquet"])
def test_blocks_of_every_format_add_up_to_the_whole(tmp_path, kind):
    table = pd.DataFrame({"Nr": [str(n) for n in range(100, 330)], "Tim": "8"})
    path = tmp_path / ("hours." + {"fixed": "txt"}.get(kind, kind))
    how = {"format": "fixed", "widths": [4, 4]} if kind == "fixed" else {}
    if kind == "xlsx":
        table.to_excel(path, index=False, engine="xlsxwriter")
    elif kind == "parquet":
        table.to_parquet(path)
    else:
        gap = ";" if kind == "csv" else " "
        path.write_text(f"Nr{gap.ljust(2) if gap == ' ' else gap}Tim\n" + "".join(f"{n}{gap}8\n" for n in table["Nr"]))
    spec = FileSpec(path=path.name, table="hours", columns=HOURS["columns"], **how)
    whole, parts = read_raw(path, spec), list(read_blocks(path, spec, rows=50))
    assert len(parts) > 2
    assert [part.last for part in parts] == [False] * (len(parts) - 1) + [True]
    assert {tuple(part.header) for part in parts} == {("Nr", "Tim")}
    assert [cell for part in parts for cell in part.frame[0]] == whole.frame[0].tolist() == table["Nr"].tolist()
    assert [row for part in parts for row in part.rows] == whole.rows.tolist()
    assert sum(part.structural for part in parts) == whole.structural


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"format": "fixed"}, "widths go together"),
        ({"thousands": ",", "decimal": ","}, "both decimal and thousands"),
        ({"delimiter": "'", "quote": "'"}, "both delimiter and quote"),
    ],
)
def test_settings_that_contradict_each_other(how, words):
    with pytest.raises(ValueError, match=words):
        FileSpec(path="hours.csv", **HOURS, **how)
