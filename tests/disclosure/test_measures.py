"""What levers do leaves as forecasts of groups at risk, and only for departments and the whole."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.sections.claim.groups import largest_facts
from analysis.sections.levers.closing import closing_facts
from analysis.sections.levers.effects import effect_facts
from analysis.sections.levers.what_if import what_if_facts

THRESHOLDS = Thresholds.of(policy(), "internal")


def choices(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "department": ["d01", "d01"], "year": [2026, 2027], "choice": "retention", "expected": [4.2, 3.1],
            "p10": [1.0, 0.5], "p50": [4.0, 3.0], "p90": [7.0, 6.0], "n": n,
        }
    )  # fmt: skip


def effects(n: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "department": "d01", "occupation": ["total", "teacher"], "year": 2026, "scenario": "library",
            "lever": "retention", "expected": [1.2, 0.8], "low": [0.5, 0.3], "high": [2.0, 1.2],
            "recruitments": [3.0, 2.0], "recruitments_low": [1.0, 0.5], "recruitments_high": [5.0, 3.0], "n": n,
        }
    )  # fmt: skip


def paths(n: int) -> pd.DataFrame:
    rows = [
        (0, "gap", "", 9.0), (1, "remaining", "", 0.4), (1, "cost", "", 1_234_567.0), (1, "extent", "retention", 0.5),
        (1, "closes", "retention", 4.0), (1, "weakest", "low:retention", 3.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["mix", "item", "lever", "expected"])
    return table.assign(low=table["expected"] - 1, high=table["expected"] + 1, department="d01", year=2030, n=n)


def largest(n: int) -> pd.DataFrame:
    return effects(n).iloc[1:].drop(columns="scenario").assign(gap=9.0)


@pytest.mark.parametrize(("n", "status"), [(20, "published"), (19, "withheld")])
def test_twenty_at_risk_decide_over_every_figure_of_levers(n: int, status: str) -> None:
    for facts in (
        what_if_facts(choices(n)),
        effect_facts(effects(n)),
        closing_facts(paths(n)),
        largest_facts(largest(n)),
    ):
        cells = protect(facts, plan=shipped_plan(), thresholds=THRESHOLDS, reported=["d01"])
        assert set(cells["status"]) == {status}
        assert cells["value"].notna().all() == (status == "published")


def test_effects_of_single_groups_stay_on_the_near_side_but_for_their_largest_lever() -> None:
    assert effect_facts(effects(40))["table"].tolist() == ["lever_effects", "lever_recruitments"]
    found = largest_facts(largest(40)).iloc[0]
    assert found[["row", "column", "layer", "value"]].tolist() == ["teacher", "2026", "retention", 0.8]


def test_a_cost_carries_no_more_digits_than_its_assumptions() -> None:
    cost = closing_facts(paths(40)).set_index("column").loc["cost"]
    assert (cost["value"], cost["low"], cost["unit"]) == (1_230_000.0, 1_230_000.0, "kronor")
