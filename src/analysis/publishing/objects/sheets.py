"""Objects of the sheets about people and about what can be done: small pictures that share their scales."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.publishing.objects.atoms import Month, Name, PlanRow, Tally, Term, composite
from analysis.publishing.objects.rows import Bar, Row
from analysis.publishing.objects.stock import Shown, shown_as
from analysis.tables.protected import Cell


@shown_as("columns")
class Columns(Shown):
    """Expected numbers year by year as upright bars with their intervals."""

    title: Term
    lead: Term
    bars: tuple[Bar, ...]
    column: Term
    notes: tuple[Term, ...] = ()


@composite
@dataclass(frozen=True)
class Pair(Row):
    """What was and what is expected of one thing; the second has an interval."""

    label: Term | Name
    before: Cell
    after: Cell


@shown_as("pairs")
class Pairs(Shown):
    """Last year beside next year, on one scale: rings for what was, dots with intervals for what is expected."""

    title: Term
    lead: Term
    rows: tuple[Pair, ...]
    before: Term
    after: Term
    notes: tuple[Term, ...] = ()


@composite
@dataclass(frozen=True)
class Requirement(Row):
    """One requirement of the work: posts that ask for it, who can do it, of whom it is not known, who is lacking."""

    label: Term
    needed: Cell
    held: Cell
    unclear: Cell
    missing: Cell


@shown_as("requirements")
class Requirements(Shown):
    """Requirements as parts of what is needed, each row a whole."""

    title: Term
    lead: Term
    rows: tuple[Requirement, ...]
    notes: tuple[Term, ...] = ()


@composite
@dataclass(frozen=True)
class Measure(Row):
    """A lever: what it closes and what it costs, both with their spans."""

    name: Name
    closes: Cell
    cost: Cell


@shown_as("measures")
class Measures(Shown):
    """Levers in one picture: posts that stand empty less and kronor a year, each on one scale."""

    title: Term
    lead: Term
    rows: tuple[Measure, ...]
    month: Month
    notes: tuple[Term, ...] = ()


@composite
@dataclass(frozen=True)
class Entry(Row):
    """An activity in the calendar: its row of the plan, its state, and its indicator then, now and as intended."""

    row: PlanRow
    state: Term
    owner: Any
    before: Cell | None = None
    now: Cell | None = None
    target: Cell | None = None


@shown_as("calendar")
class Calendar(Shown):
    """Open activities in the order of their months; ``today``: the cut-off. ``more`` counts those left out."""

    title: Term
    summary: tuple[Term, ...]
    rows: tuple[Entry, ...]
    today: Month
    more: Tally | None = None
