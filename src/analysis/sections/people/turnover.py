"""Leaving over time."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.compared import changed
from analysis.publishing.objects.stock import Note, Point, Series, Trend
from analysis.publishing.words.naming import place
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import ORGANISATION, Department, ProtectedReport

section = Section(
    "turnover",
    places=Place("figures"),
    publishes=(
        PlannedTable(
            id="turnover_series", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld"
        ),
    ),
    needs=("facts_workforce",),
    awaits=("turnover.awaited", "turnover"),
)


SERIES = {"own_request": "leaving_own_request", "all_causes": "leaving_all"}
"""The definition behind each column of the table ``turnover_series``."""
section.facts(Results.indicators)


@section.show
def show(report: ProtectedReport) -> Trend | Note:
    """Leaving over time: the department beside the organisation; for the organisation both rates."""
    months = report.keys("turnover_series")

    def line(label: Term | Department | Name, column: str, department: str | None = None) -> Series:
        cells = [report.cell("turnover_series", month, column, department=department) for month in months]
        return Series(label, tuple(Point(Month(m), cell) for m, cell in zip(months, cells, strict=True)))

    own = [report.cell("turnover_series", month, "own_request") for month in months]
    column = "own_request" if any(cell.status not in ("missing", "zero") for cell in own) else "all_causes"
    if not any(report.cell("turnover_series", month, column).shown for month in months):
        return Note(Term("absent.turnover"))
    title, lead = Term(f"turnover.{column}"), Term("turnover.lead")
    if report.department.status != "organisation":
        lines = [line(report.department, column), line(place(report), column, ORGANISATION)]
    elif column == "own_request":
        title = Term("turnover.both")
        lines = [
            line(Term("turnover.line.own_request"), column),
            line(Term("turnover.line.all_causes"), "all_causes"),
        ]
    else:
        lines = [line(Term("turnover.line.all_causes"), column)]
    kept = tuple(line for line in lines if any(point.cell.shown for point in line.points))
    breaks, notes = _breaks(report, column, months)
    return Trend(title, lead, kept, breaks, notes)


def _breaks(report: ProtectedReport, column: str, months: list[str]) -> tuple[tuple[Month, ...], tuple[Term, ...]]:
    """Where a definition that the edition before had otherwise begins in the series, and the sentence that says so."""
    said = changed(report, SERIES[column])
    if said is None:
        return (), ()
    since = said.args["day"].key[:7]
    first = next((month for month in months if month >= since), None)
    inside = first is not None and first != months[0]
    return ((Month(first),) if inside and first else ()), (Term("series.changed", said.args),)
