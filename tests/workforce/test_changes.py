"""Every change of a count is found as what it was: planted, one cause at a time, and adding up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from analysis.periods import cutoff
from analysis.workforce.changes import (
    PARTS,
    parts_of_change,
    persons_corrected,
    persons_moved,
    recounted,
    same_structure,
    standing,
)
from tests.workforce.example import post, table

OLD, NEW = "2025-08", "2025-12"
ABOUT = {"level": "avdelning", "rate": 1.0, "observed_from": "2020-01"}
NODES = [
    {"unit": "k", "level": "kommun", "name": "K"},
    {"unit": "d1", "parent": "k", "level": "avdelning", "name": "D1"},
    {"unit": "d2", "parent": "k", "level": "avdelning", "name": "D2"},
    {"unit": "u1", "parent": "d1", "level": "enhet", "name": "U1"},
    {"unit": "u2", "parent": "d1", "level": "enhet", "name": "U2"},
    {"unit": "u3", "parent": "d2", "level": "enhet", "name": "U3"},
]
STAFF = [
    *(post(f"a{n}", "2020-01-01") for n in range(6)),
    *(post(f"b{n}", "2020-01-01", unit="u2") for n in range(5)),
    *(post(f"c{n}", "2020-01-01", unit="u3") for n in range(7)),
    post("gone", "2020-01-01", "2025-03-31", unit="u1"),
]


Delivered = dict[str, pd.DataFrame | None]


def delivered(staff: list[dict[str, Any]], nodes: list[dict[str, Any]] = NODES) -> Delivered:
    return {"employments": table("employments", staff), "organisation": table("organisation", nodes), "exits": None}


def explained(
    one: Delivered, other: Delivered, *, off: Mapping[tuple[str, str], float] = MappingProxyType({}),
    stood: tuple[tuple[str, str], ...] = (),
) -> pd.DataFrame:  # fmt: skip
    """Parts by figure and department; ``off`` is what the earlier edition printed beside today's count."""
    seen, at = cutoff(OLD), cutoff(NEW)
    first = recounted(one, period=OLD, about=ABOUT)
    ours = standing(other["organisation"], at=at, seen=seen)
    worlds = {
        "before": first,
        "organisation": recounted({**one, "organisation": ours}, period=OLD, about=ABOUT),
        "corrected": recounted({**other, "organisation": ours}, period=OLD, about=ABOUT),
    }
    printed = first.groupby(["figure", "department"]).size().rename("value").reset_index()
    for (figure, department), more in off.items():
        printed.loc[(printed["figure"] == figure) & (printed["department"] == department), "value"] += more
    now = recounted(other, period=NEW, about=ABOUT)
    found = parts_of_change(printed, worlds, now, stood=stood)
    wide = found.pivot_table(index=["figure", "department"], columns="part", values="value")
    assert (wide[list(PARTS)].sum(axis=1) == wide["total"]).all(), "the parts add up exactly"
    return found.set_index(["figure", "department", "part"])


def parts(found: pd.DataFrame, figure: str, department: str) -> dict[str, tuple[float, float]]:
    """Value and persons of the parts that are not nought."""
    mine = found.loc[(figure, department)].drop(index="total")
    return {str(part): (line["value"], line["persons"]) for part, line in mine.iterrows() if line["persons"] > 0}


def test_a_unit_that_moves_is_the_organisation_s_part_and_nothing_in_the_whole() -> None:
    moved = [*NODES[:4], {**NODES[4], "parent": "d2"}, NODES[5]]
    found = explained(delivered(STAFF), delivered(STAFF, moved))
    assert parts(found, "headcount", "d1") == {"organisation": (-5, 5)}
    assert parts(found, "headcount", "d2") == {"organisation": (5, 5)}
    assert parts(found, "headcount", "all") == {}


def test_a_reorganisation_dated_between_the_two_editions_is_the_organisation_s_too() -> None:
    version = {**NODES[4], "parent": "d2", "valid_from": "2025-10-01"}
    old = [*NODES[:4], {**NODES[4], "valid_from": "2010-01-01"}, NODES[5]]
    found = explained(delivered(STAFF, old), delivered(STAFF, [*old, version]))
    assert parts(found, "headcount", "d1") == {"organisation": (-5, 5)}


def test_a_unit_closed_between_the_two_editions_goes_to_its_successor() -> None:
    closed = [*NODES[:4], {**NODES[4], "valid_to": "2025-09-30", "successor": "u3"}, NODES[5]]
    found = explained(delivered(STAFF), delivered(STAFF, closed))
    assert parts(found, "headcount", "d2") == {"organisation": (5, 5)}


