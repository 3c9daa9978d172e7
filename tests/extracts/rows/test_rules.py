"""What one row must fulfil beyond its columns."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from analysis.extracts.rows.rules import breaches
from analysis.tables.keys import Codes
from tests.extracts.contract import empty_table

EXTRACTED = date(2026, 1, 7)


def broken(name, units=None, **columns):
    """The reasons (with columns) for which a row of table ``name`` is refused."""
    table = empty_table(name).reindex([0]).assign(**columns)
    table = table.astype({column: empty_table(name)[column].dtype for column in columns})
    found = breaches(table, extracted=EXTRACTED, units=units)
    return [(reason, column) for reason, column, rows in found if bool(rows.fillna(False).iloc[0])]


def day(text):
    return pd.Timestamp(text)


@pytest.mark.parametrize(
    ("name", "start", "end"),
    [
        ("employments", "start", "end"),
        ("organisation", "valid_from", "valid_to"),
        ("vacancies", "opened", "closed"),
        ("vacancies", "opened", "start"),
        ("training", "start", "end"),
    ],
)
def test_nothing_ends_before_it_starts(name, start, end):
    assert broken(name, **{start: day("2024-05-02"), end: day("2024-05-01")}) == [("end_before_start", end)]
    assert broken(name, **{start: day("2024-05-01"), end: day("2024-05-01")}) == []
    assert broken(name, **{start: day("2024-05-01")}) == []


def test_a_start_may_be_planned_for_a_year_a_birth_or_a_months_hours_may_not():
    assert broken("employments", start=day("2027-01-07")) == []
    assert broken("employments", start=day("2027-01-08")) == [("in_future", "start")]
    assert broken("employments", birth=day("2026-02-01")) == [("in_future", "birth")]
    assert broken("hours", month=day("2026-02-01")) == [("in_future", "month")]
    assert broken("hours", month=day("2026-01-01")) == []


def test_a_contract_may_end_far_in_the_future():
    assert broken("employments", start=day("2020-01-01"), end=day("2040-01-01")) == []


def test_nobody_was_born_before_1900():
    assert broken("employments", birth=day("1899-12-01")) == [("too_old", "birth")]
    assert broken("employments", birth=day("1900-01-01")) == []


def test_long_sick_leave_is_part_of_sick_leave_which_is_part_of_working_time():
    hours = {"ordinary_hours": 160.0, "sick_hours": 160.0, "sick_hours_long": 160.0}
    assert broken("absences", **hours) == []
    assert broken("absences", **hours | {"sick_hours": 161.0}) == [("more_sick_than_ordinary", "sick_hours")]
    assert broken("absences", **hours | {"sick_hours": 100.0}) == [("more_long_than_sick", "sick_hours_long")]


def test_units_must_be_in_the_organisation_where_there_is_one():
    units = Codes({"d0180"})
    assert broken("managers", units, unit="d9999") == [("unknown_unit", "unit")]
    assert broken("managers", units, unit="d0180") == []
    assert broken("managers", None, unit="d9999") == []
    assert broken("staffing_ratios", units, department="*") == []
    assert broken("staffing_ratios", units, department="d9999") == [("unknown_unit", "department")]
    assert broken("organisation", units, unit="d9999", parent="d8888") == []
