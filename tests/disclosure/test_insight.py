"""What may be shown of drivers, comparisons, the exit survey and calibration."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import exit_reasons, policy
from analysis.sections import shipped_plan
from analysis.sections.why.calibration import calibration_facts
from analysis.sections.why.drivers import driver_facts
from analysis.sections.why.funnel import funnel_facts
from analysis.sections.why.patterns import pattern_facts
from analysis.tables.facts import facts
from analysis.turnover.drivers.funnel import COLUMNS, curve

INTERNAL = Thresholds.of(policy(), "internal")


def status(known: pd.DataFrame, reported: list[str], **keys: str) -> dict[str, str]:
    cells = protect(known, plan=shipped_plan(), thresholds=INTERNAL, reported=reported)
    for name, wanted in keys.items():
        cells = cells[cells[name] == wanted]
    return dict(zip(cells["department"], cells["status"], strict=True))


def reason(row: str, count: int, answers: int, department: str = "d1") -> dict[str, Any]:
    return {
        "table": "exit_reasons", "department": department, "row": row, "value": count / answers, "n": answers,
        "numerator": count, "denominator": answers, "unit": "share",
    }  # fmt: skip


def shown(rows: list[dict[str, Any]]) -> set[str]:
    cells = protect(facts(rows), plan=shipped_plan(), thresholds=INTERNAL, reported=["d1"])
    return set(cells.loc[cells["status"] == "published", "row"])


def test_nine_answers_are_too_few_and_ten_are_enough() -> None:
    assert shown([reason("pay", 5, 9)]) == set()
    assert shown([reason("pay", 5, 10), reason("workload", 5, 10)]) == {"pay", "workload"}


def test_a_reason_that_few_gave_cannot_be_found_from_the_others() -> None:
    told = [reason("pay", 20, 40), reason("workload", 10, 40), reason("private", 7, 40), reason("leadership", 3, 40)]
    left = shown(told)
    assert "leadership" not in left
    assert len(left) < 3, "one withheld reason alone is what the shown ones leave"


def test_the_plan_knows_every_reason_as_a_part_of_the_whole() -> None:
    assert set(shipped_plan()["exit_reasons"].halves[0]) == set(exit_reasons())


def compared(**departments: tuple[int, int]) -> pd.DataFrame:
    rows = [(name, n, left) for name, (n, left) in departments.items()]
    table = pd.DataFrame(rows, columns=["department", "n", "observed"]).assign(by="age_tenure", expected=20.0)
    return table.assign(ratio=table["observed"] / 20.0).reindex(columns=COLUMNS).fillna({"low": 0.5, "high": 1.5})


def test_a_point_of_the_funnel_stands_for_the_leavers_behind_it() -> None:
    table = compared(all=(500, 61), d1=(200, 30), d2=(200, 27), d3=(100, 4)).fillna(1.0)
    found = status(funnel_facts(table, curve(30.0)), ["d1", "d2", "d3"], table="funnel", column="ratio")
    assert found["d3"] == "withheld"
    assert list(found.values()).count("withheld") == 2, "a second one, since the whole less the others is the third"
    assert found["all"] == "published"


def test_the_limits_of_chance_are_open_and_the_same_for_everyone() -> None:
    table = funnel_facts(compared(all=(500, 60), d1=(500, 60)).fillna(1.0), curve(60.0))
    lines = protect(table, plan=shipped_plan(), thresholds=INTERNAL, reported=["d1"]).query("table == 'funnel_limits'")
    assert set(lines["department"]) == {"all"}
    assert set(lines["status"]) <= {"published", "zero"}


def calibrated(groups: dict[str, tuple[int, int]]) -> pd.DataFrame:
    rows = [("all", name, n, left) for name, (n, left) in groups.items()]
    table = pd.DataFrame(rows, columns=["department", "group", "n", "observed"])
    return table.assign(cause="total", ratio=1.1, low=0.8, high=1.4, error=np.nan, chance=np.nan)


@pytest.mark.parametrize(("fixed_term", "permanent"), [((19, 8), "withheld"), ((40, 8), "published")])
def test_a_group_below_twenty_is_withheld_with_what_would_give_it_away(
    fixed_term: tuple[int, int], permanent: str
) -> None:
    n, left = fixed_term
    groups = {"total": (500, 60), "permanent": (500 - n, 60 - left), "temporary": fixed_term}
    cells = protect(calibration_facts(calibrated(groups)), plan=shipped_plan(), thresholds=INTERNAL, reported=[])
    found = cells[cells["layer"] == ""].set_index("row")["status"]
    assert found["temporary"] == permanent
    assert found["permanent"] == permanent


def test_an_association_that_rests_on_few_leavers_is_withheld() -> None:
    table = pd.DataFrame(
        {
            "department": ["d1", "d2"], "cause": "employer", "covariate": "age", "n": 300, "events": [4, 30],
            "increase": 0.1, "low": 0.05, "high": 0.15,
        }
    )  # fmt: skip
    assert status(driver_facts(table), ["d1", "d2"]) == {"d1": "withheld", "d2": "published"}


def test_a_rate_by_value_names_its_band_or_its_level() -> None:
    table = pd.DataFrame(
        {
            "cause": "resignation", "covariate": ["age", "form"], "value": ["0", "permanent"],
            "first": [20.0, np.nan], "last": [29.0, np.nan], "n": 40, "events": 9.0,
            "rate": [0.1, 0.2], "low": 0.05, "high": 0.3,
        }
    )  # fmt: skip
    found = pattern_facts(table).set_index(["layer", "row"])["value"]
    assert found.to_dict() == {("age", "20:29"): 0.1, ("form", "permanent"): 0.2}
