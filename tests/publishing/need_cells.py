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


def posts_record(cell: Callable[..., dict[str, Any]]) -> list[dict[str, Any]]:
    """Track record of the headline in the whole organisation: of empty posts a blend is shown, and better, for a year.

    Two years ahead the blend has lost and the last value is shown.
    """
    at = {"department": "all", "sensitivity": "open", "unit": "share"}
    posts = at | {"unit": "posts"}
    found = []
    for row, ahead, hit, errors, blended, lost in (
        ("recruitment_need", "12", 0.75, (0.182, 0.211), 7, 1),
        ("empty", "12", 0.83, (0.241, 0.289), 6, 2),
        ("empty", "24", 0.79, (0.312, 0.298), 3, 2),
    ):
        found.append(cell("posts_record", row, "hit_rate", hit, layer=ahead, definition="hit_rate", **at))
        for name, value in zip(("forecast_error", "last_error"), errors, strict=True):
            found.append(cell("posts_record", row, name, value, layer=ahead, definition="posts_miss", **at))
        for name, count in (("comparisons", 84), ("origins", 7), ("blended", blended), ("lost", lost)):
            found.append(cell("posts_record", row, name, count, layer=ahead, **posts))
    for ahead, shown in (("12", 1.0), ("24", 0.0), ("36", 0.0)):
        found.append(cell("posts_record", "empty", "shown", shown, layer=ahead, **posts))
    return found


def outcomes(cell: Callable[..., dict[str, Any]], department: str, scale: float) -> list[dict[str, Any]]:
    """What the headline said a year ago: the need held, empty posts fell outside their interval."""
    found = []
    for table, row, forecast, low, high, observed, last in (
        ("need_outcome", "recruitment_need", 104.0, 92.0, 117.0, 111.0, 98.0),
        ("empty_outcome", "empty", 9.0, 4.0, 13.0, 14.3, 12.6),
    ):
        at = {"department": department, "layer": "2024-12", "unit": "fte", "sensitivity": "forecast"}
        at |= {"definition": "empty_posts" if row == "empty" else row}
        found.append(cell(table, row, "forecast", forecast * scale, low=low * scale, high=high * scale, **at))
        found.append(cell(table, row, "observed", observed * scale, **at))
        found.append(cell(table, row, "last", last * scale, **at))
    return found
