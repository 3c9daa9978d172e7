"""What an edition counts otherwise than the edition before: two formulas are never one series."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def definitions_before(root: Path, after: str) -> tuple[Path, list[dict[str, Any]]]:
    """The record of the edition before and the definitions in it; none where there is no such record."""
    path = root / "data/processed" / after / "protected" / "about.json"
    if not after or not path.is_file():
        return path, []
    return path, json.loads(path.read_text(encoding="utf-8")).get("definitions", [])


def definition_changes(before: Iterable[Mapping[str, Any]], now: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Definitions that are counted otherwise than before.

    Args:
        before: definitions of the edition before.
        now: definitions of this edition.

    Returns:
        ``id``, ``valid_from`` (the first day of the new formula) and ``was`` (id and day of the one before) of every
        definition with another ``valid_from``, and of every new one that ``replaces`` a definition of before.
    """
    known = {entry["id"]: str(entry.get("valid_from", "")) for entry in before}
    changes = []
    for entry in now:
        key, day, old = entry["id"], str(entry.get("valid_from", "")), entry.get("replaces") or ""
        old = key if key in known else old
        if old in known and (old != key or known[old] != day):
            changes.append({"id": key, "valid_from": day, "was": f"{old} {known[old]}".strip()})
    return changes
