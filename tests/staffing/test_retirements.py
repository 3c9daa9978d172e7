"""Expected retirements within three years, from hazards by age."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.staffing import Baseline, expected_inflow, expected_retirements
from analysis.turnover import ShockModel
from analysis.workforce.groups import forecast_groups
from tests.staffing.example import CALM, USUAL, cells, constant, flows, profile
from tests.workforce.example import figure

STAFF = cells(("d1", "teacher", 40, 0.5, 63), ("d2", "aide", 25, 1.0, 64), ("d2", "aide", 25, 1.0, 30))


def hazards(rows: pd.DataFrame) -> pd.DataFrame:
    table = constant(resignation=0.1)(rows)
    table["retirement"] = np.select([rows["age"] == 64, rows["age"] >= 65], [0.2, 0.5], 0.0)
    return table


def leaving(shocks: ShockModel, causes: tuple[str, ...] = CAUSES) -> Baseline:
    groups = forecast_groups(STAFF, minimum=20)
    coming = expected_inflow(flows(("d1", "teacher", "hires", 9.0, 9.0)), groups, None, windows=1, years=5)
    # those who come are in the baseline, but only those in post at the cut-off are counted
    shape = profile(("teacher", 64, 1.0))
    return Baseline(STAFF, hazards, groups, coming, shape, shocks, "2025-12", 5, causes=causes)


def test_the_count_by_hand_with_other_causes_competing() -> None:
    facts = expected_retirements(leaving(CALM))
    # 40 aged 63: 36 left at 64, of whom 0.2 retire; 0.7 of them at 65, of whom half
    first = 36 * 0.2 + 36 * 0.7 * 0.5
    # 25 aged 64: 0.2, then 0.7 stay and half retire, then 0.4 stay and half retire
    second = 25 * (0.2 + 0.7 * 0.5 + 0.7 * 0.4 * 0.5)
    assert figure(facts, "pension_3y", "d1")["value"] == pytest.approx(first)
    assert figure(facts, "pension_3y", "d2")["value"] == pytest.approx(second)
    whole = figure(facts, "pension_3y", "all")
    assert whole[["value", "n"]].tolist() == pytest.approx([first + second, 90])
    assert whole["low"] < whole["value"] < whole["high"]


def test_shocks_widen_the_interval() -> None:
    calm, usual = (figure(expected_retirements(leaving(shocks)), "pension_3y", "all") for shocks in (CALM, USUAL))
    assert usual["high"] - usual["low"] > calm["high"] - calm["low"]


def test_nothing_is_expected_where_retirement_cannot_be_told() -> None:
    assert expected_retirements(leaving(CALM, causes=("unknown",))).empty
