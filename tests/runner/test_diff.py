"""Two editions side by side: every planted cause is found, the parts add up, and nothing runs that need not."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from analysis.cli import app
from analysis.errors import InputError
from analysis.retention.purge import MARK
from analysis.runner import diff as diffing
from analysis.runner.diff import diff
from analysis.runner.diff_told import screen, write_csv, write_json
from analysis.runner.excluded import causes_left
from analysis.runner.parts import PARTS
from analysis.runner.worlds import MODELLED, World
from analysis.stages.marks import Mark
from analysis.stages.missing import Place, inputs_of, others_of
from tests.conftest import EDITION, KEYS, Project, working_in

BEFORE = "sample-before"
DEPARTMENT, FEW, OTHER = "d0101", "d0131", "d0201"


def _project(built: Project, root: Path) -> Project:
    """The built project, and beside its edition a copy of it that is called another."""
    shutil.copytree(built.root, root, symlinks=True, ignore=shutil.ignore_patterns(".*", "logs", "reports"))
    shutil.copytree(root / "data/processed" / EDITION, root / "data/processed" / BEFORE)
    for name in (EDITION, BEFORE):
        (root / "reports" / name).mkdir(parents=True)
        shutil.copyfile(built.reports / "run.json", root / "reports" / name / "run.json")
    return Project(root, root / "data/raw/sample")


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Iterator[Project]:
    """A project with two equal editions."""
    made = _project(built, tmp_path / "project")
    with working_in(made.root, KEYS["first"]):
        yield made


@dataclass(frozen=True)
class Planted:
    """A difference whose causes were planted, and the stages that ran to find it."""

    project: Project
    found: diffing.Difference
    ran: tuple[str, ...]


@pytest.fixture(scope="module")
def planted(built: Project, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Five and two in post were forgotten in the earlier delivery, and four more were printed of a department."""
    made = _project(built, tmp_path_factory.mktemp("planted") / "project")
    ran: list[str] = []
    with working_in(made.root, KEYS["first"]):
        for department, many in ((DEPARTMENT, 5), (FEW, 2)):
            forgotten(made, many, department)
        printed(made, 4, ("all", OTHER))
        marked(made)
        found = diff(made.root, BEFORE, EDITION, tell=ran.append)
    return Planted(made, found, tuple(ran))


def tables(project: Project) -> Path:
    return project.root / "data/processed" / BEFORE / "tables"


def recorded(project: Project, **entries: Any) -> None:
    path = project.root / "reports" / BEFORE / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | entries), "utf-8")


def printed(project: Project, change: float, departments: tuple[str, ...] = ("all", DEPARTMENT)) -> None:
    """Let the earlier edition have printed another headcount."""
    path = project.root / "data/processed" / BEFORE / "protected/cells.parquet"
    cells = pd.read_parquet(path)
    mine = _headcount(cells, departments)
    cells.loc[mine, ["value", "n"]] += change
    cells.to_parquet(path, index=False)


def forgotten(project: Project, many: int, department: str = DEPARTMENT) -> None:
    """Let the earlier delivery have lacked some who are in post in a department, in its rows and in its figures."""
    rows = pd.read_parquet(tables(project) / "rows.parquet")
    mine = rows[(rows["department"] == department) & rows["until"].isna() & (rows["form"] == "permanent")]
    once = rows["person"].value_counts()
    persons = mine.loc[mine["person"].map(once) == 1, "person"].head(many).tolist()
    for name in ("rows", "employments"):
        path = tables(project) / f"{name}.parquet"
        held = pd.read_parquet(path)
        held[~held["person"].isin(persons)].to_parquet(path, index=False)
    path = tables(project) / "facts_workforce.parquet"
    facts = pd.read_parquet(path)
    facts.loc[_headcount(facts, ("all", department)), ["value", "n"]] -= many
    facts.to_parquet(path, index=False)
    printed(project, -many, ("all", department))


