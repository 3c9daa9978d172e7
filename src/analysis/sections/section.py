"""A section: one part of a page, declared in one place.

A section says where it stands, which cells it publishes (its entries of the publishing plan), how its facts are made
from results, and how it is shown from a protected report. Its words lie beside it in a file of the same name, a table
per language (``[sv]``, ``[en]``). The two halves never meet: the facts function is given the declared result tables and
nothing else, the show function protected cells of the declared tables and nothing else. What lies between them is
``disclosure``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.errors import InputError
from analysis.publishing.pages.names import CARDS

if TYPE_CHECKING:
    from analysis.publishing.objects.stock import Shown
    from analysis.sections.indicator import Indicator
    from analysis.sections.report import Scope
    from analysis.sections.results import Derivation, Results

REPORTS = ("department", "organisation")
"""The pages that a section stands on unless it says otherwise."""
PAGES = (*REPORTS, *CARDS)
SHEETS = ("claim", "departments", "people", "action")
"""Parts of a report that are its sheets, which are printed: the claim, the people, what we can do; of the
organisation its departments too. Every other part of a report stands in its Underlag, a file of its own; what stands
on one of ``CARDS`` is said once per edition."""
EVERY = ("*",)
"""Reads of a section that puts figures beside data which name them: the business plan, the definitions."""

F = TypeVar("F", bound=Callable[..., object])


@dataclass(frozen=True)
class Place:
    """Where a section stands: on which pages, in which of their parts, after which other section.

    The part says on which sheet it is (``SHEETS``).

    ``after`` names a neighbour rather than a number, so that no list of all sections exists; '' means last.
    """

    part: str
    after: str = ""
    pages: tuple[str, ...] = REPORTS


class Section:
    """One part of a page.

    Args:
        id: lower case with underscores; notebooks show the section by it.
        places: where it stands.
        publishes: entries of the publishing plan: the tables that its facts function fills.
        derives: tables whose cells are computed from protected cells of other tables (``derive``).
        reads: tables of other sections that its show function takes cells from.
        needs: result tables that its facts function is made from.
        indicators: indicators of a municipality's own that it publishes.
        awaits: what it is called, and the part of an edition (``missing.toml``) whose history it waits for: where that
            is not there yet, the page says from when it will be.
        counts: practice (``practices.toml``) → the figures of it that the section shows, as ``table``, ``table/row`` or
            ``table/row/column``, each with ``*`` for any; ``docs/practices.md`` is written from it, and a test opens
            the pages of the sample, looks for these figures and holds them against what was planted.
    """

    def __init__(
        self,
        id: str,
        *,
        places: tuple[Place, ...] | Place,
        publishes: tuple[PlannedTable, ...] = (),
        derives: tuple[str, ...] = (),
        reads: tuple[str, ...] = (),
        needs: tuple[str, ...] = (),
        indicators: tuple[Indicator, ...] = (),
        awaits: tuple[str, str] | None = None,
        counts: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.id = id
        self.places = (places,) if isinstance(places, Place) else places
        self.publishes, self.derives, self.reads, self.needs = publishes, derives, reads, needs
        self.indicators = indicators
        self.awaits = awaits
        self.counts = dict(counts or {})
        self.own = False
        self.file: Path | None = None
        self._facts: Callable[[Results], pd.DataFrame] | None = None
        self._show: Callable[[Scope], Shown | None] | None = None
        self._derive: Callable[[Derivation], pd.DataFrame] | None = None

    def facts(self, function: F) -> F:
        """Register the function that makes the section's facts from its results."""
        self._facts = function  # type: ignore[assignment]
        return function

    def show(self, function: F) -> F:
        """Register the function that shows the section from a protected report."""
        self._show = function  # type: ignore[assignment]
        return function

    def derive(self, function: F) -> F:
        """Register the function that computes cells from protected cells."""
        self._derive = function  # type: ignore[assignment]
        return function

    def make_facts(self, results: Results) -> pd.DataFrame | None:
        """The section's facts; None where it makes none."""
        return None if self._facts is None else self._facts(results)

    def make_cells(self, given: Derivation) -> pd.DataFrame | None:
        """The section's derived cells; None where it has none."""
        return None if self._derive is None else self._derive(given)

    def render(self, scope: Scope) -> Shown | None:
        """What the section shows on a page; None where it has nothing to say.

        Raises:
            InputError: the section has no show function.
        """
        if self._show is None:
            raise InputError(f"the section {self.id} has no show function; give it one with @section.show")
        return self._show(scope)

    @property
    def makes_facts(self) -> bool:
        """True where a facts function or an indicator fills what the section publishes."""
        return self._facts is not None or bool(self.indicators)

    @property
    def fills(self) -> frozenset[str]:
        """Tables of protected cells that come of this section."""
        return frozenset({table.released_as for table in self.publishes} | set(self.derives))

    def may_read(self, table: str) -> bool:
        """May the show function ask for cells of ``table``?"""
        return table in self.fills or table in self.reads or self.reads == EVERY

    def place_on(self, page: str) -> Place | None:
        """Where the section stands on ``page``; None where it does not."""
        return next((place for place in self.places if page in place.pages), None)

    def __repr__(self) -> str:
        return f"Section({self.id!r})"
