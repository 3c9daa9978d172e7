"""Text to values: what real files write, and what must not be guessed."""

from __future__ import annotations

from datetime import date
from functools import partial

import pandas as pd
import pytest

from analysis.extracts.values import converting
from analysis.extracts.values.cleaning import Substitution
from analysis.extracts.values.date_formats import DEFAULT, MONTHS
from analysis.tables.clean import Column

EXTRACTED = date(2026, 1, 7)


def text(*values):
    return pd.Series(values, dtype="str")


def parsed(value, *, name="start", formats=DEFAULT, extracted=EXTRACTED, month=False):
    result, reason = converting.dates(text(value), name=name, formats=formats, extracted=extracted, month=month)
    return (None if pd.isna(result.iloc[0]) else str(result.iloc[0].date())), reason.iloc[0]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2025-11-30", ("2025-11-30", "")),
        ("20251130", ("2025-11-30", "")),
        ("2025-11-30 00:00:00", ("2025-11-30", "")),
        ("", (None, "")),
        ("..", (None, "")),
        ("NULL", (None, "")),
        ("2025-02-30", (None, "bad_date")),
        ("2025-11", (None, "bad_date")),
        ("2025113", (None, "bad_date")),  # not 3 November
        ("45991", (None, "bad_date")),  # a spreadsheet's day number is not guessed
        ("30/11/2025", (None, "bad_date")),
    ],
)
def test_dates_without_formats_are_iso_or_eight_digits(value, expected):
    assert parsed(value) == expected


def test_formats_are_tried_in_order():
    assert parsed("1/2/2025", formats=["%d/%m/%Y", "%m/%d/%Y"]) == ("2025-02-01", "")
    assert parsed("1/22/2025", formats=["%d/%m/%Y", "%m/%d/%Y"]) == ("2025-01-22", "")


@pytest.mark.parametrize(
    ("value", "name", "extracted", "expected"),
    [
        ("790310", "birth", EXTRACTED, "1979-03-10"),
        ("250310", "birth", EXTRACTED, "2025-03-10"),
        ("260108", "birth", EXTRACTED, "1926-01-08"),  # the day after the extraction: a century earlier
        ("260107", "birth", EXTRACTED, "2026-01-07"),
        ("681118", "hired", date(2012, 6, 30), "1968-11-18"),  # the standard pivot would say 2068
        ("681118", "hired", date(2070, 6, 30), "2068-11-18"),
        ("260901", "start", EXTRACTED, "2026-09-01"),  # a planned start
        ("290630", "end", EXTRACTED, "2029-06-30"),  # a contract that runs
        ("990630", "end", EXTRACTED, "1999-06-30"),
    ],
)
def test_a_two_digit_year_is_resolved_by_the_delivery_never_by_today(value, name, extracted, expected):
    assert parsed(value, name=name, formats=["%y%m%d"], extracted=extracted) == (expected, "")


@pytest.mark.parametrize("name", ["birth", "start", "end", "hired", "date"])
def test_a_year_alone_counts_from_its_middle_and_a_day_beside_it_stays_a_day(name):
    assert parsed("2019", name=name, formats=["%Y", "%Y-%m-%d"]) == ("2019-07-01", "")
    assert parsed("2019-03-09", name=name, formats=["%Y", "%Y-%m-%d"]) == ("2019-03-09", "")
    assert parsed("9999", name="end", formats=["%Y"]) == (None, "")


def test_open_ends_and_open_starts():
    assert parsed("9999-12-31", name="end") == (None, "")
    assert parsed("2999-12-31", name="valid_to") == (None, "")
    assert parsed("0001-01-01", name="valid_from") == (None, "")
    assert parsed("9999-12-31", name="start") == ("9999-12-31", "")  # left for the row rules to refuse


@pytest.mark.parametrize("value", ["2025-11", "202511", "2025-11-17", "20251117"])
def test_months_are_the_first_of_the_month(value):
    formats = (*MONTHS, *DEFAULT)
    assert parsed(value, name="month", formats=formats, month=True) == ("2025-11-01", "")


@pytest.mark.parametrize(
    ("value", "decimal", "expected"),
    [
        ("0.75", ".", 0.75),
        ("0,75", ",", 0.75),
        ("1 234,50", ",", 1234.5),
        ("1\u00a0234\u202f567,5", ",", 1234567.5),
        ("1.234,50", ",", 1234.5),
        ("$51,862.00", ".", 51862.0),
        ("($9.90)", ".", -9.9),
        ("35 000 kr", ",", 35000.0),
        ("\u2212" + "5", ".", -5.0),
        ("5-", ".", -5.0),
        ("1.5E3", ".", 1500.0),
        (",5", ",", 0.5),
    ],
)
def test_numbers_as_they_are_written(value, decimal, expected):
    result, reason = converting.numbers(text(value), decimal=decimal)
    assert result.tolist() == [expected]
    assert reason.tolist() == [""]