def marked(project: Project) -> None:
    """Let the stages of the earlier edition have read and made what now lies there."""
    folder = project.root / "data/processed" / BEFORE
    place = Place(project.root, folder, project.delivery, "2025-12", 20251231)
    for name in MODELLED:
        mark = Mark.read(folder, name)
        assert mark is not None
        assert mark.inputs is not None
        mark.finished(folder, inputs_of(place, name, others_of(place, name), mark.inputs.reads)).write(folder, name)


def _headcount(table: pd.DataFrame, departments: tuple[str, ...]) -> pd.Series:
    total = (table["row"] == "total") & (table["column"] == "total") & (table["layer"] == "")
    return total & (table["table"] == "headcount") & table["department"].isin(departments)


def parts(found: diffing.Difference, department: str = DEPARTMENT) -> dict[str, float]:
    """The parts of a department's headcount that are not nought."""
    figures = found.figures
    (line,) = figures[(figures["table"] == "headcount") & (figures["department"] == department)].to_dict("records")
    told = {name: line[name] for name in (*PARTS, "other") if line[name] == line[name]}
    assert np.isclose(sum(told.values()), line["change"]), "the parts add up"
    return {name: value for name, value in told.items() if value}


def test_equal_editions_have_no_difference(project: Project) -> None:
    found = diff(project.root, BEFORE, EDITION)
    assert found.figures.empty
    assert found.counts["changed"] == 0 < found.counts["both"]


def test_what_today_s_code_counts_otherwise_of_the_same_rows_is_definition(planted: Planted) -> None:
    assert parts(planted.found, OTHER) == {"definition": -4.0}


def test_a_correction_stands_from_the_threshold_on(planted: Planted) -> None:
    assert parts(planted.found) == {"corrected": 5.0}
    assert parts(planted.found, FEW) == {"other": 2.0}
    assert parts(planted.found, "all") == {"corrected": 7.0, "definition": -4.0}


def test_every_change_is_what_its_parts_add_up_to(planted: Planted) -> None:
    told = planted.found.figures[[*PARTS, "other"]]
    some = told.notna().any(axis=1)
    assert some.any()
    np.testing.assert_allclose(told[some].sum(axis=1), planted.found.figures.loc[some, "change"], atol=1e-9)


def test_no_stage_runs_where_both_editions_hold_and_nothing_is_left_behind(planted: Planted) -> None:
    assert planted.ran == ()
    assert not list((planted.project.root / "data/processed").glob(".building-*"))


def test_a_purged_edition_is_compared_by_its_totals(project: Project) -> None:
    printed(project, 4)
    shutil.rmtree(tables(project))
    mark = {"day": "2026-01-31", "decision": "KS 2026/7"}
    (project.root / "data/processed" / BEFORE / MARK).write_text(json.dumps(mark), "utf-8")
    found = diff(project.root, BEFORE, EDITION)
    assert found.totals_only == "underlag gallrat 2026-01-31 (KS 2026/7)"
    assert not set(PARTS) & set(found.figures)
    said = screen(found, BEFORE, EDITION, most=5)
    assert "Only the totals are compared: underlag gallrat" in said
    assert "definition" not in said


def test_rows_that_are_gone_leave_the_one_cause_that_the_record_does_not_rule_out(project: Project) -> None:
    printed(project, 4)
    shutil.rmtree(tables(project))
    record = json.loads((project.root / "reports" / EDITION / "run.json").read_text("utf-8"))
    inputs = [[name, "other" if name == "anstallningar.csv" else digest] for name, digest in record["inputs"]]
    recorded(project, inputs=inputs)
    found = diff(project.root, BEFORE, EDITION)
    assert parts(found) == {"corrected": -4.0}
    assert found.told == [f"the rows of {BEFORE} are gone; nothing but corrected is otherwise between the two"]
    recorded(project, inputs=inputs, code="another")
    again = diff(project.root, BEFORE, EDITION)
    assert again.totals_only.startswith(f"the rows of {BEFORE} are gone")
    assert "corrected and definition may each" in again.totals_only


