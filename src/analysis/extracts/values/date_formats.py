"""Ways to write a date, as patterns of ``strptime``: the one list of them."""

from __future__ import annotations

ISO = ("%Y-%m-%d", "%Y%m%d")
DEFAULT = (*ISO, "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
"""Read where a delivery states nothing."""
MONTHS = ("%Y-%m", "%Y%m")
"""Read of columns of months where a delivery states nothing."""
DAYS = (
    "%Y/%m/%d", "%Y.%m.%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d %m %Y", "%d/%m/%y", "%m/%d/%y",
    "%d.%m.%y", "%y-%m-%d", "%y%m%d",
)  # fmt: skip
"""Days in figures that a delivery has to state, the usual ones first."""
RARE_DAYS = ("%d-%m-%y", "%d%m%Y")
NAMED = ("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y")
"""Days with the month in letters."""
OTHER_MONTHS = ("%m/%Y", "%Y/%m", "%b %Y", "%Y")
"""Months and years that a delivery has to state."""
MINUTES = ("%m/%d/%y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M")
HALF_DAYS = ("%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M:%S %p")
"""Moments with a time of twelve hours."""
