"""Each notebook as an analyst or a scheduler runs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from analysis.execution.execute import execute_notebook
from tests.conftest import DELIVERY, KEYS, REPOSITORY, Project, working_in

NOTEBOOKS = sorted(path.name for path in (REPOSITORY / "notebooks").glob("*.ipynb"))

FIRST = "20-workforce.ipynb"
"""Run with its defaults by the test of what is missing upstream."""


@pytest.fixture(scope="module")
def finished(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the built project; the notebooks' defaults name its delivery and its workspace."""
    root = tmp_path_factory.mktemp("lab") / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns(".*"))
    return Project(root, root / DELIVERY)


def test_a_notebook_builds_what_is_missing_upstream_once_and_says_so(finished: Project) -> None:
    (finished.workspace / "stages/read.json").unlink()
    with working_in(finished.root, KEYS["first"]):
        notebook = finished.root / "notebooks" / FIRST
        said = [_said(execute_notebook(notebook, parameters={})) for _ in range(2)]
    assert "building the stage read for 2025-12 first (10-read.ipynb)" in said[0]
    assert "building" not in said[1]
    assert not any("Traceback" in text for text in said)


def _said(node: nbformat.NotebookNode) -> str:
    cells = [cell for cell in node.cells if cell.cell_type == "code"]
    return "".join(output.text for cell in cells for output in cell.outputs if "text" in output)


@pytest.mark.parametrize("name", [name for name in NOTEBOOKS if name != FIRST])
def test_every_notebook_runs_top_to_bottom_with_its_defaults(finished: Project, name: str) -> None:
    with working_in(finished.root, KEYS["first"]):
        node = execute_notebook(finished.root / "notebooks" / name, parameters={})
    shown = [cell for cell in node.cells if cell.cell_type == "code" and cell.outputs]
    assert shown, "an analyst sees nothing"
    for cell in shown:
        assert all(output.output_type != "error" for output in cell.outputs)
        assert not any("Traceback" in output.get("text", "") for output in cell.outputs)


def test_plain_papermill_and_nbconvert_make_the_published_page(
    built: Project, finished: Project, tmp_path: Path
) -> None:
    output = tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "70-department.ipynb", str(output), "-p", "department", "d0102"]
    done = subprocess.run(
        [*command, "--no-progress-bar"],
        cwd=finished.root / "notebooks",
        env=os.environ | {"ANALYSIS_PSEUDONYM_KEY": KEYS["first"]},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    node = nbformat.read(output, as_version=4)
    kinds = {kind for cell in node.cells for item in cell.get("outputs", []) for kind in item.get("data", {})}
    assert "application/vnd.analysis+json" in kinds
    assert "text/html" in kinds, "in JupyterLab the objects show themselves"
    convert = [sys.executable, "-m", "nbconvert", "--to", "rapport", "--RapportExporter.language=en", "out.ipynb"]
    for file, name in (("sheets", "d0102"), ("underlag", "underlag")):
        asked = [f"--RapportExporter.file={file}", "--output", f"plain-{file}"]
        subprocess.run([*convert, *asked], cwd=tmp_path, check=True, capture_output=True)
        page = next(path for path in tmp_path.iterdir() if path.name.startswith(f"plain-{file}"))
        assert page.read_bytes() == (built.reports / "d0102" / f"{name}.en.html").read_bytes()
