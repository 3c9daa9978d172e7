"""The parts of a change once their cells are protected: what may stand beside the two figures that they explain.

A part that too few persons came or went with is withheld like any count, and so is another along its line. What is left
of the change is one cell, ``other``, which is the withheld parts together.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.tables.protected import COLUMNS, SHOWN, TOTAL, Reason, check_cells

TABLE = "changes"
"""Row = part, column = figure, layer = cut-off month of the edition before."""
BEFORE, NOW, OTHER = "before", "now", "other"
CLOSE = 1e-6
BLOCK = ["department", "column", "layer"]


def explained(
    cells: pd.DataFrame, *, earlier: pd.DataFrame, former: pd.DataFrame | None = None,
    unchanged: Collection[tuple[str, ...]] = (),
) -> pd.DataFrame:  # fmt: skip
    """Cells of an edition with those that explain a change, which add up to what both editions print.

    A change is explained only where both editions show the figure. It is the difference of what they show; where that
    is another than the parts add up to, since a figure was left as it was, no part stands. Beside an earlier build of
    the same edition the parts stand if they are the same, or as that build showed them where it left the figure too:
    the parts of two builds would tell how few persons a correction was about.

    Args:
        cells: protected cells; of table ``changes`` its parts and ``total``.
        earlier: cells that the edition before released.
        former: cells that an earlier build of this edition released; None without one.
        unchanged: keys of figures left as that build showed them.

    Returns:
        All cells; of table ``changes`` also rows ``before``, ``now`` and ``other``.
    """
    mine = cells[cells["table"] == TABLE]
    if mine.empty:
        return cells
    now, then = _figures(cells), _figures(earlier)
    was = {} if former is None else _blocks(former)
    found: list[dict[str, Any]] = []
    for (department, figure, layer), block in _blocks(mine).items():
        key = (department, figure)
        if key in now and key in then:
            made = _block(block, then[key], now[key])
        else:
            made = [_silent(cell) for cell in block.values()]
        old = was.get((department, figure, layer))
        if old and not _same(made, old):
            left = (figure, department, TOTAL, TOTAL, "") in set(unchanged)
            made = list(old.values()) if left else [_silent(c) if _is_part(c) else c for c in made if c["row"] != OTHER]
        found += made
    rest = cells[cells["table"] != TABLE]
    return check_cells(pd.concat([rest, pd.DataFrame(found)[list(COLUMNS)].astype(COLUMNS)], ignore_index=True))


def _figures(cells: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """Totals that are shown, by department and table."""
    total = (cells["row"] == TOTAL) & (cells["column"] == TOTAL) & (cells["layer"] == "")
    shown = cells[total & cells["status"].isin(SHOWN)].to_dict("records")
    return {(line["department"], line["table"]): {str(key): item for key, item in line.items()} for line in shown}


def _blocks(cells: pd.DataFrame) -> dict[tuple[str, str, str], dict[str, dict[str, Any]]]:
    """Cells of one department, figure and pair of editions, by row."""
    found: dict[tuple[str, str, str], dict[str, dict[str, Any]]] = {}
    for line in cells[cells["table"] == TABLE].to_dict("records"):
        cell = {str(name): item for name, item in line.items()}
        found.setdefault(tuple(cell[name] for name in BLOCK), {})[cell["row"]] = cell  # type: ignore[arg-type]
    return found


def _block(
    block: Mapping[str, dict[str, Any]], then: Mapping[str, Any], now: Mapping[str, Any]
) -> list[dict[str, Any]]:  # fmt: skip
    total = dict(block[TOTAL])
    parts = [cell for row, cell in block.items() if row != TOTAL]
    change = now["value"] - then["value"]
    counted = total["value"] if total["status"] in SHOWN else None
    hidden = [cell for cell in parts if cell["status"] not in SHOWN]
    if counted is None or abs(counted - change) > CLOSE or len(hidden) == 1:
        parts = [_silent(cell) for cell in parts]
        hidden = parts
    told = [_told(total, BEFORE, then["value"]), *parts]
    seen = sum(cell["value"] for cell in parts if cell["status"] in SHOWN)
    if hidden and len(hidden) < len(parts):
        told.append(_told(total, OTHER, change - seen))
    return [*told, _told(total, TOTAL, change), _told(total, NOW, now["value"])]


def _told(like: Mapping[str, Any], row: str, value: float) -> dict[str, Any]:
    """A cell that follows from what is printed."""
    status = "zero" if value == 0 else "published"
    return {**like, "row": row, "value": value, "low": np.nan, "high": np.nan, "n": np.nan, "status": status,
            "reason": Reason.NONE.value}  # fmt: skip


def _silent(cell: Mapping[str, Any]) -> dict[str, Any]:
    if cell["status"] == "missing":
        return dict(cell)
    reason = cell["reason"] if cell["status"] == "withheld" else Reason.SECONDARY.value
    return {**cell, "value": np.nan, "low": np.nan, "high": np.nan, "n": np.nan, "status": "withheld", "reason": reason}


def _is_part(cell: Mapping[str, Any]) -> bool:
    return cell["row"] not in (TOTAL, BEFORE, NOW)


def _same(made: list[dict[str, Any]], old: Mapping[str, dict[str, Any]]) -> bool:
    one = {cell["row"]: (cell["status"], str(cell["value"])) for cell in made}
    return one == {row: (cell["status"], str(cell["value"])) for row, cell in old.items()}

