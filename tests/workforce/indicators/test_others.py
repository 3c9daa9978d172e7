"""Qualification, ages that matter for retirement, resources and equal terms, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce import indicators
from analysis.workforce.indicators.pension import age_in
from analysis.workforce.indicators.qualification import measuring_day
from analysis.workforce.spells import in_post, stock
from tests.workforce.example import CUT, employed, post, table
from tests.workforce.indicators.worked import UNITS, line, value


def test_behorighet_is_time_taught_as_qualified_over_time_taught() -> None:
    posts = [post(p, "2020-01-01") for p in ("a", "b")]
    posts += [post("new", "2025-10-01"), post("aide", "2020-01-01", occupation="student_assistant")]
    posts.append(post("substitute", "2020-01-01", form="hourly"))
    lessons = [
        ("a", "u1", "4_6", 10.0, True),
        ("a", "u1", "7_9", 6.0, False),
        ("b", "u2", "upper_secondary", 8.0, True),
        ("new", "u1", "4_6", 20.0, False),  # employed for less than a month
        ("aide", "u1", "4_6", 5.0, False),
        ("substitute", "u1", "4_6", 5.0, False),
    ]
    rows = [
        {"person": p, "unit": u, "measured": "2025-10-15", "subject": "ma", "stage": s, "hours": h, "qualified": q}
        for p, u, s, h, q in lessons
    ]
    rows.append({**rows[0], "measured": "2024-10-15", "qualified": False})
    facts = indicators.taught_time(table("teaching", rows), employed(posts)[0], UNITS, at=CUT)
    assert value(facts, "taught_qualified") == pytest.approx(18 / 24)
    assert value(facts, "taught_qualified_compulsory") == pytest.approx(10 / 16)
    assert value(facts, "taught_qualified_upper") == 1
    assert line(facts, "taught_qualified")[["numerator", "denominator"]].tolist() == [1, 2]


def test_the_measuring_day_is_the_latest_15_october() -> None:
    assert measuring_day(CUT) == pd.Timestamp("2025-10-15")
    assert measuring_day(pd.Timestamp("2025-09-30")) == pd.Timestamp("2024-10-15")


def test_licensed_in_preschool_counts_full_time_equivalents_of_those_with_children() -> None:
    posts = [
        post("a", "2020-01-01", occupation="preschool_teacher", rate=0.5),
        post("b", "2020-01-01", occupation="childcare_worker"),
        post("c", "2020-01-01", occupation="kitchen_staff"),
    ]
    held = table("qualifications", [{"person": p, "kind": "preschool_licence"} for p in ("a", "c")])
    facts = indicators.licensed_in_preschool(employed(posts)[0], held, at=CUT)
    assert value(facts, "preschool_licensed_fte") == pytest.approx(0.5 / 1.5)


def test_a_plan_is_current_for_twelve_months() -> None:
    people = stock(employed([post(p, "2020-01-01") for p in ("old", "new", "none", "later")])[0], CUT)
    made = [("old", "2024-12-31"), ("new", "2025-01-01"), ("new", "2020-01-01"), ("later", "2026-01-01")]
    plans = table("development_plans", [{"person": p, "made": day} for p, day in made])
    assert value(indicators.current_plans(people, plans, at=CUT), "development_plan") == pytest.approx(1 / 4)


def test_the_wanted_rate_is_compared_with_all_posts_of_a_person() -> None:
    posts = [
        post("two posts", "2020-01-01", rate=0.5, rate_wanted=0.8),
        post("two posts", "2020-01-01", rate=0.3, unit="u2"),
        post("wants more", "2020-01-01", rate=0.5, rate_wanted=1.0),
        post("no wish", "2020-01-01"),
    ]
    rows, _ = employed(posts)
    facts = indicators.wanted_rate(rows, stock(rows, CUT), in_post(rows, CUT))
    assert line(facts, "wanted_rate")[["value", "denominator"]].tolist() == [0.5, 2]


@pytest.mark.parametrize(
    ("born", "row"),
    [
        ("1958-12-01", "past_riktalder"),  # 67 in the month of the cut-off
        ("1959-01-01", "reach_riktalder_3y"),
        ("1961-12-01", "reach_riktalder_3y"),  # 67 in December 2028
        ("1962-01-01", None),
    ],
)
def test_riktalder_is_reached_in_the_month_of_the_birthday(born: str, row: str | None) -> None:
    facts = indicators.reaching(stock(employed([post("a", "2020-01-01", birth=born)])[0], CUT), at=CUT)
    found = {name for name in ("past_riktalder", "reach_riktalder_3y") if value(facts, name) == 1}
    assert found == ({row} if row else set())


def test_ages_follow_the_calendar_year() -> None:
    las = [{"from": 2020, "age": 68}, {"from": 2023, "age": 69}]
    assert [age_in(las, year) for year in (2019, 2022, 2023, 2040)] == [68, 68, 69, 69]
    people = stock(
        employed([post("a", "2020-01-01", birth="1954-06-01")], at=pd.Timestamp("2022-12-31"))[0],
        pd.Timestamp("2022-12-31"),
    )
    facts = indicators.reaching(people, at=pd.Timestamp("2022-12-31"))
    assert value(facts, "past_las_age") == 1, "68 is enough in 2022"


def test_posts_vacancies_and_premises() -> None:
    rows, _ = employed(
        [post("a", "2020-01-01"), post("a", "2020-01-01", unit="u2"), post("b", "2020-01-01", unit="u2")]
    )
    assert value(indicators.posts(stock(rows, CUT)), "posts") == 3
    dates = [
        ("2025-11-01", None),
        ("2025-01-01", "2025-01-31"),
        ("2025-01-01", "2025-03-02"),
        ("2024-01-01", "2024-02-01"),
    ]
    open_posts = [{"department": "d1", "occupation": "nurse", "opened": o, "closed": c, "posts": 0.5} for o, c in dates]
    facts = indicators.vacancies(table("vacancies", open_posts), at=CUT)
    assert value(facts, "vacancies_open") == 0.5
    # filled after 30 and 60 days, one still open after 60: 2/3 are unfilled after 30 days, 1/3 after 60
    assert value(facts, "time_to_fill") == 60
    costs = [("d1", 2025, 10.0, 100.0), ("d2", 2025, 30.0, 100.0), ("d1", 2024, 90.0, 100.0)]
    finance = table(
        "finance", [dict(zip(("department", "year", "premises_cost", "total_cost"), c, strict=True)) for c in costs]
    )
    assert value(indicators.premises(finance, at=CUT), "premises_share") == pytest.approx(0.2)
    assert value(indicators.premises(finance, at=pd.Timestamp("2025-06-30")), "premises_share") == pytest.approx(0.9)


def test_children_per_full_time_equivalent_use_the_newest_vintage_of_the_year() -> None:
    posts = [
        post("a", "2020-01-01", occupation="preschool_teacher", rate=0.5),
        post("b", "2020-01-01", occupation="childcare_worker"),
    ]
    posts.append(post("elsewhere", "2020-01-01", occupation="childcare_worker", unit="u2"))
    volumes = [
        ("d1", "children", 2025, 9.0, "2025-05"),
        ("d1", "children", 2025, 12.0, "2022-05"),
        ("d1", "children", 2026, 99.0, "2025-05"),
    ]
    frame = table(
        "volumes", [dict(zip(("department", "kind", "year", "volume", "vintage"), v, strict=True)) for v in volumes]
    )
    facts = indicators.volume_per_fte(frame, stock(employed(posts)[0], CUT), at=CUT)
    assert value(facts, "children_per_fte") == pytest.approx(9 / 1.5)


def test_equal_terms_compare_women_and_men() -> None:
    posts = [post(f"w{n}", "2020-01-01", rate=0.5 if n < 2 else 1.0) for n in range(4)]
    posts += [
        post(f"m{n}", "2020-01-01", sex="M", occupation="nurse", form="temporary" if n else "permanent")
        for n in range(2)
    ]
    posts += [post("w9", "2020-01-01", occupation="nurse"), post("w8", "2020-01-01", occupation="nurse")]
    managers = table("managers", [{"person": p, "unit": "u1", "start": "2020-01-01"} for p in ("w9", "m0")])
    facts = indicators.equal_terms(stock(employed(posts)[0], CUT), managers, at=CUT)
    assert value(facts, "full_time_gap") == pytest.approx(4 / 6 - 1)
    assert value(facts, "permanent_gap") == pytest.approx(1 - 1 / 2)
    assert value(facts, "balanced_occupations") == pytest.approx(4 / 8), "nurses: two women of four"
    assert value(facts, "equal_careers") == pytest.approx((1 / 2) / (6 / 8))
