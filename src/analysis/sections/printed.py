"""The publishing plan as one list, for the person who reviews disclosure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from analysis.disclosure.equations import Equation, shipped_equations
from analysis.sections.section import Section

HEAD = """# The publishing plan

Every table that an edition publishes, section by section: how a cell's own counts decide (rule), from how many persons
(sensitivity; the numbers stand in the policy), and along which sums a reader could subtract. A figure whose table is
not in this list does not leave the near side. Written by `analysis plan`; a test holds it against the sections.
"""
EQUATIONS = """
## Equations between tables

What a reader can compute across tables, in every department (`reference/data/equations.toml`): terms that leave
nothing, or a count that no table publishes and that is protected like any other.
"""
COLUMNS = ("section", "table", "sensitivity", "rule", "zeros", "sums", "more")
PLAIN = ("id", "sensitivity", "rule", "zeros", "lines", "published_as")


def printed(sections: Iterable[Section]) -> str:
    """The plan as Markdown: one row per table, in the order of sections and of their entries."""
    rows = [_row(section, table.model_dump(mode="json")) for section in sections for table in section.publishes]
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + " --- |" * len(COLUMNS)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    rules = [f"- `{each.id}`: {_terms(each)}. {each.why}" for each in shipped_equations()]
    return HEAD + "\n" + "\n".join(lines) + "\n" + EQUATIONS + "\n" + "\n".join(rules) + "\n"


def _terms(equation: Equation) -> str:
    """An equation in one line, with the sensitivity of what its terms leave."""
    found = ""
    for term in equation.terms:
        sign = " − " if term.sign < 0 else " + " if found else ""
        keys = [term.table, term.row, term.column, *([term.layer] if term.layer else [])]
        found += f"{sign}{'/'.join(keys)}"
    left = "nothing" if equation.difference is None else f"a count of its own ({equation.difference.value})"
    return f"{found} = {left}"


def _row(section: Section, entry: dict[str, Any]) -> tuple[str, ...]:
    name = f"{entry['id']} → {entry['published_as']}" if entry["published_as"] else entry["id"]
    more = [f"{key}: {_said(value)}" for key, value in entry.items() if key not in PLAIN and value]
    lines = ", ".join(entry["lines"]) or "–"
    return (section.id, name, entry["sensitivity"], entry["rule"], entry["zeros"], lines, "; ".join(more))


def _said(value: Any) -> str:
    if isinstance(value, list):
        return " · ".join(" + ".join(item) if isinstance(item, list) else str(item) for item in value)
    return "yes" if value is True else str(value)
