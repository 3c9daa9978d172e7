"""A proposed entry as lines with how sure each is: what the writer turns into TOML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from analysis.extracts.account.notices import Notice
from analysis.extracts.proposing.files import Found

SURE = 0.6
"""Confidence below which a guess is listed among what a person should look at."""


@dataclass
class Line:
    """One ``key = value``. ``off`` writes it as a comment: the build does not read it until a person decides."""

    key: str
    value: Any
    confidence: float | None = None
    note: Notice | None = None
    off: bool = False


@dataclass
class Entry:
    """One ``[[file]]``: settings, and sections by name (columns, formats, scale, values.form, constants, keys)."""

    table: str
    confidence: float
    members: list[Found]
    settings: list[Line] = field(default_factory=list)
    sections: dict[str, list[Line]] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)
    doubts: list[Notice] = field(default_factory=list)
    reasons: dict[str, Notice] = field(default_factory=dict)
    """Why a header is among ``unused``."""
    exclude: list[dict[str, str]] = field(default_factory=list)
    """Rules that leave rows out, as in ``[[file.exclude]]``."""
    off: bool = False
    """True for a file that is none of the tables as far as can be seen: written as comments, to be decided."""

    @property
    def label(self) -> str:
        """The file's name; for a family with its span of years, ``Personal_{2019–2023}.csv``."""
        first, years = self.members[0], sorted(found.stamp.get("year", "") for found in self.members)
        if len(self.members) == 1:
            return first.label
        return first.path.name.replace(first.stamp["year"], f"{{{years[0]}–{years[-1]}}}", 1)

    def add(self, section: str, line: Line) -> None:
        """Append a line to a section."""
        self.sections.setdefault(section, []).append(line)
