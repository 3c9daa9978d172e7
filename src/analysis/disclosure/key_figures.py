"""The five key figures: taken from protected cells, so that a derived figure is never more open than its source.

A slot has a named indicator and fallbacks (``definitions.toml``); the first that the edition holds for any department
is used for all of them, so that departments are compared by one definition.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.disclosure.plan import key_figure_sources
from analysis.periods import shift
from analysis.reference import definitions
from analysis.reference import key_figures as slots_of_first_screen
from analysis.tables.protected import COLUMNS, KEYS, ORGANISATION, check_cells

TABLE = "key_figures"
QUARTILES = (0.25, 0.75)
"""Between them lies the middle half of the departments."""


def source(indicator: str, period: str, *, before: bool = False) -> dict[str, str] | None:
    """Table, row, column and layer of the figure behind a key figure, now or a year before; None where none is held."""
    entry = key_figure_sources().get(indicator)
    if entry is None or (before and entry.before is None):
        return None
    names = {"period": period, "before": shift(period, -12)}
    place = {"table": entry.table, "row": entry.row, "column": entry.column, "layer": entry.layer}
    if before and entry.before is not None:
        place |= entry.before.model_dump(exclude_none=True)
    return {key: text.format(**names) for key, text in place.items()}


def key_figures(cells: pd.DataFrame, *, period: str, departments: list[str], min_peers: int) -> pd.DataFrame:
    """Rows of the table ``key_figures`` for the whole organisation and each department.

    Args:
        cells: protected cells.
        period: cut-off month.
        departments: departments with a report.
        min_peers: fewer shown departments make no group of peers.

    Returns:
        Protected cells: row = slot, column = now, year_before, change, peers (median of departments), band (the same
        with the quartiles of departments), organisation.
    """
    found: dict[tuple[str, ...], dict[str, Any]] = {
        tuple(str(line[key]) for key in KEYS): {str(name): item for name, item in line.items()}
        for line in cells.to_dict("records")
    }
    rows: list[dict[str, Any]] = []
    for slot, indicators in slots_of_first_screen().items():
        held = [key for key in indicators if _holds(cells, source(key, period))]
        indicator = held[0] if held else indicators[0]
        now = {d: _cell(found, d, source(indicator, period)) for d in (ORGANISATION, *departments)}
        now = {d: cell | _why_empty(cell, now[ORGANISATION], indicator) for d, cell in now.items()}
        past = {d: _cell(found, d, source(indicator, period, before=True)) for d in now}
        shown = [cell["value"] for d, cell in now.items() if d != ORGANISATION and _shown(cell)]
        for department, cell in now.items():
            columns = {"now": cell, "year_before": past[department], "change": _change(cell, past[department])}
            # an expected number of persons has no meaningful median over departments of different size
            if len(shown) >= min_peers and cell["unit"] in ("share", "rate", "ratio"):
                columns["peers"] = {**cell, **_number(float(np.median(shown)))}
                low, high = (float(end) for end in np.quantile(shown, QUARTILES))
                columns["band"] = {**cell, **_number(float(np.median(shown))), "low": low, "high": high}
            if department != ORGANISATION:
                columns["organisation"] = now[ORGANISATION]
            rows += [
                {**figure, "table": TABLE, "department": department, "row": slot, "column": column, "layer": "",
                 "definition": indicator}
                for column, figure in columns.items()
            ]  # fmt: skip
    return check_cells(pd.DataFrame(rows, columns=list(COLUMNS)))


def _holds(cells: pd.DataFrame, place: dict[str, str] | None) -> bool:
    if place is None:
        return False
    chosen = np.logical_and.reduce([cells[key] == text for key, text in place.items()])
    return bool((cells.loc[chosen, "status"] != "missing").any())


def _cell(
    found: dict[tuple[str, ...], dict[str, Any]], department: str, place: dict[str, str] | None
) -> dict[str, Any]:
    if place is not None:
        key = (place["table"], department, place["row"], place["column"], place["layer"])
        if key in found:
            return dict(found[key])
    return {**_number(np.nan), "unit": "share", "status": "missing", "reason": "no_data", "sensitivity": "low"}


def _why_empty(cell: dict[str, Any], whole: dict[str, Any], indicator: str) -> dict[str, str]:
    """The reason of a cell that is missing because nobody in the department is in the definition's population.

    Few persons are withheld, not missing; where the organisation lacks the figure too, it is the data that are lacking.
    """
    empty = definitions()[indicator].get("empty", "") if indicator in definitions() else ""
    if empty and cell["status"] == "missing" and whole["status"] != "missing":
        return {"reason": empty}
    return {}


def _number(value: float) -> dict[str, Any]:
    status = "missing" if np.isnan(value) else "published"
    return {"value": value, "low": np.nan, "high": np.nan, "n": np.nan, "status": status, "reason": ""}


def _shown(cell: dict[str, Any]) -> bool:
    return cell["status"] in ("published", "zero")


def _change(now: dict[str, Any], past: dict[str, Any]) -> dict[str, Any]:
    """Now minus a year ago; with an interval where both have one (differences of independent years)."""
    for cell in (now, past):
        if not _shown(cell):
            return {**cell, **_number(np.nan), "status": cell["status"], "reason": cell["reason"], "unit": now["unit"]}
    change = {**now, **_number(now["value"] - past["value"])}
    if not np.isnan(now["low"]) and not np.isnan(past["low"]):
        down = np.hypot(now["value"] - now["low"], past["high"] - past["value"])
        up = np.hypot(now["high"] - now["value"], past["value"] - past["low"])
        change |= {"low": change["value"] - down, "high": change["value"] + up}
    return change
