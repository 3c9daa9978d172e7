"""Declared career edges, and the steps of ladders: who could, who is on the way, who moved."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.pages.names import TOPICS
from analysis.publishing.words.naming import named
from analysis.reference import load
from analysis.sections.practices.measured import matrix
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, Cell

section = Section(
    "careers",
    places=(
        Place("figures", after="studies", pages=("organisation",)),
        Place("card", after="career_graph", pages=("careers",)),
    ),
    publishes=(
        PlannedTable(id="careers", sensitivity="medium", rule="count", lines=(), zeros="withheld"),
        PlannedTable(
            id="career_could",
            sensitivity="medium",
            rule="share",
            lines=(),
            zeros="withheld",
            full="shown",
            group_at_least="forecast",
        ),
    ),
    needs=("facts_competence",),
    counts={
        "p000-01": ("careers/e01/moved",),
        "p000-10": ("careers/e13/moved", "careers/e14/moved"),
        "p000-20": ("careers/e29",),
        "p001-02": ("careers/e30/moved", "careers/e31/moved", "careers/e32/moved"),
        "p001-03": ("careers/e33/moved", "careers/e34/moved"),
    },
)
section.facts(Results.indicators)

NOBODY = "careers.no_end"


@section.show
def show(report: Scope) -> Table | None:
    """Every declared edge by its ends and kind, with what of it can be counted; nothing where nothing can."""
    rows, shown = [], False
    for entry in load("careers")["edge"]:
        key, ends = entry["id"], []
        for end in (entry["from"], entry["to"]):
            ends.append(Name(end["sv"], end["en"]) if end["sv"] else Term(NOBODY))
        cells = [report.cell("career_could", key, "could")]
        cells += [report.cell("careers", key, column) for column in ("on_the_way", "moved")]
        shown = shown or any(cell.shown for cell in cells)
        label = Term("careers.edge", {"from": ends[0], "to": ends[1], "kind": Term(f"careers.kind.{entry['kind']}")})
        rows.append(Line(label, tuple(cell if cell.status != "missing" else None for cell in cells)))
    if not shown:
        return None
    columns = tuple(Term(f"column.careers.{name}") for name in ("edge", "could", "on_the_way", "moved"))
    return Table(
        Term("careers.caption"), columns, tuple(rows), (Term("careers.note"),), folded=report.page not in TOPICS
    )


steps = Section(
    "ladder_steps",
    places=(
        Place("figures", after="careers", pages=("organisation",)),
        Place("card", after="careers", pages=("careers",)),
    ),
    publishes=(
        PlannedTable(id="step_time", sensitivity="medium", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="step_left", sensitivity="medium", rule="share", lines=(), zeros="withheld"),
        PlannedTable(id="step_measures", sensitivity="medium", rule="share", lines=(), zeros="withheld", full="shown"),
    ),
    needs=("facts_competence",),
    counts={
        "p000-11": ("step_time/*/social_ladder", "step_left/*/social_ladder"),
        "p001-04": ("step_measures/social_ladder",),
    },
)
steps.facts(Results.indicators)


@steps.show
def show_steps(report: Scope) -> Table | Note | None:
    """Each step of each ladder: time on it, leaving, and the share who took its measures."""
    rows: list[tuple[Name | Term, list[Cell]]] = []
    for ladder in load("ladders")["ladder"]:
        for step, names in enumerate(ladder["steps"], start=1):
            key = ladder["id"]
            cells = [report.cell("step_time", str(step), key), report.cell("step_left", str(step), key)]
            cells.append(report.cell("step_measures", key, str(step)))
            name = {"ladder": Name(ladder["sv"], ladder["en"]), "step": Name(names["sv"], names["en"])}
            rows.append((Term("ladder_steps.row", name), cells))
    heads = tuple(f"column.ladder_steps.{name}" for name in ("step", "time", "left", "measures"))
    return matrix(report, "ladder_steps.caption", heads, rows, notes=("ladder_steps.note",), folded=True)


STEPS = tuple(str(step) for step in range(1, 7))
"""Steps of the ladders that have groups."""

groups = Section(
    "ladder_groups",
    places=(
        Place("figures", after="ladder_steps", pages=("organisation",)),
        Place("card", after="ladder_steps", pages=("careers",)),
    ),
    publishes=(
        PlannedTable(
            id="ladder_groups",
            sensitivity="medium",
            rule="count",
            lines=(),
            sums=((TOTAL, *STEPS, "none"),),
            zeros="withheld",
        ),
        PlannedTable(id="ladder_placed", sensitivity="medium", rule="share", lines=(), zeros="withheld"),
    ),
    needs=("facts_competence",),
    counts={
        "p000-12": ("ladder_groups", "ladder_placed/it_ladder"),
    },
)
groups.facts(Results.indicators)


@groups.show
def show_groups(report: Scope) -> Table | Note | None:
    """The groups inside a ladder: staff, staff on each step and not placed; all of them together last."""
    entries = [entry for entry in load("roles")["role"] if entry["kind"] == "group"]
    rows: list[tuple[Name | Term, list[Cell]]] = []
    for entry in entries:
        cells = [report.cell("ladder_groups", row, entry["id"]) for row in (TOTAL, *STEPS, "none")]
        rows.append((named("roles", "role", entry["id"]), cells))
    for ladder in dict.fromkeys(entry["ladder"] for entry in entries):
        rows.append((Term("ladder_groups.placed"), [report.cell("ladder_placed", ladder, "placed")]))
    heads: tuple[str, ...] = ("column.ladder_groups.group", "column.ladder_groups.staff")
    heads += tuple(f"column.ladder_groups.step_{step}" for step in STEPS)
    heads += ("column.ladder_groups.none",)
    full = [(label, (*cells, *[None] * (len(heads) - 1 - len(cells)))) for label, cells in rows]
    return matrix(report, "ladder_groups.caption", heads, full, notes=("ladder_groups.note",), folded=True)
