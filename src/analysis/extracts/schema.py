"""The contract of the clean tables as pandera schemas for people, and as a fast verdict on one column."""

from __future__ import annotations

from functools import cache
from math import inf

import pandas as pd
import pandera.pandas as pa

from analysis.extracts.converting import reasons
from analysis.tables.clean import TABLES, Column

DTYPES = {
    "key": "str",
    "text": "str",
    "date": "datetime64[us]",
    "month": "datetime64[us]",
    "number": "float64",
    "integer": "Int64",
    "boolean": "boolean",
}


@cache
def schema(name: str) -> pa.DataFrameSchema:
    """The pandera schema of clean table ``name`` (types, empty values, allowed values, ranges).

    Raises:
        KeyError: there is no such table.
    """
    columns: dict[str, pa.Column] = {}
    for column, spec in TABLES[name].items():
        checks = []
        if spec.allowed:
            checks.append(pa.Check.isin(spec.allowed, error="allowed"))
        if spec.low is not None or spec.high is not None:
            low, high = (-inf if spec.low is None else spec.low), (inf if spec.high is None else spec.high)
            checks.append(pa.Check.in_range(low, high, error="range"))
        columns[column] = pa.Column(DTYPES[spec.kind], checks=checks, nullable=spec.nullable)
    columns["source"] = pa.Column("str")
    columns["source_row"] = pa.Column("int64", pa.Check.ge(1, error="range"))
    return pa.DataFrameSchema(columns, strict=True, name=name)


def breach(column: Column, values: pd.Series) -> pd.Series:
    """What is wrong with values of one column by its contract, as its pandera schema would judge.

    Args:
        column: The contract.
        values: Values in the column's canonical type.

    Returns:
        Reason id per value, "" where it is right.
    """
    missing = values.isna()
    outside = pd.Series(False, index=values.index)
    if column.low is not None:
        outside |= (values < column.low).fillna(False).astype(bool)
    if column.high is not None:
        outside |= (values > column.high).fillna(False).astype(bool)
    found = reasons(outside, "out_of_range")
    if column.allowed:
        found = reasons(~missing & ~values.isin(column.allowed), "unknown_value")
    return found if column.nullable else found.mask(missing, "missing")
