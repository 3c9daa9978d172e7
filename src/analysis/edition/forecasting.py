"""Whether an edition forecasts who leaves, and why it does not."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis import turnover
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
