"""Protected cells of the skill gap, with invented figures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

LADDER, LICENCE, CERTIFICATE, UNHEARD = (
    "childcare_ladder:3:childcare_worker", "qualified:0:preschool_teacher", "handledare:0:childcare_worker",
    "mi:0:childcare_worker",
)  # fmt: skip
NOW = {LADDER: (120, 96, 9, 15, 0.94), LICENCE: (88, 90, 0, 0, 1.0)}
AHEAD = {LADDER: (118, (92, 80, 104), 12, (14, 3, 26)), LICENCE: (85, (81, 76, 87), 0, (4, 0, 9))}


def of_department(department: str, cell: Callable[..., Any], withheld: Callable[..., Any]) -> list[dict[str, Any]]:
    """Two rows that are shown, one that is withheld and one that the delivery says nothing of."""
    rows: list[dict[str, Any]] = []
    at = {"department": department, "layer": "now"}
    for key, (needed, held, unclear, missing, share) in NOW.items():
        values = {"needed": needed, "held": held, "unclear": unclear, "missing": missing}
        rows += [cell("skills", key, name, value, n=200, **at) for name, value in values.items()]
        rows.append(cell("skills", key, "assessed", share, unit="share", n=200, **at))
    rows.append(cell("skills", UNHEARD, "needed", 40, n=200, **at))
    rows += [cell("skills", UNHEARD, name, status="missing", reason="no_data", **at) for name in ("held", "missing")]
    rows += [withheld("skills", CERTIFICATE, name, **at) for name in ("needed", "held", "unclear", "missing")]
    at["layer"] = "2030"
    for key, (needed, (held, low, high), unclear, (missing, least, most)) in AHEAD.items():
        rows.append(cell("skills", key, "needed", needed, n=200, **at))
        rows.append(cell("skills", key, "held", held, low=low, high=high, n=200, **at))
        rows.append(cell("skills", key, "unclear", unclear, n=200, **at))
        rows.append(cell("skills", key, "missing", missing, low=least, high=most, n=200, **at))
    return rows
