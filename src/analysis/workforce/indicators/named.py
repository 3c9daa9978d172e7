"""A figure under its named definition: one row of the protected table ``definitions``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.reference import definitions
from analysis.tables.protected import ORGANISATION
from analysis.workforce.indicators.basic import by_department

COLUMN = "now"


def figure(
    name: str,
    department: str,
    value: float,
    n: float,
    *,
    numerator: float | None = None,
    denominator: float | None = None,
) -> dict[str, Any]:
    """One fact under definition ``name``.

    Args:
        name: id of the definition.
        department: key, or ``all``.
        value: the figure, NaN where nobody is described.
        n: persons that the figure describes.
        numerator: persons with the attribute; ``n`` where the figure is no share of persons.
        denominator: persons of the group; ``n`` unless said.
    """
    entry = definitions()[name]
    return {
        "table": entry["protected_as"], "department": department, "row": name, "column": COLUMN, "value": value,
        "n": n, "numerator": n if numerator is None else numerator,
        "denominator": n if denominator is None else denominator, "unit": entry["unit"], "definition": name,
    }  # fmt: skip


def count(name: str, department: str, persons: float, *, of: float | None = None) -> dict[str, Any]:
    """A number of persons or posts; ``of`` is the group where those without the attribute need protection too."""
    return figure(name, department, float(persons), persons, denominator=of)


def share(name: str, department: str, part: float, of: float) -> dict[str, Any]:
    """Persons with an attribute out of all of them."""
    return figure(name, department, ratio(part, of), of, numerator=part, denominator=of)


def ratio(part: float, of: float) -> float:
    """``part`` / ``of``; NaN over nought."""
    return float(part) / float(of) if of > 0 else np.nan


def groups_of(table: pd.DataFrame, *names: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """``basic.by_department`` down to the lowest level at which any of the definitions holds."""
    if any("department" in definitions()[name]["level"] for name in names):
        yield from by_department(table)
    else:
        yield ORGANISATION, table


def at_its_levels(found: pd.DataFrame) -> pd.DataFrame:
    """Drop department figures of definitions that hold for the whole organisation only."""
    whole = {key for key, entry in definitions().items() if "department" not in entry["level"]}
    return found[(found["department"] == ORGANISATION) | ~found["row"].isin(whole)].reset_index(drop=True)
