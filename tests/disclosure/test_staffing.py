"""Facts beside the bridge: held to the persons behind them."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.disclosure.derived import workload
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.sections.need.sensitivity import sensitivity_facts
from analysis.sections.need.staffing_record import record_facts
from analysis.sections.need.within import within_facts
from analysis.sections.need.workload import workload_facts
from analysis.tables.facts import facts


def within(now: float, horizon: float) -> pd.DataFrame:
    rows = [(2025, now), (2026, 9.0), (2030, horizon)]
    table = pd.DataFrame(rows, columns=["year", "persons"]).assign(
        department="d1", occupation="total", part="of_unqualified", n=80.0
    )
    return table.assign(expected=table["persons"], p10=table["persons"] - 1, p90=table["persons"] + 1)


def test_now_and_the_horizon_are_shown_by_the_persons_there_now() -> None:
    found = within_facts(within(2.0, 12.0)).set_index("column")
    assert found["numerator"].tolist() == [2.0, 2.0]
    # a horizon of less than a person says nothing of anybody: five are there now
    assert within_facts(within(5.0, 0.4))["numerator"].tolist() == [5.0, 5.0]
    assert found["value"].to_dict() == {"now": 2.0, "horizon": 12.0}
    assert found.loc["now", ["low", "high"]].isna().all()
    assert found.loc["horizon", ["low", "high"]].tolist() == [11.0, 13.0]
    assert within_facts(within(2.0, 12.0).iloc[:0]).empty


def backtested() -> pd.DataFrame:
    rows = [
        ("2023-12", 1, "stock", 90.0, 95.0, 90.0), ("2024-12", 1, "stock", 100.0, 97.0, 100.0),
        ("2024-12", 1, "hires", 2.0, 4.0, 2.0), ("2024-12", 1, "leavers", 8.0, 9.0, 8.0),
        ("2024-12", 2, "stock", 110.0, 97.0, 100.0),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["origin", "horizon", "quantity", "forecast", "observed", "yardstick"])
    return table.assign(department="d1", n=100.0, low=table["forecast"] - 1, high=table["forecast"] + 1)


def test_the_last_origin_a_year_ahead_is_shown_and_every_figure_is_a_count() -> None:
    found = record_facts(backtested())
    assert set(found["layer"]) == {"2024-12"}
    assert set(found["row"]) == {"stock", "hires"}
    hires = found[found["row"] == "hires"].set_index("column")
    # the forecast is last year's count: it is held to that count, not to the hundred at risk
    assert hires["numerator"].to_dict() == {"forecast": 2.0, "observed": 4.0, "yardstick": 2.0}
    assert hires.loc["forecast", ["low", "high"]].tolist() == [1.0, 3.0]
    assert hires.loc[["observed", "yardstick"], ["low", "high"]].isna().all(axis=None)


def test_the_gap_is_shown_with_the_ends_of_each_assumption() -> None:
    moved = pd.DataFrame(
        [("hires", "low", 12.0, 2.0), ("hires", "high", 7.0, -3.0)], columns=["assumption", "end", "gap", "change"]
    ).assign(department="d1", year=2030)
    bridge = pd.DataFrame(
        {"department": ["d1"], "occupation": ["total"], "part": ["gap"], "expected": [10.0], "n": [50.0]}
    )
    found = sensitivity_facts(moved, bridge).iloc[0]
    assert found[["value", "low", "high", "n"]].tolist() == [10.0, 7.0, 12.0, 50.0]
    assert sensitivity_facts(moved, bridge.assign(expected=float("nan"))).empty


def measured(heads: float, *, in_post: float | None) -> pd.DataFrame:
    """Protected cells of a workload of 50 required, and of those in post where they may be shown."""
    work = pd.DataFrame({"department": ["d1"], "occupation": ["nurse"], "required": [50.0], "n": [heads]})
    staff = {
        "table": "fte", "department": "d1", "row": "nurse", "value": in_post, "unit": "fte", "n": heads,
        "numerator": heads, "denominator": heads, "definition": "fte",
    }  # fmt: skip
    found = [workload_facts(work), *([facts([staff])] if in_post is not None else [])]
    return protect(
        pd.concat(found), plan=shipped_plan(), thresholds=Thresholds.of(policy(), "internal"), reported=["d1"]
    )


def test_difference_and_ratio_follow_from_what_is_shown() -> None:
    found = workload(measured(45.0, in_post=40.0)).set_index("column")
    assert found["value"].to_dict() == pytest.approx({"difference": -10.0, "ratio": 0.8})
    assert set(found["status"]) == {"published"}


@pytest.mark.parametrize(("heads", "in_post"), [(19.0, 18.0), (45.0, None)])
def test_neither_is_shown_where_one_of_the_two_may_not_be(heads: float, in_post: float | None) -> None:
    found = workload(measured(heads, in_post=in_post))
    assert found["value"].isna().all()
    assert not set(found["status"]) & {"published", "zero"}


def test_those_in_post_who_are_withheld_take_difference_and_ratio_with_them() -> None:
    cells = measured(45.0, in_post=40.0)
    staff = cells["table"] == "fte"
    cells.loc[staff, ["value", "status", "reason"]] = [float("nan"), "withheld", "secondary"]
    found = workload(cells)
    assert found["value"].isna().all()
    assert set(found["status"]) == {"withheld"}
