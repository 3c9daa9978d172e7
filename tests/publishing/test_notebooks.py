"""The report notebooks themselves."""

import ast

import pytest

from analysis.publishing.objects.stock import MIME, restore
from analysis.publishing.pages.page import objects
from tests.publishing import fixture, notebooks

NAMES = ["department", "organisation"]


@pytest.mark.parametrize("name", NAMES)
def test_a_report_notebook_is_thin(name: str) -> None:
    notebook = notebooks.read(name)
    assert notebook.cells[0].cell_type == "markdown"
    for cell in notebook.cells:
        assert len(cell.source.splitlines()) <= 10
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
            tree = ast.walk(ast.parse(cell.source))
            assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda) for node in tree)


@pytest.mark.parametrize("name", NAMES)
def test_parameters_are_typed_and_explained(name: str) -> None:
    tagged = [c for c in notebooks.read(name).cells if "parameters" in c.metadata.get("tags", [])]
    assert len(tagged) == 1
    lines = tagged[0].source.splitlines()
    names = [line.split(":")[0] for line in lines]
    wanted = {"department": ["workspace", "delivery", "period", "department", "seed"]}
    wanted["organisation"] = ["workspace", "delivery", "period", "seed", "audience"]
    assert names == wanted[name]
    assert all(": " in line and "  # " in line for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_every_cell_after_the_first_shows_one_object(name: str) -> None:
    run = notebooks.run(name, fixture.report("d0101" if name == "department" else "all"))
    shown = [cell for cell in run.cells if cell.cell_type == "code" and cell.outputs]
    assert len(shown) >= 7
    assert all(list(cell.outputs[0].data) == [MIME] for cell in shown)


def test_the_first_outputs_are_the_first_screen_in_reading_order() -> None:
    run = notebooks.run("department", fixture.report())
    outputs = [cell.outputs[0].data[MIME] for cell in run.cells if cell.cell_type == "code" and cell.outputs]
    kinds = [shown.kind for output in outputs for shown in objects(restore(output))]
    assert kinds[:8] == ["masthead", "verdict", "bridge", "fan", "groups", "trust", "heading", "figures"]
