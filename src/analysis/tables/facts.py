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
    table = pd.DataFrame(rows) if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    table = table.reindex(columns=COLUMNS)
    for name in NUMBERS:
        table[name] = table[name].astype("Float64").astype("float64")  # pandas' own NA is no float
    for name in ("table", "department", "row", "column", "layer", "unit", "definition"):
        default = "total" if name == "column" else ""
        table[name] = table[name].astype("str").where(table[name].notna(), default)
    return table
