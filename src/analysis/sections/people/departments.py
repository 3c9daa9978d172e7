"""Every department in the order of the organisation, on one scale."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Note
from analysis.publishing.views.multiples import Multiples, Strip, strip_of
from analysis.sections.section import Place, Section
from analysis.tables.protected import EVERYONE, ProtectedReport

section = Section(
    "departments",
    places=Place("departments", pages=("organisation",)),
    reads=("bridge", "turnover_series", "exits"),
)


@section.show
def show(report: ProtectedReport) -> Multiples | Note:
    """Every department in the order of the organisation, those too small for a report with the reason.

    The form of the page for everyone shows none of them and says where they are.
    """
    if report.about.get("audience") == EVERYONE:
        return Note(Term("departments.elsewhere"))
    rows = [
        Strip(item, why=Term("departments.pooled")) if item.status == "pooled" else strip_of(report, item)
        for item in report.departments
        if item.status != "organisation"
    ]
    words = Term("departments.caption"), Term("departments.lead")
    return Multiples(*words, tuple(rows), Month(report.about["horizon"]), (Term("departments.note"),))
