"""What units report once a year: done, of how much, this year beside the one before."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Note, Table
from analysis.reference import load
from analysis.sections.practices.measured import matrix
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import Cell

section = Section(
    "reported",
    places=Place("figures", after="role_mix", pages=("organisation",)),
    publishes=(
        PlannedTable(id="reported", sensitivity="open", rule="open", lines=(), zeros="shown"),
        PlannedTable(id="reported_shares", sensitivity="medium", rule="share", lines=(), zeros="withheld"),
        PlannedTable(id="reported_persons", sensitivity="medium", rule="count", lines=(), zeros="withheld"),
    ),
    needs=("facts_competence",),
    counts={
        "p000-17": ("reported/planning_hours_planned", "reported/planning_hours_kept"),
        "p000-28": ("reported_shares/working_time_agreement", "reported_shares/early_transition"),
        "p001-05": ("reported/technology_hours", "reported/technology_stress"),
        "p003-14": ("reported_persons/incidents", "reported/risk_assessments"),
        "p003-16": ("reported/practice_places", "reported_persons/students_hired"),
        "p003-17": ("reported/planning_support", "reported/staffing_kept"),
        "p003-18": ("reported/time_teaching", "reported/time_planning", "reported/time_documentation"),
        "p003-22": ("reported/labour_places_offered", "reported_persons/labour_places_filled"),
    },
)  # fmt: skip
section.facts(Results.indicators)


@section.show
def show(report: Scope) -> Table | Note | None:
    """Each kind of count that the delivery holds, in the order of the reference data."""
    rows: list[tuple[Name | Term, list[Cell]]] = []
    for entry in load("follow_up")["kind"]:
        table = "reported"
        if entry.get("persons"):
            table = "reported_shares" if entry["value"] == "share" else "reported_persons"
        cells = [report.cell(table, entry["id"], column) for column in ("now", "before")]
        rows.append((Name(entry["sv"], entry["en"]), cells))
    heads = ("column.practice.measure", "column.reported.now", "column.reported.before")
    return matrix(report, "reported.caption", heads, rows, notes=("reported.note",), folded=True)
