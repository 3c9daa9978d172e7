"""``make profile``: time is counted to the innermost function of ours, and drawn by step and room."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest

from benchmarks.inprocess import run
from benchmarks.profile import ROOT, counted, drawn, steps

OURS = f"{ROOT}/src/analysis"


def frame(function: str, path: str, line: int = 1) -> str:
    return f"{function}\x00{path}\x00{line}"


def test_what_a_library_does_is_counted_to_the_function_that_called_it() -> None:
    whole = [frame("<module>", "/tmp/x.py"), frame("fit", f"{OURS}/turnover/models.py", 7)]
    inside = [*whole, frame("solve", f"{OURS}/turnover/newton.py"), frame("lstsq", "/lib/scipy/linalg.py")]
    found = counted([(inside, 2.0), (whole, 0.5), (inside[:3], 1.0), ([frame("idle", "/lib/asyncio.py")], 0.25)])
    assert found == {"turnover.newton: solve": 3.0, "turnover.models: fit": 0.5, "no function of ours": 0.25}


def test_the_picture_divides_each_step_by_room_and_names_its_functions() -> None:
    found = {
        "read": {"seconds": 4.0, "processor": 3.5, "imports": 1.0, "functions": {"extracts.rows: <lambda>": 4.0}},
        "turnover": {
            "seconds": 8.0, "processor": 8.0, "imports": 1.0,
            "functions": {"turnover.newton: solve": 6.0, "contracts.models: check": 2.0},
        },
    }  # fmt: skip
    page = drawn(found)
    widths = {
        said: float(width) for width, said in re.findall(r'width="([\d.]+)" height="22"[^>]*><title>([^<]+)', page)
    }
    assert widths["turnover, turnover: 6.00 s"] == 3 * widths["turnover, contracts: 2.00 s"]
    assert widths["read, extracts: 4.00 s"] == 2 * widths["turnover, contracts: 2.00 s"]
    assert "extracts.rows: &lt;lambda&gt;" in page
    assert "12 s in all" in page


def test_the_steps_are_those_of_a_build_and_a_report() -> None:
    assert list(steps()) == ["read", "workforce", "competence", "turnover", "staffing", "disclosure", "report"]


def test_cells_run_without_a_kernel_as_papermill_would_run_them(tmp_path: Path) -> None:
    sources = ("year: int = 2025", "from IPython.display import display\ndisplay(year)\nyear + 1", "None")
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "n.ipynb")
    node = run(tmp_path / "n.ipynb", {"year": 7})
    assert [output["data"]["text/plain"] for cell in node.cells for output in cell.outputs] == ["7", "8"]
    cells[1]["source"] = "1 / 0"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "n.ipynb")
    with pytest.raises(RuntimeError, match="cell 3: ZeroDivisionError"):
        run(tmp_path / "n.ipynb", {})