@pytest.mark.parametrize(
    ("value", "scale", "expected"), [("75 %", 0.01, 0.75), ("87,5%", 0.01, 0.875), ("750 ‰", 0.001, 0.75)]
)
def test_a_sign_of_per_cent_means_what_the_scale_says_and_nothing_without_one(value, scale, expected):
    read = partial(
        converting.convert,
        text(value),
        name="rate",
        column=Column("number"),
        formats=(),
        decimal=",",
        extracted=EXTRACTED,
    )
    assert read(scale=scale)[0].tolist() == [expected]
    assert read()[1].tolist() == ["bad_number"]


@pytest.mark.parametrize("kind", ["key", "text"])
def test_what_a_failed_formula_has_written_is_no_text(kind):
    values = text("#REF!", "#DIVISION/0!", "# 12", "#12!")
    result, reason = converting.texts(values, column=Column(kind))
    assert result.fillna("").tolist() == ["", "", "# 12", "#12!"]
    assert reason.tolist() == ["cell_error", "cell_error", "", ""]


@pytest.mark.parametrize(
    ("value", "decimal"), [("0,75", "."), ("0.75", ","), ("1,2,3", "."), ("hel", "."), ("1 st", ".")]
)
def test_a_number_with_the_wrong_mark_is_not_read_as_something_else(value, decimal):
    result, reason = converting.numbers(text(value), decimal=decimal)
    assert result.isna().all()
    assert reason.tolist() == ["bad_number"]


def test_whole_numbers():
    result, reason = converting.numbers(text("3", "3.0", "3.5", "", "tre"), decimal=".", whole=True)
    assert str(result.dtype) == "Int64"
    assert result.fillna(-1).tolist() == [3, 3, -1, -1, -1]
    assert reason.tolist() == ["", "", "bad_integer", "", "bad_integer"]


def test_per_cent_becomes_a_fraction():
    result, _ = converting.convert(
        text("75,00"),
        name="rate",
        column=Column("number"),
        formats=(),
        decimal=",",
        extracted=EXTRACTED,
        scale=0.01,
    )
    assert result.tolist() == [0.75]


def test_allowed_values_are_compared_without_case():
    column = Column("key", allowed=("F", "M"))
    result, reason = converting.texts(text("f", "M", "K", ""), column=column)
    assert result.fillna("?").tolist() == ["F", "M", "?", "?"]
    assert reason.tolist() == ["", "", "unknown_value", ""]


def test_a_key_whose_digits_a_spreadsheet_has_dropped_is_found_and_a_code_that_looks_alike_is_not():
    result, reason = converting.texts(text("1.98507E+11", "1,98507E+11", "4E12"), column=Column("key"))
    assert reason.tolist() == ["digits_lost", "digits_lost", ""]
    assert result.iloc[2] == "4E12"


def test_substitutions_work_in_order_on_trimmed_text():
    rules = [Substitution(pattern=r"\s*\(\d+\)$"), Substitution(pattern="^dept of ", replace="")]
    assert converting.substitute(text("Dept of Parks (031)", "parks"), rules).tolist() == ["Parks", "parks"]


def test_values_are_translated_without_case_and_others_stay():
    assert converting.translate(text("TILLSVIDARE ", "x"), {"Tillsvidare": "permanent"}).tolist() == [
        "permanent",
        "x",
    ]


def test_codes_of_units_are_told_apart_by_what_a_person_sees():
    raw = text(" BUN", "Bun", "A|B ", "Va\u0308g", "*")
    assert converting.organisation_codes(raw).tolist() == ["BUN", "Bun", "A|B", "Väg", "*"]
    built = converting.organisation_codes(text("police dept.|1", "police  dept|1"), built=True)
    assert built.tolist() == ["police dept 1"] * 2


def test_an_empty_column_has_the_type_of_a_full_one():
    index = pd.RangeIndex(2)
    for kind, dtype in [
        ("key", "str"),
        ("date", "datetime64[us]"),
        ("number", "float64"),
        ("integer", "Int64"),
    ]:
        column = converting.empty(Column(kind), index)
        assert str(column.dtype) == dtype
        assert column.isna().all()


@pytest.mark.parametrize("scale", [None, 100.0])
def test_a_whole_number_beyond_all_counting_is_set_aside(scale):
    column = Column("integer")
    values = pd.Series(["7", "99999999999999999999", "1e99", ""], dtype="str")
    options = {"name": "volume", "column": column, "formats": (), "decimal": ".", "extracted": date(2026, 1, 7)}
    found, reason = converting.convert(values, scale=scale, **options)
    assert reason.tolist() == ["", "bad_integer", "bad_integer", ""]
    assert found.isna().tolist() == [False, True, True, True]
