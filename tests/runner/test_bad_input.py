"""Bad input: one clear sentence, the right exit code, the edition before untouched."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis.cli import main
from analysis.edition.passport import tree_hash
from analysis.edition.publish import only_build
from analysis.publishing.pages.names import CARDS
from tests.conftest import DELIVERY, EDITION, KEYS, Project, working_in


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Project:
    """A copy of the built project that a test may break."""
    root = tmp_path / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns(".*"))
    return Project(root, root / DELIVERY)


def run(project: Project, monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """Type a command inside the project; returns its exit code."""
    monkeypatch.setattr("sys.argv", ["analysis", *words])
    with working_in(project.root, KEYS["first"]), pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


def build(project: Project, monkeypatch: pytest.MonkeyPatch, *words: str, period: str = "2025-12") -> int:
    command = ("build", str(project.delivery), "--period", period, "--edition", EDITION, "--jobs", "1", *words)
    return run(project, monkeypatch, *command)


def state(project: Project) -> tuple[str, str]:
    """What is published and what lies behind it."""
    return tree_hash(project.reports, ("**/*",)), tree_hash(project.workspace, ("**/*",))


def only_sentence(capsys: pytest.CaptureFixture[str]) -> str:
    """The one line on standard error."""
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("  ")]
    assert len(lines) == 1, lines
    assert "Traceback" not in lines[0]
    return lines[0]


def without_column(folder: Path) -> None:
    path = folder / "avgangar.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    header = lines[0].split(";")
    lines[0] = ";".join(["Annat", *header[1:]])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")


def empty_file(folder: Path) -> None:
    (folder / "chefer.csv").write_bytes(b"")


def not_a_workbook(folder: Path) -> None:
    (folder / "utbildning.xlsx").write_bytes(b"%PDF-1.7 not a workbook at all")


def no_file(folder: Path) -> None:
    (folder / "volymer.csv").unlink()


def broken_manifest(folder: Path) -> None:
    path = folder / "delivery.toml"
    path.write_text(path.read_text(encoding="utf-8") + "\n[[file]\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (without_column, r"avgangar\.csv.*person"),
        (empty_file, r"chefer\.csv.*empty"),
        (not_a_workbook, r"utbildning\.xlsx"),
        (no_file, r"volymer\.csv"),
        (broken_manifest, r"delivery\.toml.*TOML"),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_an_unreadable_delivery_ends_in_one_sentence(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    damage: Callable[[Path], None],
    said: str,
) -> None:
    before = state(project)
    damage(project.delivery)
    assert build(project, monkeypatch) == 2
    assert re.search(said, only_sentence(capsys))
    assert state(project) == before
    assert run(project, monkeypatch, "check", str(project.delivery)) == 2
    assert re.search(said, only_sentence(capsys))


def test_a_delivery_with_more_bad_rows_than_the_policy_allows_is_refused_by_the_gate(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project)
    path = project.delivery / "avgangar.csv"
    text = path.read_text(encoding="utf-8-sig").splitlines()
    spoiled = [re.sub(r";\d{8};", ";i fjol;", line) if place % 8 == 1 else line for place, line in enumerate(text)]
    path.write_text("\n".join(spoiled) + "\n", encoding="utf-8-sig")
    assert build(project, monkeypatch) == 3
    assert "avgangar.csv" in only_sentence(capsys)
    assert state(project) == before


@pytest.mark.parametrize(
    ("period", "words", "said"),
    [
        ("2025-13", (), "not a month"),
        ("2026-12", (), "after the delivery was extracted"),
        ("2025-12", ("--department", "d9999"), "d9999 is not in this delivery"),
        ("2025-12", ("--department", "0101"), "0101 is not in this delivery; it has d0101"),
        ("2025-12", ("--language", "no"), "language 'no' is not known"),
        ("2025-12", ("--after", EDITION), "cannot come after itself"),
        ("2025-12", ("--after", "never"), "no earlier edition never"),
    ],
)
def test_a_wrong_request_is_refused(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    period: str,
    words: tuple[str, ...],
    said: str,
) -> None:
    before = state(project)
    assert build(project, monkeypatch, *words, period=period) == 2
    assert said in only_sentence(capsys)
    assert state(project) == before


def test_an_unknown_option_is_wrong_use(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (
        run(project, monkeypatch, "build", str(project.delivery), "--period", "2025-12", "--departement", "d0101") == 2
    )
    assert run(project, monkeypatch, "build", str(project.delivery)) == 2


def test_a_second_build_at_the_same_time_is_refused(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project)
    with only_build(project.root / f"data/processed/.{EDITION}.lock", EDITION):
        assert build(project, monkeypatch, "--language", "sv") == 2, "there is something to build"
    assert "being built by another run" in only_sentence(capsys)
    assert state(project) == before


def spoil(notebook: Path, line: str) -> None:
    content = json.loads(notebook.read_text(encoding="utf-8"))
    last = [cell for cell in content["cells"] if cell["cell_type"] == "code"][-1]
    last["source"] = line
    notebook.write_text(json.dumps(content), encoding="utf-8")


def test_a_stage_that_fails_publishes_nothing_and_names_no_value(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project)
    spoil(project.root / "notebooks/10-read.ipynb", 'raise ValueError("Anna Andersson 850709")')
    assert build(project, monkeypatch) == 1
    sentence = only_sentence(capsys)
    assert "10-read.ipynb stopped with ValueError" in sentence
    assert "Anna" not in sentence
    assert state(project) == before


def test_a_notebook_that_leaves_early_does_not_pass_for_finished(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(project)
    spoil(project.root / "notebooks/10-read.ipynb", "import sys\n\nsys.exit(0)")
    assert build(project, monkeypatch) != 0
    assert "10-read.ipynb" in only_sentence(capsys)
    assert state(project) == before


def test_one_failing_department_does_not_stop_the_others(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(
        project.root / "notebooks/70-department.ipynb",
        'if department == "d0101":\n    raise ValueError("Anna Andersson")',
    )
    before = state(project)
    code = build(project, monkeypatch, "--department", "d0101", "--department", "d0102", "--language", "sv")
    assert code == 1
    error = capsys.readouterr().err
    assert "d0101 was not published" in error
    assert "Anna" not in error
    assert state(project) == before, "a preview stands beside the edition"
    preview = project.root / f"reports/{EDITION}-preview"
    names = sorted(path.relative_to(preview).as_posix() for path in preview.rglob("*") if path.is_file())
    once = ["datapackage.json", "index.html", "run.json", *(f"{name}.sv.html" for name in CARDS)]
    own = ["d0102/d0102.csv", "d0102/d0102.sv.html", "d0102/d0102.xlsx", "d0102/underlag.sv.html"]
    assert names == sorted([*own, *once, f"{EDITION}-tables.xlsx"])
    index = (preview / "index.html").read_text(encoding="utf-8")
    assert "d0102.sv.html" in index
    assert "d0101.sv.html" not in index
    assert "d0101" in json.loads((preview / "run.json").read_text(encoding="utf-8"))["departments_failed"]
