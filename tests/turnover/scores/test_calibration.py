"""Calibration: the slope is found, and corrected only where it is clearly not one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit, logit

from analysis.reference import CAUSES
from analysis.turnover.scores.calibration import Slope, corrected, points, slopes


def windows(slope: float, *, years: int = 4, persons: int = 20_000, seed: int = 1) -> pd.DataFrame:
    """Judged windows whose true log odds are ``slope`` times the forecast's, on levels that move."""
    rng = np.random.default_rng(seed)
    parts = []
    for year in range(years):
        said = rng.normal(-2.5, 0.8, 200)
        at_risk = np.full(200, persons / 200)
        truth = expit(-2.5 + rng.normal(0, 0.2) + slope * (said + 2.5))
        then = pd.DataFrame(dict.fromkeys(CAUSES, 0.0), index=range(200)).assign(at_risk=at_risk)
        then["resignation"] = rng.binomial(at_risk.astype(int), truth).astype(float)
        forecast = pd.DataFrame({cause: expit(said) if cause == "resignation" else 0.0 for cause in CAUSES})
        parts.append(points(f"{2015 + year}-12", then, {"additive/8": forecast}))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize("planted", [0.5, 1.0, 1.4])
def test_a_planted_slope_is_found(planted):
    found = slopes(windows(planted), origin="2030-12")["resignation", "additive/8"]
    assert found.slope == pytest.approx(planted, abs=4 * found.error)
    assert found.error < 0.05
    assert found.wrong == (planted != 1.0)


def test_windows_that_have_not_closed_say_nothing():
    table = windows(0.5)
    assert slopes(table, origin="2016-12")["resignation", "additive/8"].origins == 1
    assert not slopes(table, origin="2016-12")["resignation", "additive/8"].wrong  # one window is not enough
    assert slopes(table, origin="2015-12") == {}


def test_a_correction_keeps_the_expected_number_and_spreads_as_the_slope_says():
    table = windows(1.4)
    found = slopes(table, origin="2030-12")["resignation", "additive/8"]
    p, at_risk = expit(table["log_odds"].to_numpy()), table["at_risk"].to_numpy()
    after = corrected(p, found.slope, found.shift)
    assert (after * at_risk).sum() == pytest.approx((p * at_risk).sum(), rel=1e-9)
    assert np.diff(logit(after[:2])) / np.diff(logit(p[:2])) == pytest.approx(found.slope)


def test_nothing_and_certainty_stay_what_they_are():
    assert corrected(np.array([0.0, 0.5]), 1.2, 0.0).tolist() == [0.0, 0.5]
    assert not Slope(float("nan"), 0.1, 5, 0.0).wrong
    assert not Slope(1.1, 0.2, 5, 0.0).wrong
