"""Run the code cells of a report notebook on a report made by hand, without a kernel or ``edition``."""

from __future__ import annotations

import ast
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis.publishing.objects.stock import MIME, Shown
from analysis.tables.protected import ProtectedReport
from tests.publishing.showing import open_page

ROOT = Path(__file__).parents[2]
STEMS = {
    "department": "70-department",
    "organisation": "80-organisation",
    "methods": "92-methods",
    "model-card": "90-model-card",
    "samverkan": "91-samverkan",
    "plan": "93-plan",
    "careers": "94-careers",
    "managers": "95-managers",
}


def read(name: str) -> NotebookNode:
    return nbformat.read(ROOT / "notebooks" / f"{STEMS[name]}.ipynb", as_version=4)


def run(name: str, protected: ProtectedReport, *, html: bool = False) -> NotebookNode:
    """The notebook with the outputs a kernel would store."""
    notebook = read(name)
    stub: Any = ModuleType("analysis.stages.report")
    stub.open_report = lambda **parameters: open_page(protected, parameters.get("page", ""))
    before = sys.modules.get("analysis.stages.report")
    sys.modules["analysis.stages.report"] = stub
    namespace: dict[str, Any] = {}
    try:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = [
                    _output(shown, html=html) for shown in [_last(cell.source, namespace)] if isinstance(shown, Shown)
                ]
    finally:
        sys.modules.pop("analysis.stages.report")
        if before is not None:
            sys.modules["analysis.stages.report"] = before
    return notebook


def _last(source: str, namespace: dict[str, Any]) -> Any:
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), namespace)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), namespace) if last is not None else None


def _output(shown: Shown, *, html: bool) -> NotebookNode:
    data = shown._repr_mimebundle_() if html else {MIME: shown.bundle()}
    return nbformat.v4.new_output("execute_result", data=data, execution_count=1)
