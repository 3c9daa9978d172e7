"""The comparison, the looks and the chance of error of the effect ledger, against hand and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from analysis.businessplan.ledger.compared import Model, against_others, before_and_after, fit
from analysis.businessplan.ledger.looks import at_look, half_width, spent
from analysis.reference.ledger import sureness
from tests.businessplan.ledgers import one_life

YEARS = np.array([False, True])
NOTHING = np.zeros(2)


def known(between: float, within: float = 0.0) -> Model:
    return Model(np.array([0.10, 0.12]), np.zeros((2, 2)), between, within, 11)


def test_groups_that_differ_for_good_give_the_difference_in_differences() -> None:
    found = against_others(known(1e6), np.array([0.15, 0.14]), np.full(2, 1e-4), np.ones(2), YEARS)
    assert found.value == pytest.approx((0.14 - 0.12) - (0.15 - 0.10))
    assert found.error == pytest.approx(np.sqrt(2e-4), rel=1e-6)
    assert found.freedom == 10


def test_groups_that_do_not_differ_give_the_plain_difference_whatever_the_past_was() -> None:
    found = against_others(known(0.0), np.array([0.30, 0.14]), np.full(2, 1e-4), np.ones(2), YEARS)
    assert found.value == pytest.approx(0.02, abs=1e-6)


def test_a_past_as_uncertain_as_groups_differ_counts_half() -> None:
    found = against_others(known(1e-4), np.array([0.14, 0.14]), np.full(2, 1e-4), np.ones(2), YEARS)
    assert found.value == pytest.approx(0.02 - 0.5 * 0.04)
    # of the own level half of its variance is left; the year after has its own
    assert found.fixed == pytest.approx(0.5e-4)
    assert found.yearly == pytest.approx(1e-4)


def test_a_year_without_a_figure_is_no_year() -> None:
    model = Model(np.array([0.10, 0.10, 0.12]), np.zeros((3, 3)), 1e6, 0.0, 5)
    after = np.array([False, False, True])
    whole = against_others(known(1e6), np.array([0.15, 0.14]), np.full(2, 1e-4), np.ones(2), YEARS)
    found = against_others(model, np.array([np.nan, 0.15, 0.14]), np.full(3, 1e-4), np.ones(3), after)
    assert (found.value, found.error) == pytest.approx((whole.value, whole.error))


def test_before_and_after_leaves_out_the_year_that_may_be_why_it_began() -> None:
    values = np.array([0.10, 0.12, 0.08, 0.30, 0.07])
    after = np.array([False] * 4 + [True])
    found = before_and_after(values, np.full(5, 1e-6), np.ones(5), after)
    assert found.value == pytest.approx(0.07 - 0.10)
    variance = np.var([0.10, 0.12, 0.08], ddof=1)
    assert found.error == pytest.approx(np.sqrt(variance / 3 + variance))
    assert found.freedom == 2


def test_years_and_both_variances_are_found_again(seed: int) -> None:
    rng = np.random.default_rng(seed + 3)
    level = np.array([0.08, 0.10, 0.09, 0.12])
    own, chance = rng.normal(0, 0.02, 400), np.full((400, 4), 1e-4)
    values = level + own[:, None] + rng.normal(0, np.sqrt(1e-4 + 0.01**2), (400, 4))
    model = fit(values, chance)
    assert model.level == pytest.approx(level, abs=0.006)
    assert np.sqrt(model.between) == pytest.approx(0.02, rel=0.2)
    assert np.sqrt(model.within) == pytest.approx(0.01, rel=0.2)


def test_what_the_looks_may_spend_adds_up_to_what_there_is_and_early_looks_get_little() -> None:
    for planned in (1, 2, 3, 5):
        parts = [at_look(year, planned, 0.10) for year in range(1, planned + 1)]
        assert sum(parts) == pytest.approx(0.10)
        assert parts == sorted(parts)
    # Lan and DeMets 1983 with O'Brien and Fleming: 2 - 2 Phi(1.645 / sqrt(1/2)) = 0.0200
    assert spent(0.5, 0.10) == pytest.approx(0.0200, abs=5e-5)
    assert at_look(1, 3, 0.10) < 0.005


def test_half_of_an_interval_is_students() -> None:
    assert half_width(2.0, 10, 0.10) == pytest.approx(2 * 1.8125, abs=1e-3)


def rates(runs: int, seed: int, **setting: float) -> dict[str, float]:
    rng = np.random.default_rng(seed)
    found = [one_life(rng, **setting) for _ in range(runs)]  # type: ignore[arg-type]
    return {name: float(np.mean([each[name] for each in found])) for name in found[0]}


def test_a_group_chosen_because_it_was_worst_is_not_credited_with_coming_back(seed: int) -> None:
    found = rates(40, seed + 1)
    # at one in twenty, more than seven of forty come up once in a thousand times
    assert found["success"] <= 7 / 40
    assert abs(found["value"]) < 0.012
    # and there is something to be misled by: the figure itself falls by a quarter or more
    assert found["fall"] > 0.02


def test_an_effect_of_half_the_level_is_seen(seed: int) -> None:
    found = rates(15, seed + 2, effect=0.045, size=300.0)
    assert found["success"] > 0.6
    assert found["value"] == pytest.approx(-0.045, abs=0.015)


@pytest.mark.large
@pytest.mark.parametrize(
    "setting",
    [
        {"worst": True},
        {"worst": False},
        {"worst": True, "groups": 5, "before": 3, "after": 2, "size": 300.0},
        {"worst": True, "groups": 25, "before": 1, "after": 1},
    ],
)
def test_a_thousand_measures_without_effect_are_called_a_success_no_more_often_than_stated(
    setting: dict[str, float],
) -> None:
    found = rates(1000, 20251231, **setting)
    assert found["success"] <= sureness().alpha / 2
