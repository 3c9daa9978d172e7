"""Sick leave in the groups of the statutory disclosure."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.reference.bands import banding
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, ProtectedReport

AGES = banding("sick_leave").names

section = Section(
    "sick_leave",
    places=Place("figures", after="span"),
    publishes=(
        PlannedTable(
            id="sick_leave",
            sensitivity="health",
            rule="group",
            lines=("departments",),
            halves=(("women", "men"), AGES),
            zeros="withheld",
        ),
    ),
    needs=("facts_workforce",),
    counts={
        "p003-12": ("sick_leave/total/share", "sick_leave/women/share", "sick_leave/men/share"),
    },
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Sick leave in the groups of the statutory disclosure."""
    rows = []
    for key in (TOTAL, "women", "men", *AGES):
        cells = (report.cell("sick_leave", key, "share"), report.cell("sick_leave", key, "long"))
        if any(cell.status != "missing" for cell in cells):
            rows.append(Line(Term(f"sick_leave.{key}"), cells))
    ended = report.about.get("history", {}).get("covered", {}).get("absences")
    if not rows and ended:
        return Note(Term("absent.sick_leave.ended", {"month": Month(ended)}))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.silent", {"part": Term("sick_leave.caption")}) if rows else Term("absent.sick_leave"))
    columns = (Term("column.group"), Term("column.sick_leave"), Term("column.long"))
    return Table(Term("sick_leave.caption"), columns, tuple(rows), (Term("sick_leave.note"),))
