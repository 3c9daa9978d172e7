"""What the work asks for and who can do it: the requirements that most are lacking for."""

from __future__ import annotations

from typing import Any

from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.sheets import Requirement, Requirements
from analysis.publishing.objects.stock import Note
from analysis.publishing.words.naming import occupation
from analysis.publishing.words.rounding import printed
from analysis.reference import competences, ladders
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.competence_rows import HELD, MISSING, NOW, UNCLEAR

section = Section("requirements", places=Place("people", after="leaving"), reads=("skills",))

MOST, FEW = 4, 2
"""Requirements that are lacking, and met ones where none is, that fit beside the other pictures; Underlag has all."""


@section.show
def show(report: Scope) -> Requirements | Note | None:
    """Requirements in the order of whom they lack; nothing where the delivery requires nothing of these occupations."""
    keys = report.keys("skills", layer=NOW)
    found = []
    for key in keys:
        cells = {name: report.cell("skills", key, name, layer=NOW) for name in ("needed", HELD, UNCLEAR, MISSING)}
        if all(cell.shown for cell in cells.values()) and (cells["needed"].value or 0.0) > 0:
            found.append((cells[MISSING].value or 0.0, key, cells))
    if not found:
        return Note(Term("requirements.silent")) if keys else None
    found.sort(key=lambda each: (-each[0], each[1]))
    lacking = [each for each in found if (figure := printed(each[2][MISSING])) is not None and figure.value > 0]
    found = lacking[:MOST] or found[:FEW]
    rows = tuple(
        Requirement(_label(report, key), cells["needed"], cells[HELD], cells[UNCLEAR], cells[MISSING])
        for _, key, cells in found
    )
    who = occupation(report, found[0][1].split(":")[2])
    title = Term("requirements.lacking", {"who": who}) if lacking else Term("requirements.met")
    return Requirements(title, Term("requirements.lead"), rows)


def _label(report: Scope, key: str) -> Term:
    """Who, and in few words what of them; the required step is named by its number."""
    model, step, group = key.split(":")
    args: dict[str, Any] = {"occupation": occupation(report, group)}
    if model in ladders():
        return Term("requirements.step", args | {"step": Name.same(step)})
    if model in competences():
        entry = competences()[model]
        return Term("requirements.competence", args | {"name": Name(entry["sv"], entry["en"])})
    return Term("requirements.licence", args)
