"""The pandera schemas say what the contract of the clean tables says, and the fast verdict says the same."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa
import pytest

from analysis.extracts.values.schema import breach
from analysis.tables.clean import TABLES, Column
from tests.extracts.contract import empty_table, schema

TRIALS = {
    "key": ["a", "F", "permanent", "hme", None],
    "text": ["a", None],
    "date": ["2025-01-01", None],
    "month": ["2025-01-01", None],
    "number": [-0.1, 0.0, 0.5, 1.0, 1.1, 5.0, 400.0, 400.1, 1e9, None],
    "integer": [-1, 0, 1, 9, 10, 1989, 2101, None],
    "boolean": [True, False, None],
}


@pytest.mark.parametrize("name", TABLES)
def test_every_clean_table_has_a_schema_that_an_empty_table_fulfils(name):
    assert set(schema(name).columns) == {*TABLES[name], "source", "source_row"}
    schema(name).validate(empty_table(name))


@pytest.mark.parametrize("name", TABLES)
def test_the_fast_verdict_on_every_column_is_that_of_its_schema(name):
    for column, contract in TABLES[name].items():
        values = pd.Series(TRIALS[contract.kind]).astype(empty_table(name)[column].dtype)
        only = pa.DataFrameSchema({column: schema(name).columns[column]})
        try:
            only.validate(values.to_frame(column), lazy=True)
            wrong = set()
        except pa.errors.SchemaErrors as error:
            wrong = set(error.failure_cases["index"])
        found = breach(contract, values)
        assert set(found[found != ""].index) == wrong, column


def test_each_breach_has_its_reason():
    contract = Column("number", nullable=False, low=0.0, high=400.0)
    assert breach(contract, pd.Series([1.0, 401.0, -1.0, None])).tolist() == [
        "",
        "out_of_range",
        "out_of_range",
        "missing",
    ]
    sex = Column("key", allowed=("F", "M"))
    assert breach(sex, pd.Series(["F", "X", None], dtype="str")).tolist() == ["", "unknown_value", ""]
