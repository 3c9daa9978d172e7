"""Intervals hold what they say, and grow with what is not known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover import ShockModel, fit_shocks
from analysis.turnover.forecasts.intervals import (
    HISTORY,
    Prior,
    Units,
    interval_score,
    mid_quantiles,
    simulate,
)

SHARES = dict(zip(CAUSES, (0.65, 0.15, 0.12, 0.02, 0.06, 0.0), strict=True))
PRIOR = Prior(sd=0.15, years=4.0, department_cv=0.10, departments=8.0)
LONG = dict.fromkeys(CAUSES, 0.0)  # levels known from many years


def towns_year(rng: np.random.Generator, at_risk: np.ndarray, expected: np.ndarray, sd: float, cv: float) -> np.ndarray:
    """What happens in one year: counts [departments x causes]."""
    shock = np.exp(rng.normal(0, sd, len(CAUSES)) - sd**2 / 2)
    factor = rng.gamma(cv**-2, cv**2, len(at_risk)) if cv else np.ones(len(at_risk))
    return rng.binomial(at_risk[:, None], expected / at_risk[:, None] * shock * factor[:, None])


def history(at_risk: np.ndarray, expected: np.ndarray, years: list[np.ndarray]) -> pd.DataFrame:
    chance = expected * (1 - expected / at_risk[:, None])
    rows = []
    for year, observed in enumerate(years):
        for i, cause in enumerate((*CAUSES, TOTAL)):
            pick = slice(None) if cause == TOTAL else slice(i, i + 1)
            said, var, came = (table[:, pick].sum(axis=1) for table in (expected, chance, observed))
            named = [*zip([f"d{d:04d}" for d in range(len(at_risk))], said, var, came, strict=True)]
            named.append((ORGANISATION, said.sum(), var.sum(), came.sum()))
            rows += [(f"{2010 + year}-12", name, cause, e, v, o, 0.0) for name, e, v, o in named]
    return pd.DataFrame(rows, columns=HISTORY)


def coverage(*, towns: int, years: int, sd: float, cv: float, seed: int) -> tuple[float, float]:
    """Share of departments' outcomes inside their interval, for all causes together and for resignation."""
    hits = []
    for town in range(towns):
        rng = np.random.default_rng([seed, town])
        at_risk = np.exp(rng.normal(5.0, 0.9, 14)).astype(int) + 20
        rate = np.array(list(SHARES.values())) * rng.uniform(0.07, 0.16)
        expected = at_risk[:, None] * rate * np.exp(rng.normal(0, 0.2, (14, len(CAUSES))))
        happened = [towns_year(rng, at_risk, expected, sd, cv) for _ in range(years + 1)]
        shocks = fit_shocks(history(at_risk, expected, happened[:-1]), short=LONG, shares=SHARES, prior=PRIOR)
        names = np.array([f"d{d:04d}" for d in range(14)])
        units = Units(names, at_risk.astype(float), expected, expected * (1 - expected / at_risk[:, None]))
        bounds = simulate(units, shocks=shocks, draws=400, rng=rng).departments
        came = np.column_stack([happened[-1], happened[-1].sum(axis=1)])
        inside = (bounds[:, :, 0] <= came) & (came <= bounds[:, :, 1])
        hits.append((inside[:, -1].mean(), inside[:, 0].mean()))
    total, resignation = np.mean(hits, axis=0)
    return float(total), float(resignation)


class TestCoverage:
    def test_four_intervals_in_five_hold_over_towns_with_shocks(self):
        # 40 towns share one shock each: the standard error of the pooled rate is about 0.04
        total, resignation = coverage(towns=40, years=4, sd=0.15, cv=0.1, seed=2)
        assert 0.72 <= total <= 0.88
        assert 0.72 <= resignation <= 0.88

    @pytest.mark.large
    @pytest.mark.parametrize("years", [0, 1, 3, 6])
    @pytest.mark.parametrize(("sd", "cv"), [(0.15, 0.1), (0.2, 0.1), (0.15, 0.15)])
    def test_coverage_at_the_stated_number(self, years, sd, cv):
        total, resignation = coverage(towns=600, years=years, sd=sd, cv=cv, seed=3)
        low = 0.75 if years or sd == 0.15 else 0.68  # before any evidence only the prior can know the level
        assert low - 0.01 <= total <= 0.85
        assert low - 0.03 <= resignation <= 0.85

    def test_without_the_shared_shock_intervals_would_be_too_narrow(self):
        rng = np.random.default_rng(8)
        at_risk = np.full(10, 300)
        expected = np.full((10, len(CAUSES)), 8.0)
        units = Units(np.array([f"d{i}" for i in range(10)]), at_risk.astype(float), expected, expected * 0.97)
        calm = ShockModel(dict.fromkeys(CAUSES, 0.0), 0.0, 0.0)
        bounds = simulate(units, shocks=calm, draws=2000, rng=rng).whole[-1]
        came = np.array([towns_year(rng, at_risk, expected, 0.2, 0.1).sum() for _ in range(200)])
        assert ((bounds[0] <= came) & (came <= bounds[1])).mean() < 0.65


