"""What each lever closes, year by year."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.atoms import Term
from analysis.publishing.naming import lever_names, months, scenarios
from analysis.publishing.objects import Line, Note, Several, Table
from analysis.publishing.rounding import printed
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import forecast_facts
from analysis.tables.protected import TOTAL, ProtectedReport

section = Section(
    "effects",
    places=Place("levers", after="closing"),
    publishes=(PlannedTable(id="lever_effects", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    needs=("staffing_levers",),
    awaits=("effects.awaited", "turnover"),
)


LIBRARY = "library"


TOGETHER, OVERLAP = "together", "overlap"


def effect_facts(effects: pd.DataFrame) -> pd.DataFrame:
    """Facts ``lever_effects``: row = lever, column = year, layer = scenario; the interval is the levers' own range.

    Args:
        effects: result of ``staffing.effects.lever_effects``; departments and the whole leave, groups do not.
    """
    whole = effects[effects["occupation"] == TOTAL]
    table = whole.rename(columns={"lever": "row", "scenario": "layer", "expected": "value"})
    return forecast_facts(table.assign(column=table["year"].astype("str")), table="lever_effects", unit="fte")


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_levers", effect_facts))


@section.show
def show(report: ProtectedReport) -> Several | Note:
    """What each lever closes, year by year, and what the levers of each scenario close together."""
    names = lever_names(report)
    tables = []
    for layer, title in {LIBRARY: None, **scenarios(report)}.items():
        years = sorted(report.keys("lever_effects", "column", layer=layer))
        rows = []
        for key in report.keys("lever_effects", layer=layer):
            head = Term(f"effects.{key}") if key in (TOGETHER, OVERLAP) else names.get(key)
            cells = tuple(report.cell("lever_effects", key, year, layer=layer) for year in years)
            figures = [printed(cell) for cell in cells]
            reaches = any(figure is not None and figure.value != 0 for figure in figures)
            if head is not None and (reaches or key in (TOGETHER, OVERLAP)):
                rows.append(Line(head, cells))
        if not any(cell.shown for row in rows for cell in row.cells):
            continue
        columns = (
            Term("column.lever"),
            *(Term("column.year_end", {"month": month}) for month in months(report, years)),
        )
        caption = Term("effects.library") if title is None else Term("effects.scenario", {"name": title})
        notes = _study_notes(report, rows) if title is None else (Term("effects.overlap_note"),)
        tables.append(Table(caption, columns, tuple(rows), notes))
    return Several(tuple(tables)) if tables else Note(Term("absent.effects"))


def _study_notes(report: ProtectedReport, rows: list[Line]) -> tuple[Term, ...]:
    """Studies cost time first: said where a year is below zero as printed."""
    figures = [printed(cell) for row in rows for cell in row.cells]
    negative = any(figure is not None and figure.value < 0 for figure in figures)
    return (Term("effects.note"), *([Term("effects.negative")] if negative else []))
