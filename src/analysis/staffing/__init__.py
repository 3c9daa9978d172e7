"""What is missing, because of what: the need identity per department, occupation and year."""

from analysis.reference.parts import BRIDGE as PARTS
from analysis.staffing.backtest import Backtest, backtest, hit_rates
from analysis.staffing.baseline import Baseline, Past
from analysis.staffing.bridge import bridge
from analysis.staffing.levers.lever import Lever, levers
from analysis.staffing.levers.sensitivity import Ranges, overturned, reference_gaps, sensitivity
from analysis.staffing.need.sources import Need, need_of
from analysis.staffing.skills.skill_gap import Levels, skill_gap
from analysis.staffing.supply.inflow import Inflow, Recent, expected_inflow
from analysis.staffing.supply.pension import Adjusted, Experience, experience
from analysis.staffing.supply.retirements import expected_retirements, retirement_wave
from analysis.staffing.supply.start import Start, start_of
from analysis.staffing.within import OVERLAPS, Compartment, beside, compartment

__all__ = [
    "OVERLAPS",
    "PARTS",
    "Adjusted",
    "Backtest",
    "Baseline",
    "Compartment",
    "Experience",
    "Inflow",
    "Levels",
    "Lever",
    "Need",
    "Past",
    "Ranges",
    "Recent",
    "Start",
    "backtest",
    "beside",
    "bridge",
    "compartment",
    "expected_inflow",
    "expected_retirements",
    "experience",
    "hit_rates",
    "levers",
    "need_of",
    "overturned",
    "reference_gaps",
    "retirement_wave",
    "sensitivity",
    "skill_gap",
    "start_of",
]
