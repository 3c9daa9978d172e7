"""Examples in docstrings run, and the functions that a reader is most likely to call have one."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "analysis"
MODULES = sorted(
    "analysis." + path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", ".")
    for path in PACKAGE.rglob("*.py")
    if "\n    >>> " in path.read_text(encoding="utf-8")
)
CALLED = {
    "analysis.extracts.persons.personnummer": {"read_personnummer"},
    "analysis.periods": {"shift", "months_between", "origins", "whole_years"},
    "analysis.publishing.words.rounding": {"add_up"},
    "analysis.staffing.need.workload": {"required"},
    "analysis.tables.digits": {"places", "quantize"},
    "analysis.tables.joins": {"join"},
    "analysis.tables.keys": {"make_keys", "alike"},
    "analysis.turnover.drivers.poisson": {"mid_p_interval", "limits"},
    "analysis.turnover.forecasts.lifetable": {"life_table", "aalen_johansen"},
}


@pytest.mark.parametrize("name", MODULES)
def test_examples_give_what_they_say(name: str) -> None:
    failed, tried = doctest.testmod(importlib.import_module(name))
    assert tried > 0
    assert failed == 0


@pytest.mark.parametrize("name", CALLED)
def test_what_a_reader_calls_has_an_example(name: str) -> None:
    found = doctest.DocTestFinder().find(importlib.import_module(name))
    assert CALLED[name] <= {each.name.rpartition(".")[2] for each in found if each.examples}
