"""Protected tables: the only thing a report notebook and ``publishing`` may read.

A figure is a *cell*: value, interval, ``n``, unit and a status that says whether it may be shown. ``disclosure``
writes them; everything after it only carries them to the page. A withheld or missing cell holds no numbers at
all, so that nothing after the wall can leak them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.tables.about import check_about
from analysis.tables.digits import as_printed
from analysis.tables.reads import Watched, value_digest

Read = tuple[str, ...]
"""Something read: its kind and what it names, ("cell", table, department, row, column, layer)."""


class Status(StrEnum):
    """Whether a cell carries a number; ``zero`` is one that follows from how things are (nobody there)."""

    PUBLISHED = "published"
    WITHHELD = "withheld"
    ZERO = "zero"
    MISSING = "missing"


class Reason(StrEnum):
    """Why a cell carries no number."""

    NONE = ""
    FEW_PERSONS = "few_persons"
    COMPLEMENT = "complement"
    HOMOGENEOUS = "homogeneous"
    SECONDARY = "secondary"
    FEW_AT_RISK = "few_at_risk"
    NO_DATA = "no_data"
    NO_HISTORY = "no_history"
    NO_LICENSED_WORK = "no_licensed_work"


class Sensitivity(StrEnum):
    """How sensitive a figure is; the policy has a threshold for each but ``open``, which is not about persons."""

    LOW = "low"
    MEDIUM = "medium"
    HEALTH = "health"
    SURVEY = "survey"
    PAY_MEDIANS = "pay_medians"
    PAY_QUARTILES = "pay_quartiles"
    PAY_TAILS = "pay_tails"
    FORECAST = "forecast"
    OPEN = "open"


SHOWN = (Status.PUBLISHED.value, Status.ZERO.value)
"""Statuses of cells that carry a number."""
UNITS = ("persons", "fte", "share", "rate", "ratio", "posts", "score", "index", "kronor", "days")
"""share: fraction 0–1, rate: events per person-year (both shown in per cent), ratio: one number per another (persons
per manager, P90 per P10), index: 0–100."""

ORGANISATION = "all"
"""Department key of the whole organisation."""
TOTAL = "total"
"""Row of all groups together, column of a figure that has no other."""
REFERENCE = "reference"
"""Layer of the path on which nothing changes."""

EVERYONE = "everyone"
"""Audience of the form of the organisation's page that shows no department, and name of that page."""
ABOUT_DEPARTMENTS = frozenset({"overturned", "joined", "effects"})
"""What an edition says of single departments (``about.json``)."""

KEYS = ("table", "department", "row", "column", "layer")
NUMBERS = ("value", "low", "high", "n")
COLUMNS = {
    "table": "str",
    "department": "str",
    "row": "str",
    "column": "str",
    "layer": "str",
    "value": "float64",
    "low": "float64",
    "high": "float64",
    "n": "float64",
    "unit": "str",
    "status": "str",  # Status
    "reason": "str",  # Reason
    "definition": "str",  # indicator id, '' where the table itself is the definition
    "sensitivity": "str",  # Sensitivity
}


@dataclass(frozen=True)
class Cell:
    """One figure on its way to a page. Made by ``disclosure`` (through ``ProtectedReport``), never by hand."""

    table: str
    department: str
    row: str
    column: str
    layer: str
    value: float | None
    low: float | None
    high: float | None
    n: float | None
    unit: str
    status: Status
    reason: Reason
    definition: str
    unchanged: bool = False
    """Left as the build before showed it: corrections since are below the threshold."""

    @property
    def shown(self) -> bool:
        """True when the cell carries a number (a structural zero included)."""
        return self.status in SHOWN

    @property
    def has_interval(self) -> bool:
        """True when both ends of the interval are held."""
        return self.low is not None and self.high is not None


@dataclass(frozen=True)
class Department:
    """A department as pages name it. ``status``: reported, pooled (too small for a report) or organisation."""

    key: str
    name: str
    name_en: str
    parent: str  # name of the administration above it, '' if none
    parent_en: str
    status: str
    code: str = ""  # the employer's own, '' for the whole organisation


