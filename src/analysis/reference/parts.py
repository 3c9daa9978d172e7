"""Parts of flows and of the bridge, in the order tables and charts show them, and the percentiles shown."""

from __future__ import annotations

from typing import Literal, get_args

CAUSES = ("resignation", "retirement", "contract_end", "employer", "other", "unknown")
"""Causes that count as leaving."""
MOVED = ("moves", "ladder_moves")
"""Net moves between groups; they sum to nought over the whole organisation."""
HIRED = ("hires", "conversions")
"""Who comes from outside, or from beside the monthly paid."""
FILLED = (*HIRED, "newly_qualified")
"""What fills posts."""
NEEDED = ("opening", "need_change", *CAUSES, *MOVED, "again")
"""What has to be filled: they add up to the recruitment need. Filled in a year and gone within it: ``again``."""
OTHER_CAUSES = "other_causes"
"""Causes of leaving that are each a small part of the recruitment need, joined on pages."""
BRIDGE = ("opening", "need_change", *CAUSES, *MOVED, *FILLED, "raised_rates")
"""Every part of the bridge; rates are raised by measures only."""
LOW, HALF, HIGH = 0.1, 0.5, 0.9
"""P10, P50 and P90: the ends of every interval shown, which four of five outcomes lie within, and its middle."""
Added = Literal["hires", "conversions", "newly_qualified", "need_change", "raised_rates"]
ADDED = get_args(Added)
"""Parts that a measure may add to, beside what it does to hazards."""
