"""Expected retirements year by year and within three years, from hazards by age."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.staffing import Baseline, expected_inflow, expected_retirements, retirement_wave
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


def within_three_years(base: Baseline) -> pd.DataFrame:
    return expected_retirements(base, retirement_wave(base))


def of(wave: pd.DataFrame, department: str) -> pd.DataFrame:
    return wave[wave["department"] == department].sort_values("year")


def test_the_count_by_hand_with_other_causes_competing() -> None:
    facts = within_three_years(leaving(CALM))
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
    calm, usual = (figure(within_three_years(leaving(shocks)), "pension_3y", "all") for shocks in (CALM, USUAL))
    assert usual["high"] - usual["low"] > calm["high"] - calm["low"]


def test_nothing_is_expected_where_retirement_cannot_be_told() -> None:
    base = leaving(CALM, causes=("unknown",))
    assert retirement_wave(base).empty
    assert within_three_years(base).empty


def test_the_wave_by_hand_year_by_year() -> None:
    wave = retirement_wave(leaving(CALM))
    first = [0.0, 36 * 0.2, 36 * 0.7 * 0.5]
    second = [25 * 0.2, 25 * 0.7 * 0.5, 25 * 0.4 * 0.7 * 0.5]
    assert of(wave, "d1")["expected"].tolist()[:3] == pytest.approx(first)
    assert of(wave, "all")["year"].tolist() == [2026, 2027, 2028, 2029, 2030]
    # two departments, one whole; those who left before can no longer retire
    assert of(wave, "d2")["expected"].tolist()[:2] == pytest.approx(second[:2])
    assert set(of(wave, "all")["n"]) == {90.0}


@pytest.mark.parametrize("years", [1, 3, 5])
def test_the_key_figure_is_the_first_three_years_of_the_wave(years: int) -> None:
    base = replace(leaving(USUAL), years=years)
    wave = retirement_wave(base)
    three = wave[wave["year"] <= 2028].groupby("department")["expected"].sum()
    for row in expected_retirements(base, wave).itertuples():
        assert row.value == pytest.approx(three[row.department])
    assert wave["year"].max() == 2025 + max(3, years)


def test_departments_add_up_to_the_whole_in_every_year() -> None:
    wave = retirement_wave(leaving(USUAL))
    own = wave[wave["department"] != "all"].groupby("year")["expected"].sum()
    assert own.tolist() == pytest.approx(of(wave, "all")["expected"].tolist())
    assert ((wave["low"] <= wave["expected"] + 1) & (wave["expected"] <= wave["high"] + 1)).all()
