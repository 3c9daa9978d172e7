"""The sample's effect ledger: what is planted, and who was chosen because it had been worst."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.sample import town
from analysis.sample.hazards import relief
from analysis.sample.town import data


def test_sick_leave_is_relieved_where_a_measure_says_so_and_from_its_start() -> None:
    place = town.build(1000, np.random.default_rng(3))
    keys = [entry["key"] for entry in place.departments]
    entry = next(each for each in data("measures")["measure"] if each["indicator"] == "sick_leave")
    assert relief(place, np.datetime64("2024-12")).tolist() == [1.0] * len(keys)
    from_then = dict(zip(keys, relief(place, np.datetime64("2025-01")), strict=True))
    assert from_then.pop(entry["department"]) == entry["planted"] < 1
    assert set(from_then.values()) == {1.0}


def test_the_measure_for_the_worst_department_went_to_the_one_with_most_leavers_the_year_before(
    mini_sample: Path,
) -> None:
    ledger = pd.read_csv(mini_sample / "truth" / "measures.csv", keep_default_na=False).set_index("id")
    events = pd.read_csv(mini_sample / "truth" / "departments.csv")
    events = events[(events["year"] == 2023) & (events["cause"] == "resignation") & (events["form"] == "permanent")]
    sums = (
        events.groupby("department")[["events", "exposure"]]
        .sum()
        .drop(index=data("measures")["apart"], errors="ignore")
    )
    sums = sums[sums["exposure"] >= 0.5 * sums["exposure"].mean()]
    assert ledger.loc["A4", "department"] == (sums["events"] / sums["exposure"]).idxmax()
    assert float(ledger.loc["A4", "planted"]) == 1.0


def test_the_ledger_holds_an_effect_several_without_one_and_one_registered_too_late() -> None:
    measures = {entry["id"]: entry for entry in data("measures")["measure"]}
    assert [key for key, entry in measures.items() if entry["planted"] != 1.0] == ["A1", "A2"]
    assert data("planted")["effects"]["ladder_factor"] == measures["A2"]["planted"] == pytest.approx(0.7)
    assert [key for key, entry in measures.items() if entry["registered"] > f"{entry['start']}-01"] == ["A5"]
