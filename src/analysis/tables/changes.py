"""What a change of a figure between two editions is taken apart into: table, figures and parts."""

from __future__ import annotations

TABLE = "changes"
"""Row = part, column = figure, layer = cut-off month of the edition before."""
FIGURES = ("headcount", "exits")
"""Figures of which every person counted is known: in post at the cut-off, left within the twelve months before."""
PARTS = ("organisation", "corrected", "new", "definition")
"""Causes of a change, in the order in which they are counted."""
