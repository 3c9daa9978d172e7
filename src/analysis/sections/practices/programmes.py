"""Programmes for managers, methods and roles: the share of the target group that has taken them."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Note, Table
from analysis.publishing.words.naming import named
from analysis.reference import load
from analysis.sections.practices.measured import table
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section

section = Section(
    "programmes",
    places=Place("figures", after="courses"),
    publishes=(
        PlannedTable(
            id="programmes",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
        ),
        PlannedTable(id="programme_outcomes", sensitivity="medium", rule="share", lines=(), zeros="withheld"),
        PlannedTable(
            id="training_plan", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld"
        ),
    ),
    needs=("facts_competence",),
    counts={
        "p000-01": ("programmes/fritidsledarutbildning",),
        "p000-03": ("programmes/rektorslyftet", "programme_outcomes/rektorsprogrammet"),
        "p000-14": (
            "programmes/ugl",
            "programmes/arbetsmiljo_chef",
            "programmes/konflikthantering",
            "programmes/arbetsratt",
            "programmes/kompetensbaserad_rekrytering",
            "programmes/lonebildning",
            "programmes/forsta_linjen",
            "programmes/hogre_chefer",
            "programme_outcomes/framtida_chef",
        ),
        "p000-15": ("programmes/administratorsakademin", "programmes/vinna_vinna"),
        "p000-19": ("programmes/pedagogiskt_arbetssatt", "programmes/socialratt"),
        "p000-21": ("programmes/chefens_dag",),
        "p002-05": ("training_plan",),
        "p003-19": (
            "programmes/sprakutvecklande",
            "programmes/tidigt_matematiskt",
            "programmes/narvaroarbete",
            "programmes/elevassistenter",
            "programmes/ekonomiuppfoljning",
        ),
    },
)  # fmt: skip
section.facts(Results.indicators)


@section.show
def show(report: Scope) -> Table | Note | None:
    """Programmes in the order of the reference data; then what became of participants, and training by plan."""
    measures = []
    for entry in load("programmes")["programme"]:
        name, month = named("programmes", "programme", entry["id"]), entry.get("due")
        label = Term("programmes.due", {"name": name, "month": Month(month)}) if month else name
        measures.append((label, "programmes", entry["id"], "completed"))
        if entry.get("becomes"):
            became = Term("programmes.became", {"name": name})
            measures.append((became, "programme_outcomes", entry["id"], "became"))
    for row in ("in_time", "outside"):
        measures.append((Term(f"programmes.plan.{row}"), "training_plan", row, "share"))
    return table(report, "programmes.caption", measures, notes=("programmes.note",), folded=True)
