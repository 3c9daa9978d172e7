"""A person stands on one step of a ladder: the one assessed last."""

from __future__ import annotations

import pandas as pd

from analysis.competence import ladder_counts, ladder_facts

from .example import CUTOFF, LADDERS, assessments, people

STAFF = people(("a", "d1", "nurse"), ("b", "d1", "aide"), ("c", "d2", "nurse"), ("d", "d2", "clerk"))


def counts(competence: pd.DataFrame, staff: pd.DataFrame = STAFF, **options: object) -> dict[str, list[int]]:
    table = ladder_counts(competence, staff, LADDERS, cutoff=CUTOFF, **options)
    return {key: part["persons"].tolist() for key, part in table.groupby("department")}


def test_steps_are_counted_per_department_and_in_the_whole_with_zeros_and_group_sizes():
    table = ladder_counts(
        assessments(("a", 1, "2025-03-01"), ("b", 3, "2025-03-01"), ("c", 3, "2024-01-01")),
        STAFF,
        LADDERS,
        cutoff=CUTOFF,
    )
    expected = pd.DataFrame(
        [
            ("all", "care", 1, 1, 3), ("all", "care", 2, 0, 3), ("all", "care", 3, 2, 3),
            ("d1", "care", 1, 1, 2), ("d1", "care", 2, 0, 2), ("d1", "care", 3, 1, 2),
            ("d2", "care", 1, 0, 1), ("d2", "care", 2, 0, 1), ("d2", "care", 3, 1, 1),
        ],
        columns=["department", "model", "step", "persons", "of"],
    )  # fmt: skip
    pd.testing.assert_frame_equal(table, expected, check_dtype=False)


def test_the_latest_assessment_counts_even_when_it_is_lower():
    found = counts(assessments(("a", 3, "2024-01-01"), ("a", 2, "2025-01-01")))
    assert found["d1"] == [0, 1, 0]


def test_of_two_assessments_on_one_day_the_higher_step_counts_in_any_order_of_rows():
    twice = assessments(("a", 3, "2025-01-01"), ("a", 2, "2025-01-01"))
    assert counts(twice)["d1"] == counts(twice.iloc[::-1])["d1"] == [0, 0, 1]


def test_an_assessment_after_the_cutoff_is_not_known_yet():
    assert counts(assessments(("a", 1, "2025-12-31"), ("a", 3, "2026-01-01")))["d1"] == [1, 0, 0]


def test_who_left_or_changed_occupation_stands_on_no_step():
    found = counts(assessments(("gone", 2, "2025-01-01"), ("d", 2, "2025-01-01"), ("a", 1, "2025-01-01")))
    assert found["all"] == [1, 0, 0]


def test_a_person_in_two_departments_is_counted_once_in_the_whole():
    staff = people(("a", "d1", "nurse"), ("a", "d2", "nurse"))
    table = ladder_counts(assessments(("a", 2, "2025-01-01")), staff, LADDERS, cutoff=CUTOFF)
    of = table.drop_duplicates("department").set_index("department")["of"].to_dict()
    assert of == {"all": 1, "d1": 1, "d2": 1}
    assert table.loc[table["department"] == "all", "persons"].sum() == 1


def test_the_hourly_paid_are_not_on_the_ladder():
    staff = pd.concat([STAFF, people(("e", "d1", "nurse"), form="hourly")])
    assert counts(assessments(("e", 1, "2025-01-01"), ("a", 2, "2025-01-01")), staff)["all"] == [0, 1, 0]


def test_a_department_with_nobody_has_zeros():
    table = ladder_counts(
        assessments(("a", 1, "2025-01-01")), STAFF, LADDERS, cutoff=CUTOFF, departments=["d1", "d2", "d3"]
    )
    empty = table[table["department"] == "d3"]
    assert empty[["persons", "of"]].to_numpy().tolist() == [[0, 0]] * 3


def test_a_ladder_that_the_delivery_does_not_hold_has_no_rows():
    assert ladder_counts(assessments(), STAFF, LADDERS, cutoff=CUTOFF).empty


def test_a_step_that_the_ladder_lacks_is_not_counted():
    odd = assessments(("a", 4, "2025-06-01"), ("b", 1, "2025-01-01"))
    assert counts(odd)["all"] == [1, 0, 0]


def test_facts_carry_what_protection_must_know():
    table = ladder_facts(ladder_counts(assessments(("a", 1, "2025-03-01")), STAFF, LADDERS, cutoff=CUTOFF))
    first = table[(table["department"] == "d1") & (table["row"] == "1")].iloc[0]
    assert (first["table"], first["column"], first["definition"]) == ("ladder", "care", "ladder_step")
    assert (first["value"], first["numerator"], first["denominator"]) == (1, 1, 2)


def test_nullable_steps_as_extracts_write_them_are_counted_alike():
    plain = assessments(("a", 1, "2025-03-01"), ("b", 3, "2025-03-01"))
    assert counts(plain.astype({"step": "Int64"})) == counts(plain)
