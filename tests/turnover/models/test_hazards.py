"""Hazards find what was planted, no more, and look only at what policy lets them look at."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.special import logsumexp

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.turnover import HazardModel, features, fit
from analysis.turnover.models.features import FORBIDDEN, held
from analysis.turnover.models.hazards import MIN_EVENTS
from tests.turnover.municipality import Truth, probabilities, simulate

TRUTH = Truth(occupation={"occ03": 0.5, "occ06": -0.5}, department={"d0007": 0.4})


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return simulate(seed=1, people=6800, years=8, truth=TRUTH)


@pytest.fixture(scope="module")
def model(cells: pd.DataFrame) -> HazardModel:
    return fit(cells, penalty=4.0)


def person(**known: object) -> pd.DataFrame:
    typical = {"department": "d0001", "occupation": "occ04", "form": "permanent", "rate_band": "full"}
    return pd.DataFrame([typical | {"age": 45, "tenure": 10} | known])


def effect(model: HazardModel, cause: str, term: str, level: str) -> float:
    table = model.coefficients()
    return float(table.query("cause == @cause and term == @term and level == @level")["log_odds"].iloc[0])


class TestRecovery:
    def test_planted_probabilities_are_recovered_within_a_tenth_of_their_mean(self, cells, model):
        # resignation, retirement and contract end: mean absolute error over persons below 10, 20 and 20 %
        now = cells[cells["open"]]
        weight = now["at_risk"].to_numpy()
        truth = probabilities(TRUTH.log_odds(now))
        found = model.predict(now)
        for cause, tolerance in (("resignation", 0.10), ("retirement", 0.20), ("contract_end", 0.20)):
            planted = truth[:, CAUSES.index(cause)]
            error = np.average(np.abs(found[cause] - planted), weights=weight)
            assert error < tolerance * np.average(planted, weights=weight), cause

    def test_expected_leavers_of_the_training_windows_are_those_that_left(self, cells, model):
        closed = cells[~cells["open"]]
        expected = model.predict(closed).mul(closed["at_risk"], axis=0).sum()
        for cause in ("resignation", "retirement", "contract_end", "other"):
            assert expected[cause] == pytest.approx(closed[cause].sum(), rel=0.005)

    def test_planted_effects_have_their_size(self, model):
        # ridge draws to the mean: sizes within 0.15 log odds of differences of 1.0, 0.4, 0.9 and 0.6
        occupation = effect(model, "resignation", "occupation", "occ03")
        assert occupation - effect(model, "resignation", "occupation", "occ06") == pytest.approx(1.0, abs=0.15)
        assert effect(model, "resignation", "department", "d0007") == pytest.approx(0.4, abs=0.15)
        young = effect(model, "resignation", "age", "25") - effect(model, "resignation", "age", "50")
        assert young == pytest.approx(TRUTH.age_slope, abs=0.15)
        new = effect(model, "resignation", "tenure", "0") - effect(model, "resignation", "tenure", "12")
        assert new == pytest.approx(TRUTH.tenure_slope, abs=0.15)

    def test_a_feature_without_effect_gets_none(self, model):
        rates = model.coefficients().query("cause == 'resignation' and term == 'rate_band'")["log_odds"]
        assert rates.abs().max() < 0.05
        others = model.coefficients().query("cause == 'resignation' and term == 'department' and level != 'd0007'")
        assert others["log_odds"].std() < 0.12

    def test_a_strong_penalty_draws_departments_together(self, cells):
        def spread(penalty: float) -> float:
            table = fit(cells[cells["origin"] == "2016-12"], penalty=penalty).coefficients()
            return float(table.query("cause == 'resignation' and term == 'department'")["log_odds"].std())

        assert spread(64.0) < 0.5 * spread(1.0)

    def test_retirement_rises_with_age_and_permanent_contracts_do_not_end(self, model):
        by_age = [float(model.predict(person(age=age))["retirement"].iloc[0]) for age in (55, 61, 63, 65, 67)]
        assert by_age == sorted(by_age)
        assert by_age[0] < 0.005
        assert by_age[-1] > 0.4
        assert float(model.predict(person())["contract_end"].iloc[0]) < 0.001


class TestPrediction:
    def test_a_prediction_is_the_sum_of_its_coefficients(self, model):
        who = person(age=63)
        log_odds = np.array(
            [
                effect(model, cause, "intercept", "")
                + sum(
                    effect(model, cause, feature.id, str(held(feature, who).iloc[0]))
                    for feature in features()
                    if cause in feature.causes and feature.column in who
                )
                if cause not in ("unknown",)
                else -np.inf
                for cause in CAUSES
            ]
        )
        by_hand = np.exp(log_odds - logsumexp(np.append(log_odds, 0.0)))
        assert model.predict(who).iloc[0].to_numpy() == pytest.approx(by_hand, rel=1e-9)

    def test_a_department_never_seen_is_an_average_department(self, model):
        new = model.predict(person(department="d9999"))["resignation"].iloc[0]
        known = model.predict(pd.concat([person(department=f"d{i:04d}") for i in range(20)], ignore_index=True))[
            "resignation"
        ]
        assert known.min() < new < known.max()

    def test_ages_beyond_the_data_are_the_nearest_seen(self, cells, model):
        oldest = int(cells.loc[~cells["open"], "age"].max())
        assert model.predict(person(age=90)).equals(model.predict(person(age=oldest)))

    def test_unknown_age_is_a_level_of_its_own_where_the_delivery_has_it(self, cells):
        few = cells[cells["origin"] < "2019-12"].copy()
        few.loc[few.index[::3], "age"] = -1
        found = fit(few, penalty=4.0)
        assert found.predict(person(age=-1)).notna().all(axis=None)
        assert "-1" in set(found.coefficients().query("term == 'age'")["level"])

    def test_index_and_order_of_rows_are_kept(self, cells, model):
        some = cells[cells["open"]].sample(50, random_state=1)
        assert model.predict(some).index.equals(some.index)
        assert model.predict(some).loc[some.index[7]].equals(model.predict(some.iloc[[7]]).iloc[0])


class TestDegenerate:
    def test_a_cause_that_never_happened_has_probability_zero(self, model):
        assert model.predict(person())["unknown"].iloc[0] == 0.0
        assert "unknown" not in set(model.coefficients()["cause"])

    def test_a_rare_cause_gets_one_rate_for_everyone(self, cells):
        first = cells[cells["origin"] == "2016-12"].copy()
        first["employer"] = 0.0
        first.loc[first.index[first[list(CAUSES)].sum(axis=1) == 0][: MIN_EVENTS - 1], "employer"] = 1.0
        found = fit(first, penalty=4.0).predict(first)["employer"]
        expected = (found * first["at_risk"]).sum()
        assert expected == pytest.approx(MIN_EVENTS - 1, rel=0.15)
        stays = 1.0 - fit(first, penalty=4.0).predict(first).sum(axis=1)
        odds = found / stays  # the same for all: the rate differs only by how many the other causes take
        assert odds.max() == pytest.approx(odds.min(), rel=1e-9)

    def test_unknown_age_everywhere_one_form_and_one_cause(self, cells):
        plain = cells[cells["origin"] < "2018-12"].copy()
        plain["unknown"] = plain[list(CAUSES)].sum(axis=1)
        plain[list(CAUSES[:5])] = 0.0
        plain["age"], plain["form"] = -1, "permanent"
        found = fit(plain, penalty=4.0)
        assert set(found.coefficients()["cause"]) == {"unknown"}
        assert not {"age", "form"} & set(found.coefficients()["term"])
        expected = (found.predict(plain)["unknown"] * plain["at_risk"]).sum()
        assert expected == pytest.approx(plain["unknown"].sum(), rel=1e-4)

    def test_no_closed_window_is_an_error(self, cells):
        with pytest.raises(ValueError, match="closed window"):
            fit(cells[cells["open"]], penalty=1.0)


class TestFeatureList:
    def test_every_feature_says_what_it_is_for(self):
        assert all(len(feature.purpose) > 20 for feature in features())

    def test_a_feature_without_purpose_stops_the_run(self):
        with pytest.raises(GateError, match="purpose"):
            features([{"id": "tenure", "column": "tenure", "kind": "spline", "purpose": "  "}])

    @pytest.mark.parametrize(
        "name",
        [
            "sick_leave",
            "health",
            "parental_leave",
            "sex",
            "union_member",
            "origin",
            "country_of_birth",
            "pay",
        ],
    )
    def test_forbidden_features_stop_the_run_whatever_their_purpose(self, name):
        with pytest.raises(GateError, match="never"):
            features([{"id": name, "column": name, "kind": "levels", "purpose": "It would predict well."}])

    def test_a_forbidden_column_cannot_hide_behind_an_allowed_name(self):
        with pytest.raises(GateError, match="never"):
            features([{"id": "stability", "column": "sick_hours", "kind": "levels", "purpose": "Predicts."}])

    def test_the_shipped_list_breaks_no_rule(self):
        assert not any(FORBIDDEN.search(f"{f.id} {f.column}".replace("_", " ")) for f in features())

    def test_age_does_not_inform_the_employers_decisions(self, model):
        table = model.coefficients()
        assert "age" not in set(table.loc[table["cause"] == "employer", "term"])
        assert "age" in set(table.loc[table["cause"] == "retirement", "term"])

    def test_age_informs_other_causes_than_retirement_only_where_the_policy_allows(self):
        def causes(allowed: list[str]) -> set[str]:
            return {cause for f in features(age_causes=allowed) if f.column == "age" for cause in f.causes}

        assert causes([]) == {"retirement"}
        assert causes(["resignation"]) == {"retirement", "resignation"}
        assert "employer" not in {c for f in features() if f.column == "age" for c in f.causes}
