"""Staff by age."""

from __future__ import annotations

from analysis.publishing.objects import Bars
from analysis.publishing.objects import Note
from analysis.tables.protected import ProtectedReport



def ages(report: ProtectedReport) -> Bars | Note:
    """Staff by age."""
    return _bars(report, "age", ("u35", "35_54", "55_plus"), "column.share")
