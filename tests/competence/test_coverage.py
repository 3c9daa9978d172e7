"""Coverage is those who completed, of those who should."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.competence import course_coverage, course_facts

from .example import COURSES, CUTOFF, people, trainings

STAFF = pd.concat(
    [
        people(("a", "d1", "nurse"), ("b", "d1", "aide"), ("c", "d2", "nurse"), ("d", "d2", "clerk")),
        people(("h", "d2", "nurse"), form="hourly"),
    ],
    ignore_index=True,
)


def coverage(*rows: tuple[str, str, str | None, str | None, str], staff: pd.DataFrame = STAFF) -> pd.DataFrame:
    return course_coverage(trainings(*rows), staff, COURSES, cutoff=CUTOFF).set_index(["course", "department"])


def test_shares_are_of_the_target_group_and_the_hourly_count_only_where_the_course_says_so():
    done = [(who, course, None, "2025-05-05", "completed") for who in "ah" for course in ("safety", "safety_all")]
    table = coverage(*done)
    assert table["completed"].to_dict() == {
        ("safety", "all"): 1, ("safety", "d1"): 1, ("safety", "d2"): 0,
        ("safety_all", "all"): 2, ("safety_all", "d1"): 1, ("safety_all", "d2"): 1,
    }  # fmt: skip
    assert table["staff"].tolist() == [3, 2, 1, 5, 2, 3]
    assert table["share"].tolist() == pytest.approx([1 / 3, 1 / 2, 0, 2 / 5, 1 / 2, 1 / 3])


def test_the_target_is_the_courses_own_or_missing():
    table = coverage(("a", "safety", None, None, "completed"), ("a", "safety_all", None, None, "completed"))
    assert table.loc["safety", "target"].tolist() == [0.5, 0.5, 0.5]
    assert table.loc["safety_all", "target"].isna().all()


@pytest.mark.parametrize(
    ("end", "status", "counts"),
    [
        ("2025-12-31", "completed", 1),
        ("2026-01-01", "completed", 0),
        (None, "completed", 1),
        ("2025-06-01", "dropped", 0),
        ("2025-06-01", "enrolled", 0),
    ],
)
def test_only_what_was_completed_by_the_cutoff_counts(end, status, counts):
    assert coverage(("a", "safety", "2025-01-01", end, status)).loc[("safety", "d1"), "completed"] == counts


def test_completing_twice_or_after_dropping_out_counts_once():
    table = coverage(
        ("a", "safety", None, "2024-01-01", "dropped"),
        ("a", "safety", None, "2025-01-01", "completed"),
        ("a", "safety", None, "2025-02-01", "completed"),
    )
    assert table.loc[("safety", "d1"), "completed"] == 1


def test_who_left_or_is_outside_the_target_group_does_not_count():
    table = coverage(
        ("gone", "safety", None, "2025-01-01", "completed"), ("d", "safety", None, "2025-01-01", "completed")
    )
    assert table["completed"].sum() == 0


def test_a_person_in_two_departments_counts_in_both_and_once_in_the_whole():
    table = coverage(("a", "safety", None, None, "completed"), staff=people(("a", "d1", "nurse"), ("a", "d2", "nurse")))
    assert table["staff"].tolist() == [1, 1, 1]


def test_a_department_without_target_group_has_no_share_rather_than_zero():
    table = coverage(("a", "safety", None, None, "completed"), staff=people(("a", "d1", "nurse"), ("b", "d2", "clerk")))
    assert table.loc[("safety", "d2"), "staff"] == 0
    assert pd.isna(table.loc[("safety", "d2"), "share"])


def test_a_course_without_any_record_is_missing_and_not_zero():
    assert set(coverage(("a", "safety", None, None, "enrolled")).index.get_level_values(0)) == {"safety"}
    assert coverage().empty


def test_facts_hold_completion_with_its_counts_and_the_target_without():
    table = course_facts(coverage(("a", "safety", None, None, "completed")).reset_index())
    done = table[(table["department"] == "d1") & (table["column"] == "completed")].iloc[0]
    aim = table[(table["department"] == "d1") & (table["column"] == "target")].iloc[0]
    assert (done["value"], done["n"], done["numerator"], done["denominator"]) == (0.5, 2, 1, 2)
    assert (aim["value"], aim["definition"]) == (0.5, "course_target")
    assert pd.isna(aim["n"])


def test_a_course_of_one_administration_is_not_asked_of_departments_that_take_no_part():
    courses = {"safety": COURSES["safety"] | {"occupations": [], "participating": 0.4}}
    records = trainings(("a", "safety", None, "2025-05-05", "completed"))
    table = course_coverage(records, STAFF, courses, cutoff=CUTOFF).set_index("department")
    assert table["staff"].to_dict() == {"all": 2, "d1": 2, "d2": 0}
    assert table["share"]["all"] == 0.5
    assert pd.isna(table["share"]["d2"])
