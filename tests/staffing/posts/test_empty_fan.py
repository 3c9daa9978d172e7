"""The fan's inner band follows from the outer one, and its history is what was recorded."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.contracts import check_table
from analysis.reference.parts import FILLED
from analysis.staffing.posts.empty_fan import INNER, fan, half_of, history
from analysis.staffing.posts.futures import SHIFT, bounds
from tests.staffing.posts.test_recruitment_need import forecast, result  # noqa: F401 (fixtures)


def test_the_inner_band_is_the_quartiles_of_the_normal_whose_tenths_are_the_outer_one() -> None:
    expected = np.array([16.0])
    low, high = bounds(expected, np.array([0.5]), 1.0)
    lower, upper = half_of(expected, low, high)
    sd = 0.5 / stats.norm.ppf(0.9)
    root = np.sqrt(16.0 + SHIFT)
    assert upper[0] == pytest.approx((root + sd * stats.norm.ppf(0.75)) ** 2 - SHIFT)
    assert lower[0] == pytest.approx((root + sd * stats.norm.ppf(0.25)) ** 2 - SHIFT)


@given(st.floats(-40, 200), st.floats(0, 100), st.floats(0, 100))
def test_the_bands_never_cross(expected: float, below: float, above: float) -> None:
    low, high = np.array([expected - below]), np.array([expected + above])
    lower, upper = half_of(np.array([expected]), low, high)
    assert low[0] - 1e-9 <= lower[0] <= expected + 1e-9
    assert expected - 1e-9 <= upper[0] <= high[0] + 1e-9


def test_below_nought_the_band_is_a_share_of_the_way() -> None:
    lower, upper = half_of(np.array([-10.0]), np.array([-12.0]), np.array([4.0]))
    assert (lower[0], upper[0]) == pytest.approx((-10 - INNER * 2, -10 + INNER * 14))


def test_history_and_forecast_stand_in_one_table_that_keeps_its_contract(result, forecast) -> None:  # noqa: F811
    made = fan(result.table, forecast)
    check_table("results", "recruitment_fan", made)
    whole = made[made["department"] == "all"].set_index("year")
    past, ahead = whole[whole["method"] == ""], whole[whole["method"] != ""]
    assert (past.index.max() + 1, len(ahead)) == (ahead.index.min(), 3)
    empty = result.table[(result.table["part"] == "empty") & (result.table["department"] == "all")]
    np.testing.assert_allclose(ahead["expected"], empty[empty["occupation"] == "total"]["expected"])
    assert not set(FILLED) & set(made.columns)


def test_the_last_year_of_history_is_what_is_open_at_the_cut_off(forecast) -> None:  # noqa: F811
    found = history(forecast).set_index(["department", "year"])["observed"]
    last = found.xs(2025, level="year")
    assert last["all"] == pytest.approx(forecast.posts.open[-1].sum())
    assert last.drop("all").sum() == pytest.approx(last["all"])
    december = found.xs(2023, level="year")
    place = [month.strftime("%Y-%m") for month in forecast.posts.months].index("2023-12") + 1
    assert december["all"] == pytest.approx(forecast.posts.open[place].sum())


def test_parts_of_posts_leave_no_negative_rest(forecast) -> None:  # noqa: F811
    assert (history(forecast)["observed"] >= 0).all()
    assert isinstance(history(forecast), pd.DataFrame)
