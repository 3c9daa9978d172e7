"""What must hold for any file: records are conserved, encodings do not matter, nothing personal survives."""

from __future__ import annotations

import io
import tempfile
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from analysis.errors import InputError
from analysis.extracts import Delivery
from analysis.extracts.delivery import COUNTS
from analysis.extracts.files import delimited
from analysis.extracts.files.delimited import Dialect, read_record_blocks
from analysis.extracts.values import converting

from .town import FACTS, HEADER, STAFF, lines, read

SLOW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUICK = settings(max_examples=100, deadline=None)

cell = st.one_of(
    st.sampled_from(
        ["", "d0180", "Tillsvidare", "Summa", "1.0", "0,5", "2015-08-10", "9999-12-31", "402010", '"', " "]
    ),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
)
row = st.lists(cell, min_size=0, max_size=12).map(";".join)
good = st.integers(100000, 999999).map(lambda number: f"{number};1;d0180;402010;Tillsvidare;1.0;2015-08-10;;1979-03-14")


def holds_personal(delivery: Delivery, raw: set[str]) -> list[str]:
    """The raw values found anywhere in what a delivery keeps."""
    frames = [*delivery.tables.values(), delivery.quarantine, delivery.ledger, delivery.rules]
    text = "\n".join(frame.to_csv(index=False) for frame in frames) + "\n".join(delivery.warnings)
    return [value for value in raw if value in text]


messy = st.lists(st.one_of(row, good), max_size=25)


@SLOW
@given(messy)
@example(['1;"', "a", '";2'])
@example(["", ";", ";;;;;;;;;;;;", "Summa", "\u2028", "\x0b"])
def test_every_record_of_any_messy_file_is_accounted_for(rows):
    account_for(rows)


@pytest.mark.large
@settings(SLOW, max_examples=200)
@given(messy)
def test_every_record_of_a_great_many_messy_files_is_accounted_for(rows):
    account_for(rows)


def account_for(rows: list[str]) -> None:
    text = lines(*rows)
    with tempfile.TemporaryDirectory() as folder:
        delivery = read(Path(folder), files={"staff.csv": text})
    ledger = delivery.ledger.iloc[0]
    assert ledger["read"] == ledger[list(COUNTS[1:])].sum()
    assert ledger["quarantined"] == len(delivery.quarantine)
    assert ledger["accepted"] == len(delivery.tables["employments"])
    if '"' not in text:  # quotes may join lines; without them a record is a line
        assert ledger["read"] == len(io.StringIO(text, newline=None).readlines()) - 1
    taken = [*delivery.quarantine["source_row"], *delivery.tables["employments"]["source_row"]]
    assert len(set(taken)) == len(taken)


@QUICK
@given(st.lists(st.lists(st.text(alphabet='ab;"\n ', max_size=4), min_size=2, max_size=2), max_size=8))
def test_a_well_quoted_file_of_two_columns_is_read_back_as_it_was_written(rows):
    rows = [record for record in rows if any(each.strip() for each in record)]
    stream = io.StringIO()
    pd.DataFrame(rows, columns=["x", "y"]).to_csv(stream, sep=";", index=False, quoting=1)
    found = next(read_record_blocks(iter([stream.getvalue()]), Dialect(";")))
    assert found.frame.to_numpy().tolist() == rows
    assert found.odd == {}


AWKWARD = [
    "1;2",
    "1;2;3",
    "1",
    "",
    ";",
    " ; ",
    "å;ö",
    "1;2;",
    '"1";"2"',
    '"1;2";3',
    '1;"',
    '"x',
    'y";2',
    '"a""b";2',
    '"a"b;""',
]


def read_by(rows, header_row, *, in_bulk=True, size=None):
    text = "\n".join([*["preamble"] * (header_row - 1), "a;b", *rows])
    pieces = (text[start : start + 5] for start in range(0, len(text), 5))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "AHEAD", 1)
        patch.setattr(delimited, "AHEAD_BYTES", 0)
        if not in_bulk:
            patch.setattr(delimited, "_sound", lambda buffer, ends, dialect, width: np.zeros(len(ends), dtype=bool))
        found = list(read_record_blocks(pieces, Dialect(";", header_row=header_row), rows=size))
    odd = {int(block.rows[place]): reason for block in found for place, reason in block.odd.items()}
    cells = [cells for block in found for cells in block.frame.to_numpy().tolist()]
    return cells, [int(row) for block in found for row in block.rows], odd, sum(block.structural for block in found)


