"""What earlier editions said: their own published forecasts, kept from edition to edition.

The recomputed track record shows what today's method would have said; this one what was printed. Both stand beside
the outcome. An earlier edition's cells have passed the wall already, and are carried as they were published.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.tables.protected import COLUMNS, ORGANISATION

TABLE = "said"
"""Protected table of earlier forecasts: row = cut-off of the edition, column = cause, layer = name of the edition."""
RESULT = [
    "edition", "origin", "horizon_months", "department", "cause", "expected", "low", "high", "n", "recomputed",
    "recomputed_low", "recomputed_high", "observed",
]  # fmt: skip


def said_before(after: str, *, edition: str, period: str, departments: Sequence[str]) -> pd.DataFrame:
    """Cells of the forecasts that earlier editions published, oldest first; empty without an earlier edition.

    An edition never tells of itself: what it or an edition of the same or a later period said is left out. Of two
    editions of one period the later named one counts, that is the one that the next edition came after.

    Args:
        after: workspace of the edition before, '' if none.
        edition: name of this edition.
        period: its cut-off month.
        departments: departments with a report in this edition.
    """
    none = pd.DataFrame(columns=list(COLUMNS)).astype(COLUMNS)
    if not after:
        return none
    folder = Path(after) / "protected"
    about = json.loads((folder / "about.json").read_text(encoding="utf-8"))
    cells = pd.read_parquet(folder / "cells.parquet")
    own = cells[(cells["table"] == "leavers") & (cells["column"] == "12m") & (cells["status"] == "published")]
    own = own.assign(table=TABLE, column=own["row"], row=about["period"], layer=about["edition"])
    found = pd.concat([cells[cells["table"] == TABLE], own], ignore_index=True)
    found = found[found["department"].isin([ORGANISATION, *departments])]
    found = found[(found["layer"] != edition) & (found["row"] < period)]
    found = found.drop_duplicates(["department", "row", "column"], keep="last")
    return found.sort_values(["row", "department", "column"], ignore_index=True)[list(COLUMNS)] if len(found) else none


def said_result(said: pd.DataFrame, track_record: pd.DataFrame) -> pd.DataFrame:
    """What was said beside what the method says now for the same origin, and the outcome where it is known.

    Args:
        said: result of ``said_before``.
        track_record: ``turnover`` track record of this edition.

    Returns:
        ``contracts`` Said, twelve months ahead, groups of the forecast limit; ``recomputed`` and ``observed`` are NaN
        where this edition has no such origin (its cut-off lies in another month, or the window is still open).
    """
    table = said.rename(columns={"layer": "edition", "row": "origin", "column": "cause", "value": "expected"})
    table = table.assign(horizon_months=12)
    year = track_record[track_record["horizon_months"] == 12]
    keys = ["origin", "department", "cause"]
    known = year.set_index(keys)[["expected", "low", "high", "observed"]]
    found = known.reindex(pd.MultiIndex.from_frame(table[keys])) if len(known) else None
    names = {"expected": "recomputed", "low": "recomputed_low", "high": "recomputed_high", "observed": "observed"}
    for name, into in names.items():
        table[into] = np.nan if found is None else found[name].to_numpy(dtype=float)
    return table[RESULT].reset_index(drop=True)
