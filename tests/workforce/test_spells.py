"""Who is employed, from when to when, and why it ended."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce.spells import stock
from tests.workforce.example import CUT, employed, post


def test_a_person_with_two_posts_is_one_head_and_the_sum_of_the_rates() -> None:
    rows, _ = employed(
        [post("a", "2020-01-01", rate=0.6), post("a", "2021-01-01", rate=0.3, unit="u2", occupation="aide")]
    )
    person = stock(rows, CUT).iloc[0]
    assert len(stock(rows, CUT)) == 1
    assert person["fte"] == pytest.approx(0.9)
    assert person["posts"] == 2
    assert (person["department"], person["occupation"]) == ("d1", "teacher")
    assert not person["full_time"]


def test_temporary_to_permanent_is_no_exit_and_keeps_the_tenure() -> None:
    rows, ends = employed(
        [post("a", "2020-01-01", "2022-06-30", form="temporary"), post("a", "2022-07-01")],
        exits=[("a", "2022-06-30", "contract_end")],
    )
    assert ends.empty
    assert stock(rows, CUT)["tenure_years"].tolist() == [5]


@pytest.mark.parametrize(
    "records",
    [
        [("a", "2022-06-30", "unknown"), ("a", "2022-06-30", "retirement")],
        [("a", "2022-06-30", "retirement"), ("a", "2022-06-30", "unknown")],
        [("a", "2022-06-25", "unknown"), ("a", "2022-07-05", "retirement")],
    ],
)
def test_a_record_that_names_no_cause_hides_none_of_one_equally_near(records: list[tuple[str, str, str]]) -> None:
    _, ends = employed([post("a", "2015-01-01", "2022-06-30")], exits=records)
    assert ends["cause"].tolist() == ["retirement"]


@pytest.mark.parametrize(("again", "ended"), [("2024-05-02", 0), ("2024-05-03", 1), ("2024-05-04", 1)])
def test_a_break_of_31_days_is_no_end_and_one_of_32_is(again: str, ended: int) -> None:
    # 1 April to 1 May are 31 days without employment, to 2 May 32, to 3 May 33
    rows, ends = employed([post("a", "2020-01-01", "2024-03-31"), post("a", again)])
    assert len(ends) == ended
    during = stock(rows, pd.Timestamp("2024-04-15"))
    assert len(during) == 1 - ended
    assert stock(rows, CUT)["tenure_years"].tolist() == [1 if ended else 5]


def test_a_second_post_that_ended_stays_ended_when_a_third_begins() -> None:
    rows, _ = employed(
        [
            post("a", "2015-01-01", rate=0.5),
            post("a", "2018-01-01", "2018-12-31", rate=0.3),
            post("a", "2025-01-01", rate=0.2),
        ]
    )
    assert stock(rows, pd.Timestamp("2018-06-30"))["fte"].tolist() == [pytest.approx(0.8)]
    assert stock(rows, pd.Timestamp("2021-12-31"))["fte"].tolist() == [pytest.approx(0.5)]
    assert stock(rows, CUT)["fte"].tolist() == [pytest.approx(0.7)]


def test_a_break_belongs_to_the_posts_held_last_before_it() -> None:
    rows, ends = employed(
        [
            post("a", "2023-01-01", "2023-06-15", rate=0.5),
            post("a", "2023-02-01", "2023-03-31", rate=0.4, unit="u2"),
            post("a", "2023-07-10", rate=0.6),
        ]
    )
    summer = stock(rows, pd.Timestamp("2023-06-30"))
    assert ends.empty
    assert summer["fte"].tolist() == [0.5]


def test_whose_last_day_is_the_cut_off_has_left_when_the_day_is_over() -> None:
    rows, ends = employed(
        [post("a", "2020-01-01", "2025-12-31"), post("b", "2020-01-01")],
        exits=[("a", "2025-12-31", "retirement")],
    )
    assert stock(rows, CUT)["person"].tolist() == ["b"]
    assert stock(rows, CUT - pd.Timedelta(days=1))["person"].tolist() == ["a", "b"]
    assert ends[["person", "end", "cause"]].to_numpy().tolist() == [["a", CUT, "retirement"]]


def test_a_planned_start_after_the_cut_off_continues_the_spell_and_is_no_employment_yet() -> None:
    rows, ends = employed(
        [
            post("a", "2020-01-01", "2025-12-20", rate=0.5),
            post("a", "2026-01-10"),
            post("new", "2026-01-10"),
        ]
    )
    assert ends.empty
    assert stock(rows, CUT)[["person", "fte"]].to_numpy().tolist() == [["a", 0.5]]


def test_hourly_paid_are_no_spell_and_join_the_stock_only_when_asked_for() -> None:
    rows, ends = employed(
        [
            post("h", "2024-01-01", form="hourly", rate=None),
            post("gone", "2024-01-01", "2025-12-31", form="hourly", rate=None),
            post("a", "2020-01-01"),
            post("a", "2024-01-01", form="hourly"),
        ]
    )
    assert ends.empty
    assert stock(rows, CUT)["person"].tolist() == ["a"]
    everyone = stock(rows, CUT, hourly=True).set_index("person")
    assert sorted(everyone.index) == ["a", "h"]
    assert everyone["fte"].to_dict() == {"a": 1.0, "h": 0.0}
    assert everyone.loc["a", "form"] == "permanent"


@pytest.mark.parametrize(
    ("date", "cause"),
    [
        ("2024-05-16", "resignation"),
        ("2024-05-15", "unknown"),
        ("2024-08-14", "resignation"),
        ("2024-08-15", "unknown"),
    ],
)
def test_an_exit_record_counts_within_45_days_of_the_end(date: str, cause: str) -> None:
    _, ends = employed([post("a", "2020-01-01", "2024-06-30")], exits=[("a", date, "resignation")])
    assert ends["cause"].tolist() == [cause]


def test_the_nearest_exit_record_gives_the_cause() -> None:
    _, ends = employed(
        [post("a", "2020-01-01", "2024-06-30")],
        exits=[("a", "2024-06-01", "other"), ("a", "2024-07-02", "retirement")],
    )
    assert ends["cause"].tolist() == ["retirement"]


def test_the_agreed_rate_of_the_delivery_fills_what_it_lacks() -> None:
    rows, _ = employed([post("a", "2020-01-01", rate=None)])
    assert stock(rows, CUT)["fte"].tolist() == [1.0]


def test_age_and_tenure_are_completed_years() -> None:
    rows, _ = employed(
        [
            post("december", "2020-12-31", birth="1990-12-01"),
            post("january", "2021-01-01", birth="1991-01-01"),
            post("nobody knows", "2021-01-01", birth=None),
        ]
    )
    assert stock(rows, CUT)[["tenure_years", "age"]].to_numpy().tolist() == [[5, 35], [4, 34], [4, -1]]
