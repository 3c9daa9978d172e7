"""Compartments beside the bridge, year by year."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.staffing import PARTS
from analysis.staffing.within import Compartment, beside, compartment
from tests.staffing.example import GROUPS, inflow

INDEX = inflow().mean.index
COUNTS = pd.DataFrame(
    [
        ("hourly", "2023-12", "d1", "aide", "stock", 10.0, 4.0),
        ("hourly", "2023-12", "d1", "aide", "converted", -2.0, -1.0),
        ("hourly", "2023-12", "d1", "aide", "left", -3.0, -1.0),
        ("hourly", "2023-12", "d1", "aide", "came", 5.0, 1.0),
        ("hourly", "2023-12", "d1", "aide", "changed", 0.0, 0.5),
        ("hourly", "2024-12", "d1", "aide", "stock", 10.0, 3.5),
    ],
    columns=["compartment", "origin", "department", "occupation", "part", "persons", "fte"],
)


def test_rates_and_arrivals_are_those_of_the_windows_seen() -> None:
    found = compartment(COUNTS, GROUPS, INDEX, "hourly")
    assert found is not None
    assert found.rates == pytest.approx({"converted": 0.25, "left": 0.25})
    assert (found.fte.sum(), found.came.sum(), found.windows) == pytest.approx((3.5, 1.5, 1))
    means, _ = found.ahead(3)
    assert means.sum(axis=1) == pytest.approx([3.25, 3.125, 3.0625])


def test_who_returns_from_leave_ends_the_need_of_cover_but_was_in_the_stock_all_along() -> None:
    # 10.0 on leave: 4.0 return and 1.0 leave in a year, 3.0 come
    rows = [("stock", 10.0), ("returned", -4.0), ("left", -1.0), ("came", 3.0)]
    counts = pd.DataFrame(
        [("absence_cover", "2023-12", "d1", "aide", part, np.sign(fte), fte) for part, fte in rows]
        + [("absence_cover", "2024-12", "d1", "aide", "stock", 8.0, 8.0)],
        columns=COUNTS.columns,
    )
    found = compartment(counts, GROUPS, INDEX, "absence_cover")
    assert found is not None
    assert found.rates == pytest.approx({"returned": 0.4, "left": 0.1})
    means, _ = found.ahead(2)
    assert means.sum(axis=1) == pytest.approx([8.0 * 0.5 + 3.0, 7.0 * 0.5 + 3.0])
    # agreed full-time equivalents hold those on leave, so that no part of the bridge moves when they return
    assert not {"returned", "absence_cover"} & set(PARTS)


def test_a_steady_state_is_arrivals_over_the_share_that_leaves() -> None:
    one = Compartment("x", np.array([0.0]), np.array([3.0]), {"left": 0.2}, 1.0, 3, np.array([0.0]))
    means, variances = one.ahead(200)
    assert means[-1, 0] == pytest.approx(3.0 / 0.2)
    # chance of an immigration-death process is Poisson; beside it the error of the mean arrivals
    assert variances[-1, 0] == pytest.approx(15.0 + (1.0 / 0.2) ** 2)


def test_nothing_is_said_without_a_year_of_flows() -> None:
    assert compartment(COUNTS[COUNTS["part"] == "stock"], GROUPS, INDEX, "hourly") is None
    assert compartment(COUNTS, GROUPS, INDEX, "unqualified") is None


def test_the_rows_add_up_over_groups_and_departments_and_hold_intervals() -> None:
    found = compartment(COUNTS, GROUPS, INDEX, "hourly")
    assert found is not None
    table = beside([found], INDEX, np.full(len(INDEX), 30.0), period="2024-12", years=3, scenario="reference")
    assert set(table["part"]) == {"of_hourly"}
    for _, part in table.groupby("year"):
        own = part.set_index(["department", "occupation"])["expected"]
        groups = own.drop("total", level="occupation").sum()
        assert own["all", "total"] == pytest.approx(groups)
        assert own.xs("total", level="occupation").drop("all").sum() == pytest.approx(groups)
    ahead = table[(table["year"] > 2024) & (table["expected"] > 0)]
    assert ((ahead["p10"] < ahead["p50"]) & (ahead["p50"] < ahead["p90"])).all()
    now = table[(table["year"] == 2024) & (table["department"] == "all")].iloc[0]
    assert now[["expected", "p10", "p90"]].tolist() == [3.5, 3.5, 3.5]
    # ten persons are there at the cut-off, whatever a year's full-time equivalents would make of them
    assert set(table.loc[table["department"] == "all", "persons"]) == {10.0}