@pytest.mark.parametrize("many", [2, 4])
def test_rows_that_should_have_been_there_are_corrections(many: int) -> None:
    forgotten = [post(f"late{n}", "2024-01-01") for n in range(many)]
    found = explained(delivered(STAFF), delivered([*STAFF, *forgotten]))
    assert parts(found, "headcount", "d1") == {"corrected": (many, many)}
    assert parts(found, "headcount", "all") == {"corrected": (many, many)}


def test_a_correction_counts_no_more_persons_than_it_changes_the_figure_by() -> None:
    # four in the place of three: whoever has both editions knows of one
    swapped = [row for row in STAFF if row["person"] not in ("a0", "a1", "a2")]
    found = explained(delivered(STAFF), delivered([*swapped, *(post(f"n{n}", "2020-01-01") for n in range(4))]))
    assert parts(found, "headcount", "d1") == {"corrected": (1, 1)}


def test_who_came_and_who_left_since_is_new() -> None:
    later = [{**row, "end": "2025-10-31"} if row["person"] == "a0" else row for row in STAFF]
    found = explained(delivered(STAFF), delivered([*later, post("n1", "2025-11-01"), post("n2", "2025-12-01")]))
    assert parts(found, "headcount", "d1") == {"new": (1, 3)}
    assert parts(found, "exits", "d1") == {"new": (1, 1)}


def test_an_exit_that_has_left_the_window_is_new_as_well() -> None:
    staff = [*STAFF, post("old", "2020-01-01", "2024-10-15")]
    found = explained(delivered(staff), delivered(staff))
    assert parts(found, "exits", "d1") == {"new": (-1, 1)}


def test_what_the_edition_printed_and_today_s_definition_does_not_count_is_the_definition_s() -> None:
    found = explained(delivered(STAFF), delivered(STAFF), off={("headcount", "d2"): 3})
    assert parts(found, "headcount", "d2") == {"definition": (-3, 3)}


def test_what_the_edition_left_as_it_was_is_a_correction_that_it_did_not_tell() -> None:
    found = explained(
        delivered(STAFF), delivered(STAFF), off={("headcount", "d2"): 2}, stood=(("headcount", "d2"),)
    )  # fmt: skip
    assert parts(found, "headcount", "d2") == {"corrected": (-2, 2)}


def test_all_causes_at_once_add_up() -> None:
    moved = [*NODES[:4], {**NODES[4], "parent": "d2"}, NODES[5]]
    staff = [*STAFF, *(post(f"late{n}", "2024-01-01") for n in range(4)), post("n", "2025-11-01", unit="u3")]
    found = explained(delivered(STAFF), delivered(staff, moved), off={("headcount", "d1"): 3})
    assert parts(found, "headcount", "d1") == {"organisation": (-5, 5), "corrected": (4, 4), "definition": (-3, 3)}
    assert parts(found, "headcount", "d2") == {"organisation": (5, 5), "new": (1, 1)}


def test_without_the_earlier_rows_there_is_the_total_alone() -> None:
    now = recounted(delivered(STAFF), period=NEW, about=ABOUT)
    printed = pd.DataFrame({"figure": ["headcount"], "department": ["d1"], "value": [9.0]})
    found = parts_of_change(printed, None, now)
    assert found.to_dict("records") == [
        {"figure": "headcount", "department": "d1", "part": "total", "value": 2.0, "persons": 11.0}
    ]


def test_names_change_no_structure() -> None:
    renamed = [{**node, "name": "other"} for node in NODES]
    day = cutoff(OLD)
    one, other = (standing(table("organisation", nodes), at=day, seen=day) for nodes in (NODES, renamed))
    assert same_structure(one, other)
    assert not same_structure(one, None)


def test_persons_of_whom_something_else_is_said_of_the_old_time_are_found_and_no_others() -> None:
    later = [{**row, "end": "2025-10-31"} if row["person"] == "a0" else row for row in STAFF]
    later = [{**row, "rate": 0.5} if row["person"] == "b1" else row for row in later]
    one, other = delivered(STAFF), delivered([*later, post("n1", "2025-11-01"), post("late", "2024-01-01")])
    assert persons_corrected(one, other, seen=cutoff(OLD)) == {"b1", "late"}


def test_whoever_changes_department_is_counted_in_both() -> None:
    moved = [*NODES[:4], {**NODES[4], "parent": "d2"}, NODES[5]]
    one, other = (recounted(delivered(STAFF, nodes), period=OLD, about=ABOUT) for nodes in (NODES, moved))
    assert persons_moved(one, other).to_dict() == {"d1": 5, "d2": 5}
