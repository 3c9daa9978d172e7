"""What each lever closes, year by year."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.stock import Line, Note, Several, Table
from analysis.publishing.words.naming import lever_names, months, scenarios
from analysis.publishing.words.rounding import printed
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import forecast_facts
from analysis.tables.protected import TOTAL, Cell, ProtectedReport

section = Section(
    "effects",
    places=Place("levers", after="closing"),
    publishes=tuple(
        PlannedTable(id=name, sensitivity="forecast", rule="forecast", lines=(), zeros="shown")
        for name in ("lever_effects", "lever_recruitments")
    ),
    needs=("staffing_levers",),
    awaits=("effects.awaited", "turnover"),
)


LIBRARY = "library"


TOGETHER, OVERLAP = "together", "overlap"


def effect_facts(effects: pd.DataFrame) -> pd.DataFrame:
    """Facts ``lever_effects`` and ``lever_recruitments``: row = lever, column = year, layer = scenario.

    The interval is the levers' own range: posts that stand empty less, recruitments fewer (of the library alone).

    Args:
        effects: result of ``staffing.levers.effects.lever_effects``; departments and the whole leave, groups do not.
    """
    whole = effects[effects["occupation"] == TOTAL]
    table = whole.rename(columns={"lever": "row", "scenario": "layer"}).assign(column=whole["year"].astype("str"))
    effect = table.rename(columns={"expected": "value"})
    alone = table[table["layer"] == LIBRARY].drop(columns=["low", "high"])
    fewer = alone.rename(columns={"recruitments": "value", "recruitments_low": "low", "recruitments_high": "high"})
    known = effect["value"].notna()
    return pd.concat(
        [
            forecast_facts(effect[known], table="lever_effects", unit="fte"),
            forecast_facts(fewer, table="lever_recruitments", unit="fte"),
        ],
        ignore_index=True,
    )


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_levers", effect_facts))


@section.show
def show(report: ProtectedReport) -> Several | Note:
    """What each lever does, year by year, and what the levers of each scenario do together."""
    tables = [_effects(report, layer, title) for layer, title in {LIBRARY: None, **scenarios(report)}.items()]
    tables.insert(1, _recruitments(report))
    found = tuple(table for table in tables if table is not None)
    return Several(found) if found else Note(Term("absent.effects"))


def _effects(report: ProtectedReport, layer: str, title: Name | None) -> Table | None:
    names = lever_names(report)
    years = sorted(report.keys("lever_effects", "column", layer=layer))
    rows = []
    for key in report.keys("lever_effects", layer=layer):
        head = Term(f"effects.{key}") if key in (TOGETHER, OVERLAP) else names.get(key)
        cells = tuple(report.cell("lever_effects", key, year, layer=layer) for year in years)
        if head is not None and (_reaches(cells) or key in (TOGETHER, OVERLAP)):
            helps = (_helps_from(cells, months(report, years)),) if title is None else ()
            rows.append(Line(head, (*cells, *helps)))
    if not any(isinstance(cell, Cell) and cell.shown for row in rows for cell in row.cells):
        return None
    columns = _columns(report, years)
    columns = (*columns, Term("column.helps_from")) if title is None else columns
    caption = Term("effects.library") if title is None else Term("effects.scenario", {"name": title})
    notes = _study_notes(rows) if title is None else (Term("effects.overlap_note"),)
    return Table(caption, columns, tuple(rows), notes)


def _recruitments(report: ProtectedReport) -> Table | None:
    years = sorted(report.keys("lever_recruitments", "column", layer=LIBRARY))
    rows = []
    for key, name in lever_names(report).items():
        cells = tuple(report.cell("lever_recruitments", key, year, layer=LIBRARY) for year in years)
        if _reaches(cells):
            rows.append(Line(name, cells))
    if not rows:
        return None
    return Table(
        Term("effects.recruitments"), _columns(report, years), tuple(rows), (Term("effects.recruitments_note"),)
    )


def _columns(report: ProtectedReport, years: list[str]) -> tuple[Term, ...]:
    ends = (Term("column.year_end", {"month": month}) for month in months(report, years))
    return (Term("column.lever"), *ends)


def _reaches(cells: tuple[Cell, ...]) -> bool:
    """Does the lever do anything that is printed?"""
    return any(figure is not None and figure.value != 0 for figure in map(printed, cells))


def _helps_from(cells: tuple[Cell, ...], ends: Sequence[Month]) -> Term | None:
    """From which year's end a lever helps, as printed, and until when it makes things worse."""
    figures = [printed(cell) for cell in cells]
    if any(figure is None for figure in figures):
        return None
    better, worse = (
        [end for end, figure in zip(ends, figures, strict=True) if figure is not None and sign * figure.value > 0]
        for sign in (1, -1)
    )
    if not better:
        return Term("effects.worse" if worse else "effects.not_within")
    before = [end for end in worse if end.key < better[0].key]
    if before:
        return Term("effects.worse_until", {"month": better[0], "until": before[-1]})
    return Term("effects.from", {"month": better[0]})


def _study_notes(rows: list[Line]) -> tuple[Term, ...]:
    """Studies cost time first: said where a year is below zero as printed."""
    figures = [printed(cell) for row in rows for cell in row.cells if isinstance(cell, Cell)]
    negative = any(figure is not None and figure.value < 0 for figure in figures)
    return (Term("effects.note"), *([Term("effects.negative")] if negative else []))
