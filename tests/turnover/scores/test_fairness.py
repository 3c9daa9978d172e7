"""Calibration by group: sums of out-of-time forecasts held against outcomes, by hand and with a planted bias."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover.cells import COVARIATES, check_risk_cells
from analysis.turnover.scores.evaluation import Judged
from analysis.turnover.scores.fairness import calibration

BASE = {"origin": "2024-12", "open": False, "occupation": "teacher", "rate_band": "full", "tenure": 3, "fte": 1.0}


def window(rows: list[tuple[str, str, int, str, int, float, float]]) -> tuple[Judged, pd.DataFrame]:
    """From (department, form, age, sex, persons, left, chance): the judged cells and the persons by sex."""
    names = ["department", "form", "age", "sex", "at_risk", "resignation", "chance"]
    others = dict.fromkeys((cause for cause in CAUSES if cause != "resignation"), 0.0)
    table = pd.DataFrame(rows, columns=names).assign(**BASE, **others)
    keys = ["origin", "department", "occupation", "form", "rate_band", "age", "tenure"]
    sums = dict.fromkeys(("at_risk", "fte", *CAUSES), "sum")
    cells = check_risk_cells(table.groupby([*keys, "open", "chance"], as_index=False).agg(sums).drop(columns="chance"))
    chance = table.drop_duplicates(keys).set_index(keys)["chance"]
    said = pd.DataFrame(0.0, cells.index, list(CAUSES))
    said["resignation"] = chance.reindex(pd.MultiIndex.from_frame(cells[keys])).to_numpy()
    by_sex = table.assign(title="", workplace="", pay_position=np.nan)
    finer = [name for name in COVARIATES if name not in by_sex]
    by_sex = by_sex.assign(**{name: cells[name].iloc[0] for name in finer})
    return Judged("2024-12", cells, said, lambda rows: rows), by_sex


def figure(found: pd.DataFrame, group: str, department: str = ORGANISATION, cause: str = "resignation") -> pd.Series:
    rows = found[(found["group"] == group) & (found["department"] == department) & (found["cause"] == cause)]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def test_groups_are_summed_from_the_cells_their_members_are_in() -> None:
    judged, by_sex = window(
        [
            ("d1", "permanent", 25, "F", 40, 6, 0.1),
            ("d1", "permanent", 25, "M", 20, 2, 0.1),
            ("d1", "temporary", 55, "F", 30, 1, 0.05),
            ("d2", "permanent", 25, "", 10, 1, 0.2),
        ]
    )
    found = calibration([judged], by_sex)
    women = figure(found, "women")
    assert (women["n"], women["observed"]) == (70, 7)
    assert women["expected"] == pytest.approx(40 * 0.1 + 30 * 0.05)
    assert women["ratio"] == pytest.approx(7 / 5.5)
    assert women["low"] < women["ratio"] < women["high"]
    assert figure(found, "sex_unknown")["n"] == 10
    assert figure(found, "u30")["expected"] == pytest.approx(60 * 0.1 + 10 * 0.2)
    assert figure(found, "temporary", "d1")["observed"] == 1
    assert figure(found, "men", "d1", TOTAL)["observed"] == 2


def test_every_way_to_divide_the_staff_adds_up_to_everyone() -> None:
    rows = [(f"d{i % 3}", ("permanent", "temporary")[i % 2], 22 + 3 * i, "FM"[i % 2], 30 + i, i % 4, 0.08)
            for i in range(12)]  # fmt: skip
    judged, by_sex = window(rows)
    found = calibration([judged], by_sex)
    for (_, department, cause), part in found.groupby(["dimension", "department", "cause"]):
        everyone = figure(found, TOTAL, str(department), str(cause))
        for measure in ("n", "observed", "expected"):
            assert part[measure].sum() == pytest.approx(everyone[measure])


def test_a_planted_bias_leaves_one_outside_the_interval_and_a_right_forecast_does_not() -> None:
    rows = [(f"d{i}", "permanent", 30, sex, 200, left, 0.1) for i in range(4) for sex, left in (("F", 20), ("M", 36))]
    found = calibration(*_as_arguments(rows))
    men, women = figure(found, "men"), figure(found, "women")
    assert men["low"] > 1.0
    assert women["low"] < 1.0 < women["high"]


def _as_arguments(rows: list[tuple[str, str, int, str, int, float, float]]) -> tuple[list[Judged], pd.DataFrame]:
    judged, by_sex = window(rows)
    return [judged], by_sex


def test_origins_are_pooled_and_counted() -> None:
    first, by_sex = window([("d1", "permanent", 25, "F", 40, 6, 0.1)])
    later = Judged("2025-12", first.cells.assign(origin="2025-12"), first.said, first.predict)
    found = calibration([first, later], pd.concat([by_sex, by_sex.assign(origin="2025-12")], ignore_index=True))
    women = figure(found, "women")
    assert (women["origins"], women["n"], women["observed"]) == (2, 80, 12)


def test_the_error_is_measured_over_departments_beside_what_chance_gives() -> None:
    judged, by_sex = window([("d1", "permanent", 30, "F", 100, 15, 0.1), ("d2", "permanent", 30, "F", 100, 5, 0.1)])
    found = calibration([judged], by_sex)
    assert figure(found, "women")["error"] == pytest.approx((5 + 5) / 20)
    assert figure(found, "women")["chance"] == pytest.approx(2 * np.sqrt(2 / np.pi * 9) / 20)
    assert np.isnan(figure(found, "women", "d1")["error"])


def test_without_a_judged_window_there_is_no_calibration() -> None:
    assert calibration([], pd.DataFrame()).empty
