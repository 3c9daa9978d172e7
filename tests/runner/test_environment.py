"""A run on a machine that is not like ours: no home, foreign kernels, folders nobody may write, another locale."""

import ast
import importlib
import inspect
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import pytest
from matplotlib.figure import Figure

from analysis.edition.names import NAME
from analysis.errors import InputError
from analysis.execution.execute import execute_notebook
from analysis.runner.request import edition_name
from analysis.settings import PICTURES
from analysis.stages import picture
from tests.extracts.town import ANNA, BO, FACTS, STAFF, lines, write

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
NOWHERE = "/sys"
"""A folder in which not even the superuser makes another."""
linux = pytest.mark.skipif(not Path(NOWHERE).is_dir(), reason="no folder /sys on this system")


def run(*arguments: str | Path, cwd: Path, **environment: str | None) -> subprocess.CompletedProcess[str]:
    """The command line in an environment of its own; None takes a variable away."""
    wanted = {**os.environ, **environment}
    return subprocess.run(
        [sys.executable, "-c", "from analysis.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        env={name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A delivery in a folder whose name holds blanks and å."""
    people = [ANNA.replace("100231", str(number)) for number in range(24)]  # of fewer than 20 no edition is made
    return write(tmp_path / "Löner på å 2025", FACTS + STAFF, {"staff.csv": lines(*people, BO)})


KEYLESS = {"ANALYSIS_PSEUDONYM_KEY": None, "ANALYSIS_PSEUDONYM_KEY_FILE": None, "XDG_CONFIG_HOME": None}


@linux
@pytest.mark.parametrize(
    "place",
    [{"HOME": NOWHERE}, {"XDG_CONFIG_HOME": NOWHERE}, {"ANALYSIS_PSEUDONYM_KEY_FILE": f"{NOWHERE}/kernel/own.key"}],
)
def test_a_key_that_cannot_be_kept_is_one_sentence(delivery: Path, place: dict[str, str]) -> None:
    done = run("key", "--create", cwd=delivery, **(KEYLESS | place))
    assert done.returncode == 2
    assert done.stderr.startswith("analysis: a key for pseudonyms cannot be kept in")
    assert "set ANALYSIS_PSEUDONYM_KEY" in done.stderr
    assert done.stderr.count("\n") == 1
    assert NOWHERE not in done.stderr


def test_a_person_without_a_home_is_one_sentence(delivery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.extracts import pseudonym_key

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in KEYLESS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", staticmethod(homeless))
    with pytest.raises(InputError, match="no home folder to keep a key in: set ANALYSIS_PSEUDONYM_KEY"):
        pseudonym_key(delivery, create=True)


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": None, "PYTHONIOENCODING": None},
        {"PYTHONIOENCODING": "cp1252"},
        {"TMPDIR": "/nowhere/at/all"},
        {"HOME": None, "USER": None},
    ],
    ids=lambda each: "-".join(f"{name}={value}" for name, value in each.items()),
)
def test_check_reads_and_speaks_swedish_whatever_the_locale(delivery: Path, environment: dict[str, str | None]) -> None:
    key = {"ANALYSIS_PSEUDONYM_KEY": "test-key-number-one-0001"}
    wanted = {**os.environ, **key, **environment}
    done = subprocess.run(
        [sys.executable, "-c", "from analysis.cli import main; main()", "check", str(delivery)],
        cwd=delivery.parent,
        env={name: value for name, value in wanted.items() if value is not None},
        capture_output=True,
        timeout=120,
        check=False,
    )
    code_page = environment.get("PYTHONIOENCODING") or "utf-8"
    assert done.returncode == 0, done.stderr
    assert "godkända" in done.stdout.decode(code_page)
    assert b"Traceback" not in done.stderr


def test_a_file_that_may_not_be_read_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys) -> None:
    from analysis import cli

    def refused() -> None:
        raise PermissionError(13, "Permission denied", "/srv/secret/staff.csv")

    monkeypatch.setattr(cli, "app", refused)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 2
    said = capsys.readouterr().err
    assert said == "analysis: the machine refused staff.csv: Permission denied; see to its rights and room\n"


def notebook(folder: Path, *cells: str) -> Path:
    made = nbformat.v4.new_notebook(
        cells=[
            nbformat.v4.new_code_cell('period: str = "2025-12"', metadata={"tags": ["parameters"]}),
            *(nbformat.v4.new_code_cell(cell) for cell in cells),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    path = folder / "10-x.ipynb"
    nbformat.write(made, path)
    return path


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("JUPYTER_PATH", None),  # None: a foreign kernel named python3
        ("JUPYTER_RUNTIME_DIR", NOWHERE),
        ("IPYTHONDIR", NOWHERE),
        ("MPLCONFIGDIR", NOWHERE),
        ("HOME", NOWHERE),
        ("TMPDIR", "/nowhere/at/all"),
        ("PYTHONUTF8", "0"),
    ],
)
def test_the_kernel_is_this_interpreter_whatever_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str | None
) -> None:
    if value is None:
        spec = tmp_path / "share" / "kernels" / "python3" / "kernel.json"
        spec.parent.mkdir(parents=True)
        spec.write_text('{"argv": ["/bin/false", "{connection_file}"], "display_name": "x", "language": "python"}')
    monkeypatch.setenv(variable, value or str(tmp_path / "share"))
    monkeypatch.setattr(tempfile, "tempdir", None)
    (tmp_path / "å ä ö").mkdir()
    path = notebook(tmp_path / "å ä ö", "import sys, analysis; print(sys.executable, 'åäö')")
    done = execute_notebook(path, parameters={})
    assert done.cells[-1].outputs[0].text == f"{sys.executable} åäö\n"


