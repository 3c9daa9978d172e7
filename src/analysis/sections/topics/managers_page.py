"""The page about managers: how far the common programme has come and when it reaches all, and programmes by level."""

from __future__ import annotations

from analysis.periods import shift
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.rows import Point, Series
from analysis.publishing.objects.stock import Note, Points, Several, Table, Trend
from analysis.publishing.words.naming import named
from analysis.reference import load
from analysis.reference.practices import counting
from analysis.sections.practices.measured import Measure, table
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL

coverage = Section(
    "manager_curve",
    places=Place("card", after="card_headline", pages=("managers",)),
    reads=("manager_coverage", "manager_until", "manager_mix"),
)
courses = Section(
    "manager_courses",
    places=Place("card", after="manager_programme", pages=("managers",)),
    reads=("programmes", "programme_outcomes", "introduction"),
)

LEAST = 3
"""Points of a curve; fewer are said in words."""


@coverage.show
def show_coverage(report: Scope) -> Several | Points | None:
    """The share of today's managers who had completed the programme, and when all have at the pace of the last year.

    The goal is all within the stated months of the first round; the sentence says which month that is.
    """
    cells = [(month, report.cell("manager_coverage", month, "completed")) for month in report.keys("manager_coverage")]
    shown = [(month, cell) for month, cell in cells if cell.shown]
    if not shown:
        return None
    said = [Term("manager_curve.now", {"share": shown[-1][1], "month": Month(shown[-1][0])})]
    rounds = report.keys("manager_mix")
    if rounds:
        length = counting().manager_months
        goal = {"first": Month(rounds[0]), "goal": Month(shift(rounds[0], length)), "n": Name.same(str(length))}
        said.append(Term("manager_curve.goal", goal))
    until = report.cell("manager_until", TOTAL, "months")
    if until.shown and until.value:
        said.append(Term("manager_curve.until", {"months": until}))
    points = Points(Term("manager_curve.points"), tuple(said))
    if len(shown) < LEAST:
        return points
    line = Series(Term("manager_curve.line"), tuple(Point(Month(month), cell) for month, cell in cells))
    return Several((Trend(Term("manager_curve.title"), Term("manager_curve.lead"), (line,)), points))


@courses.show
def show_courses(report: Scope) -> Table | Note | None:
    """Programmes by the level they are for, what became of who prepared to lead, and managers with a mentor."""
    measures: list[Measure] = []
    for entry in load("programmes")["programme"]:
        name = named("programmes", "programme", entry["id"])
        if entry["kind"] == "manager":
            measures.append((name, "programmes", entry["id"], "completed"))
        elif entry["kind"] == "future":
            measures.append((Term("programmes.became", {"name": name}), "programme_outcomes", entry["id"], "became"))
    for row in ("managers_new", "managers_experienced"):
        measures.append((Term(f"introduction.{row}"), "introduction", row, "share"))
    return table(report, "manager_courses.caption", measures, notes=("manager_courses.note",))
