"""Every department in the order of the organisation."""

from __future__ import annotations

from analysis.publishing.atoms import Month, Name, Term
from analysis.publishing.objects import Line, Note, Table
from analysis.sections.section import Place, Section
from analysis.tables.protected import EVERYONE, REFERENCE, TOTAL, ProtectedReport

section = Section(
    "departments",
    places=Place("departments", pages=("organisation",)),
    reads=("headcount", "bridge", "key_figures"),
)


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Every department in the order of the organisation. Small units are not ranked.

    The form of the page for everyone shows none of them and says where they are.
    """
    if report.about.get("audience") == EVERYONE:
        return Note(Term("departments.elsewhere"))
    year = report.about["horizon"][:4]
    rows = []
    for item in report.departments:
        parent = Name(item.parent, item.parent_en) if item.parent else None
        if item.status == "pooled":
            rows.append(Line(item, (parent, Term("departments.pooled"), None, None, None)))
            continue
        cells = (
            report.cell("headcount", TOTAL, department=item.key),
            report.cell("bridge", "recruitment_need", year, layer=REFERENCE, department=item.key),
            report.cell("bridge", "empty", year, layer=REFERENCE, department=item.key),
            report.cell("key_figures", "own_request", "now", department=item.key),
        )
        rows.append(Line(item, (parent, *cells)))
    heads = ("department", "administration", "persons", "to_fill", "empty", "own_request")
    columns = tuple(Term(f"column.{name}", {"month": Month(report.about["horizon"])}) for name in heads)
    return Table(Term("departments.caption"), columns, tuple(rows), (Term("departments.note"),))
