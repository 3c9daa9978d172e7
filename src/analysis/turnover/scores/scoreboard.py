"""How good the forecasts have been, cause by cause, in figures that stand on one line of a model card."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover.cells import HORIZON
from analysis.turnover.scores.scores import YARDSTICK

CHOSEN = "chosen"
MIN_EVENTS = 50
"""A cause with fewer exits over all judged origins has no score worth printing."""
SCORES = ["cause", "origins", "events", "auc", "brier_gain", "log_loss_gain", "forecasts", "hit_rate"]


def scoreboard(metrics: pd.DataFrame, track_record: pd.DataFrame) -> pd.DataFrame:
    """Scores of what was shown, by cause, pooled over the judged origins, twelve months ahead.

    Args:
        metrics: ``Evaluation.metrics``.
        track_record: ``Evaluation.track_record``.

    Returns:
        DataFrame[SCORES], one row per cause that happens and ``total``. ``auc`` is the mean over origins weighted by
        exits. ``brier_gain`` is 1 − Brier / Brier of everybody's constant rate, ``log_loss_gain`` 1 − log loss / log
        loss of the yardstick; above 0 is better, NaN below ``MIN_EVENTS``. ``hit_rate`` is the share of the
        ``forecasts`` of departments whose outcome fell inside the 80 % interval.
    """
    rows = []
    for cause in (*CAUSES, TOTAL):
        mine = (
            metrics[(metrics["cause"] == cause) & (metrics["horizon_months"] == HORIZON)] if len(metrics) else metrics
        )
        own = mine[mine["model"] == CHOSEN] if len(mine) else mine
        if not len(own) or not own["events"].sum() > 0:
            continue
        naive = mine[mine["model"] == YARDSTICK].set_index("origin")["log_loss"].reindex(own["origin"]).to_numpy()
        n, events = own["n"].to_numpy(dtype=float), own["events"].to_numpy(dtype=float)
        score = {
            "auc": _mean(own["auc"].to_numpy(dtype=float), events),
            "brier_gain": 1.0 - (own["brier"] * n).sum() / (own["brier_constant"] * n).sum(),
            "log_loss_gain": 1.0 - (own["log_loss"].to_numpy() * n).sum() / (naive * n).sum(),
        }
        if events.sum() < MIN_EVENTS:
            score = dict.fromkeys(score, float("nan"))
        hits = track_record[
            (track_record["cause"] == cause)
            & (track_record["department"] != ORGANISATION)
            & (track_record["horizon_months"] == HORIZON)
        ]
        inside = (hits["low"] <= hits["observed"]) & (hits["observed"] <= hits["high"])
        rows.append(
            {
                "cause": cause,
                "origins": len(own),
                "events": float(events.sum()),
                **score,
                "forecasts": len(hits),
                "hit_rate": float(inside.mean()) if len(hits) else float("nan"),
            }
        )
    return pd.DataFrame(rows, columns=SCORES)


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    known = ~np.isnan(values)
    return float((values[known] * weights[known]).sum() / weights[known].sum()) if known.any() else float("nan")
