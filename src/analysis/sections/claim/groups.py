"""The occupational groups to look at first."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.need import horizon
from analysis.publishing.objects.stock import Group, Groups, Note
from analysis.publishing.words.naming import deciders, lever_names, occupation
from analysis.publishing.words.rounding import printed
from analysis.reference import policy
from analysis.sections.claim.bridge import reference
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts, forecast_facts
from analysis.tables.protected import REFERENCE, TOTAL, Cell, Department, ProtectedReport

section = Section(
    "groups",
    places=Place("claim", after="fan"),
    publishes=(
        PlannedTable(id="groups", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
        PlannedTable(id="largest_lever", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
    ),
    reads=("bridge", "headcount", "lever_effects"),
    needs=("recruitment", "staffing_largest"),
    awaits=("groups.title", "turnover"),
)


SHOWN_GROUPS = 3
LIBRARY = "library"
"""Layer of the effects of each lever alone."""
REST = "other_occupations"
"""The group of occupations that are too small for a forecast of their own."""


LEAST_EFFECT = 0.5
"""Full-time posts; a lever that closes less is not named as the largest."""


def group_facts(recruitment: pd.DataFrame) -> pd.DataFrame:
    """Facts ``groups``: the posts of each occupational group that stay empty at the present pace.

    Args:
        recruitment: result of ``staffing.posts.recruitment_need``.
    """
    table = reference(recruitment)
    table = table[(table["occupation"] != TOTAL) & (table["part"] == "empty")]
    return facts(table.assign(table="groups", row=table["occupation"], definition="empty_posts"))


def largest_facts(largest: pd.DataFrame) -> pd.DataFrame:
    """Facts ``largest_lever``: row = occupational group, column = year, layer = its lever; what it closes.

    Args:
        largest: result of ``staffing.levers.effects.largest_levers``, of groups and levers that rest on enough people.
    """
    table = largest.drop(columns="gap").rename(columns={"occupation": "row", "lever": "layer", "expected": "value"})
    return forecast_facts(
        table.assign(column=table["year"].astype("str")), table="largest_lever", unit="fte", definition="empty_posts"
    )


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("recruitment", group_facts), ("staffing_largest", largest_facts))


@section.show
def show(report: ProtectedReport) -> Groups | Note:
    """At most three occupational groups in the order of the posts that stay empty; none without such posts.

    For the whole organisation, where it has no forecast per occupation of its own, the departments' groups. A group
    whose interval reaches into that of the one before it says that the difference is unsure.
    """
    found = _groups(report, report.department)
    if not found and report.department.status == "organisation":
        for item in report.departments[1:]:
            for group in _groups(report, item):
                name = Term("groups.at", {"group": group.name, "department": item})
                found.append(replace(group, name=name))
    if not found:
        return Note(Term("absent.groups"))
    found = [group for group in found if (figure := printed(group.gap)) is not None and figure.value > 0]
    if not found:
        return Note(Term("groups.nobody", {"month": horizon(report)}))
    found.sort(key=lambda group: (-(group.gap.value or 0.0), group.gap.department, group.gap.row))
    chosen = found[:SHOWN_GROUPS]
    unsure = (False, *(not _apart(first.gap, second.gap) for first, second in pairwise(chosen)))
    rows = tuple(replace(group, unsure=doubt) for group, doubt in zip(chosen, unsure, strict=True))
    return Groups(horizon(report), rows)


def _groups(report: ProtectedReport, department: Department) -> list[Group]:
    year, key = horizon(report).key[:4], department.key
    last = max(report.keys("bridge", "column", department=key, layer=REFERENCE), default=year)
    found = []
    for row in report.keys("groups", layer=REFERENCE, department=key):
        gap = report.cell("groups", row, year, layer=REFERENCE, department=key)
        if gap.shown and gap.has_interval:
            found.append(_with_lever(report, Group(_name(report, gap), gap), key, last))
    return found


def _name(report: ProtectedReport, gap: Cell) -> Name | Term:
    """The group's name; other occupations that hold nearly everyone are named by the largest of them."""
    name = occupation(report, gap.row)
    everyone = report.cell("bridge", "empty", gap.column, layer=REFERENCE, department=gap.department)
    limit = policy().headline.nearly_all
    if gap.row != REST or gap.n is None or everyone.n is None or gap.n < limit * everyone.n:
        return name
    heads = {
        row: report.cell("headcount", row, department=gap.department)
        for row in report.keys("headcount", department=gap.department)
        if row not in (TOTAL, REST)
    }
    shown = {row: cell for row, cell in heads.items() if cell.shown}
    if not shown:
        return Term("groups.all")
    largest = max(shown, key=lambda row: (shown[row].value or 0.0, row))
    return Term("groups.all_of_which", {"group": occupation(report, largest), "n": shown[largest]})


def _with_lever(report: ProtectedReport, group: Group, department: str, year: str) -> Group:
    """The group with the lever that takes away most of its empty posts at the last year, or why there is none."""
    month = _month(report, year)
    ahead = report.cell("groups", group.gap.row, year, layer=REFERENCE, department=department)
    for key, name in lever_names(report).items():
        closes = report.cell("largest_lever", group.gap.row, year, layer=key, department=department)
        if closes.shown:
            if abs(closes.value or 0.0) < LEAST_EFFECT:
                return replace(group, without=Term("groups.small_lever", {"month": month}))
            start = _start(report, key, department)
            who = deciders(report).get(key)
            return replace(group, lever=name, closes=closes, month=month, ahead=ahead, start=start, decides=who)
    figure = printed(ahead)
    if figure is None:
        return group
    word = "no_lever" if figure.value <= 0 else "no_reach"
    return replace(group, without=Term(f"groups.{word}", {"month": month}))


def _start(report: ProtectedReport, lever: str, department: str) -> Month | None:
    """The first month in which the lever helps in the department, as printed; None where none is shown."""
    for year in sorted(report.keys("lever_effects", "column", department=department, layer=LIBRARY)):
        figure = printed(report.cell("lever_effects", lever, year, layer=LIBRARY, department=department))
        if figure is not None and figure.value > 0:
            return _month(report, year)
    return None


def _month(report: ProtectedReport, year: str) -> Month:
    return Month(f"{year}-{report.about['horizon'][5:7]}")


def _apart(larger: Cell, smaller: Cell) -> bool:
    return larger.low is not None and smaller.high is not None and larger.low > smaller.high
