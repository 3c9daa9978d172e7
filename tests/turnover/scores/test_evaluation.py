"""Forward in time only: nothing that happened later may touch what would have been said."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from analysis.errors import GateError
from analysis.periods import shift
from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover import Evaluation, assess, evaluate, hit_rates
from analysis.turnover.cells import closed_by, forecast_origin, known_at
from analysis.turnover.models import carried as memory
from analysis.turnover.scores.scores import Choice, auc, brier, choose, evidence, gains, log_loss
from tests.turnover.method import only
from tests.turnover.municipality import Truth, grouping, simulate

SAID = ["origin", "department", "cause", "expected", "low", "high", "yardstick", "n"]
DRAWS = 100


@pytest.fixture(scope="module")
def small() -> pd.DataFrame:
    """Six closed windows of 800 people: origins 2016 to 2021, the first judged one is 2017."""
    return simulate(seed=3, people=800, years=6, departments=5, occupations=6, truth=Truth(shock_sd=0.15))


@pytest.fixture(scope="module")
def small_groups(small: pd.DataFrame) -> pd.DataFrame:
    return grouping(small)


@pytest.fixture(scope="module")
def small_judged(small: pd.DataFrame, small_groups: pd.DataFrame) -> Evaluation:
    return assess(small, groups=small_groups, seed=9, draws=DRAWS)


def chosen_from(table: pd.DataFrame, *, origin: str) -> dict[str, Choice]:
    sums, origins = gains(table, origin=origin)
    return choose(sums, origins=origins, candidates=("additive/8",), margin=1.64)


def said_until(evaluation: Evaluation, origin: str) -> pd.DataFrame:
    record = evaluation.track_record
    return record.loc[record["origin"] <= origin, SAID].reset_index(drop=True)


class TestNoLeakage:
    ORIGIN = "2019-12"

    def scrambled(self, small: pd.DataFrame) -> pd.DataFrame:
        """Other outcomes in every window that had not closed at ORIGIN, and another workforce after it."""
        later = small["origin"] >= self.ORIGIN
        changed = small.copy()
        stay = later & ~small["open"]
        changed.loc[stay, list(CAUSES)] = 0.0
        changed.loc[stay & (small["tenure"] > 5), "resignation"] = changed["at_risk"].astype(float)
        after = changed["origin"] > self.ORIGIN
        changed.loc[after, "occupation"] = "occ99"
        changed.loc[after, "age"] = 30
        return changed

    def test_outcomes_after_an_origin_change_nothing_that_was_said_at_it(self, small, small_groups, small_judged):
        changed = evaluate(self.scrambled(small), groups=small_groups, seed=9, draws=DRAWS)
        pd.testing.assert_frame_equal(
            said_until(changed, self.ORIGIN), said_until(small_judged, self.ORIGIN), check_exact=True
        )
        # and the change was large enough to be seen where it may be seen
        seen, unseen = changed.track_record, small_judged.track_record
        assert not seen.loc[seen["origin"] == self.ORIGIN, "observed"].equals(
            unseen.loc[unseen["origin"] == self.ORIGIN, "observed"]
        )
        assert not said_until(changed, "2020-12").equals(said_until(small_judged, "2020-12"))

    def test_later_years_may_be_missing_altogether(self, small, small_groups, small_judged):
        early = small[small["origin"] <= self.ORIGIN]
        found = evaluate(early, groups=small_groups, seed=9, draws=DRAWS)
        pd.testing.assert_frame_equal(
            said_until(found, self.ORIGIN), said_until(small_judged, self.ORIGIN), check_exact=True
        )
        assert found.origin == "2020-12"

    def test_choices_at_an_origin_rest_on_earlier_origins_only(self, small_judged):
        choices = small_judged.choices.set_index(["origin", "cause"])
        assert choices.loc["2017-12", "origins"].tolist() == [0] * len(CAUSES)
        assert choices.loc["2021-12", "origins"].tolist() == [4] * len(CAUSES)
        assert choices.loc["2022-12", "origins"].tolist() == [5] * len(CAUSES)

    def test_known_at_an_origin_are_windows_closed_by_then(self, small):
        assert sorted(known_at(small, "2019-12")["origin"].unique()) == ["2016-12", "2017-12", "2018-12"]
        # windows that overlap: opened half a year before, closed half a year after
        quarters = pd.Series(["2018-06", "2018-12", "2019-06", "2019-12"])
        assert closed_by(quarters, "2019-12").tolist() == [True, True, False, False]


class TestReproducible:
    def test_shuffled_rows_change_nothing(self, small, small_groups, small_judged):
        shuffled = small.sample(frac=1.0, random_state=4)
        mixed = small_groups.sample(frac=1.0, random_state=5)
        found = assess(shuffled, groups=mixed, seed=9, draws=DRAWS)
        pd.testing.assert_frame_equal(found.track_record, small_judged.track_record, check_exact=True)
        pd.testing.assert_frame_equal(found.metrics, small_judged.metrics, check_exact=True)
        pd.testing.assert_frame_equal(found.forecast, small_judged.forecast, check_exact=True)

    def test_the_seed_moves_intervals_only(self, small, small_groups, small_judged):
        found = evaluate(small, groups=small_groups, seed=10, draws=DRAWS).track_record
        before = small_judged.track_record
        assert found["expected"].equals(before["expected"])
        assert not found["low"].equals(before["low"])


class TestChoice:
    def test_hazards_are_chosen_where_they_know_something(self, judged):
        assert judged.methods["retirement"] == "model"
        assert judged.methods["contract_end"] == "model"
        assert judged.methods["unknown"] == "yardstick"

    def test_where_nothing_is_planted_nothing_is_called(self):
        # everybody resigns with the same probability; one calm town, one with moving levels
        for seed, sd in ((40, 0.0), (42, 0.15)):
            nothing = Truth(tenure_slope=0.0, age_slope=0.0, retirement=False, contract_end=-20.0, shock_sd=sd)
            cells = simulate(seed=seed, people=800, years=5, departments=5, occupations=6, truth=nothing)
            found = evaluate(cells, groups=grouping(cells), seed=1, draws=20)
            assert set(found.choices.loc[found.choices["cause"] == "resignation", "method"]) == {"yardstick"}

    def test_one_lucky_level_decides_nothing(self):
        # both forecasts are flat; the model's level happens to be right, the yardstick's is 30 per cent off
        at_risk, events = np.full(20, 300.0), np.full(20, 30.0)
        lucky = evidence(np.full(20, 0.10), np.full(20, 0.13), events, at_risk)
        assert lucky["gain"] > 15
        assert lucky["shape_sq"] == pytest.approx(0.0, abs=1e-12)
        rows = [{"origin": "2019-12", "cause": cause, "candidate": "additive/8", **lucky} for cause in CAUSES]
        chosen = chosen_from(pd.DataFrame(rows), origin="2020-12")
        assert chosen["resignation"].method == "yardstick"

    def test_knowing_who_leaves_decides(self):
        at_risk = np.full(20, 300.0)
        p = np.tile([0.02, 0.18], 10)
        sharp = evidence(p, np.full(20, 0.10), p * at_risk, at_risk)
        rows = [{"origin": "2019-12", "cause": cause, "candidate": "additive/8", **sharp} for cause in CAUSES]
        assert chosen_from(pd.DataFrame(rows), origin="2020-12")["resignation"].method == "model"
        # a window that has not closed is no evidence
        assert chosen_from(pd.DataFrame(rows), origin="2020-11")["resignation"].origins == 0

    def test_a_model_that_is_worse_is_not_shown_at_any_size(self):
        at_risk = np.full(20, 300.0)
        p = np.tile([0.02, 0.18], 10)
        wrong = evidence(p[::-1], np.full(20, 0.10), p * at_risk, at_risk)
        rows = [{"origin": "2019-12", "cause": cause, "candidate": "additive/8", **wrong} for cause in CAUSES]
        assert chosen_from(pd.DataFrame(rows), origin="2020-12")["resignation"].method == "yardstick"


class TestScores:
    def test_two_cells_by_hand(self):
        p, events, at_risk = np.array([0.5, 0.25]), np.array([1.0, 1.0]), np.array([2.0, 4.0])
        # Brier: (2 * 0.25 + 1 * 0.5625 + 3 * 0.0625) / 6; log loss: (2 ln 2 + ln 4 + 3 ln 4/3) / 6
        assert brier(p, events, at_risk) == pytest.approx((0.5 + 0.5625 + 0.1875) / 6)
        expected = (2 * np.log(2) + np.log(4) + 3 * np.log(4 / 3)) / 6
        assert log_loss(p, events, at_risk) == pytest.approx(expected)
        # pairs of a leaver and a stayer: 1 of 2 x 4 pairs within... ties count half: (3 + 0.5 * (1 + 3)) / 8
        assert auc(p, events, at_risk) == pytest.approx((3 + 0.5 * (1 + 3)) / 8)

    def test_last_years_nobody_is_not_a_certainty(self):
        # one of a thousand left though the yardstick said none: as if half an exit had been said
        loss = log_loss(np.zeros(1), np.array([1.0]), np.array([1000.0]))
        assert loss == pytest.approx((np.log(2000) - 999 * np.log1p(-0.0005)) / 1000)

    def test_nobody_left_has_no_auc(self):
        assert np.isnan(auc(np.array([0.1, 0.2]), np.zeros(2), np.ones(2)))

    def test_metrics_hold_every_judged_origin_and_model(self, judged):
        table = judged.metrics
        assert list(table.columns) == [
            "origin", "horizon_months", "cause", "model", "n", "events",
            "auc", "brier", "brier_constant", "log_loss",
        ]  # fmt: skip
        every = ["additive", "average", "boosting", "chosen", "yardstick"]
        assert all(sorted(part) == every for _, part in table.groupby(["origin", "cause"])["model"])
        assert set(table["horizon_months"]) == {12}
        retirement = table[(table["cause"] == "retirement") & (table["model"] == "additive")]
        # easy, once more than one window is known; voluntary leaving is not
        assert retirement.loc[retirement["origin"] > "2017-12", "auc"].min() > 0.9
        assert (retirement["brier"] < retirement["brier_constant"]).all()
        resignation = table[(table["cause"] == "resignation") & (table["model"] == "additive")]
        assert resignation["auc"].max() < 0.8


class TestTrackRecord:
    def test_departments_and_the_whole_causes_and_their_total(self, judged, town):
        record = judged.track_record
        assert set(record["cause"]) == {*CAUSES, TOTAL}
        assert (record["n"] >= 20).all()
        assert sorted(record["origin"].unique()) == ["2017-12", "2018-12", "2019-12", "2020-12"]
        whole = record[(record["department"] == ORGANISATION) & (record["cause"] == TOTAL)].set_index("origin")
        closed = town[~town["open"]].groupby("origin")[list(CAUSES)].sum().sum(axis=1)
        assert whole["observed"].to_dict() == closed.loc[whole.index].to_dict()
        assert (record["low"] <= record["high"]).all()

    def test_causes_add_up_to_their_total_and_departments_to_the_whole(self, judged):
        record = judged.track_record
        for name in ("expected", "observed", "yardstick"):
            wide = record.pivot_table(index=["origin", "department"], columns="cause", values=name)
            assert wide[list(CAUSES)].sum(axis=1).to_numpy() == pytest.approx(wide[TOTAL].to_numpy())
        totals = record[record["cause"] == TOTAL]
        parts = totals[totals["department"] != ORGANISATION].groupby("origin")["expected"].sum()
        whole = totals[totals["department"] == ORGANISATION].set_index("origin")["expected"]
        assert parts.to_numpy() == pytest.approx(whole.to_numpy())

    def test_hit_rates_by_hand(self):
        rows = [
            ("2020-12", "d1", TOTAL, 10.0, 8.0, 12.0, 11.0, 14.0, 100),
            ("2020-12", "d2", TOTAL, 10.0, 8.0, 12.0, 14.0, 12.0, 100),
            ("2020-12", ORGANISATION, TOTAL, 20.0, 15.0, 25.0, 25.0, 26.0, 200),
            ("2021-12", "d1", TOTAL, 10.0, 8.0, 12.0, 12.0, 10.0, 100),
        ]
        columns = ["origin", "department", "cause", "expected", "low", "high", "observed", "yardstick", "n"]
        found = hit_rates(pd.DataFrame(rows, columns=columns).assign(horizon_months=12)).set_index("origin")
        assert found["departments"].to_dict() == {"2020-12": 2, "2021-12": 1, ORGANISATION: 3}
        assert found["hit_rate"].to_dict() == pytest.approx({"2020-12": 0.5, "2021-12": 1.0, ORGANISATION: 2 / 3})
        assert found.loc["2020-12", "interval_score"] == pytest.approx((4 + 4 + 10 * 2) / 2)
        assert found.loc["2020-12", "model_error"] == pytest.approx((1 + 4) / 25)
        assert found.loc["2020-12", "yardstick_error"] == pytest.approx((3 + 2) / 25)

    def test_hit_rates_without_any_origin(self):
        assert hit_rates(pd.DataFrame(columns=["cause", "department", "origin", "expected"])).empty


def quarters(cells: pd.DataFrame) -> pd.DataFrame:
    """Person-periods that go with yearly cells: a quarter of the exits in each quarter, those left at risk."""
    closed = cells[~cells["open"]]
    left = closed[list(CAUSES)].sum(axis=1)
    parts = []
    for place in range(4):
        exits = {cause: closed[cause] / 4 for cause in CAUSES}
        parts.append(closed.assign(season=f"q{place + 1}", at_risk=closed["at_risk"] - left * place / 4, **exits))
    return pd.concat(parts, ignore_index=True).drop(columns=["fte", "open"]).assign(step=3)


class TestPeriods:
    def test_shorter_periods_are_one_more_candidate_and_change_no_others_scores(
        self, small, small_groups, small_judged
    ):
        found = evaluate(small, groups=small_groups, seed=9, draws=DRAWS, periods=quarters(small))
        assert set(found.metrics["model"]) - set(small_judged.metrics["model"]) == {"periods"}
        keys, scores = ["origin", "cause", "model"], ["auc", "brier", "log_loss"]
        others = found.metrics[~found.metrics["model"].isin(["periods", "chosen"])].set_index(keys)[scores]
        before = small_judged.metrics[small_judged.metrics["model"] != "chosen"].set_index(keys)[scores]
        pd.testing.assert_frame_equal(others.sort_index(), before.sort_index())
        # the same outcomes told in quarters: as good as told in years
        loss = found.metrics.query("cause == 'total'").groupby("model")["log_loss"].mean()
        assert loss["periods"] == pytest.approx(loss["additive"], rel=0.01)

    def test_later_periods_change_nothing_that_was_said(self, small, small_groups):
        told = quarters(small)
        changed = told.assign(resignation=np.where(told["origin"] >= "2019-12", 0.0, told["resignation"]))
        first, second = (
            evaluate(small, groups=small_groups, seed=9, draws=DRAWS, periods=each) for each in (told, changed)
        )
        pd.testing.assert_frame_equal(said_until(first, "2019-12"), said_until(second, "2019-12"), check_exact=True)
        assert not first.metrics.equals(second.metrics)

    def test_what_was_kept_gives_the_same_forecast_again(self, small, small_groups):
        told = quarters(small)
        found = evaluate(small, groups=small_groups, seed=9, draws=DRAWS, periods=told, method=only("periods/8"))
        again = memory.reopened(small, json.loads(json.dumps(memory.kept(found))), told)
        now = small[small["open"]]
        assert {choice.method for choice in found.chosen.values()} > {"yardstick"}
        pd.testing.assert_frame_equal(again.predict(now), found.predict(now))


class TestSparseDeliveries:
    def test_no_reasons_no_age_one_form_five_windows(self):
        # a city that publishes yearly lists only: nobody knows why they left or how old they are
        cells = simulate(seed=6, people=900, years=5, departments=6, occupations=6)
        known = ~cells["open"]
        cells.loc[known, "unknown"] = cells.loc[known, list(CAUSES)].sum(axis=1)
        cells.loc[known, list(CAUSES[:5])] = 0.0
        cells["age"], cells["form"], cells["rate_band"] = -1, "permanent", "full"
        found = assess(cells, groups=grouping(cells), seed=1, draws=50)
        assert found.track_record["origin"].nunique() == 4
        assert set(found.metrics["cause"]) == {"unknown", TOTAL}
        assert set(hit_rates(found.track_record)["cause"]) == {TOTAL}
        forecast = found.forecast.set_index(["department", "occupation", "cause"])
        assert forecast.loc[(ORGANISATION, TOTAL, "resignation"), "expected"] == 0.0
        assert (
            forecast.loc[(ORGANISATION, TOTAL, "unknown"), "expected"]
            == forecast.loc[(ORGANISATION, TOTAL, TOTAL), "expected"]
        )
        assert forecast.loc[(ORGANISATION, TOTAL, TOTAL), "low"] > 0

    def test_one_closed_window_gives_a_forecast_and_no_track_record(self):
        cells = simulate(seed=6, people=600, years=1, departments=3, occupations=5)
        found = assess(cells, groups=grouping(cells), seed=1, draws=50)
        assert found.track_record.empty
        assert found.metrics.empty
        assert hit_rates(found.track_record).empty
        assert set(found.choices["origins"]) == {0}  # chosen from parts of the only window, no year ahead was seen
        assert found.judged is None
        assert found.forecast is not None

    def test_a_delivery_that_nobody_left_stops(self):
        cells = simulate(seed=6, people=300, years=3, departments=2, occupations=5)
        closed = ~cells["open"]
        cells.loc[closed, list(CAUSES)] = 0.0
        with pytest.raises(GateError, match="present staff only"):
            evaluate(cells, groups=grouping(cells), seed=1, draws=10)

    def test_no_closed_window_stops(self):
        cells = simulate(seed=6, people=300, years=0, departments=2, occupations=5)
        with pytest.raises(GateError, match="at least one full year"):
            evaluate(cells, groups=grouping(cells), seed=1, draws=10)

    def test_one_department(self):
        cells = simulate(seed=6, people=300, years=3, departments=1, occupations=5)
        found = assess(cells, groups=grouping(cells), seed=1, draws=50)
        assert set(found.track_record["department"]) == {ORGANISATION, "d0000"}


class TestContract:
    def test_more_exits_than_persons_stop_the_run(self, small, small_groups):
        wrong = small.copy()
        wrong.loc[wrong.index[0], "resignation"] = wrong["at_risk"].iloc[0] + 1.0
        with pytest.raises(GateError, match="more exits than persons"):
            evaluate(wrong, groups=small_groups, seed=1, draws=10)

    def test_a_closed_window_without_outcome_stops_the_run(self, small, small_groups):
        wrong = small.copy()
        wrong.loc[wrong.index[0], "retirement"] = np.nan
        with pytest.raises(GateError, match="no outcome"):
            evaluate(wrong, groups=small_groups, seed=1, draws=10)

    def test_a_missing_column_is_named(self, small, small_groups):
        with pytest.raises(GateError, match="fte"):
            evaluate(small.drop(columns="fte"), groups=small_groups, seed=1, draws=10)

    def test_origins_are_months(self, small):
        assert shift("2019-12", 12) == "2020-12"
        assert shift("2019-01", -1) == "2018-12"
        assert forecast_origin(small) == "2022-12"


@pytest.mark.large
def test_hit_rate_of_whole_pipeline_over_many_towns():
    found = []
    for seed in range(24):
        truth = Truth(shock_sd=0.15, department_cv=0.1)
        cells = simulate(seed=100 + seed, people=2500, years=7, departments=14, occupations=10, truth=truth)
        judged = evaluate(cells, groups=grouping(cells), seed=seed, draws=400)
        found.append(hit_rates(judged.track_record).set_index(["origin", "cause"]))
    pooled = pd.concat(found).groupby(["origin", "cause"])[["hit_rate", "model_error", "yardstick_error"]].mean()
    for cause in (TOTAL, "resignation"):
        assert 0.75 <= pooled.loc[(ORGANISATION, cause), "hit_rate"] <= 0.85
        assert pooled.loc[(ORGANISATION, cause), "model_error"] < pooled.loc[(ORGANISATION, cause), "yardstick_error"]
