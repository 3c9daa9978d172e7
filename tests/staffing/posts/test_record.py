"""Intervals of empty posts and of recruitment need, and the record of both: the past only, four in five held."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.staffing.posts import futures
from analysis.staffing.posts.empty_posts import HORIZONS, candidates_of
from analysis.staffing.posts.law import window_of
from analysis.staffing.posts.need_record import NEED
from analysis.staffing.posts.record import EMPTY, outlook
from tests.staffing.posts.test_law import simulated


def test_futures_follow_the_law_and_their_intervals_hold_what_comes() -> None:
    posts = simulated(96, np.array([0.2, 0.4]), 1.0)
    drawn = futures.draw(posts, HORIZONS, rng=np.random.default_rng(1), draws=2000)
    law = candidates_of(posts, HORIZONS, window_of(posts))[1]
    assert drawn.mean(axis=0).sum(axis=1) == pytest.approx(law.sum(axis=1), rel=0.05)
    assert (drawn >= 0).all()
    # an M/M/∞ queue: the number open is Poisson, a little more for what is unsure of hazards and levels
    steady_sd = np.sqrt(law[2])
    assert (drawn[:, 2].std(axis=0) > 0.9 * steady_sd).all()
    assert (drawn[:, 2].std(axis=0) < 1.5 * steady_sd).all()


def test_an_interval_holds_its_forecast_and_its_chances_fall() -> None:
    forecast, spread = np.array([0.0, 0.4, 6.0, 90.0]), np.full(4, 0.5)
    low, high = futures.bounds(forecast, spread, 1.2816)
    assert (low <= forecast + 1e-12).all()
    assert (high > forecast).all()
    assert (low >= 0).all()
    chances = np.array([futures.chance_of(least, forecast, spread, 1.2816) for least in (1, 2, 5, 50)])
    assert (np.diff(chances, axis=0) <= 0).all()
    assert (np.diff(chances, axis=1) >= 0).all()
    # a tenth of the outcomes lie above the interval
    above = futures.chance_of(float(high[2]) + 0.5, forecast, spread, 1.2816)
    assert above[2] == pytest.approx(0.1, abs=1e-4)


@pytest.mark.large
def test_intervals_of_empty_posts_hold_four_in_five() -> None:
    held = []
    for seed in range(20):
        found = outlook(simulated(96, np.array([0.15, 0.3, 0.5]), 0.6, seed=seed), HORIZONS, seed=seed, draws=200)
        own = found.record[(found.record["quantity"] == EMPTY) & (found.record["department"] != "all")]
        held.append(own.assign(inside=own["observed"].between(own["low"], own["high"])))
    by_horizon = pd.concat(held).groupby("horizon")["inside"].mean()
    assert by_horizon.between(0.75, 0.87).all()


def test_intervals_of_the_need_hold_four_in_five_three_years_ahead_too() -> None:
    # a year behind that speaks for three ahead: its own chance counts three times over
    held = []
    for seed in range(4):
        found = outlook(simulated(96, np.array([0.2, 0.4]), 1.0, seed=seed), HORIZONS, seed=seed, draws=20)
        own = found.record[found.record["quantity"] == NEED]
        held.append(
            own.assign(inside=own["observed"].between(own["low"], own["high"]), whole=own["department"] == "all")
        )
    shares = pd.concat(held).groupby(["whole", "horizon"])["inside"].mean()
    assert shares[False].between(0.75, 0.88).all()
    assert shares[True].mean() > 0.7


def test_that_what_is_shown_and_the_law_disagree_widens_the_interval() -> None:
    drawn = np.random.default_rng(1).poisson(9.0, (500, 1, 2)).astype(float)
    member, nine = np.ones((2, 1)), np.full((1, 2), 9.0)
    alike = futures.spreads(drawn, member, nine, nine)
    apart = futures.spreads(drawn, member, np.full((1, 2), 4.0), nine)
    assert alike[0, 0] == pytest.approx(0.5, abs=0.05)
    assert apart[0, 0] == pytest.approx(np.hypot(alike[0, 0], np.sqrt(18.375) - np.sqrt(8.375)))


def test_the_record_knows_the_past_only_and_stands_beside_the_last_value() -> None:
    posts = simulated(84, np.array([0.2, 0.4]), 1.0)
    everything = outlook(posts, (12, 24), seed=1, draws=50).record
    before = outlook(posts.until(72), (12, 24), seed=1, draws=50).record
    keys = ["quantity", "horizon", "department", "origin"]
    one, other = (table.set_index(keys).sort_index() for table in (before, everything))
    assert set(one.index) <= set(other.index)
    pd.testing.assert_frame_equal(one, other.loc[one.index])
    # the last value: what stood empty; and with what fell empty in the twelve months before
    origin = posts.months[47].strftime("%Y-%m")
    empty, need = (other.loc[(name, 12, "all", origin)] for name in (EMPTY, NEED))
    assert empty[["last", "observed"]].tolist() == [posts.open[48].sum(), posts.open[60].sum()]
    assert need["last"] == pytest.approx(posts.open[48].sum() + posts.opened[36:48].sum())
    assert need["observed"] == pytest.approx(posts.open[48].sum() + posts.opened[48:60].sum())
