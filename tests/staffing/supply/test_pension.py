"""Retirement by single year of age."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES, load
from analysis.staffing.supply import pension
from analysis.staffing.supply.pension import YOUNGEST, experience
from tests.staffing.example import constant

PLACE = CAUSES.index("retirement")


def closed(rows: list[tuple[int, int, int]]) -> pd.DataFrame:
    """Closed cells from (age, persons, retired)."""
    table = pd.DataFrame(rows, columns=["age", "at_risk", "retirement"]).assign(open=False)
    return table.astype({"retirement": "float64"})


def test_a_single_year_is_drawn_to_the_hazard_by_ten_retirements() -> None:
    seen = experience(closed([(64, 300, 20), (65, 100, 60), (40, 500, 0)]), constant(retirement=0.2))
    table = seen.table().set_index("age")
    assert table.loc[65, ["at_risk", "retired", "expected"]].tolist() == pytest.approx([100, 60, 20])
    assert table.loc[65, "factor"] == pytest.approx(70 / 30)
    assert table.loc[64, "factor"] == pytest.approx(30 / 70)
    assert table.loc[66, "factor"] == 1.0
    assert table.loc[65, "rate"] == pytest.approx(0.2 * 70 / 30)


def test_only_retirement_changes_and_nobody_leaves_more_than_once() -> None:
    seen = experience(closed([(65, 100, 60)]), constant(retirement=0.2))
    cells = pd.DataFrame({"age": [30, 64, 65, 65]})
    risk = np.tile(0.05, (4, len(CAUSES)))
    risk[3] = 0.15
    found = seen.adjust(2025)(cells, risk, 1)
    assert found[:, PLACE].tolist() == pytest.approx([0.05, 0.05, 0.05 * 70 / 30, 0.25])
    np.testing.assert_array_equal(np.delete(found, PLACE, axis=1), np.delete(risk, PLACE, axis=1))
    assert (found.sum(axis=1) <= 1 + 1e-12).all()


def test_a_higher_decided_age_moves_the_pattern_up(monkeypatch: pytest.MonkeyPatch) -> None:
    ages = {"riktalder": [{"from": 2020, "age": 66}, {"from": 2030, "age": 67}]}
    monkeypatch.setattr(pension, "load", lambda name: ages)
    by_age = {64: 0.1, 65: 0.3, 66: 0.5, 67: 0.6}

    def hazards(rows: pd.DataFrame) -> pd.DataFrame:
        return constant()(rows).assign(retirement=rows["age"].map(by_age).fillna(0.0))

    seen = experience(closed([(age, 1000, int(1000 * rate)) for age, rate in by_age.items()]), hazards)
    cells = pd.DataFrame({"age": list(by_age)})
    risk = hazards(cells).to_numpy()
    adjust = seen.adjust(2028)
    assert adjust(cells, risk, 1)[:, PLACE].tolist() == pytest.approx([0.1, 0.3, 0.5, 0.6])
    assert adjust(cells, risk, 2)[:, PLACE].tolist() == pytest.approx([0.0, 0.1, 0.3, 0.5])


def test_the_ages_of_the_reference_file_are_read_by_calendar_year() -> None:
    first = load("pension_ages")["riktalder"][0]
    assert pension.pension_age(first["from"] - 1) is None
    assert pension.pension_age(2031) == 67
    assert pension.later(2025, 2031) == 0
    assert pension.later(2026, 2031) == pension.pension_age(2031) - pension.pension_age(2026)


def test_without_anyone_near_pension_nothing_changes() -> None:
    seen = experience(closed([(30, 100, 0)]), constant(retirement=0.2))
    risk = np.full((1, len(CAUSES)), 0.1)
    np.testing.assert_array_equal(seen.adjust(2025)(pd.DataFrame({"age": [YOUNGEST + 5]}), risk, 3), risk)
