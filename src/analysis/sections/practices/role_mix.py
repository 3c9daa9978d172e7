"""The mix of roles beside scarce occupations, and what everyone in care should at least be or know."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name
from analysis.publishing.objects.stock import Note, Table
from analysis.reference import load
from analysis.sections.practices.measured import table
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section

section = Section(
    "role_mix",
    places=Place("figures", after="programmes"),
    publishes=(
        PlannedTable(id="role_mix", sensitivity="low", rule="group", lines=("departments",), zeros="shown"),
        PlannedTable(id="least_level", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld"),
    ),
    needs=("facts_competence",),
    counts={
        "p001-01": ("role_mix/assistants_per_teacher",),
        "p003-23": ("least_level",),
    },
)
section.facts(Results.indicators)


@section.show
def show(report: Scope) -> Table | Note | None:
    """Each mix and each level that the department has the occupations of."""
    settings = load("practices")["counting"]
    measures = [
        (Name(entry["sv"], entry["en"]), name, key, column)
        for kind, name, column in (("mix", "role_mix", "ratio"), ("level", "least_level", "share"))
        for key, entry in settings[kind].items()
    ]
    return table(report, "role_mix.caption", measures, folded=True)
