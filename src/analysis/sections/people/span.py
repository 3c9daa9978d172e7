"""Managers by the number of their staff."""

from __future__ import annotations

from analysis.publishing.objects import Bars
from analysis.publishing.objects import Note
from analysis.tables.protected import ProtectedReport



def span(report: ProtectedReport) -> Bars | Note:
    """Managers by the number of their staff."""
    return _bars(report, "span", ("u15", "15_30", "over_30"), "column.managers")
