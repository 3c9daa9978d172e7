"""Series are about the departments of the cut-off."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.workforce.structure import (
    UNMAPPED,
    Structure,
    as_of,
    department_names,
    structure_of,
)
from tests.workforce.example import CUT, table

TOP = [
    {"unit": "k", "level": "kommun", "name": "Kommun"},
    {"unit": "f", "parent": "k", "level": "förvaltning", "name": "Förvaltning"},
]


def node(unit: str, parent: str, level: str = "enhet", **more: Any) -> dict[str, Any]:
    return {"unit": unit, "parent": parent, "level": level, "name": unit.upper()} | more


def structure(nodes: list[dict[str, Any]], units: list[str]) -> Structure:
    return structure_of(pd.Series(units), table("organisation", TOP + nodes), "avdelning", CUT)


def departments(nodes: list[dict[str, Any]], units: list[str]) -> dict[str, str]:
    return structure(nodes, units).departments


def test_a_closed_unit_is_followed_to_its_successors_department() -> None:
    nodes = [node("d1", "f", "avdelning"), node("d2", "f", "avdelning"), node("new", "d2")]
    nodes += [node("old", "d1", valid_to="2022-12-31", successor="between")]
    nodes += [node("between", "d1", valid_to="2023-12-31", successor="new")]
    assert departments(nodes, ["old", "new"]) == {"old": "d2", "new": "d2"}


def test_a_unit_of_a_closed_department_goes_with_the_department() -> None:
    nodes = [
        node("d1", "f", "avdelning", valid_to="2024-06-30", successor="d2"),
        node("d2", "f", "avdelning"),
    ]
    assert departments([*nodes, node("e", "d1")], ["e", "d1"]) == {"e": "d2", "d1": "d2"}


def test_words_for_levels_are_compared_without_case_and_blanks() -> None:
    nodes = [node("d1", "f", "Avdelning "), node("d2", "f", "AVDELNING"), node("e", "d1"), node("g", "d2")]
    assert departments(nodes, ["e", "g"]) == {"e": "d1", "g": "d2"}


def test_a_unit_closed_on_the_cut_off_or_later_is_still_there() -> None:
    nodes = [
        node("d1", "f", "avdelning", valid_to="2025-12-31", successor="d2"),
        node("d2", "f", "avdelning"),
    ]
    assert departments(nodes, ["d1"]) == {"d1": "d1"}


def test_the_version_that_holds_at_the_cut_off_counts_and_not_one_to_come() -> None:
    nodes = [node("d1", "f", "avdelning"), node("d2", "f", "avdelning"), node("d3", "f", "avdelning")]
    nodes += [node("e", "d3", valid_from="2026-01-01"), node("e", "d1", valid_from="2015-01-01")]
    nodes += [node("e", "d2", valid_from="2020-01-01")]
    assert departments(nodes, ["e"]) == {"e": "d2"}


def test_a_unit_above_the_reporting_level_is_its_own_department() -> None:
    assert departments([], ["f", "unheard of"]) == {"f": "f", "unheard of": "unheard of"}


def test_parents_in_a_circle_are_refused_in_one_sentence() -> None:
    with pytest.raises(InputError, match="circle"):
        departments([node("e", "g"), node("g", "e")], ["e"])


@pytest.mark.parametrize(
    "circle",
    [
        [
            node("e", "d1", valid_to="2020-12-31", successor="g"),
            node("g", "d1", valid_to="2021-12-31", successor="e"),
        ],
        [node("e", "d1", valid_to="2020-12-31", successor="e")],
    ],
)
def test_successors_in_a_circle_leave_the_unit_with_its_department_and_are_told(circle: list[dict[str, Any]]) -> None:
    found = structure([node("d1", "f", "avdelning"), *circle], ["e"])
    assert found.departments == {"e": "d1"}
    assert found.restated["rule"].tolist() == ["circle"]


def rule(found: Structure, unit: str) -> tuple[str, str, str]:
    """Department it was coded to, department of the cut-off, and the rule used."""
    line = found.restated.set_index("unit").loc[unit]
    return line["was"], line["department"], line["rule"]


def test_units_renamed_merged_moved_and_left_without_a_successor_are_told_apart() -> None:
    nodes = [node("d1", "f", "avdelning"), node("d2", "f", "avdelning"), node("new", "d1"), node("both", "d2")]
    nodes += [node("d9", "f", "avdelning", valid_to="2020-06-30"), node("dead", "d9", valid_to="2020-06-30")]
    nodes += [node("old", "d1", valid_to="2021-12-31", successor="new")]
    nodes += [node("a", "d1", valid_to="2021-12-31", successor="both")]
    nodes += [node("b", "d2", valid_to="2021-12-31", successor="both")]
    nodes += [node("m", "d1", valid_from="2010-01-01"), node("m", "d2", valid_from="2020-01-01")]
    nodes += [node("closed", "d1", valid_to="2021-12-31"), node("gone to", "d1", valid_to="2021-12-31", successor="?")]
    found = structure(nodes, ["old", "a", "b", "m", "closed", "gone to", "dead", "unheard of", "new"])
    assert rule(found, "old") == ("d1", "d1", "renamed")
    assert rule(found, "a") == ("d1", "d2", "merged")
    assert rule(found, "b") == ("d2", "d2", "merged")
    assert rule(found, "m") == ("d1", "d2", "moved")
    assert rule(found, "closed") == ("d1", "d1", "parent")
    assert rule(found, "gone to") == ("d1", "d1", "parent")
    assert rule(found, "dead") == ("d9", UNMAPPED, "unmapped")
    assert rule(found, "unheard of") == ("unheard of", "unheard of", "unknown")
    assert "new" not in set(found.restated["unit"])


@pytest.mark.parametrize(
    "rows",
    [
        [
            node("old", "d1", valid_to="2022-12-31", successor="a"),
            node("old", "d1", valid_to="2022-12-31", successor="b"),
        ],
        [node("old", "d1", valid_to="2022-12-31", successor="a|b")],
    ],
)
def test_a_split_unit_goes_where_most_of_its_staff_went_else_to_the_first_named(rows: list[dict[str, Any]]) -> None:
    nodes = [node("d1", "f", "avdelning"), node("d2", "f", "avdelning"), node("a", "d1"), node("b", "d2"), *rows]
    organisation = table("organisation", TOP + nodes)
    units = pd.Series(["old"])
    first = structure_of(units, organisation, "avdelning", CUT)
    assert first.split == {"old": ("a", "b")}
    assert rule(first, "old") == ("d1", "d1", "split")
    assert structure_of(units, organisation, "avdelning", CUT, most_went={"old": "b"}).departments == {"old": "d2"}


def test_without_an_organisation_units_are_departments() -> None:
    assert structure_of(pd.Series(["b", "a", None]), None, "", CUT).departments == {"b": "b", "a": "a"}


def test_names_come_in_the_order_of_the_organisation() -> None:
    organisation = table(
        "organisation", [*TOP, node("d9", "f", "avdelning"), node("d1", "f", "avdelning", name_en="One")]
    )
    names = department_names(["d1", "d9"], as_of(organisation, CUT))
    assert names["key"].tolist() == ["d9", "d1"]
    assert names["name_en"].tolist() == ["D9", "One"]
    assert names["parent"].tolist() == ["Förvaltning", "Förvaltning"]
