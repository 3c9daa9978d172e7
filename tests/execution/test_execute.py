"""A kernel imports what its caller imports, wherever the notebook lies."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest

from analysis.execution.execute import execute_notebook


@pytest.mark.parametrize("entries", ["src", f"elsewhere{os.pathsep}src", f"src{os.pathsep}"])
def test_a_relative_python_path_means_the_same_folder_in_a_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, entries: str
) -> None:
    for folder in ("src", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "src" / "checked_out.py").write_text("WHERE = 'the caller'\n", encoding="utf-8")
    cells = [
        nbformat.v4.new_code_cell("year: int = 2025  # a year", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import checked_out\n\nprint(checked_out.WHERE)"),
    ]
    path = tmp_path / "notebooks" / "where.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", entries)
    node = execute_notebook(path, parameters={})
    assert node.cells[-1].outputs[0].text == "the caller\n"
    assert os.environ["PYTHONPATH"] == entries
