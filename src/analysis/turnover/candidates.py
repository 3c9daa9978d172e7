"""The candidates a cause's forecast is chosen from, beside the yardstick.

``additive/p`` is the spline logit with ridge penalty p, ``boosting`` the trees, ``average/p`` the mean of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.turnover.boosting import fit_boosting
from analysis.turnover.hazards import fit_path

ADDITIVE, BOOSTING, AVERAGE = "additive", "boosting", "average"
CANDIDATES = ("additive/8", "average/8", BOOSTING)
"""Simplest first: of equals the first is taken."""


class Hazards(Protocol):
    """Anything that gives twelve-month probabilities by cause, row by row."""

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """DataFrame[causes], one row per cell, index as in ``cells``."""
        ...


def kind(candidate: str) -> str:
    """additive, boosting or average."""
    return candidate.split("/")[0]


def parts(candidate: str) -> tuple[str, ...]:
    """The fitted models that a candidate is the mean of."""
    name, _, penalty = candidate.partition("/")
    return (f"{ADDITIVE}/{penalty}", BOOSTING) if name == AVERAGE else (candidate,)


def fit_candidates(cells: pd.DataFrame, candidates: Iterable[str]) -> dict[str, Hazards]:
    """Fit what ``candidates`` are made of on closed windows: models by name, without the averages."""
    wanted = {part for candidate in candidates for part in parts(candidate)}
    models: dict[str, Hazards] = {}
    penalties = [float(name.partition("/")[2]) for name in wanted if kind(name) == ADDITIVE]
    # one thread: sums in a fixed order, and no waiting for each other where reports are built side by side
    with threadpool_limits(1):
        if penalties:
            path = fit_path(cells, penalties=penalties)
            models |= {f"{ADDITIVE}/{penalty:g}": model for penalty, model in path.items()}
        if BOOSTING in wanted:
            models[BOOSTING] = fit_boosting(cells)
    return models


def predict_candidates(
    models: Mapping[str, Hazards], cells: pd.DataFrame, candidates: Iterable[str]
) -> dict[str, pd.DataFrame]:
    """Probabilities by candidate; each fitted model is asked once."""
    candidates = list(candidates)
    with threadpool_limits(1):
        single = {name: models[name].predict(cells) for name in {part for c in candidates for part in parts(c)}}
    return {c: _mean([single[part] for part in parts(c)]) for c in candidates}


def _mean(tables: list[pd.DataFrame]) -> pd.DataFrame:
    total = tables[0]
    for table in tables[1:]:
        total = total + table
    return total / len(tables)