def test_which_causes_are_left_is_told_by_files_month_and_code(project: Project) -> None:
    record = json.loads((project.root / "reports" / EDITION / "run.json").read_text("utf-8"))

    def left(**other: Any) -> list[str]:
        return causes_left(record | other, record, project.delivery)

    def but(name: str) -> list[list[str]]:
        return [[each, "other" if each == name else digest] for each, digest in record["inputs"]]

    assert left() == []
    assert left(inputs=but("organisation.csv")) == ["organisation"]
    assert left(inputs=but("franvaro.csv")) == ["corrected"]
    assert left(inputs=but("delivery.toml")) == ["organisation", "corrected"]
    assert left(period="2025-08", seed=1) == ["new", "definition"]
    assert left(pseudonym_key="other") == ["organisation", "corrected"]


def test_each_world_is_made_once_and_only_where_it_is_another(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[str, str, bool]] = []

    def lay(world: World, source: World, delivery: Path, *, organisation: Any = None, **more: Any) -> World:
        made.append((world.folder.name, world.period, organisation is not None))
        return source

    monkeypatch.setattr(diffing, "lay", lay)
    one, other = (diffing.side(project.root, name) for name in (BEFORE, EDITION))
    # a later month of the same rows: nothing is made
    earlier = diffing.Side(project.root, BEFORE, {**one.record, "period": "2025-08"})
    assert len(diffing._worlds(earlier, other, earlier.world, other.world, project.delivery, project.root, print)) == 4
    assert made == []
    organisation = pd.read_parquet(tables(project) / "organisation.parquet")
    organisation.loc[organisation["unit"] == DEPARTMENT, "parent"] = "f02"
    organisation.to_parquet(tables(project) / "organisation.parquet", index=False)
    diffing._worlds(one, other, one.world, other.world, project.delivery, project.root, print)
    assert made == [("organisation", "2025-12", True)]
    made.clear()
    forgotten(project, 3)
    diffing._worlds(earlier, other, earlier.world, other.world, project.delivery, project.root, print)
    assert made == [("organisation", "2025-08", True), ("corrected", "2025-08", True)]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("nowhere", EDITION), "there is no edition nowhere in reports; analysis editions lists those there are"),
        ((EDITION, "../up"), "there is no edition ../up in reports"),
        ((EDITION, EDITION), f"{EDITION} is one edition; name two to compare"),
    ],
)
def test_what_cannot_be_compared_is_said_in_one_sentence(project: Project, names: tuple[str, str], said: str) -> None:
    with pytest.raises(InputError) as told:
        diff(project.root, *names)
    assert str(told.value).startswith(said)


def test_the_earlier_edition_is_named_first(project: Project) -> None:
    recorded(project, period="2026-04")
    with pytest.raises(InputError, match="name the earlier edition first"):
        diff(project.root, BEFORE, EDITION)


def test_files_are_their_owner_s_and_say_that_the_order_is_a_convention(planted: Planted, tmp_path: Path) -> None:
    found = planted.found
    csv, record = tmp_path / "out.csv", tmp_path / "out.json"
    write_csv(found, csv, BEFORE, EDITION)
    write_json(found, record, BEFORE, EDITION)
    assert [path.stat().st_mode & 0o777 for path in (csv, record)] == [0o600, 0o600]
    lines = pd.read_csv(csv)
    told = json.loads(record.read_text("utf-8"))
    assert len(lines) == len(found.figures) == len(told["figures"])
    assert "The order is a convention" in told["order"]
    with pytest.raises(InputError, match="cannot be written"):
        write_csv(found, tmp_path / "no" / "out.csv", BEFORE, EDITION)


def test_the_command_says_it(planted: Planted, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diffing, "diff", lambda *names, **more: replace(planted.found))
    result = CliRunner().invoke(app, ["diff", BEFORE, EDITION, "--department", DEPARTMENT])
    assert result.exit_code == 0, result.output
    (line,) = [line for line in result.output.splitlines() if f"headcount · {DEPARTMENT} · total · total" in line]
    assert "+5" in line
    assert "The order is a convention" in result.output
    wrong = CliRunner().invoke(app, ["diff", BEFORE, EDITION, "--table", "nothing"])
    assert str(wrong.exception).startswith("no figure of the table 'nothing' is changed")
