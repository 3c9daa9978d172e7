"""Kinds of columns: what a column may hold, whatever pandas keeps it in.

A count is an integer in one delivery and a float in the next (a missing value is enough), numbers beside None are
objects, and an empty table has no types at all; none of them is a fault. Text in a column of numbers, a fraction of a
person or a day kept as text is one.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pandera.pandas as pa
from pandera import dtypes
from pandera.engines import pandas_engine

from analysis.reference import CAUSES
from analysis.tables.protected import TOTAL

CAUSES_AND_TOTAL = (*CAUSES, TOTAL)
TEXT, NUMBER, WHOLE, DAY, FLAG = "text", "numbers", "whole numbers", "days", "true or false"


class _Kind(pandas_engine.DataType):
    type = np.dtype("O")
    name = ""

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        if data_container is None:
            return type(pandera_dtype) is type(self)
        return len(data_container) == 0 or self.holds(data_container)

    def holds(self, values: pd.Series) -> bool:
        raise NotImplementedError

    def __str__(self) -> str:
        return self.name


def _is_number(values: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(values.dtype) and not pd.api.types.is_bool_dtype(values.dtype)


@pandas_engine.Engine.register_dtype
@dtypes.immutable
class Text(_Kind):
    """Text, or nothing at all."""

    name = TEXT

    def holds(self, values: pd.Series) -> bool:
        """Is every value text or missing?"""
        if isinstance(values.dtype, pd.CategoricalDtype):
            return pd.api.types.is_string_dtype(values.cat.categories)
        return pd.api.types.is_string_dtype(values) or bool(values.isna().all())


@pandas_engine.Engine.register_dtype
@dtypes.immutable
class Number(_Kind):
    """A number, or nothing; infinity is none."""

    name = NUMBER

    def holds(self, values: pd.Series) -> bool:
        """Is the column one of numbers, all of them finite?"""
        return _is_number(values) and not np.isinf(values.to_numpy(dtype="float64", na_value=np.nan)).any()


@pandas_engine.Engine.register_dtype
@dtypes.immutable
class Whole(_Kind):
    """A whole number, or nothing, also where pandas keeps it as a float."""

    name = WHOLE

    def holds(self, values: pd.Series) -> bool:
        """Is the column one of numbers without fractions?"""
        if not _is_number(values):
            return False
        if pd.api.types.is_integer_dtype(values.dtype):
            return True
        numbers = values.to_numpy(dtype="float64", na_value=np.nan)
        return bool((np.isnan(numbers) | (numbers == np.floor(numbers)) & np.isfinite(numbers)).all())


@pandas_engine.Engine.register_dtype
@dtypes.immutable
class Day(_Kind):
    """A day, as a timestamp at midnight, or nothing."""

    name = DAY

    def holds(self, values: pd.Series) -> bool:
        """Is the column one of timestamps?"""
        return pd.api.types.is_datetime64_any_dtype(values.dtype) or bool(values.isna().all())


@pandas_engine.Engine.register_dtype
@dtypes.immutable
class Flag(_Kind):
    """True or false, or nothing."""

    name = FLAG

    def holds(self, values: pd.Series) -> bool:
        """Is the column one of booleans?"""
        known = values.dropna() if values.dtype == object else values
        return known.empty or pd.api.types.infer_dtype(known) == "boolean"


def at_least(least: float = 0.0, **more: Any) -> Any:
    """A number of at least ``least``: persons, full-time equivalents, hours, years."""
    return pa.Field(ge=least, **more)


def share(**more: Any) -> Any:
    """A share or probability, 0 to 1; a rounding error beyond is none."""
    return pa.Field(ge=-1e-9, le=1 + 1e-9, **more)


def optional(**more: Any) -> Any:
    """A column whose values may be missing."""
    return pa.Field(nullable=True, **more)


def one_of(*values: str, **more: Any) -> Any:
    """One of the values."""
    return pa.Field(isin=list(values), **more)


class Contract(pa.DataFrameModel):
    """A table that crosses rooms: its columns and no others, kinds, ranges and the key that names a row once."""

    class Config:
        strict = True


class Interval(Contract):
    """A figure with an interval, ``low`` to ``high``."""

    @pa.dataframe_check(error="low above high")
    @classmethod
    def ordered(cls, table: pd.DataFrame) -> pd.Series:
        """The lower end is not above the upper one."""
        return ~(table["low"] > table["high"] + 1e-9)
