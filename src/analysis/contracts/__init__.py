"""The tables that cross rooms: each has a name and a model, and is checked whenever it is written.

``TABLES`` are those of the near side (rows about persons, small groups), ``RESULTS`` of groups large enough for a
forecast, ``PROTECTED`` what pages may read. Clean tables have one home, ``tables.clean``; their models are made of it.
A table without a name crosses nowhere. A new column is declared in its model, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pandera.pandas as pa

from analysis.contracts import account, competence, published, staffing, turnover, workforce
from analysis.contracts.checking import checked, unnamed
from analysis.contracts.clean import clean_schemas
from analysis.errors import GateError
from analysis.tables.joins import PERSONAL as KEYED

PERSONAL = frozenset({*KEYED, "sex"})
"""Columns about persons: no group result and no protected table has one."""

_NEAR = {
    "units": account.Units,
    "ledger": account.Ledger,
    "quarantine": account.Quarantine,
    "rules": account.Rules,
    "waterfall": account.Waterfall,
    "restated": account.Restated,
    "unmatched": account.UnmatchedJoins,
    "unmatched_competence": account.UnmatchedJoins,
    "unmatched_turnover": account.UnmatchedJoins,
    "unmatched_staffing": account.UnmatchedJoins,
    "rows": workforce.Rows,
    "departments": workforce.Departments,
    "risk_cells": workforce.RiskCells,
    "risk_periods": workforce.RiskPeriods,
    "by_sex": workforce.BySex,
    "person_cells": workforce.PersonCells,
    "cohorts": workforce.Cohorts,
    "durations": workforce.Durations,
    "flows": workforce.Flows,
    "groups": workforce.Groups,
    "hire_profile": workforce.HireProfile,
    "made_permanent": workforce.MadePermanent,
    "permanent_at": workforce.PermanentAt,
    "compartments": workforce.Compartments,
    "facts_workforce": published.Facts,
    "facts_competence": published.Facts,
    "facts_retirements": published.Facts,
    "changed": published.Changed,
    "pipelines": competence.Pipelines,
    "plan": competence.Plan,
    "skill_now": competence.SkillNow,
    "skill_states": competence.SkillStates,
    "skill_moves": competence.SkillMoves,
    "skill_newcomers": competence.SkillNewcomers,
    "drivers": turnover.Drivers,
    "driver_patterns": turnover.DriverPatterns,
    "observed_expected": turnover.ObservedExpected,
    "calibration": turnover.Calibration,
}
_RESULTS = {
    "delivery_profile": account.DeliveryProfile,
    "leavers": turnover.Leavers,
    "track_record": turnover.TrackRecord,
    "hit_rates": turnover.HitRates,
    "turnover_metrics": turnover.TurnoverMetrics,
    "turnover_scoreboard": turnover.TurnoverScoreboard,
    "turnover_calibration": turnover.TurnoverCalibration,
    "cumulative_incidence": turnover.CumulativeIncidence,
    "drivers": turnover.Drivers,
    "driver_patterns": turnover.DriverPatterns,
    "observed_expected": turnover.ObservedExpected,
    "calibration": turnover.Calibration,
    "said": turnover.Said,
    "skill_gap": staffing.SkillGap,
    "staffing_bridge": staffing.StaffingBridge,
    "retirement_wave": staffing.RetirementWave,
    "staffing_beside": staffing.StaffingBeside,
    "staffing_levers": staffing.StaffingLevers,
    "staffing_what_if": staffing.StaffingWhatIf,
    "staffing_closing": staffing.StaffingClosing,
    "staffing_largest": staffing.StaffingLargest,
    "staffing_sensitivity": staffing.StaffingSensitivity,
    "staffing_overturned": staffing.StaffingOverturned,
    "staffing_backtest": staffing.StaffingBacktest,
    "staffing_outlook": staffing.StaffingBacktest,
    "staffing_hit_rates": staffing.StaffingHitRates,
    "staffing_workload": staffing.StaffingWorkload,
    "recruitment": staffing.Recruitment,
    "recruitment_chances": staffing.RecruitmentChances,
    "recruitment_record": staffing.RecruitmentRecord,
    "recruitment_rates": staffing.RecruitmentRates,
    "recruitment_fan": staffing.EmptyFan,
}
_PROTECTED = {
    "cells": published.Cells,
    "plan": published.ShownPlan,
    "departments": published.ShownDepartments,
    "unchanged": published.Unchanged,
}


def _schemas(models: Mapping[str, type[pa.DataFrameModel]]) -> dict[str, pa.DataFrameSchema]:
    return {name: model.to_schema() for name, model in models.items()}


TABLES = clean_schemas() | _schemas(_NEAR)
RESULTS = _schemas(_RESULTS)
PROTECTED = _schemas(_PROTECTED)
FOLDERS = {"tables": TABLES, "results": RESULTS, "protected": PROTECTED}


def check_table(folder: str, name: str, table: pd.DataFrame) -> None:
    """Refuse a table that is not what its name says.

    Args:
        folder: ``tables``, ``results`` or ``protected``.
        name: of the table.
        table: what is about to be written.

    Raises:
        GateError: the name is unknown; a column is missing, not declared or about persons where none may be; a column
            has the wrong kind or values out of range; a key is repeated. The message holds no value of the table.
    """
    personal = PERSONAL & set(table.columns) if folder != "tables" else set()
    if personal:
        columns = ", ".join(sorted(personal))
        raise GateError(f"table {folder}/{name} would hold columns about persons ({columns}); sum it over groups first")
    schema = FOLDERS[folder].get(name)
    if schema is None:
        raise unnamed(folder, name)
    checked(f"{folder}/{name}", schema, table)
