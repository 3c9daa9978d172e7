"""Contracts accept what a build writes and refuse planted faults, by table and column and without any value."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pandera.pandas as pa
import pytest

from analysis.contracts import FOLDERS, PERSONAL, RESULTS, check_table
from analysis.contracts.kinds import DAY, FLAG, NUMBER, TEXT, WHOLE, Interval
from analysis.errors import GateError
from analysis.stages.stage import Stage
from analysis.tables.clean import TABLES as CLEAN
from tests.conftest import Project

NOT_IN_THE_SAMPLE = {"tables": {"snapshots", "identity_changes", "changed"}, "results": set(), "protected": set()}
WITHOUT_KEY = {*CLEAN, "rows", "durations", "quarantine", "rules", "turnover_calibration"} | {
    name for name in FOLDERS["tables"] if name.startswith("unmatched")
}
"""Tables whose rows need not differ."""
SECRET = "19121212-1212"


def written(project: Project, *, rows: int | None = 100) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Folder, name and the first rows (None: all) of every table of an edition."""
    for folder in FOLDERS:
        for path in sorted((project.workspace / folder).glob("*.parquet")):
            table = pd.read_parquet(path)
            yield folder, path.stem, table if rows is None else table.head(rows)


def refused(folder: str, name: str, table: pd.DataFrame) -> str:
    """The sentence with which ``table`` is refused; neither it nor its traceback holds the secret."""
    with pytest.raises(GateError) as error:
        check_table(folder, name, table)
    assert f"{folder}/{name}" in str(error.value)
    assert error.value.__context__ is None, "the library's error holds the rows that failed"
    assert SECRET not in "".join(traceback.format_exception(error.value))
    return str(error.value)


def schema(folder: str, name: str) -> pa.DataFrameSchema:
    return FOLDERS[folder][name]


def test_a_contract_that_checks_an_interval_declares_its_ends() -> None:
    waiting, lacking = [Interval], []
    while waiting:
        model = waiting.pop()
        waiting += model.__subclasses__()
        if not model.__subclasses__() and not {"low", "high"} <= model.to_schema().columns.keys():
            lacking.append(model.__name__)
    assert lacking == []


def test_every_table_of_a_build_has_a_name_and_keeps_its_contract(built: Project) -> None:
    found: dict[str, set[str]] = {folder: set() for folder in FOLDERS}
    for folder, name, table in written(built, rows=None):
        check_table(folder, name, table)
        found[folder].add(name)
    for folder, contracts in FOLDERS.items():
        assert set(contracts) - found[folder] == NOT_IN_THE_SAMPLE[folder], folder


def test_a_missing_and_an_unknown_column_are_refused_in_every_table(built: Project) -> None:
    for folder, name, table in written(built):
        needed = [column for column, spec in schema(folder, name).columns.items() if spec.required and not spec.regex]
        for column in {needed[0], needed[-1]}:
            assert f"column {column} is missing" in refused(folder, name, table.drop(columns=column))
        assert "column planted is not declared" in refused(folder, name, table.assign(planted=SECRET))


def declared_columns(folder: str, name: str, table: pd.DataFrame) -> dict[str, pa.Column]:
    """What the contract says of each column of ``table``; a pattern speaks of every column it names."""
    found = {}
    for alias, spec in schema(folder, name).columns.items():
        found |= {each: spec for each in table.columns if (re.search(alias, each) if spec.regex else each == alias)}
    return found


def test_columns_that_are_declared_by_a_pattern_are_named_when_they_hold_another_kind_of_value() -> None:
    line = {"rule": "a", "sv": "a", "en": "a", "value": "1", "cases": 1}
    for wrong, sentence in (
        ("x", "column rows_before does not hold whole numbers"),
        (-1, "rows_before has 1 value below 0"),
    ):
        assert sentence in refused("tables", "waterfall", pd.DataFrame([line | {"rows_before": wrong}]))


def test_another_kind_of_value_is_refused_in_every_table(built: Project) -> None:
    wrong = {TEXT: 1.5, NUMBER: SECRET, WHOLE: 0.5, DAY: SECRET, FLAG: SECRET}
    for folder, name, table in written(built):
        if table.empty:
            continue
        declared = declared_columns(folder, name, table)
        for column, spec in {str(spec.dtype): (column, spec) for column, spec in declared.items()}.values():
            told = refused(folder, name, table.assign(**{column: wrong[str(spec.dtype)]}))
            assert f"column {column} does not hold {spec.dtype}" in told, (name, column)