def check_cells(cells: pd.DataFrame) -> pd.DataFrame:
    """Validate the cell table and return it with the contract's columns, order and types.

    Raises:
        ValueError: a column is missing, a status, reason, sensitivity or unit is unknown, a key is repeated, a cell
            that may not be shown carries a number, or one that is not shown does not say why.
    """
    missing = [name for name in COLUMNS if name not in cells.columns]
    if missing:
        raise ValueError(f"protected cells lack the columns {', '.join(missing)}")
    cells = cells[list(COLUMNS)].astype(COLUMNS)
    words: dict[str, tuple[str, Iterable[str]]] = {
        "status": ("statuses", Status), "unit": ("units", UNITS), "reason": ("reasons", Reason),
        "sensitivity": ("sensitivities", Sensitivity),
    }  # fmt: skip
    for column, (name, known) in words.items():
        unknown = set(cells[column]) - {str(word) for word in known}
        if unknown:
            raise ValueError(f"protected cells have unknown {name}: {', '.join(sorted(unknown))}")
    numbers = cells[["value", "low", "high", "n"]].notna().any(axis=1)
    silent = ~cells["status"].isin(SHOWN)
    if (numbers & silent).any():
        first = cells.loc[numbers & silent, list(KEYS)].iloc[0].to_dict()
        raise ValueError(f"a withheld or missing cell carries a number: {first}")
    if cells.loc[cells["status"] == Status.PUBLISHED.value, "value"].isna().any():
        raise ValueError("a published cell has no value")
    unsaid = cells["status"].isin(SHOWN) != (cells["reason"] == Reason.NONE.value)
    if unsaid.any():
        first = cells.loc[unsaid, [*KEYS, "status", "reason"]].iloc[0].to_dict()
        raise ValueError(f"a cell is shown with a reason, or not shown without one: {first}")
    if cells.duplicated(list(KEYS)).any():
        first = cells.loc[cells.duplicated(list(KEYS)), list(KEYS)].iloc[0].to_dict()
        raise ValueError(f"a protected cell occurs twice: {first}")
    return cells


