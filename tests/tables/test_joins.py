"""Two tables meet by their keys; what has no partner is counted, and never grows in silence."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.tables.joins import collected, every_pair, join, report

UNITS = pd.DataFrame({"unit": ["u1", "u2", "u2", "u9", None], "staff": [1, 2, 3, 4, 5]})
NAMES = pd.DataFrame({"unit": ["u2", "u1", "u7", None], "name": ["Two", "One", "Seven", "Nobody"]})


def test_rows_without_a_partner_are_kept_counted_and_named() -> None:
    found, lost = join(UNITS, NAMES, "unit", name="staff → units")
    assert found["name"].fillna("–").tolist() == ["One", "Two", "Two", "–", "–"]
    assert (lost.left, lost.left_unmatched, lost.right, lost.right_unmatched) == (5, 2, 4, 2)
    assert lost.examples == ("u9",)


def test_an_empty_key_is_no_partner_of_another_empty_key() -> None:
    found, _ = join(UNITS, NAMES, "unit", how="inner", name="staff → units")
    assert "Nobody" not in set(found["name"])
    assert len(found) == 3


def test_rows_that_would_multiply_are_refused_with_their_keys() -> None:
    with pytest.raises(InputError, match=r"staff by unit: 1 key occurs more than once in the right table \(u2\)"):
        join(NAMES, UNITS, "unit", name="staff by unit")


def test_keys_of_persons_are_never_named() -> None:
    people = pd.DataFrame({"person": ["secret", "secret", "other"], "x": [1, 2, 3]})
    _, lost = join(people, people.iloc[2:].drop(columns="x"), "person", name="p")
    assert lost.left_unmatched == 2
    assert lost.examples == ()
    with pytest.raises(InputError) as caught:
        join(people, people, "person", name="p")
    assert "secret" not in str(caught.value)


def test_two_keys_must_both_agree() -> None:
    left = pd.DataFrame({"a": ["x", "x", None], "b": [1, 2, 3]})
    right = pd.DataFrame({"a": ["x", "y", None], "b": [1, 2, 3], "found": True})
    found, lost = join(left, right, ["a", "b"], name="both")
    assert found["found"].notna().tolist() == [True, False, False]
    assert (lost.left_unmatched, lost.right_unmatched, lost.examples) == (2, 2, ("x 2",))


def test_an_empty_table_joins_like_any_other() -> None:
    _, lost = join(UNITS.iloc[:0], NAMES, "unit", name="nobody")
    assert (lost.left, lost.left_unmatched, lost.right_unmatched) == (0, 0, 4)


def test_the_report_has_a_line_per_join() -> None:
    _, lost = join(UNITS, NAMES, "unit", name="staff → units")
    assert report([lost]).loc[0].tolist() == ["staff → units", 5, 4, 2, 2, "u9"]


def test_every_pair_is_each_with_each() -> None:
    assert len(every_pair(UNITS[["staff"]], NAMES[["name"]])) == 20


def test_joins_inside_a_room_are_collected_for_the_report_of_the_stage_that_asked() -> None:
    with collected() as outer:
        join(UNITS, NAMES, "unit", name="staff → units")
        with collected() as inner:
            join(UNITS.iloc[:1], NAMES, "unit", name="one → units")
    join(UNITS, NAMES, "unit", name="afterwards")
    assert [each.name for each in outer] == ["staff → units", "one → units"]
    assert [each.name for each in inner] == ["one → units"]


def test_nothing_is_collected_on_after_a_join_was_refused() -> None:
    with pytest.raises(InputError), collected() as found:
        join(NAMES, UNITS, "unit", name="staff by unit")
    join(UNITS, NAMES, "unit", name="afterwards")
    assert found == []


def test_of_a_join_made_every_year_the_report_shows_the_one_that_left_over_most() -> None:
    with collected() as found:
        for rows in (slice(0, 3), slice(0, 4), slice(0, 2)):
            join(UNITS.iloc[rows], NAMES.dropna(), "unit", name="staff → units")
    lines = report(found)
    assert lines[["join", "left", "left_unmatched", "examples"]].to_numpy().tolist() == [["staff → units", 4, 1, "u9"]]
