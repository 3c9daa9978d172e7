"""How empty posts answer: from adverts, from budgeted posts, or not known at all."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.staffing.posts.filling import (
    Filling,
    filling_from_budget,
    filling_of,
    filling_of_opening,
    interval,
    unknown,
)
from analysis.staffing.posts.law import Rates, posts_by_month
from analysis.staffing.posts.record import outlook
from analysis.workforce.groups import forecast_groups
from tests.staffing.example import cells
from tests.staffing.posts.test_recruitment_need import vacancies

STAFF = cells(("d1", "teacher", 90, 1.0, 40), ("d2", "teacher", 40, 1.0, 40))
GROUPS = forecast_groups(STAFF, minimum=20)
INDEX = pd.MultiIndex.from_tuples([("d1", "teacher"), ("d2", "teacher")], names=["department", "occupation"])


def constant(fill: float, opened: float, shown: float, years: int = 3) -> Filling:
    """One group at its steady state: what falls empty a month over the chance that it is filled."""
    rates = Rates(np.full(1, fill), np.zeros(1), np.ones((12, 1)), 36)
    level = np.array([opened / fill])
    return Filling(np.full((years, 1), shown), level, np.full((12 * years, 1), opened), rates)


def test_half_as_many_falling_empty_leave_half_of_what_is_shown_in_the_long_run() -> None:
    held = constant(0.25, 2.0, shown=5.0, years=4)
    assert held.law()[:, 0] == pytest.approx(np.full(4, 8.0))
    assert held.empty()[:, 0] == pytest.approx(np.full(4, 5.0))
    # twelve fewer a year of twenty-four: after a year all but 0.75^12 of the way
    left = held.empty(np.full((4, 1), -12.0))[:, 0]
    assert left[0] == pytest.approx(5.0 * (0.5 + 0.5 * 0.75**12))
    assert left[-1] == pytest.approx(2.5, rel=1e-3)


def test_what_falls_empty_beyond_is_added_as_the_law_has_it() -> None:
    held = constant(0.25, 2.0, shown=5.0)
    # twelve more a year: one a month, four more in the long run, whatever is shown
    assert held.empty(np.full((3, 1), 12.0))[-1, 0] == pytest.approx(9.0, rel=1e-3)


def test_posts_filled_faster_stand_empty_less_and_never_less_than_not_at_all() -> None:
    held = constant(0.25, 2.0, shown=5.0)
    assert held.empty(0.0, np.full((3, 1), 2.0))[-1, 0] == pytest.approx(2.5, rel=1e-6)
    assert (held.empty(np.full((3, 1), -1e9), np.full((3, 1), 50.0)) >= 0).all()


def test_a_surplus_and_a_group_without_adverts_stay_as_they_are() -> None:
    held = constant(0.25, 0.0, shown=-3.0)
    assert held.empty(np.full((3, 1), -12.0))[:, 0] == pytest.approx(np.full(3, -3.0))
    low, high = interval(np.array([-3.0, 4.0]), np.array([0.6, 0.6]))
    assert low[0] == -3.0
    assert low[1] < 4.0 < high[1]


def test_adverts_give_each_group_its_open_posts_its_hazard_and_what_falls_empty() -> None:
    adverts = vacancies().assign(kind=lambda table: table["occupation"])
    adverts = adverts[adverts["occupation"] == "teacher"]
    posts = posts_by_month(adverts, first=pd.Timestamp("2020-01-01"), last=pd.Timestamp("2025-12-31"), by="kind")
    seen = outlook(posts, (12, 24, 36), seed=1, draws=100)
    held = filling_of(seen, INDEX, 3)
    assert held.start == pytest.approx(posts.open[-1])
    np.testing.assert_allclose(held.shown, seen.empty)
    yearly = (posts.opened - posts.withdrawn)[-seen.window :].sum(axis=0) / seen.window * 12
    np.testing.assert_allclose(held.opened[:12].sum(axis=0), yearly, rtol=1e-6)
    member = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0]])
    # no interval is narrower further ahead
    assert (np.diff(held.spread(member), axis=0) >= 0).all()


BUDGETED = {"d1": 100.0, "d2": 40.0}
BUDGET = pd.DataFrame(
    [(key, "teacher", year, posts) for year in (2023, 2024, 2025) for key, posts in BUDGETED.items()],
    columns=["department", "occupation", "year", "posts"],
)
HIRED = pd.DataFrame(
    [("d1", "teacher", "hires", 24.0, 24.0, origin) for origin in ("2023-12", "2024-12")],
    columns=["department", "occupation", "part", "persons", "fte", "origin"],
)


def test_without_adverts_hires_over_budgeted_posts_that_stood_empty_are_the_hazard() -> None:
    stock = pd.concat([STAFF.assign(origin=origin) for origin in ("2023-12", "2024-12", "2025-12")])
    held = filling_from_budget(
        GROUPS, INDEX, np.array([10.0, 0.0]), budget=BUDGET, cells=stock, flows=HIRED, years=3
    )  # fmt: skip
    # ten posts stood empty all year and twenty-four were hired: two a month of ten
    assert held.rates.fill[0] == pytest.approx(0.2)
    np.testing.assert_allclose(held.empty(), np.repeat([[10.0, 0.0]], 3, axis=0), atol=1e-9)
    # filled twice as fast: half stands empty
    assert held.empty(0.0, np.full((3, 2), 2.0))[-1, 0] == pytest.approx(5.0, rel=1e-6)
    # a year without a budget says nothing about its hires
    older = BUDGET[BUDGET["year"] > 2023]
    again = filling_from_budget(
        GROUPS, INDEX, np.array([10.0, 0.0]), budget=older, cells=stock, flows=HIRED, years=3
    )  # fmt: skip
    assert again.rates.fill[0] == pytest.approx(0.2)


def test_with_the_opening_gap_alone_as_many_are_hired_as_of_late() -> None:
    held = filling_of_opening(np.array([6.0, -2.0]), np.array([36.0, 12.0]), years=2)
    assert held.rates.fill[0] == pytest.approx(0.5)
    np.testing.assert_allclose(held.empty(), [[6.0, -2.0], [6.0, -2.0]])
    assert held.known


def test_neither_adverts_nor_budget_is_no_gap() -> None:
    assert not unknown(2, 3).known
    assert replace(unknown(2, 3), known=True).empty().tolist() == [[0.0, 0.0]] * 3