class TestShocks:
    def test_without_history_the_prior_speaks(self):
        found = fit_shocks(pd.DataFrame(columns=HISTORY), short=LONG, shares=SHARES, prior=PRIOR)
        assert found.sd["resignation"] == pytest.approx(PRIOR.sd)
        assert found.total_sd == pytest.approx(PRIOR.sd)
        assert found.department_cv == pytest.approx(PRIOR.department_cv)

    def test_one_missed_year_by_hand(self):
        # expected 999.5, came 1349.5: log(1350 / 1000) = 0.3001; next to no chance, so weight one
        year = ("2020-12", ORGANISATION, TOTAL, 999.5, 0.0, 1349.5, 0.0)
        found = fit_shocks(pd.DataFrame([year], columns=HISTORY), short=LONG, shares=SHARES, prior=PRIOR)
        assert found.total_sd == pytest.approx(np.sqrt((4 * 0.15**2 + np.log(1.35) ** 2) / 5), rel=1e-4)

    def test_a_forecast_that_is_always_too_low_widens_its_intervals(self):
        years = [(f"{2015 + i}-12", ORGANISATION, TOTAL, 1000.0, 900.0, 1300.0, 0.0) for i in range(6)]
        found = fit_shocks(pd.DataFrame(years, columns=HISTORY), short=LONG, shares=SHARES, prior=PRIOR)
        assert found.total_sd > 0.2

    def test_calm_years_narrow_the_interval_but_never_to_nothing(self):
        years = [(f"{1990 + i}-12", ORGANISATION, TOTAL, 1000.0, 900.0, 1000.0, 0.0) for i in range(25)]
        found = fit_shocks(pd.DataFrame(years, columns=HISTORY), short=LONG, shares=SHARES, prior=PRIOR)
        assert found.total_sd == pytest.approx(PRIOR.floor)

    def test_a_handful_of_leavers_says_almost_nothing_about_the_level(self):
        rows = [(f"{2015 + i}-12", ORGANISATION, "employer", 2.0, 2.0, 7.0, 0.0) for i in range(4)]
        found = fit_shocks(pd.DataFrame(rows, columns=HISTORY), short=LONG, shares=SHARES, prior=PRIOR)
        assert found.sd["employer"] == pytest.approx(PRIOR.sd, rel=0.1)

    def test_a_cause_that_never_happens_says_nothing_about_the_level(self):
        rows = [(f"{2015 + i}-12", ORGANISATION, "unknown", 0.0, 0.0, 0.0, 0.0) for i in range(6)]
        found = fit_shocks(pd.DataFrame(rows, columns=HISTORY), short=LONG, shares=SHARES, prior=PRIOR)
        assert found.sd["unknown"] == pytest.approx(PRIOR.sd, rel=0.01)

    def test_departments_that_differ_are_seen_and_a_common_shock_is_not_taken_for_it(self):
        rng = np.random.default_rng(1)
        at_risk, expected = np.full(20, 400), np.full((20, len(CAUSES)), 8.0)
        alike = [towns_year(rng, at_risk, expected, 0.2, 0.0) for _ in range(6)]
        unlike = [towns_year(rng, at_risk, expected, 0.2, 0.3) for _ in range(6)]
        same = fit_shocks(history(at_risk, expected, alike), short=LONG, shares=SHARES, prior=PRIOR)
        different = fit_shocks(history(at_risk, expected, unlike), short=LONG, shares=SHARES, prior=PRIOR)
        assert same.department_cv < 0.1
        assert different.department_cv > 0.18

    def test_a_level_known_from_one_year_is_less_sure_than_one_known_from_eight(self):
        one = fit_shocks(pd.DataFrame(columns=HISTORY), short=dict.fromkeys(CAUSES, 1.0), shares=SHARES, prior=PRIOR)
        eight = fit_shocks(
            pd.DataFrame(columns=HISTORY), short=dict.fromkeys(CAUSES, 1 / 8), shares=SHARES, prior=PRIOR
        )
        assert one.spread("resignation") == pytest.approx(PRIOR.sd * np.sqrt(2))
        assert one.spread(TOTAL) > eight.spread(TOTAL)

    def test_multipliers_have_mean_one_and_the_stated_spread(self):
        shocks = ShockModel({**dict.fromkeys(CAUSES, 0.2)}, 0.2, 0.1, shares=SHARES)
        common, factor = shocks.draw(np.random.default_rng(0), 40_000, CAUSES, ["d1", "d2", "d3"])
        assert common.shape == (40_000, len(CAUSES))
        assert factor.shape == (40_000, 3)
        assert common.mean(axis=0) == pytest.approx(np.ones(len(CAUSES)), abs=0.01)
        assert np.log(common).std(axis=0) == pytest.approx(np.full(len(CAUSES), 0.2), abs=0.01)
        assert factor.std(axis=0) == pytest.approx(np.full(3, 0.1), abs=0.005)

    def test_causes_move_together_so_that_their_sum_has_its_own_spread(self):
        shocks = ShockModel({**dict.fromkeys(CAUSES, 0.15)}, 0.13, 0.0, shares=SHARES)
        common, _ = shocks.draw(np.random.default_rng(0), 40_000, CAUSES, ["d1"])
        whole = common @ np.array(list(SHARES.values()))
        assert np.log(whole).std() == pytest.approx(0.13, abs=0.005)

    def test_one_cause_alone_needs_no_correlation(self):
        shares = {**dict.fromkeys(CAUSES, 0.0), "unknown": 1.0}
        assert fit_shocks(pd.DataFrame(columns=HISTORY), short=LONG, shares=shares, prior=PRIOR).correlation == 0.0


