"""Person-periods count everyone in post when a period begins, late entries included, with what was known then."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.periods import season
from analysis.reference import CAUSES
from analysis.workforce.flows import person_years, risk_cells
from analysis.workforce.person_periods import grain, risk_periods
from tests.workforce.example import employed, post, table

YEAR = ["2024-12", "2025-12"]
PLENTY = 10**9


def periods(posts: list[dict], *, step: int = 1, exits: list[tuple[str, str, str]] | None = None) -> pd.DataFrame:
    rows, ends = employed(posts, exits=exits or [])
    return risk_periods(rows, ends, origins=YEAR, step=step)


def test_whoever_stays_is_at_risk_in_every_month() -> None:
    found = periods([post("a", "2020-01-01")])
    assert found["at_risk"].sum() == 12
    assert found.groupby("season")["at_risk"].sum().to_dict() == {"q1": 3, "q2": 3, "q3": 3, "q4": 3}
    assert found[list(CAUSES)].to_numpy().sum() == 0


def test_an_employment_between_two_origins_is_counted_although_no_yearly_cell_knows_it() -> None:
    posts, exits = (
        [post("a", "2020-01-01"), post("b", "2025-02-10", "2025-08-20")],
        [("b", "2025-08-20", "resignation")],
    )
    rows, ends = employed(posts, exits=exits)
    yearly = risk_cells(person_years(rows, ends, origins=YEAR))
    assert yearly["resignation"].sum() == 0
    found = periods(posts, exits=exits)
    # b is in post at the ends of February to July: at risk in six months, and leaves in the one after July
    assert found["at_risk"].sum() == 12 + 6
    left = found[found["resignation"] > 0]
    assert left[["season", "resignation", "tenure"]].to_numpy().tolist() == [["q3", 1.0, 0]]


def test_nobody_is_at_risk_after_leaving_nor_in_the_open_window() -> None:
    found = periods([post("a", "2020-01-01", "2025-03-31")], exits=[("a", "2025-03-31", "retirement")])
    assert found["at_risk"].sum() == 3
    assert found["retirement"].sum() == 1


def test_a_transfer_of_undertaking_is_no_exit() -> None:
    found = periods([post("a", "2020-01-01", "2025-03-31")], exits=[("a", "2025-03-31", "transfer")])
    assert found["at_risk"].sum() == 3
    assert found[list(CAUSES)].to_numpy().sum() == 0


def test_covariates_are_those_of_the_day_a_period_begins() -> None:
    found = periods([post("a", "2020-01-01", "2025-06-30"), post("a", "2025-07-01", unit="u2", rate=0.5)])
    # at the end of June the first post still holds (the last day counts as worked), from the end of July the second
    assert found.groupby(["department", "rate_band"])["at_risk"].sum().to_dict() == {
        ("d1", "full"): 7,
        ("d2", "part"): 5,
    }


def test_age_and_tenure_grow_within_the_window() -> None:
    found = periods([post("a", "2020-07-15", birth="1980-04-02")])
    by_age, by_tenure = (found.groupby(name)["at_risk"].sum().to_dict() for name in ("age", "tenure"))
    assert by_age == {44: 4, 45: 8}  # 44 at the ends of December to March
    assert by_tenure == {4: 7, 5: 5}


def test_quarters_hold_four_periods() -> None:
    found = periods([post("a", "2020-01-01")], step=3)
    assert found["at_risk"].sum() == 4
    assert set(found["step"]) == {3}


def test_twelve_months_are_the_yearly_cells_own() -> None:
    assert periods([post("a", "2020-01-01")], step=12).empty


@pytest.mark.parametrize(
    ("month", "expected"), [("2024-12", "q1"), ("2025-02", "q1"), ("2025-03", "q2"), ("2025-11", "q4")]
)
def test_a_period_belongs_to_the_quarter_it_begins_in(month: str, expected: str) -> None:
    assert season(month) == expected


@pytest.mark.parametrize(
    ("days", "months"),
    [
        (["2024-01-31", "2024-02-29", "2024-03-31"], 1),
        (["2024-03-31", "2024-06-30", "2024-09-30"], 3),
        (["2023-06-30", "2024-06-30"], 12),
        (["2024-01-31", "2024-02-29", "2024-06-30"], 12),  # uneven
        (["2024-01-31", "2024-06-30"], 12),  # five months: no whole number of periods in a year
    ],
)
def test_the_grain_of_snapshots_is_the_distance_of_the_lists(days: list[str], months: int) -> None:
    lists = table("snapshots", [{"person": "a", "unit": "u1", "snapshot": day} for day in days])
    assert grain({"snapshots": lists}, person_years=100, most=PLENTY) == months


def test_dated_employments_give_months_and_a_large_organisation_longer_periods() -> None:
    held = {"employments": table("employments", [post("a", "2020-01-01")])}
    assert grain(held, person_years=1000, most=12_000) == 1
    assert grain(held, person_years=1000, most=11_999) == 2
    assert grain(held, person_years=1000, most=4_000) == 3
    assert grain(held, person_years=1000, most=999) == 12
