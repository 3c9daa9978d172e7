"""A plan's faults are reported, not repaired."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.businessplan import FINDINGS, plan_findings

from .example import COURSES, DEFINITIONS, DEPARTMENTS, PLAN, activity, plan


def findings(*rows: dict[str, object]) -> list[tuple[str, str, str]]:
    table = plan_findings(plan(*rows), departments=DEPARTMENTS, definitions=DEFINITIONS, courses=COURSES, plan=PLAN)
    return [tuple(row) for row in table.itertuples(index=False)]


FAULTLESS = (activity("p1"), activity("p2", assignment=2, boards="SON|BUN", responsible="d0101|HR"))


def test_a_faultless_plan_has_no_findings():
    assert findings(*FAULTLESS) == []


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ({"responsible": None}, ("responsible_missing", "")),
        ({"responsible": " | "}, ("responsible_missing", "")),
        ({"responsible": "d0101|d0999"}, ("unknown_department", "d0999")),
        ({"coordinator": "d0888"}, ("unknown_department", "d0888")),
        ({"due": "2024-12"}, ("due_outside_plan", "2024-12")),
        ({"due": "2027-01"}, ("due_outside_plan", "2027-01")),
        ({"due": None}, ("due_missing", "")),
        ({"area": "Rymden"}, ("area_unknown", "Rymden")),
        ({"boards": "BUN|TN"}, ("board_unknown", "TN")),
        ({"assignment": 7}, ("assignment_unknown", "7")),
        ({"indicator": "happiness"}, ("indicator_unknown", "happiness")),
        ({"duplicate_of": "p9"}, ("duplicate_unknown", "p9")),
        ({"duplicate_of": "p3"}, ("duplicate_circle", "p3")),
        ({"duplicate_of": "p1", "due": "2026-06"}, ("duplicate_differs", "due")),
        ({"duplicate_of": "p1", "status": "done"}, ("duplicate_differs", "status")),
        ({"duplicate_of": "p1", "indicator": "sick_leave"}, ("duplicate_differs", "indicator")),
    ],
)
def test_each_fault_is_one_finding_about_its_row(fields, found):
    assert findings(*FAULTLESS, activity("p3", **fields)) == [(found[0], "p3", found[1])]


def test_a_repetition_under_another_objective_is_no_fault():
    assert findings(*FAULTLESS, activity("p3", duplicate_of="p1", objective="Annat", area="Ekonomi")) == []


def test_two_rows_with_one_id_are_a_finding():
    assert findings(*FAULTLESS, activity("p1")) == [("activity_repeated", "p1", "")]


def test_an_assignment_addressed_to_our_boards_without_activity_is_a_gap_and_others_are_not():
    # assignment 2 is addressed to one of our boards, 3 only to a board that the plan does not cover
    assert findings(activity("p1")) == [("assignment_without_activity", "", "2")]


def test_findings_come_in_a_fixed_order_whatever_the_order_of_rows():
    rows = [activity("p1", indicator="x"), activity("p2", responsible="d7"), activity("p3", due="2030-01")]
    forward = [finding for finding, _, _ in findings(*rows)]
    assert forward == [finding for finding, _, _ in findings(*reversed(rows))]
    assert forward == sorted(forward, key=FINDINGS.index)


def test_no_plan_no_findings():
    empty = plan(activity("p1")).iloc[:0]
    table = plan_findings(empty, departments=DEPARTMENTS, definitions=DEFINITIONS, courses=COURSES, plan=PLAN)
    assert isinstance(table, pd.DataFrame)
    assert table.empty
