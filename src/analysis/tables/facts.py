"""Facts: figures about groups before protection. They stay on the near side of ``disclosure``.

One row per figure, in the shape of a protected cell plus what the protection must know: ``numerator`` and
``denominator`` in persons (events, or members with the attribute, and the group they come from).
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

COLUMNS = [
    "table", "department", "row", "column", "layer",
    "value", "low", "high", "n", "numerator", "denominator", "unit", "definition",
]  # fmt: skip
NUMBERS = ("value", "low", "high", "n", "numerator", "denominator")


def facts(rows: Iterable[dict[str, object]] | pd.DataFrame) -> pd.DataFrame:
    """Return ``rows`` with every column of the contract, text as text and numbers as floats."""
    # column by column: a frame of mixed rows that is mended afterwards costs several times as much
    if isinstance(rows, pd.DataFrame):
        index, given = rows.index, {name: rows[name] if name in rows else None for name in COLUMNS}
    else:
        lines = list(rows)
        index, given = pd.RangeIndex(len(lines)), {name: [line.get(name) for line in lines] for name in COLUMNS}
    return pd.DataFrame({name: _column(name, values, index) for name, values in given.items()})


def _column(name: str, values: object, index: pd.Index) -> pd.Series:
    if name in NUMBERS:
        return pd.Series(values, index=index, dtype="float64")
    text = pd.Series(values, index=index, dtype="object").astype("str")
    return text.fillna("total" if name == "column" else "")
