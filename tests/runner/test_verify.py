"""An edition is made again and compared; what differs is said with its place, and never with a figure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.retention.editions import editions
from analysis.retention.holdings import delivery_place, note_place
from analysis.runner import verify as verifying
from analysis.runner.making import Making
from analysis.runner.verify import compared, verify
from tests.conftest import DELIVERY, EDITION, Project

KEY = {"table": "headcount", "department": "d0101", "row": "total", "column": "total", "layer": ""}


def edition(root: Path, *, value: float = 12.0, page: str = "<p>\n12\n</p>") -> tuple[Path, Path]:
    work, pages = root / "work", root / "pages"
    for folder in (work / "protected", work / "results", pages):
        folder.mkdir(parents=True)
    pd.DataFrame([{**KEY, "value": value}]).to_parquet(work / "protected/cells.parquet")
    (work / "protected/about.json").write_text('{"period": "2025-12"}', "utf-8")
    (pages / "d0101.sv.html").write_text(page, "utf-8")
    return work, pages


def test_equal_editions_have_no_difference(tmp_path: Path) -> None:
    one, other = edition(tmp_path / "a"), edition(tmp_path / "b")
    (one[1] / "run.json").write_text("times differ", "utf-8")
    assert compared(*one, *other) == ([], 3)


def test_what_differs_is_said_with_its_place(tmp_path: Path) -> None:
    one, other = edition(tmp_path / "a"), edition(tmp_path / "b", value=13.0, page="<p>\n13\n</p>")
    (other[0] / "protected/about.json").write_text('{"period": "2025-11"}', "utf-8")
    (other[1] / "d0102.sv.html").touch()
    said, _ = compared(*one, *other)
    assert said == [
        "d0101.sv.html: line 2", "d0102.sv.html: was not there", "about.json: entry period",
        "cells.parquet: cell headcount · d0101 · total · total",
    ]  # fmt: skip
    assert not any(figure in line for line in said for figure in ("12.0", "13.0"))


@pytest.fixture
def project(built: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The built project, in which making an edition again copies what stands."""
    root = tmp_path / "project"
    shutil.copytree(built.root, root, ignore=shutil.ignore_patterns(".*"))
    copied = Project(root, root / DELIVERY)

    def make(making: Making) -> None:
        assert making.afresh
        for room in ("protected", "results"):
            shutil.copytree(copied.workspace / room, making.work / room, ignore=shutil.ignore_patterns("audit.*"))
        shutil.copytree(copied.reports, making.pages, dirs_exist_ok=True)

    monkeypatch.setattr(Making, "make", make)
    monkeypatch.setattr(verifying, "write_once_per_edition", lambda *given: {})
    return copied


def test_an_edition_that_comes_out_the_same_holds_and_nothing_is_left(project: Project) -> None:
    found = verify(project.root, EDITION)
    assert found.holds
    assert found.otherwise == []
    assert found.compared > 40
    assert {path.name for path in (project.root / "reports").iterdir()} <= {EDITION, "index.html", "index.en.html"}


def test_a_page_that_was_changed_after_it_was_published_is_named(project: Project) -> None:
    page = project.reports / "d0101/d0101.sv.html"
    page.write_text(page.read_text("utf-8") + " ", "utf-8")
    (project.reports / "d0102/d0102.sv.html").unlink()
    assert verify(project.root, EDITION).altered == [
        "d0101/d0101.sv.html is not as it was published", "d0102/d0102.sv.html is gone",
    ]  # fmt: skip


def test_what_an_edition_was_made_of_otherwise_is_said(project: Project) -> None:
    settings = project.root / "analysis.toml"
    settings.write_text(settings.read_text("utf-8").replace("years = 5", "years = 4"), "utf-8")
    assert verify(project.root, EDITION).otherwise == ["settings: years", "code, notebooks, lock or settings"]


def test_of_an_edition_whose_rows_were_erased_only_what_stands_is_checked(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Making, "make", None)
    mark = {"day": "2026-03-01", "decision": "KS 2026/12"}
    (project.workspace / "purged.json").write_text(json.dumps(mark), "utf-8")
    found = verify(project.root, EDITION)
    assert found.purged == "underlag gallrat 2026-03-01 (KS 2026/12)"
    assert found.holds


def test_a_delivery_that_is_gone_is_named(project: Project) -> None:
    (project.delivery / "delivery.toml").unlink()
    with pytest.raises(InputError, match=r"data/raw/sample.* is not there; name its folder with --delivery"):
        verify(project.root, EDITION)
    with pytest.raises(InputError, match="there is no edition other"):
        verify(project.root, "other")


def test_a_delivery_outside_the_project_is_found_where_it_was_read(tmp_path: Path) -> None:
    root, outside = tmp_path / "p", tmp_path / "share/hr"
    (root / "data/processed").mkdir(parents=True)
    outside.mkdir(parents=True)
    note_place(root, "delivery", outside, "hr")
    assert delivery_place(root, "hr") == outside
    assert delivery_place(root, "other") is None


def test_the_list_of_editions_shows_what_was_replaced_by_what_and_why(tmp_path: Path) -> None:
    for name, former, because in (("e", "e~2", "rättade frånvaroposter"), ("e~2", "e~1", "ny kod"), ("e~1", "", "")):
        folder = tmp_path / "data/processed" / name
        folder.mkdir(parents=True)
        record = {"edition": "e", "period": "2025-12", "former": former, "because": because}
        (folder / "run.json").write_text(json.dumps(record), "utf-8")
    lines = {each.name: each.line("sv") for each in editions(tmp_path)}
    assert "ersatt" not in lines["e"]
    assert lines["e~2"].endswith("ersatt av e: rättade frånvaroposter")
    assert lines["e~1"].endswith("ersatt av e: ny kod")
    assert all("replaced by e" in each.line("en") for each in editions(tmp_path) if "~" in each.name)
