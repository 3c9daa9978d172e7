"""The business plan: what is late, due or without an indicator, and every open activity."""

from __future__ import annotations

from dataclasses import replace

from analysis.periods import shift
from analysis.publishing.objects.atoms import Month, Name, PlanRow, Tally, Term
from analysis.publishing.objects.sheets import Calendar, Entry
from analysis.publishing.objects.stock import Activities, Activity, Note
from analysis.sections.section import EVERY, Place, Section
from analysis.sections.sheets.learning import reached
from analysis.tables.protected import Cell, ProtectedReport

section = Section("activities", places=Place("action", after="packages"), reads=EVERY)
whole = Section("plan", places=Place("figures", after="sick_leave"), reads=EVERY)

MOST = 6
"""Activities that fit on the sheet; Underlag has all."""


@section.show
def show(report: ProtectedReport) -> Calendar | Note | None:
    """The plan's open rows in the order of their months, those that are late first."""
    if not report.about.get("has", {}).get("activities", True):
        return Note(Term("absent.plan"))
    plan = [row for row in PlanRow.all(report) if row.status != "done"]
    if not plan:
        return Note(Term("plan.none"))
    entries = sorted((entry_of(report, row) for row in plan), key=_order)
    late = [entry for entry in entries if entry.state.id == "plan.state.late"]
    unmeasured = Tally.unmeasured(plan)
    title = Term("plan.title.late", {"n": Tally.total(late)}) if late else Term("plan.title.none")
    summary = (Term("plan.unmeasured", {"n": unmeasured}) if unmeasured.n else Term("plan.unmeasured.none"),)
    left = len(entries) - MOST
    more = Tally("left", left) if left > 0 else None
    return Calendar(title, (*summary, Term("plan.line")), tuple(entries[:MOST]), Month(report.about["period"]), more)


@whole.show
def show_whole(report: ProtectedReport) -> Activities | None:
    """Every open activity, where the sheet does not hold them all."""
    rows = [row for row in PlanRow.all(report) if row.status != "done"]
    if len(rows) <= MOST:
        return None
    entries = {entry.row.activity: entry for entry in (entry_of(report, row) for row in rows)}
    late = {key for key, entry in entries.items() if entry.state.id == "plan.state.late"}
    rows = [replace(row, late=row.activity in late) for row in rows]
    rows.sort(key=lambda row: (not row.late, row.due or "9999", row.activity))
    shown = tuple(Activity(row, entries[row.activity].now, _responsible(report, row)) for row in rows)
    return Activities(shown, Tally.late(rows), Tally.unmeasured(rows), Tally.total(rows), whole=True)


def late(report: ProtectedReport) -> frozenset[str]:
    """Activities that are late as the page tells it: their month has passed, and no figure shows the goal as met."""
    rows = [row for row in PlanRow.all(report) if row.status != "done"]
    return frozenset(row.activity for row in rows if entry_of(report, row).state.id == "plan.state.late")


def _order(entry: Entry) -> tuple[bool, str, str]:
    return entry.state.id != "plan.state.late", entry.row.due or "9999", entry.row.activity


def entry_of(report: ProtectedReport, row: PlanRow) -> Entry:
    """An activity with its indicator a year before, now, and its target, and what that says of its state."""
    table = report.plan.drop_duplicates("activity").set_index("activity")
    where = [str(table.loc[row.activity, f"indicator_{axis}"] or "") for axis in ("table", "row", "column")]
    name, line, column = where
    now = report.cell(name, line, column) if name and line else None
    before = target = None
    if now is not None:
        if name == "courses":
            target = report.cell(name, line, "target")
        elif line == report.about["period"]:
            before = report.cell(name, shift(line, -12), column)
        else:
            before = report.cell(name, line, column, layer="year_before")
    return Entry(
        row,
        Term(f"plan.state.{_state(report, row, now, target)}"),
        _responsible(report, row, "plan.others.short"),
        before,
        now,
        target,
    )


def _state(report: ProtectedReport, row: PlanRow, now: Cell | None, target: Cell | None) -> str:
    """Late only when the month lies before the cut-off, and never when the page itself shows the goal as met."""
    if now is not None and target is not None and reached(now, target):
        return "met"
    period = report.about["period"]
    if not row.due:
        return "open"
    return "late" if row.due < period else "due" if row.due == period else "on_way"


def _responsible(report: ProtectedReport, row: PlanRow, words: str = "plan.others") -> Term | None:
    """One name and how many more, where the plan names over two; the page's own department comes first."""
    names = [name.strip() for name in row.responsible.split(",") if name.strip()]
    if not names:
        return Term("plan.no_owner")
    if len(names) <= 2:
        return None
    first = report.department.name if report.department.name in names else names[0]
    return Term(words, {"first": Name(first, first), "n": Tally("others", len(names) - 1)})
