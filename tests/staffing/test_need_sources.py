"""Need from workload, population and budget, against sums done by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.staffing.need.from_volumes import need_change
from analysis.staffing.need.population import (
    budget_change,
    combined,
    expected_population,
    opening_from_budget,
    volumes_from_population,
)
from analysis.staffing.need.workload import compared, required, workload_change

WORK = ["component", "activity", "year", "amount", "hours", "share"]


def workload(*rows: tuple[str, str, int | None, float | None, float | None, float | None]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=WORK).assign(department="d1", occupation="nurse")


NURSES = workload(
    ("available", "", None, None, 1600.0, None),
    ("service", "visits", 2025, 4800.0, 0.5, None),
    ("service", "plans", 2025, 200.0, 4.0, None),
    ("service", "visits", 2027, 9600.0, 0.5, None),
    ("service", "plans", 2027, 200.0, 4.0, None),
    ("support", "records", None, None, None, 0.10),
    ("support", "meetings", None, None, None, 0.10),
    ("individual", "supervising students", None, None, 320.0, None),
)


def test_required_staff_by_hand() -> None:
    # 4,800 half hours and 200 times four are 3,200 h: 2.0; a fifth of the time is support: · 1.25; 320 h: + 0.2
    found = required(NURSES).set_index("year")
    assert found.loc[2025, ["service", "category_factor", "individual", "required"]].tolist() == pytest.approx(
        [2.0, 1.25, 0.2, 2.7]
    )
    assert found.loc[2027, "required"] == pytest.approx(3.5 * 1.25 + 0.2)


def test_difference_and_ratio() -> None:
    staff = pd.DataFrame({"department": ["d1"], "occupation": ["nurse"], "fte": [2.16]})
    found = compared(required(NURSES), staff, year=2025).iloc[0]
    assert found[["difference", "ratio"]].tolist() == pytest.approx([-0.54, 0.8])


def test_the_change_keeps_the_last_year_known_and_says_so() -> None:
    found, notes = workload_change(required(NURSES), period="2025-12", years=4)
    assert found["fte"].tolist() == pytest.approx([0.0, 1.875, 1.875, 1.875])
    assert (found["level"] - 2.7).abs().max() < 1e-9
    assert "2027" in notes[0]
    assert workload_change(required(NURSES), period="2024-12", years=1)[0].empty


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("service", "x", 2025, 1.0, 1.0, None)], "no available working time"),
        (
            [("service", "x", 2025, 1.0, 1.0, None), ("available", "", None, None, 1600.0, None),
             ("support", "y", None, None, None, 1.0)],
            "takes 100",
        ),
    ],
)  # fmt: skip
def test_a_workload_that_cannot_be_is_refused(rows, said: str) -> None:
    with pytest.raises(InputError, match=said):
        required(workload(*rows))


def people(*rows: tuple[int, int, float, str, float | None, str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["year", "age", "persons", "variant", "weight", "vintage"])


def test_variants_are_weighted_and_the_newest_vintage_counts() -> None:
    table = people(
        (2025, 1, 100.0, "main", 3.0, "2025"), (2025, 1, 140.0, "high", 1.0, "2025"),
        (2025, 1, 999.0, "main", 1.0, "2024"),
    )  # fmt: skip
    mean, spread = expected_population(table)
    assert mean[["year", "age", "persons", "vintage"]].to_numpy().tolist() == [[2025, 1, 110.0, "2025"]]
    # (3 · 10² + 30²) / 4
    assert spread.iloc[0].tolist() == pytest.approx([2025, 110.0, 300.0**0.5, 100.0, 140.0])


def test_population_times_participation_times_ratio_is_the_need() -> None:
    table = people(
        *[(2025, age, 100.0, "", None, "2025") for age in range(1, 7)],
        *[(2026, age, 100.0 + 10 * (age == 1), "", None, "2025") for age in range(1, 7)],
    )
    participation = pd.DataFrame(
        [("d1", "children", 1, 2, 0.4), ("d1", "children", 3, 5, 0.5), ("d2", "children", 1, 5, 0.1)],
        columns=["department", "kind", "age_low", "age_high", "share"],
    )
    volumes = volumes_from_population(expected_population(table)[0], participation)
    found = volumes.set_index(["department", "year"])["volume"]
    assert found.to_dict() == pytest.approx(
        {("d1", 2025): 230.0, ("d1", 2026): 234.0, ("d2", 2025): 50.0, ("d2", 2026): 51.0}
    )
    ratios = pd.DataFrame(
        {"department": ["*"], "kind": ["children"], "occupation": ["teacher"], "fte_per_volume": [0.1]}
    )
    change, _ = need_change(volumes, ratios, period="2025-12", years=1)
    assert change.set_index("department")["fte"].to_dict() == pytest.approx({"d1": 0.4, "d2": 0.1})
    assert set(volumes["vintage"]) == {"2025"}


BUDGET = pd.DataFrame(
    [("d1", "nurse", 2025, 10.0), ("d1", "nurse", 2026, 12.0), ("d1", "aide", 2025, 4.0)],
    columns=["department", "occupation", "year", "posts"],
)


def test_budgeted_posts_give_the_change_and_the_opening_gap() -> None:
    found, notes = budget_change(BUDGET, period="2025-12", years=2)
    assert found.set_index(["occupation", "year"])["fte"].to_dict() == {
        ("aide", 1): 0.0, ("nurse", 1): 2.0, ("aide", 2): 0.0, ("nurse", 2): 2.0,
    }  # fmt: skip
    assert "2026" in notes[0]
    staff = pd.DataFrame([("d1", "nurse", 8.5), ("d1", "cook", 1.0)], columns=["department", "occupation", "fte"])
    opening = opening_from_budget(BUDGET, staff, period="2025-12").set_index("occupation")["fte"]
    assert opening.to_dict() == {"nurse": 1.5, "aide": 4.0}


def test_each_department_and_occupation_follows_the_first_source_that_knows_it() -> None:
    work, _ = workload_change(required(NURSES), period="2025-12", years=2)
    budget, _ = budget_change(BUDGET, period="2025-12", years=2)
    found = combined(work, None, budget)
    assert found is not None
    levels = found.drop_duplicates(["department", "occupation"]).set_index("occupation")["level"]
    assert levels.to_dict() == pytest.approx({"nurse": 2.7, "aide": 4.0})
    assert len(found) == 4
    assert combined(None, None) is None
