"""What the turnover stage keeps of its drivers and comparisons, and what of it goes to protection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.edition.workspace import Stage
from analysis.reference import CAUSES
from analysis.tables.protected import ORGANISATION
from analysis.turnover import Evaluation, chosen_hazards, drivers, fairness, funnel

TOP = 4
"""Covariates per cause whose rates are laid out value by value, the strongest first."""
STREAM = 2
"""The draws of this part have a stream of their own, so that they change no forecast."""


@dataclass(frozen=True)
class Insight:
    """Tables of groups: see ``turnover.drivers``, ``turnover.funnel`` and ``turnover.fairness``."""

    importance: pd.DataFrame
    patterns: pd.DataFrame
    compared: pd.DataFrame
    calibration: pd.DataFrame


def insight_of(stage: Stage, evaluation: Evaluation, *, causes: Sequence[str] = CAUSES) -> Insight:
    """Drivers by cause, rates by value, observed against expected, and calibration by group.

    Args:
        stage: the turnover stage.
        evaluation: result of ``turnover.assess``.
        causes: the causes that the delivery can tell apart.
    """
    cells, rng = stage.need("risk_cells"), np.random.default_rng([stage.seed, STREAM])
    importance = pd.DataFrame(columns=drivers.IMPORTANCE)
    if evaluation.judged is not None:
        found = drivers.importance(evaluation.judged, rng=rng)
        importance = found[found["cause"].isin(causes)].reset_index(drop=True)
    now = cells[cells["origin"] == evaluation.origin]
    patterns = pd.DataFrame(columns=drivers.PATTERN)
    if len(now):
        patterns = drivers.patterns(
            now,
            lambda rows: chosen_hazards(rows, evaluation),
            cells[~cells["open"]],
            strongest(importance),
            shocks=evaluation.shocks,
        )
    compared = funnel.observed_expected(cells) if "resignation" in causes else pd.DataFrame(columns=funnel.COLUMNS)
    calibration = fairness.calibration(evaluation.every_judged, stage.need("by_sex"))
    calibration = calibration[calibration["cause"].isin([*causes, "total"])].reset_index(drop=True)
    return Insight(importance, patterns, compared, calibration)


def strongest(importance: pd.DataFrame) -> pd.DataFrame:
    """The covariates that can be told from chance in the whole organisation: DataFrame[cause, covariate]."""
    whole = drivers.effects(importance[importance["department"] == ORGANISATION])
    whole = whole[~whole["covariate"].isin(drivers.UNITS)].sort_values("increase", ascending=False, kind="stable")
    return whole.groupby("cause", sort=False).head(TOP)[["cause", "covariate"]].sort_index()


def keep_insight(stage: Stage, found: Insight) -> None:
    """Write the results (groups of at least the forecast limit) and what protection needs, small groups included."""
    least = stage.policy.forecast.min_at_risk
    for name, table in (
        ("drivers", found.importance),
        ("driver_patterns", found.patterns),
        ("observed_expected", found.compared),
        ("calibration", found.calibration),
    ):
        stage.write_table(name, table)
        stage.write_result(name, table[table["n"] >= least])
