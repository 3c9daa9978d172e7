"""Notebooks and a published edition: read, never changed; trying things happens in a workspace of one's own."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from analysis.edition.passport import tree_hash
from analysis.errors import InputError
from analysis.execution.execute import execute_notebook
from analysis.runner.build import build
from analysis.runner.request import request
from analysis.stages.marks import Mark
from tests.conftest import DELIVERY, EDITION, KEYS, Project, working_in

PUBLISHED = f"data/processed/{EDITION}"


@pytest.fixture(scope="module")
def project(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A copy of the built project."""
    root = tmp_path_factory.mktemp("own") / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns(".*"))
    return Project(root, root / DELIVERY)


def state(project: Project) -> tuple[str, str]:
    return tree_hash(project.reports, ("**/*",)), tree_hash(project.workspace, ("**/*",))


def run(project: Project, name: str, **parameters: Any) -> nbformat.NotebookNode:
    with working_in(project.root, KEYS["first"]):
        return execute_notebook(project.root / "notebooks" / name, parameters=parameters)


def said(node: nbformat.NotebookNode) -> str:
    cells = [cell for cell in node.cells if cell.cell_type == "code"]
    return "".join(output.text for cell in cells for output in cell.outputs if "text" in output)


def test_a_stage_notebook_does_not_touch_a_published_edition(project: Project) -> None:
    before = state(project)
    with pytest.raises(InputError, match="belongs to a published edition and is only read; name a workspace"):
        run(project, "50-staffing.ipynb", workspace=PUBLISHED, scenario="none")
    assert state(project) == before


def test_a_report_of_another_delivery_or_period_is_refused_and_nothing_is_built(project: Project) -> None:
    before = state(project)
    shutil.copytree(project.delivery, project.root / "data/raw/other", dirs_exist_ok=True)
    with (project.root / "data/raw/other/avgangar.csv").open("a") as handle:
        handle.write("\n")
    for other in ({"delivery": "data/raw/other"}, {"period": "2024-12"}):
        with pytest.raises(InputError, match=f"{PUBLISHED} was made from {DELIVERY} for 2025-12, not from"):
            run(project, "70-department.ipynb", workspace=PUBLISHED, **other)
    assert state(project) == before


def test_a_report_reads_a_published_edition_as_it_was_published(project: Project) -> None:
    before = state(project)
    assert "building" not in said(run(project, "70-department.ipynb", workspace=PUBLISHED))
    assert state(project) == before


def test_new_settings_reach_the_pages_and_only_the_stages_that_read_them_run(project: Project) -> None:
    before = state(project)
    path = project.root / "analysis.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('profile = "internal"', 'profile = "public"'), "utf-8")
    try:
        lines = said(run(project, "70-department.ipynb", workspace="data/processed/public"))
    finally:
        path.write_text(text, "utf-8")
    assert lines.count("taking over the stage") == 5
    assert [line for line in lines.splitlines() if line.startswith("building")] == [
        "building the stage disclosure for 2025-12 first (60-disclosure.ipynb): it has not run here"
    ]
    kept = project.root / "data/processed/public/protected"
    assert json.loads((kept / "about.json").read_text("utf-8"))["profile"] == "public"
    withheld = [
        int((pd.read_parquet(folder / "cells.parquet")["status"] == "withheld").sum())
        for folder in (project.workspace / "protected", kept)
    ]
    assert withheld[1] > withheld[0]
    assert state(project) == before


def test_what_was_tried_is_carried_to_a_preview_that_names_it(project: Project) -> None:
    before = state(project)
    own = project.root / "data/processed/my-try"
    run(project, "50-staffing.ipynb", workspace="data/processed/my-try", scenario="none", hiring_shock=0.3)
    mark = Mark.read(own, "staffing")
    assert mark is not None
    assert mark.parameters["scenario"] == "none"
    with working_in(project.root, KEYS["first"]):
        asked = request(
            root=project.root, delivery=project.delivery, period="2025-12", edition=EDITION, departments=("d0101",),
            workspace=Path("data/processed/my-try"), jobs=1, languages=("sv",),
        )  # fmt: skip
        result = build(asked)
    assert result.exit_code == 0
    assert state(project) == before, "a preview stands beside the edition"
    page = (project.root / f"reports/{EDITION}-preview/d0101/d0101.sv.html").read_text("utf-8")
    assert "Förhandsvisning" in page
    assert "Prövar: staffing: files changed: examples/scenarios/" in page
    assert re.search(r"parameters changed: [^.]*hiring_shock[^.]*scenario", page)
    about = json.loads((project.root / f"data/processed/{EDITION}-preview/protected/about.json").read_text("utf-8"))
    register = {entry["id"]: entry for entry in about["assumptions"]}
    assert register["hiring_shock"]["mid"] == 0.3, "the register says what was used"
    bridge = pd.read_parquet(project.root / f"data/processed/{EDITION}-preview/results/staffing_bridge.parquet")
    assert set(bridge["scenario"]) == {"reference"}


@pytest.mark.parametrize("name", ["never", "../../notebooks"])
def test_a_preview_of_what_is_no_workspace_is_refused(project: Project, name: str) -> None:
    with working_in(project.root, KEYS["first"]), pytest.raises(InputError, match=r"no workspace|than a workspace"):
        request(root=project.root, delivery=project.delivery, period="2025-12", workspace=Path("data/processed") / name)
