"""Observed against expected: standardised by hand, with limits that hold what they say."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION
from analysis.turnover.cells import check_risk_cells
from analysis.turnover.drivers.funnel import curve, observed_expected
from analysis.turnover.drivers.poisson import limits, mid_p_interval
from tests.turnover.municipality import Truth, simulate


def by_hand() -> pd.DataFrame:
    """Young people leave at 20 %, old at 5 % in both departments together; d1 is young, d2 is old."""
    rows = [("d1", 25, 80, 20), ("d1", 55, 20, 2), ("d2", 25, 20, 0), ("d2", 55, 180, 8)]
    table = pd.DataFrame(rows, columns=["department", "age", "at_risk", "resignation"])
    base = {"origin": "2024-12", "open": False, "occupation": "teacher", "form": "permanent", "rate_band": "full"}
    others = dict.fromkeys((cause for cause in CAUSES if cause != "resignation"), 0.0)
    return check_risk_cells(table.assign(tenure=3, fte=1.0, **base, **others))


def test_expected_leavers_are_the_rates_of_the_whole_at_the_departments_ages() -> None:
    found = observed_expected(by_hand()).query("by == 'age_tenure'").set_index("department")
    assert found.loc["d1", "expected"] == pytest.approx(80 * 0.2 + 20 * 0.05)
    assert found.loc["d2", "expected"] == pytest.approx(20 * 0.2 + 180 * 0.05)
    assert found.loc["d1", "ratio"] == pytest.approx(22 / 17)
    assert found.loc["d1", "n"] == 100
    assert found.loc[ORGANISATION, "ratio"] == 1.0


def test_expected_numbers_of_departments_add_up_to_what_was_observed(town: pd.DataFrame) -> None:
    for _, part in observed_expected(town).groupby("by"):
        parts, whole = part[part["department"] != ORGANISATION], part[part["department"] == ORGANISATION].iloc[0]
        assert parts["expected"].sum() == pytest.approx(whole["observed"])
        assert parts["n"].sum() == whole["n"]


def test_at_most_three_closed_years_are_counted(town: pd.DataFrame) -> None:
    found = observed_expected(town)
    closed = sorted(town.loc[~town["open"], "origin"].unique())
    assert set(found["first"]) == {closed[-3]}
    assert set(found["last"]) == {closed[-1]}


def test_with_occupation_a_department_of_an_occupation_that_leaves_often_is_as_expected() -> None:
    cells = simulate(seed=21, people=3000, years=3, departments=6, truth=Truth(occupation={"occ00": 1.2}))
    found = observed_expected(cells).set_index(["by", "department"])["ratio"]
    plain, adjusted = found["age_tenure"].drop(ORGANISATION), found["occupation"].drop(ORGANISATION)
    assert (adjusted - 1).abs().max() < (plain - 1).abs().max()


def test_a_department_with_twice_the_hazard_lies_outside_every_limit_and_the_others_hardly_do() -> None:
    cells = simulate(seed=5, people=4000, years=3, departments=12, truth=Truth(department={"d0003": np.log(2.3)}))
    found = observed_expected(cells).query("by == 'age_tenure' and department != 'all'").set_index("department")
    assert found.loc["d0003", "ratio"] > found.loc["d0003", "high998"]
    others = found.drop("d0003")
    assert ((others["ratio"] > others["low998"]) & (others["ratio"] < others["high998"])).all()


def test_without_leavers_or_closed_windows_there_is_nothing_to_compare(town: pd.DataFrame) -> None:
    assert observed_expected(town.assign(resignation=0.0)).empty
    assert observed_expected(town[town["open"]]).empty


def test_the_mid_p_interval_of_no_event_ends_where_half_of_nothing_is_two_and_a_half_per_cent() -> None:
    low, high = mid_p_interval(np.array([0]), level=0.95)
    assert low[0] == 0.0
    assert high[0] == pytest.approx(-np.log(0.05))


@pytest.mark.parametrize("count", [1, 4, 30, 400])
def test_the_ends_of_the_mid_p_interval_leave_as_much_as_the_level_says(count: int) -> None:
    low, high = (end[0] for end in mid_p_interval(np.array([count]), level=0.95))
    half = stats.poisson.pmf(count, [low, high]) / 2
    assert stats.poisson.sf(count, low) + half[0] == pytest.approx(0.025, abs=1e-6)
    assert stats.poisson.cdf(count - 1, high) + half[1] == pytest.approx(0.025, abs=1e-6)


@pytest.mark.parametrize("level", [0.95, 0.998])
def test_chance_stays_within_the_limits_as_often_as_they_say(level: float) -> None:
    mean = 37.0
    low, high = (end[0] * mean for end in limits(np.array([mean]), level=level))
    # interpolated limits: between the coverage without and with the count they fall on
    inside = stats.poisson.cdf([np.ceil(high) - 1, np.ceil(high)], mean) - stats.poisson.cdf(np.floor(low), mean)
    assert inside[0] <= level + 0.01
    assert inside[1] >= level - 0.01


def test_the_curves_narrow_towards_one_and_reach_past_the_largest_department() -> None:
    found = curve(75.0)
    assert found["expected"].iloc[-1] >= 75.0
    assert found["high95"].is_monotonic_decreasing
    assert found["low998"].is_monotonic_increasing
    assert (found["low998"] <= found["low95"]).all()
    assert (found["high95"] < found["high998"]).all()
