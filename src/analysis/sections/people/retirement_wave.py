"""Expected retirements year by year among those in post: the wave behind the key figure of three years."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd

from analysis.publishing.objects.atoms import Term, Year
from analysis.publishing.objects.stock import Bar, Bars, Note
from analysis.publishing.words.rounding import printed
from analysis.sections import Place, PlannedTable, Results, Scope, Section
from analysis.tables.facts import facts
from analysis.tables.protected import Cell

section = Section(
    "retirement_wave",
    places=Place("figures", after="ages"),
    publishes=(PlannedTable(id="retirement_wave", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    reads=("key_figures",),
    needs=("retirement_wave",),
)

TOGETHER = 3
"""Years that the key figure ``pension_3y`` sums."""


def wave_facts(wave: pd.DataFrame) -> pd.DataFrame:
    """Facts ``retirement_wave``: row = calendar year, value = expected retirements of those in post at the cut-off.

    Args:
        wave: result of ``staffing.retirement_wave``.
    """
    table = wave.rename(columns={"expected": "value"}).assign(row=wave["year"].astype("str"))
    return facts(table.assign(table="retirement_wave", unit="persons", numerator=table["n"], denominator=table["n"]))


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """The wave of the staffing stage; nothing where retirement cannot be told from other causes."""
    return results.each(("retirement_wave", wave_facts))


@section.show
def show(report: Scope) -> Bars | Note | None:
    """A bar per year with its interval; a quiet note where the group is too small, nothing where no wave is known."""
    years = sorted(report.keys("retirement_wave"))
    cells = [report.cell("retirement_wave", year) for year in years]
    if not any(cell.shown for cell in cells):
        return Note(Term("absent.retirement_wave")) if any(cell.status == "withheld" for cell in cells) else None
    bars = tuple(Bar(Year(year), cell) for year, cell in zip(years, cells, strict=True))
    notes = _beside_key_figure(cells[:TOGETHER], report.cell("key_figures", "pension_3y", "now"))
    words = (Term("retirement_wave.title"), Term("retirement_wave.lead"), bars, Term("column.retiring"))
    return Bars(*words, notes)


def _beside_key_figure(cells: list[Cell], figure: Cell) -> tuple[Term, ...]:
    """That the first years are the key figure, and why their digits add up to another sum where they do."""
    whole, parts = printed(figure), [printed(cell) for cell in cells]
    if whole is None or figure.definition != "pension_3y" or len(parts) < TOGETHER:
        return ()
    known = [part.value for part in parts if part is not None]
    same = len(known) == TOGETHER and sum(known, Decimal(0)) == whole.value
    return (Term("retirement_wave.sum" if same else "retirement_wave.rounded"),)
