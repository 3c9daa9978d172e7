"""The contract of the clean tables as a fast verdict on one column."""

from __future__ import annotations

import pandas as pd

from analysis.extracts.values.converting import reasons
from analysis.tables.clean import Column


def breach(column: Column, values: pd.Series) -> pd.Series:
    """What is wrong with values of one column by its contract.

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
