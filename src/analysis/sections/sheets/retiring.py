"""The wave of retirements year by year, and how many are near it."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term, Year
from analysis.publishing.objects.sheets import Columns
from analysis.publishing.objects.stock import Bar, Note
from analysis.publishing.words.rounding import printed
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import Cell

section = Section("retiring", places=Place("people", after="key_figures"), reads=("retirement_wave", "age"))

LEAST = 3
"""Years below which a picture says less than its numbers."""


@section.show
def show(report: Scope) -> Columns | Note | None:
    """A bar per year with its interval; nothing where no wave is known, a note where the group is too small."""
    years = sorted(report.keys("retirement_wave"))
    cells = [report.cell("retirement_wave", year) for year in years]
    if sum(cell.shown for cell in cells) < LEAST:
        silent = any(cell.status == "withheld" for cell in cells)
        return Note(Term("absent.retirement_wave")) if silent else None
    bars = tuple(Bar(Year(year), cell) for year, cell in zip(years, cells, strict=True))
    title = Term(f"retiring.{trend(cells)}", {"year": Year(years[-1])})
    older = report.cell("age", "55_plus")
    notes = (Term("retiring.older", {"share": older}),) if older.shown else ()
    return Columns(title, Term("retiring.lead"), bars, Term("column.retiring"), notes)


def trend(cells: list[Cell]) -> str:
    """``more``, ``fewer`` or ``same``: the last shown year beside the first, by their printed intervals."""
    figures = [figure for cell in cells if (figure := printed(cell)) is not None]
    first, last = figures[0], figures[-1]
    if last.low is not None and last.low > first.value:
        return "more"
    if last.high is not None and last.high < first.value:
        return "fewer"
    return "same"
