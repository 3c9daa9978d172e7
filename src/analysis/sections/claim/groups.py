"""The occupational groups to look at first."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.atoms import Month, Order, Term
from analysis.publishing.naming import lever_names, occupation
from analysis.publishing.need import horizon
from analysis.publishing.objects import Group, Groups, Note
from analysis.publishing.rounding import printed
from analysis.sections.claim.bridge import reference
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts, forecast_facts
from analysis.tables.protected import REFERENCE, TOTAL, Cell, ProtectedReport

section = Section(
    "groups",
    places=Place("claim", after="outlook"),
    publishes=(
        PlannedTable(id="groups", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
        PlannedTable(id="largest_lever", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
    ),
    reads=("bridge",),
    needs=("staffing_bridge", "staffing_largest"),
    awaits=("groups.title", "turnover"),
)


SHOWN_GROUPS = 3


LEAST_EFFECT = 0.5
"""Full-time posts; a lever that closes less is not named as the largest."""


def group_facts(bridge: pd.DataFrame) -> pd.DataFrame:
    """Facts ``groups``: the gap of each occupational group, on the reference path.

    Args:
        bridge: result of ``staffing.bridge``.
    """
    table = reference(bridge)
    table = table[(table["occupation"] != TOTAL) & (table["part"] == "gap")]
    return facts(table.assign(table="groups", row=table["occupation"], definition="need_gap"))


def largest_facts(largest: pd.DataFrame) -> pd.DataFrame:
    """Facts ``largest_lever``: row = occupational group, column = year, layer = its lever; what it closes.

    Args:
        largest: result of ``staffing.effects.largest_levers``, of groups and levers that rest on enough people.
    """
    table = largest.drop(columns="gap").rename(columns={"occupation": "row", "lever": "layer", "expected": "value"})
    return forecast_facts(
        table.assign(column=table["year"].astype("str")), table="largest_lever", unit="fte", definition="need_gap"
    )


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_bridge", group_facts), ("staffing_largest", largest_facts))


@section.show
def show(report: ProtectedReport) -> Groups | Note:
    """Three occupational groups with the largest gaps.

    For the whole organisation, where it has no forecast per occupation of its own, the departments'
    groups. In the order of their gaps only where their intervals part from each other, else in the order
    of the alphabet: an order that the figures do not carry is not shown.
    """
    found = _groups(report, report.department.key)
    if not found and report.department.status == "organisation":
        for item in report.departments[1:]:
            for group in _groups(report, item.key):
                name = Term("groups.at", {"group": group.name, "department": item})
                found.append(replace(group, name=name))
    if not found:
        return Note(Term("absent.groups"))
    found.sort(key=lambda group: -(group.gap.value or 0.0))
    chosen = found[:SHOWN_GROUPS]
    parted = all(_apart(first.gap, second.gap) for first, second in pairwise(chosen))
    return Groups(horizon(report), tuple(chosen), Order.GAP if parted else Order.ALPHABET)


def _groups(report: ProtectedReport, department: str) -> list[Group]:
    year = horizon(report).key[:4]
    last = max(report.keys("bridge", "column", department=department, layer=REFERENCE), default=year)
    found = []
    for key in report.keys("groups", layer=REFERENCE, department=department):
        gap = report.cell("groups", key, year, layer=REFERENCE, department=department)
        if gap.shown and gap.has_interval:
            found.append(_with_lever(report, Group(occupation(report, key), gap), department, last))
    return found


def _with_lever(report: ProtectedReport, group: Group, department: str, year: str) -> Group:
    """The group with the lever that closes most of its gap at the last year, or with why the edition names none."""
    month = Month(f"{year}-{report.about['horizon'][5:7]}")
    for key, name in lever_names(report).items():
        closes = report.cell("largest_lever", group.gap.row, year, layer=key, department=department)
        if closes.shown:
            if abs(closes.value or 0.0) < LEAST_EFFECT:
                return replace(group, without=Term("groups.small_lever", {"month": month}))
            return replace(group, lever=name, closes=closes, month=month)
    ahead = report.cell("groups", group.gap.row, year, layer=REFERENCE, department=department)
    figure = printed(ahead)
    if figure is None:
        return group
    word = "no_lever" if figure.value <= 0 else "no_reach"
    return replace(group, without=Term(f"groups.{word}", {"month": month}))


def _apart(larger: Cell, smaller: Cell) -> bool:
    return larger.low is not None and smaller.high is not None and larger.low > smaller.high
