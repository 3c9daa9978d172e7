"""Whole builds of what a first year delivers: an edition of what is, or one sentence before any model runs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import AnalysisError
from analysis.runner.build import build
from analysis.runner.request import request
from tests.conftest import EDITION, KEYS, Project, make_project, working_in

DELIVERY = """
[delivery]
name = "first"
municipality = "Provkommun"
extracted = 2026-01-07

[[file]]
table = "employments"
path = "staff.csv"
[file.columns]
person = "Nr"
unit = "Enhet"
title = "Befattning"
form = "Form"
rate = "Grad"
start = "Från"
end = "Till"
birth = "Född"
sex = "Kön"
[file.values.form]
"T" = "permanent"
[file.values.sex]
"K" = "F"
"""


def delivery(folder: Path, persons: int) -> None:
    """Permanent staff of two units since some year; nobody has left."""
    rng = np.random.default_rng(4)
    table = pd.DataFrame(
        {
            "Nr": [f"{number:05d}" for number in range(persons)],
            "Enhet": np.where(np.arange(persons) % 2, "IT/IS", "Vård"),
            "Befattning": "Handläggare",
            "Form": "T",
            "Grad": np.where(np.arange(persons) % 3, 1, 0.5),
            "Från": [f"{year}-03-01" for year in rng.integers(2005, 2025, persons)],
            "Till": "",
            "Född": [f"{year}-05-11" for year in rng.integers(1958, 2000, persons)],
            "Kön": np.where(np.arange(persons) % 4, "K", "M"),
        }
    )
    folder.mkdir(parents=True)
    table.to_csv(folder / "staff.csv", sep=";", index=False)
    (folder / "delivery.toml").write_text(DELIVERY, encoding="utf-8")


def built(root: Path, persons: int) -> Project:
    project = make_project(root)
    delivery(project.delivery, persons)
    with working_in(project.root, KEYS["first"]):
        found = build(request(root=project.root, delivery=project.delivery, period="2025-12", edition=EDITION))
    assert found.failed == {}
    return project


@pytest.mark.large
def test_where_nobody_has_left_an_edition_of_what_is_is_published(tmp_path: Path) -> None:
    project = built(tmp_path / "project", 120)
    about = json.loads((project.workspace / "protected/about.json").read_text(encoding="utf-8"))
    assert about["history"]["awaited"] == {"turnover": "2026-12", "judged": "2027-12"}
    assert "note.no_history" in about["notes"]
    cells = pd.read_parquet(project.workspace / "protected/cells.parquet")
    shown = cells[(cells["department"] == "all") & cells["value"].notna()]
    assert {"headcount", "fte", "age", "definitions", "full_time"} <= set(shown["table"])
    assert not {"leavers", "bridge", "exits", "turnover_series", "track_record", "pension_3y"} & set(shown["table"])
    files = [project.reports / f"organisation/{name}.sv.html" for name in ("organisation", "underlag")]
    page = "".join(path.read_text(encoding="utf-8") for path in files)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert re.search(r"Provkommun: 120 månadsavlönade är i tjänst i december 2025; \d+ av dem når riktåldern", text)
    assert text.count("finns tidigast i utgåvan för december 2026") >= 8
    assert "IT/IS" in text
    assert "it_is" not in text


def test_an_employer_of_one_is_refused_in_one_sentence_before_any_model(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    delivery(project.delivery, 1)
    steps: list[str] = []
    with working_in(project.root, KEYS["first"]), pytest.raises(AnalysisError, match="fewer than 20") as raised:
        build(
            request(root=project.root, delivery=project.delivery, period="2025-12", edition=EDITION), tell=steps.append
        )
    assert str(raised.value).count("\n") == 0
    assert [step.split()[0] for step in steps] == ["read"]
