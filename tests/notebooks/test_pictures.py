"""Stage notebooks have pictures where a person would rather look than read, each with what to look for."""

from __future__ import annotations

import ast
import re

import pytest

from analysis.execution.cells import code_of
from analysis.stages.looking import table
from analysis.stages.missing import STAGES
from tests.conftest import REPOSITORY

LONGEST = 10
"""Lines of a cell that draws."""


def cells(name: str) -> list[str]:
    return list(code_of(REPOSITORY / "notebooks" / STAGES[name]))


@pytest.mark.parametrize("name", STAGES)
def test_at_least_three_pictures_each_behind_what_to_look_for(name: str) -> None:
    source = cells(name)
    drawn = [place for place, cell in enumerate(source) if "with picture():" in cell]
    assert len(drawn) >= 3
    asked = []
    for place in drawn:
        found = re.match(r'look\("([a-z_.]+)"\)', source[place - 1])
        assert found, f"the cell before the picture {source[place]!r} does not say what to look for"
        asked.append(found[1])
        assert len(source[place].splitlines()) <= LONGEST
    assert len(set(asked)) == len(asked)
    for texts in table().values():
        assert set(asked) <= set(texts)


@pytest.mark.parametrize("name", STAGES)
def test_a_notebook_defines_nothing(name: str) -> None:
    for cell in cells(name):
        kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        assert not any(isinstance(node, kinds) for node in ast.walk(ast.parse(cell))), cell


def test_no_text_is_left_over() -> None:
    asked = {id for name in STAGES for cell in cells(name) for id in re.findall(r'look\("([a-z_.]+)"\)', cell)}
    assert {id for id in table()["en"] if not id.startswith("axis.")} == asked
