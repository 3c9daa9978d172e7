"""Completed courses against their targets."""

from __future__ import annotations

from analysis.publishing.atoms import Term
from analysis.publishing.naming import _named
from analysis.publishing.objects import Bar
from analysis.publishing.objects import Bars
from analysis.publishing.objects import Note
from analysis.tables.protected import ProtectedReport



def courses(report: ProtectedReport) -> Bars | Note:
    """Completed courses against their targets."""
    found = []
    for key in report.keys("courses"):
        done, target = report.cell("courses", key, "completed"), report.cell("courses", key, "target")
        if done.status != "missing":
            found.append(Bar(_named("courses", "course", key), done, target if target.shown else None))
    if not any(bar.cell.shown for bar in found):
        return Note(Term("absent.silent", {"part": Term("courses.title")}) if found else Term("absent.courses"))
    return Bars(Term("courses.title"), Term("courses.lead"), tuple(found), Term("column.completed"))
