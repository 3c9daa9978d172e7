"""Completed courses against their targets."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Bar, Bars, Note
from analysis.publishing.words.naming import named
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "courses",
    places=Place("figures", after="headcount"),
    publishes=(
        PlannedTable(
            id="courses",
            sensitivity="medium",
            rule="share",
            open_columns=("target",),
            lines=("departments",),
            zeros="withheld",
            full="shown",
        ),
    ),
    needs=("facts_competence",),
    counts={
        "p003-03": ("courses/hot_och_vald/completed",),
    },
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Bars | Note | None:
    """Completed courses against their targets."""
    found = []
    for key in report.keys("courses"):
        done, target = report.cell("courses", key, "completed"), report.cell("courses", key, "target")
        if done.status != "missing":
            found.append(Bar(named("courses", "course", key), done, target if target.shown else None))
    if not any(bar.cell.shown for bar in found):
        if not found and report.about.get("has", {}).get("training", False):
            return None  # the delivery has courses; none of them concerns the department
        return Note(Term("absent.silent", {"part": Term("courses.title")}) if found else Term("absent.courses"))
    return Bars(Term("courses.title"), Term("courses.lead"), tuple(found), Term("column.completed"))
