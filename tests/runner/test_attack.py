"""No page of a built edition says, together with the others, what a table of its own does not."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.thresholds import Thresholds
from analysis.sections import all_facts, all_sections
from analysis.stages.disclosure import lost
from analysis.stages.stage import opened
from tests.conftest import KEYS, Project, working_in
from tests.disclosure.attack import give_away


def test_no_small_count_follows_from_the_tables_of_an_edition_together(built: Project) -> None:
    with working_in(built.root, KEYS["first"]):
        # opened to be read only: a published edition is no workspace to run a stage in
        place = {"workspace": str(built.workspace), "delivery": str(built.delivery)}
        stage = opened("disclosure", **place, period="2025-12", seed=20251231, others={})
        limits = Thresholds.of(stage.policy, stage.settings.profile)
        years = stage.settings.years
        facts = all_facts(
            all_sections(stage.root), stage, period="2025-12", years=years, limits=limits, lost=lost(stage)
        )
    # there is something to find in every table that the attack is about
    for table, least in (("ladder", limits.medium), ("within", limits.medium), ("span", limits.low)):
        assert facts.loc[facts["table"] == table, "numerator"].between(1, least - 1).any()
    cells = pd.read_parquet(built.workspace / "protected" / "cells.parquet")
    assert give_away(cells, facts, limits) == []
