"""What goes wrong on a machine: one sentence says what, where and what to do, and what stands stays whole.

The small part of the harness; kills at every point of the exchange are in ``tests/edition/test_publish.py``.
"""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from analysis.edition.publish import put_in_place, write_page
from analysis.edition.whole import RELEASED, unreadable
from analysis.errors import InputError
from analysis.execution import execute
from analysis.execution.execute import NotebookError, execute_notebook
from analysis.retention.holdings import read_record
from analysis.runner.current import is_current
from analysis.runner.former import former_build
from analysis.runner.request import request
from analysis.stages.inputs import Inputs
from analysis.stages.marks import Mark, copy_stage, seal
from analysis.stages.stage import Stage
from analysis.tables.reads import digest_of
from tests.conftest import KEYS, REPOSITORY, make_project


def notebook(folder: Path, code: str) -> Path:
    (folder / "notebooks").mkdir(parents=True, exist_ok=True)
    cells = [
        nbformat.v4.new_code_cell("year: int = 2025  # a year", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(code),
    ]
    path = folder / "notebooks/n.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    return path


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise OSError(28, 'No space left on device', '/data/x')", "No space left on device; make room in the"),
        ("raise OSError('[Errno 28] Error writing bytes to file. Detail: [errno 28] x')", "make room in the project"),
        ("raise PermissionError(13, 'Permission denied', '/data/anna')", "Permission denied; see to the rights"),
        ("raise OSError(30, 'Read-only file system', 'x')", "Read-only file system; see to the rights"),
    ],
    ids=["full", "full, as Arrow says it", "no right", "read-only"],
)
def test_what_the_machine_refuses_a_stage_is_one_sentence(tmp_path: Path, code: str, said: str) -> None:
    path = notebook(tmp_path, code)
    blocked = tmp_path / "log"  # a file where the log's folder should be: it cannot be kept either
    blocked.touch()
    with pytest.raises(InputError, match=said) as found:
        execute_notebook(path, parameters={}, log=blocked / "n.ipynb")
    assert "anna" not in str(found.value)
    assert "\n" not in str(found.value)


def test_a_full_folder_for_temporary_files_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "/tmp/x")

    monkeypatch.setattr("papermill.execute_notebook", full)
    with pytest.raises(InputError, match=r"No space left on device; make room in .* temporary files .TMPDIR."):
        execute_notebook(notebook(tmp_path, "1"), parameters={})
    monkeypatch.setattr(execute, "scratch_folder", full)
    with pytest.raises(InputError, match="name one in TMPDIR"):
        execute_notebook(notebook(tmp_path, "1"), parameters={})


def test_the_longest_time_of_a_cell_is_a_setting(tmp_path: Path) -> None:
    settings = (REPOSITORY / "analysis.toml").read_text("utf-8")
    (tmp_path / "analysis.toml").write_text(settings.replace("cell_seconds = 1800", "cell_seconds = 10"), "utf-8")
    path = notebook(tmp_path, "import time\ntime.sleep(60)")
    with pytest.raises(NotebookError, match=r"a cell took more than 10 seconds; raise cell_seconds in analysis\.toml"):
        execute_notebook(path, parameters={})


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


DAMAGES: list[Callable[[Path], None]] = [cut_off, Path.unlink, lambda path: path.write_bytes(b"")]


@pytest.fixture
def edition(tmp_path: Path) -> Path:
    """An edition that released one cell, in a project with a delivery."""
    project = make_project(tmp_path / "project")
    project.delivery.mkdir(parents=True)
    (project.delivery / "delivery.toml").write_text("", "utf-8")
    folder = project.root / "data/processed/hr-2025-08"
    (folder / "protected").mkdir(parents=True)
    for name in RELEASED:
        if name.endswith(".parquet"):
            pd.DataFrame({"value": [1.0]}).to_parquet(folder / name)
        else:
            (folder / name).write_text('{"period": "2025-08"}', "utf-8")
    (folder / "run.json").write_text("{}", "utf-8")
    return folder


@pytest.mark.parametrize("name", RELEASED)
@pytest.mark.parametrize("damage", DAMAGES, ids=["cut off", "gone", "empty"])
def test_a_damaged_edition_before_is_named_before_anything_runs(
    edition: Path, name: str, damage: Callable[[Path], None]
) -> None:
    root = edition.parents[2]
    given = {"root": root, "delivery": root / "data/raw/sample", "period": "2025-12", "after": "hr-2025-08"}
    assert request(**given).after == "hr-2025-08"  # type: ignore[arg-type]
    damage(edition / name)
    assert unreadable(edition) == Path(name).name
    with pytest.raises(InputError, match="hr-2025-08") as found:
        request(**given)  # type: ignore[arg-type]
    assert "\n" not in str(found.value)


