"""Figures that follow from published cells alone, and so give away nothing that is not shown already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.tables.protected import COLUMNS, KEYS, ORGANISATION, check_cells

TABLE = "unknown_reasons"
"""How far conclusions move if everybody who left for an unknown reason had resigned."""
RESIGNED, UNKNOWN, WHOLE = "resignation", "unknown", "total"


def unknown_reasons(cells: pd.DataFrame, *, period: str, departments: Sequence[str]) -> pd.DataFrame:
    """Cells of ``unknown_reasons``: the share of unknown reasons, and the figures if they were all resignations.

    Unknown reasons are modelled as unknown; these figures say how much depends on that. Each follows from cells that
    are published, and is withheld where one of them is. The interval of the expected leavers joins the lower and the
    upper ends of both parts: as wide as if they moved together, so at least as wide as it should be.

    Args:
        cells: protected cells.
        period: cut-off month.
        departments: departments with a report.

    Returns:
        Protected cells; rows ``share`` (of the leavers of the last twelve months), ``rate`` (leaving on own request
        per employee) and ``expected`` (leavers on own request within twelve months).
    """
    wanted = cells[cells["table"].isin(["exits", "leavers", "turnover_series"])]
    found: dict[tuple[str, ...], dict[str, Any]] = {
        tuple(str(line[key]) for key in KEYS): {str(name): item for name, item in line.items()}
        for line in wanted.to_dict("records")
    }
    rows: list[dict[str, Any]] = []
    for department in (ORGANISATION, *departments):
        left = {cause: found.get(("exits", department, cause, "total", "")) for cause in (RESIGNED, UNKNOWN, WHOLE)}
        ahead = {cause: found.get(("leavers", department, cause, "12m", "")) for cause in (RESIGNED, UNKNOWN)}
        rate = found.get(("turnover_series", department, period, "own_request", ""))
        share = _ratio(left[UNKNOWN], left[WHOLE])
        rows.append(_row(department, "share", share, "share", left[WHOLE]))
        more = _ratio(left[UNKNOWN], left[RESIGNED])
        moved = rate["value"] * (1.0 + more) if _shown(rate) and more is not None else None  # type: ignore[index]
        rows.append(_row(department, "rate", moved, "rate", rate))
        rows.append(_sum(department, ahead[RESIGNED], ahead[UNKNOWN]))
    return check_cells(pd.DataFrame(rows, columns=list(COLUMNS)))


def workload(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells of ``workload``: those in post less the required staff (``difference``) and their ratio (``ratio``).

    Both follow from the required staff and the full-time equivalents in post, and are withheld where one of them is.

    Args:
        cells: protected cells.

    Returns:
        Protected cells, two per department and occupation with a required staff.
    """
    known = {
        (str(line["department"]), str(line["row"])): {str(name): item for name, item in line.items()}
        for line in cells[(cells["table"] == "fte") & (cells["column"] == "total")].to_dict("records")
    }
    rows: list[dict[str, Any]] = []
    for line in cells[(cells["table"] == "workload") & (cells["column"] == "required")].to_dict("records"):
        needed = {str(name): item for name, item in line.items()}
        department, occupation = str(needed["department"]), str(needed["row"])
        held = known.get((department, occupation))
        ratio = _ratio(held, needed)
        less = held["value"] - needed["value"] if ratio is not None else None  # type: ignore[index]
        for column, value, unit in (("difference", less, "fte"), ("ratio", ratio, "share")):
            row = _row(department, occupation, value, unit, needed if held is not None else None)
            rows.append(row | {"table": "workload", "column": column, "definition": "wisn", "sensitivity": "forecast"})
    return check_cells(pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS))


def _shown(cell: dict[str, Any] | None) -> bool:
    return cell is not None and cell["status"] in ("published", "zero")


def _ratio(part: dict[str, Any] | None, whole: dict[str, Any] | None) -> float | None:
    if not _shown(part) or not _shown(whole) or not whole["value"] > 0:  # type: ignore[index]
        return None
    return float(part["value"] / whole["value"])  # type: ignore[index]


def _row(department: str, row: str, value: float | None, unit: str, like: dict[str, Any] | None) -> dict[str, Any]:
    """A cell without an interval; where there is no value, withheld if what it rests on exists, else missing."""
    status = "published" if value is not None else "withheld" if like is not None else "missing"
    if like is not None and like["status"] == "missing":
        status = "missing" if value is None else status
    reason = {"published": "", "withheld": "secondary", "missing": "no_data"}[status]
    return {
        "table": TABLE, "department": department, "row": row, "column": "total", "layer": "",
        "value": np.nan if value is None else value, "low": np.nan, "high": np.nan, "n": np.nan, "unit": unit,
        "status": status, "reason": reason, "definition": "", "sensitivity": "medium",
    }  # fmt: skip


def _sum(department: str, first: dict[str, Any] | None, second: dict[str, Any] | None) -> dict[str, Any]:
    if not _shown(first) or not _shown(second):
        return _row(department, "expected", None, "persons", first if first is not None else second)
    both = _row(department, "expected", first["value"] + second["value"], "persons", first)  # type: ignore[index]
    ends = {end: first[end] + second[end] for end in ("low", "high")}  # type: ignore[index]
    return both | ends | {"n": first["n"], "sensitivity": "forecast"}  # type: ignore[index]
