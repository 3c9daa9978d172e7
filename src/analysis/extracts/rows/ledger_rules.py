"""What a row of the effect ledger must fulfil: something to follow, known groups, a follow-up long enough."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.reference import occupations
from analysis.reference.ledger import followed
from analysis.tables.keys import JOIN

LEAST_MONTHS = 12
"""Months of a follow-up: leaving and sick leave have their seasons, so that only whole years are compared."""

Breach = tuple[str, str, pd.Series]


def measure_breaches(table: pd.DataFrame, *, named_occupations: frozenset[str]) -> Iterator[Breach]:
    """Rules of the table ``measures``.

    Args:
        table: rows with canonical columns.
        named_occupations: occupations that ``delivery.toml`` names beside those of the reference data.

    Yields:
        Reason id, column, boolean Series on the table's index.
    """
    yield "repeated_measure", "measure", table["measure"].duplicated()
    yield "not_followed", "indicator", table["indicator"].notna() & ~table["indicator"].isin(list(followed()))
    known = {*occupations(), *named_occupations}
    named = table["occupations"].dropna().astype("str").str.split(JOIN, regex=False)
    strange = named.map(lambda parts: any(part.strip() not in known for part in parts)).reindex(table.index)
    yield "unknown_occupation", "occupations", strange.eq(True)
    last = table["start"] + pd.DateOffset(months=LEAST_MONTHS - 1)
    yield "follow_up_too_short", "until", table["until"] < last
    in_shares = table["indicator"].isin([key for key, entry in followed().items() if entry.unit != "days"])
    yield "smallest_not_a_share", "smallest", in_shares & (table["smallest"] >= 1)
