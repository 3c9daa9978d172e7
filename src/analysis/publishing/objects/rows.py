"""Rows of page objects: what a chart, a table or a list is made of."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from analysis.publishing.objects.atoms import Month, Name, PlanRow, Tally, Term, composite, pack
from analysis.tables.protected import Cell, Department


class Row:
    """A row: checks that it holds atoms only."""

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            pack(getattr(self, item.name))


@composite
@dataclass(frozen=True)
class Step(Row):
    """One part of the need: what it is and how much."""

    label: Term
    cell: Cell


@composite
@dataclass(frozen=True)
class Group(Row):
    """One occupational group: its empty posts, and the lever that closes most of them, or why there is none.

    ``unsure``: its interval reaches into that of the group before it.
    ``closes``: what the lever takes away of ``ahead``, the empty posts of ``month``, which is later than that of
    ``gap``: levers take time. ``start``: the first month in which it helps in the department; ``decides``: who decides.
    """

    name: Name | Term
    gap: Cell
    lever: Name | None = None
    closes: Cell | None = None
    month: Month | None = None
    ahead: Cell | None = None
    start: Month | None = None
    decides: Name | None = None
    without: Term | None = None
    unsure: bool = False


@composite
@dataclass(frozen=True)
class Point(Row):
    """One point of a series."""

    month: Month
    cell: Cell


@composite
@dataclass(frozen=True)
class Card(Row):
    """One key figure with what it is compared with."""

    label: Term
    now: Cell
    change: Cell
    year_before: Cell
    peers: Cell
    organisation: Cell
    definition: Name | None = None
    external: Line | None = None  # what others have: a label and a sentence; None where nothing is held
    history: tuple[Point, ...] = ()  # what has been, in time order
    band: Cell | None = None  # the middle half of the departments, as an interval


@composite
@dataclass(frozen=True)
class Activity(Row):
    """One activity of the plan and the figure that measures it."""

    row: PlanRow
    figure: Cell | None = None
    responsible: Term | None = None  # where the plan names many: one of them and how many more


@composite
@dataclass(frozen=True)
class Series(Row):
    """A named series of points in time order."""

    label: Term | Department | Name
    points: tuple[Point, ...]


@composite
@dataclass(frozen=True)
class Origin(Row):
    """A forecast made at ``month`` for the twelve months after it, the yardstick's, and what happened."""

    month: Month
    expected: Cell
    observed: Cell
    yardstick: Cell


@composite
@dataclass(frozen=True)
class Line(Row):
    """A row of a table: its header and its cells (None is an empty cell)."""

    head: Any
    cells: tuple[Any, ...]


@composite
@dataclass(frozen=True)
class Bar(Row):
    """A bar: what it is, how long, and the target it is held against, if any."""

    label: Any
    cell: Cell
    target: Cell | None = None


@composite
@dataclass(frozen=True)
class Definition(Row):
    """How an indicator is counted, and what it may be compared with."""

    name: Name
    formula: Name
    source: Name | None = None
    sensitivity: Term | None = None
    comparable: Name | None = None
    rules: tuple[Term, ...] = ()  # population, period, a change since the edition before
    outside: tuple[Term, ...] = ()  # what others have by this or nearly this definition
    now: Cell | None = None  # the page's own figure by this definition, where the definition is one of several


@composite
@dataclass(frozen=True)
class Family(Row):
    """One measure and its definitions, the one that the page uses first."""

    name: Name
    definitions: tuple[Definition, ...]
    n: Tally
