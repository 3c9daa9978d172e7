"""Mixes of levers that cover the shortage, with cost and what breaks them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.naming import lever_names, months
from analysis.publishing.words.rounding import printed
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import forecast_facts
from analysis.tables.protected import REFERENCE, Cell, ProtectedReport

section = Section(
    "closing",
    places=Place("levers", after="what_if"),
    publishes=(PlannedTable(id="closing", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    reads=("what_if",),
    needs=("staffing_closing",),
    awaits=("closing.awaited", "turnover"),
)


LEFT = ("gap", "no_lack", "remaining", "weakest", "outside")
"""Items that are posts left empty."""
UNITS = {"extent": "share", "cost": "kronor", "saved": "kronor", "alone": "kronor"}
"""Of what is no full-time posts."""


COST_STEP = 10_000.0
"""Kronor that a cost is rounded to: the assumptions behind it carry no more."""


def closing_facts(paths: pd.DataFrame) -> pd.DataFrame:
    """Facts ``closing``: row = number of the mix (0: without levers), column = what is said, layer = the lever.

    Args:
        paths: result of ``staffing.levers.mixes.closing_paths``.
    """
    table = paths.rename(columns={"item": "column", "lever": "layer", "expected": "value"})
    table = table.assign(row=table["mix"].astype("str"))
    table["unit"] = table["column"].map(UNITS).fillna("fte")
    cost = table["unit"] == "kronor"
    numbers = ["value", "low", "high"]
    table.loc[cost, numbers] = (table.loc[cost, numbers] / COST_STEP).round() * COST_STEP
    left = table["column"].isin(LEFT)
    return forecast_facts(table.assign(definition=left.map({True: "empty_posts", False: ""})), table="closing")


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_closing", closing_facts))


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Mixes of levers that cover the shortage of the last year, wholly or in part, with cost and what breaks them."""
    rows = []
    for number in sorted((key for key in report.keys("closing") if key != "0"), key=int):
        left, cost = report.cell("closing", number, "remaining"), report.cell("closing", number, "cost")
        chosen = tuple(extent_of(report, number, key, name) for key, name in lever_names(report).items())
        levers = tuple(term for term in chosen if term is not None)
        if left.shown and cost.shown and levers:
            either = tuple(broken(report, number, item) for item in ("weakest", "outside"))
            fewer, saved = (report.cell("closing", number, item) for item in ("fewer", "saved"))
            cells = (Term("closing.levers", {"levers": levers}), left, fewer, cost, saved, _all(either))
            rows.append(Line(Term("closing.path", {"number": Name.same(number)}), cells))
    years = sorted(report.keys("what_if", "column"))
    if not rows or not years:
        manned = report.cell("closing", "0", "no_lack").shown
        return Note(Term("absent.closing.none" if manned else "absent.closing"))
    month = months(report, years)[-1]
    columns = tuple(Term(f"column.{name}") for name in ("path", "levers", "still", "fewer", "cost", "saved", "breaks"))
    unchanged = report.cell("what_if", REFERENCE, years[-1])
    caption = Term("closing.caption", {"month": month, "gap": unchanged})
    left_over = [printed(row.cells[1]) for row in rows if isinstance(row.cells[1], Cell)]
    open_ = all(figure is not None and figure.value > 0 for figure in left_over)
    notes = (*([Term("closing.none")] if open_ else []), Term("closing.note"), Term("closing.breaks_note"))
    return Table(caption, columns, tuple(rows), notes)


def extent_of(report: ProtectedReport, number: str, key: str, name: Name) -> Term | None:
    """The lever and how much of it a mix takes; None where it is not in it."""
    extent = report.cell("closing", number, "extent", layer=key)
    figure = printed(extent)
    if figure is None:
        return None
    return Term(f"closing.quarters.{int(figure.value) // 25}", {"lever": name})


def broken(report: ProtectedReport, number: str, item: str, words: str = "closing.fails") -> Term | None:
    """The assumption of a mix that leaves the largest gap when it alone fails, and that gap; ``words`` say it."""
    names = lever_names(report)
    for key in ("need", "hires", *(f"{word}:{lever}" for word in ("low", "late") for lever in names)):
        cell: Cell = report.cell("closing", number, item, layer=key)
        if cell.shown:
            word, _, lever = key.partition(":")
            args: dict[str, Any] = {"gap": cell} | ({"lever": names[lever]} if lever else {})
            return Term(f"{words}.{word}", args)
    return None


def _all(terms: Iterable[Term | None]) -> Term | None:
    """Two cases, each by itself; never both at once."""
    said = [term for term in terms if term is not None]
    return Term("closing.either", {"one": said[0], "other": said[1]}) if len(said) == 2 else said[0] if said else None
