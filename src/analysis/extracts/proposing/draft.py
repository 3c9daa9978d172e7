"""A proposed entry as lines with how sure each is: what the writer turns into TOML."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from analysis.extracts.notices import Notice
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

    @property
    def label(self) -> str:
        """The file's name, or the first and last of a family."""
        names = [found.label for found in self.members]
        return names[0] if len(names) == 1 else f"{names[0]} … {names[-1]} ({len(names)})"

    def add(self, section: str, line: Line) -> None:
        """Append a line to a section."""
        self.sections.setdefault(section, []).append(line)
