"""A stage is stale when something that it read has changed, whatever it was, and says what."""

from __future__ import annotations

import ast
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis import settings as settings_module
from analysis.errors import InputError
from analysis.execution.cells import code_of
from analysis.execution.parameters import defaults
from analysis.stages import inputs, missing
from analysis.stages.imports import PACKAGE, reached
from analysis.stages.inputs import SettingsOf
from analysis.stages.marks import Mark, copy_stage, is_sealed, seal
from analysis.stages.missing import STAGES, Place, build_missing, check_workspace, others_of, stale_stages
from analysis.stages.stage import Stage
from analysis.tables.reads import Watched
from tests.conftest import DELIVERY, REPOSITORY, make_project


@dataclass(frozen=True)
class Lab:
    """A project whose stages have all been marked as run, with a package of its own to edit."""

    place: Place
    package: Path

    def stale(self) -> dict[str, str]:
        """Stages that do not hold, with the reason."""
        return stale_stages(self.place)


def before_stage(name: str) -> list[str]:
    return list(STAGES)[: list(STAGES).index(name)]


def mark_all(place: Place) -> None:
    for name in STAGES:
        result = place.folder / f"tables/{name}.json"
        result.parent.mkdir(parents=True, exist_ok=True)
        result.write_text(name, "utf-8")
        others = others_of(place, name)
        held = missing.inputs_of(place, name, others, [f"tables/{each}.json" for each in before_stage(name)])
        parameters = {"seed": place.seed, **others}
        mark = Mark(place.delivery_name, place.period, parameters, None, {f"tables/{name}.json": ""})
        mark.finished(place.folder, held).write(place.folder, name)


@pytest.fixture(scope="module")
def whole_lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("lab")
    project = make_project(folder / "project")
    project.delivery.mkdir(parents=True)
    (project.delivery / "delivery.toml").write_text("x", "utf-8")
    (project.delivery / "a.csv").write_text("person;unit\n1;2\n", "utf-8")
    package = folder / "src" / "analysis"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__"))

    def files_of(delivery: Path) -> list[tuple[str, str]]:
        return [(path.name, inputs.digest_of(path)) for path in sorted(delivery.iterdir())]

    original = inputs.stage_inputs
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(inputs, "delivery_files", files_of)
        patch.setattr(missing, "delivery_files", files_of)
        patch.setattr(missing, "stage_inputs", lambda stage, **given: original(stage, **given, package=package))
        place = Place(project.root, project.root / "data/processed/lab", project.root / DELIVERY, "2025-12", 20251231)
        mark_all(place)
        yield Lab(place, package)


@pytest.fixture
def lab(whole_lab: Lab) -> Iterator[Lab]:
    """The laboratory as it was at first, whatever the test before did to it."""
    folders = (whole_lab.place.root, whole_lab.package)
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns)
        for folder in folders
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert whole_lab.stale() == {}
    yield whole_lab
    for path in [path for folder in folders for path in folder.rglob("*") if path.is_file() and path not in before]:
        path.unlink()
    for path, (content, changed) in before.items():
        if not path.is_file() or path.stat().st_mtime_ns != changed or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            os.utime(path, ns=(changed, changed))


