"""A table of measures: a row each, the page's own figure and that of the whole organisation beside it."""

from __future__ import annotations

from collections.abc import Iterable

from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.pages.names import TOPICS
from analysis.sections.report import Scope
from analysis.tables.protected import ORGANISATION, Cell

Measure = tuple[Name | Term, str, str, str]
"""What a row is called, and the table, row and column of its figure."""


def table(
    report: Scope, caption: str, measures: Iterable[Measure], *, notes: tuple[str, ...] = (), folded: bool = False
) -> Table | Note | None:
    """The measures that the edition holds; a quiet note where every one is withheld, nothing where there is none.

    Args:
        report: the report.
        caption: message id.
        measures: rows in the order of the table.
        notes: message ids.
        folded: closed on the screen, where the page is not about this matter alone.
    """
    whole = report.department.status == "organisation"
    rows, shown = [], False
    for label, name, row, column in measures:
        own = report.cell(name, row, column)
        every = report.cell(name, row, column, department=ORGANISATION)
        if (own.status == "missing" and every.status == "missing") or (not whole and own.status == "missing"):
            continue
        shown = shown or own.shown
        rows.append(Line(label, (every,) if whole else (own, every)))
    if not shown:
        return Note(Term("absent.silent", {"part": Term(caption)})) if rows else None
    heads = ("measure", "whole") if whole else ("measure", "here", "whole")
    columns = tuple(Term(f"column.practice.{head}") for head in heads)
    return Table(
        Term(caption),
        columns,
        tuple(rows),
        tuple(Term(note) for note in notes),
        folded=folded and report.page not in TOPICS,
    )


def matrix(
    report: Scope, caption: str, heads: tuple[str, ...], rows: Iterable[tuple[Name | Term, Iterable[Cell | None]]],
    *, notes: tuple[str | Term, ...] = (), folded: bool = False,
) -> Table | Note | None:  # fmt: skip
    """A table of the cells given, row by row; rows without any figure of the edition are left out.

    Args:
        report: the report.
        caption: message id.
        heads: message ids of the columns, that of the row headers first.
        rows: labels and cells.
        notes: messages, or ids of such as need nothing.
        folded: closed on the screen, where the page is not about this matter alone.
    """
    lines, shown = [], False
    for label, given in rows:
        cells = tuple(cell if cell is not None and cell.status != "missing" else None for cell in given)
        if any(cell is not None for cell in cells):
            lines.append(Line(label, cells))
            shown = shown or any(cell is not None and cell.shown for cell in cells)
    if not shown:
        return Note(Term("absent.silent", {"part": Term(caption)})) if lines else None
    columns = tuple(Term(head) for head in heads)
    return Table(
        Term(caption),
        columns,
        tuple(lines),
        tuple(note if isinstance(note, Term) else Term(note) for note in notes),
        folded=folded,
    )
