"""What became of the rows of each file: what was set aside, merged and left out."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Fact, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section("quality", places=Place("quality", pages=("methods",)))

BECAME = ("read", "accepted", "quarantined", "merged", "excluded", "structural")
"""What a record was or became; those after ``read`` add up to it."""


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """A row per file of the delivery: records read, and what became of them."""
    rows = []
    for place in range(len(report.about.get("files", ()))):
        name = Fact.of(report, "files", place, "file")
        if name is not None:
            counts = tuple(Fact.of(report, "files", place, what) for what in BECAME)
            rows.append(Line(name.without_folders(), counts))
    if not rows:
        return Note(Term("quality.absent"))
    columns = (Term("column.file"), *(Term(f"quality.{what}") for what in BECAME))
    return Table(Term("quality.caption"), columns, tuple(rows), (Term("quality.note"),))
