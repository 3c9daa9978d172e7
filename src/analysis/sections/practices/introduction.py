"""How newcomers and managers are received: introductions in time, mentors, introduction periods."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Note, Table
from analysis.publishing.words.naming import named
from analysis.sections.practices.measured import table
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section

section = Section(
    "introduction",
    places=Place("figures", after="programmes"),
    publishes=(
        PlannedTable(id="introduction", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld"),
        PlannedTable(id="introduction_days", sensitivity="medium", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="introduction_length", sensitivity="medium", rule="group", lines=(), zeros="shown"),
    ),
    needs=("facts_competence",),
    counts={
        "p000-13": (
            "introduction/e_introduktion_medarbetare",
            "introduction/e_introduktion_chef",
            "introduction_days/e_introduktion_medarbetare",
            "introduction_days/e_introduktion_chef",
        ),
        "p000-23": ("introduction/managers_new", "introduction/managers_experienced"),
        "p000-24": ("introduction/mentor_in_time", "introduction/mentor_overdue", "introduction_length"),
        "p000-25": ("introduction/period_full", "introduction/period_licence", "introduction/period_post"),
        "p003-13": ("introduction/gemensam_introduktion", "introduction/period_named"),
    },
)
section.facts(Results.indicators)

INTRODUCTIONS = ("e_introduktion_medarbetare", "e_introduktion_chef", "gemensam_introduktion")
ROWS = (
    "mentor_in_time", "mentor_overdue", "period_full", "period_licence", "period_post", "period_named", "managers_new",
    "managers_experienced",
)  # fmt: skip


@section.show
def show(report: Scope) -> Table | Note | None:
    """Introductions and their days, mentors of newcomers, introduction periods, mentors of managers."""
    measures = []
    for key in INTRODUCTIONS:
        name = {"name": named("programmes", "programme", key)}
        measures.append((Term("introduction.completed", name), "introduction", key, "share"))
        measures.append((Term("introduction.days", name), "introduction_days", key, "median"))
    measures += [(Term(f"introduction.{row}"), "introduction", row, "share") for row in ROWS]
    measures += [
        (Term(f"introduction.length.{row}"), "introduction_length", row, "months") for row in ("planned", "kept")
    ]
    return table(report, "introduction.caption", measures, notes=("introduction.note",), folded=True)
