"""One municipality and its assessment, shared by the tests that only look at them."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.turnover import Evaluation, assess

from .municipality import Truth, grouping, simulate


@pytest.fixture(scope="session")
def town() -> pd.DataFrame:
    """Five closed windows and the open one, 1,500 people, levels that move."""
    return simulate(seed=11, people=1500, years=5, departments=8, truth=Truth(shock_sd=0.15, department_cv=0.1))


@pytest.fixture(scope="session")
def town_groups(town: pd.DataFrame) -> pd.DataFrame:
    return grouping(town)


@pytest.fixture(scope="session")
def judged(town: pd.DataFrame, town_groups: pd.DataFrame) -> Evaluation:
    return assess(town, groups=town_groups, seed=5, draws=300)
