"""The forecast: groups of twenty, sums that add up, intervals beside them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover import chosen_hazards, forecast
from tests.turnover.municipality import COVARIATES, Truth, probabilities


def test_columns_and_levels(judged, town_groups):
    table = judged.forecast
    assert list(table.columns) == [
        "department", "occupation", "cause", "n", "fte", "expected", "low", "high", "expected_fte", "method",
    ]  # fmt: skip
    assert not table.duplicated(["department", "occupation", "cause"]).any()
    assert set(table["department"]) == {*town_groups["group_department"], ORGANISATION}
    assert table["method"].isin(["model", "yardstick", "mixed"]).all()


@pytest.mark.parametrize("name", ["expected", "expected_fte", "fte", "n"])
def test_expected_values_add_up_exactly_at_every_level(judged, name):
    table = judged.forecast
    groups = table[(table["occupation"] != TOTAL)]
    departments = table[(table["occupation"] == TOTAL) & (table["department"] != ORGANISATION)]
    whole = table[table["department"] == ORGANISATION].set_index("cause")[name]
    for cause in (*CAUSES, TOTAL):
        own = groups[groups["cause"] == cause].groupby("department")[name].sum()
        stated = departments[departments["cause"] == cause].set_index("department")[name]
        assert (own == stated).all()
        assert stated.sum() == whole[cause]
    if name.startswith("expected"):
        wide = table.pivot_table(index=["department", "occupation"], columns="cause", values=name)
        assert (wide[list(CAUSES)].sum(axis=1) == wide[TOTAL]).all()


def test_nobody_below_twenty_at_risk(judged):
    assert judged.forecast["n"].min() >= 20


def test_a_group_that_is_too_small_stops_the_run(judged, town, town_groups):
    rng = np.random.default_rng(1)
    split = town_groups.copy()
    pairs = town[town["open"]].groupby(["department", "occupation"])["at_risk"].sum()
    tiny = pairs.index[pairs.between(1, 10)][0]
    own = (split["department"] == tiny[0]) & (split["occupation"] == tiny[1])
    split.loc[own, "group_occupation"] = tiny[1] + "_alone"
    with pytest.raises(GateError, match="fewer than 20"):
        forecast(town, groups=split, draws=10, rng=rng, evaluation=judged)


def test_a_pair_without_group_stops_the_run(judged, town, town_groups):
    now = town[town["open"]].iloc[0]
    without = town_groups[
        (town_groups["department"] != now["department"]) | (town_groups["occupation"] != now["occupation"])
    ]
    with pytest.raises(GateError, match="no forecast group"):
        forecast(town, groups=without, draws=10, rng=np.random.default_rng(1), evaluation=judged)


def test_intervals_hold_the_expected_value_and_stay_within_the_persons_there_are(judged):
    table = judged.forecast[judged.forecast["expected"] > 0.5]
    assert (table["low"] <= table["expected"]).all()
    assert (table["expected"] <= table["high"]).all()
    assert (table["high"] <= table["n"]).all()
    assert (table["low"] >= 0).all()


def test_departments_are_surer_than_their_groups_and_the_whole_is_not_sure_to_the_person(judged):
    table = judged.forecast[judged.forecast["cause"] == TOTAL]
    relative = (table["high"] - table["low"]) / table["expected"]
    whole = float(relative[table["department"] == ORGANISATION].iloc[0])
    assert whole < relative[table["department"] != ORGANISATION].median()
    assert whole > 0.15  # the shared shock does not average out over departments


def test_the_forecast_is_near_the_planted_truth(judged, town):
    now = town[town["open"]]
    planted = probabilities(Truth().log_odds(now)) * now["at_risk"].to_numpy()[:, None]
    whole = judged.forecast[judged.forecast["department"] == ORGANISATION].set_index("cause")
    for i, cause in enumerate(CAUSES[:3]):
        assert whole.loc[cause, "low"] * 0.9 < planted[:, i].sum() < whole.loc[cause, "high"] * 1.1


def test_the_same_seed_gives_the_same_forecast(judged, town, town_groups):
    again = [
        forecast(town, groups=town_groups, draws=50, rng=np.random.default_rng(3), evaluation=judged) for _ in "ab"
    ]
    pd.testing.assert_frame_equal(again[0], again[1], check_exact=True)


class TestChosenHazards:
    def test_sums_of_cells_are_the_forecast(self, judged, town):
        now = town[town["open"]]
        p = chosen_hazards(now, judged)
        assert p.index.equals(now.index)
        whole = judged.forecast[judged.forecast["department"] == ORGANISATION].set_index("cause")["expected"]
        for cause in CAUSES:
            assert (p[cause] * now["at_risk"]).sum() == pytest.approx(whole[cause], abs=1e-3)

    def test_an_aged_stock_retires_more_and_nobody_leaves_twice(self, judged, town):
        now = town.loc[town["open"], [*COVARIATES, "at_risk"]]
        older = now.assign(age=now["age"] + 5, tenure=np.minimum(now["tenure"] + 5, 30))
        young, old = chosen_hazards(now, judged), chosen_hazards(older, judged)
        assert (old["retirement"] * now["at_risk"]).sum() > 1.3 * (young["retirement"] * now["at_risk"]).sum()
        assert old.sum(axis=1).max() < 1.0
        assert old.min(axis=None) >= 0.0

    def test_cells_nobody_has_ever_been_in_get_a_probability(self, judged):
        odd = pd.DataFrame(
            [("dnew", "occnew", "temporary", "part", 75, 0), ("dnew", "occnew", "permanent", "full", -1, -1)],
            columns=COVARIATES,
        )
        assert chosen_hazards(odd, judged).notna().all(axis=None)


def test_coefficients_of_the_chosen_hazards_are_readable(judged):
    table = judged.coefficients()
    assert list(table.columns) == ["cause", "term", "level", "log_odds"]
    assert set(table["cause"]) == {cause for cause, method in judged.methods.items() if method == "model"}
