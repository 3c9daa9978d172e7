"""Models of the clean tables, made of their one home (``tables.clean``)."""

from __future__ import annotations

import pandera.pandas as pa

from analysis.contracts.kinds import Day, Flag, Number, Text, Whole
from analysis.tables.clean import TABLES, Column

KINDS = {"key": Text, "text": Text, "date": Day, "month": Day, "number": Number, "integer": Whole, "boolean": Flag}


def clean_schemas() -> dict[str, pa.DataFrameSchema]:
    """A schema per clean table, with ``source`` and ``source_row``."""
    return {name: _schema(name, columns) for name, columns in TABLES.items()}


def _schema(name: str, columns: dict[str, Column]) -> pa.DataFrameSchema:
    held = {column: _column(spec) for column, spec in columns.items()}
    held |= {"source": pa.Column(Text), "source_row": pa.Column(Whole)}
    return pa.DataFrameSchema(held, strict=True, name=f"tables.clean {name}")


def _column(spec: Column) -> pa.Column:
    checks = []
    if spec.allowed:
        checks.append(pa.Check.isin(spec.allowed))
    if spec.low is not None:
        checks.append(pa.Check.ge(spec.low))
    if spec.high is not None:
        checks.append(pa.Check.le(spec.high))
    return pa.Column(KINDS[spec.kind], checks=checks, nullable=spec.nullable)
