"""Invented figures of what the need rests on: sources, workload, assumptions moved, each group's largest lever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ABOUT: dict[str, Any] = {
    "need_sources": [
        {"department": "d0101", "source": "workload", "vintage": "", "until": 2027},
        {"department": "d0101", "source": "population", "vintage": "Befolkningsprognos 2025", "until": 2035},
        {"department": "d0201", "source": "population", "vintage": "Befolkningsprognos 2025", "until": 2030},
    ]
}


def rows(cell: Callable[..., dict[str, Any]], department: str, scale: float) -> list[dict[str, Any]]:
    """Largest levers of two groups, the gap with one assumption moved, and required staff where it is measured."""
    common = {"department": department, "unit": "fte", "sensitivity": "forecast"}
    found = []
    # one group's largest lever is one thing, the next one's another; the others have none
    for group, lever, closes in (
        ("preschool_teacher", "study_preschool_teacher", 6.85),
        ("childcare_worker", "retention", 3.025),
    ):
        ends = {"low": scale * closes / 2, "high": scale * closes * 1.5}
        found.append(cell("largest_lever", group, "2030", scale * closes, layer=lever, **ends, **common))
    for key, width in (("resignation", 30.0), ("variant", 12.0), ("ladder_moves", 1.0)):
        ends = {"low": (62 - width) * scale, "high": (62 + width) * scale}
        found.append(cell("sensitivity", key, "gap", 62.0 * scale, **ends, **common))
    if department == "d0101":
        found.append(cell("workload", "preschool_teacher", "required", 186.0, **common, definition="wisn"))
    return found
