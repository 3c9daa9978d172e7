"""One assumption at a time, and what would change the order of the largest gaps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.staffing import Baseline
from analysis.staffing.sensitivity import Ranges, overturned, reference_gaps, sensitivity
from tests.staffing.example import baseline, bridged, inflow

RANGES = Ranges(dict.fromkeys(CAUSES, 0.15), hires=0.3, volumes=0.01, windows=3)


@pytest.fixture(scope="module")
def base() -> Baseline:
    return baseline()


def test_the_reference_is_the_gap_of_the_bridge(base: Baseline) -> None:
    table = bridged(inflow=inflow(), draws=20)
    last = table[(table["part"] == "gap") & (table["occupation"] == "total") & (table["year"] == 2030)]
    found = reference_gaps(base).set_index("department")["gap"]
    pd.testing.assert_series_equal(
        found.sort_index(), last.set_index("department")["expected"].sort_index(), check_names=False
    )


def test_more_leaving_widens_the_gap_and_more_hires_narrow_it(base: Baseline) -> None:
    whole = sensitivity(base, RANGES).query("department == 'all'").set_index(["assumption", "end"])["change"]
    for cause in ("resignation", "retirement", "contract_end"):
        assert whole[cause, "low"] < 0 < whole[cause, "high"]
    assert whole["hires", "high"] < 0 < whole["hires", "low"]
    # five years of need of 70, less 6, off by Z·1 %·√5
    assert whole["need_change", "high"] == pytest.approx(64.0 * 1.2815515655 * 0.01 * np.sqrt(5), rel=1e-6)
    # moves are nought for the whole but for what those who moved lose to other hazards
    assert abs(whole["moves", "high"]) < 0.2


def test_the_departments_add_up_and_the_largest_change_comes_first(base: Baseline) -> None:
    table = sensitivity(base, RANGES)
    for _, part in table.groupby(["assumption", "end"]):
        own = part.set_index("department")["change"]
        assert own.drop("all").sum() == pytest.approx(own["all"], abs=1e-9)
    whole = table[table["department"] == "all"]
    largest = whole.groupby("assumption", sort=False)["change"].apply(lambda values: values.abs().max())
    assert largest.is_monotonic_decreasing


def test_causes_that_cannot_be_told_are_not_tried(base: Baseline) -> None:
    tried = set(sensitivity(replace(base, causes=("unknown",)), RANGES)["assumption"])
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
