"""Why counts changed since the edition before: what the organisation, corrections and time did to them."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Line, Table
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.changes import PARTS
from analysis.tables.facts import facts
from analysis.tables.protected import ProtectedReport

FIGURES = {"headcount": "headcount", "exits": "exits_total"}
"""Figures that are explained, and their definitions."""
ROWS = ("before", *PARTS, "other", "now")

section = Section(
    "changes",
    places=Place("figures", after="headcount"),
    publishes=(PlannedTable(id="changes", sensitivity="low", rule="group", lines=("departments",), zeros="shown"),),
    needs=("changed",),
)


def changes_facts(changed: pd.DataFrame) -> pd.DataFrame:
    """Facts ``changes``: row = part, column = figure, layer = cut-off month of the edition before.

    Args:
        changed: near-side table of that name; what goes without a number of persons is withheld. Its totals follow from
            what the two editions print (``disclosure.changes``).
    """
    parts = changed[changed["part"] != "total"]
    named = {"row": parts["part"], "column": parts["figure"], "layer": parts["before"]}
    counts = dict.fromkeys(("n", "numerator", "denominator"), parts["persons"])
    definition = parts["figure"].map(FIGURES)
    made = parts.drop(columns="persons").assign(
        table="changes", unit="persons", definition=definition, **named, **counts
    )
    return facts(made)


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """From what the build counted again; nothing without an edition before."""
    return results.each(("changed", changes_facts))


@section.show
def show(report: ProtectedReport) -> Table | None:
    """The two figures and what lies between them; None where no figure of both editions is shown."""
    layers = sorted({layer for _, layer in report.rows("changes")})
    if not layers:
        return None
    layer = layers[-1]
    used = [figure for figure in FIGURES if report.cell("changes", "now", figure, layer=layer).shown]
    if not used:
        return None
    lines = []
    for row in ROWS:
        cells = tuple(report.cell("changes", row, figure, layer=layer) for figure in used)
        # nothing is left over where every part stands
        if any(cell.shown and (cell.value or row != "other") for cell in cells):
            said = {"month": Month(layer)} if row == "before" else {}
            lines.append(Line(Term(f"changes.{row}", said), cells))
    parts = [report.cell("changes", row, figure, layer=layer) for row in PARTS for figure in used]
    notes = [Term("changes.order")] if any(cell.shown for cell in parts) else []
    notes += [Term("changes.silent")] if any(cell.status == "withheld" for cell in parts) else []
    notes += [Term("changes.erased")] if all(cell.status == "missing" for cell in parts) else []
    columns = (Term("changes.column"), *(Term(f"changes.{figure}") for figure in used))
    return Table(Term("changes.caption"), columns, tuple(lines), tuple(notes))
