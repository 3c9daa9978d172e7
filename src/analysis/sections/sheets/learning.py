"""Learning beside what has been decided about it."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Tally, Term
from analysis.publishing.objects.stock import Bar, Bars, Note
from analysis.publishing.words.naming import named
from analysis.publishing.words.rounding import printed
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import Cell

section = Section("learning", places=Place("people", after="requirements"), reads=("courses",))

MOST = 4
"""Courses that fit beside the other pictures."""


@section.show
def show(report: Scope) -> Bars | Note | None:
    """Courses with a target first; nothing where none concerns the department."""
    found, silent = [], False
    for key in report.keys("courses"):
        done, target = report.cell("courses", key, "completed"), report.cell("courses", key, "target")
        silent = silent or done.status == "withheld"
        if done.shown:
            found.append(Bar(named("courses", "course", key), done, target if target.shown else None))
    if not found:
        return Note(Term("learning.silent")) if silent else None
    found.sort(key=lambda bar: bar.target is None)
    aimed = [bar for bar in found if bar.target is not None]
    met = [bar for bar in aimed if bar.target is not None and reached(bar.cell, bar.target)]
    args = {"n": Tally.total(met), "of": Tally.total(aimed)}
    title = Term("learning.met" if met else "learning.none", args) if aimed else Term("learning.no_target")
    return Bars(title, Term("courses.lead"), tuple(found[:MOST]), Term("column.completed"))


def reached(now: Cell, target: Cell) -> bool:
    """Is the target met, in printed digits?"""
    figures = printed(now), printed(target)
    return figures[0] is not None and figures[1] is not None and figures[0].value >= figures[1].value
