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

from analysis.publishing.objects.atoms import Day, Fact, Month, Name, Tally, Term, Year, composite, pack, unpack
from analysis.publishing.objects.rows import (
    Activity,
    Bar,
    Card,
    Definition,
    Family,
    Group,
    Line,
    Origin,
    Point,
    Series,
    Step,
)
from analysis.tables.protected import Department

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
            from analysis.publishing.pages.render import standalone  # drawing is loaded only where somebody looks

            bundle["text/html"] = standalone(self, os.environ.get("ANALYSIS_LANGUAGE", "sv"))
        return bundle


def restore(bundle: dict[str, Any]) -> Shown:
    """The object behind a notebook output."""
    restored: Shown = unpack(bundle["payload"])
    return restored


@dataclass_transform(frozen_default=True)
def shown_as(kind: str) -> Callable[[type[T]], type[T]]:
    """Class decorator: a frozen dataclass of atoms, registered under ``kind``."""

    def register(cls: type[T]) -> type[T]:
        cls.kind = kind  # type: ignore[attr-defined]
        made: type[T] = composite(dataclass(frozen=True)(cls))
        return made

    return register


@shown_as("masthead")
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
    page: Name | None = None  # a page that is not a report: its file name without language and ending
    tried: Fact | None = None  # what a preview tries otherwise than the edition
    topics: tuple[Name, ...] = ()  # pages about one matter that the edition has: their file names


@shown_as("bridge")
class Bridge(Shown):
    """The need part by part up to ``month``, adding up to what must be filled; what fills it, and what stays empty.

    ``empty`` is None where what stands empty today is not known; its interval is the one drawn.
    """

    month: Month
    steps: tuple[Step, ...]
    total: Step
    filled: tuple[Step, ...] = ()
    empty: Step | None = None
    silent: tuple[Term, ...] = ()


@shown_as("verdict")
class Verdict(Shown):
    """The page's claim: one sentence of at most 20 words and the sentences that support it.

    ``bridge``: the sentences print the same digits as its chart; None where the claim is about something else.
    """

    headline: Term
    support: tuple[Term, ...] = ()
    bridge: Bridge | None = None


@shown_as("groups")
class Groups(Shown):
    """At most three occupational groups to look at first, in the order of the posts that stay empty."""

    month: Month
    rows: tuple[Group, ...]


@shown_as("figures")
class KeyFigures(Shown):
    """Five key figures."""

    cards: tuple[Card, ...]


@shown_as("activities")
class Activities(Shown):
    """Decided activities that are late, due or without an indicator; ``more`` counts those left out."""

    rows: tuple[Activity, ...]
    late: Tally
    unmeasured: Tally
    total: Tally
    whole: bool = False  # every open activity, further down the page


@shown_as("trust")
class Trust(Shown):
    """How far the page can be trusted: sentences and facts beside the claim."""

    rows: tuple[Line, ...]


@shown_as("series")
class Trend(Shown):
    """Rates over time, one line per series."""

    title: Term
    lead: Term
    lines: tuple[Series, ...]
    breaks: tuple[Month, ...] = ()  # the first month by a changed definition
    notes: tuple[Term, ...] = ()


@shown_as("track_record")
class TrackRecord(Shown):
    """What the method said, what happened, and what the yardstick would have said."""

    origins: tuple[Origin, ...]


@shown_as("table")
class Table(Shown):
    """A table of cells with a caption, column headers and row headers.

    The rows ``by_name`` stand first, in the alphabet of the page's language; ``rows`` follow as they are.
    """

    caption: Term
    columns: tuple[Term, ...]
    rows: tuple[Line, ...]
    notes: tuple[Term, ...] = ()
    by_name: tuple[Line, ...] = ()
    folded: bool = False  # long and for reference: closed on the screen, open on paper
    small: bool = False  # few short columns, which fit in a narrow place though they are more than three

    @property
    def wide(self) -> bool:
        """True where it takes both columns of a desktop page; the others stand side by side."""
        return len(self.columns) > 3 and not self.small


@shown_as("bars")
class Bars(Shown):
    """A distribution or a set of shares as bars, with a data table."""

    title: Term
    lead: Term
    bars: tuple[Bar, ...]
    column: Term
    notes: tuple[Term, ...] = ()


@shown_as("methods")
class Methods(Shown):
    """Definitions; ``families`` are measures with more than one definition."""

    definitions: tuple[Definition, ...]
    notes: tuple[Term, ...] = ()
    families: tuple[Family, ...] = ()


@shown_as("passport")
class Passport(Shown):
    """What the page was made of."""

    inputs: tuple[Line, ...]
    facts: tuple[Line, ...]


@shown_as("points")
class Points(Shown):
    """A heading and a list of sentences or names."""

    title: Term
    items: tuple[Term | Name, ...]


@shown_as("note")
class Note(Shown):
    """A quiet sentence, for instance about a part that the delivery lacks."""

    text: Term


@shown_as("heading")
class Heading(Shown):
    """Starts a new part of the page; ``underlag``: of the tables behind it, which are a file of their own."""

    text: Term
    lead: Term | None = None
    underlag: bool = False
    id: Name | None = None  # the part's own address on the page; where none is given, its place


@shown_as("several")
class Several(Shown):
    """A few objects of one notebook cell, for instance one ladder after the other."""

    items: tuple[Shown, ...]


@shown_as("part")
class Part(Shown):
    """What one notebook cell shows of a page when it shows more than one section; a page has no such thing itself."""

    items: tuple[Shown, ...]

    def each(self) -> list[Shown]:
        """Its objects, those of parts within it included."""
        return [inner for item in self.items for inner in (item.each() if isinstance(item, Part) else [item])]


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
    "Part",
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
