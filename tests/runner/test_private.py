"""What holds rows about persons is for its owner alone, and nothing that is kept of a failure repeats a row."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from filelock import FileLock

from analysis import cli
from analysis.edition import passport
from analysis.edition.keys import changed_key
from analysis.edition.leftovers import remove_leftovers
from analysis.execution import scratch
from analysis.execution.execute import NotebookError, execute_notebook
from analysis.private import is_open_to_others, private_file, private_folder, publish_modes, restrict
from analysis.stages.stage import Stage
from tests.conftest import Project

PLANTED = "19850101-9995 Anna Planterad"


@pytest.fixture
def lax() -> Iterator[None]:
    """A umask that closes nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_every_file_of_a_built_workspace_is_for_its_owner_alone(built: Project) -> None:
    everything = [built.workspace, *built.workspace.rglob("*")]
    assert {mode(path) for path in everything if path.is_dir()} == {0o700}
    assert {mode(path) for path in everything if path.is_file()} == {0o600}


def test_pages_have_the_modes_of_the_persons_own_umask(built: Project) -> None:
    umask = os.umask(0)
    os.umask(umask)
    assert mode(built.reports) == 0o777 & ~umask
    assert {mode(path) for path in built.reports.rglob("*") if path.is_file()} == {0o666 & ~umask}


def test_what_a_stage_writes_is_private_whatever_the_umask(tmp_path: Path, lax: None) -> None:
    stage = Stage("read", tmp_path, tmp_path / "lab", tmp_path / "raw", "2025-12", 1)
    (tmp_path / "lab" / "tables").mkdir(parents=True)
    (tmp_path / "lab" / "tables" / "delivery.json").touch()
    stage.write_facts("delivery", {"name": "x"})
    units = pd.DataFrame({name: pd.Series(["a"], dtype="str") for name in ("key", "code")})
    stage.write_table("units", units)
    stage.write_frames("units", [units])
    lab = tmp_path / "lab"
    assert {mode(path) for path in [lab, *lab.rglob("*")] if path.is_dir()} == {0o700}
    assert {mode(path) for path in lab.rglob("*") if path.is_file()} == {0o600}


def test_files_and_folders_are_closed_and_pages_opened(tmp_path: Path, lax: None) -> None:
    folder = private_folder(tmp_path / "a" / "b")
    file = private_file(folder / "rows.csv")
    assert (mode(folder), mode(file)) == (0o700, 0o600)
    loose = tmp_path / "loose"
    (loose / "in").mkdir(parents=True)
    (loose / "in" / "x").touch()
    assert is_open_to_others(loose / "in" / "x")
    restrict(loose)
    assert (mode(loose / "in"), mode(loose / "in" / "x")) == (0o700, 0o600)
    publish_modes(loose, 0o027)
    assert (mode(loose / "in"), mode(loose / "in" / "x")) == (0o750, 0o640)


def failing(folder: Path) -> Path:
    cells = [
        nbformat.v4.new_code_cell("year: int = 2025  # a year", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell("import pathlib\nrow = pathlib.Path('row.txt').read_text()\nprint(row)\nrow"),
        nbformat.v4.new_code_cell(
            "try:\n    float(row)\nexcept ValueError as error:\n    raise KeyError(row + '\\nFile ' + row) from error"
        ),
    ]
    path = folder / "failing.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    (folder / "row.txt").write_text(PLANTED, encoding="utf-8")
    return path


def test_a_kept_notebook_says_where_it_stopped_and_holds_no_row(tmp_path: Path, lax: None) -> None:
    log = tmp_path / "logs" / "failing.ipynb"
    with pytest.raises(NotebookError) as raised:
        execute_notebook(failing(tmp_path), parameters={}, log=log)
    assert "stopped with KeyError in code cell 3" in str(raised.value)
    text = log.read_text(encoding="utf-8")
    assert "Anna" not in text
    assert "19850101" not in text
    assert "Cell In[3], line 4" in text
    assert "KeyError" in text
    assert "float(row)" in text, "the code is kept"
    assert (mode(log.parent), mode(log)) == (0o700, 0o600)


def test_a_fault_of_the_command_line_says_places_and_no_value(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        try:
            float(PLANTED)
        except ValueError as error:
            raise RuntimeError(PLANTED) from error

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    assert stopped.value.code == 1
    said = capsys.readouterr().err
    assert "Anna" not in said
    assert "ValueError" in said
    assert "RuntimeError" in said
    assert "in broken" in said


def test_what_a_killed_run_left_is_removed_at_the_next_start_and_a_run_at_work_is_let_be(tmp_path: Path) -> None:
    processed, reports = tmp_path / "data/processed", tmp_path / "reports"
    for name in ("dead", "dead-preview", "alive", "alive-preview"):
        for place in (processed, reports):
            (place / f".building-{name}" / "tables").mkdir(parents=True)
    (processed / ".remains-building-old-1").mkdir()
    (processed / "kept").mkdir()
    elsewhere = tmp_path / "www"
    (elsewhere / ".building-linked").mkdir(parents=True)
    (elsewhere / "linked").mkdir()
    (reports / "linked").symlink_to(elsewhere / "linked")
    (processed / ".dead.lock").touch()
    with FileLock(processed / ".alive.lock"):
        remove_leftovers(tmp_path)
        left = sorted(path.name for place in (processed, reports) for path in place.iterdir() if path.is_dir())
    assert left == [*[".building-alive"] * 2, *[".building-alive-preview"] * 2, "kept", "linked"]
    assert not (elsewhere / ".building-linked").exists()
    remove_leftovers(tmp_path)
    assert not list(tmp_path.glob("*/.building-*"))


def test_a_kernels_folder_that_a_killed_run_left_is_known_by_its_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    mine = scratch.scratch_folder(str(tmp_path))
    dead = tmp_path / f"{scratch.PREFIX}dead"
    dead.mkdir()
    (dead / scratch.HELD).touch()
    (dead / "10-read.ipynb").touch()
    assert [path for path in scratch.abandoned() if path.is_relative_to(tmp_path)] == [dead]
    scratch.release(mine)
    assert not mine.exists()


def test_run_json_names_files_by_keyed_hashes_and_the_tables_by_plain_ones(built: Project) -> None:
    run = json.loads((built.reports / "run.json").read_text(encoding="utf-8"))
    plain = json.loads((built.workspace / "tables/delivery.json").read_text(encoding="utf-8"))["inputs"]
    staff = passport.file_hash(built.delivery / "anstallningar.csv")
    assert ["anstallningar.csv", staff] in plain
    assert [name for name, _ in plain] == [name for name, _ in run["inputs"]][: len(plain)]
    hashes = {passport.file_hash(path) for path in built.delivery.rglob("*") if path.is_file()}
    published = [*built.reports.rglob("*"), *(built.workspace / "protected").rglob("*")]
    for path in [*published, built.workspace / "run.json"]:
        text = path.read_bytes().decode("utf-8", "ignore") if path.is_file() else ""
        assert not any(digest[:12] in text for digest in hashes), path.name


def test_a_changed_key_is_noticed_among_editions_of_the_same_municipality(built: Project) -> None:
    run = json.loads((built.reports / "run.json").read_text(encoding="utf-8"))
    town = json.loads((built.workspace / "protected/about.json").read_text(encoding="utf-8"))["municipality"]
    assert changed_key(built.root, fingerprint=run["pseudonym_key"], municipality=town) == ""
    assert built.workspace.name in changed_key(built.root, fingerprint="0" * 16, municipality=town)
    assert changed_key(built.root, fingerprint="0" * 16, municipality="Annanstad") == ""
