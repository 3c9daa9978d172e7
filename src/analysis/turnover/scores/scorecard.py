"""Scores of one origin: each kind of model, the yardstick and what was chosen, cause by cause."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.tables.protected import TOTAL
from analysis.turnover.cells import HORIZON
from analysis.turnover.models.candidates import ADDITIVE, AVERAGE, BOOSTING, PERIODS, kind
from analysis.turnover.models.selection import best_of
from analysis.turnover.scores.scores import MOST, YARDSTICK, metrics

METRICS = [
    "origin",
    "horizon_months",
    "cause",
    "model",
    "n",
    "events",
    "auc",
    "brier",
    "brier_constant",
    "log_loss",
]


def metrics_at(
    origin: str,
    then: pd.DataFrame,
    train: pd.DataFrame,
    predictions: Mapping[str, pd.DataFrame],
    naive: pd.DataFrame,
    said: pd.DataFrame,
    sums: pd.DataFrame,
) -> pd.DataFrame:
    """Scores of each kind of model (its best candidate known then), yardstick and chosen, for causes that happen."""
    at_risk = then["at_risk"].to_numpy(dtype=float)
    before = train[list(CAUSES)].sum() / train["at_risk"].sum()
    forecasts = {}
    for name in (ADDITIVE, PERIODS, BOOSTING, AVERAGE):
        mine = [candidate for candidate in predictions if kind(candidate) == name]
        if mine:
            best = {cause: best_of(mine, sums["gain"], cause) for cause in CAUSES}
            forecasts[name] = pd.DataFrame({cause: predictions[candidate][cause] for cause, candidate in best.items()})
    forecasts |= {YARDSTICK: naive, "chosen": said}
    rows = []
    for cause in (*CAUSES, TOTAL):
        several = list(CAUSES) if cause == TOTAL else [cause]
        events = then[several].sum(axis=1).to_numpy(dtype=float)
        constant = float(before[several].sum())
        if constant == 0 and events.sum() == 0:
            continue
        p = {name: np.minimum(f[several].sum(axis=1).to_numpy(), MOST) for name, f in forecasts.items()}
        rows += [{"cause": cause, **row} for row in metrics(p, events, at_risk, constant)]
    return pd.DataFrame(rows, columns=METRICS).assign(origin=origin, horizon_months=HORIZON)
