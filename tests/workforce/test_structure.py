"""Series are about the departments of the cut-off."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.workforce.structure import as_of, department_names, units_to_departments
from tests.workforce.example import CUT, table

TOP = [
    {"unit": "k", "level": "kommun", "name": "Kommun"},
    {"unit": "f", "parent": "k", "level": "förvaltning", "name": "Förvaltning"},
]


def node(unit: str, parent: str, level: str = "enhet", **more: Any) -> dict[str, Any]:
    return {"unit": unit, "parent": parent, "level": level, "name": unit.upper()} | more


def departments(nodes: list[dict[str, Any]], units: list[str]) -> dict[str, str]:
    return units_to_departments(pd.Series(units), table("organisation", TOP + nodes), "avdelning", CUT)


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


@pytest.mark.parametrize(
    "circle",
    [
        [
            node("e", "f", valid_to="2020-12-31", successor="g"),
            node("g", "f", valid_to="2021-12-31", successor="e"),
        ],
        [node("e", "g"), node("g", "e")],
        [node("e", "f", valid_to="2020-12-31", successor="e")],
    ],
)
def test_a_circle_is_refused_in_one_sentence(circle: list[dict[str, Any]]) -> None:
    with pytest.raises(InputError, match="circle"):
        departments(circle, ["e"])


def test_without_an_organisation_units_are_departments() -> None:
    assert units_to_departments(pd.Series(["b", "a", None]), None, "", CUT) == {"b": "b", "a": "a"}


def test_names_come_in_the_order_of_the_organisation() -> None:
    organisation = table(
        "organisation", [*TOP, node("d9", "f", "avdelning"), node("d1", "f", "avdelning", name_en="One")]
    )
    names = department_names(["d1", "d9"], as_of(organisation, CUT))
    assert names["key"].tolist() == ["d9", "d1"]
    assert names["name_en"].tolist() == ["D9", "One"]
    assert names["parent"].tolist() == ["Förvaltning", "Förvaltning"]
