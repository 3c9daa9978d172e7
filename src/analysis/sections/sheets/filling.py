"""Open posts and how long they take to fill: the slowest occupations, and all together."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.naming import occupation
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, Cell

section = Section("filling", places=Place("people", after="learning"), reads=("recruiting",))

MOST = 2
"""Occupations before the line of all."""
COLUMNS = ("open", "median", "applicants")


@section.show
def show(report: Scope) -> Table | Note | None:
    """The slowest occupations first; a note where too few adverts were filled, nothing where none are delivered."""
    rows: list[tuple[bool, float, Line]] = []
    for key in report.keys("recruiting"):
        cells = [report.cell("recruiting", key, column) for column in COLUMNS]
        if cells[1].shown:
            given: tuple[Cell | None, ...] = tuple(cell if cell.status != "missing" else None for cell in cells)
            rows.append((key == TOTAL, -(cells[1].value or 0.0), Line(occupation(report, key), given)))
    if not rows:
        held = report.about.get("has", {}).get("vacancies", False)
        return Note(Term("absent.recruiting")) if held else None
    rows.sort(key=lambda row: row[:2])
    groups, whole = [line for last, _, line in rows if not last], [line for last, _, line in rows if last]
    middle = report.cell("recruiting", TOTAL, "median")
    title = Term("filling.title", {"n": middle}) if middle.shown else Term("filling.plain")
    columns = tuple(Term(f"filling.{name}") for name in ("occupation", *COLUMNS))
    return Table(title, columns, (*groups[:MOST], *whole), (Term("filling.note"),), small=True)
