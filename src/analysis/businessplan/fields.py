"""How the cells of a business plan are read: several owners in one cell, repeated rows, months."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from analysis.tables.keys import JOIN

KEY = re.compile(r"[a-z]+\d+")
"""What a department key looks like; anything else among the owners is a staff function ("HR")."""


def parts(text: object) -> list[str]:
    """Split a cell with ``|`` between its values; empty parts and repetitions fall away, the order stays."""
    if pd.isna(text):  # type: ignore[call-overload]
        return []
    return list(dict.fromkeys(part.strip() for part in str(text).split(JOIN) if part.strip()))


def union(cells: Iterable[object]) -> list[str]:
    """Every value of several cells, each once, in order of first appearance."""
    return list(dict.fromkeys(value for cell in cells for value in parts(cell)))


def roots(activities: pd.DataFrame) -> tuple[dict[str, str], set[str], set[str]]:
    """Follow ``duplicate_of`` to the activity that each row repeats.

    Returns:
        activity → original activity (itself if it repeats none); rows that point at an activity that does
        not exist; rows that run in a circle. Both kinds stand for themselves.
    """
    keys = [str(key) for key in activities["activity"]]
    pointed = activities["duplicate_of"]
    targets = {
        key: str(target).strip()
        for key, target in zip(keys, pointed, strict=True)
        if not pd.isna(target) and str(target).strip()
    }
    found: dict[str, str] = {}
    unknown: set[str] = set()
    circular: set[str] = set()
    for key in keys:
        at, seen = key, {key}
        while at in targets:
            following = targets[at]
            if following not in keys:
                unknown.add(at)
                break
            if following in seen:
                circular.update(seen if following == key else {key})
                at = key
                break
            seen.add(following)
            at = following
        found[key] = at
    return found, unknown, circular


def month(due: pd.Series) -> pd.Series:
    """Due months as text, ``YYYY-MM``; '' where none is given.

    Args:
        due: timestamps, or text that begins with a year and a month.
    """
    parsed = pd.to_datetime(due, format="mixed", errors="coerce")
    return parsed.dt.strftime("%Y-%m").fillna("")