class TestBounds:
    @staticmethod
    def width(sd: float, cv: float) -> float:
        expected = np.array([[20.0, 5.0, 3.0, 0.0, 1.0, 0.0]])
        units = Units(np.array(["d1"]), np.array([250.0]), expected, expected * 0.92)
        model = ShockModel(dict.fromkeys(CAUSES, sd), sd, cv, shares=SHARES)
        low, high = simulate(units, shocks=model, draws=4000, rng=np.random.default_rng(1)).departments[0, -1]
        return float(high - low)

    def test_intervals_grow_with_the_shock_and_with_differences_between_departments(self):
        assert self.width(0.0, 0.0) < self.width(0.15, 0.0) < self.width(0.3, 0.0)
        assert self.width(0.15, 0.0) < self.width(0.15, 0.2)

    def test_certain_leavers_have_less_chance_than_unlikely_ones(self):
        none = ShockModel(dict.fromkeys(CAUSES, 0.0), 0.0, 0.0)
        expected = np.array([[0.0, 18.0, 0, 0, 0, 0], [0.0, 18.0, 0, 0, 0, 0]])
        chance = np.array([[0.0, 1.8, 0, 0, 0, 0], [0.0, 17.8, 0, 0, 0, 0]])  # 20 at 0.9; 1,800 at 0.01
        units = Units(np.array(["d1", "d2"]), np.array([20.0, 1800.0]), expected, chance)
        bounds = simulate(units, shocks=none, draws=2000, rng=np.random.default_rng(1)).departments[:, 1]
        widths = bounds[:, 1] - bounds[:, 0]
        assert widths[0] < 0.45 * widths[1]
        assert bounds[0, 1] <= 20

    def test_nothing_expected_is_nothing(self):
        units = Units(np.array(["d1"]), np.array([30.0]), np.zeros((1, 6)), np.zeros((1, 6)))
        model = ShockModel(dict.fromkeys(CAUSES, 0.2), 0.2, 0.1)
        assert not simulate(units, shocks=model, draws=50, rng=np.random.default_rng(1)).departments.any()

    def test_quantiles_of_a_coin_by_hand(self):
        # half 0 and half 1: the mid-distribution is 0.25 at 0 and 0.75 at 1
        assert mid_quantiles(np.array([0, 1]), [0.25, 0.5, 0.75]) == pytest.approx([0.0, 0.5, 1.0])
        assert mid_quantiles(np.array([3, 3, 3]), [0.1, 0.9]).tolist() == [3.0, 3.0]

    def test_interval_score_by_hand(self):
        # width 4; a miss of 1 costs 2 / 0.2 = 10
        score = interval_score(np.array([2.0, 2, 2]), np.array([6.0, 6, 6]), np.array([4.0, 1, 7]))
        assert score == pytest.approx([4.0, 14.0, 14.0])


def test_the_error_of_estimates_stays_through_the_years() -> None:
    model = ShockModel(sd={}, total_sd=0.0, department_cv=0.0, estimate_cv=0.1, estimate_shared=0.2)
    drawn = model.draw_estimates(np.random.default_rng(1), 20_000, ["d1", "d2"])
    assert drawn.mean(axis=0) == pytest.approx(np.ones(2), abs=0.01)
    assert drawn.std(axis=0) == pytest.approx(np.full(2, np.hypot(0.1, 0.2)), rel=0.05)
    assert np.corrcoef(np.log(drawn).T)[0, 1] == pytest.approx(0.8, abs=0.03)  # 0.2² of 0.1² + 0.2²


def test_a_large_error_of_an_estimate_leaves_the_middle_where_it_is() -> None:
    # 60 units share nothing; each is off by 220 per cent: their sum is not drawn down by the lognormal's long tail
    units = Units(np.array(["d"] * 60), np.full(60, 30.0), np.full((60, 6), 0.06), np.full((60, 6), 0.0599))
    errors = np.repeat(4.9 * np.eye(60)[None], 6, axis=0)
    quiet = ShockModel(sd=dict.fromkeys(CAUSES, 0.0), total_sd=0.0, department_cv=0.0)
    bounds = simulate(units, shocks=quiet, draws=4000, rng=np.random.default_rng(2), errors=errors)
    low, high = bounds.departments[0, 0]
    assert low < 3.6 < high
    assert low > 0.7
