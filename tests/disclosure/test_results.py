import numpy as np
import pandas as pd
import pytest

from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections.claim.bridge import bridge_facts

LIMITS = Thresholds.of(policy(), "internal")


def bridge(department: str, conversions: float) -> pd.DataFrame:
    parts = {"opening": 4.0, "hires": -9.0, "conversions": conversions, "moves": 1.0, "newly_qualified": -2.0}
    parts |= {"recruitment_need": 5.0, "empty": sum(parts.values())}
    return pd.DataFrame(
        {
            "department": department, "occupation": "total", "year": 2026, "scenario": "reference",
            "part": list(parts), "expected": list(parts.values()), "p10": -50.0, "p90": 50.0, "n": 60.0,
        }
    )  # fmt: skip


@pytest.mark.parametrize(("conversions", "hires", "own"), [(-2.6, -13.6, 0.0), (-3.4, -11.0, -3.4)])
def test_a_part_that_rests_on_few_persons_is_shown_inside_a_larger_one(
    conversions: float, hires: float, own: float
) -> None:
    table = bridge_facts(bridge("d01", conversions), LIMITS).set_index("row")["value"]
    assert table["hires"] == pytest.approx(hires)
    assert table["conversions"] == pytest.approx(own)
    assert table["newly_qualified"] == 0.0, "two who qualify in a year are too few to stand alone"
    filled = table[["hires", "conversions", "newly_qualified"]].sum()
    assert table["recruitment_need"] + filled == pytest.approx(table["empty"])


def test_the_whole_organisation_is_not_folded() -> None:
    table = bridge_facts(bridge("all", -0.6), LIMITS).set_index("row")
    assert table.loc["newly_qualified", "value"] == -2.0
    assert np.isfinite(table.loc["hires", "low"])


def test_the_parts_of_other_paths_stay_on_the_near_side() -> None:
    reference = bridge("d01", -1.4)
    both = pd.concat([reference, reference.assign(scenario="stay", expected=reference["expected"] - 1.0)])
    pd.testing.assert_frame_equal(bridge_facts(both, LIMITS), bridge_facts(reference, LIMITS))
