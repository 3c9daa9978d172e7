"""How empty posts answer, from what the delivery holds: adverts, else budgeted posts, else the opening gap alone."""

from __future__ import annotations

import pandas as pd

from analysis.staffing import Baseline
from analysis.staffing.posts.empty_posts import YEAR
from analysis.staffing.posts.filling import Filling, filling_from_budget, filling_of, filling_of_opening, unknown
from analysis.staffing.posts.law import posts_by_month
from analysis.staffing.posts.record import Outlook, outlook
from analysis.staffing.posts.recruitment_need import of_groups
from analysis.stages.stage import Stage


def posts_outlook(stage: Stage, groups: pd.DataFrame, years: int) -> Outlook | None:
    """Empty posts ahead by forecast group; None where the adverts reach too short a way back (``policy.toml``).

    Args:
        stage: the staffing stage.
        groups: forecast groups.
        years: forecast years.
    """
    vacancies, settings = stage.table("vacancies"), stage.policy.recruitment
    if vacancies is None or vacancies["closed"].notna().sum() == 0:
        return None
    # earlier ones may be missing: a delivery holds adverts from the day the first of them was closed
    since = max(vacancies["closed"].min(), stage.at - pd.DateOffset(years=settings.longest_years))
    first = (since + pd.offsets.MonthBegin(1)).normalize()
    if (stage.at.year - first.year) * YEAR + stage.at.month - first.month + 1 < settings.least_months:
        return None
    posts = posts_by_month(of_groups(vacancies, groups), first=first, last=stage.at, by="kind")
    horizons = tuple(YEAR * ahead for ahead in range(1, years + 1))
    return outlook(posts, horizons, seed=stage.seed, draws=stage.draws)


def filling(stage: Stage, base: Baseline, cells: pd.DataFrame) -> Filling:
    """How empty posts answer.

    Args:
        stage: the staffing stage.
        base: what the bridge is computed from.
        cells: risk cells of all origins.
    """
    seen = posts_outlook(stage, base.groups, base.years)
    if seen is not None:
        return filling_of(seen, base.index, base.years)
    if base.opening is None:
        return unknown(len(base.index), base.years)
    opening, first, budget = base.fixed["opening"], stage.at.month % YEAR, stage.table("budgeted_posts")
    if budget is not None and stage.table("vacancies") is None:
        return filling_from_budget(
            base.groups, base.index, opening, budget=budget, cells=cells, flows=stage.need("flows"), years=base.years,
            first=first,
        )  # fmt: skip
    hires = base.inflow.mean["hires"].to_numpy(dtype=float)
    return filling_of_opening(opening, hires, years=base.years, first=first)
