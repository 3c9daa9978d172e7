"""Facts: figures about groups before protection. They stay on the near side of ``disclosure``.

One row per figure, in the shape of a protected cell plus what the protection must know: ``numerator`` and
``denominator`` in persons (events, or members with the attribute, and the group they come from).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.tables.protected import TOTAL

COLUMNS = [
    "table", "department", "row", "column", "layer",
    "value", "low", "high", "n", "numerator", "denominator", "unit", "definition",
]  # fmt: skip
NUMBERS = ("value", "low", "high", "n", "numerator", "denominator")


def facts(rows: Iterable[dict[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """Return ``rows`` with every column of the contract, text as text and numbers as floats."""
    # column by column: a frame of mixed rows that is mended afterwards costs several times as much
    given: dict[str, Any]
    if isinstance(rows, pd.DataFrame):
        index, given = rows.index, {name: rows.get(name) for name in COLUMNS}
    else:
        lines = list(rows)
        index, given = pd.RangeIndex(len(lines)), {name: [line.get(name) for line in lines] for name in COLUMNS}
    columns = {}
    for name, values in given.items():
        if name in NUMBERS:  # by way of pandas' own numbers, whose NA is no float
            columns[name] = pd.Series(values, index=index, dtype="Float64").astype("float64")
        else:
            columns[name] = pd.Series(values, index=index, dtype="str").fillna(TOTAL if name == "column" else "")
    # arrays need no aligning by index
    return pd.DataFrame({name: column.array for name, column in columns.items()}, index=index)


def forecast_facts(found: pd.DataFrame, /, **more: str) -> pd.DataFrame:
    """Facts of forecasts, registered with everyone at risk (``n``); ``more`` are columns with one value for all."""
    return facts(found.assign(numerator=found["n"], denominator=found["n"], **more))