def test_a_share_or_probability_of_1_2_is_refused(built: Project) -> None:
    planted = 0
    for folder, name, table in written(built):
        for column, spec in schema(folder, name).columns.items():
            limits = [check.statistics["max_value"] for check in spec.checks if check.name == "less_than_or_equal_to"]
            if limits and limits[0] < 1.1 and len(table):
                told = refused(folder, name, table.assign(**{column: 1.2}))
                assert f"column {column} has {len(table)} value" in told
                assert "above 1" in told
                planted += 1
    assert planted > 20


def test_a_repeated_key_is_refused(built: Project) -> None:
    for folder, name, table in written(built):
        if table.empty or name in WITHOUT_KEY:
            continue
        told = refused(folder, name, pd.concat([table, table.head(1)], ignore_index=True))
        assert "occurs before" in told or "repeated key" in told, name


@pytest.mark.parametrize("name", sorted(RESULTS))
@pytest.mark.parametrize("column", ["person", "birth", "sex", "pay", "name_key"])
def test_no_result_has_a_column_about_persons(name: str, column: str) -> None:
    table = pd.DataFrame({**{key: [1] for key in RESULTS[name].columns}, column: [SECRET]})
    assert f"columns about persons ({column})" in refused("results", name, table)
    assert not PERSONAL & set(RESULTS[name].columns)


def test_a_table_without_a_name_crosses_nowhere() -> None:
    for folder in FOLDERS:
        assert "is no table that crosses rooms" in refused(folder, "scores", pd.DataFrame({"value": [1.0]}))


BRIDGE = {
    "department": "d0101", "occupation": "total", "year": 2026, "scenario": "reference", "part": "gap",
    "expected": 1.0, "p10": 0.5, "p50": 1.0, "p90": 1.5, "n": 40.0,
}  # fmt: skip


@pytest.mark.parametrize(
    ("planted", "told"),
    [
        ({"p10": 2.0}, "percentiles that fall"),
        ({"n": -1.0}, "column n has 1 value below 0"),
        ({"year": 2026.5}, "column year does not hold whole numbers"),
        ({"expected": float("inf")}, "column expected does not hold numbers"),
        ({"department": None}, "column department has 1 empty value"),
    ],
)
def test_faults_of_the_bridge_are_told(planted: dict[str, object], told: str) -> None:
    check_table("results", "staffing_bridge", pd.DataFrame([BRIDGE]))
    # where the delivery says nothing of the need, the gap is missing
    check_table("results", "staffing_bridge", pd.DataFrame([{**BRIDGE, "p10": None, "p50": None, "p90": None}]))
    assert told in refused("results", "staffing_bridge", pd.DataFrame([BRIDGE | planted]))


def test_how_pandas_keeps_a_number_is_no_fault_and_an_empty_table_neither() -> None:
    for n in (40, 40.0):
        check_table("results", "staffing_bridge", pd.DataFrame([BRIDGE | {"n": n, "year": 2026.0}]))
    check_table("results", "staffing_bridge", pd.DataFrame(columns=list(BRIDGE)))
    two = pd.DataFrame([BRIDGE, BRIDGE | {"year": 2027, "expected": None, "p50": None}])
    check_table("results", "staffing_bridge", two.astype({"expected": object, "p50": object, "n": object}))
    objects = pd.DataFrame([BRIDGE]).astype({"expected": object, "p50": object}).assign(p10=2.0)
    assert "percentiles that fall" in refused("results", "staffing_bridge", objects)
    assert "column n does not hold numbers" in refused("results", "staffing_bridge", two.assign(n=[40, SECRET]))


def test_values_of_persons_are_not_in_the_message(built: Project) -> None:
    rows = pd.read_parquet(built.workspace / "tables" / "rows.parquet")
    for column, value in (("sex", SECRET), ("form", SECRET), ("person", None)):
        refused("tables", "rows", rows.assign(person=SECRET, employment=SECRET).assign(**{column: value}))
    pay = rows.assign(pay=-31415.0)
    assert "31415" not in refused("tables", "rows", pay)


def test_a_stage_writes_nothing_that_breaks_its_contract(tmp_path: Path) -> None:
    stage = Stage("staffing", tmp_path, tmp_path / "workspace", tmp_path / "raw", "2025-12", 1)
    with pytest.raises(GateError, match="column p90 is missing"):
        stage.write_result("staffing_bridge", pd.DataFrame([BRIDGE]).drop(columns="p90"))
    with pytest.raises(GateError, match="is no table that crosses rooms"):
        stage.write_table("scores", pd.DataFrame({"score": [0.5]}))
    months = pd.DataFrame({"person": ["a"], "unit": ["u"], "month": ["2025-01"]})
    with pytest.raises(GateError, match="tables/absences"):
        stage.write_frames("absences", [months])
    assert not list((tmp_path / "workspace").rglob("*.parquet"))
