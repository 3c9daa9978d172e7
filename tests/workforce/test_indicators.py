"""Indicators worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce import collect, indicators
from analysis.workforce.spells import stock
from tests.workforce.example import CUT, employed, figure, post, table

START = pd.Timestamp("2024-12-31")
UNITS = {"u1": "d1", "u2": "d2"}


def test_headcount_and_fte_by_occupation_and_department() -> None:
    rows, _ = employed(
        [
            post("a", "2020-01-01", rate=0.6),
            post("a", "2020-01-01", rate=0.4, unit="u2", occupation="aide"),
            post("b", "2020-01-01", rate=0.5, unit="u2", occupation="aide", form="temporary"),
            post("h", "2020-01-01", form="hourly"),
        ]
    )
    facts = indicators.headcount_and_fte(stock(rows, CUT))
    assert figure(facts, "headcount", "all")["value"] == 2
    assert figure(facts, "fte", "all")["value"] == pytest.approx(1.5)
    assert figure(facts, "fte", "d1", "teacher")["value"] == pytest.approx(1.0)
    assert figure(facts, "headcount", "d2", "aide")["value"] == 1


def test_n00206_and_age_bands_of_kolada() -> None:
    births = ["1991-01-01", "1990-12-01", "1971-01-01", "1970-12-01", None]  # 34, 35, 54, 55 and unknown
    rates = [1.0, 0.99, 1.0, 0.5, 1.0]
    posts = [post(f"p{i}", "2020-01-01", birth=b, rate=r) for i, (b, r) in enumerate(zip(births, rates, strict=True))]
    facts = indicators.shares(stock(employed(posts)[0], CUT))
    bands = [figure(facts, "age", "d1", band)["value"] for band in ("u35", "35_54", "55_plus")]
    assert bands == [0.25, 0.5, 0.25]
    full = figure(facts, "full_time", "all")
    assert full[["value", "numerator", "denominator"]].tolist() == [0.6, 3, 5]
    assert full["low"] < 0.6 < full["high"]


def years(posts: list, **more) -> dict[str, float]:
    rows, _ = employed(posts, **more)
    found = indicators.exposure(rows, start=START, end=CUT)
    return found.groupby("department")["years"].sum().to_dict()


def test_late_entry_and_early_exit_are_part_years() -> None:
    assert years([post("a", "2010-01-01")]) == {"d1": 1.0}
    assert years([post("a", "2025-12-31")]) == {"d1": pytest.approx(1 / 365)}
    assert years([post("a", "2010-01-01", "2025-01-01")]) == {"d1": pytest.approx(1 / 365)}
    assert years([post("a", "2010-01-01", "2024-12-31"), post("b", "2026-01-01")]) == {}
    assert years([post("a", "2025-04-01", "2025-06-30")]) == {"d1": pytest.approx(91 / 365)}


def test_exposure_of_who_moved_is_shared_by_days() -> None:
    # 181 days to and with 30 June
    moved = years([post("a", "2010-01-01", "2025-06-30"), post("a", "2025-07-01", unit="u2")])
    assert moved == {"d1": pytest.approx(181 / 365), "d2": pytest.approx(184 / 365)}


def test_a_day_counts_once_however_many_posts_are_held() -> None:
    # the second post is the larger one from April to June: 91 days
    posts = [
        post("a", "2010-01-01", rate=0.5),
        post("a", "2025-04-01", "2025-06-30", rate=0.6, unit="u2"),
        post("a", "2025-05-01", rate=0.2, unit="u2"),
    ]
    assert years(posts) == {"d1": pytest.approx(274 / 365), "d2": pytest.approx(91 / 365)}


def test_temporary_time_is_no_exposure_of_permanent_staff() -> None:
    posts = [post("a", "2024-01-01", "2025-06-30", form="temporary"), post("a", "2025-07-01")]
    assert years(posts) == {"d1": pytest.approx(184 / 365)}


def test_leaving_rate_is_events_over_person_years() -> None:
    posts = [
        post("stays", "2010-01-01"),
        post("leaves", "2010-01-01", "2025-06-30"),
        post("moves", "2010-01-01"),
    ]
    posts += [post("handed over", "2010-01-01", "2025-06-30"), post("retires", "2010-01-01", "2025-12-31")]
    posts += [post("temp", "2020-01-01", "2025-05-31", form="temporary")]
    exits = [("leaves", "2025-07-01", "resignation"), ("handed over", "2025-06-30", "transfer")]
    exits += [("retires", "2025-12-31", "retirement"), ("temp", "2025-05-31", "resignation")]
    rows, ends = employed(posts, exits=exits)
    facts = indicators.leaving_rates(rows, ends, windows=["2025-12"], with_causes={"2025-12"})
    exposure = 3 + 2 * 181 / 365
    own = figure(facts, "turnover_series", "d1", "2025-12", column="own_request")
    assert own["value"] == pytest.approx(1 / exposure)
    assert own["low"] < own["value"] < own["high"]
    assert figure(facts, "turnover_series", "all", "2025-12", column="all_causes")["value"] == pytest.approx(
        2 / exposure
    )
    unknown = indicators.leaving_rates(rows, ends, windows=["2025-12"], with_causes=())
    assert set(unknown["column"]) == {"all_causes"}


def test_exits_by_cause_count_each_leaver_at_the_last_post() -> None:
    posts = [post("a", "2010-01-01", "2025-03-31"), post("a", "2025-04-01", "2025-06-30", unit="u2")]
    posts += [
        post("t", "2010-01-01", "2025-06-30"),
        post("before", "2010-01-01", "2024-12-31"),
        post("b", "2010-01-01"),
    ]
    rows, ends = employed(posts, exits=[("a", "2025-06-30", "other"), ("t", "2025-06-30", "transfer")])
    facts = indicators.exits(rows, ends, period="2025-12")
    assert figure(facts, "exits", "all")["value"] == 1
    assert figure(facts, "exits", "d2", "other")["value"] == 1
    assert figure(facts, "exits", "d1")["value"] == 0


def test_nobody_left_is_nought_and_no_failure() -> None:
    rows, ends = employed([post("a", "2010-01-01")])
    facts = indicators.exits(rows, ends, period="2025-12")
    assert (facts["value"] == 0).all()
    assert figure(facts, "exits", "all", "unknown")["value"] == 0


ABSENT = [
    # person, unit, month, ordinary, sick, long
    ("w29", "u1", "2025-01-01", 100.0, 10.0, 0.0),
    ("w29", "u1", "2025-12-01", 100.0, 0.0, None),
    ("m30", "u1", "2025-06-01", 200.0, 40.0, 40.0),
    ("w50", "u2", "2025-06-01", 400.0, 10.0, 5.0),
    ("w50", "u2", "2024-12-01", 400.0, 400.0, 400.0),  # before the window
    ("w50", "u2", "2025-07-01", 0.0, 0.0, 0.0),
    ("hourly", "u1", "2025-07-01", 0.0, 8.0, None),  # no ordinary working time
]
PEOPLE = [
    ("w29", "F", "1996-01-01"),
    ("m30", None, None),
    ("m30", "M", "1995-12-01"),
    ("w50", "F", "1975-05-01"),
]


@pytest.fixture(scope="module")
def statutory() -> pd.DataFrame:
    return sick_leave()


def sick_leave(rows: list = ABSENT, period: str = "2025-12") -> pd.DataFrame:
    columns = ["person", "unit", "month", "ordinary_hours", "sick_hours", "sick_hours_long"]
    absences = table("absences", [dict(zip(columns, row, strict=True)) for row in rows])
    people = pd.DataFrame(PEOPLE, columns=["person", "sex", "birth"])
    people["birth"] = pd.to_datetime(people["birth"])
    return indicators.sick_leave(absences, UNITS, people, period=period)


@pytest.mark.parametrize(
    ("department", "group", "share", "long", "n"),
    [
        ("all", "total", 60 / 800, 45 / 60, 3),
        ("d1", "total", 50 / 400, 40 / 50, 2),
        ("all", "women", 20 / 600, 5 / 20, 2),
        ("all", "men", 40 / 200, 1.0, 1),
        ("all", "u30", 10 / 200, 0.0, 1),
        ("all", "30_49", 40 / 200, 1.0, 1),
        ("all", "50_plus", 10 / 400, 0.5, 1),
    ],
)
def test_sick_leave_is_hours_over_ordinary_hours_in_the_statutory_groups(
    statutory: pd.DataFrame, department: str, group: str, share: float, long: float, n: int
) -> None:
    facts = statutory
    found = figure(facts, "sick_leave", department, group, column="share")
    assert found["value"] == pytest.approx(share)
    assert found["n"] == n
    assert figure(facts, "sick_leave", department, group, column="long")["value"] == pytest.approx(long)


def test_long_term_sick_leave_is_missing_where_nobody_recorded_it() -> None:
    facts = sick_leave([(*row[:5], None) for row in ABSENT])
    assert facts.loc[facts["column"] == "long", "value"].isna().all()
    assert figure(facts, "sick_leave", "all", column="share")["value"] == pytest.approx(60 / 800)


def test_hours_of_the_hourly_paid_are_full_time_months() -> None:
    rows = [
        ("a", "2025-01-01", 165.0),
        ("a", "2025-02-01", 165.0),
        ("b", "2025-02-01", 165.0),
        ("b", "2024-12-01", 99.0),
    ]
    hours = table("hours", [{"person": p, "unit": "u1", "month": m, "hours": h} for p, m, h in rows])
    fact = figure(indicators.hourly_fte(hours, UNITS, period="2025-12", hours_per_month=165), "fte", "d1", "hourly")
    assert fact[["value", "n"]].tolist() == [pytest.approx(0.25), 2]


def test_qualified_counts_who_needs_the_licence_and_holds_it_on_the_day() -> None:
    posts = [post(p, "2020-01-01", occupation="teacher_lower") for p in ("licensed", "later", "wrong kind", "none")]
    posts += [post("cook", "2020-01-01", occupation="cook")]
    held = [("licensed", "teacher_licence", None), ("later", "teacher_licence", "2026-01-01")]
    held += [("wrong kind", "preschool_licence", None), ("cook", "teacher_licence", None)]
    table_ = table("qualifications", [dict(zip(["person", "kind", "valid_from"], row, strict=True)) for row in held])
    facts = indicators.qualified(stock(employed(posts)[0], CUT), table_, at=CUT)
    assert figure(facts, "qualified", "all")[["value", "numerator", "denominator"]].tolist() == [0.25, 1, 4]


def spans(staff: dict[str, int], managers: list[tuple[str, str]]) -> pd.DataFrame:
    posts = [post(f"{unit}-{i}", "2020-01-01", unit=unit) for unit, count in staff.items() for i in range(count)]
    posts += [post(person, "2020-01-01", unit=unit) for person, unit in dict(managers).items()]
    leading = table("managers", [{"person": p, "unit": u, "start": "2020-01-01"} for p, u in managers])
    return indicators.staff_per_manager(stock(employed(posts)[0], CUT), leading, UNITS, at=CUT)


def test_two_managers_share_a_unit_and_are_not_their_own_staff() -> None:
    # 20 staff; each of the two leads half of them
    facts = spans({"u1": 20}, [("boss", "u1"), ("deputy", "u1")])
    assert figure(facts, "staff_per_manager", "d1")["value"] == 10
    assert figure(facts, "span", "d1", "u15")["value"] == 2
    assert figure(facts, "staff_per_manager", "d1")["n"] == 2, "the figure describes two managers"


@pytest.mark.parametrize(("staff", "row"), [(14, "u15"), (15, "15_30"), (30, "15_30"), (31, "over_30")])
def test_span_bands_hold_their_own_limits(staff: int, row: str) -> None:
    facts = spans({"u1": staff}, [("boss", "u1")])
    assert figure(facts, "span", "d1", row)["value"] == 1
    assert facts.loc[facts["table"] == "span", "value"].sum() == 2  # the department and the whole


def test_a_manager_in_two_departments_is_one_manager_of_the_whole() -> None:
    # the manager's own post is in u2
    facts = spans({"u1": 20, "u2": 16}, [("boss", "u1"), ("boss", "u2")])
    assert figure(facts, "staff_per_manager", "all")[["value", "denominator"]].tolist() == [36, 1]
    assert figure(facts, "staff_per_manager", "d1")["value"] == 20
    assert figure(facts, "span", "all", "over_30")["value"] == 1


def test_a_year_before_is_shown_only_if_all_its_months_are_there() -> None:
    def months(first: str) -> dict[str, pd.DataFrame]:
        posts = [
            post("a", "2020-01-01"),
            post("x", "2015-01-01", "2022-06-30"),
            post("y", "2015-01-01", "2023-06-30"),
        ]
        each = pd.date_range(first, "2025-12-01", freq="MS")
        rows = [{"person": "a", "unit": "u1", "month": m, "ordinary_hours": 100.0, "sick_hours": 5.0} for m in each]
        return {"employments": table("employments", posts), "absences": table("absences", rows)}

    shown = {}
    for first in ("2024-01-01", "2024-02-01"):
        tables = months(first)
        past = collect.history(tables, period="2025-12", level="")
        facts = collect.all_facts(past, tables, period="2025-12", hours_per_month=165)
        shown[first] = set(facts.loc[facts["table"] == "sick_leave", "layer"])
    assert shown == {"2024-01-01": {"", "year_before"}, "2024-02-01": {""}}
