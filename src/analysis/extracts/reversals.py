"""Records that take back others: amounts below zero, netted with the records that they reverse.

A payroll system does not change what was paid: it writes a second record with the amounts below zero, and perhaps a
third with the right ones. Every column of amounts is netted by itself, first within the month that the reversal names,
then in earlier months of the same person and unit: where the very amount stands, else the latest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.extracts.coded import Coded, hashes, stack
from analysis.extracts.notices import Notice, count, of_rows
from analysis.extracts.staging import StagedTable

AMOUNTS: dict[str, tuple[str, ...]] = {
    "hours": ("hours",),
    "absences": (
        "ordinary_hours", "sick_hours", "sick_hours_long", "sick_hours_short", "parental_hours", "overtime_hours",
    ),
}  # fmt: skip
"""Columns of amounts of the tables whose rows add up."""
UNMATCHED = "reversal_unmatched"
CENT = 0.005
"""Amounts nearer to nought than this are nought."""


def reversals(table: str, values: Mapping[str, Coded], *, rows: int) -> np.ndarray:
    """True for records with an amount below zero and none above."""
    below, above = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool)
    for name in AMOUNTS.get(table, ()):
        number = values[name].uniques.astype("float64")
        below |= values[name].flags((number < 0).fillna(False))
        above |= values[name].flags((number > 0).fillna(False))
    return below & ~above
