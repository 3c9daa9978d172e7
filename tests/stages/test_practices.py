"""What practices are counted as in a built edition is what was planted, and it reaches the pages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.sample import write_sample
from analysis.sections import all_sections
from analysis.sections.counted import claimed
from analysis.sections.registry import shipped_plan
from analysis.tables.protected import ORGANISATION
from tests.conftest import KEYS, Project, build_project
from tests.stages.practice_pages import Held, figures, held, truth

COLUMNS = ["table", "row", "column", "department"]
SILENT: set[str] = set()
"""Practices of which the whole sample shows no figure."""


def test_every_figure_of_practices_is_what_was_planted(built: Project) -> None:
    planted = pd.read_csv(built.delivery / "truth" / "practices.csv").set_index(COLUMNS)["value"]
    parts = [pd.read_parquet(path) for path in sorted((built.workspace / "tables").glob("facts_*.parquet"))]
    table = pd.concat(parts, ignore_index=True)
    facts = table[table["layer"] == ""].set_index(COLUMNS)["value"]
    assert planted.index.is_unique
    planted = planted[~planted.index.get_level_values("table").isin(["skills", "key_figures"])]  # made after the facts
    assert len(planted) > 900
    # of the managers' programme the months are told that differ by enough managers
    curve = planted.index.get_level_values("table") == "manager_coverage"
    planted = planted[~curve | planted.index.isin(facts.index)]
    known = facts.reindex(planted.index)
    assert known.notna().all(), known[known.isna()].index.tolist()[:5]
    np.testing.assert_allclose(known, planted, atol=2e-6)


def test_the_organisations_page_shows_the_parts_that_count_practices(built: Project) -> None:
    page = (built.reports / "organisation/underlag.sv.html").read_text(encoding="utf-8")
    for words in ("Karriärvägar: vem som kan", "Det enheterna själva följer upp", "Verksamhetsplanens kedja"):
        assert words in page
    assert "anges inte i källan" in page


CLAIMS = claimed(all_sections())
SMALL = 50
"""Practices that a municipality of 450 employees shows a figure of; of the others too few are left, or nobody."""


def _practices_of(project: Project) -> dict[str, Held]:
    return held(CLAIMS, figures(project.reports), truth(project.delivery, shipped_plan()))


def _is_true(found: dict[str, Held]) -> None:
    """No page says anything else than the truth, and no figure of the whole municipality is without one."""
    wrong = {practice: said.wrong for practice, said in found.items() if said.wrong}
    assert not wrong
    unknown = {key for said in found.values() for key in said.unknown if key[3] == ORGANISATION}
    assert not unknown


def test_what_the_pages_of_a_small_municipality_say_of_practices_is_what_was_planted(built: Project) -> None:
    found = _practices_of(built)
    _is_true(found)
    assert sum(bool(said.right) for said in found.values()) >= SMALL
    # a test that reads pages must see a page that lies
    key, said = next((key, said) for key, said in figures(built.reports).items() if key[0] == "programmes")
    lie = {key: str(float(said.removesuffix("%")) + 1) + said[len(said.removesuffix("%")) :]}
    told = held(CLAIMS, lie, truth(built.delivery, shipped_plan()))
    assert any(each.wrong for each in told.values())


@pytest.mark.large
def test_the_sample_shows_a_true_figure_of_every_practice_that_can_be_published(tmp_path: Path) -> None:
    """Builds the whole sample, 6,800 employees: some minutes."""
    sample = tmp_path / "sample"
    write_sample(sample)
    found = _practices_of(build_project(tmp_path / "project", sample, KEYS["first"], jobs=2))
    _is_true(found)
    silent = {practice for practice, said in found.items() if not said.right}
    assert len(found) - len(silent) >= 59
    assert silent == SILENT