class ProtectedReport:
    """What one report may read: protected cells, the business plan, names of departments, facts of the edition.

    Cells are handed out with the digits that are printed of them (``tables.digits``).

    The folder holds ``cells.parquet``, ``plan.parquet`` (rows of the business plan, not about persons),
    ``departments.parquet`` and ``about.json`` (period, names, dates, versions, counts of records, options).
    """

    def __init__(
        self,
        cells: pd.DataFrame,
        plan: pd.DataFrame,
        departments: pd.DataFrame,
        about: dict[str, Any],
        department: str,
        unchanged: pd.DataFrame | None = None,
    ) -> None:
        # a dictionary: looking a cell up in a frame costs a thousand times as much, and a report asks for hundreds
        self._cells = {tuple(str(line[key]) for key in KEYS): line for line in check_cells(cells).to_dict("records")}
        self._printed: dict[tuple[str, ...], dict[str, Any]] = {}
        left = pd.DataFrame(columns=list(KEYS)) if unchanged is None else unchanged[list(KEYS)].astype("str")
        self._unchanged = frozenset(left.itertuples(index=False, name=None))
        self._plan = plan
        self._noted: dict[Read, None] = {}
        names = [
            Department(**{str(key): text for key, text in row.items()})
            for row in departments.astype("str").to_dict("records")
        ]
        self._departments = {department.key: department for department in names}
        self.about = Watched(about, lambda entry: self._note("about", entry))
        if department not in self._departments:
            raise KeyError(department)
        self.department = self._departments[department]
        self._note("department", department)

    @classmethod
    def read(cls, folder: Path, department: str) -> ProtectedReport:
        """Read the protected folder of an edition for one department (or ``all``)."""
        return cls(
            pd.read_parquet(folder / "cells.parquet"),
            pd.read_parquet(folder / "plan.parquet"),
            pd.read_parquet(folder / "departments.parquet"),
            check_about(json.loads((folder / "about.json").read_text(encoding="utf-8"))),
            department,
            pd.read_parquet(left) if (left := folder / "unchanged.parquet").is_file() else None,
        )

    def _line(self, key: tuple[str, ...]) -> dict[str, Any] | None:
        if key not in self._printed and key in self._cells:
            self._printed[key] = as_printed(self._cells[key])
        return self._printed.get(key)

    def _note(self, *read: str) -> None:
        self._noted[read] = None

    @cached_property
    def _by_table(self) -> dict[tuple[str, str], list[tuple[str, ...]]]:
        found: dict[tuple[str, str], list[tuple[str, ...]]] = {}
        for key in self._cells:
            found.setdefault((key[0], key[1]), []).append(key)
        return found

    @property
    def noted(self) -> list[Read]:
        """What has been read so far, in the order it was read first; ``answer`` digests each."""
        return list(self._noted)

    def answer(self, read: Read) -> str:
        """Digest of what a read gives, whichever department's report it was noted by."""
        kind, *args = read
        if kind == "cell":
            return value_digest([self._line(tuple(args)), tuple(args) in self._unchanged])
        if kind in ("cells", "keys"):
            found = self._by_table.get((args[0], args[1]), [])
            return value_digest([self._line(key) for key in found] if kind == "cells" else found)
        if kind == "unchanged":
            return value_digest(any(key[1] in args for key in self._unchanged))
        if kind == "about":
            record = dict(dict.items(self.about))
            return value_digest(record.get(args[0]) if args[0] else record)
        if kind == "plan":
            return value_digest(self._plan.astype("str").to_dict("records"))
        if kind == "department":
            return value_digest(str(self._departments.get(args[0])))
        return value_digest([str(department) for department in self._departments.values()])

    @property
    def plan(self) -> pd.DataFrame:
        """Rows of the business plan."""
        self._note("plan")
        return self._plan

    @property
    def has_unchanged(self) -> bool:
        """Whether figures of the edition are left as the build before showed them."""
        self._note("unchanged", self.department.key, ORGANISATION)
        return bool(self._unchanged)

    def for_everyone(self) -> ProtectedReport:
        """The whole organisation's report for those who may not read the departments': its own figures, and no other.

        What is left out are cells, names and remarks of departments; the business plan stays, which is decided in the
        open.
        """
        own = [line for key, line in self._cells.items() if key[1] == ORGANISATION]
        names = pd.DataFrame([asdict(self._departments[ORGANISATION])])
        about = {name: value for name, value in dict.items(self.about) if name not in ABOUT_DEPARTMENTS}
        cells = pd.DataFrame(own, columns=list(COLUMNS)).astype(COLUMNS)
        left = pd.DataFrame(sorted(self._unchanged), columns=list(KEYS))
        return ProtectedReport(cells, self._plan, names, about | {"audience": EVERYONE}, ORGANISATION, left)

    @property
    def departments(self) -> list[Department]:
        """Every department in the order of the organisation, the whole organisation first."""
        self._note("departments")
        return list(self._departments.values())

    def cell(
        self, table: str, row: str, column: str = TOTAL, *, layer: str = "", department: str | None = None
    ) -> Cell:
        """Return one cell; a figure that the edition does not hold comes back with status ``missing``."""
        key = (table, department or self.department.key, row, column, layer)
        self._note("cell", *key)
        found = self._line(key)
        if found is None:
            return Cell(*key, None, None, None, None, "persons", Status.MISSING, Reason.NO_DATA, "")
        value, low, high, n = (None if math.isnan(found[name]) else float(found[name]) for name in NUMBERS)
        return Cell(
            *key,
            value,
            low,
            high,
            n,
            unit=found["unit"],
            status=Status(found["status"]),
            reason=Reason(found["reason"]),
            definition=found["definition"],
            unchanged=key in self._unchanged,
        )

    def frame(self, tables: Sequence[str], department: str) -> pd.DataFrame:
        """The cells of some tables for one department as a table: DataFrame[KEYS, NUMBERS, unit, status, reason, …]."""
        for table in tables:
            self._note("cells", table, department)
        lines = [self._line(key) for key in self._cells if key[0] in tables and key[1] == department]
        return pd.DataFrame(lines, columns=list(COLUMNS)).astype(COLUMNS)

    def rows(self, table: str, *, department: str | None = None) -> list[tuple[str, str]]:
        """The distinct pairs of row and layer that ``table`` holds for the department, in the order they are stored."""
        wanted = (table, department or self.department.key)
        self._note("keys", *wanted)
        return list(dict.fromkeys((key[2], key[4]) for key in self._cells if key[:2] == wanted))

    def keys(self, table: str, axis: str = "row", *, department: str | None = None, layer: str = "") -> list[str]:
        """The distinct row (or column) keys that ``table`` holds for the department, in the order they are stored."""
        wanted = (table, department or self.department.key, layer)
        place = KEYS.index(axis)
        self._note("keys", *wanted[:2])
        return list(dict.fromkeys(key[place] for key in self._cells if (key[0], key[1], key[4]) == wanted))
