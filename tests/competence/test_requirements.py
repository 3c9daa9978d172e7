"""How many a requirement asks for, and what is wanting of it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.competence import demands, in_force, needed, placed
from analysis.tables.competence_rows import balance

COLUMNS = ["department", "occupation", "model", "step", "year", "share", "staff"]
STAFF = pd.DataFrame(
    [("d1", "nurse", 10.0), ("d1", "aide", 4.0), ("d2", "nurse", 5.0)], columns=["department", "occupation", "persons"]
)


def required(*rows: tuple[object, ...]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=COLUMNS)
    kinds = {"department": "str", "step": "Int64", "year": "Int64", "share": "float64", "staff": "float64"}
    return table.astype(kinds)


def amounts(rows: pd.DataFrame, year: int, **more: object) -> dict[tuple[str, str], float]:
    table = needed(rows, STAFF, year=year, **more)
    return dict(zip(zip(table["department"], table["occupation"], strict=True), table["needed"], strict=True))


def test_a_share_is_of_those_in_post_and_a_number_stands_as_it_is():
    rows = required((None, "nurse", "care", 2, None, 0.6, None), ("d1", "aide", "first_aid", None, None, None, 3.0))
    assert amounts(rows, 2025) == {("d1", "nurse"): 6.0, ("d2", "nurse"): 3.0, ("d1", "aide"): 3.0}


def test_a_departments_own_row_comes_before_the_one_for_every_department_written_either_way():
    for everywhere in (None, "*"):
        rows = required((everywhere, "nurse", "care", 2, None, 0.6, None), ("d2", "nurse", "care", 2, None, 0.2, None))
        assert amounts(rows, 2025) == {("d1", "nurse"): 6.0, ("d2", "nurse"): 1.0}


def test_a_row_holds_from_its_year_until_a_later_one_and_nobody_is_asked_for_before():
    rows = required(("d1", "nurse", "care", 2, 2026, 0.5, None), ("d1", "nurse", "care", 2, 2028, 0.9, None))
    assert amounts(rows, 2025) == {}
    assert amounts(rows, 2025, until=[2026, 2027]) == {("d1", "nurse"): 0.0}
    assert [amounts(rows, year)["d1", "nurse"] for year in (2026, 2027, 2028, 2035)] == [5.0, 5.0, 9.0, 9.0]


def test_of_two_rows_of_one_year_the_one_that_asks_for_more_holds_in_any_order():
    rows = required(("d1", "nurse", "care", 2, 2025, 0.3, None), ("d1", "nurse", "care", 2, 2025, 0.7, None))
    assert (
        in_force(rows, year=2025)["share"].tolist() == in_force(rows.iloc[::-1], year=2025)["share"].tolist() == [0.7]
    )


def test_two_steps_of_one_ladder_are_two_requirements():
    rows = required((None, "nurse", "care", 2, None, 0.6, None), (None, "nurse", "care", 3, None, 0.2, None))
    assert demands(rows)["step"].tolist() == [2, 3]


amount = st.floats(0, 1000, allow_nan=False)


@given(amount, amount, amount)
def test_what_is_needed_is_filled_unclear_or_missing_and_nothing_else(need: float, held: float, unknown: float):
    unclear, missing = (float(each) for each in balance(np.array(need), np.array(held), np.array(unknown)))
    assert min(held, need) + unclear + missing == pytest.approx(need, abs=1e-9)
    assert 0 <= unclear <= unknown
    # nobody is missing as long as those not assessed could fill every place
    assert missing == pytest.approx(max(need - held - unknown, 0.0), abs=1e-9)


def test_a_row_about_an_administration_holds_in_the_departments_below_it_unless_they_have_their_own():
    rows = required(
        ("f1", "nurse", "care", 2, None, 0.6, None), ("d2", "nurse", "care", 2, None, 0.2, None),
        ("f1", "aide", "first_aid", None, None, None, 3.0), ("e7", "nurse", "care", 2, None, 0.9, None),
        ("town", "nurse", "care", 2, None, 0.1, None), ("town", "nurse", "care", 3, None, 0.1, None),
    )  # fmt: skip
    found, left = placed(rows, ["d1", "d2"], {"d1": ["f1", "town"], "d2": ["f1", "town"]})
    table = needed(found, STAFF, year=2025)
    wanted = table.set_index(["department", "step"])["needed"].to_dict()
    assert wanted == {("d1", 2): 6.0, ("d2", 2): 1.0, ("d1", 3): 1.0, ("d2", 3): 0.5}
    # a number cannot be shared out, and a unit below the departments is none of them
    assert left["department"].tolist() == ["f1", "e7"]
