"""Managers by the number of their staff."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.shares import bars
from analysis.publishing.objects.stock import Bars, Note
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "span",
    places=(Place("figures", after="ages"), Place("card", after="manager_survey", pages=("managers",))),
    publishes=(
        PlannedTable(
            id="span",
            sensitivity="low",
            rule="count",
            lines=("departments",),
            halves=(("u15", "15_30", "over_30"),),
            together=True,
            zeros="shown",
        ),
    ),
    needs=("facts_workforce",),
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Bars | Note:
    """Managers by the number of their staff."""
    return bars(report, "span", ("u15", "15_30", "over_30"), "column.managers")
