"""Whether an edition forecasts who leaves, why it does not, and what of its forecasts goes to protection."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import turnover
from analysis.disclosure import measures as measure_facts
from analysis.disclosure import results
from analysis.disclosure import staffing as staffing_facts
from analysis.edition.insight import insight_facts
from analysis.edition.workspace import Stage

NO_FORECAST = "note.no_forecast"
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
    current = turnover.current_only(stage.need("rows"), at=stage.at)
    return turnover.judge(cells, accepted=accepted(stage), current=current)


def accepted(stage: Stage) -> list[tuple[str, str]]:
    """Column and cause of every ``[[accept_leak]]`` of the delivery."""
    return [(entry["column"], entry["cause"]) for entry in stage.facts("delivery").get("accept_leak", ())]


def allowed(stage: Stage) -> bool:
    """Could the turnover stage make forecasts?"""
    return NO_FORECAST not in stage.facts("turnover").get("notes", ())


def told(stage: Stage, verdict: turnover.Verdict) -> dict[str, Any]:
    """What pages say of the alarm: notes, and on the model card what the delivery has accepted, with its reasons."""
    raised = {(leak.column, leak.cause) for leak in verdict.accepted}
    raised |= {(column, "total") for column, _ in raised}
    entries = stage.facts("delivery").get("accept_leak", ())
    said = [entry for entry in entries if (entry["column"], entry["cause"]) in raised]
    columns = dict.fromkeys(leak.column for leak in verdict.late)
    parts = dict.fromkeys(name if name in CURRENT else "other" for name in columns)
    return {
        "notes": [NO_FORECAST, *(f"{NO_FORECAST}.{name}" for name in parts)] if columns else [],
        "accepted": [dict(entry) for entry in said],
    }


def facts_of(stage: Stage) -> list[pd.DataFrame]:
    """The facts of every forecast."""
    bridge = stage.need("staffing_bridge")
    found = [stage.need("facts_retirements"), results.bridge_facts(bridge), *lever_facts(stage)]
    found.append(staffing_facts.within_facts(stage.need("staffing_beside")))
    found.append(staffing_facts.sensitivity_facts(stage.need("staffing_sensitivity"), bridge))
    found.append(staffing_facts.record_facts(stage.need("staffing_backtest")))
    found.append(staffing_facts.gap_record_facts(stage.need("staffing_hit_rates")))
    found.append(results.track_facts(stage.need("track_record")))
    leavers = stage.result("leavers")
    if leavers is not None:
        found.append(results.leaver_facts(leavers))
    found.append(results.score_facts(stage.need("turnover_scoreboard")))
    incidence = stage.result("cumulative_incidence")
    if incidence is not None:
        found.append(results.incidence_facts(incidence))
    hits = stage.need("hit_rates")
    if len(hits):
        found.append(results.hit_facts(hits))
    return found + insight_facts(stage)


def lever_facts(stage: Stage) -> list[pd.DataFrame]:
    """Facts of what levers do; none where the delivery holds nothing that a lever acts on."""
    tables = {
        "staffing_what_if": measure_facts.what_if_facts,
        "staffing_levers": measure_facts.effect_facts,
        "staffing_closing": measure_facts.closing_facts,
        "staffing_largest": measure_facts.largest_facts,
    }
    kept = {name: stage.result(name) for name in tables}
    return [tables[name](table) for name, table in kept.items() if table is not None and len(table)]
