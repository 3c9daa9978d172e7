"""Protected cells of the section on why people leave, with invented figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

IMPORTANCE = {"age": (0.052, 0.030, 0.074), "pay_position": (0.041, 0.012, 0.070), "rate_band": (0.0, -0.002, 0.002)}
AGES = {"19:29": 0.12, "30:39": 0.09, "40:49": 0.07, "60:67": 0.02}
LIMITS = {5: (0.11, 1.88, 0.0, 2.55), 20: (0.56, 1.44, 0.36, 1.74), 80: (0.78, 1.22, 0.67, 1.36)}
RATIOS = {"d0101": (1.12, 40, 20), "d0102": (1.63, 71, 80), "d0201": (0.70, 20, 20)}
REASONS = {"pay": 0.31, "workload": 0.24, "development": 0.18}


def of_department(department: str, cell: Callable[..., Any], withheld: Callable[..., Any]) -> list[dict[str, Any]]:
    """Cells of one department; for ``all`` also those of the whole organisation alone."""
    at = {"department": department}
    rows: list[dict[str, Any]] = []
    for name, (value, low, high) in IMPORTANCE.items():
        rows.append(cell("drivers", name, "resignation", value, low=low, high=high, unit="share", n=800, **at))
    for name, value in REASONS.items():
        rows.append(cell("exit_reasons", name, "total", value, low=value - 0.08, high=value + 0.08, unit="share", **at))
    rows.append(withheld("exit_reasons", "retires", "total", **at))
    rows.append(cell("exit_response", "response", "total", 0.55, low=0.5, high=0.6, unit="share", **at))
    rows.append(cell("exit_disagreement", "disagreement", "total", 0.11, low=0.08, high=0.15, unit="share", **at))
    for group, value in {
        "total": 1.02,
        "women": 1.01,
        "men": 1.3,
        "u30": 0.98,
        "30_49": 1.04,
        "50_plus": 0.97,
        "permanent": 1.03,
    }.items():
        for cause in ("resignation", "total"):
            ends = {"low": value - 0.15, "high": value + 0.15}
            rows.append(cell("calibration", group, cause, value, unit="score", n=900, **ends, **at))
    rows += [withheld("calibration", "temporary", cause, **at) for cause in ("resignation", "total")]
    if department in RATIOS:
        ratio, expected, limits = RATIOS[department]
        for row, value in (("age_tenure", ratio), ("occupation", ratio - 0.05)):
            ends = {"low": value - 0.25, "high": value + 0.3}
            rows.append(cell("funnel", row, "ratio", value, unit="score", n=700, **ends, **at))
        rows.append(cell("funnel", "age_tenure", "expected", expected, unit="persons", n=700, **at))
        for name, limit in zip(("low95", "high95", "low998", "high998"), LIMITS[limits], strict=True):
            rows.append(cell("funnel", "age_tenure", name, limit, unit="score", n=700, **at))
    if department == "all":
        rows += _whole(cell)
    return rows


def _whole(cell: Callable[..., Any]) -> list[dict[str, Any]]:
    at = {"department": "all"}
    rows = [cell("drivers", "age", "retirement", 2.7, low=2.0, high=3.4, unit="share", n=5000, **at)]
    for band, value in AGES.items():
        for cause in ("resignation", "retirement"):
            ends = {"low": value * 0.9, "high": value * 1.1}
            rows.append(cell("driver_patterns", band, cause, value, layer="age", unit="rate", n=900, **ends, **at))
    for place, (expected, limits) in enumerate(LIMITS.items()):
        row = f"{place:02d}"
        rows.append(cell("funnel_limits", row, "expected", expected, unit="persons", sensitivity="open", **at))
        for name, limit in zip(("low95", "high95", "low998", "high998"), limits, strict=True):
            rows.append(cell("funnel_limits", row, name, limit, unit="score", sensitivity="open", **at))
    for layer, value in (("error", 0.14), ("chance", 0.12)):
        rows.append(cell("calibration", "total", "total", value, layer=layer, unit="share", n=5000, **at))
    return rows
