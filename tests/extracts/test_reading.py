"""Files to text: encodings, workbooks, parquet."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import pytest
import xlsxwriter

from analysis.extracts.manifest import FileSpec
from analysis.extracts.reading import decode, find_columns, fold, plain, read_raw

HOURS = {"table": "hours", "columns": {"person": "Nr", "unit": "Enhet", "month": "Mån", "hours": "Tim"}}


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
