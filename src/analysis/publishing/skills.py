"""The skill gap beside the head gap: what the work asks for, who can do it, and what is wanting, now and ahead."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.publishing.atoms import Fact, Month, Name, Term
from analysis.publishing.objects import Line, Note, Several, Table
from analysis.publishing.parts import occupation
from analysis.reference import competences, ladders
from analysis.tables.protected import Cell, ProtectedReport

TABLE = "skills"
NOW = "now"
"""Layer of the cut-off; that of the horizon is its year."""
COLUMNS = ("missing", "needed", "held", "unclear")
"""The answer stands first, where a phone shows it without scrolling."""


def skill_gap(report: ProtectedReport) -> Several | Note:
    """Requirement by requirement: now, and at the horizon with its interval."""
    layers = list(dict.fromkeys(layer for _, layer in report.rows(TABLE)))
    if not layers:
        asked = report.about.get("has", {}).get("requirements", False)
        return Note(Term("absent.skills.none" if asked else "absent.skills"))
    tables = [table for table in (_table(report, layer) for layer in sorted(layers, key=_order)) if table is not None]
    return Several(tuple(tables)) if tables else Note(Term("absent.silent", {"part": Term("skills.title")}))


def _order(layer: str) -> tuple[bool, str]:
    return layer != NOW, layer


def _table(report: ProtectedReport, layer: str) -> Table | None:
    names = (*COLUMNS, "assessed") if layer == NOW else COLUMNS
    every = [
        Line(_requirement(report, key), tuple(report.cell(TABLE, key, name, layer=layer) for name in names))
        for key in report.keys(TABLE, layer=layer)
    ]
    rows = [row for row in every if _says(dict(zip(names, row.cells, strict=True)))]
    if not rows:
        return None
    period = report.about["period"]
    month = Month(period if layer == NOW else f"{layer}-{period[5:7]}")
    kind = NOW if layer == NOW else "ahead"
    whole = report.department.status == "organisation"
    heads = {"missing": "missing.whole"} if whole else {}
    columns = (Term("column.requirement"), *(Term(f"column.skills_{heads.get(name, name)}") for name in names))
    notes = [Term(f"skills.note.{kind}"), *([Term("skills.note.whole")] if whole else [])]
    notes += [Term("skills.silent")] if len(rows) < len(every) else []
    return Table(Term(f"skills.caption.{kind}", {"month": month}), columns, tuple(rows), tuple(notes))


def _says(cells: Mapping[str, Cell]) -> bool:
    """A row is worth its place where it says how many can, or that the delivery does not tell."""
    return cells["held"].shown or (cells["needed"].shown and cells["held"].status == "missing")


def _requirement(report: ProtectedReport, key: str) -> Term:
    """A requirement in words: who, and what of them."""
    model, step, group = key.split(":")
    who = occupation(report, group)
    if model in ladders():
        ladder = ladders()[model]
        names = ladder["steps"][int(step) - 1]
        what = {"ladder": Name(ladder["sv"], ladder["en"]), "name": Name(names["sv"], names["en"])}
        return Term("skills.step", {"occupation": who, "step": Fact("step", step), **what})
    if model in competences():
        entry = competences()[model]
        return Term("skills.competence", {"occupation": who, "name": Name(entry["sv"], entry["en"])})
    return Term("skills.licence", {"occupation": who})
