"""An edition and the figures about others: explicit, hashed, checked before anything runs, never fetched."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.comparators import fetched
from analysis.edition.about import about
from analysis.edition.passport import file_hash
from analysis.errors import InputError
from analysis.runner.request import request
from analysis.stages.stage import Stage
from tests.conftest import DELIVERY, EDITION, Project


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Project:
    """The built project with a file of fetched values."""
    root = tmp_path / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns(".*", "reports", "logs"))
    row: dict[str, Any] = {
        "source": "Kolada", "measure": "N00216", "title": "Avgångna", "area": "0580", "area_name": "Linköping",
        "year": 2024, "sex": "T", "value": 8.7, "count": 1, "status": "", "fetched": "2026-03-01",
    }  # fmt: skip
    fetched.write(fetched.sealed(pd.DataFrame([row])), root / "data/others.csv")
    settings = root / "analysis.toml"
    settings.write_text(settings.read_text("utf-8").replace("files = []", 'files = ["data/others.csv"]'), "utf-8")
    return Project(root, root / DELIVERY)


def facts(project: Project, after: str = "") -> dict[str, Any]:
    stage = Stage("disclosure", project.root, project.workspace, project.delivery, "2025-12", 1)
    cells = pd.read_parquet(project.workspace / "protected/cells.parquet")
    return about(stage, cells, edition=EDITION, after=after, register="", preview=False)


def test_a_fetched_file_is_a_named_and_hashed_input(project: Project) -> None:
    found = facts(project)
    assert ["others.csv", file_hash(project.root / "data/others.csv")] in found["passport"]["inputs"]
    (shown,) = [entry for entry in found["comparators"] if entry["definition"] == "n00216" and entry["kolada"]]
    assert (shown["value"], shown["unit"], shown["exact"]) == (0.087, "share", True)


def test_a_missing_file_is_told_before_anything_runs(project: Project) -> None:
    (project.root / "data/others.csv").unlink()
    with pytest.raises(InputError, match=r"others\.csv is not there; fetch it"):
        request(root=project.root, delivery=project.delivery, period="2025-12")


def test_a_build_asks_no_service(built: Project, monkeypatch: pytest.MonkeyPatch, project: Project) -> None:
    def refused(*args: object, **options: object) -> None:
        raise AssertionError("a build asked a service")

    monkeypatch.setattr("httpx.Client.request", refused)
    assert facts(project)["comparators"]


def test_every_comparator_of_an_edition_belongs_to_a_definition_in_it(project: Project) -> None:
    found = facts(project)
    known = {entry["id"]: entry for entry in found["definitions"]}
    for entry in found["comparators"]:
        listed = entry["measure"] in known[entry["definition"]]["comparable_with"]
        assert entry["exact"] == listed


def test_the_definitions_of_the_edition_before_are_a_hashed_input(project: Project) -> None:
    shutil.copytree(project.workspace, project.workspace.with_name("earlier"))
    path = project.workspace.with_name("earlier") / "protected/about.json"
    assert ["definitions earlier", file_hash(path)] in facts(project, after="earlier")["passport"]["inputs"]


def test_the_pages_show_every_definition_of_a_measure(built: Project) -> None:
    html = (built.reports / "methods.sv.html").read_text("utf-8")
    assert 'class="family"' in html
    assert 'data-cell="definitions/all/' in html
    assert "Familjen Helsingborg" in html
    assert "Källa: Kolada" not in html  # nothing was fetched
