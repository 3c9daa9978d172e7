"""Invented figures of paths to choose between, levers, closing paths and assumptions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

ABOUT: dict[str, Any] = {
    "measures": {
        "scenarios": [{"id": "stay", "sv": "Fler stannar", "en": "More people stay"}],
        "levers": [
            {"id": "retention", "sv": "Behålla fler", "en": "Keep more people"},
            {"id": "study_preschool_teacher", "sv": "Barnskötare läser", "en": "Childcare workers study"},
        ],
    },
    "assumptions": [
        {
            "id": "retention",
            "what": "size",
            "of_sv": "Behålla fler",
            "of_en": "Keep more people",
            "low": 0.1,
            "mid": 0.25,
            "high": 0.35,
            "unit": "share",
            "source": "SKR, rekryteringsrapport",
            "source_en": "SKR, recruitment report",
            "owner": "HR",
            "dated": "2025-12-01",
        },
        {
            "id": "retention.lead",
            "what": "lead",
            "of_sv": "Behålla fler",
            "of_en": "Keep more people",
            "low": None,
            "mid": 2,
            "high": None,
            "unit": "years",
            "source": "antagande",
            "source_en": "assumption",
            "owner": "HR",
            "dated": "2025-12-01",
        },
    ],
}


def rows(cell: Callable[..., dict[str, Any]], department: str, scale: float) -> list[dict[str, Any]]:
    """Paths to choose between, what levers do, and closing paths of two mixes."""
    common = {"department": department, "unit": "fte", "sensitivity": "forecast"}
    found = []

    def span(table: str, row: str, column: str, value: float, width: float, **more: Any) -> None:
        ends = {"low": value - width, "high": value + width}
        found.append(cell(table, row, column, value, **ends, **(common | more)))

    for place, year in enumerate(("2026", "2027", "2028", "2029", "2030")):
        for choice, less in (("reference", 0.0), ("stay", 9.0), ("retention", 7.0), ("study_preschool_teacher", -1.4)):
            span("what_if", choice, year, scale * (46.0 + 8 * place - less * (place + 1) / 3), 14.0 * scale)
        for layer, rest in (
            ("library", {"study_preschool_teacher": -1.4}),
            ("stay", {"together": 6.8, "overlap": 0.2}),
        ):
            for lever, effect in {"retention": 7.0, **rest}.items():
                value = scale * effect * (place + 1) / 3
                span("lever_effects", lever, year, value, abs(value) / 2, layer=layer)
    found.append(cell("closing", "0", "gap", 62.0 * scale, **common))
    for mix, left, cost, extent in (("1", -0.4, 4_100_000.0, 1.0), ("2", 31.0, 900_000.0, 0.5)):
        span("closing", mix, "remaining", left * scale, 12.0 * scale)
        span("closing", mix, "cost", cost, cost / 2, unit="kronor")
        span("closing", mix, "saved", cost / 20, cost / 40, unit="kronor")
        span("closing", mix, "fewer", 2.4 * scale, 1.1 * scale)
        found.append(cell("closing", mix, "extent", extent, layer="retention", **(common | {"unit": "share"})))
        span("closing", mix, "closes", 7.0 * scale, 3.0 * scale, layer="retention")
        span("closing", mix, "weakest", (left + 4) * scale, 12.0 * scale, layer="low:retention")
        span("closing", mix, "outside", (left + 9) * scale, 12.0 * scale, layer="hires")
    return found
