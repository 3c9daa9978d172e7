"""A protected report as a notebook uses it: sections by name, parts of the page, cells as a table.

``show`` gives one section or several, ``part`` a whole part of the page, ``contents`` says what stands where, ``cells``
gives the protected cells of a section as a DataFrame to draw or compute from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.stock import Heading, Note, Part, Shown
from analysis.publishing.words.catalog import catalog
from analysis.reference.phrases import LANGUAGES
from analysis.sections.registry import arranged, parts
from analysis.sections.section import REPORTS, SHEETS, Section
from analysis.tables.protected import TOTAL, Cell, ProtectedReport
from analysis.tables.reads import hand_over

UNTITLED = ("claim", "card")
"""Parts that begin a page, without a heading of their own."""


class Scope(ProtectedReport):
    """A protected report that gives a section the cells it has declared, and no other."""

    def __init__(self, whole: ProtectedReport, section: Section, page: str = "department") -> None:
        self.__dict__.update(whole.__dict__)
        self._section, self.page = section, page

    def _allow(self, table: str) -> None:
        if not self._section.may_read(table):
            raise InputError(
                f"the section {self._section.id} asks for cells of the table {table!r}, "
                "which it neither publishes nor reads; declare it among its reads"
            )

    def cell(
        self, table: str, row: str, column: str = TOTAL, *, layer: str = "", department: str | None = None
    ) -> Cell:
        """One cell of a declared table (see ``ProtectedReport.cell``)."""
        self._allow(table)
        return super().cell(table, row, column, layer=layer, department=department)

    def rows(self, table: str, *, department: str | None = None) -> list[tuple[str, str]]:
        """Rows and layers of a declared table."""
        self._allow(table)
        return super().rows(table, department=department)

    def keys(self, table: str, axis: str = "row", *, department: str | None = None, layer: str = "") -> list[str]:
        """Row or column keys of a declared table."""
        self._allow(table)
        return super().keys(table, axis, department=department, layer=layer)

    def frame(self, tables: Iterable[str], department: str) -> pd.DataFrame:
        """Protected cells of declared tables (see ``ProtectedReport.frame``)."""
        asked = list(tables)
        for table in asked:
            self._allow(table)
        return super().frame(asked, department)


class Report:
    """One page's report: what a report notebook opens and shows.

    Args:
        protected: the protected tables, opened for the page's department.
        sections: every section of the installation.
        page: which page it is (``department``, ``organisation``, ``model-card``, ``samverkan``).
    """

    def __init__(self, protected: ProtectedReport, sections: Sequence[Section], page: str) -> None:
        self.protected, self.page = protected, page
        self._sections = {section.id: section for section in sections}
        self._shown: dict[str, str] = {}
        """Section → the part that showed it, or '' where it was asked for by name."""

    def show(self, *ids: str) -> Shown | None:
        """One section, or several in the given order.

        Raises:
            InputError: there is no such section; the message says which there are.
        """
        found = [shown for id in ids for shown in self._render(id)]
        self._shown |= dict.fromkeys(ids, "")
        hand_over(self.protected.noted)
        return found[0] if len(found) == 1 else Part(tuple(found)) if found else None

    def part(self, name: str, *, first: Iterable[str] = (), without: Iterable[str] = ()) -> Shown | None:
        """A part of the page: its heading, then every section that stands there and no other cell has shown.

        Args:
            name: the part, for instance ``figures``; ``contents`` lists them.
            first: sections to show first, in this order.
            without: sections to leave out.

        Raises:
            InputError: there is no such part, or a named section is not in it.
        """
        here = [section.id for section in arranged(list(self._sections.values()), self.page, name)]
        if not here:
            raise InputError(f"the page has no part {name!r}; it has {', '.join(self._parts())}")
        first, without = list(first), set(without)
        strange = [id for id in (*first, *without) if id not in here]
        if strange:
            raise InputError(f"{strange[0]!r} does not stand in the part {name}; it has {', '.join(here)}")
        wanted = [
            id for id in dict.fromkeys((*first, *here)) if id not in without and self._shown.get(id, name) == name
        ]
        shown = [shown for id in wanted for shown in self._render(id)]
        self._shown |= dict.fromkeys(wanted, name)
        hand_over(self.protected.noted)
        head = []
        if name not in UNTITLED:
            apart = self.page in REPORTS and name not in SHEETS
            lead = f"heading.{name}.lead"
            said = Term(lead) if lead in catalog(LANGUAGES[0]).messages else None
            head = [Heading(Term(f"heading.{name}"), said, underlag=apart, id=Name.same(name))]
        return Part((*head, *shown)) if shown or head else None

    def contents(self) -> pd.DataFrame:
        """What stands where: DataFrame[part, section, publishes] in the order of the page."""
        rows = [
            {"part": part, "section": section.id, "publishes": ", ".join(sorted(section.fills))}
            for part in self._parts()
            for section in arranged(list(self._sections.values()), self.page, part)
        ]
        return pd.DataFrame(rows, columns=["part", "section", "publishes"])

    def cells(self, id: str, *, department: str | None = None) -> pd.DataFrame:
        """The protected cells of a section: what it publishes, with value, interval, n and status.

        Args:
            id: the section.
            department: key of a department, ``all`` for the whole organisation; None: the report's own.

        Raises:
            InputError: there is no such section.
        """
        found = self.protected.frame(sorted(self._find(id).fills), department or self.protected.department.key)
        hand_over(self.protected.noted)
        return found

    def _parts(self) -> list[str]:
        return parts(list(self._sections.values()), self.page)

    def _find(self, id: str) -> Section:
        if id not in self._sections:
            raise InputError(f"there is no section {id!r}; there are {', '.join(sorted(self._sections))}")
        return self._sections[id]

    def _render(self, id: str) -> list[Shown]:
        section = self._find(id)
        shown: Any = section.render(Scope(self.protected, section, self.page))
        if shown is None or isinstance(shown, Note):
            shown = self._waits(section) or shown
        return [] if shown is None else [shown]

    def _waits(self, section: Section) -> Note | None:
        """What an empty section waits for, and from when it will be there; None where it waits for nothing."""
        if section.awaits is None:
            return None
        name, part = section.awaits
        month = self.protected.about.get("history", {}).get("awaited", {}).get(part)
        return Note(Term(f"awaits.{part}", {"part": Term(name), "month": Month(month)})) if month else None
