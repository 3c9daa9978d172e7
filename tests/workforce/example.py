"""Small clean tables, written as a few facts about a few persons."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.tables.clean import TABLES
from analysis.workforce.spells import employment_rows, spell_ends

CUT = pd.Timestamp("2025-12-31")
DATES = ("date", "month")


def table(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """A clean table with the columns and types of its contract; what a row does not say is empty."""
    frame = pd.DataFrame(rows, columns=list(TABLES[name]))
    for column, spec in TABLES[name].items():
        if spec.kind in DATES:
            frame[column] = pd.to_datetime(frame[column])
        elif spec.kind == "number":
            frame[column] = frame[column].astype("float64")
        elif spec.kind in ("key", "text"):
            frame[column] = frame[column].astype("str").where(frame[column].notna())
    return frame.assign(source="file.csv", source_row=range(2, len(frame) + 2))


def post(person: str, start: str, end: str | None = None, **more: Any) -> dict[str, Any]:
    """A permanent full-time post in unit u1 unless it says otherwise."""
    base = {"person": person, "employment": person, "start": start, "end": end, "unit": "u1"}
    base |= {"form": "permanent", "rate": 1.0, "occupation": "teacher", "birth": "1980-01-01", "sex": "F"}
    return base | more


def employed(
    posts: list[dict[str, Any]],
    *,
    exits: list[tuple[str, str, str]] | None = None,
    at: pd.Timestamp = CUT,
    departments: dict[str, str] | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Rows with spells, and ended spells with causes; u1, u2 … belong to d1, d2 … unless told."""
    frame = table("employments", posts)
    held = departments or {unit: unit.replace("u", "d") for unit in frame["unit"].unique()}
    rows = employment_rows(frame, held, at=at)
    left = None
    if exits is not None:
        left = table("exits", [{"person": p, "date": d, "cause": c} for p, d, c in exits])
    return rows, spell_ends(rows, left)


def figure(facts: pd.DataFrame, table: str, department: str, row: str = "total", **keys: str) -> pd.Series:
    """The one fact with these keys."""
    found = facts[(facts["table"] == table) & (facts["department"] == department) & (facts["row"] == row)]
    for column, value in keys.items():
        found = found[found[column] == value]
    assert len(found) == 1, found
    return found.iloc[0]
