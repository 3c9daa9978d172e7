"""What a page may be made of: protected cells, message ids, names, months and facts of the edition.

Every object of a report notebook is built from these atoms. ``pack`` turns them into JSON for the
notebook's output and refuses everything else: a bare number or a bare string cannot reach a page, because
nobody could say where it came from or in which language it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from analysis.errors import InputError
from analysis.tables.protected import Cell, Department, ProtectedReport


@dataclass(frozen=True)
class Term:
    """A message id with the atoms that fill its placeholders: a word or a sentence in every language."""

    id: str
    args: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Name:
    """A name that data holds in both languages (an occupation, an indicator, a municipality)."""

    sv: str
    en: str

    @classmethod
    def same(cls, text: object) -> Name:
        """A name that is alike in every language: a code, a version, a file, the number of a step."""
        return cls(str(text), str(text))


@dataclass(frozen=True)
class Month:
    """A calendar month, ``YYYY-MM``."""

    key: str

    def __post_init__(self) -> None:
        self.date  # noqa: B018  # a month that is no month raises here, not on the page

    @property
    def date(self) -> date:
        """The first day of the month."""
        return date.fromisoformat(f"{self.key}-01")


@dataclass(frozen=True)
class Day:
    """A calendar day, ``YYYY-MM-DD``."""

    key: str

    @property
    def date(self) -> date:
        """The day."""
        return date.fromisoformat(self.key[:10])


@dataclass(frozen=True)
class Year:
    """A calendar year."""

    key: str


@dataclass(frozen=True)
class Fact:
    """A fact of the edition (a count of rows, a share, a hash), read from ``report.about`` by its path.

    Facts are about the edition, not about people; that is why they need no protection. Make one with
    ``Fact.of``.
    """

    path: str
    value: int | float | str

    @classmethod
    def of(cls, source: ProtectedReport | Mapping[str, Any], *path: str | int) -> Fact | None:
        """The fact at ``path`` of the edition's record, or None when the edition does not hold it.

        Args:
            source: a report, or the record itself (``about.json``).
            path: names of fields and places in lists.
        """
        found: Any = source.about if isinstance(source, ProtectedReport) else source
        for step in path:
            inside = isinstance(found, Mapping) and step in found
            if not inside and not (isinstance(found, list | tuple) and isinstance(step, int) and step < len(found)):
                return None
            found = found[step]
        if found is None or found == "" or isinstance(found, (list, Mapping)):
            return None
        return cls(".".join(str(step) for step in path), found)

    def shortened(self, digits: int) -> Fact:
        """The fact's text cut to its first ``digits`` letters: enough of a hash to know it by."""
        return replace(self, value=str(self.value)[:digits])

    def without_folders(self) -> Fact:
        """The fact's text as a file name alone."""
        return replace(self, value=str(self.value).replace("\\", "/").rsplit("/", 1)[-1])

    def as_text(self) -> Fact:
        """The fact as it is written, without a language's marks: a seed, a year."""
        return replace(self, value=str(self.value))


@dataclass(frozen=True)
class Limit:
    """A number that a row's key names: the end of a band of ages, the number of years ahead. Never about people."""

    value: float


@dataclass(frozen=True)
class Derived:
    """A figure that a page computes from cells it prints (a sum, a mean miss), with the cells that it came from.

    The figure is computed from printed digits, so that a reader who does the same finds the same.
    """

    value: float
    cells: tuple[Cell, ...]

    def __post_init__(self) -> None:
        if not self.cells or not all(cell.shown for cell in self.cells):
            raise ValueError("a derived figure rests on cells that are shown")


@dataclass(frozen=True)
class Outside:
    """A published figure about others, read from ``report.about["comparators"]``: nothing to protect.

    A value, a range over municipalities, or both; shares and rates are fractions, ``decimals`` are the source's.
    """

    id: str
    unit: str
    decimals: int
    value: float | None
    low: float | None
    high: float | None

    @classmethod
    def of(cls, entry: Mapping[str, Any]) -> Outside:
        """The figure of one record of ``comparators``."""
        return cls(**{item.name: entry[item.name] for item in fields(cls)})


