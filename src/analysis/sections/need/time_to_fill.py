"""How long it takes to fill a vacant post, by occupation, in the twelve months before the cut-off."""

from __future__ import annotations

import pandas as pd

from analysis.periods import cutoff
from analysis.publishing.atoms import Term
from analysis.publishing.naming import occupation
from analysis.publishing.objects import Line, Note, Table
from analysis.sections import Place, PlannedTable, Results, Scope, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, TOTAL

section = Section(
    "time_to_fill",
    places=Place("figures", after="workload"),
    publishes=(
        # an advert that is filled is a person hired, and their number adds up; a quantile of days does not
        PlannedTable(
            id="time_to_fill",
            sensitivity="low",
            rule="count",
            lines=("rows", "departments"),
            zeros="shown",
            resting_on="filled",
        ),
    ),
    needs=("vacancies",),
)

QUANTILES = {"median": 0.5, "p90": 0.9}
LEAST_FILLED = 5
"""Filled adverts below which a quantile of their days says more about chance than about recruitment."""


def filled_facts(vacancies: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """Facts ``time_to_fill``: row = occupation or ``total``; columns ``median``, ``p90`` (days), ``filled`` (adverts).

    Args:
        vacancies: clean table of adverts.
        at: the cut-off.
    """
    from analysis.workforce.indicators.filling import (  # the near side is loaded only where facts are made
        adverts,
        days_to_fill,
    )

    table = adverts(vacancies, at).rename(columns={"occupation": "row"})
    whole = pd.concat([table, table.assign(row=TOTAL)], ignore_index=True)
    every = pd.concat([whole, whole.assign(department=ORGANISATION)], ignore_index=True)
    rows = []
    for (department, row), group in every.groupby(["department", "row"]):
        filled = int(group["filled"].sum())
        figures = {"filled": float(filled)}
        if filled >= LEAST_FILLED:
            figures |= {name: days_to_fill(group, share) for name, share in QUANTILES.items()}
        rows += [
            {
                "table": "time_to_fill", "department": department, "row": row, "column": column, "value": value,
                "n": filled, "numerator": filled, "denominator": len(group), "definition": "time_to_fill",
                "unit": "posts" if column == "filled" else "days",
            }
            for column, value in figures.items()
        ]  # fmt: skip
    return facts(rows)


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Days to fill, from the delivery's adverts; nothing where it has none."""
    vacancies = results.table("vacancies")
    return facts([]) if vacancies is None else filled_facts(vacancies, cutoff(results.period))


@section.show
def show(report: Scope) -> Table | Note | None:
    """Occupations with a median that is shown, the slowest first, and all of them together last."""
    rows = []
    for key in report.keys("time_to_fill"):
        cells = tuple(report.cell("time_to_fill", key, column) for column in (*QUANTILES, "filled"))
        if cells[0].shown:
            rows.append((key, Line(occupation(report, key), cells)))
    if not rows:
        held = report.about.get("has", {}).get("vacancies", False)
        return Note(Term("absent.time_to_fill")) if held else None
    rows.sort(key=lambda row: (row[0] == TOTAL, -(row[1].cells[0].value or 0.0)))
    columns = tuple(Term(f"column.{name}") for name in ("occupation", "fill_median", "fill_p90", "filled"))
    return Table(Term("time_to_fill.caption"), columns, tuple(line for _, line in rows), (Term("time_to_fill.note"),))
