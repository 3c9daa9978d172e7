"""The publishing plan as one list, for the person who reviews disclosure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.sections.section import Section

HEAD = """# The publishing plan

Every table that an edition publishes, section by section: how a cell's own counts decide (rule), from how many persons
(sensitivity; the numbers stand in the policy), and along which sums a reader could subtract. A figure whose table is
not in this list does not leave the near side. Written by `analysis plan`; a test holds it against the sections.
"""
COLUMNS = ("section", "table", "sensitivity", "rule", "zeros", "sums", "more")
PLAIN = ("id", "sensitivity", "rule", "zeros", "lines", "published_as")


def printed(sections: Iterable[Section]) -> str:
    """The plan as Markdown: one row per table, in the order of sections and of their entries."""
    rows = [_row(section, table.model_dump(mode="json")) for section in sections for table in section.publishes]
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return HEAD + "\n" + "\n".join(lines) + "\n"


def _row(section: Section, entry: dict[str, Any]) -> tuple[str, ...]:
    name = f"{entry['id']} → {entry['published_as']}" if entry["published_as"] else entry["id"]
    more = [f"{key}: {_said(value)}" for key, value in entry.items() if key not in PLAIN and value]
    lines = ", ".join(entry["lines"]) or "–"
    return (section.id, name, entry["sensitivity"], entry["rule"], entry["zeros"], lines, "; ".join(more))


def _said(value: Any) -> str:
    if isinstance(value, list):
        return " · ".join(" + ".join(item) if isinstance(item, list) else str(item) for item in value)
    return "yes" if value is True else str(value)
