"""The pandera schemas say what the contract of the clean tables says."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.extracts import empty_table, schema
from analysis.extracts.schema import failures
from analysis.tables.clean import TABLES


@pytest.mark.parametrize("name", TABLES)
def test_every_clean_table_has_a_schema_that_an_empty_table_fulfils(name):
    assert set(schema(name).columns) == {*TABLES[name], "source", "source_row"}
    schema(name).validate(empty_table(name))


def hours(**columns):
    table = empty_table("hours").reindex(range(3))
    good = {"person": "a", "unit": "u", "month": pd.Timestamp("2025-11-01"), "hours": 1.0}
    return table.assign(**(good | {"source": "x", "source_row": 1} | columns)).astype(empty_table("hours").dtypes)


def test_rows_that_break_the_contract_are_named_with_column_and_reason_never_with_values():
    found = failures("hours", hours(hours=[1.0, 401.0, None], person=["a", "b", None]))
    assert list(found.columns) == ["row", "column", "reason"]
    assert sorted(found.itertuples(index=False, name=None)) == [
        (1, "hours", "out_of_range"),
        (2, "hours", "missing"),
        (2, "person", "missing"),
    ]


def test_good_rows_have_no_failures():
    assert failures("hours", hours()).empty


def test_a_column_of_the_wrong_type_is_a_fault_of_the_program():
    with pytest.raises(TypeError, match="hours"):
        failures("hours", hours().astype({"hours": "str"}))
