"""The year of the staff worked out by hand: nobody ill, repeated absence, sick pay, time by kind, cost of staff."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.workforce import indicators
from tests.workforce.example import employed, post, table
from tests.workforce.indicators.worked import UNITS, line, value


def year(person: str, months: int = 12, **of: object) -> list[dict[str, object]]:
    """A row a month, 165 ordinary hours each."""
    base = {"person": person, "unit": "u1", "ordinary_hours": 165.0, "sick_hours": 0.0, "sick_spells": 0}
    return [base | {"month": f"2025-{month:02d}-01"} | of for month in range(1, months + 1)]


def ill(person: str, spells: int, hours: float = 8.0, **of: object) -> list[dict[str, object]]:
    """One spell in each of the first months."""
    rows = year(person, **of)
    for row in rows[:spells]:
        row |= {"sick_hours": hours, "sick_hours_short": hours, "sick_spells": 1}
    return rows


def absences(*parts: list[dict[str, object]]) -> pd.DataFrame:
    frame = table("absences", [row for part in parts for row in part])
    return frame.assign(sick_spells=pd.array(frame["sick_spells"], dtype="Int64"))


def test_who_was_there_all_year_is_counted_where_they_were_in_december() -> None:
    moved = year("b")
    moved[-1]["unit"] = "u2"
    rows = absences(year("a"), moved, ill("c", 5), ill("d", 6), year("e", months=11))
    found = indicators.year_of_absence(rows, UNITS, period="2025-12")
    assert value(found, "without_absence") == pytest.approx(2 / 4)  # a and b; e left
    assert value(found, "repeated_absence") == pytest.approx(1 / 4)  # six spells, not five
    assert value(found, "without_absence", "d2") == 1
    assert (line(found, "without_absence")["numerator"], line(found, "without_absence")["denominator"]) == (2, 4)


def test_a_month_without_recorded_spells_says_nothing_of_repeated_absence() -> None:
    untold = ill("d", 6)
    untold[8]["sick_spells"] = None
    found = indicators.year_of_absence(absences(ill("c", 6), untold), UNITS, period="2025-12")
    assert value(found, "repeated_absence") == 1
    assert line(found, "repeated_absence")["denominator"] == 1
    bare = absences(ill("c", 6)).drop(columns="sick_spells")
    assert set(indicators.year_of_absence(bare, UNITS, period="2025-12")["row"]) == {"without_absence"}


def test_sick_pay_is_four_fifths_of_the_pay_less_a_fifth_of_a_weeks_for_each_spell() -> None:
    rows, _ = employed([post("a", "2020-01-01", pay=33_000.0), post("b", "2020-01-01")])
    # 200 kronor an hour; a week of 165 · 12 / 52 hours; two spells of 24 hours
    deduction = 0.2 * 165 * 12 / 52
    absent = absences(ill("a", 2, hours=24.0), ill("b", 2, hours=24.0))
    found = indicators.sick_pay(absent, UNITS, rows, period="2025-12", hours_per_month=165.0)
    assert value(found, "sick_pay") == pytest.approx(2 * 0.8 * 200 * (24 - deduction))  # b's pay is not known
    short = indicators.sick_pay(absences(ill("a", 1, hours=4.0)), UNITS, rows, period="2025-12", hours_per_month=165.0)
    assert value(short, "sick_pay") == 0  # the deduction takes no more than there is
    bare = absent.drop(columns="sick_spells")
    whole = indicators.sick_pay(bare, UNITS, rows, period="2025-12", hours_per_month=165.0)
    assert value(whole, "sick_pay") == pytest.approx(2 * 0.8 * 200 * 24)


def test_time_by_kind_is_over_the_hours_of_those_for_whom_it_is_recorded() -> None:
    rows = absences(year("a", extra_hours=3.3), year("b"), year("c", parental_hours=16.5, extra_hours=0.0))
    found = indicators.time_by_kind(rows, UNITS, period="2025-12")
    assert value(found, "extra_share") == pytest.approx(3.3 / 330)
    assert value(found, "parental_share") == pytest.approx(16.5 / 165)
    assert indicators.time_by_kind(absences(year("a")), UNITS, period="2025-12").empty


def test_the_cost_of_staff_carries_the_number_of_those_it_tells_the_pay_of() -> None:
    people = pd.DataFrame({"person": list("abc"), "department": ["d1", "d1", "d2"]})
    costs = [
        {"department": "d1", "year": 2025, "premises_cost": 1.0, "total_cost": 300.0, "staff_cost": 180.0},
        {"department": "d2", "year": 2025, "premises_cost": 1.0, "total_cost": 100.0, "staff_cost": 20.0},
        {"department": "d2", "year": 2024, "premises_cost": 1.0, "total_cost": 100.0, "staff_cost": 99.0},
        {"department": "d3", "year": 2025, "premises_cost": 1.0, "total_cost": 100.0},
    ]
    found = indicators.staff_cost(table("finance", costs), people, at=pd.Timestamp("2025-12-31"))
    assert value(found, "staff_cost") == 200
    assert value(found, "staff_cost_share") == pytest.approx(0.5)  # d3's staff is not known, and neither counts
    assert (line(found, "staff_cost", "d1")["n"], line(found, "staff_cost")["n"]) == (2, 3)


@pytest.mark.parametrize(
    ("healthy", "others", "status"), [(11, 11, "published"), (10, 30, "withheld"), (30, 10, "withheld")]
)
def test_the_share_without_sick_leave_needs_eleven_on_either_side(healthy: int, others: int, status: str) -> None:
    parts = [year(f"a{each}") for each in range(healthy)] + [ill(f"b{each}", 1) for each in range(others)]
    found = indicators.year_of_absence(absences(*parts), UNITS, period="2025-12")
    cells = protect(
        found, plan=shipped_plan(), thresholds=Thresholds.of(policy(), "internal"), reported=["d1"], period="2025-12",
        weights=policy().suppression,
    )  # fmt: skip
    mine = cells[(cells["row"] == "without_absence") & (cells["department"] == "all")]
    assert mine["status"].tolist() == [status]
