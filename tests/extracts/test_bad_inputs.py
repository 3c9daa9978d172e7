"""Whatever is wrong with a delivery is said in one sentence: which file, what, and what to do."""

from __future__ import annotations

import io
import re

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts import read_delivery

from .town import ANNA, FACTS, HEADER, KEY, STAFF, lines, read, write


def sentence(folder, toml=FACTS + STAFF, files=None):
    with pytest.raises(InputError) as caught:
        read(folder, toml, files)
    text = str(caught.value)
    assert "\n" not in text.strip()
    assert str(folder) not in text  # a sentence that ends up in a report must not name this machine
    return text


def test_no_delivery_toml(tmp_path):
    with pytest.raises(InputError, match=r"no delivery\.toml in the folder.*copy one from examples"):
        read_delivery(tmp_path, key=KEY)


@pytest.mark.parametrize(
    ("toml", "words"),
    [
        ("[delivery\n", "not valid TOML"),
        ("", "delivery: is missing"),
        (FACTS, "file: is missing"),
        (FACTS + STAFF.replace("employments", "anställningar"), "unknown table 'anställningar'"),
        (FACTS + STAFF.replace('rate = "Grad"', 'ratte = "Grad"'), "unknown column 'ratte'"),
        (FACTS + STAFF.replace('start = "Från"\n', ""), "required column 'start' is not mapped"),
        (FACTS + STAFF.replace('path = "staff.csv"', ""), "either path or pattern"),
        (FACTS + STAFF.replace('path = "staff.csv"', "pattern = '('"), "not a regular expression"),
        (FACTS + STAFF.replace('path = "staff.csv"', "pattern = 'nothing_\\d'"), "no file matches"),
        (FACTS + STAFF.replace("[file.columns]", 'encoding = "klingon"\n[file.columns]'), "unknown encoding"),
        (
            FACTS + STAFF.replace("[file.columns]", 'delimeter = ";"\n[file.columns]'),
            "delimeter.*not a setting",
        ),
        (FACTS + STAFF.replace("[file.columns]", "personnummer = 3\n[file.columns]"), "personnummer"),
        (FACTS + STAFF + '[file.constants]\nperson = "1"\n', "'person' is given twice"),
        (FACTS + STAFF + '[file.constants]\ntitle = "{year}"\n', "which the pattern does not name"),
        (FACTS + STAFF + '[file.keys]\ntitle = ["first"]\n', "'first' is used but not mapped"),
        (FACTS + STAFF + '"Prov" = "permanant"\n', "gives 'permanant'; use one of permanent"),
        (FACTS + STAFF + "[file.scale]\npay = 0.1\n", "'pay' is used but not mapped"),
        (FACTS.replace("2026-01-07", '"snart"') + STAFF, "delivery.extracted: is not a date; write YYYY-MM-DD"),
        (FACTS + '[occupations]\nrules = [{matches = "x", occupation = "wizard"}]' + STAFF, "'wizard'"),
    ],
)
def test_a_delivery_toml_that_says_something_wrong(tmp_path, toml, words):
    assert re.search(words, sentence(tmp_path, toml))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "staff.csv is empty"),
        (b"  \r\n \r\n", "nothing but blanks"),
        (b"%PDF-1.7 ...", "staff.csv is a PDF document"),
        (b"PK\x03\x04....", "zip file or an Excel workbook"),
        (b"\xd0\xcf\x11\xe0....", "old Excel or Word"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b"Enhet;\x00Form\n", "NUL bytes"),
        (b"Enhet;Form\n\x81\x8d\n", "is not UTF-8 or cp1252 text"),
        (b"Enhet;Form\n1;2\n", r"no column 'Anställningsnr', needed for 'person'"),
        (lines(ANNA, header=HEADER.replace("Anst;", "Enhet;")).encode(), "'Enhet' occurs 2 times"),
        (("Personalrapport\nkvartal 4\n\n" + lines(ANNA)).encode(), "row 4 looks like the header"),
    ],
)
def test_a_text_file_that_is_not_what_it_should_be(tmp_path, content, words):
    assert words in sentence(tmp_path, files={"staff.csv": content})


def test_a_misspelt_header_is_not_said_to_be_on_the_row_where_it_was_looked_for(tmp_path):
    told = sentence(tmp_path, FACTS + STAFF.replace("Anställningsnr", "Anstnr"))
    assert "no column 'Anstnr', needed for 'person'; correct [file.columns]" in told


@pytest.mark.parametrize("delimiter", [",", "|"])
def test_a_header_that_was_not_cut_is_put_down_to_the_delimiter(tmp_path, delimiter):
    toml = FACTS + STAFF.replace("[file.columns]", f"delimiter = '{delimiter}'\n[file.columns]")
    told = sentence(tmp_path, toml)
    assert "came out as a single cell: correct delimiter" in told
    assert "set header_row" not in told


def test_a_title_in_a_single_cell_is_no_matter_of_the_delimiter(tmp_path):
    toml = FACTS + STAFF.replace("[file.columns]", 'delimiter = ";"\n[file.columns]')
    told = sentence(tmp_path, toml, {"staff.csv": "Personalrapport\n" + lines(ANNA)})
    assert told.endswith("row 2 looks like the header, so set header_row = 2 in delivery.toml")


def test_a_file_that_is_not_there(tmp_path):
    assert "staff.csv is named in delivery.toml but is not in the delivery" in sentence(tmp_path, files={})


def test_a_header_row_below_the_end_of_the_file(tmp_path):
    toml = FACTS + STAFF.replace("[file.columns]", "header_row = 40\n[file.columns]")
    assert "no header on row 40" in sentence(tmp_path, toml, {"staff.csv": lines(ANNA)})


def workbook(sheet="Blad1", **columns):
    stream = io.BytesIO()
    pd.DataFrame(columns).to_excel(stream, sheet_name=sheet, index=False, engine="xlsxwriter")
    return stream.getvalue()


BOOK = FACTS + STAFF.replace("staff.csv", "staff.xlsx")


@pytest.mark.parametrize(
    ("toml", "content", "words"),
    [
        (BOOK, b"Enhet;Form\n", "not a readable Excel workbook"),
        (BOOK, b"PK\x03\x04 not really", "not a readable Excel workbook"),
        (BOOK, workbook()[:900], "not a readable Excel workbook"),
        (BOOK, workbook(), "nothing in sheet 'Blad1'"),
        (
            BOOK.replace("[file.columns]", 'sheet = "Data"\n[file.columns]'),
            workbook(a=[1]),
            "no sheet 'Data'",
        ),
        (BOOK, workbook(Enhet=[1]), "no column 'Anställningsnr'"),
        (BOOK.replace("staff.xlsx", "staff.parquet"), b"PAR1", "not a readable parquet file"),
    ],
)
def test_a_workbook_that_is_not_what_it_should_be(tmp_path, toml, content, words):
    name = "staff.parquet" if "parquet" in toml else "staff.xlsx"
    assert words in sentence(tmp_path, toml, {name: content})


def test_files_in_a_folder_that_does_not_exist(tmp_path):
    toml = FACTS.replace('name = "Prov', 'files = "nowhere"\nname = "Prov') + STAFF
    write(tmp_path, toml, {})
    with pytest.raises(InputError, match="'nowhere' does not exist"):
        read_delivery(tmp_path, key=KEY)
