"""What stands beside the bridge: what it holds within it, what it hangs on, and how the last forecast of staff did."""

from __future__ import annotations

from analysis.publishing.atoms import Month, Term
from analysis.publishing.objects import Line, Note, Table
from analysis.publishing.wording import part_label
from analysis.tables.protected import ProtectedReport

SHOWN_ASSUMPTIONS = 5


def within(report: ProtectedReport) -> Table | Note:
    """Hourly paid, absence cover and unqualified in post, now and at the horizon."""
    rows = []
    for part in report.keys("within"):
        cells = (report.cell("within", part, "now"), report.cell("within", part, "horizon"))
        rows.append(Line(part_label(part), cells))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.silent", {"part": Term("within.caption")}) if rows else Term("absent.within"))
    columns = tuple(Term(f"column.{name}") for name in ("part", "within_now", "within_horizon"))
    return Table(Term("within.caption"), columns, tuple(rows), (Term("within.note"),))


def sensitivity(report: ProtectedReport) -> Table | None:
    """The assumptions that move the gap most, one at a time."""
    found = [(key, report.cell("sensitivity", key, "gap")) for key in report.keys("sensitivity")]
    shown = [(key, cell) for key, cell in found if cell.shown and cell.has_interval]
    shown.sort(key=lambda pair: ((pair[1].low or 0.0) - (pair[1].high or 0.0), pair[0]))
    if not shown:
        return None
    rows = tuple(Line(part_label(key), (cell,)) for key, cell in shown[:SHOWN_ASSUMPTIONS])
    columns = tuple(Term(f"column.{name}") for name in ("assumption", "gap_range"))
    return Table(Term("sensitivity.caption"), columns, rows, (Term("sensitivity.note"),))


def record(report: ProtectedReport) -> Table | Note:
    """The last forecast of headcount and hires beside its outcome and the yardstick."""
    origins = sorted(_layers(report))
    if not origins:
        return Note(Term("absent.staffing_record"))
    origin = origins[-1]
    rows = []
    for key in report.keys("staffing_record", layer=origin):
        cells = tuple(
            report.cell("staffing_record", key, column, layer=origin)
            for column in ("forecast", "observed", "yardstick")
        )
        rows.append(Line(Term(f"staffing_record.{key}"), (Month(origin), *cells)))
    if not any(getattr(cell, "shown", False) for row in rows for cell in row.cells[1:]):
        return Note(Term("absent.silent", {"part": Term("staffing_record.caption")}))
    names = ("quantity", "forecast_made", "expected", "observed", "yardstick_value")
    columns = tuple(Term(f"column.{name}") for name in names)
    return Table(Term("staffing_record.caption"), columns, tuple(rows), (Term("staffing_record.note"),))


def _layers(report: ProtectedReport) -> list[str]:
    """Origins that the edition holds a judged forecast of."""
    last = report.about["period"]
    years = [f"{int(last[:4]) - back}{last[4:]}" for back in range(1, 4)]
    return [origin for origin in years if report.keys("staffing_record", layer=origin)]
