"""What earlier editions said about all leavers."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Line, Table
from analysis.sections.section import Place, Section
from analysis.tables.protected import TOTAL, ProtectedReport

section = Section(
    "said",
    places=Place("figures", after="sensitivity"),
    reads=("said", "track_record"),
)


@section.show
def show(report: ProtectedReport) -> Table | None:
    """What earlier editions said about all leavers, beside today's method for the same year and the outcome."""
    rows = []
    for month, edition in report.rows("said"):
        said = report.cell("said", month, TOTAL, layer=edition)
        if not said.shown or not said.has_interval:
            continue
        again, outcome = (report.cell("track_record", month, column) for column in ("expected", "observed"))
        rows.append(Line(Month(month), (said, again if again.shown else None, outcome if outcome.shown else None)))
    if not rows:
        return None
    columns = tuple(Term(f"column.{name}") for name in ("forecast_made", "said", "recomputed", "observed"))
    return Table(Term("said.caption"), columns, tuple(rows), (Term("said.note"),))
