"""The skill gap of a built edition: against what was planted, in groups large enough, and on its pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import all_facts
from analysis.sections.need.skill_gap import section
from analysis.staffing import Recent
from analysis.stages.competence import keep_skills
from analysis.stages.staffing import keep_skill_gap
from analysis.stages.stage import Stage
from analysis.workforce.spells import stock
from tests.conftest import Project

KEYS = ["department", "occupation", "model", "step"]


def test_needed_held_and_assessed_are_what_was_planted(built: Project) -> None:
    planted = pd.read_csv(built.delivery / "truth" / "skills.csv")
    planted = planted.assign(step=planted["step"].fillna(0).astype("int64")).set_index(KEYS).sort_index()
    now = pd.read_parquet(built.workspace / "tables" / "skill_now.parquet").set_index(KEYS).sort_index()
    assert set(planted.index) <= set(now.index)
    known = now.loc[planted.index]
    assert len(known) > 60
    assert known[["held", "assessed", "staff"]].astype("int64").equals(planted[["held", "assessed", "staff"]])
    np.testing.assert_allclose(known["needed"], planted["needed"], atol=1e-6)
    # what is not in the truth begins later
    assert (now.drop(planted.index)["needed"] == 0).all()


def test_the_result_holds_large_groups_only_and_its_first_year_is_what_is_there(built: Project) -> None:
    gap = pd.read_parquet(built.workspace / "results" / "skill_gap.parquet")
    assert (gap["n"] >= policy().forecast.min_at_risk).all()
    assert gap["year"].nunique() == 6
    now = pd.read_parquet(built.workspace / "tables" / "skill_now.parquet").set_index(KEYS)
    first = gap[(gap["year"] == gap["year"].min()) & (gap["department"] != "small_departments")].set_index(KEYS)
    columns = ["needed", "held", "unclear", "missing", "assessed"]
    np.testing.assert_allclose(first[columns], now.loc[first.index, columns].astype("float64"), atol=1e-6)
    ahead = gap[gap["year"] > gap["year"].min()]
    assert ahead[["low", "high", "missing_low", "missing_high"]].notna().all(axis=None)


def test_the_skill_gap_is_on_the_pages_and_every_assumption_behind_it_in_the_register(built: Project) -> None:
    for language, words in (("sv", "Kompetensgap"), ("en", "Skill gap")):
        page = (built.reports / f"organisation/underlag.{language}.html").read_text(encoding="utf-8")
        assert f"{words} december 2030" in page or f"{words} December 2030" in page
    assert "Personer som en större grupp väger" in (built.reports / "methods.sv.html").read_text("utf-8")


def test_a_delivery_that_asks_for_nothing_has_no_skill_gap_and_no_facts_of_one(tmp_path: Path) -> None:
    stage = Stage("competence", tmp_path, tmp_path / "workspace", tmp_path / "raw", "2025-12", 1)
    assert keep_skills(stage) is None
    nothing = pd.DataFrame()
    gap = keep_skill_gap(stage, None, Recent(nothing, None, 1))  # type: ignore[arg-type]
    assert gap.empty
    limits = Thresholds.of(policy(), "internal")
    assert all_facts([section], stage, period="2025-12", years=5, limits=limits).empty
    assert not (tmp_path / "workspace" / "results").exists()


def test_every_person_in_post_is_in_the_risk_cell_that_counts_them(built: Project) -> None:
    cells = pd.read_parquet(built.workspace / "tables" / "risk_cells.parquet")
    cells = cells[cells["open"]].reset_index(drop=True)
    places = pd.read_parquet(built.workspace / "tables" / "person_cells.parquet")
    assert places["person"].is_unique
    assert places.groupby("cell").size().tolist() == cells["at_risk"].tolist()
    rows = pd.read_parquet(built.workspace / "tables" / "rows.parquet")
    people = stock(rows, pd.Timestamp("2025-12-31")).set_index("person")
    own = cells.loc[places["cell"], ["department", "occupation", "form", "age"]].reset_index(drop=True)
    theirs = people.loc[places["person"], ["department", "occupation", "form", "age"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(own, theirs, check_dtype=False)
