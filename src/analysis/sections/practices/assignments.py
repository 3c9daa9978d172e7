"""Titles and assignments: who holds them, at how many workplaces, how long, and who stays."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Note, Table
from analysis.publishing.words.naming import named
from analysis.reference import load
from analysis.sections.practices.measured import matrix, table
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import Cell

section = Section(
    "assignments",
    places=(
        Place("figures", after="introduction"),
        Place("card", after="licensed_path", pages=("careers",)),
    ),
    publishes=(
        PlannedTable(id="role_holders", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld"),
        PlannedTable(
            id="role_places", sensitivity="low", rule="share", lines=("departments",), zeros="withheld", full="shown"
        ),
        PlannedTable(id="role_left", sensitivity="medium", rule="share", lines=(), zeros="withheld"),
        PlannedTable(id="role_time", sensitivity="medium", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="role_supplement", sensitivity="pay_medians", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="role_internal", sensitivity="medium", rule="share", lines=(), zeros="withheld", full="shown"),
        PlannedTable(id="role_posts", sensitivity="low", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="across", sensitivity="medium", rule="count", lines=(), zeros="withheld"),
        PlannedTable(id="models", sensitivity="open", rule="open", lines=(), zeros="shown"),
    ),
    needs=("facts_competence",),
    counts={
        "p000-02": (
            "role_internal/teamledare_bibliotek",
            "role_time/teamledare_bibliotek",
            "role_supplement/teamledare_bibliotek",
        ),
        "p000-07": (
            "role_holders/forstelarare",
            "role_holders/forste_forskollarare",
            "role_holders/forstelarare_fritidshem",
            "role_left/forstelarare",
            "role_left/forste_forskollarare",
            "role_left/forstelarare_fritidshem",
        ),
        "p000-09": ("role_places/sprakombud", "role_places/handledare"),
        "p000-10": ("role_holders/stodpedagog",),
        "p000-15": ("role_places/halsoinspirator", "role_places/ideinspirator"),
        "p001-02": (
            "role_holders/forste_forskollarare",
            "role_holders/rektor_forskola",
            "role_holders/bitradande_rektor",
        ),
        "p002-07": ("across",),
        "p003-20": ("role_posts", "models"),
    },
)  # fmt: skip
section.facts(Results.indicators)

TERMS = (
    ("held", "role_holders", "share"), ("places", "role_places", "covered"), ("holders_left", "role_left", "holders"),
    ("others_left", "role_left", "others"), ("time", "role_time", "months"),
    ("supplement", "role_supplement", "median"), ("internal", "role_internal", "share"), ("posts", "role_posts", "fte"),
)  # fmt: skip


@section.show
def show(report: Scope) -> Table | Note | None:
    """A department's share of holders and covered workplaces; the whole organisation's with stay, time and pay."""
    entries = load("roles")["role"]
    if report.department.status != "organisation":
        measures = [
            (Term(f"assignments.row.{key}", {"name": named("roles", "role", entry["id"])}), name, entry["id"], column)
            for entry in entries
            for key, name, column in TERMS[:2]
        ]
        return table(report, "assignments.caption", measures, notes=("assignments.note",), folded=True)
    rows: list[tuple[Name | Term, list[Cell]]] = []
    for entry in entries:
        cells = [report.cell(name, entry["id"], column) for _, name, column in TERMS]
        rows.append((named("roles", "role", entry["id"]), cells))
    heads = ("column.practice.role", *(f"column.assignments.{key}" for key, _, _ in TERMS))
    return matrix(report, "assignments.caption", heads, rows, notes=("assignments.note",), folded=True)


moving = Section(
    "moving",
    places=Place("figures", after="assignments", pages=("organisation",)),
    reads=("across", "models"),
    counts={
        "p002-07": ("across",),
        "p003-20": ("models",),
    },
)


@moving.show
def show_moving(report: Scope) -> Table | Note | None:
    """Who works in another unit or across departments for a while, and how many occupations have a model."""
    measures = [
        (Term("moving.rotation"), "across", "rotation", "persons"),
        (Term("moving.team"), "across", "team_over_granser", "persons"),
        (Term("moving.models"), "models", "occupations", "number"),
    ]
    return table(report, "moving.caption", measures)
