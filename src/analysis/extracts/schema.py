"""A pandera schema per clean table, built from the contract, and the split of rows by its failure cases."""

from __future__ import annotations

from functools import cache
from math import inf

import pandas as pd
import pandera.pandas as pa

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
REASONS = {"not_nullable": "missing", "allowed": "unknown_value", "range": "out_of_range"}


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


def failures(name: str, table: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``table`` that break its schema.

    Only positions, columns and reason ids leave this function: pandera's own failure cases hold raw values.

    Args:
        name: A clean table.
        table: Rows with every canonical column in its canonical type, on a RangeIndex (pandera reports
        labels).

    Returns:
        Columns ``row`` (label), ``column``, ``reason``; a row of ``table`` may occur several times.

    Raises:
        TypeError: a whole column has the wrong type, which is an error of the program, not of the data.
    """
    if table.empty:
        return pd.DataFrame({"row": [], "column": [], "reason": []})
    try:
        schema(name).validate(table, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases
    else:
        return pd.DataFrame({"row": [], "column": [], "reason": []})
    if cases["index"].isna().any():
        broken = cases.loc[cases["index"].isna(), ["column", "check"]].iloc[0].tolist()
        raise TypeError(f"clean table {name}: column {broken[0]} breaks {broken[1]} as a whole")
    return pd.DataFrame(
        {
            "row": cases["index"].astype("int64"),
            "column": cases["column"].astype("str"),
            "reason": cases["check"].map(REASONS).astype("str"),
        }
    )
