"""Who works here: spells, flows, and indicators with their named definitions."""

from analysis.workforce.accounting import from_files
from analysis.workforce.awaited import Awaited, NoHistory, awaited, check_size, too_small
from analysis.workforce.cohorts import cohorts, durations, permanent_at
from analysis.workforce.collect import History, all_facts, history
from analysis.workforce.compartments import compartments
from analysis.workforce.flows import (
    completed,
    flows,
    hire_profile,
    made_permanent,
    person_cells,
    person_years,
    risk_cells,
)
from analysis.workforce.groups import by_sex, forecast_groups, joined
from analysis.workforce.person_periods import grain, risk_periods

__all__ = [
    "Awaited",
    "History",
    "NoHistory",
    "all_facts",
    "awaited",
    "by_sex",
    "check_size",
    "cohorts",
    "compartments",
    "completed",
    "durations",
    "flows",
    "forecast_groups",
    "from_files",
    "grain",
    "hire_profile",
    "history",
    "joined",
    "made_permanent",
    "permanent_at",
    "person_cells",
    "person_years",
    "risk_cells",
    "risk_periods",
    "too_small",
]
