"""What is missing, because of what: the need identity per department, occupation and year."""

from analysis.staffing.bridge import PARTS, bridge
from analysis.staffing.inflow import Inflow, expected_inflow
from analysis.staffing.levers import Lever, Start, levers, start_of
from analysis.staffing.need import need_change, opening_gap
from analysis.staffing.retirements import expected_retirements

__all__ = [
    "PARTS",
    "Inflow",
    "Lever",
    "Start",
    "bridge",
    "expected_inflow",
    "expected_retirements",
    "levers",
    "need_change",
    "opening_gap",
    "start_of",
]
