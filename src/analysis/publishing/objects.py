"""The objects that a report notebook shows: what stands on a page, without a language and without a layout.

Each is the last expression of a notebook cell. It holds atoms only (see ``atoms``) and gives the notebook
one output in two forms: data (``application/vnd.analysis+json``), which the exporter renders in every
language, and HTML in one language for a person in JupyterLab. With ``ANALYSIS_RENDER=data`` in the
environment the second form is left out, so that a build does not draw everything twice.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, TypeVar, dataclass_transform

from analysis.publishing.atoms import (
    Day,
    Fact,
    Month,
    Name,
    Order,
    PlanRow,
    Tally,
    Term,
    Year,
    composite,
    pack,
    unpack,
)
from analysis.tables.protected import Cell, Department

T = TypeVar("T")

MIME = "application/vnd.analysis+json"
VERSION = 1


class Shown:
    """Base of every page object: checks its atoms and knows its two notebook forms."""

    kind: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            pack(getattr(self, item.name))

    def bundle(self) -> dict[str, Any]:
        """The object as data: version, kind and payload."""
        return {"version": VERSION, "kind": self.kind, "payload": pack(self)}

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        bundle: dict[str, Any] = {MIME: self.bundle()}
        if os.environ.get("ANALYSIS_RENDER") != "data":
            from analysis.publishing.render import standalone  # drawing is loaded only where somebody looks

            bundle["text/html"] = standalone(self, os.environ.get("ANALYSIS_LANGUAGE", "sv"))
        return bundle


def restore(bundle: dict[str, Any]) -> Shown:
    """The object behind a notebook output."""
    restored: Shown = unpack(bundle["payload"])
    return restored


@dataclass_transform(frozen_default=True)
def _shown(kind: str) -> Callable[[type[T]], type[T]]:
    """Class decorator: a frozen dataclass of atoms, registered under ``kind``."""

    def register(cls: type[T]) -> type[T]:
        cls.kind = kind  # type: ignore[attr-defined]
        made: type[T] = composite(dataclass(frozen=True)(cls))
        return made

    return register


# Rows -----------------------------------------------------------


class _Row:
    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            pack(getattr(self, item.name))


@composite
@dataclass(frozen=True)
class Step(_Row):
    """One part of the need: what it is and how much."""

    label: Term
    cell: Cell


@composite
@dataclass(frozen=True)
class Group(_Row):
    """One occupational group: its gap, and the lever that closes most of it, or why there is none.

    ``closes``: what the lever closes in ``month``, which is later than the gap's: levers take time.
    """

    name: Name | Term
    gap: Cell
    lever: Name | None = None
    closes: Cell | None = None
    month: Month | None = None
    without: Term | None = None


@composite
@dataclass(frozen=True)
class Card(_Row):
    """One key figure with what it is compared with."""

    label: Term
    now: Cell
    change: Cell
    year_before: Cell
    peers: Cell
    organisation: Cell
    definition: Name | None = None
    external: Line | None = None  # what others have: a label and a sentence; None where nothing is held


@composite
@dataclass(frozen=True)
class Activity(_Row):
    """One activity of the plan and the figure that measures it."""

    row: PlanRow
    figure: Cell | None = None
    responsible: Term | None = None  # where the plan names many: one of them and how many more


@composite
@dataclass(frozen=True)
class Point(_Row):
    """One point of a series."""

    month: Month
    cell: Cell


@composite
@dataclass(frozen=True)
class Series(_Row):
    """A named series of points in time order."""

    label: Term | Department | Name
    points: tuple[Point, ...]


@composite
@dataclass(frozen=True)
class Origin(_Row):
    """A forecast made at ``month`` for the twelve months after it, the yardstick's, and what happened."""

    month: Month
    expected: Cell
    observed: Cell
    yardstick: Cell


@composite
@dataclass(frozen=True)
class Line(_Row):
    """A row of a table: its header and its cells (None is an empty cell)."""

    head: Any
    cells: tuple[Any, ...]


@composite
@dataclass(frozen=True)
class Bar(_Row):
    """A bar: what it is, how long, and the target it is held against, if any."""

    label: Any
    cell: Cell
    target: Cell | None = None


@composite
@dataclass(frozen=True)
class Definition(_Row):
    """How an indicator is counted, and what it may be compared with."""

    name: Name
    formula: Name
    source: Fact | Name | None = None
    sensitivity: Term | None = None
    comparable: Fact | None = None
    rules: tuple[Term, ...] = ()  # population, period, a change since the edition before
    outside: tuple[Term, ...] = ()  # what others have by this or nearly this definition
    now: Cell | None = None  # the page's own figure by this definition, where the definition is one of several


