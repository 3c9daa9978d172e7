"""A breach of a contract as one sentence that says which table and column, and what is wrong, without any value."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrorReason, SchemaErrors

from analysis.errors import GateError

SAID = 3
"""Breaches that a message names."""
RANGES = {
    "greater_than_or_equal_to": ("min_value", "below"),
    "less_than_or_equal_to": ("max_value", "above"),
}


def unnamed(folder: str, name: str) -> GateError:
    """The error of a table that no contract names."""
    return GateError(
        f"{folder}/{name} is no table that crosses rooms; give it a name and a model in analysis/contracts, or keep it "
        "in the notebook"
    )


def checked(name: str, schema: pa.DataFrameSchema, table: pd.DataFrame) -> None:
    """Check a table.

    Raises:
        GateError: it breaks its contract.
    """
    breaches: list[SchemaError] = []
    held = _inferred(table)
    try:
        schema.validate(held, lazy=True)
    except SchemaErrors as error:
        breaches = list(error.schema_errors)
    # outside the handler: pandera's error holds the rows that failed, and would be kept as this one's context
    if breaches:
        told = list(dict.fromkeys(sentence for each in breaches if (sentence := _sentence(each, held, schema))))
        told = told or ["its values cannot be compared"]
        more = f"; and {len(told) - SAID} more" if len(told) > SAID else ""
        raise GateError(
            f"table {name} breaks its contract ({schema.name}): {'; '.join(told[:SAID])}{more}. Mend what writes it, "
            "or the contract in analysis/contracts if the table is meant to change"
        )


def _inferred(table: pd.DataFrame) -> pd.DataFrame:
    """The table with columns of objects as what they hold: numbers beside None, or nothing at all, are no fault."""
    loose = [column for column in table.columns if table[column].dtype == object]
    found = {column: table[column].infer_objects() for column in loose}
    empty = {column: values.astype("float64") for column, values in found.items() if values.isna().all()}
    return table.assign(**(found | empty)) if loose else table


def _sentence(breach: SchemaError, table: pd.DataFrame, schema: pa.DataFrameSchema) -> str:
    """What is wrong; '' for what only follows from another breach."""
    reason, check = breach.reason_code, breach.check
    column = getattr(breach.schema, "name", "")
    if reason == SchemaErrorReason.COLUMN_NOT_IN_DATAFRAME:
        return f"column {_named(breach)} is missing"
    if reason == SchemaErrorReason.COLUMN_NOT_IN_SCHEMA:
        return f"column {_named(breach)} is not declared"
    if reason == SchemaErrorReason.WRONG_DATATYPE:
        return f"column {column} does not hold {breach.schema.dtype}"
    if reason == SchemaErrorReason.SERIES_CONTAINS_NULLS:
        return f"column {column} has {_rows(int(table[column].isna().sum()), 'empty value')}"
    if reason == SchemaErrorReason.SERIES_CONTAINS_DUPLICATES:
        return f"column {column} has {_rows(int(table[column].duplicated().sum()), 'repeated key')}"
    if reason == SchemaErrorReason.DUPLICATES:
        keys = list(schema.unique or ())
        if not set(keys) <= set(table.columns):
            return ""  # the library looks for repeated rows by what is left of the key
        return f"{_rows(int(table.duplicated(keys).sum()), 'row')} with a key ({', '.join(keys)}) that occurs before"
    if reason == SchemaErrorReason.CHECK_ERROR or not isinstance(check, pa.Check):
        return ""  # the check could not be made, of a column that is missing or holds something else
    count = len(breach.failure_cases) if isinstance(breach.failure_cases, pd.DataFrame) else 0
    limits = check.statistics or {}
    if check.name in RANGES:
        key, side = RANGES[check.name]
        return f"column {column} has {_rows(count, 'value')} {side} {limits[key]:.6g}"
    if check.name == "isin":
        allowed = [str(each) for each in limits["allowed_values"]]
        return f"column {column} has {_rows(count, 'value')} other than {', '.join(filter(None, allowed))}"
    return f"it has {check.error}"


def _named(breach: SchemaError) -> str:
    """The column that is missing or too many; the only failure case that is a name and no value."""
    return str(breach.failure_cases)


def _rows(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
