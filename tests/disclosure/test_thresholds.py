"""Every threshold has one home, the policy: whatever is moved there moves everywhere, and law has the last word."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from analysis import reference
from analysis.disclosure.plan import plan_of
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.errors import GateError, InputError
from analysis.reference import entries, load, policy
from analysis.reference.policies import Policy
from analysis.sections.claim.bridge import bridge_facts
from analysis.tables.facts import facts
from analysis.tables.protected import Sensitivity
from analysis.turnover.cells import least_at_risk
from analysis.turnover.forecasts.forecast import forecast
from analysis.turnover.scores.evaluation import evaluate
from tests.disclosure.test_results import bridge
from tests.turnover.method import only
from tests.turnover.municipality import grouping, simulate

MOVES = [
    ("low", {"min_internal": 4}, {"min_internal": 2}),
    ("medium", {"min_internal": 7}, {"min_internal": 4}),
    ("health", {"min_internal": 15, "min_public": 15}, None),
    ("survey", {"min_internal": 12, "min_public": 12}, None),
    ("pay", {"median": 6, "quartiles": 11, "tails": 25}, None),
    ("forecast", {"min_at_risk": 25}, {"min_at_risk": 15}),
]
"""Section of the policy, moved up, and moved down where law allows."""


def moved(section: str, change: dict[str, Any]) -> Policy:
    given = copy.deepcopy(load("policy"))
    given[section] |= change
    return entries.parsed(Policy, given, "policy.toml")


def shown_from(sensitivity: Sensitivity, limits: Thresholds) -> int:
    """The smallest group of which a figure leaves the near side."""
    rule = "forecast" if sensitivity is Sensitivity.FORECAST else "group"
    plan = plan_of([{"id": "groups", "sensitivity": sensitivity, "rule": rule, "lines": [], "zeros": "shown"}])
    rows = [
        {"table": "groups", "department": "d1", "row": str(n), "value": 3.5, "n": n, "numerator": n, "denominator": n,
         "unit": "fte"}
        for n in range(1, 40)
    ]  # fmt: skip
    cells = protect(facts(rows), plan=plan, thresholds=limits, reported=["d1"])
    return int(cells.loc[cells["status"] == "published", "row"].astype("int64").min())


@pytest.mark.parametrize(("section", "change"), [(name, to) for name, *ways in MOVES for to in ways if to])
def test_a_threshold_that_is_moved_moves_what_is_shown(section: str, change: dict[str, int]) -> None:
    limits = Thresholds.of(moved(section, change), "internal")
    names = [each for each in Sensitivity if each.value.startswith(section)]
    assert sorted({shown_from(name, limits) for name in names}) == sorted(set(change.values()))
    before = Thresholds.of(policy(), "internal")
    for name in set(Sensitivity) - {*names, Sensitivity.OPEN}:
        assert shown_from(name, limits) == before.least(name)


@pytest.mark.parametrize(
    ("section", "change", "said"),
    [
        ("health", {"min_internal": 10}, r"policy.toml: health.min_internal: 10 is below 11, which the law asks"),
        ("survey", {"min_public": 9}, r"policy.toml: survey.min_public: 9 is below 10"),
        ("pay", {"median": 4}, r"policy.toml: pay.median: 4 is below 5, the practice"),
        ("pay", {"quartiles": 8}, r"pay.quartiles: 8 is below 9"),
        ("pay", {"tails": 20}, r"pay.tails: 20 is below 21"),
        ("low", {"min_internal": 0}, r"policy.toml: low.min_internal"),
        ("low", {"min_public": 2}, r"min_public \(2\) is below min_internal \(3\)"),
        ("medium", {"min_internal": 2}, r"medium.min_internal \(2\) is below low.min_internal \(3\)"),
        ("forecast", {"min_at_rsk": 25}, r"policy.toml: forecast.min_at_rsk: there is no such key"),
        ("quarantine", {"max_share": 5}, r"policy.toml: quarantine.max_share"),
        ("episodes", {"gap_days": {"value": 31}}, r"policy.toml: episodes.gap_days"),
    ],
)
def test_a_policy_below_law_and_practice_or_with_an_unknown_key_is_refused(
    section: str, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        moved(section, change)


def test_a_misspelt_section_is_refused() -> None:
    with pytest.raises(InputError, match=r"policy.toml: helth: there is no such key"):
        entries.parsed(Policy, load("policy") | {"helth": {"min_internal": 11}}, "policy.toml")


@pytest.mark.parametrize(
    ("profile", "yearly", "stands"),
    [("internal", 3.1, True), ("internal", 2.9, False), ("public", 3.1, False), ("public", 5.1, True)],
)
def test_a_part_of_the_bridge_stands_alone_by_the_limit_of_the_profile(
    profile: Any, yearly: float, stands: bool
) -> None:
    # a mean may rest on a single year: three persons in the internal profile, five in the public one
    table = bridge_facts(bridge("d01", -yearly), Thresholds.of(policy(), profile)).set_index("row")["value"]
    assert (table["conversions"] != 0) == stands


@pytest.mark.parametrize("section", ["low", "medium"])
def test_parts_of_the_bridge_follow_a_moved_threshold(section: str) -> None:
    change = {"low": {"min_internal": 2}, "medium": {"min_internal": 3}}[section]
    limits = Thresholds.of(moved(section, change), "internal")
    table = bridge("d01", -2.5)
    table.loc[table["part"] == "newly_qualified", "expected"] = -4.0
    found = bridge_facts(table, limits).set_index("row")["value"]
    part = {"low": "conversions", "medium": "newly_qualified"}[section]
    assert found[part] != 0
    usual = bridge_facts(table, Thresholds.of(policy(), "internal")).set_index("row")["value"]
    assert usual[part] == 0


@pytest.fixture
def least(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The policy with another forecast limit."""
    given = load("policy") | {"forecast": load("policy")["forecast"] | {"min_at_risk": request.param}}
    policy.cache_clear()
    monkeypatch.setattr(reference, "load", lambda name: given if name == "policy" else load(name))
    yield int(request.param)
    policy.cache_clear()


@pytest.mark.parametrize("least", [15, 25], indirect=True)
def test_the_least_at_risk_of_a_forecast_is_the_policys(least: int) -> None:
    assert least_at_risk() == least
    cells = simulate(seed=4, people=500, years=4, departments=6, occupations=4)
    groups = grouping(cells, least=least)
    evaluation = evaluate(cells, groups=groups, seed=1, draws=20, method=only("additive/8"))
    found = forecast(cells, groups=groups, draws=20, rng=np.random.default_rng(1), evaluation=evaluation)
    assert least <= found["n"].min() < least + 5, "no group near the limit: the test would not see it"
    assert (evaluation.track_record["n"] >= least).all()
    smaller = grouping(cells, least=least - 5)
    with pytest.raises(GateError, match=f"fewer than {least} at risk"):
        forecast(cells, groups=smaller, draws=20, rng=np.random.default_rng(1), evaluation=evaluation)