@QUICK
@given(st.lists(st.sampled_from(AWKWARD), max_size=12), st.integers(1, 3))
def test_the_fast_and_the_careful_reader_agree_on_any_lines(rows, header_row):
    assert read_by(rows, header_row) == read_by(rows, header_row, in_bulk=False)


@QUICK
@given(st.lists(st.sampled_from(AWKWARD), max_size=12), st.integers(1, 3), st.integers(1, 4))
def test_blocks_of_any_size_say_the_same_as_the_whole(rows, header_row, size):
    assert read_by(rows, header_row, size=size) == read_by(rows, header_row)


@SLOW
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    delimiter=st.sampled_from([";", ",", "\t", "|"]),
    decimal=st.sampled_from([".", ","]),
    ends=st.sampled_from(["\n", "\r\n"]),
    rates=st.lists(st.integers(0, 100).map(lambda each: each / 100), min_size=1, max_size=5),
)
def test_encoding_delimiter_decimal_mark_and_line_ends_do_not_change_what_is_read(
    encoding, delimiter, decimal, ends, rates
):
    table = pd.DataFrame([[f"1002{n};x", "1", "d0180", "402010", "Tillsvidare"] for n in range(len(rates))])
    table[5] = [f"{rate:.2f}".replace(".", decimal) for rate in rates]
    table[6], table[7], table[8] = "2015-08-10", "", "1979-03-14"
    table.columns = HEADER.split(";")
    text = table.to_csv(index=False, sep=delimiter, lineterminator=ends)
    toml = FACTS + STAFF.replace("[file.columns]", f'decimal = "{decimal}"\n[file.columns]')
    with tempfile.TemporaryDirectory() as folder:
        delivery = read(Path(folder), toml, {"staff.csv": text.encode(encoding)})
    assert delivery.quarantine.empty
    assert delivery.tables["employments"]["rate"].tolist() == rates


@SLOW
@given(
    people=st.lists(st.integers(10**7, 10**8).map(str), min_size=1, max_size=8, unique=True),
    faults=st.lists(st.sampled_from(["", "start", "form", "shift", "short", "long", "unit"]), min_size=8, max_size=8),
)
def test_no_raw_number_or_birth_date_survives_anywhere(people, faults):
    rows = []
    for number, fault in zip(people, faults, strict=False):
        cells = [number, "1", "d0180", "402010", "Tillsvidare", "1.0", "2015-08-10", "", "1979-03-14"]
        match fault:
            case "start":
                cells[6] = number
            case "form":
                cells[4] = f" {number}"
            case "shift":
                cells = ["", *cells[:-1]]
            case "short":
                cells = cells[1:]
            case "long":
                cells = [*cells, number]
            case "unit":
                cells[5] = number
        rows.append(";".join(cells))
    with tempfile.TemporaryDirectory() as folder:
        delivery = read(Path(folder), files={"staff.csv": lines(*rows)})
    assert holds_personal(delivery, {*people, "1979-03-14"}) == []


def test_the_search_for_personal_values_finds_a_planted_one(tmp_path):
    delivery = read(tmp_path)
    delivery.quarantine.loc[0] = ["staff.csv", 2, "employments", "unit", "unknown_unit", "100231"]
    assert holds_personal(delivery, {"100231"}) == ["100231"]


@QUICK
@given(st.dates(date(1900, 1, 1), date(2026, 1, 7)))
def test_no_two_digit_date_of_birth_lies_after_the_extraction(day):
    values = pd.Series([day.strftime("%y%m%d")], dtype="str")
    found, reason = converting.dates(values, name="birth", formats=["%y%m%d"], extracted=date(2026, 1, 7))
    if reason.iloc[0] == "":
        assert date(1926, 1, 7) < found.iloc[0].date() <= date(2026, 1, 7)
        assert found.iloc[0].strftime("%y%m%d") == values.iloc[0]


@QUICK
@given(st.binary(min_size=1, max_size=60))
@example(b"\xff\xfe\x00")
@example(b'"\n"\n')
def test_any_bytes_at_all_give_a_delivery_or_one_sentence(data):
    with tempfile.TemporaryDirectory() as folder, pytest.raises(InputError):
        read(Path(folder), files={"staff.csv": data})
