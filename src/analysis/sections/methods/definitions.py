"""Definitions of the edition."""

from __future__ import annotations

from analysis.publishing.atoms import Term
from analysis.publishing.compared import families
from analysis.publishing.objects import Methods
from analysis.reference import CAUSES
from analysis.tables.protected import ProtectedReport



def methods(report: ProtectedReport) -> Methods:
    """Definitions of the edition."""
    several, alone = families(report)
    notes = [Term(id) for id in report.about.get("notes", ())]
    fallen = [cause for cause in CAUSES if report.about.get("methods", {}).get(cause) == "yardstick"]
    if fallen:
        notes.append(Term("methods.yardstick", {"causes": tuple(Term(f"cause.{cause}") for cause in fallen)}))
    return Methods(alone, tuple(notes), several)
