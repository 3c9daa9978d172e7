"""A delivery in which a feature knows the future is refused before anything is published."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.errors import GateError, InputError
from analysis.extracts.manifest import load_manifest
from analysis.runner.build import build
from analysis.runner.request import request
from analysis.turnover.models import carried as memory
from tests.conftest import EDITION, KEYS, make_project, working_in
from tests.turnover.careers import careers


def test_a_build_of_the_sample_with_a_planted_leak_stops_with_its_name(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    options = ["--employees", "250", "--years", "4", "--plant-leak", "title"]
    done = CliRunner().invoke(app, ["sample", str(project.delivery), *options])
    assert done.exit_code == 0, done.output
    with working_in(project.root, KEYS["first"]):
        asked = request(root=project.root, delivery=project.delivery, period="2025-12", edition=EDITION)
        with pytest.raises(GateError, match=r"leak alarm: .*\(title\).*avslutad anställning"):
            build(asked)
    assert not project.reports.exists()
    assert not project.workspace.exists()


def test_a_leak_that_cannot_be_planted_is_refused(tmp_path: Path) -> None:
    from analysis.sample import write_sample

    with pytest.raises(InputError, match="title or workplace"):
        write_sample(tmp_path, employees=250, years=3, leak="health")


PERSONALLISTA = """
[delivery]
name = "Personallista"
municipality = "Exempelkommun"
extracted = 2022-01-07
{more}
[[file]]
table = "employments"
path = "personallista.csv"
delimiter = ";"
[file.columns]
person = "Nummer"
unit = "Enhet"
title = "Befattning"
form = "Form"
start = "Från"
end = "Till"
birth = "Född"
"""


def personallista(folder: Path, *, title_of_leavers: str, more: str = "", people: int = 450) -> None:
    """One row per person, with the unit and title that hold today, or held last; titles of leavers are overwritten."""
    people_rows = careers(seed=3, people=people, years=5, kind="personallista")
    last = people_rows.groupby("person").last()
    first = people_rows.groupby("person").first()
    rng = np.random.default_rng(1)
    year = last["origin"].str[:4].astype(int)
    ended = pd.to_datetime({"year": year + 1, "month": rng.integers(1, 13, len(last)), "day": 15})
    begun = first["origin"].str[:4].astype(int) - first["tenure"]
    table = pd.DataFrame(
        {
            "Nummer": [f"{number:06d}" for number in last.index],
            "Enhet": last["department"],
            "Befattning": last["title"].mask(last["gone"], title_of_leavers),
            "Form": last["form"],
            "Från": [f"{value}-12-01" for value in begun],
            "Till": ended.dt.strftime("%Y-%m-%d").where(last["gone"], ""),
            "Född": [f"{int(o[:4]) - age}-06-15" for o, age in zip(first["origin"], first["age"], strict=True)],
        }
    )
    folder.mkdir(parents=True, exist_ok=True)
    table.to_csv(folder / "personallista.csv", sep=";", index=False, encoding="utf-8")
    (folder / "delivery.toml").write_text(PERSONALLISTA.format(more=more), encoding="utf-8")


def test_a_list_of_todays_values_gives_an_edition_without_forecasts_that_says_why(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    personallista(project.delivery, title_of_leavers="Avslutad")
    with working_in(project.root, KEYS["first"]):
        built = build(request(root=project.root, delivery=project.delivery, period="2021-12", edition=EDITION))
    assert built.failed == {}
    kept = {path.stem for path in (project.workspace / "results").glob("*.parquet")}
    assert not kept & {"leavers", "cumulative_incidence", "staffing_bridge", "track_record", "skill_gap"}
    cells = pd.read_parquet(project.workspace / "protected/cells.parquet")
    assert (cells.query("table == 'headcount' and department == 'all'")["value"] > 0).any()
    assert cells[cells["table"].isin(["leavers", "bridge", "track_record"]) & cells["value"].notna()].empty
    about = json.loads((project.workspace / "protected/about.json").read_text(encoding="utf-8"))
    assert about["notes"][:3].count("note.no_forecast") == 1
    assert "note.no_forecast.title" in about["notes"]
    for language, sentence in (("sv", "Ingen prognos för avgångar"), ("en", "No forecast of leaving")):
        pages = [
            page
            for page in project.reports.glob("**/*.html")
            if language in page.relative_to(project.reports).as_posix()
        ]
        assert any(sentence in page.read_text(encoding="utf-8") for page in pages), language


ACCEPTED = """
[[accept_leak]]
column = "title"
cause = "total"
reason = "Titeln sätts när en visstid beviljas och är känd då."
"""


def test_an_accepted_leak_is_forecast_and_stands_on_the_model_card(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    personallista(project.delivery, title_of_leavers="Avslutad", more=ACCEPTED)
    with working_in(project.root, KEYS["first"]):
        build(request(root=project.root, delivery=project.delivery, period="2021-12", edition=EDITION))
    assert (project.workspace / "results/leavers.parquet").is_file()
    about = json.loads((project.workspace / "protected/about.json").read_text(encoding="utf-8"))
    assert [entry["column"] for entry in about["model_card"]["accepted"]] == ["title"]
    assert "note.no_forecast" not in about["notes"]
    cards = [page.read_text(encoding="utf-8") for page in project.reports.glob("**/*model-card*.html")]
    assert cards
    assert all("Titeln sätts när en visstid beviljas" in card for card in cards)
    assert hazard_columns(project.workspace) == []
    with_table = pd.DataFrame({"harmless": hazards_of(project.workspace)})
    with_table.to_parquet(project.workspace / "tables/planted.parquet")
    assert hazard_columns(project.workspace) == ["planted.parquet: harmless"]


def hazards_of(workspace: Path) -> np.ndarray:
    """Hazards of every cell for every cause, as staffing works with them in memory."""
    record = json.loads((workspace / "tables/turnover.json").read_text(encoding="utf-8"))["choice"]
    cells, periods = (pd.read_parquet(workspace / f"tables/risk_{name}.parquet") for name in ("cells", "periods"))
    evaluation = memory.reopened(cells, record, periods)
    parts = [evaluation.predict(cells), evaluation.yardstick.predict(cells)]
    parts += [model.predict(cells) for model in evaluation.models.values()]
    values = np.concatenate([part.to_numpy().ravel() for part in parts])
    return np.unique(values[(values > 0) & (values < 1)].round(9))


def hazard_columns(workspace: Path) -> list[str]:
    """Columns of any file of the workspace, lists in JSON too, of whose fractions one in ten is a cell's hazard."""
    hazards, found = hazards_of(workspace), []
    for path in sorted(path for path in workspace.rglob("*") if path.is_file()):
        columns: dict[str, np.ndarray] = {}
        if path.suffix == ".parquet":
            table = pd.read_parquet(path).select_dtypes("number")
            columns = {str(name): table[name].to_numpy(dtype=float) for name in table}
        elif path.suffix in (".json", ".jsonl", ".ipynb", ".csv", ".txt", ".log", ".html"):
            numbers = re.findall(r"(?<![\w.])0\.\d{4,}", path.read_text(encoding="utf-8"))
            columns = {"numbers": np.array(numbers, dtype=float)}
        else:
            raise AssertionError(f"{path.name}: a kind of file that nobody looks into")
        for name, values in columns.items():
            fractions = values[(values > 0) & (values < 1)].round(9)
            if len(fractions) >= 10 and np.isin(fractions, hazards).mean() > 0.1:
                found.append(f"{path.name}: {name}")
    return found


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ('column = "titel"\ncause = "total"\nreason = "Känd då, säger vi."', "unknown column 'titel'"),
        ('column = "title"\ncause = "age"\nreason = "Känd då, säger vi."', "unknown cause 'age'"),
        ('column = "title"\ncause = "total"\nreason = "ja"', "reason"),
    ],
)
def test_what_is_accepted_is_checked(tmp_path: Path, entry: str, message: str) -> None:
    personallista(tmp_path, title_of_leavers="", more=f"[[accept_leak]]\n{entry}\n", people=60)
    with pytest.raises(InputError, match=message):
        load_manifest(tmp_path)
