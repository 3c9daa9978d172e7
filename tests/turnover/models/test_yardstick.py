"""The yardstick by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.turnover import fit_yardstick
from analysis.turnover.models.yardstick import shrink


def cells(rows: list[tuple[str, str, int, float, bool]]) -> pd.DataFrame:
    """Cells of one occupation, or of the one named after the department: "d1/nurse"."""
    table = pd.DataFrame(rows, columns=["origin", "department", "at_risk", "resignation", "open"])
    names = table["department"].str.split("/")
    table["department"], table["occupation"] = names.str[0], names.str[1].astype("str").fillna("teacher")
    for cause in CAUSES:
        if cause not in table:
            table[cause] = 0.0
    return table


def test_shrinkage_of_three_departments_by_hand():
    # rates 0.10, 0.20, 0.30 of 100 each; rate 0.2; S = 100 (0.01 + 0 + 0.01) / (0.2 * 0.8) = 12.5
    # rho = (12.5 - 2) / (300 - 30000 / 300 - 2) = 10.5 / 198; strength = (1 - rho) / rho = 187.5 / 10.5
    strength = 187.5 / 10.5
    expected = (np.array([10, 20, 30]) + strength * 0.2) / (100 + strength)
    rates, weight = shrink(np.array([10.0, 20, 30]), np.array([100.0, 100, 100]))
    assert rates == pytest.approx(expected, rel=1e-12)
    assert weight == pytest.approx(strength)


def test_departments_that_differ_no_more_than_chance_get_one_rate():
    rates, weight = shrink(np.array([9.0, 11, 10]), np.array([100.0, 100, 100]))
    assert rates == pytest.approx([0.1, 0.1, 0.1])
    assert weight == np.inf


def test_a_small_department_is_drawn_further_to_the_organisation():
    rates, _ = shrink(np.array([3.0, 90, 30, 0]), np.array([10.0, 300, 300, 10]))
    assert rates[0] < rates[1]  # both had 0.30; ten people say less than three hundred
    assert 0 < rates[3] < rates[2]


@pytest.mark.parametrize("events", [[0.0, 0.0], [5.0, 5.0]])
def test_nobody_or_everybody_left(events):
    assert shrink(np.array(events), np.array([5.0, 5.0]))[0] == pytest.approx(np.array(events) / 5)


def test_only_the_last_closed_window_counts():
    table = cells(
        [
            ("2022-12", "d1", 100, 90.0, False),
            ("2023-12", "d1", 100, 10.0, False),
            ("2024-12", "d1", 100, float("nan"), True),
        ]
    )
    yardstick = fit_yardstick(table)
    assert yardstick.origin == "2023-12"
    assert yardstick.predict(table)["resignation"].tolist() == pytest.approx([0.1, 0.1, 0.1])


def test_a_new_department_gets_the_organisations_rate():
    table = cells([("2023-12", "d1", 100, 10.0, False), ("2023-12", "d2", 300, 90.0, False)])
    asked = pd.DataFrame({"department": ["d9"], "occupation": ["teacher"]}, index=[42])
    predicted = fit_yardstick(table).predict(asked)
    assert predicted.loc[42, "resignation"] == pytest.approx(0.25)


def test_groups_are_drawn_to_their_department_which_is_drawn_to_the_organisation():
    # departments d1 (rate 0.30) and d2 (0.10); in d1 nurses left at 0.45 and teachers at 0.15, in d2 both at 0.10
    rows = [("d1/nurse", 200, 90.0), ("d1/teacher", 200, 30.0), ("d2/nurse", 200, 20.0), ("d2/teacher", 200, 20.0)]
    table = cells([("2023-12", *row, False) for row in rows])
    found = fit_yardstick(table).predict(table)["resignation"].to_numpy()
    # departments: rate 0.2; S = (400 * 0.01 + 400 * 0.01) / 0.16 = 50; rho = (50 - 1) / (800 - 400 - 1)
    rho = 49 / 399
    strength = (1 - rho) / rho
    d1, d2 = (120 + strength * 0.2) / (400 + strength), (40 + strength * 0.2) / (400 + strength)
    # groups: S = 2 * 200 * 0.0225 / 0.21 + 0, two degrees of freedom, weight 2 * 200 - 2
    rho = (2 * 200 * 0.0225 / 0.21 - 2) / 398
    strength = (1 - rho) / rho
    expected = [(90 + strength * d1), (30 + strength * d1), (20 + strength * d2), (20 + strength * d2)]
    assert found == pytest.approx(np.array(expected) / (200 + strength), rel=1e-12)


def test_a_new_occupation_gets_its_departments_rate():
    table = cells([("2023-12", "d1", 100, 10.0, False), ("2023-12", "d2", 300, 90.0, False)])
    asked = pd.DataFrame({"department": ["d2"], "occupation": ["pilot"]})
    yardstick = fit_yardstick(table)
    assert yardstick.predict(asked).loc[0, "resignation"] == yardstick.departments.loc["d2", "resignation"]
