"""Sick leave in the groups of the statutory disclosure."""

from __future__ import annotations

from analysis.publishing.atoms import Term
from analysis.publishing.objects import Line
from analysis.publishing.objects import Note
from analysis.publishing.objects import Table
from analysis.tables.protected import ProtectedReport



def sick_leave(report: ProtectedReport) -> Table | Note:
    """Sick leave in the groups of the statutory disclosure."""
    rows = []
    for key in ("total", "women", "men", "u30", "30_49", "50_plus"):
        cells = (report.cell("sick_leave", key, "share"), report.cell("sick_leave", key, "long"))
        if any(cell.status != "missing" for cell in cells):
            rows.append(Line(Term(f"sick_leave.{key}"), cells))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.silent", {"part": Term("sick_leave.caption")}) if rows else Term("absent.sick_leave"))
    columns = (Term("column.group"), Term("column.sick_leave"), Term("column.long"))
    return Table(Term("sick_leave.caption"), columns, tuple(rows), (Term("sick_leave.note"),))
