"""What the staff said in the survey: the index of engagement and its three parts, now and the time before."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.compared import OWN
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.rounding import printed
from analysis.reference import definitions
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import Cell

section = Section("engagement", places=Place("people", after="filling"), reads=(OWN,))

INDICES = ("u00200", "u00201", "u00202", "u00203")
"""HME and its parts motivation, leadership and steering, by Kolada's ids."""


@section.show
def show(report: Scope) -> Table | Note | None:
    """A row per index; a note where too few answered, nothing where no survey is delivered."""
    rows, silent = [], False
    for key in INDICES:
        now, before = (report.cell(OWN, key, "now", layer=layer) for layer in ("", "year_before"))
        silent = silent or now.status == "withheld"
        if now.shown:
            entry = definitions()[key]
            rows.append(Line(Name(entry["sv"], entry["en"]), (now, before if before.shown else None)))
    if not rows:
        return Note(Term("engagement.silent")) if silent else None
    earlier = any(line.cells[1] is not None for line in rows)
    lines = rows if earlier else [Line(line.head, line.cells[:1]) for line in rows]
    columns = (Term("engagement.index"), Term("engagement.now"), *([Term("engagement.before")] if earlier else []))
    return Table(_title(rows[0].cells), columns, tuple(lines), (Term("engagement.note"),))


def _title(cells: tuple[Cell, Cell | None]) -> Term:
    now, before = printed(cells[0]), None if cells[1] is None else printed(cells[1])
    if now is None or before is None:
        return Term("engagement.title", {"n": cells[0]})
    word = "same" if now.value == before.value else "up" if now.value > before.value else "down"
    return Term(f"engagement.{word}", {"n": cells[0]})
