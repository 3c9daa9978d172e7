"""Staff by occupational group."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.naming import occupation
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, ProtectedReport

section = Section(
    "headcount",
    places=Place("figures", after="leavers"),
    publishes=(
        PlannedTable(id="headcount", sensitivity="low", rule="group", lines=("rows", "departments"), zeros="shown"),
        PlannedTable(
            id="fte", sensitivity="low", rule="group", lines=("rows", "departments"), apart=("hourly",), zeros="shown"
        ),
    ),
    needs=("facts_workforce",),
)
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Staff by occupational group."""
    keys = [key for key in report.keys("headcount") if key != TOTAL]
    if not keys and not report.cell("headcount", TOTAL).shown:
        return Note(Term("absent.headcount"))
    every = [Line(occupation(report, key), (report.cell("headcount", key), report.cell("fte", key))) for key in keys]
    rows = [row for row in every if any(cell.shown for cell in row.cells)]
    total = Line(occupation(report, TOTAL), (report.cell("headcount", TOTAL), report.cell("fte", TOTAL)))
    hourly = report.cell("fte", "hourly")
    extra = [Line(occupation(report, "hourly"), (None, hourly))] if hourly.status != "missing" else []
    columns = (Term("column.occupation"), Term("column.persons"), Term("column.fte"))
    silent = (Term("headcount.silent"),) if len(rows) < len(every) else ()
    notes = (Term("headcount.note"), *silent)
    return Table(Term("headcount.caption"), columns, (total, *extra), notes, by_name=tuple(rows))
