"""The business plan: what is late, due or without an indicator, and every open activity."""

from __future__ import annotations

from dataclasses import replace

from analysis.periods import shift
from analysis.publishing.atoms import Name, PlanRow, Tally, Term
from analysis.publishing.objects import Activities, Activity, Note
from analysis.sections.section import EVERY, Place, Section
from analysis.tables.protected import ProtectedReport

section = Section("activities", places=Place("claim", after="key_figures"), reads=EVERY)
whole = Section("plan", places=Place("figures", after="sick_leave"), reads=EVERY)


SHOWN_ACTIVITIES = 5


@section.show
def show(report: ProtectedReport) -> Activities | Note:
    """The plan's open rows that are late, due within six months or without an indicator: at most five."""
    plan = [row for row in PlanRow.all(report) if row.status != "done"]
    if not plan:
        return Note(Term("absent.plan"))
    soon = shift(report.about["period"], 6)
    urgent = [row for row in plan if row.late or not row.indicator or (row.due and row.due <= soon)]
    urgent.sort(key=lambda row: (not row.late, row.due or "9999", row.activity))
    return _activities(report, urgent[:SHOWN_ACTIVITIES], plan)


@whole.show
def show_whole(report: ProtectedReport) -> Activities | None:
    """Every open activity, where the first screen does not hold them all."""
    rows = [row for row in PlanRow.all(report) if row.status != "done"]
    rows.sort(key=lambda row: (not row.late, row.due or "9999", row.activity))
    first = show(report)
    if isinstance(first, Note) or len(first.rows) == len(rows):
        return None
    return replace(_activities(report, rows, rows), whole=True)


def _activities(report: ProtectedReport, rows: list[PlanRow], every: list[PlanRow]) -> Activities:
    table = report.plan.drop_duplicates("activity").set_index("activity")
    shown = []
    for row in rows:
        where = [str(table.loc[row.activity, f"indicator_{axis}"] or "") for axis in ("table", "row", "column")]
        cell = report.cell(*where) if where[0] and where[1] else None
        shown.append(Activity(row, cell, _responsible(report, row)))
    return Activities(tuple(shown), Tally.late(every), Tally.unmeasured(every), Tally.total(every))


def _responsible(report: ProtectedReport, row: PlanRow) -> Term | None:
    """One name and how many more, where the plan names over two; the page's own department comes first."""
    names = [name.strip() for name in row.responsible.split(",") if name.strip()]
    if not names:
        return Term("plan.no_owner")
    if len(names) <= 2:
        return None
    first = report.department.name if report.department.name in names else names[0]
    return Term("plan.others", {"first": Name(first, first), "n": Tally("others", len(names) - 1)})
