"""What a build does again: only what reads something that has changed, and nothing where nothing has."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from analysis.contracts import FOLDERS
from analysis.runner.build import build
from analysis.runner.current import is_current
from analysis.runner.making import Making
from analysis.runner.page_keys import PageRecord, Pages
from analysis.runner.pages import Job
from analysis.runner.request import Request, request
from analysis.runner.verify import verify
from analysis.stages.marks import Mark
from analysis.stages.missing import Place, stale_stages
from analysis.stages.pipeline import DELIVERY, PIPELINE
from tests.conftest import DELIVERY as DELIVERY_FOLDER
from tests.conftest import EDITION, KEYS, Project, working_in

PERIOD = "2025-12"


@pytest.fixture(autouse=True)
def _the_key_of_the_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANALYSIS_PSEUDONYM_KEY", KEYS["first"])


def asked_of(project: Project) -> Request:
    return request(root=project.root, delivery=project.delivery, period=PERIOD, edition=EDITION, jobs=2)


def jobs_of(project: Project, target: Path) -> list[Job]:
    making = Making(asked_of(project), project.workspace, target)
    return making._jobs()


def test_the_pipeline_says_what_every_stage_reads_and_writes(built: Project) -> None:
    made: dict[str, frozenset[str]] = {DELIVERY: frozenset()}
    for step in PIPELINE:
        mark = Mark.read(built.workspace, step.name)
        assert mark is not None
        assert mark.inputs is not None
        wrote = {name.rpartition(".")[0] for name in mark.outputs}
        assert wrote <= step.files, step.name
        made[step.name] = step.files
        upstream = frozenset().union(*(made[need] for need in step.needs))
        read = {name.partition("#")[0].rpartition(".")[0] for name, digest in _reads(mark) if digest != "missing"}
        assert {name for name in read if not name.startswith("stages/")} <= upstream, step.name
        assert any(part.startswith("delivery: ") for part in mark.inputs.parts) == (DELIVERY in step.needs)


def test_every_table_that_crosses_rooms_is_made_by_a_step_of_the_pipeline() -> None:
    made = {name for step in PIPELINE for name in step.files}
    assert {f"{folder}/{name}" for folder, tables in FOLDERS.items() for name in tables} <= made


def _reads(mark: Mark) -> list[tuple[str, str]]:
    assert mark.inputs is not None
    return [(name, mark.inputs.parts[f"upstream: {name}"]) for name in mark.inputs.reads]


def test_every_stage_of_a_new_edition_holds(built: Project) -> None:
    place = Place(built.root, built.workspace, built.delivery, PERIOD, 20251231)
    assert stale_stages(place) == {}


def test_absences_are_read_by_no_model(built: Project) -> None:
    reads = {step.name: dict(_reads(Mark.read(built.workspace, step.name))) for step in PIPELINE}  # type: ignore[arg-type]
    assert "tables/absences.parquet" in reads["workforce"]
    assert not {"tables/absences.parquet", "tables/delivery.json"} & {
        name for stage in ("competence", "turnover", "staffing") for name in reads[stage]
    }


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


CHANGES: list[tuple[str, Callable[[Project], Path], Callable[[Path], None]]] = [
    ("a source", lambda built: built.delivery / "franvaro.csv", append),
    ("the description of the delivery", lambda built: built.delivery / "delivery.toml", append),
    ("a new file", lambda built: built.delivery / "new.csv", Path.touch),
    ("the settings", lambda built: built.root / "analysis.toml", append),
    ("a notebook", lambda built: built.root / "notebooks/70-department.ipynb",
     lambda path: path.write_text(path.read_text("utf-8").replace('\\"bridge', '\\"trust'), "utf-8")),
    ("the lock", lambda built: built.root / "requirements.lock", append),
    ("a page is damaged", lambda built: built.reports / "index.html", append),
    ("a page is gone", lambda built: built.reports / "index.html", Path.unlink),
    ("a page too many", lambda built: built.reports / "other.html", Path.touch),
    ("a table is damaged", lambda built: built.workspace / "tables/risk_cells.parquet", append),
    ("a result is gone", lambda built: built.workspace / "results/leavers.parquet", Path.unlink),
    ("the record is cut off", lambda built: built.workspace / "stages/edition.json",
     lambda path: path.write_text(path.read_text("utf-8")[:100], "utf-8")),
]  # fmt: skip


@pytest.mark.parametrize(("place", "change"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_an_edition_is_current_until_anything_it_rests_on_or_consists_of_has_changed(
    built: Project, place: Callable[[Project], Path], change: Callable[[Path], None]
) -> None:
    assert is_current(asked_of(built))
    path = place(built)
    before, mode = (path.read_bytes(), path.stat().st_mode) if path.is_file() else (None, 0)
    try:
        change(path)
        assert not is_current(asked_of(built))
    finally:
        path.unlink(missing_ok=True)
        if before is not None:
            path.write_bytes(before)
            path.chmod(mode)
    assert is_current(asked_of(built))


def test_another_key_of_the_pseudonyms_makes_other_tables(built: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    place = Place(built.root, built.workspace, built.delivery, PERIOD, 20251231)
    monkeypatch.setenv("ANALYSIS_PSEUDONYM_KEY", KEYS["second"])
    assert not is_current(asked_of(built))
    assert stale_stages(place)["read"] == "pseudonyms changed: key"
    monkeypatch.setenv("ANALYSIS_PSEUDONYM_KEY", KEYS["first"])
    assert is_current(asked_of(built))
    assert stale_stages(place) == {}


def test_pages_hold_until_a_cell_that_they_print_has_changed(built: Project, tmp_path: Path) -> None:
    work = tmp_path / "work"
    shutil.copytree(built.workspace / "protected", work / "protected")
    jobs = jobs_of(built, tmp_path / "pages")

    def stale() -> dict[str, str]:
        pages = Pages(built.root, work, built.workspace, built.reports)
        return {job.stem: why for job in jobs if (why := pages.why(job))}

    assert stale() == {}
    cells = pd.read_parquet(work / "protected/cells.parquet")
    own = (cells["table"] == "sick_leave") & (cells["department"] == "d0101") & (cells["status"] == "published")
    printed = {
        job.stem for job in jobs if any(
            read[:3] in (("cell", "sick_leave", "d0101"), ("cells", "sick_leave", "d0101"))
            for read in (PageRecord.read(built.workspace, job.stem) or PageRecord.read(work, "")).reads  # type: ignore[union-attr]
        )
    }  # fmt: skip
    assert "d0101" in printed
    assert "d0102" not in printed
    cells.loc[own, "value"] += 0.001
    cells.to_parquet(work / "protected/cells.parquet", index=False)
    found = stale()
    assert set(found) <= printed
    assert found["d0101"].startswith("cell changed: sick_leave · d0101 · ")


def test_a_damaged_page_is_made_again_and_the_others_are_copied(built: Project, tmp_path: Path) -> None:
    published = tmp_path / "reports"
    shutil.copytree(built.reports, published)
    append(published / "d0101/d0101.sv.html")
    pages = Pages(built.root, built.workspace, built.workspace, published)
    jobs = {job.stem: job for job in jobs_of(built, tmp_path / "pages")}
    assert pages.why(jobs["d0101"]) == "d0101/d0101.sv.html is gone or damaged"
    assert pages.why(jobs["d0102"]) == ""


def test_the_records_of_pages_name_no_figure(built: Project) -> None:
    for path in (built.workspace / "stages/pages").glob("*.json"):
        record = json.loads(path.read_text("utf-8"))
        assert all(isinstance(word, str) for read in record["reads"] for word in read)
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.large
def test_one_row_of_absence_runs_no_model_and_the_edition_can_be_made_again(built: Project, tmp_path: Path) -> None:
    root = tmp_path / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns(".*"))
    project = Project(root, root / DELIVERY_FOLDER)
    source = project.delivery / "franvaro.csv"
    source.write_bytes(b"".join(source.read_bytes().splitlines(keepends=True)[:-40]))
    before = {path.name: path.read_bytes() for path in project.reports.glob("*.html")}
    with working_in(root, KEYS["first"]):
        result = build(asked_of(project))
        assert {"read", "workforce", "disclosure"} <= set(result.done)
        assert not {"competence", "turnover", "staffing"} & set(result.done)
        made = {name.removeprefix("page ") for name in result.done if name.startswith("page ")}
        changed = {path.name for path in project.reports.glob("*.html") if path.read_bytes() != before[path.name]}
        assert {name.split(".")[0] for name in changed} - {"index"} <= made
        assert all("cell" in result.done[f"page {stem}"] or "entry" in result.done[f"page {stem}"] for stem in made)
        assert build(asked_of(project)).done == {}
        assert verify(root, EDITION).holds
