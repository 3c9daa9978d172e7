"""What practices are counted as in a built edition is what was planted, and it reaches the pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import workforce
from analysis.disclosure.plan import plan_of
from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.extracts import read_delivery
from analysis.reference import policy
from analysis.sections import all_sections
from analysis.stages.practices import practice_facts
from analysis.stages.stage import Stage
from tests.conftest import Project

KEYS = ["table", "row", "column", "department"]


def test_every_figure_of_practices_is_what_was_planted(built: Project) -> None:
    planted = pd.read_csv(built.delivery / "truth" / "practices.csv").set_index(KEYS)["value"]
    facts = pd.read_parquet(built.workspace / "tables" / "facts_competence.parquet").set_index(KEYS)["value"]
    assert planted.index.is_unique
    assert len(planted) > 400
    known = facts.reindex(planted.index)
    assert known.notna().all(), known[known.isna()].index.tolist()[:5]
    np.testing.assert_allclose(known, planted, atol=2e-6)


def test_the_organisations_page_shows_the_parts_that_count_practices(built: Project) -> None:
    page = (built.reports / "organisation/underlag.sv.html").read_text(encoding="utf-8")
    for words in ("Karriärvägar: vem som kan", "Det enheterna själva följer upp", "Verksamhetsplanens kedja"):
        assert words in page
    assert "anges inte i källan" in page


@pytest.mark.large
def test_the_sample_publishes_a_figure_of_at_least_59_practices(tmp_path: Path) -> None:
    from analysis.sample import write_sample

    write_sample(tmp_path / "sample")
    delivery = read_delivery(tmp_path / "sample", key=b"key of the sample")
    past = workforce.history(
        delivery.tables, period="2025-12", level=delivery.manifest.departments.level, rate=1.0,
        episodes=delivery.manifest.episodes,
    )  # fmt: skip
    stage = Stage("competence", tmp_path, tmp_path / "workspace", tmp_path / "sample", "2025-12", 1)
    for name in delivery.tables:
        stage.write_frames(name, delivery.tables.frames(name))
    stage.write_table("rows", past.rows)
    facts = practice_facts(stage)
    planted = pd.read_csv(tmp_path / "sample" / "truth" / "practices.csv").set_index(KEYS)["value"]
    np.testing.assert_allclose(facts.set_index(KEYS)["value"].reindex(planted.index), planted, atol=2e-6)
    mine = [section for section in all_sections() if section.file and section.file.parent.name == "practices"]
    plan = plan_of([table for section in mine for table in section.publishes])
    known = set(plan)
    cells = protect(
        facts[facts["table"].isin(known)], plan=plan, thresholds=Thresholds.of(policy(), "internal"),
        reported=sorted(set(facts["department"]) - {"all"}), period="2025-12", weights=policy().suppression,
    )  # fmt: skip
    shown = set(cells.loc[cells["status"] == "published", "table"])
    missing = {s.id for s in mine if s.publishes and not {t.released_as for t in s.publishes} & shown}
    assert not missing - {"plan_chain"}  # counted from the plan, not from persons
