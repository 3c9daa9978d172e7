"""What is missing, because of what: the need identity per department, occupation and year."""

from analysis.staffing.backtest import Backtest, backtest, hit_rates
from analysis.staffing.beside import OVERLAPS, Compartment, beside, compartment
from analysis.staffing.bridge import PARTS, bridge
from analysis.staffing.inflow import Inflow, expected_inflow
from analysis.staffing.levers import Lever, Start, levers, start_of
from analysis.staffing.need import need_change, opening_gap
from analysis.staffing.pension import Adjusted, Experience, experience
from analysis.staffing.population import (
    budget_change,
    combined,
    expected_population,
    opening_from_budget,
    volumes_from_population,
)
from analysis.staffing.retirements import expected_retirements
from analysis.staffing.sensitivity import Case, Ranges, case_of, overturned, reference_gaps, sensitivity
from analysis.staffing.skill_gap import Levels, skill_gap
from analysis.staffing.workload import compared, required, workload_change

__all__ = [
    "OVERLAPS",
    "PARTS",
    "Adjusted",
    "Backtest",
    "Case",
    "Compartment",
    "Experience",
    "Inflow",
    "Levels",
    "Lever",
    "Ranges",
    "Start",
    "backtest",
    "beside",
    "bridge",
    "budget_change",
    "case_of",
    "combined",
    "compared",
    "compartment",
    "expected_inflow",
    "expected_population",
    "expected_retirements",
    "experience",
    "hit_rates",
    "levers",
    "need_change",
    "opening_from_budget",
    "opening_gap",
    "overturned",
    "reference_gaps",
    "required",
    "sensitivity",
    "skill_gap",
    "start_of",
    "volumes_from_population",
    "workload_change",
]
