"""The department's own value of every measure that the edition defines; how each is counted stands once per edition."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.compared import figure
from analysis.publishing.objects.stock import Line, Table
from analysis.sections.section import EVERY, Place, Section
from analysis.tables.protected import ORGANISATION, ProtectedReport

section = Section("measures", places=Place("figures", pages=("department",)), reads=EVERY)


@section.show
def show(report: ProtectedReport) -> Table | None:
    """A row per definition that has a figure here: the department beside the whole organisation."""
    rows = []
    for entry in report.about.get("definitions", ()):
        own, whole = figure(report, entry), figure(report, entry, department=ORGANISATION)
        if own.shown and own.has_interval:
            continue  # a forecast, which stands with its picture
        if own.shown:
            rows.append(Line(Name(entry["sv"], entry["en"]), (own, whole if whole.shown else None)))
    if not rows:
        return None
    columns = (Term("measures.measure"), Term("measures.here"), Term("measures.whole"))
    return Table(Term("measures.caption"), columns, (), (Term("measures.note"),), by_name=tuple(rows))
