"""Staff by age."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.shares import bars
from analysis.publishing.objects.stock import Bars, Note
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "ages",
    places=Place("figures", after="ladders"),
    publishes=(
        PlannedTable(
            id="age",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
            halves=(("u35", "35_54", "55_plus"),),
        ),
    ),
    needs=("facts_workforce",),
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Bars | Note:
    """Staff by age."""
    return bars(report, "age", ("u35", "35_54", "55_plus"), "column.share")
