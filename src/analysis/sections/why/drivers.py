"""What goes together with leaving, and what cannot be told from chance."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Bar, Bars, Line, Note, Several, Table
from analysis.publishing.views.telling import clear
from analysis.publishing.words.naming import covariate
from analysis.reference import CAUSES
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, Cell, ProtectedReport

section = Section(
    "drivers",
    places=Place("why", after="funnel"),
    publishes=(
        PlannedTable(
            id="drivers", sensitivity="medium", rule="share", lines=(), group_at_least="forecast", zeros="shown"
        ),
    ),
    needs=("drivers",),
    awaits=("drivers.awaited", "turnover"),
)


def driver_facts(importance: pd.DataFrame) -> pd.DataFrame:
    """Facts ``drivers``: row = covariate, column = cause, the rise of the log loss as a share.

    Registered with those who left for the cause and all at risk: a rise of few events says something about them.

    Args:
        importance: result of ``turnover.drivers.importance``.
    """
    table = importance.rename(columns={"covariate": "row", "cause": "column", "increase": "value"})
    return facts(
        table.assign(
            table="drivers", unit="share", numerator=table["events"], denominator=table["n"],
            definition="driver_importance",
        )
    )  # fmt: skip


OWN = "resignation"


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("drivers", driver_facts))


@section.show
def show(report: ProtectedReport) -> Several | Note:
    """What goes together with leaving at own request in the whole organisation, and what cannot be told from chance."""
    keys = report.keys("drivers", department=ORGANISATION)
    cells = {key: report.cell("drivers", key, OWN, department=ORGANISATION) for key in keys}
    held = {key: cell for key, cell in cells.items() if cell.shown}
    if not held:
        return Note(Term("absent.drivers"))
    told = sorted((key for key in held if clear(held[key])), key=lambda key: -(held[key].value or 0.0))
    notes = []
    unclear = tuple(covariate(key) for key in held if key not in told)
    if unclear:
        notes.append(Term("drivers.unclear", {"names": unclear}))
    if report.department.status != "organisation":
        notes.append(_here(report, told))
    shown: list[Any] = []
    if told:
        bars = tuple(Bar(covariate(key), held[key]) for key in told)
        shown.append(Bars(Term("drivers.title"), Term("drivers.lead"), bars, Term("column.worse"), tuple(notes)))
    else:
        shown += [Note(Term("drivers.none")), *(Note(note) for note in notes)]
    if report.department.status == "organisation":
        table = _by_cause(report, keys)
        shown += [table] if table is not None else []
    return Several(tuple(shown))


def _here(report: ProtectedReport, told: list[str]) -> Term:
    here = [key for key in told if clear(report.cell("drivers", key, OWN))]
    return Term("drivers.here", {"names": tuple(covariate(key) for key in here)}) if here else Term("drivers.here.none")


def _by_cause(report: ProtectedReport, keys: list[str]) -> Table | None:
    """The causes whose forecasts use anything, side by side; what is not clear says so."""
    every = {(key, cause): report.cell("drivers", key, cause) for key in keys for cause in CAUSES}
    causes = [cause for cause in CAUSES if any(clear(every[key, cause]) for key in keys)]
    rows = []
    for key in keys:
        cells = [every[key, cause] for cause in causes]
        if any(cell.shown for cell in cells):
            put = (c if not c.shown or clear(c) else Term("drivers.not_clear") for c in cells)
            rows.append(Line(covariate(key), tuple(Term("drivers.unused") if _unused(c) else c for c in put)))
    if not causes or not rows:
        return None
    columns = (Term("column.information"), *(Term(f"cause.{cause}") for cause in causes))
    return Table(Term("drivers.by_cause"), columns, tuple(rows), (Term("drivers.by_cause.note"),))


def _unused(item: Any) -> bool:
    return isinstance(item, Cell) and item.status == "missing"
