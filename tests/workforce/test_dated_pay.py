"""Whether a delivery says what somebody was paid then."""

from __future__ import annotations

import pandas as pd

from analysis.workforce.covariates import pay_is_dated

ORIGINS = ["2022-12", "2023-12", "2024-12"]


def rows(*spans: tuple[str, str | None, float]) -> pd.DataFrame:
    table = pd.DataFrame(spans, columns=["start", "until", "pay"])
    for day in ("start", "until"):
        table[day] = pd.to_datetime(table[day])
    return table.assign(form="permanent")


def test_a_row_for_each_revision_of_pay_dates_it():
    revised = [("2022-04-01", "2023-03-31", 30.0), ("2023-04-01", "2024-03-31", 31.0), ("2024-04-01", None, 32.0)]
    assert pay_is_dated(rows(*revised), ORIGINS)


def test_one_row_over_the_years_carries_the_pay_of_its_last_day():
    assert not pay_is_dated(rows(("2020-01-01", None, 32.0), ("2020-01-01", "2024-06-30", 29.0)), ORIGINS)


def test_rows_without_pay_say_nothing_about_it():
    assert pay_is_dated(rows(("2020-01-01", None, float("nan"))), ORIGINS)


def test_a_few_who_had_no_revision_change_nothing():
    yearly = [(f"{year}-04-01", f"{year + 1}-03-31", 30.0) for year in range(2022, 2025)] * 9
    assert pay_is_dated(rows(*yearly, ("2021-01-01", None, 28.0)), ORIGINS)
