"""At most three packages of levers: what stays empty with each, what it costs and what breaks it."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.naming import lever_names, months
from analysis.publishing.words.rounding import printed
from analysis.sections.levers.closing import broken, extent_of
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section
from analysis.tables.protected import REFERENCE

section = Section(
    "packages",
    places=Place("action", after="measures_picture"),
    reads=("closing", "what_if"),
    awaits=("closing.awaited", "turnover"),
)

MOST = 3


@section.show
def show(report: Scope) -> Table | Note:
    """A row per package, and first what stays empty at the present pace."""
    rows = []
    for number in sorted((key for key in report.keys("closing") if key != "0"), key=int)[:MOST]:
        left, cost = report.cell("closing", number, "remaining"), report.cell("closing", number, "cost")
        chosen = tuple(extent_of(report, number, key, name) for key, name in lever_names(report).items())
        levers = tuple(term for term in chosen if term is not None)
        if left.shown and cost.shown and levers:
            failing = (broken(report, number, item, "packages.fails") for item in ("weakest", "outside"))
            worst = [term for term in failing if term is not None]
            head = Term("packages.number", {"number": Name.same(number)})
            rows.append(
                Line(head, (Term("closing.levers", {"levers": levers}), left, cost, worst[0] if worst else None))
            )
    years = sorted(report.keys("what_if", "column"))
    if not rows or not years:
        manned = report.cell("closing", "0", "no_lack").shown
        return Note(Term("absent.closing.none" if manned else "absent.closing"))
    month = months(report, years)[-1]
    columns = tuple(
        Term(f"packages.{name}", {"month": month}) for name in ("package", "levers", "left", "cost", "breaks")
    )
    now = report.cell("what_if", REFERENCE, years[-1])
    if now.shown:
        rows.insert(0, Line(Term("packages.none"), (None, now, Term("packages.nothing"), Term("packages.nothing"))))
    figures = [printed(row.cells[1]) for row in rows[1 if now.shown else 0 :]]
    title = "open" if all(figure is not None and figure.value > 0 for figure in figures) else "covers"
    before = printed(now) if now.shown else None
    if before is not None and all(figure is not None and figure.value == before.value for figure in figures):
        title = "alike"
    return Table(Term(f"packages.{title}"), columns, tuple(rows), (Term("packages.note"),))
