"""One assumption at a time, and what would change the order of the largest gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.staffing.levers.effects import Outlook
from analysis.staffing.levers.sensitivity import Ranges, overturned, reference_gaps, sensitivity
from tests.staffing.example import baseline, outlook_of

RANGES = Ranges(dict.fromkeys(CAUSES, 0.15), hires=0.3, volumes=0.01, windows=3)


@pytest.fixture(scope="module")
def outlook() -> Outlook:
    return outlook_of(baseline())


def test_the_reference_is_what_stays_empty_at_the_present_pace(outlook: Outlook) -> None:
    found = reference_gaps(outlook).set_index("department")["gap"]
    assert found["all"] == pytest.approx(outlook.filling.shown[-1].sum())
    assert found.drop("all").sum() == pytest.approx(found["all"])


def test_more_leaving_leaves_more_empty_and_faster_filling_less(outlook: Outlook) -> None:
    whole = sensitivity(outlook, RANGES).query("department == 'all'").set_index(["assumption", "end"])["change"]
    for cause in ("resignation", "contract_end"):
        assert whole[cause, "low"] < 0 < whole[cause, "high"]
    # who retires later retires all the same: five years on, those who stayed longer leave then
    assert whole["retirement", "high"] < 0 < whole["retirement", "low"]
    assert whole["hires", "high"] < 0 < whole["hires", "low"]
    # posts filled a share faster: in the long run as much less stands empty
    factor = 1 + 1.2815515655 * 0.3 / np.sqrt(3)
    assert whole["hires", "high"] == pytest.approx(outlook.empty()[-1].sum() * (1 / factor - 1), rel=0.01)
    assert whole["need_change", "low"] < 0 < whole["need_change", "high"]
    # hires answer: of 64 full-time equivalents more or less needed only those not yet filled stand empty
    assert whole["need_change", "high"] < 0.5 * 64.0 * 1.2815515655 * 0.01 * np.sqrt(5)
    # moves are nought for the whole but for what those who moved lose to other hazards
    assert abs(whole["moves", "high"]) < 0.2


def test_the_departments_add_up_and_the_largest_change_comes_first(outlook: Outlook) -> None:
    table = sensitivity(outlook, RANGES)
    for _, part in table.groupby(["assumption", "end"]):
        own = part.set_index("department")["change"]
        assert own.drop("all").sum() == pytest.approx(own["all"], abs=1e-9)
    whole = table[table["department"] == "all"]
    largest = whole.groupby("assumption", sort=False)["change"].apply(lambda values: values.abs().max())
    assert largest.is_monotonic_decreasing


def test_causes_that_cannot_be_told_are_not_tried(outlook: Outlook) -> None:
    told = replace(outlook, base=replace(outlook.base, causes=("unknown",)))
    tried = set(sensitivity(told, RANGES)["assumption"])
    assert tried & set(CAUSES) == {"unknown"}


def test_an_assumption_that_overturns_the_order_is_named_with_both_departments() -> None:
    base = pd.DataFrame({"department": ["a", "b", "c", "all"], "gap": [9.0, 5.0, 4.5, 18.5]})
    rows = [("hires", "low", key, gap) for key, gap in (("a", 9.0), ("b", 5.0), ("c", 6.0), ("all", 20.0))]
    rows += [("moves", "low", key, gap) for key, gap in (("a", 8.0), ("b", 5.5), ("c", 4.0), ("all", 17.5))]
    table = pd.DataFrame(rows, columns=["assumption", "end", "department", "gap"])
    found = overturned(table, base, first=2)
    assert found.to_dict("records") == [
        {"assumption": "hires", "end": "low", "department": "b", "overtaken": "c", "gap": 5.0, "gap_overtaken": 6.0}
    ]
    assert overturned(table[table["assumption"] == "moves"], base, first=2).empty
