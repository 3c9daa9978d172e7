"""Kolada's November indicators, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce import indicators
from tests.workforce.example import employed, post, table
from tests.workforce.indicators.worked import NOVEMBER, UNITS, line, value

# a full time · b two posts, 60 + 20 per cent · c on full leave · d agreed 100, works 75 · e temporary 50 · f ended in
# October · g under BEA · h hourly, 40 hours in November · i hourly, 8 hours · j hourly and monthly paid at once
POSTS = [
    post("a", "2020-01-01", rate_actual=1.0, birth="1991-01-01", sex="M"),
    post("b", "2020-01-01", rate=0.6, rate_actual=0.6, birth="1970-11-01"),
    post("b", "2020-01-01", rate=0.2, rate_actual=0.2, unit="u2"),
    post("c", "2020-01-01", rate_actual=0.0, birth="1970-12-01"),
    post("d", "2020-01-01", rate_actual=0.75, birth="1960-01-01", unit="u2"),
    post("e", "2025-02-01", "2025-12-15", form="temporary", rate=0.5, rate_actual=0.5, birth="2000-01-01"),
    post("f", "2020-01-01", "2025-10-31", rate_actual=1.0),
    post("g", "2020-01-01", rate_actual=1.0, agreement="BEA"),
    post("h", "2024-01-01", form="hourly", birth="1999-01-01"),
    post("i", "2024-01-01", form="hourly"),
    post("j", "2020-01-01", rate=0.5, rate_actual=0.5, birth="1980-01-01", agreement="AB"),
    post("j", "2024-01-01", form="hourly"),
]
HOURS = [("h", "u1", 25.0), ("h", "u2", 15.0), ("i", "u1", 8.0), ("j", "u1", 30.0)]


@pytest.fixture(scope="module")
def staff() -> pd.DataFrame:
    rows, _ = employed(POSTS, at=pd.Timestamp("2025-12-31"))
    hours = [{"person": p, "unit": u, "month": "2025-11-01", "hours": h} for p, u, h in HOURS]
    hours.append({"person": "i", "unit": "u1", "month": "2025-10-01", "hours": 100.0})
    return indicators.november_staff(rows, table("hours", hours), UNITS, at=NOVEMBER)


def test_november_is_the_latest_one_at_or_before_the_cut_off() -> None:
    assert indicators.november("2025-12") == indicators.november("2026-10") == NOVEMBER
    assert indicators.november("2025-10") == pd.Timestamp("2024-11-30")


def test_hourly_paid_count_with_more_than_eight_hours_and_bea_and_the_gone_do_not(staff: pd.DataFrame) -> None:
    counts = indicators.staff_counts(staff, hourly=True, actual=True)
    found = {name: value(counts, name) for name in ("n00053", "n00071", "n00072", "n00230", "n00231", "n00232")}
    # a b c d e j are monthly paid; i worked exactly eight hours; j is monthly paid already
    assert found == {"n00053": 6, "n00071": 5, "n00072": 1, "n00230": 1, "n00231": 7, "n00232": 1}
    assert value(counts, "n00053", "d2") == 1, "b counts once, where the larger post is"


def test_without_hours_or_actual_rates_their_figures_are_missing_and_not_nought(staff: pd.DataFrame) -> None:
    counts = indicators.staff_counts(staff, hourly=False, actual=False)
    assert set(counts["row"]) == {"n00053", "n00071", "n00072"}


def test_full_time_as_agreed_counts_those_on_leave_and_as_worked_does_not(staff: pd.DataFrame) -> None:
    agreed, actual = indicators.agreed_rates(staff), indicators.actual_rates(staff)
    # agreed: a c d of a b c d e j; 75–99 nobody; b e j below
    assert value(agreed, "n00206") == pytest.approx(3 / 6)
    assert value(agreed, "n00207") == 0
    assert value(agreed, "n00208") == pytest.approx(3 / 6)
    assert value(agreed, "n00223") == 3
    # worked, without c: a of five; d works 75
    assert value(actual, "n00209") == pytest.approx(1 / 5)
    assert value(actual, "n00210") == pytest.approx(1 / 5)
    assert value(actual, "n00211") == pytest.approx(3 / 5)


def test_mean_rate_sums_actual_rates_of_all_posts_over_persons_not_on_full_leave(staff: pd.DataFrame) -> None:
    # a 1.0, b 0.6 + 0.2, d 0.75, e 0.5, j 0.5
    assert value(indicators.actual_rates(staff), "n00242") == pytest.approx(3.55 / 5)


def test_arsarbetare_add_the_hours_of_the_hourly_paid_to_actual_rates(staff: pd.DataFrame) -> None:
    facts = indicators.annual_workers(staff, hours_per_month=160)
    assert value(facts, "n00098") == pytest.approx(3.55 + 40 / 160)
    assert value(facts, "n00098", "d1") == pytest.approx(1.0 + 0.8 + 0.5 + 0.5 + 40 / 160), "h worked most in u1"
    # c and d work less than agreed: what the difference from agreed rates would tell about
    assert line(facts, "n00098")["numerator"] == 5


def test_forms_and_worked_time_are_shares_of_everyone_and_of_all_hours(staff: pd.DataFrame) -> None:
    forms = indicators.form_shares(staff)
    assert [value(forms, name) for name in ("n00200", "n00201", "n00202")] == pytest.approx([5 / 7, 1 / 7, 1 / 7])
    time = indicators.worked_time(staff, hours_per_month=160)
    hours = [(1.0 + 0.8 + 0.75 + 0.5) * 160, 0.5 * 160, 40]
    expected = [each / sum(hours) for each in hours]
    assert [value(time, name) for name in ("n00203", "n00204", "n00205")] == pytest.approx(expected)


def test_ages_of_everyone_in_koladas_bands(staff: pd.DataFrame) -> None:
    facts = indicators.ages(staff)
    # 34 (a), 55 (b, in November), 54 (c), 65 (d), 25 (e), 45 (j), 26 (h)
    assert [value(facts, n) for n in ("n00212", "n00213", "n00214", "n00245", "n00246")] == pytest.approx(
        [3 / 7, 2 / 7, 2 / 7, 1 / 7, 1 / 7]
    )
    assert [value(facts, name) for name in ("n00219", "n00247", "n00248")] == [2, 1, 1]


def test_women_are_counted_among_the_monthly_paid(staff: pd.DataFrame) -> None:
    assert value(indicators.women(staff), "n00222") == pytest.approx(5 / 6)


def test_permanent_staff_are_compared_november_to_november_in_the_whole_municipality() -> None:
    posts = [
        post("stays", "2020-01-01"),
        post("moves", "2020-01-01", "2025-03-31"),
        post("moves", "2025-04-01", unit="u2"),
        post("retires", "2020-01-01", "2025-06-30"),
        post("made permanent", "2024-01-01", "2025-04-30", form="temporary"),
        post("made permanent", "2025-05-01"),
        post("hired", "2025-09-01"),
        post("came and went", "2025-01-01", "2025-08-31"),
    ]
    rows, _ = employed(posts)
    days = (pd.Timestamp("2024-11-30"), NOVEMBER)
    facts = indicators.permanent_flows(*(indicators.november_staff(rows, None, UNITS, at=day) for day in days))
    assert value(facts, "n00216") == pytest.approx(1 / 3), (
        "who moved has not left; who came and went was never in November"
    )
    assert value(facts, "n00215") == pytest.approx(2 / 3), "made permanent is new, as Kolada counts it"
    assert value(facts, "n00239") == 2


def test_an_occupation_of_kolada_holds_its_monthly_paid_and_their_hours() -> None:
    posts = [post("a", "2020-01-01", occupation="nurse", rate_actual=0.5), post("b", "2020-01-01", rate_actual=1.0)]
    posts.append(post("c", "2020-01-01", occupation="nurse", rate_actual=0.0))
    staff = indicators.november_staff(employed(posts)[0], None, UNITS, at=NOVEMBER)
    facts = indicators.occupation_series(staff, hourly=True, hours_per_month=165)
    assert value(facts, "n20030") == 2
    assert value(facts, "n20036") == pytest.approx(0.5)
