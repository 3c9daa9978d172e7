"""Whose page it is and of which edition: the page's header and footer."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Fact, Month, Name
from analysis.publishing.objects.stock import Masthead
from analysis.publishing.words.naming import place
from analysis.sections.report import Scope
from analysis.sections.section import CARDS, Place, Section

section = Section("masthead", places=(Place("claim"), Place("card", pages=CARDS)))


def page_of(report: Scope) -> str:
    """The file name of a page that is not a report of its department's own; '' for one that is."""
    return report.page if report.page in CARDS else str(report.about.get("audience", ""))


@section.show
def show(report: Scope) -> Masthead:
    """Header and footer."""
    contact = {name: Fact.of(report, "contact", name) for name in ("name", "email", "accessibility_statement")}
    return Masthead(
        report.department,
        place(report),
        Month(report.about["period"]),
        contact["name"],
        contact["email"],
        contact["accessibility_statement"],
        Fact.of(report, "edition"),
        bool(report.about.get("preview", False)),
        page=Name.same(name) if (name := page_of(report)) else None,
        tried=Fact.of(report, "tried"),
        topics=tuple(Name.same(name) for name in report.about.get("topics", ())),
    )
