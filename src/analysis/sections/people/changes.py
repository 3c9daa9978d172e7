"""Why counts changed since the edition before: what the organisation, corrections and time did to them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.atoms import Month, Term
from analysis.publishing.objects import Line, Table
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ProtectedReport

FIGURES = {"headcount": "headcount", "exits": "exits_total"}
"""Figures that are explained, and their definitions."""
PARTS = ("organisation", "corrected", "new", "definition")
ROWS = ("before", *PARTS, "other", "now")

section = Section(
    "changes",
    places=Place("figures", after="headcount"),
    publishes=(
        PlannedTable(id="changes", sensitivity="low", rule="group", lines=("rows", "departments"), zeros="shown"),
    ),
    needs=("changed",),
)


def changes_facts(changed: pd.DataFrame, *, least: int) -> pd.DataFrame:
    """Facts ``changes``: row = part or ``total``, column = figure, layer = cut-off month of the edition before.

    Args:
        changed: result of ``workforce.changes.parts_of_change``, with ``before``.
        least: threshold of the table. Where fewer persons than that came or went in all, no part of the change is
            told: noughts beside it would say what the rest is.
    """
    parts = changed[changed["part"] != "total"]
    moved = parts.groupby(["figure", "department"])["persons"].transform("sum").reindex(changed.index)
    few = (changed["part"] != "total") & (moved > 0) & (moved < least)
    persons = changed["persons"].mask(few, np.nan)
    # the total is about everyone who is counted: it follows from what both editions print
    return facts(
        changed.assign(
            table="changes", row=changed["part"], column=changed["figure"], layer=changed["before"], n=persons,
            numerator=persons, denominator=persons, unit="persons", definition=changed["figure"].map(FIGURES),
        )[["table", "department", "row", "column", "layer", "value", "n", "numerator", "denominator", "unit",
           "definition"]]
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """From what the build counted again; nothing without an edition before."""
    return results.each(("changed", lambda table: changes_facts(table, least=results.limits.low)))


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
        if any(cell.shown for cell in cells):
            said = {"month": Month(layer)} if row == "before" else {}
            lines.append(Line(Term(f"changes.{row}", said), tuple(cell if cell.shown else None for cell in cells)))
    told = {row for row in PARTS for figure in used if report.cell("changes", row, figure, layer=layer).shown}
    held = {row for row in PARTS for figure in used if report.cell("changes", row, figure, layer=layer).status != "missing"}
    silent = any(
        report.cell("changes", row, figure, layer=layer).status == "withheld" for row in PARTS for figure in used
    )
    notes = [Term("changes.order")] if told else []
    notes += [Term("changes.silent")] if silent else []
    notes += [] if held else [Term("changes.erased")]
    columns = (Term("changes.column"), *(Term(f"changes.{figure}") for figure in used))
    return Table(Term("changes.caption"), columns, tuple(lines), tuple(notes))