@dataclass(frozen=True)
class PlanRow:
    """One activity of the business plan, as the protected plan holds it."""

    activity: str
    text: str
    due: str
    responsible: str
    indicator: str
    indicator_name: Name | None
    status: str
    late: bool

    @classmethod
    def all(cls, report: ProtectedReport) -> list[PlanRow]:
        """The department's activities (every activity for the whole organisation), in the plan's order."""
        key = report.department.key
        rows = []
        for row in report.plan.astype("object").to_dict("records"):
            mine = str(row.get("departments") or "").split("|")
            if report.department.status != "organisation" and key not in mine:
                continue
            if str(row.get("duplicate_of") or ""):
                continue
            rows.append(cls.read(row))
        return rows

    @classmethod
    def read(cls, row: Mapping[Any, Any]) -> PlanRow:
        """One record of ``plan.parquet`` as a row."""
        word = {name: _word(row.get(name)) for name in ("activity", "text", "due", "responsible", "status")}
        swedish, english = _word(row.get("indicator_name_sv")), _word(row.get("indicator_name_en"))
        name = Name(swedish or english, english or swedish) if swedish or english else None
        late = row.get("late")
        return cls(
            **word,
            indicator=_word(row.get("indicator")),
            indicator_name=name,
            late=late is not None and late == 1,
        )


@dataclass(frozen=True)
class Tally:
    """How many activities of the plan share a property; counted from the rows, never typed."""

    of: str
    n: int

    @classmethod
    def late(cls, rows: Iterable[PlanRow]) -> Tally:
        """Activities whose month has passed without their being done."""
        return cls("late", sum(row.late for row in rows))

    @classmethod
    def unmeasured(cls, rows: Iterable[PlanRow]) -> Tally:
        """Activities without an indicator."""
        return cls("unmeasured", sum(not row.indicator for row in rows))

    @classmethod
    def total(cls, rows: Iterable[Any]) -> Tally:
        """All rows of something the page lists."""
        return cls("total", sum(1 for _ in rows))


T = TypeVar("T")

ATOMS: dict[str, type] = {
    kind.__name__: kind
    for kind in (Cell, Term, Name, Department, Month, Day, Year, Fact, Limit, Outside, PlanRow, Tally)
}
COMPOSITES: dict[str, type] = {}
"""Rows and objects that are made of atoms; filled by ``composite``."""


def composite(kind: type[T]) -> type[T]:
    """Register a dataclass whose fields are atoms, so that ``pack`` and ``unpack`` know it."""
    COMPOSITES[kind.__name__] = kind
    return kind


def pack(value: Any) -> Any:
    """Turn atoms and what is made of them into JSON-ready data.

    Raises:
        TypeError: somewhere in ``value`` is a bare number, a bare string or another unknown thing.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, tuple | list):
        return [pack(item) for item in value]
    name = type(value).__name__
    if COMPOSITES.get(name) is type(value):
        held = {item.name: getattr(value, item.name) for item in fields(value)}  # type: ignore[arg-type]
        return {"is": name} | {key: pack(item) for key, item in held.items()}
    if isinstance(value, Derived):
        return {"is": "Derived", "value": value.value, "cells": pack(value.cells)}
    if isinstance(value, Term):
        return {"is": "Term", "id": value.id, "args": {key: pack(item) for key, item in value.args.items()}}
    if ATOMS.get(name) is type(value) and is_dataclass(value):
        return {"is": name} | {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
    raise TypeError(
        f"a page takes protected cells, message ids, names, months and facts, not the bare {name} {value!r}"
    )


def unpack(data: Any) -> Any:
    """The inverse of ``pack``.

    Raises:
        InputError: the data was written by a version of the package that knew other objects.
    """
    if isinstance(data, list):
        return tuple(unpack(item) for item in data)
    if not isinstance(data, Mapping):
        return data
    kind = data.get("is")
    rest = {key: item for key, item in data.items() if key != "is"}
    if kind == "Derived":
        return Derived(rest["value"], unpack(rest["cells"]))
    if kind == "Term":
        return Term(rest["id"], {key: unpack(item) for key, item in rest["args"].items()})
    if kind in ATOMS:
        named = {key: Name(**item) if isinstance(item, Mapping) else item for key, item in rest.items()}
        return ATOMS[kind](**named)
    if kind in COMPOSITES:
        return COMPOSITES[kind](**{key: unpack(item) for key, item in rest.items()})
    raise InputError(f"the notebook holds an unknown page object {kind!r}; run the report notebook again")


def _plain(value: Any) -> Any:
    return {"sv": value.sv, "en": value.en} if isinstance(value, Name) else value


def _word(value: Any) -> str:
    """Text of a table's field; a missing value is no text."""
    return "" if value is None or value != value else str(value).strip()
