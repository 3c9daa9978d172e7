"""What is missing, because of what: the need identity per department, occupation and year."""

from analysis.reference.parts import BRIDGE as PARTS
from analysis.staffing.backtest import Backtest, backtest, hit_rates
from analysis.staffing.baseline import Baseline, Past
from analysis.staffing.beside import OVERLAPS, Compartment, beside, compartment
from analysis.staffing.bridge import bridge
from analysis.staffing.inflow import Inflow, Recent, expected_inflow
from analysis.staffing.levers import Lever, levers
from analysis.staffing.pension import Adjusted, Experience, experience
from analysis.staffing.retirements import expected_retirements, retirement_wave
from analysis.staffing.sensitivity import Ranges, overturned, reference_gaps, sensitivity
from analysis.staffing.skill_gap import Levels, skill_gap
from analysis.staffing.sources import Need, need_of
from analysis.staffing.start import Start, start_of

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
