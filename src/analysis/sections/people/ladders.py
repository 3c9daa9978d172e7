"""Distributions over the steps of ladders."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Bar, Bars, Note, Several
from analysis.reference import load
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section(
    "ladders",
    places=Place("figures", after="courses"),
    publishes=(
        PlannedTable(id="ladder", sensitivity="medium", rule="count", lines=("departments",), zeros="withheld"),
    ),
    needs=("facts_competence",),
    counts={
        "p000-11": ("ladder/*/social_ladder",),
        "p001-03": ("ladder/*/care_levels",),
    },
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Several | Note:
    """One distribution over steps per ladder that the department uses."""
    shown, silent = [], False
    for ladder in load("ladders").get("ladder", ()):
        bars = []
        for key, names in enumerate(ladder["steps"], start=1):
            label = Term("ladder.step", {"step": Name.same(key), "name": Name(names["sv"], names["en"])})
            bars.append(Bar(label, report.cell("ladder", str(key), ladder["id"])))
        silent = silent or any(bar.cell.status == "withheld" for bar in bars)
        if not any(bar.cell.shown for bar in bars):
            continue  # a department that does not use the ladder has none of its steps
        name = {"name": Name(ladder["sv"], ladder["en"])}
        shown.append(Bars(Term("ladder.title", name), Term("ladder.lead"), tuple(bars), Term("column.persons")))
    if not shown:
        held = report.about.get("has", {}).get("competence", False)
        return Note(Term("absent.ladders.silent" if silent else "absent.ladders.none" if held else "absent.ladders"))
    return Several(tuple(shown))
