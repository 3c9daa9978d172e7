"""What the turnover stage keeps (notebook 40): whether it forecasts, forecast and record, drivers and comparisons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import turnover
from analysis.periods import cutoff
from analysis.reference import CAUSES
from analysis.stages import turnover as forecasting
from analysis.stages.stage import Stage
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover import Evaluation, chosen_hazards
from analysis.turnover.cells import SEASON
from analysis.turnover.drivers import funnel
from analysis.turnover.drivers import importance as drivers
from analysis.turnover.models import candidates
from analysis.turnover.models import carried as memory
from analysis.turnover.scores import fairness

NO_FORECAST = "note.no_forecast"
NO_HISTORY = "note.no_history"
"""No window has closed: pages say from when forecasts will be there (``about.history.awaited``)."""


CURRENT = ("department", "occupation", "title", "workplace")
"""Covariates whose name the note of an edition without forecasts says."""


def judged(stage: Stage, cells: pd.DataFrame) -> turnover.Verdict:
    """What the leak alarm decides for this delivery.

    Args:
        stage: the turnover stage.
        cells: risk cells.

    Raises:
        GateError: a feature knows the future.
    """
    since = cutoff(stage.facts("workforce")["origins"][0])
    current = turnover.current_only(stage.need("rows"), at=stage.at, since=since)
    return turnover.judge(cells, accepted=accepted(stage), current=current)


def accepted(stage: Stage) -> list[tuple[str, str]]:
    """Column and cause of every ``[[accept_leak]]`` of the delivery."""
    return [(entry["column"], entry["cause"]) for entry in stage.facts("delivery").get("accept_leak", ())]


def allowed(stage: Stage) -> bool:
    """Could the turnover stage make forecasts?"""
    return not {NO_FORECAST, NO_HISTORY} & set(stage.facts("turnover").get("notes", ()))


def told(stage: Stage, verdict: turnover.Verdict) -> dict[str, Any]:
    """What pages say of the alarm: notes, and on the model card what the delivery has accepted, with its reasons."""
    if not verdict.history:
        return {"notes": [NO_HISTORY], "accepted": []}
    raised = {(leak.column, leak.cause) for leak in verdict.accepted}
    raised |= {(column, TOTAL) for column, _ in raised}
    entries = stage.facts("delivery").get("accept_leak", ())
    said = [entry for entry in entries if (entry["column"], entry["cause"]) in raised]
    columns = dict.fromkeys(leak.column for leak in verdict.late)
    parts = dict.fromkeys(name if name in CURRENT else "other" for name in columns)
    return {
        "notes": [NO_FORECAST, *(f"{NO_FORECAST}.{name}" for name in parts)] if columns else [],
        "accepted": [dict(entry) for entry in said],
    }


def keep_turnover(stage: Stage, evaluation: turnover.Evaluation | None, verdict: turnover.Verdict) -> None:
    """Write forecast, track record and scores (groups only) and the choice that staffing goes on with.

    Where no forecast may be made (None), only why.
    """
    if evaluation is None:
        stage.write_facts("turnover", forecasting.told(stage, verdict))
        return
    if evaluation.forecast is not None:
        told = [*known_causes(stage), TOTAL]
        stage.write_result("leavers", evaluation.forecast[evaluation.forecast["cause"].isin(told)])
    stage.write_result("track_record", evaluation.track_record)
    stage.write_result("turnover_metrics", evaluation.metrics)
    stage.write_result("turnover_calibration", evaluation.calibration)
    if evaluation.incidence is not None:
        causes = [*known_causes(stage), TOTAL]
        stage.write_result("cumulative_incidence", evaluation.incidence[evaluation.incidence["cause"].isin(causes)])
    hits = turnover.hit_rates(evaluation.track_record, evaluation.yardstick_record)
    stage.write_result("hit_rates", hits)
    stage.write_result("turnover_scoreboard", turnover.scoreboard(evaluation.metrics, evaluation.track_record))
    cells = stage.need("risk_cells")
    held = list(dict.fromkeys(each.column for each in turnover.features() if each.column in cells))
    used = [column for column in held if len(cells[column].drop_duplicates()) > 1]
    if any(candidates.kind(choice.candidate) == candidates.PERIODS for choice in evaluation.chosen.values()):
        used.append(SEASON)
    record = {"choice": memory.kept(evaluation), "methods": evaluation.methods, "features": used}
    stage.write_facts("turnover", record | forecasting.told(stage, verdict))


def known_causes(stage: Stage) -> tuple[str, ...]:
    """Causes that the history can tell apart: all of them, or ``unknown`` alone where it records no reasons."""
    return CAUSES if stage.facts("workforce")["has_causes"] else ("unknown",)


TOP = 4
"""Covariates per cause whose rates are laid out value by value, the strongest first."""


STREAM = 2
"""The draws of this part have a stream of their own, so that they change no forecast."""


@dataclass(frozen=True)
class Drivers:
    """Tables of groups (``turnover.drivers.importance``, ``turnover.drivers.funnel``, ``turnover.scores.fairness``)."""

    importance: pd.DataFrame
    patterns: pd.DataFrame
    compared: pd.DataFrame
    calibration: pd.DataFrame


def drivers_of(stage: Stage, evaluation: Evaluation, *, causes: Sequence[str] = CAUSES) -> Drivers:
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
    calibration = calibration[calibration["cause"].isin([*causes, TOTAL])].reset_index(drop=True)
    return Drivers(importance, patterns, compared, calibration)


def strongest(importance: pd.DataFrame) -> pd.DataFrame:
    """The covariates that can be told from chance in the whole organisation: DataFrame[cause, covariate]."""
    whole = drivers.effects(importance[importance["department"] == ORGANISATION])
    whole = whole[~whole["covariate"].isin(drivers.UNITS)].sort_values("increase", ascending=False, kind="stable")
    return whole.groupby("cause", sort=False).head(TOP)[["cause", "covariate"]].sort_index()


def keep_drivers(stage: Stage, found: Drivers) -> None:
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
