"""The page of the business plan: its calendar, then every activity by area with its chain and its indicator."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.publishing.objects.atoms import Month, Name, PlanRow, Tally, Term
from analysis.publishing.objects.sheets import Entry
from analysis.publishing.objects.stock import Line, Several, Table
from analysis.reference.finding import suggested
from analysis.sections.claim.activities import entry_of
from analysis.sections.section import EVERY, Place, Section
from analysis.tables.protected import ProtectedReport

calendar = Section("plan_calendar", places=Place("card", after="card_headline", pages=("plan",)), reads=EVERY)
areas = Section("plan_areas", places=Place("card", after="plan_chain", pages=("plan",)), reads=EVERY)

STATES = ("done", "met", "late", "due", "on_way", "open")
"""What an activity may be; one that is done is done whatever its indicator says."""


def _states(report: ProtectedReport) -> list[tuple[PlanRow, str]]:
    found = []
    for row in PlanRow.all(report):
        state = "done" if row.status == "done" else entry_of(report, row).state.id.rpartition(".")[2]
        found.append((row, state))
    return found


@calendar.show
def show_calendar(report: ProtectedReport) -> Table | None:
    """Month by month: activities to be finished, and how many of them are done, late or without an indicator."""
    rows = _states(report)
    months = sorted({row.due for row, _ in rows if row.due})
    if not months:
        return None
    lines = []
    for month in months:
        here = [(row, state) for row, state in rows if row.due == month]
        counts = (
            len(here),
            sum(state in ("done", "met") for _, state in here),
            sum(state == "late" for _, state in here),
            sum(not row.indicator for row, _ in here),
        )
        lines.append(Line(Month(month), tuple(Tally("activities", number) for number in counts)))
    heads = ("month", "due", "done", "late", "unmeasured")
    columns = tuple(Term(f"column.plan_calendar.{name}") for name in heads)
    return Table(Term("plan_calendar.caption"), columns, tuple(lines), (Term("plan_calendar.note"),), small=True)


@areas.show
def show_areas(report: ProtectedReport) -> Several | None:
    """A table per area, in the plan's order: the chain, who, when, and the indicator before, now and its target."""
    table = report.plan.drop_duplicates("activity").set_index("activity").astype("object")
    by_area: dict[str, list[Line]] = {}
    for row, state in _states(report):
        held = {str(name): _text(value) for name, value in table.loc[row.activity].items()}
        entry = entry_of(report, row)
        figures = (entry.before, entry.now, entry.target)
        when = Term(f"plan_areas.{state}", {"month": Month(row.due)} if row.due else {})
        cells = (
            Term("plan_areas.basis", {"chain": _chain(held), "who": _who(held, entry)}),
            when if row.due or state == "open" else Term("plan_areas.open"),
            _indicator(row),
            *(cell if cell is not None and cell.status != "missing" else None for cell in figures),
        )
        by_area.setdefault(held["area"], []).append(Line(Name.same(row.text), cells))
    if not by_area:
        return None
    heads = ("activity", "basis", "when", "indicator", "before", "now", "target")
    columns = tuple(Term(f"column.plan_areas.{name}") for name in heads)
    return Several(
        tuple(
            Table(
                Term("plan_areas.caption", {"area": Name.same(area), "n": Tally("area", len(lines))}),
                columns,
                tuple(lines),
            )
            for area, lines in by_area.items()
        )
    )


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value).strip()


def _chain(held: dict[str, str]) -> Term:
    """Goal, then the board's objective or the assignment, or both."""
    names = {name: Name.same(held[name]) for name in ("goal", "objective")}
    number = Name.same(held["assignment"].partition(".")[0])
    kind = "both" if held["objective"] and held["assignment"] else "objective" if held["objective"] else "assignment"
    if not held["objective"] and not held["assignment"]:
        return Term("plan_areas.chain.goal", {"goal": names["goal"]})
    return Term(f"plan_areas.chain.{kind}", names | {"number": number})


def _who(held: dict[str, str], entry: Entry) -> Term:
    """Responsible (of many one, and how many more), who coordinates, and the boards."""
    said: dict[str, Name | Term] = {name: Name.same(held.get(name, "")) for name in ("coordinator", "boards")}
    said["responsible"] = entry.owner or Name.same(held["responsible"])
    kinds = "_".join(name for name in ("coordinator", "boards") if held.get(name))
    return Term(f"plan_areas.who.{kinds or 'alone'}", said)


def _indicator(row: PlanRow) -> Name | Term:
    """Its name; where there is none, the indicator that its topic suggests."""
    if row.indicator:
        return row.indicator_name or Name.same(row.indicator)
    entry = suggested(row.text)
    if entry is None:
        return Term("plan_areas.no_indicator")
    return Term("plan_areas.suggested", {"name": Name(entry["sv"], entry["en"])})
