"""The statutory disclosure and other cuts of sick leave, worked out by hand, with the rule of ten."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.workforce import indicators
from analysis.workforce.indicators.sickness import calendar_year, covered
from tests.workforce.example import table
from tests.workforce.indicators.worked import UNITS, line, value


def absences(rows: list[dict[str, object]]) -> pd.DataFrame:
    base = {"unit": "u1", "month": "2025-06-01", "ordinary_hours": 100.0, "sick_hours": 0.0}
    return table("absences", [base | row for row in rows])


def people(*rows: tuple[str, str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["person", "sex", "birth"])
    return frame.assign(birth=pd.to_datetime(frame["birth"]))


EVERYONE = people(("a", "F", "1996-12-01"), ("b", "M", "1995-01-01"), ("c", "F", "1975-12-01"))
ROWS = [
    {"person": "a", "sick_hours": 10.0, "sick_hours_long": 0.0, "sick_hours_short": 10.0, "parental_hours": 20.0},
    {"person": "b", "sick_hours": 40.0, "sick_hours_long": 40.0, "sick_hours_short": 5.0, "parental_hours": 5.0},
    {"person": "c", "unit": "u2", "ordinary_hours": 200.0, "sick_hours": 30.0, "sick_hours_long": 0.0,
     "sick_hours_short": 6.0},
    {"person": "c", "month": "2024-12-01", "sick_hours": 100.0},  # another year
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("n00090", 80 / 400),
        ("n00091", 40 / 80),
        ("statutory_women", 40 / 300),
        ("statutory_men", 40 / 100),
        ("n00092", 10 / 100),  # 29 at the end of the year
        ("n00093", 40 / 100),  # 30
        ("n00094", 30 / 200),  # 50
    ],
)
def test_the_seven_key_figures_are_hours_over_hours(name: str, expected: float) -> None:
    facts = indicators.statutory_sick_leave(absences(ROWS), UNITS, EVERYONE, period="2025-12")
    assert value(facts, name) == pytest.approx(expected)


def test_day_14_and_day_15_are_of_ordinary_hours_and_not_the_sixty_days() -> None:
    facts = indicators.sick_leave_by_day(absences(ROWS), UNITS, period="2025-12")
    assert value(facts, "sick_leave_to_day_14") == pytest.approx(21 / 400)
    assert value(facts, "sick_leave_from_day_15") == pytest.approx(59 / 400)


def test_women_minus_men_in_late_sick_leave_and_parental_leave() -> None:
    facts = indicators.equal_absence(absences(ROWS), UNITS, EVERYONE, period="2025-12")
    assert value(facts, "sick_leave_gap") == pytest.approx(24 / 300 - 35 / 100)
    assert value(facts, "parental_leave_gap") == pytest.approx(20 / 100 - 5 / 100), "c has none recorded"
    assert line(facts, "sick_leave_gap")["n"] == 1, "the smaller group"


def test_overtime_is_of_ordinary_hours_where_it_is_recorded() -> None:
    rows = [{"person": "a", "overtime_hours": 3.0}, {"person": "b"}]
    assert value(indicators.overtime(absences(rows), UNITS, period="2025-12"), "overtime_share") == pytest.approx(0.03)


def test_the_calendar_year_is_the_latest_that_has_ended_and_must_be_whole() -> None:
    assert [calendar_year(period) for period in ("2025-12", "2026-04")] == ["2025-12", "2025-12"]
    months = [{"person": "a", "month": f"2025-{month:02d}-01"} for month in range(1, 13)]
    assert covered(absences(months), "2025-12")
    assert not covered(absences(months[:-1]), "2025-12")


@pytest.mark.parametrize(("persons", "status"), [(10, "withheld"), (11, "published")])
def test_a_group_of_ten_is_withheld_and_one_of_eleven_shown(persons: int, status: str) -> None:
    rows = [{"person": f"p{n}", "sick_hours": 5.0, "sick_hours_long": 0.0} for n in range(persons)]
    everyone = people(*((f"p{n}", "F", "1980-01-01") for n in range(persons)))
    facts = indicators.statutory_sick_leave(absences(rows), UNITS, everyone, period="2025-12")
    thresholds = Thresholds.of(policy(), "internal")
    cells = protect(facts, plan=shipped_plan(), thresholds=thresholds, reported=["d1"], period="2025-12").set_index(
        ["department", "row"]
    )
    assert cells.loc[("all", "n00090"), "status"] == status
