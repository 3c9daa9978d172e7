"""Invented figures of the need: its sources, workload, assumptions moved, each group's largest lever, track record."""

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


def gap_record(cell: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Track record of the gap in the whole organisation: a year ahead the forecast and the model lose."""
    at = {"department": "all", "sensitivity": "open", "unit": "share"}
    found = []
    for row, ahead, hit, errors, n in (
        ("2023-12", "1", 0.92, (0.605, 0.712, 0.533), 12),
        ("2024-12", "1", 0.58, (0.535, 0.598, 0.535), 12),
        ("all", "1", 0.75, (0.568, 0.652, 0.534), 24),
        ("all", "2", 1.0, (0.44, 0.91, 0.47), 12),
    ):
        found.append(cell("gap_record", row, "departments", n, layer=ahead, **(at | {"unit": "posts"})))
        found.append(cell("gap_record", row, "hit_rate", hit, layer=ahead, definition="hit_rate", **at))
        for name, value in zip(("forecast_error", "model_error", "yardstick_error"), errors, strict=True):
            found.append(cell("gap_record", row, name, value, layer=ahead, **at))
    return found
