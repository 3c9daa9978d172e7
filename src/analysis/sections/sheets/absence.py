"""Sick leave: all, women and men, and how much of it is long."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL

section = Section("absence", places=Place("people", after="engagement"), reads=("sick_leave",))

GROUPS = (TOTAL, "women", "men")


@section.show
def show(report: Scope) -> Table | Note | None:
    """A row per group; a note where it is withheld, nothing where the delivery has no absences."""
    rows = []
    for key in GROUPS:
        cells = (report.cell("sick_leave", key, "share"), report.cell("sick_leave", key, "long"))
        if any(cell.status != "missing" for cell in cells):
            rows.append(Line(Term(f"sick_leave.{key}"), cells))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.silent", {"part": Term("absence.plain")})) if rows else None
    whole, long = rows[0].cells
    title = Term("absence.plain")
    if whole.shown:
        title = Term("absence.title" if long.shown else "absence.share", {"share": whole, "long": long})
    rest = [row for row in rows[1:] if any(cell.shown for cell in row.cells)]
    if whole.shown and not rest:
        return None if not long.shown else Note(Term("absence.alone", {"share": whole, "long": long}))
    columns = (Term("column.group"), Term("absence.column"), Term("column.long"))
    return Table(title, columns, tuple(rest if whole.shown and long.shown else rows), (Term("absence.note"),))