@pytest.mark.parametrize("damage", DAMAGES, ids=["cut off", "gone", "empty"])
def test_figures_are_not_held_against_a_damaged_build(
    edition: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    assert former_build(edition, tmp_path) == ""
    (edition / "stages").mkdir()
    Mark("data/raw/hr", "2025-08").write(edition, "read")
    Mark("data/raw/hr", "2025-08").write(tmp_path, "read")
    damage(edition / "protected/cells.parquet")
    record = edition / "stages/read.json"
    record.write_text(record.read_text("utf-8").replace('"inputs": null', '"inputs": {"delivery: a": "1"}'), "utf-8")
    with pytest.raises(InputError, match=r"is damaged: its cells\.parquet cannot be read"):
        former_build(edition, tmp_path)


@pytest.mark.parametrize("damage", DAMAGES, ids=["cut off", "gone", "empty"])
@pytest.mark.parametrize("name", ["tables/rows.parquet", "tables/workforce.json", "stages/workforce.json"])
def test_a_damaged_file_of_an_edition_is_never_taken_over(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    for path, text in (("tables/rows.parquet", "rows"), ("tables/workforce.json", '{"a": 1}')):
        write_page_in(source / path, text)
    mark = Mark("d", "2025-12", {}, None, {"tables/rows.parquet": "", "tables/workforce.json": ""})
    mark.finished(source, Inputs({"delivery: a": "1"})).write(source, "workforce")
    seal(source, "e")
    damage(source / name)
    assert not copy_stage(source, target, "workforce")
    assert not target.exists() or not any(path.is_file() for path in target.rglob("*"))


def write_page_in(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_page(path, text)


@pytest.mark.parametrize("damage", [cut_off, lambda path: path.write_bytes(b"")], ids=["cut off", "empty"])
@pytest.mark.parametrize("name", ["tables/rows.parquet", "tables/workforce.json"])
def test_a_damaged_file_in_a_workspace_is_named_with_what_to_do(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    work = tmp_path / "lab"
    (work / "tables").mkdir(parents=True)
    pd.DataFrame({"value": [1.0]}).to_parquet(work / "tables/rows.parquet")
    (work / "tables/workforce.json").write_text('{"origins": ["2025-12"]}', "utf-8")
    damage(work / name)
    stage = Stage("turnover", tmp_path, work, tmp_path, "2025-12", 1)
    with pytest.raises(InputError, match=rf"lab/{name} is damaged and cannot be read; remove it"):
        stage.table("rows") if "rows" in name else stage.facts("workforce")


def test_a_build_that_is_replaced_stays_under_its_number_without_rows(tmp_path: Path) -> None:
    finals = (tmp_path / "processed/e", tmp_path / "reports/e")
    new = tuple(final.with_name(".building-e") for final in finals)
    for folder, text in ((finals, "old"), (new, "new")):
        for room in ("protected", "tables", "stages", "results"):
            write_page_in(folder[0] / room / "x", text)
        write_page_in(folder[1] / "index.html", text)
    pairs = list(zip(new, finals, strict=True))
    left = put_in_place(pairs, tmp_path / "journal.json", lock=tmp_path / "lock", kept="e~1")
    assert left == []
    assert (finals[1] / "index.html").read_text("utf-8") == "new"
    assert (tmp_path / "reports/e~1/index.html").read_text("utf-8") == "old"
    assert sorted(path.name for path in (tmp_path / "processed/e~1").iterdir()) == ["protected", "results"]
    assert not (tmp_path / "journal.json").exists()
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["e", "e~1"]


@pytest.mark.large
def test_a_build_that_is_killed_anywhere_leaves_an_edition_whole_and_is_finished_by_the_next(
    mini_sample: Path, tmp_path: Path
) -> None:
    project = make_project(tmp_path / "project")
    shutil.copytree(mini_sample, project.delivery)
    environment = os.environ | {"ANALYSIS_PSEUDONYM_KEY": KEYS["first"], "PYTHONPATH": str(REPOSITORY / "src")}
    command = [sys.executable, "-c", "from analysis.cli import main; main()", "build", str(project.delivery)]

    def build(seconds: float | None = None, number: int = signal.SIGKILL) -> int:
        run = subprocess.Popen(
            [*command, "--period", "2025-12"], cwd=project.root, env=environment, stderr=subprocess.DEVNULL
        )
        try:
            return run.wait(timeout=seconds)
        except subprocess.TimeoutExpired:
            run.send_signal(number)
            return run.wait(timeout=120)

    begun = time.monotonic()
    assert build() == 0
    whole = time.monotonic() - begun
    draw = random.Random(0)
    for round_ in range(20):
        source = project.delivery / "franvaro.csv"
        lines = source.read_bytes().splitlines(keepends=True)
        source.write_bytes(b"".join(lines[:-1]))  # one row less: there is something to build
        build(draw.uniform(0, whole), draw.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT]))
        pages = {path.name for path in project.reports.glob("*.html")}
        assert len(pages) > 10, round_
        for name, digest in read_record(project.reports / "run.json")["pages"].items():
            assert digest_of(project.reports / name) == digest, (round_, name)
    assert build() == 0
    assert is_current(request(root=project.root, delivery=project.delivery, period="2025-12"))
    assert not list(project.root.glob("*/.building-*"))
    for path in (project.root / "data/processed").rglob("*.parquet"):
        assert not path.stat().st_mode & 0o077, path
