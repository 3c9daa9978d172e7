"""The accessibility statement that the law asks of a public page, or that none has been given."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Fact, Term
from analysis.publishing.objects.stock import Points
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section("accessibility", places=Place("accessibility", pages=("methods",)))


@section.show
def show(report: ProtectedReport) -> Points:
    """How the pages are made to be read by everybody, where the statement stands, and whom to tell."""
    statement = Fact.of(report, "contact", "accessibility_statement")
    email = Fact.of(report, "contact", "email")
    given = Term("accessibility.statement", {"where": statement}) if statement else Term("accessibility.none")
    tell = (Term("accessibility.tell", {"email": email}),) if email is not None else ()
    items = (given, Term("accessibility.made"), Term("accessibility.known"), *tell)
    return Points(Term("page.accessibility"), items)
