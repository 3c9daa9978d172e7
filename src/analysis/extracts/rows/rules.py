"""What one row must fulfil beyond its columns: order of dates, days in the future, hours, known units."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from analysis.extracts.rows.competence_rules import competence_breaches, requirement_breaches
from analysis.extracts.rows.ledger_rules import measure_breaches
from analysis.tables.keys import EVERY, JOIN, Codes

SPANS = (("start", "end"), ("valid_from", "valid_to"), ("opened", "closed"), ("opened", "start"))
"""Pairs of columns of which the second must not lie before the first."""
FUTURE_YEARS = {
    "start": 1, "hired": 1, "snapshot": 1, "opened": 1, "valid_from": 1, "date": 1,
    "birth": 0, "assessed": 0, "month": 0, "registered": 0,
}  # fmt: skip
"""Years a date may lie after the extraction: planned starts are known in advance, births are not."""
OLDEST = pd.Timestamp("1900-01-01")

Breach = tuple[str, str, pd.Series]
"""Reason id, column, and True where the row breaks the rule."""


def breaches(
    table: pd.DataFrame,
    *,
    extracted: date,
    units: Codes | None = None,
    occupations: frozenset[str] = frozenset(),
) -> Iterator[Breach]:
    """Every rule that rows of a clean table can break, each with the rows that do.

    Args:
        table: Rows with canonical columns and types.
        extracted: Day of extraction.
        units: Codes of the organisation; None where the delivery has no organisation table.
        occupations: Occupations that ``delivery.toml`` names.

    Yields:
        Reason id, column, boolean Series on the table's index.
    """
    day = pd.Timestamp(extracted)
    for start, end in SPANS:
        if {start, end} <= set(table.columns):
            yield "end_before_start", end, table[end] < table[start]
    for column, years in FUTURE_YEARS.items():
        if column in table.columns:
            yield "in_future", column, table[column] > day + pd.DateOffset(years=years)
            yield "too_old", column, table[column] < OLDEST
    if {"hired", "snapshot"} <= set(table.columns):
        yield "hired_after_list", "hired", table["hired"] > table["snapshot"]
    if {"sick_hours", "ordinary_hours"} <= set(table.columns):
        yield "more_sick_than_ordinary", "sick_hours", table["sick_hours"] > table["ordinary_hours"]
        yield "more_long_than_sick", "sick_hours_long", table["sick_hours_long"] > table["sick_hours"]
    if {"model", "assessed"} <= set(table.columns):
        yield from competence_breaches(table)
    if {"model", "staff"} <= set(table.columns):
        yield from requirement_breaches(table, named_occupations=occupations)
    if {"measure", "smallest"} <= set(table.columns):
        yield from measure_breaches(table, named_occupations=occupations)
    if units is not None:
        yield from _unknown_units(table, units)


def _unknown_units(table: pd.DataFrame, units: Codes) -> Iterator[Breach]:
    if "parent" in table.columns:  # the organisation itself
        return
    for column, others in (("unit", ()), ("department", (EVERY,))):
        if column in table.columns:
            present = [str(code) for code in table[column].dropna().unique()]
            known = [
                code
                for code in present
                if all(each in others or units.find(each) is not None for each in code.split(JOIN))
            ]
            yield "unknown_unit", column, table[column].notna() & ~table[column].isin(known)
