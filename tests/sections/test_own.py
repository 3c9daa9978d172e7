"""Sections and indicators of a municipality's own: the example works, and what one may not do is refused before it
runs."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pandas as pd
import pytest

from analysis.disclosure.thresholds import Thresholds
from analysis.edition.passport import own_hashes
from analysis.errors import InputError
from analysis.reference import policy
from analysis.sections import PlannedTable, all_facts, all_sections
from analysis.sections.own import breaches, own_definitions, own_sections

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "own"
LIMITS = Thresholds.of(policy(), "internal")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(EXAMPLE, tmp_path / "own")
    settings = (ROOT / "analysis.toml").read_text(encoding="utf-8")
    (tmp_path / "analysis.toml").write_text(f'sections = ["own"]\n{settings}', encoding="utf-8")
    return tmp_path


class Tables:
    """Two departments: ten people in one and four in the other, with hours of two months."""

    def __init__(self):
        people = pd.DataFrame({"person": [f"p{n}" for n in range(14)], "department": ["d1"] * 10 + ["d2"] * 4})
        day = pd.Timestamp("2020-01-01")
        self.rows = people.assign(
            employment=people["person"], unit=people["department"], occupation="nurse", form="permanent", rate=1.0,
            rate_actual=1.0, start=day, end=pd.NaT, until=pd.NaT, spell_start=day, spell_end=pd.NaT, spell=range(14),
            birth=day, sex="w", pay=1.0, title="", workplace="", aid="", agreement="", responsibility="",
            rate_wanted=1.0, since=day, on_leave=False, taken_over=False, source="x", source_row=range(14),
        )  # fmt: skip
        months = [pd.Timestamp("2025-06-01"), pd.Timestamp("2024-06-01")]
        self.absences = pd.concat(
            [people[["person"]].assign(unit="u", month=month, ordinary_hours=100.0, overtime_hours=hours, source="x",
                                       source_row=range(14)) for month, hours in zip(months, (5.0, 50.0), strict=True)]
        )  # fmt: skip

    def table(self, name):
        return getattr(self, name, None)

    def result(self, name):
        return None

    def read(self, name):
        return self.table(name)


def test_the_example_counts_by_department_and_for_the_whole(project: Path) -> None:
    found = all_facts(own_sections(project), Tables(), period="2025-12", years=5, limits=LIMITS).set_index("department")
    assert found.loc["d1", "numerator"] == 50.0  # ten persons of five hours; the year before is outside the window
    assert found.loc["d1", "value"] == pytest.approx(0.05)
    assert found.loc["d2", "n"] == 4
    assert found.loc["all", "denominator"] == 1400.0
    assert set(found["table"]) == {"overtime"}


def test_the_example_stands_among_the_sections_with_its_definition_and_hashes(project: Path) -> None:
    assert "overtime" in {section.id for section in all_sections(project)}
    assert [entry["id"] for entry in own_definitions(project)] == ["overtime_share"]
    assert [name for name, _ in own_hashes(project)] == ["own/overtime.py", "own/overtime.toml"]


def test_a_function_sees_no_person_and_no_source(project: Path) -> None:
    seen: list[str] = []
    (section,) = own_sections(project)
    (indicator,) = section.indicators
    indicator.count(lambda tables, at: seen.extend(tables["absences"]) or pd.DataFrame(columns=["department"]))
    with pytest.raises(InputError, match="returns no column 'row'"):
        indicator.make_facts(Tables(), "2025-12")
    assert not {"person", "source", "source_row", "employment"} & set(seen)
    assert "department" in seen


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import os", "imports os"),
        ("from analysis.tables import parquet", "imports analysis.tables"),
        ("from analysis import workforce", "imports analysis"),
        ("import pandas as pd\npd.read_parquet('x')", "uses .read_parquet"),
        ("import pandas as pd\npd.io", "uses .io"),
        ("from pandas import read_csv", "imports read_csv"),
        ("open('x')", "uses open"),
        ("x = report._cells", "uses ._cells"),
        ("x = ().__class__", "uses .__class__"),
        ("__builtins__", "uses __builtins__"),
        ("getattr(x, 'y')", "uses getattr"),
        ("frame.to_csv('x')", "uses .to_csv"),
        ("from analysis.tables.protected import ProtectedReport", "imports ProtectedReport"),
        ("from analysis.sections import *", r"imports \*"),
        ("from . import other", r"imports \."),
    ],
)
def test_what_an_own_file_may_not_do_is_named_with_its_line(source: str, said: str, project: Path) -> None:
    assert breaches(ast.parse(source))
    (project / "own" / "nosy.py").write_text(source, encoding="utf-8")
    with pytest.raises(InputError, match=rf"nosy\.py, line \d: it {said}"):
        own_sections.__wrapped__(project)


def test_an_own_file_must_name_the_tables_it_reads(project: Path) -> None:
    (project / "own" / "all.py").write_text(
        'from analysis.sections import Place, Section\nsection = Section("a", places=Place("figures"), reads=("*",))\n',
        encoding="utf-8",
    )
    with pytest.raises(InputError, match="must name the tables"):
        own_sections.__wrapped__(project)


def test_an_own_section_is_given_results_about_groups_and_nothing_else(project: Path) -> None:
    (section,) = own_sections(project)
    section.needs = ("rows",)
    section.facts(lambda results: pytest.fail("a table about persons") if results.table("rows") is not None else None)
    all_facts([section], Tables(), period="2025-12", years=5, limits=LIMITS)


def test_a_folder_that_does_not_exist_is_said(tmp_path: Path) -> None:
    settings = (ROOT / "analysis.toml").read_text(encoding="utf-8")
    (tmp_path / "analysis.toml").write_text(f'sections = ["gone"]\n{settings}', encoding="utf-8")
    with pytest.raises(InputError, match="names the folder gone"):
        own_sections.__wrapped__(tmp_path)


def test_a_table_that_the_package_publishes_cannot_be_published_again(project: Path) -> None:
    from analysis.sections import plan

    (section,) = own_sections.__wrapped__(project)
    section.publishes = (PlannedTable(id="headcount", sensitivity="open", rule="open", lines=(), zeros="shown"),)
    with pytest.raises(Exception, match="headcount"):
        plan([*all_sections(), section])
