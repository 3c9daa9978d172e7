"""The candidates a cause's forecast is chosen from, beside the yardstick.

``additive/p`` is the spline logit with ridge penalty p, ``periods/p`` the same on person-periods shorter than a year,
``boosting`` the trees, ``average/p`` the mean of the first and the last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.turnover.forecasts.compounding import PeriodModel, fit_periods
from analysis.turnover.models.boosting import fit_boosting
from analysis.turnover.models.hazards import HazardModel, fit

ADDITIVE, PERIODS, BOOSTING, AVERAGE = "additive", "periods", "boosting", "average"


class Hazards(Protocol):
    """Anything that gives twelve-month probabilities by cause, row by row."""

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """DataFrame[causes], one row per cell, index as in ``cells``."""
        ...


def kind(candidate: str) -> str:
    """additive, periods, boosting or average."""
    return candidate.split("/")[0]


def parts(candidate: str) -> tuple[str, ...]:
    """The fitted models that a candidate is the mean of."""
    name, _, penalty = candidate.partition("/")
    return (f"{ADDITIVE}/{penalty}", BOOSTING) if name == AVERAGE else (candidate,)


def yearly(candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates that need yearly windows only."""
    return tuple(candidate for candidate in candidates if kind(candidate) != PERIODS)


def additive_part(model: Hazards) -> HazardModel | None:
    """The coefficients a model consists of; None for trees."""
    inner = model.hazards if isinstance(model, PeriodModel) else model
    return inner if isinstance(inner, HazardModel) else None


def without_curvature(model: Hazards) -> Hazards:
    """The model without what its errors are computed from."""
    if isinstance(model, PeriodModel):
        return replace(model, hazards=replace(model.hazards, curvature={}))
    return replace(model, curvature={}) if isinstance(model, HazardModel) else model


def fit_candidates(
    cells: pd.DataFrame, candidates: Iterable[str], periods: pd.DataFrame | None = None
) -> dict[str, Hazards]:
    """Fit what ``candidates`` are made of: models by name, without the averages.

    Args:
        cells: risk cells of closed windows.
        candidates: names.
        periods: person-periods of the same windows, for candidates that need them.
    """
    wanted = {part for candidate in candidates for part in parts(candidate)}
    models: dict[str, Hazards] = {}
    # one thread: sums in a fixed order, and no waiting for each other where reports are built side by side
    with threadpool_limits(1):
        for name in sorted(wanted):
            penalty = float(name.partition("/")[2] or "nan")
            if kind(name) == ADDITIVE:
                models[name] = fit(cells, penalty=penalty)
            elif kind(name) == PERIODS and periods is not None:
                models[name] = fit_periods(periods, penalty=penalty)
            elif name == BOOSTING:
                models[name] = fit_boosting(cells)
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
