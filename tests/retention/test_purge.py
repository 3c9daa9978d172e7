"""Rows about persons are listed, erased by a decision, and then not to be found; pages and register stay."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from filelock import FileLock

from analysis import cli
from analysis.edition.register import earlier
from analysis.errors import InputError
from analysis.retention.editions import editions
from analysis.retention.holdings import Holding, holdings, note_place
from analysis.retention.purge import LOG, erase, is_older, plan_of, pseudonyms_in, remaining
from analysis.retention.standing import overdue
from analysis.runner.request import request
from tests.conftest import EDITION, KEYS, Project, working_in


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Iterator[Project]:
    """The built project with everything an analyst leaves in it over a year."""
    root = tmp_path / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns("*.lock"))
    copy = Project(root, root / "data/raw/sample")
    processed = root / "data/processed"
    shutil.copytree(copy.workspace / "tables", processed / "lab" / "tables")
    shutil.copytree(copy.workspace / "stages", processed / "lab" / "stages", ignore=shutil.ignore_patterns("sealed*"))
    (processed / f".failed-{EDITION}").mkdir()
    person = someone(copy)
    (processed / f".failed-{EDITION}" / "10-read.ipynb").write_text(person)
    (processed / f".building-{EDITION}" / "tables").mkdir(parents=True)
    (processed / f".building-{EDITION}" / "tables" / "x.csv").write_text(person)
    (root / "karantän").mkdir()
    (root / "karantän" / "anstallningar.csv.csv").write_text(f"rad;{person}", encoding="utf-8")
    note_place(root, "quarantine", root / "karantän" / "anstallningar.csv.csv", "data/raw/sample")
    path = root / "notebooks" / "10-read.ipynb"
    node = nbformat.read(path, as_version=4)
    node.cells[1].outputs = [nbformat.v4.new_output("stream", text=f"first row {person}")]
    nbformat.write(node, path)
    (root / "notebooks" / ".ipynb_checkpoints").mkdir()
    nbformat.write(node, root / "notebooks" / ".ipynb_checkpoints" / "10-read-checkpoint.ipynb")
    with working_in(root, KEYS["first"]):
        yield copy


def someone(project: Project) -> str:
    return str(pd.read_parquet(project.workspace / "tables/employments.parquet")["person"].iloc[3])


def everybody(project: Project) -> frozenset[bytes]:
    return frozenset(
        person for path in project.workspace.joinpath("tables").glob("*.parquet") for person in pseudonyms_in(path)
    )


def run(*arguments: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    monkeypatch.setattr("sys.argv", ["analysis", *arguments])
    with pytest.raises(SystemExit) as stopped:
        cli.main()
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out + said.err


def test_every_kind_of_place_is_listed(project: Project) -> None:
    kinds = {each.kind for each in holdings(project.root)}
    assert kinds == {"delivery", "edition", "workspace", "failed", "leftover", "outputs", "quarantine"}
    of_edition = next(each for each in holdings(project.root) if each.kind == "edition")
    assert of_edition.delivery == "data/raw/sample"
    assert str(of_edition.day) == json.loads((project.workspace / "tables/delivery.json").read_text())["extracted"]


def test_a_dry_run_and_a_run_without_a_decision_erase_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = sorted(project.root.rglob("*"))
    code, said = run("purge", "--edition", EDITION, "--dry-run", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert "Provkörning: inget har tagits bort." in said
    assert "data/raw/sample" in said
    code, said = run("purge", "--edition", EDITION, monkeypatch=monkeypatch, capsys=capsys)
    assert code == 2
    assert "name the decision to erase with --decision" in said
    code, said = run("purge", "--edition", "nosuch", "--dry-run", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 2
    code, said = run("purge", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0
    assert "Här ligger personuppgifter:" in said
    assert sorted(project.root.rglob("*")) == before


def test_after_an_erasure_no_pseudonym_is_left_and_pages_and_register_stay(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    persons = everybody(project)
    assert len(persons) > 450
    raw = (project.delivery / "anstallningar.csv").read_bytes()
    pages = {path: path.read_bytes() for path in project.reports.rglob("*") if path.is_file()}
    code, said = run("purge", "--edition", EDITION, "--decision", "KS 2026/17", monkeypatch=monkeypatch, capsys=capsys)
    assert code == 0, said
    assert "Gallrat enligt KS 2026/17" in said
    found = {path for path in project.root.rglob("*") if pseudonyms_in(path) & persons}
    assert found == set()
    assert not any(raw[:200] in path.read_bytes() for path in project.root.rglob("*") if path.is_file())
    assert {path: path.read_bytes() for path in pages} == pages
    assert (project.delivery / "delivery.toml").is_file()
    assert [path.name for path in project.delivery.iterdir()] == ["delivery.toml"]
    assert not (project.root / "data/processed/lab").exists()
    log = [json.loads(line) for line in (project.root / "data/processed" / LOG).read_text("utf-8").splitlines()]
    assert log[0]["decision"] == "KS 2026/17"
    assert {each["kind"] for each in log[0]["erased"]} >= {"delivery", "edition", "workspace", "quarantine", "outputs"}
    (listed,) = editions(project.root)
    assert f"underlag gallrat {listed.purged} (KS 2026/17)" in listed.line("sv")
    code, said = run("editions", monkeypatch=monkeypatch, capsys=capsys)
    assert "underlag gallrat" in said
    # what later editions are compared with is still there
    assert earlier(EDITION, key=b"k" * 32, root=project.root).described is not None
    (project.root / "data/raw/next").mkdir()
    shutil.copy(project.delivery / "delivery.toml", project.root / "data/raw/next/delivery.toml")
    asked = request(root=project.root, delivery=project.root / "data/raw/next", period="2026-04", after=EDITION)
    assert asked.after == EDITION
    hashed = json.loads((project.workspace / "run.json").read_text())["inputs"]
    assert hashed == json.loads((project.reports / "run.json").read_text())["inputs"]


def test_a_delivery_that_another_edition_rests_on_is_kept_and_said(project: Project) -> None:
    other = project.root / "data/processed/sample-2025-08"
    shutil.copytree(project.workspace, other)
    persons = everybody(project)
    plan = plan_of(project.root, editions=[EDITION])
    assert [(held.kind, by) for held, by in plan.kept] == [("delivery", ["sample-2025-08"])]
    assert {each.kind for each in plan.chosen} == {"edition", "failed", "leftover", "outputs"}
    done = erase(project.root, plan, decision="KS 1")
    assert done.still == []
    assert done.elsewhere
    assert not (project.workspace / "tables").exists()
    assert (project.delivery / "anstallningar.csv").is_file()
    loose = project.root / "notes.txt"
    loose.write_bytes(next(iter(persons)))
    assert remaining(project.root, persons)[0] == [loose]


def test_an_edition_that_is_being_built_is_not_erased(project: Project) -> None:
    plan = plan_of(project.root, editions=[EDITION])
    lock = project.root / "data/processed" / f".{EDITION}.lock"
    with FileLock(lock), pytest.raises(InputError, match="is being built by another run"):
        erase(project.root, plan, decision="KS 1")
    assert (project.workspace / "tables").is_dir()


def test_age_is_counted_in_whole_months_from_the_extract() -> None:
    holding = Holding("delivery", "x", Path("x"), date(2024, 1, 31))
    assert not is_older(holding, 24, date(2026, 1, 31))
    assert is_older(holding, 23, date(2026, 1, 31))
    assert not is_older(holding, 24, date(2026, 1, 30))
    assert is_older(holding, 24, date(2026, 2, 28))


def test_overdue_rows_are_told_and_erased_by_age(project: Project) -> None:
    settings = project.root / "analysis.toml"
    assert overdue(project.root, today=date(2040, 1, 1)) == ""
    text = settings.read_text("utf-8")
    assert "months = 0 " in text
    settings.write_text(text.replace("months = 0 ", "months = 24 "), encoding="utf-8")
    assert overdue(project.root, today=date(2026, 6, 1)) == ""
    assert "hold rows about persons older than 24 months" in overdue(project.root, today=date(2029, 6, 1))
    assert "äldre än 24 månader" in overdue(project.root, language="sv", today=date(2029, 6, 1))
    persons = everybody(project)
    plan = plan_of(project.root, months=24, today=date(2040, 1, 1))
    done = erase(project.root, plan, decision="KS 2")
    assert (done.still, done.elsewhere) == ([], [])
    assert not [path for path in project.root.rglob("*") if pseudonyms_in(path) & persons]