def test_no_folder_for_temporary_files_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(**_: object) -> str:
        raise OSError(30, "Read-only file system")

    path = notebook(tmp_path, "1")
    monkeypatch.setattr(tempfile, "mkdtemp", refused)
    with pytest.raises(
        InputError, match=r"temporary files can be written \(Read-only file system\); name one in TMPDIR"
    ):
        execute_notebook(path, parameters={})


@pytest.mark.parametrize(
    ("folder", "name"),
    [
        ("Löner på å 2025", "Loner-pa-a-2025-2025-12"),
        ("sample", "sample-2025-12"),
        (" .dold", "dold-2025-12"),
        ("東京", "edition-2025-12"),
        ("x" * 200, "x" * 60 + "-2025-12"),
        ("a/b:c*?", "a-b-c-2025-12"),
    ],
)
def test_an_edition_gets_a_valid_name_from_any_folder(folder: str, name: str) -> None:
    assert edition_name(folder, "2025-12") == name
    assert NAME.fullmatch(name)


def test_what_cannot_be_drawn_is_said_and_the_stage_goes_on(capsys) -> None:
    with picture():
        raise ValueError("a value of a person")
    said = capsys.readouterr().out
    assert said == "No picture here: there is too little to draw (ValueError).\n"


@pytest.mark.parametrize(("asked", "drawn"), [("off", 0), ("", 1)])
def test_a_build_does_not_draw_for_nobody(monkeypatch: pytest.MonkeyPatch, asked: str, drawn: int) -> None:
    saved: list[Figure] = []
    monkeypatch.setenv(PICTURES, asked)
    monkeypatch.setattr(Figure, "savefig", lambda figure, file, **how: saved.append(figure))
    with picture():
        plt.figure()
    assert len(saved) == drawn
    assert not plt.get_fignums()


def drawn_outside(source: str) -> list[str]:
    """What a cell draws outside ``with picture()``: names of drawing libraries, and functions of ours that draw."""
    tree = ast.parse(source)
    inside = {
        id(node)
        for block in ast.walk(tree)
        if isinstance(block, ast.With) and any(ast.unparse(item.context_expr) == "picture()" for item in block.items)
        for node in ast.walk(block)
    }
    outside = [node for node in ast.walk(tree) if id(node) not in inside]
    names = [node.id for node in outside if isinstance(node, ast.Name)]
    return [name for name in names if name in {"plt", "sns", "ax", "axes", "figure"}] + [
        ast.unparse(node.func)
        for node in outside
        if isinstance(node, ast.Call) and ast.unparse(node.func).startswith("figures.") and node.func.attr in DRAWING
    ]


DRAWING = {
    name
    for path in (NOTEBOOKS.parent / "src/analysis/stages/figures").glob("[!_]*.py")
    for name, made in inspect.getmembers(importlib.import_module(f"analysis.stages.figures.{path.stem}"))
    if inspect.isfunction(made) and made.__module__.startswith("analysis.stages.figures")
    and made.__annotations__.get("return") in (None, "None", "Axes", "Figure")
}  # fmt: skip
"""Names of functions that draw: they give nothing back but what is drawn on."""


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("[1-6]*.ipynb")), ids=lambda path: path.name)
def test_pictures_of_stage_notebooks_never_stop_a_build(path: Path) -> None:
    cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert [drawn_outside(cell) for cell in cells if drawn_outside(cell)] == []


def test_a_picture_outside_is_found() -> None:
    assert drawn_outside("import seaborn as sns\nsns.histplot(x)") == ["sns"]
    assert drawn_outside("figures.ages(cells, look)") == ["figures.ages"]
    assert drawn_outside("with picture():\n    figures.ages(cells, look)") == []


def test_a_histogram_of_one_person_stops_nothing(tmp_path: Path) -> None:
    shutil.copyfile(NOTEBOOKS.parent / "analysis.toml", tmp_path / "analysis.toml")
    cells = {cell.id: cell.source for cell in nbformat.read(NOTEBOOKS / "20-workforce.ipynb", as_version=4).cells}
    begin = """
from types import SimpleNamespace
import pandas as pd
from analysis.settings import find_root
stage = SimpleNamespace(root=find_root())
"""
    for rows in (
        "pd.DataFrame({'age': [51.0], 'at_risk': [1], 'form': ['permanent'], 'open': [True]})",
        "pd.DataFrame({'age': [], 'at_risk': [], 'form': [], 'open': pd.Series([], dtype=bool)})",
    ):
        parts = (begin, cells["look-workfo-setup"], f"cells = {rows}", cells["draw-work-ages"], "print('after')")
        done = execute_notebook(notebook(tmp_path, *parts), parameters={})
        assert done.cells[-1].outputs[0].text == "after\n"
