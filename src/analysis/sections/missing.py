"""What is missing is never nought: facts that rest on what a delivery lacks carry no value.

Which facts rest on which table or column is data (``reference/data/missing.toml``, ``hides`` and ``zeros``), the same
entries that ``analysis check`` says what is lost by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from typing import Any

import numpy as np
import pandas as pd

from analysis.reference import load

NUMBERS = ["value", "low", "high"]


def blanked(facts: pd.DataFrame, lost: Collection[str]) -> pd.DataFrame:
    """The facts with those missing whose inputs are.

    Args:
        facts: of every section (``tables.facts``).
        lost: names of tables (``hours``) and columns (``employments.birth``) that the delivery lacks.
    """
    places = facts["table"] + "/" + facts["row"]
    empty = np.zeros(len(facts), dtype=bool)
    nought = (facts["value"] == 0).to_numpy()
    for entry in _entries(lost):
        empty |= _match(places, entry.get("hides", ()))
        empty |= _match(places, entry.get("zeros", ())) & nought
    if not empty.any():
        return facts
    result = facts.copy()
    result.loc[empty, NUMBERS] = np.nan
    return result


def _entries(lost: Collection[str]) -> Iterator[dict[str, Any]]:
    """Entries that say what is lost without one of these tables or columns."""
    held = load("missing")
    yield from (entry for entry in held["table"] if entry["table"] in lost)
    for entry in held["column"]:
        if any(f"{entry['table']}.{column}" in lost for column in entry["columns"]):
            yield entry


def _match(places: pd.Series, patterns: Collection[str]) -> np.ndarray:
    whole = [pattern if "/" in pattern else f"{pattern}/*" for pattern in patterns]
    matched = {place: any(fnmatchcase(place, pattern) for pattern in whole) for place in places.unique()}
    return places.map(matched).to_numpy(dtype=bool)
