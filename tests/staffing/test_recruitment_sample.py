"""Empty posts of simulated municipalities, whose recruitment is not the model: what is shown against the last value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.sample import town
from analysis.sample.needs import vacancies
from analysis.sample.simulate import simulate
from analysis.sample.staff import NEVER
from analysis.staffing.posts.empty_posts import HORIZONS, choices, forecast_all, shown
from analysis.staffing.posts.law import Posts, posts_by_month

VARIANTS = tuple(town.data("recruitment"))
EMPLOYEES, SEEDS = 1500, 20
FIRST, LAST = pd.Timestamp("2017-01-01"), pd.Timestamp("2025-12-31")
JUDGED = 60
"""Months of history at the first origin that is judged: four Decembers lie after it."""


def posts(seed: int, variant: str, shock: tuple[str, float] | None = None) -> Posts:
    laid, lived, drawn = (np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(3))
    history, _ = simulate(town.build(EMPLOYEES, laid), years=9, rng=lived, variant=variant, shock=shock)
    table = vacancies(history, drawn)
    for name in ("opened", "closed", "start"):
        days = table[name].astype("int64")
        table[name] = pd.to_datetime(days.where(days < NEVER), unit="D")
    return posts_by_month(table, first=FIRST, last=LAST)


def ratios(seeds: range, variant: str, shock: tuple[str, float] | None = None, *, step: int = 12) -> list[float]:
    """Misses of what is shown over those of the last value, by department, pooled over seeds, per horizon."""
    missed = np.zeros((2, len(HORIZONS)))
    for seed in seeds:
        ahead = forecast_all(posts(seed, variant, shock))
        code, names = ahead.posts.codes("department")
        member = np.eye(len(names))[code]
        for row, table in enumerate((shown(ahead, choices(ahead)), ahead.candidates[0])):
            for column in range(len(HORIZONS)):
                over = (ahead.origins >= JUDGED) & (ahead.origins % step == 0)
                over &= np.isfinite(ahead.observed[:, column, 0])
                apart = (table[over, column] - ahead.observed[over, column]) @ member
                missed[row, column] += np.abs(apart).sum()
    return [float(value) for value in missed[0] / missed[1]]


def test_what_is_shown_comes_closer_than_the_last_value_in_one_municipality() -> None:
    # every month as origin, so that one municipality says something
    assert max(ratios(range(100, 101), "usual", step=1)) < 0.97


@pytest.mark.large
@pytest.mark.parametrize("variant", VARIANTS)
def test_by_department_it_is_a_tenth_closer_than_the_last_value_at_every_horizon(variant: str) -> None:
    assert max(ratios(range(100, 100 + SEEDS), variant)) < 0.90


@pytest.mark.large
def test_after_a_shock_it_is_no_further_off_than_the_last_value() -> None:
    assert max(ratios(range(100, 100 + SEEDS), "usual", ("2022-01", 0.6), step=1)) < 1.02
