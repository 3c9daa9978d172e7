"""The gap year by year, as it is and with one lever."""

from __future__ import annotations

from analysis.publishing.atoms import Month, Term
from analysis.publishing.naming import lever_names
from analysis.publishing.objects import Line, Table
from analysis.sections.section import Place, Section
from analysis.tables.protected import REFERENCE, ProtectedReport

section = Section(
    "outlook",
    places=Place("claim", after="bridge"),
    reads=("bridge", "what_if"),
)


STAYING = "retention"
"""The lever that stands beside the reference path year by year."""


@section.show
def show(report: ProtectedReport) -> Table | None:
    """The gap year by year, if nothing changes and with one lever, under its own name and with the figures of its path.

    The lever's column is the row of that name among the paths to choose between (``measures.what_if``).
    """
    years = [year for year in report.keys("bridge", "column", layer=REFERENCE) if year.isdigit()]
    lever = lever_names(report).get(STAYING)
    if not any(report.cell("what_if", STAYING, year).shown for year in years):
        lever = None
    rows = []
    for year in sorted(set(years)):
        beside = (report.cell("what_if", STAYING, year),) if lever else ()
        cells = (report.cell("bridge", "gap", year, layer=REFERENCE), *beside)
        if any(cell.status != "missing" for cell in cells):
            month = f"{year}-{report.about['horizon'][5:7]}"
            rows.append(Line(Month(month), cells))
    if len(rows) < 2 or not any(cell.shown for row in rows for cell in row.cells):
        return None
    columns = (Term("column.month_reached"), Term("column.unchanged"))
    if lever is None:
        return Table(Term("outlook.caption"), columns, tuple(rows))
    note = Term("outlook.note", {"lever": lever})
    return Table(Term("outlook.caption"), (*columns, Term("column.one_lever", {"lever": lever})), tuple(rows), (note,))
