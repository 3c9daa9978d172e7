"""The publishing plan: which tables an edition consists of, and by which rule each of them is protected.

A figure whose table is not declared does not leave the near side. An entry is read strictly: a key or a word that is
not known here is an error that names file, entry and key.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analysis.disclosure.equations import Equation
from analysis.errors import InputError
from analysis.reference import entries, load
from analysis.tables.protected import Sensitivity

PLAN = "the publishing plan"
SOURCES = "key_figure_sources.toml"


class Rule(StrEnum):
    """How a cell's own counts decide (``primary``)."""

    COUNT = "count"
    GROUP = "group"
    SHARE = "share"
    FORECAST = "forecast"
    OPEN = "open"


class Line(StrEnum):
    """Sums a reader could subtract along: row ``total`` = the other rows; ``all`` = the departments."""

    ROWS = "rows"
    DEPARTMENTS = "departments"


class Edge(StrEnum):
    """What becomes of a figure that says something about everyone."""

    SHOWN = "shown"
    WITHHELD = "withheld"


Rows = tuple[str, ...]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlannedTable(_Strict):
    """One declared table, as a section publishes it."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    sensitivity: Sensitivity
    rule: Rule
    lines: tuple[Line, ...]
    zeros: Edge
    """A true zero is no secret, or nobody has the attribute (homogeneous)."""
    full: Edge = Edge.WITHHELD
    """The same for a share of all of them."""
    published_as: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    """Table under which its cells are released; '' its own id."""
    group_at_least: Sensitivity | None = None
    """A further sensitivity whose threshold the group (n) must reach: answers of a survey, persons at risk."""
    low_rows: Rows = ()
    """Rows of low sensitivity in a table that is more sensitive."""
    open_columns: Rows = ()
    """Columns that are decisions, not counts of persons."""
    apart: Rows = ()
    """Rows that are no part of the row ``total``."""
    halves: tuple[Rows, ...] = ()
    """Rows that make up the whole: a reader knows the rest when all but one are shown."""
    halves_of_whole: tuple[Rows, ...] = ()
    """The same, in the whole organisation only."""
    sums: tuple[Rows, ...] = ()
    """A row, and the rows that add up to it."""
    together: bool = False
    """A department shows all rows or none."""
    resting_on: str = ""
    """The one column that is counts; the others are figures of those counted there (quantiles) and no part of a sum."""

    @property
    def released_as(self) -> str:
        """The table its cells are released under."""
        return self.published_as or self.id


class KeyFigureSource(_Strict):
    """Where the figure behind a key figure lies among the cells; ``before`` replaces keys for a year ago."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    table: str = Field(min_length=1)
    row: str = Field(min_length=1)
    column: str = "total"
    layer: str = ""
    before: Place | None = None


class Place(_Strict):
    """Keys of a cell that differ from another cell's."""

    row: str | None = None
    column: str | None = None
    layer: str | None = None


class PublishingPlan(Mapping[str, PlannedTable]):
    """The declared tables by id, in the order they were declared, and equations between them. Made by ``plan_of``."""

    def __init__(self, tables: Mapping[str, PlannedTable], equations: Iterable[Equation] = ()) -> None:
        self._tables = dict(tables)
        self.equations = tuple(equations)

    def __getitem__(self, table: str) -> PlannedTable:
        return self._tables[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    @property
    def released(self) -> dict[str, str]:
        """The table each table's cells are released under."""
        return {key: table.released_as for key, table in self._tables.items()}


def plan_of(
    declared: Iterable[PlannedTable | Mapping[str, Any]], *, equations: Iterable[Equation] = (), file: str = PLAN
) -> PublishingPlan:
    """Make a plan of entries, from one file or from many.

    Args:
        declared: entries, as models or as they stand in a file.
        equations: what a reader can compute across the tables.
        file: where they stand, for messages.

    Raises:
        InputError: a key or a word is not known, a key is missing, an id occurs twice, or a table is published as one
            that is itself published under another name.
    """
    tables: dict[str, PlannedTable] = {}
    for given in declared:
        table = given if isinstance(given, PlannedTable) else entries.parsed(PlannedTable, given, file)
        if table.id in tables:
            raise InputError(f"{file}: the table {table.id} is declared twice; give each table an id of its own")
        tables[table.id] = table
    for table in tables.values():
        partner = tables.get(table.published_as)
        if table.published_as == table.id:
            raise InputError(f"{file}: {table.id}: published_as names the table itself; leave it out")
        if partner is not None and partner.published_as:
            raise InputError(
                f"{file}: {table.id}: published_as names {partner.id}, which is itself published as "
                f"{partner.published_as}; name the table its cells are released under"
            )
    return PublishingPlan(tables, equations)


@cache
def key_figure_sources() -> dict[str, KeyFigureSource]:
    """Where the figures behind the key figures lie, by indicator (``key_figure_sources.toml``)."""
    held = load("key_figure_sources")["key_figure_source"]
    found = [entries.parsed(KeyFigureSource, entry, SOURCES) for entry in held]
    return {entry.id: entry for entry in found}
