"""The contract of the clean tables said once more: empty tables, and pandera schemas as the oracle of the verdicts."""

from __future__ import annotations

from functools import cache
from math import inf

import pandas as pd
import pandera.pandas as pa

from analysis.extracts.values.converting import empty
from analysis.tables.clean import TABLES

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


def empty_table(name: str) -> pd.DataFrame:
    """Clean table ``name`` without rows, with its columns and types."""
    index = pd.RangeIndex(0)
    columns = {column: empty(spec, index) for column, spec in TABLES[name].items()}
    table = pd.DataFrame(columns)
    table["source"], table["source_row"] = pd.Series(dtype="str"), pd.Series(dtype="int64")
    return table
