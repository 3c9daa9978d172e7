"""A table that ends well before the cut-off: what it lacks is missing, with the month, and never nought."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.workforce.collect import History, all_facts, history
from analysis.workforce.covered import ended
from tests.workforce.example import post, table

TERMS = [
    pd.Timestamp(f"{month}-1{day}")
    for month in ("2022-03", "2022-09", "2023-03", "2023-09", "2024-03", "2024-09", "2025-06")
    for day in range(9)
]
AT = pd.Timestamp("2025-12-31")
PERIOD = "2025-12"


def monthly(name: str, last: str, *, people: int = 20, first: str = "2023-01") -> pd.DataFrame:
    more = {"hours": 80.0} if name == "hours" else {"ordinary_hours": 160.0, "sick_hours": 8.0, "sick_hours_long": 0.0}
    months = pd.period_range(first, last, freq="M")
    return table(
        name,
        [{"person": f"p{n}", "unit": "u1", "month": f"{month}-01", **more} for month in months for n in range(people)],
    )


def dated(name: str, column: str, days: list[pd.Timestamp]) -> pd.DataFrame:
    return table(name, [{column: f"{day:%Y-%m-%d}"} for day in days])


def posts() -> list[dict[str, Any]]:
    return [*(post(f"p{n}", "2015-01-01") for n in range(40)), post("x", "2015-01-01", "2024-03-15")]


def past(tables: dict[str, pd.DataFrame | None]) -> History:
    return history(tables, period=PERIOD, level="")


@pytest.mark.parametrize("name", ["absences", "hours"])
@pytest.mark.parametrize(
    ("last", "says"), [("2025-06", "2025-06"), ("2025-10", "2025-10"), ("2025-11", ""), ("2025-12", "")]
)
def test_months_that_are_not_there_are_told_with_the_last_that_is(name: str, last: str, says: str) -> None:
    assert ended({name: monthly(name, last)}, AT) == ({name: says} if says else {})


def test_what_comes_after_the_cut_off_is_no_sign_of_an_end_nor_against_one() -> None:
    table = monthly("absences", "2025-12")
    assert ended({"absences": table}, pd.Timestamp("2025-06-30")) == {}
    late = pd.concat([monthly("absences", "2025-03"), monthly("absences", "2025-12", first="2025-12")])
    assert ended({"absences": late}, pd.Timestamp("2025-11-30")) == {"absences": "2025-03"}


def test_a_single_month_of_hours_is_the_last_one() -> None:
    assert ended({"hours": monthly("hours", "2025-05", first="2025-05")}, AT) == {"hours": "2025-05"}


@pytest.mark.parametrize(
    ("days", "says"),
    [
        (pd.date_range("2022-01-05", "2025-06-30", freq="10D"), "2025-06"),
        (pd.date_range("2022-01-05", "2025-12-20", freq="10D"), ""),
        # courses in spring and autumn: six months without are the rhythm
        (TERMS, ""),
        # a small employer: three in the time would have been no more than chance
        (pd.date_range("2022-01-05", "2025-06-30", freq="60D"), ""),
        # two events say nothing about a rhythm
        ([pd.Timestamp("2020-01-01"), pd.Timestamp("2020-02-01")], ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize(("name", "column"), [("exits", "date"), ("vacancies", "opened"), ("training", "start")])
def test_a_table_is_held_against_its_own_rhythm(days: list[pd.Timestamp], says: str, name: str, column: str) -> None:
    assert ended({name: dated(name, column, list(days))}, AT) == ({name: says} if says else {})


@pytest.mark.parametrize("size", [50, 400, 3000])
def test_whole_tables_are_not_doubted(size: int) -> None:
    wrong = 0
    for seed in range(50):
        rng = np.random.default_rng(seed)
        months = pd.period_range("2020-01", PERIOD, freq="M")
        counts = rng.poisson(size * 0.01 * np.tile([0.5, 0.8, 1, 1, 1, 2, 1.5, 1.5, 1, 0.7, 0.5, 0.5], 6))
        days = [month.start_time for month, number in zip(months, counts, strict=True) for _ in range(number)]
        wrong += bool(ended({"exits": dated("exits", "date", days)}, AT))
    assert wrong == 0


def facts_of(tables: dict[str, pd.DataFrame | None]) -> set[tuple[str, str]]:
    found = all_facts(past(tables), tables, period=PERIOD, hours_per_month=165.0)
    now = found[found["layer"] == ""]
    return set(zip(now["table"], now["row"], strict=True))


def test_figures_of_a_window_that_is_not_covered_are_missing_and_those_of_one_that_is_stand() -> None:
    base: dict[str, pd.DataFrame | None] = {"employments": table("employments", posts())}
    whole = facts_of(base | {"absences": monthly("absences", "2025-12"), "hours": monthly("hours", "2025-12")})
    old = facts_of(base | {"absences": monthly("absences", "2025-06"), "hours": monthly("hours", "2025-06")})
    assert {("sick_leave", "total"), ("fte", "hourly")} <= whole
    assert not {table for table, _ in old} & {"sick_leave"}
    assert ("fte", "hourly") not in old
    assert old < whole  # nothing else is lost, nothing is made up


def test_the_month_is_told_and_kept() -> None:
    tables = {"employments": table("employments", posts()), "absences": monthly("absences", "2025-06")}
    found = past(tables)
    assert found.covered == {"absences": "2025-06"}
    (doubt,) = found.doubts
    assert "2025-06" in doubt
    assert "inte noll" in doubt.sv


def test_exit_records_that_end_early_take_no_causes_from_the_window_they_do_not_cover() -> None:
    people = [post(f"q{n}", "2015-01-01", f"{2020 + n // 24}-{n // 2 % 12 + 1:02d}-10") for n in range(144)]
    people += [post(f"s{n}", "2015-01-01") for n in range(60)]
    records = [
        {"person": each["person"], "date": each["end"], "cause": "resignation"} for each in people if each["end"]
    ]
    records = [each for each in records if each["date"] < "2025-07"]
    tables = {"employments": table("employments", people), "exits": table("exits", records)}
    found = past(tables)
    assert found.covered == {"exits": "2025-06"}
    assert found.observed[-2:] == ["2024-12", "2025-12"]
    assert found.origins == [*found.observed[:-2], "2025-12"]  # the last closed window has no causes
    facts = all_facts(found, tables, period=PERIOD, hours_per_month=165.0)
    assert set(facts.loc[(facts["table"] == "exits") & (facts["layer"] == ""), "row"]) == {"total"}
    series = facts[(facts["table"] == "turnover_series") & (facts["row"] == PERIOD)]
    assert set(series["column"]) == {"all_causes"}