def replace_in(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def from_stage(name: str) -> list[str]:
    return list(STAGES)[list(STAGES).index(name) :]


CHANGES: list[tuple[str, Callable[[Lab], None], str, str]] = [
    ("profile", lambda lab: replace_in(lab.place.root / "analysis.toml", '"internal"', '"public"'),
     "disclosure", "settings changed: profile"),
    ("years", lambda lab: replace_in(lab.place.root / "analysis.toml", "years = 5", "years = 2"),
     "competence", "settings changed: years"),
    ("hours", lambda lab: replace_in(lab.place.root / "analysis.toml", "month = 165", "month = 160"),
     "workforce", "settings changed: hours_per_month"),
    ("policy", lambda lab: replace_in(lab.package / "reference/data/policy.toml", "= 5", "= 7"),
     "read", "reference changed: policy.toml"),
    ("reference", lambda lab: replace_in(lab.package / "reference/data/comparators/ages.csv", "1", "2"),
     "read", "reference changed: comparators/ages.csv"),
    ("delivery", lambda lab: replace_in(lab.place.delivery / "a.csv", "1;2", "1;3"), "read", "delivery changed: a.csv"),
    ("new file", lambda lab: (lab.place.delivery / "b.csv").touch(),
     "read", "delivery changed: b.csv"),
    ("notebook", lambda lab: replace_in(lab.place.root / "notebooks/40-turnover.ipynb", "jobs=2", "jobs=1"),
     "turnover", "notebook changed: 40-turnover.ipynb"),
    ("report page", lambda lab: replace_in(lab.place.root / "notebooks/70-department.ipynb", '\\"bridge', '\\"trust'),
     "disclosure", "edition changed: code and settings"),
    ("source", lambda lab: replace_in(lab.package / "extracts/sources.py", "import re", "import re  # new"),
     "read", "code changed: analysis/extracts/sources.py"),
    ("source of one stage", lambda lab: replace_in(lab.package / "disclosure/primary.py", "import", "import  "),
     "disclosure", "code changed: analysis/disclosure/primary.py"),
    ("source of a page", lambda lab: replace_in(lab.package / "publishing/pages/page.py", "import", "import  "),
     "disclosure", "edition changed: code and settings"),
    ("source that no stage reads", lambda lab: replace_in(lab.package / "sample/__init__.py", "import", "import  "),
     "disclosure", "edition changed: code and settings"),
    ("scenario", lambda lab: next((lab.place.root / "examples/scenarios").glob("*.toml")).unlink(),
     "staffing", "files changed: examples/scenarios/"),
    ("output gone", lambda lab: (lab.place.folder / "tables/turnover.json").unlink(),
     "turnover", "turnover.json is gone"),
    ("output by hand", lambda lab: replace_in(lab.place.folder / "tables/turnover.json", "t", "T"),
     "staffing", "upstream changed: tables/turnover.json"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "first", "said"), [case[1:] for case in CHANGES], ids=[case[0] for case in CHANGES])
def test_a_change_makes_the_stages_stale_that_read_it_and_those_below(
    lab: Lab, change: Callable[[Lab], None], first: str, said: str
) -> None:
    change(lab)
    stale = lab.stale()
    assert list(stale) == from_stage(first)
    assert said in stale[first]


@pytest.mark.parametrize(
    "change",
    [
        lambda lab: (lab.place.root / "README.md").write_text("x", "utf-8"),
        lambda lab: os.utime(lab.place.delivery / "a.csv", (1, 1)),
    ],
    ids=["another file", "touched"],
)
def test_what_no_stage_reads_leaves_all_of_them(lab: Lab, change: Callable[[Lab], object]) -> None:
    change(lab)
    assert lab.stale() == {}


def test_running_a_notebook_in_lab_is_no_change(lab: Lab) -> None:
    path = lab.place.root / "notebooks/50-staffing.ipynb"
    book = json.loads(path.read_text("utf-8"))
    for number, cell in enumerate(book["cells"]):
        cell["metadata"]["x"] = number
        if cell["cell_type"] == "code":
            cell["execution_count"], cell["outputs"] = number, []
    path.write_text(json.dumps(book), "utf-8")
    assert lab.stale() == {}


def test_a_file_changed_in_place_with_its_old_time_and_size_is_seen(lab: Lab) -> None:
    path = lab.place.delivery / "a.csv"
    before = path.stat()
    path.write_text(path.read_text("utf-8").replace("1;2", "1;9"), "utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert list(lab.stale()) == list(STAGES)


def test_a_stage_that_stopped_half_way_runs_again_and_leaves_nothing_of_the_former_run(lab: Lab) -> None:
    place = lab.place
    stage = Stage("turnover", place.root, place.folder, place.delivery, place.period, place.seed)
    stage.write_facts("other", {})
    assert lab.stale()["turnover"] == "it stopped half-way"
    assert not (place.folder / "tables/turnover.json").exists()
    again = Stage("turnover", place.root, place.folder, place.delivery, place.period, place.seed)
    again.write_facts("turnover", {})
    assert not (place.folder / "tables/other.json").exists()


def test_a_parameter_that_was_chosen_stays_chosen(lab: Lab) -> None:
    mark = Mark.read(lab.place.folder, "staffing")
    assert mark is not None
    tried = {**mark.parameters, "scenario": "none"}
    chosen = {**others_of(lab.place, "staffing"), "scenario": "none"}
    held = missing.inputs_of(lab.place, "staffing", chosen, mark.inputs.reads if mark.inputs else ())
    Mark(mark.delivery, mark.period, tried, None, mark.outputs).finished(lab.place.folder, held).write(
        lab.place.folder, "staffing"
    )
    assert lab.stale() == {}, "what was chosen is not run again otherwise"
    assert others_of(lab.place, "staffing") == chosen


def test_a_stage_that_agrees_is_taken_over_from_an_edition(lab: Lab, tmp_path: Path) -> None:
    edition = lab.place.folder.with_name("published")
    shutil.copytree(lab.place.folder, edition)
    seal(edition, "published")
    shutil.rmtree(lab.place.folder)
    before = {path: path.read_bytes() for path in edition.rglob("*") if path.is_file()}
    said: list[str] = []
    build_missing(lab.place, before=None, say=said.append)
    assert len(said) == len(STAGES)
    assert all("taking over" in line and "from published" in line for line in said)
    assert lab.stale() == {}
    assert {path: path.read_bytes() for path in edition.rglob("*") if path.is_file()} == before
    assert not is_sealed(lab.place.folder)


def test_what_was_changed_in_an_edition_is_not_taken_over(lab: Lab) -> None:
    edition = lab.place.folder.with_name("altered")
    shutil.copytree(lab.place.folder, edition)
    replace_in(edition / "tables/read.json", "read", "other")
    assert not copy_stage(edition, lab.place.folder, "read")


@pytest.mark.parametrize("edition", ["sealed", "run.json"])
def test_a_stage_writes_nothing_into_a_published_workspace(lab: Lab, edition: str) -> None:
    if edition == "sealed":
        seal(lab.place.folder, "x")
    else:
        (lab.place.folder / "run.json").write_text("{}", "utf-8")
    place = lab.place
    stage = Stage("turnover", place.root, place.folder, place.delivery, place.period, place.seed)
    with pytest.raises(InputError, match="belongs to a published edition and is only read"):
        stage.write_facts("turnover", {})


@pytest.mark.parametrize("other", [{"period": "2024-12"}, {"delivery": "data/raw/another"}])
def test_a_workspace_of_another_delivery_or_period_is_refused(lab: Lab, other: dict[str, str]) -> None:
    place = lab.place
    delivery = place.root / other.get("delivery", DELIVERY)
    delivery.mkdir(exist_ok=True)
    with pytest.raises(InputError, match=r"data/processed/lab was made from data/raw/sample for 2025-12, not from"):
        check_workspace(Place(place.root, place.folder, delivery, other.get("period", place.period), place.seed))


def test_what_came_out_the_same_runs_nothing_below_it(lab: Lab) -> None:
    place = lab.place
    replace_in(place.root / "analysis.toml", "month = 165", "month = 160")
    assert list(lab.stale()) == from_stage("workforce"), "those below wait for what it makes"
    mark = Mark.read(place.folder, "workforce")
    assert mark is not None
    assert mark.inputs is not None
    again = missing.inputs_of(place, "workforce", others_of(place, "workforce"), mark.inputs.reads)
    mark.finished(place.folder, again).write(place.folder, "workforce")
    assert lab.stale() == {"disclosure": "edition changed: code and settings"}, "it prints the settings' digest"


def test_only_the_stages_that_read_an_entry_of_a_record_see_it_change(lab: Lab) -> None:
    place = lab.place
    (place.folder / "tables/read.json").write_text(json.dumps({"level": 2, "files": "a"}), "utf-8")
    stages = {
        name: Stage(name, place.root, place.folder, place.delivery, place.period, place.seed,
                    others_of(place, name), missing.inputs_of(place, name, others_of(place, name)))
        for name in ("turnover", "staffing")
    }  # fmt: skip
    entries = {"turnover": "level", "staffing": "files"}
    for name, stage in stages.items():
        assert stage.facts("read")[entries[name]]
        stage.write_facts(name, {})
        stage.done()
    assert {"turnover", "staffing"}.isdisjoint(lab.stale())
    (place.folder / "tables/read.json").write_text(json.dumps({"level": 2, "files": "b"}), "utf-8")
    assert lab.stale()["staffing"] == "upstream changed: tables/read.json#files"
    assert "turnover" not in lab.stale()


def test_a_record_that_is_read_as_a_whole_is_noted_as_a_whole() -> None:
    noted: list[str] = []
    record = Watched({"a": 1, "b": 2}, noted.append)
    assert record["a"] == 1
    assert record.get("c") is None
    assert "b" in record
    assert noted == ["a", "c", "b"]
    for read in (
        dict,
        list,
        len,
        bool,
        json.dumps,
        lambda each: each.copy(),
        lambda each: {**each},
        lambda each: each | {},
        lambda each: {} | each,
    ):
        noted.clear()
        read(record)  # type: ignore[operator]
        assert "" in noted, read


def test_the_same_delivery_in_another_place_is_the_same_delivery(lab: Lab, tmp_path: Path) -> None:
    place = lab.place
    shutil.copytree(place.delivery, tmp_path / "moved")
    check_workspace(Place(place.root, place.folder, tmp_path / "moved", place.period, place.seed))


def test_a_folder_of_other_files_is_no_workspace(lab: Lab) -> None:
    place = lab.place
    with pytest.raises(InputError, match="holds other files than a workspace"):
        check_workspace(Place(place.root, place.root / "notebooks", place.delivery, place.period, place.seed))


def test_a_setting_that_is_not_declared_cannot_be_read() -> None:
    settings = settings_module.load(REPOSITORY)
    assert SettingsOf("staffing", settings).years == settings.years
    with pytest.raises(AttributeError, match="the stage read reads the setting 'profile' without declaring it"):
        _ = SettingsOf("read", settings).profile


def test_every_parameter_of_a_stage_is_in_its_mark() -> None:
    for stage, name in STAGES.items():
        path = REPOSITORY / "notebooks" / name
        calls = [
            node for cell in code_of(path) for node in ast.walk(ast.parse(cell))
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open_stage"
        ]  # fmt: skip
        (call,) = calls
        assert {word.arg for word in call.keywords} == set(defaults(path)), stage
        assert ast.literal_eval(call.args[0]) == stage


def test_imports_are_followed_whatever_their_form(tmp_path: Path) -> None:
    package = tmp_path / "src" / "analysis"
    files = {
        "__init__.py": "", "a/__init__.py": "from analysis.a.one import x", "a/one.py": "from . import two",
        "a/two.py": "def f():\n    import analysis.b.three", "b/__init__.py": "", "b/three.py": "from ..c import four",
        "c/__init__.py": "", "c/four.py": "load('analysis.d')", "d/__init__.py": "", "e.py": "",
    }  # fmt: skip
    for name, text in files.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text, "utf-8")
    notebook = tmp_path / "notebooks/n.ipynb"
    notebook.parent.mkdir()
    (notebook.parent / "own.py").write_text("import analysis.b", "utf-8")
    source = "%matplotlib inline\nfrom analysis import a\nimport own"
    notebook.write_text(json.dumps({"cells": [{"cell_type": "code", "metadata": {}, "source": source}]}), "utf-8")
    ours = [package / name for name in files if name != "e.py"]
    assert reached(notebook, package) == sorted([*ours, notebook.parent / "own.py"])
