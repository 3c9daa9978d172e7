"""The chain of the business plan: what activities hang on, and assignments that no activity carries out."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Note, Table
from analysis.reference import load
from analysis.sections.practices.measured import Measure, table
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section

section = Section(
    "plan_chain",
    places=(
        Place("figures", after="plan", pages=("organisation",)),
        Place("card", after="plan_calendar", pages=("plan",)),
    ),
    publishes=(PlannedTable(id="plan_chain", sensitivity="open", rule="open", lines=(), zeros="shown"),),
    needs=("facts_competence",),
    counts={
        "p003-01": ("plan_chain/activities", "plan_chain/without_indicator"),
        "p003-02": ("plan_chain/assignments_without",),
    },
)
section.facts(Results.indicators)

ROWS = (
    "activities", "objective_only", "assignment_only", "both", "without_indicator", "assignments",
    "assignments_without",
)  # fmt: skip


@section.show
def show(report: Scope) -> Table | Note | None:
    """Counts of the chain, then each assignment to the own boards that has no activity."""
    measures: list[Measure] = [(Term(f"plan_chain.{row}"), "plan_chain", row, "number") for row in ROWS]
    for entry in load("business_plan")["assignment"]:
        number = {"number": Name.same(entry["number"]), "text": Name(entry["sv"], entry["en"])}
        measures.append(
            (Term("plan_chain.assignment", number), "plan_chain", f"assignment_{entry['number']}", "number")
        )
    return table(report, "plan_chain.caption", measures, folded=True)
