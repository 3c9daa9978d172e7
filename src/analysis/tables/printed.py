"""Every table and column a delivery may hold, as Markdown: what ``analysis tables`` prints and docs/tables.md keeps."""

from __future__ import annotations

from typing import Any

from analysis.reference import load
from analysis.tables.clean import TABLES, Column

HEAD = """\
# Tables of a delivery

What `delivery.toml` may map: every table, and every column of it with what it is, its unit, the Swedish headers a
payroll officer may know it by, and what is lost without it. One of employments and snapshots is needed; everything else
may be missing, and the reports then say so. Required columns are required of a file that is given, not of a delivery.
Written by `analysis tables`; a test holds it against the contracts.
"""
KINDS = {
    "key": "code",
    "text": "text",
    "date": "date",
    "month": "month",
    "number": "number",
    "integer": "whole number",
    "boolean": "yes or no",
}
HEADERS = 3
"""Headers shown of those that are known."""


def printed() -> str:
    """The whole list, by table in the order of the contracts."""
    parts = [HEAD, *(_table(name) for name in TABLES)]
    return "\n".join(parts)


def description(table: str, column: str) -> dict[str, str]:
    """``en`` and perhaps ``unit`` of a column (``tables.toml``).

    Raises:
        KeyError: the column has no description.
    """
    reference = load("tables")
    own = reference[table].get("columns", {})
    return own[column] if column in own else reference["common"][column]


def lost(table: str, column: str = "") -> str:
    """What is lost without a table or a column, in English; "" where nothing is recorded (``missing.toml``)."""
    entries: list[dict[str, Any]] = load("missing")["column" if column else "table"]
    for entry in entries:
        if entry["table"] == table and (not column or column in entry["columns"]):
            said = str(entry["en"]).split(": ", 1)[-1]
            return said + (_others(entry["columns"], column) if column else "")
    return ""


def _others(columns: list[str], column: str) -> str:
    others = [each for each in columns if each != column]
    return f" (unless {' or '.join(others)} is there)" if others else ""


def _table(name: str) -> str:
    entry = load("tables")[name]
    without = lost(name)
    lines = [
        f"## {name} ({entry['sv']})",
        "",
        str(entry["en"]),
        *(["", f"If it is missing: {without}."] if without else []),
        "",
        "| column | what it is | kind and unit | required | Swedish headers | without it |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for column, contract in TABLES[name].items():
        cells = (column, description(name, column)["en"], _kind(name, column, contract), _need(contract))
        row = (*cells, ", ".join(headers(name, column)) or "–", lost(name, column) or "–")
        lines.append("| " + " | ".join(each.replace("|", "\\|") for each in row) + " |")
    return "\n".join([*lines, ""])


def _kind(table: str, name: str, column: Column) -> str:
    parts = [KINDS[column.kind]]
    if unit := description(table, name).get("unit"):
        parts.append(unit)
    if column.allowed:
        parts.append("one of " + ", ".join(column.allowed))
    elif column.low is not None and column.high is not None:
        parts.append(f"{column.low:g} to {column.high:g}")
    elif column.low is not None:
        parts.append(f"{column.low:g} or more")
    return "; ".join(parts) + ("; masked" if column.personal else "")


def _need(column: Column) -> str:
    if column.required:
        return "yes" if not column.nullable else "yes, cells may be empty"
    return "no"


def headers(table: str, column: str) -> list[str]:
    """The first known Swedish headers of a column; lists in ``headers.toml`` begin with the Swedish ones."""
    reference = load("headers")
    own = reference.get(table, {}).get("columns", {}).get(column, [])
    return list(dict.fromkeys([*own, *reference["common"].get(column, [])]))[:HEADERS]
