"""Sums per department: the whole first, and a person in two departments is one person of the whole."""

from __future__ import annotations

import pandas as pd

from analysis.workforce.indicators.basic import added, per_person, sums

POSTS = pd.DataFrame(
    {"department": ["d2", "d1", "d1", None], "person": ["a", "a", "b", "c"], "hours": [1.0, 2.0, None, 8.0]}
)


def test_the_whole_holds_rows_of_no_department_and_comes_first() -> None:
    found = dict(sums(POSTS, **added("hours"), persons=("person", "nunique")))
    assert list(found) == ["all", "d1", "d2"]
    assert found["all"] == {"n": 4, "hours": 11.0, "persons": 3}
    assert found["d1"] == {"n": 2, "hours": 2.0, "persons": 2}


def test_a_department_asked_for_without_rows_has_nought() -> None:
    found = dict(sums(POSTS, departments=["d1", "d9"], **added("hours")))
    assert found["d9"] == {"n": 0, "hours": 0.0}
    assert "d2" not in found


def test_a_person_in_two_departments_is_one_of_the_whole() -> None:
    own, whole = per_person(POSTS.dropna(subset="department"), ["hours"])
    found = dict(sums(own, whole=whole, **added("hours")))
    assert [found[key]["n"] for key in ("all", "d1", "d2")] == [2, 2, 1]
