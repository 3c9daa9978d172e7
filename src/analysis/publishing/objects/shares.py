"""A table of a few fixed rows as bars: the stock drawing of ages, spans and the like."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Bar, Bars, Note
from analysis.tables.protected import ProtectedReport


def bars(report: ProtectedReport, table: str, rows: tuple[str, ...], column: str) -> Bars | Note:
    """The rows of ``table`` as bars; a quiet note where none is shown.

    Words: ``<table>.title``, ``<table>.lead``, ``<table>.<row>`` for each row, ``absent.<table>``.

    Args:
        report: the report.
        table: the table of cells.
        rows: its rows, in the order of the bars.
        column: message id of the data table's column.
    """
    cells = [report.cell(table, row) for row in rows]
    if not any(cell.shown for cell in cells):
        withheld = any(cell.status == "withheld" for cell in cells)
        return Note(Term("absent.silent", {"part": Term(f"{table}.title")}) if withheld else Term(f"absent.{table}"))
    found = tuple(Bar(Term(f"{table}.{row}"), cell) for row, cell in zip(rows, cells, strict=True))
    return Bars(Term(f"{table}.title"), Term(f"{table}.lead"), found, Term(column))