@composite
@dataclass(frozen=True)
class Family(_Row):
    """One measure and its definitions, the one that the page uses first."""

    name: Name
    definitions: tuple[Definition, ...]
    n: Tally


# Objects -----------------------------------------------------------


@_shown("masthead")
class Masthead(Shown):
    """Whose page it is and of which edition. Fills the page's header and footer; has no place of its own."""

    department: Department
    municipality: Name
    period: Month
    contact: Fact | None = None
    email: Fact | None = None
    accessibility: Fact | None = None
    passport: Fact | None = None
    preview: bool = False
    page: Fact | None = None  # a page that is not a report: its file name without language and ending
    tried: Fact | None = None  # what a preview tries otherwise than the edition


@_shown("verdict")
class Verdict(Shown):
    """The page's claim: one sentence of at most 25 words and the sentences that support it.

    ``steps`` are the bridge's parts and their total (last): the sentences print the same digits as the chart.
    """

    headline: Term
    support: tuple[Term, ...] = ()
    steps: tuple[Step, ...] = ()


@_shown("bridge")
class Bridge(Shown):
    """The need part by part, adding up to the gap at ``month``; the interval belongs to the total alone."""

    month: Month
    steps: tuple[Step, ...]
    total: Step
    recruitment: Step | None = None
    silent: tuple[Term, ...] = ()


@_shown("groups")
class Groups(Shown):
    """At most three occupational groups to look at first, in the stated order."""

    month: Month
    rows: tuple[Group, ...]
    order: Order


@_shown("figures")
class KeyFigures(Shown):
    """Five key figures."""

    cards: tuple[Card, ...]


@_shown("activities")
class Activities(Shown):
    """Decided activities that are late, due or without an indicator; ``more`` counts those left out."""

    rows: tuple[Activity, ...]
    late: Tally
    unmeasured: Tally
    total: Tally
    whole: bool = False  # every open activity, further down the page


@_shown("trust")
class Trust(Shown):
    """How far the page can be trusted: sentences and facts beside the claim."""

    rows: tuple[Line, ...]


@_shown("series")
class Trend(Shown):
    """Rates over time, one line per series."""

    title: Term
    lead: Term
    lines: tuple[Series, ...]
    breaks: tuple[Month, ...] = ()  # the first month by a changed definition
    notes: tuple[Term, ...] = ()


@_shown("track_record")
class TrackRecord(Shown):
    """What the method said, what happened, and what the yardstick would have said."""

    origins: tuple[Origin, ...]


@_shown("table")
class Table(Shown):
    """A table of cells with a caption, column headers and row headers."""

    caption: Term
    columns: tuple[Term, ...]
    rows: tuple[Line, ...]
    notes: tuple[Term, ...] = ()
    folded: bool = False  # long and for reference: closed on the screen, open on paper

    @property
    def wide(self) -> bool:
        """True where it takes both columns of a desktop page; the others stand side by side."""
        return len(self.columns) > 3


@_shown("bars")
class Bars(Shown):
    """A distribution or a set of shares as bars, with a data table."""

    title: Term
    lead: Term
    bars: tuple[Bar, ...]
    column: Term
    notes: tuple[Term, ...] = ()


@_shown("methods")
class Methods(Shown):
    """Definitions; ``families`` are measures with more than one definition."""

    definitions: tuple[Definition, ...]
    notes: tuple[Term, ...] = ()
    families: tuple[Family, ...] = ()


@_shown("passport")
class Passport(Shown):
    """What the page was made of."""

    inputs: tuple[Line, ...]
    facts: tuple[Line, ...]


@_shown("points")
class Points(Shown):
    """A heading and a list of sentences or names."""

    title: Term
    items: tuple[Term | Name, ...]


@_shown("note")
class Note(Shown):
    """A quiet sentence, for instance about a part that the delivery lacks."""

    text: Term


@_shown("heading")
class Heading(Shown):
    """Starts a new part of the page."""

    text: Term
    lead: Term | None = None


@_shown("several")
class Several(Shown):
    """A few objects of one notebook cell, for instance one ladder after the other."""

    items: tuple[Shown, ...]


__all__ = [
    "MIME",
    "Activities",
    "Activity",
    "Bar",
    "Bars",
    "Bridge",
    "Card",
    "Day",
    "Definition",
    "Family",
    "Group",
    "Groups",
    "Heading",
    "KeyFigures",
    "Line",
    "Masthead",
    "Methods",
    "Note",
    "Origin",
    "Passport",
    "Point",
    "Points",
    "Series",
    "Several",
    "Shown",
    "Step",
    "Table",
    "TrackRecord",
    "Trend",
    "Trust",
    "Verdict",
    "Year",
    "restore",
]
