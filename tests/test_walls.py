"""Walls between the rooms, read from the source; breaches planted in a copy are caught, by name."""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.walls import PAGES, REPORT_NOTEBOOKS, Rule, breaches, notebook_breaches, package_breaches

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "analysis"
NOTEBOOKS = ROOT / "notebooks"


def contracts(root: Path) -> str:
    """What import-linter says of the package below ``root``; '' where every contract is kept."""
    pytest.importorskip("importlinter")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"]
    done = subprocess.run(
        command,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ("BROKEN" in done.stdout) == (done.returncode == 1), done.stdout + done.stderr
    assert "Contracts: " in done.stdout, done.stdout + done.stderr
    return done.stdout if done.returncode else ""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package and its contracts, to plant breaches in."""
    shutil.copytree(PACKAGE, tmp_path / "src" / "analysis", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "pyproject.toml", tmp_path / "pyproject.toml")
    return tmp_path


def plant(root: Path, file: str, line: str) -> None:
    path = root / "src" / "analysis" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    path.write_text(before + "\n" + line + "\n", encoding="utf-8")


def test_every_contract_between_the_rooms_is_kept() -> None:
    assert contracts(ROOT) == ""


def test_pages_import_and_read_only_what_is_allowed() -> None:
    assert package_breaches(PACKAGE) == []


@pytest.mark.parametrize("name", REPORT_NOTEBOOKS)
def test_report_notebooks_touch_only_what_is_allowed(name: str) -> None:
    assert notebook_breaches(NOTEBOOKS / name) == []


def test_breaches_of_the_order_of_rooms_are_caught_by_name(copy: Path) -> None:
    planted = {
        "tables/joins.py": ["from analysis import workforce", "from analysis.publishing.words import locale"],
        "reference/listing.py": ["import analysis.extracts.manifest"],
        "extracts/files/reading.py": ["from analysis.sample import write_sample"],
        "turnover/models/logit.py": ["def late():\n    from analysis.staffing import bridge"],
        "publishing/views/funnel.py": ["from analysis.sections import report"],
    }
    for file, lines in planted.items():
        for line in lines:
            plant(copy, file, line)
    plant(copy, "newroom/__init__.py", '"""A room that has no place in the order."""')
    said = re.sub(r"\s+", " ", contracts(copy))
    for importer, imported in [
        ("analysis.tables.joins", "analysis.workforce"),
        ("analysis.tables.joins", "analysis.publishing.words.locale"),
        ("analysis.reference.listing", "analysis.extracts.manifest"),
        ("analysis.extracts.files.reading", "analysis.sample"),
        ("analysis.turnover.models.logit", "analysis.staffing.bridge"),
        ("analysis.publishing.views.funnel", "analysis.sections.report"),
    ]:
        assert f"{importer} -> {imported} " in said, (importer, said)
    assert "newroom" in said


PLANTED = {
    "publishing/pages/page.py": (
        "import pyarrow.parquet\nROWS = pyarrow.parquet.read_table('tables/employments.parquet')",
        ["imports pyarrow.parquet", "reads files by read_table"],
    ),
    "publishing/pages/site.py": (
        "from pandas import read_parquet as rp\nROWS = rp('x')",
        ["imports pandas.read_parquet"],
    ),
    "publishing/words/rounding.py": ("ROWS = open('tables/employments.parquet', 'rb').read()", ["reads files by open"]),
    "publishing/words/arithmetic.py": (
        "from pathlib import Path\nROWS = Path('x').read_bytes()",
        ["imports pathlib.Path"],
    ),
    "publishing/views/grid.py": (
        "ROWS = __import__('pandas').read_csv('x')",
        ["uses __import__", "reads files by read_csv"],
    ),
    "publishing/views/alt.py": ("from analysis.tables import clean", ["imports analysis.tables.clean"]),
    "publishing/pages/render.py": ("ROWS = open('x')", ["reads files by open"]),  # may read text of templates only
    "sections/people/ages.py": (
        "import sqlite3\nfrom analysis.extracts import read_delivery\nROWS = open('x')",
        ["imports sqlite3", "imports analysis.extracts.read_delivery", "reads files by open"],
    ),
}


@pytest.mark.parametrize("file", PLANTED)
def test_pages_that_read_or_import_something_else_are_caught_by_name(copy: Path, file: str) -> None:
    lines, said = PLANTED[file]
    plant(copy, file, lines)
    found = package_breaches(copy / "src" / "analysis")
    for what in said:
        assert any(line.startswith(f"{file}:") and line.endswith(what) for line in found), found


CELLS = {
    "import pandas\nreport._cells": ["imports pandas", "touches report._cells"],
    "report.plan": ["touches report.plan"],
    "from analysis.stages import open_stage": ["imports analysis.stages.open_stage"],
    "from analysis.stages.stage import Stage": ["imports analysis.stages.stage.Stage"],
    "open('data/processed/x/tables/rows.parquet')": ["reads files by open"],
    "getattr(report, '_ce' + 'lls')": ["uses getattr"],
    "report.protected": ["touches report.protected"],
    "from analysis.publishing.words import locale\nlocale.catalog": [
        "imports analysis.publishing.words.locale",
        "touches locale.catalog",
    ],
    "eval('1')": ["uses eval"],
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_that_reaches_further_is_caught_by_name(tmp_path: Path, cell: str) -> None:
    notebook = json.loads((NOTEBOOKS / "70-department.ipynb").read_text(encoding="utf-8"))
    last = sum(each["cell_type"] == "code" for each in notebook["cells"]) + 1
    notebook["cells"].append({"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": []})
    (tmp_path / "70-department.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    found = notebook_breaches(tmp_path / "70-department.ipynb")
    assert [line.partition(": ")[2] for line in found] == CELLS[cell]
    assert all(line.startswith(f"70-department.ipynb, code cell {last}:") for line in found)


def test_a_rule_lets_through_what_it_names() -> None:
    allowed = "import re\nfrom analysis.tables.protected import Cell\nPATTERN = re.compile('x')\nCell.shown"
    assert breaches(allowed, Rule(PAGES)) == []
    assert breaches("import restive", Rule(PAGES)) == [(1, "imports restive")]  # not what merely begins like a name


def test_notebooks_are_committed_without_outputs() -> None:
    import nbformat

    notebooks = sorted(NOTEBOOKS.glob("*.ipynb"))
    assert len(notebooks) == 15
    for path in notebooks:
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert not cell.outputs, path.name
                assert cell.execution_count is None, path.name
                assert not any(isinstance(node, ast.FunctionDef) for node in ast.walk(ast.parse(cell.source))), (
                    path.name
                )
