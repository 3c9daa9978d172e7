"""What is missing, because of what: the need identity per department, occupation and year."""

from analysis.staffing.backtest import Backtest, backtest, hit_rates
from analysis.staffing.beside import OVERLAPS, Compartment, beside, compartment
from analysis.staffing.bridge import PARTS, bridge
from analysis.staffing.inflow import Inflow, expected_inflow
from analysis.staffing.levers import Lever, Start, levers, start_of
from analysis.staffing.pension import Adjusted, Experience, experience
from analysis.staffing.retirements import expected_retirements
from analysis.staffing.sensitivity import Case, Ranges, case_of, overturned, reference_gaps, sensitivity
from analysis.staffing.skill_gap import Levels, skill_gap
from analysis.staffing.sources import Need, need_of

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
    "Need",
    "Ranges",
    "Start",
    "backtest",
    "beside",
    "bridge",
    "case_of",
    "compartment",
    "expected_inflow",
    "expected_retirements",
    "experience",
    "hit_rates",
    "levers",
    "need_of",
    "overturned",
    "reference_gaps",
    "sensitivity",
    "skill_gap",
    "start_of",
]
