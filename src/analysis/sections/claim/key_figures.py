"""Five key figures with change, interval and comparisons."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Name, Term
from analysis.publishing.objects.compared import beside_figure
from analysis.publishing.objects.stock import Card, KeyFigures, Point
from analysis.publishing.words.locale import catalog
from analysis.reference import policy
from analysis.sections.people.turnover import SERIES
from analysis.sections.results import Derivation, Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport, Reason, Status

section = Section(
    "key_figures",
    places=Place("people"),
    publishes=(
        PlannedTable(id="full_time", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld"),
        PlannedTable(
            id="qualified", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld", full="shown"
        ),
        PlannedTable(id="staff_per_manager", sensitivity="low", rule="group", lines=(), zeros="shown"),
        PlannedTable(id="pension_3y", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
    ),
    derives=("key_figures",),
    reads=("turnover_series",),
    needs=("facts_workforce", "facts_retirements"),
    counts={
        "p003-05": ("key_figures/per_manager/now",),
        "p003-07": ("key_figures/qualified/now",),
    },
)


FIGURES = ("own_request", "qualified", "pension_3y", "sick_leave", "per_manager")
section.facts(Results.indicators)


@section.derive
def cells_of(given: Derivation) -> pd.DataFrame:
    """The five figures now, a year ago, their change, and what they are compared with."""
    from analysis.disclosure.key_figures import key_figures  # the near side is loaded only where facts are made

    least = policy().department.min_peers
    return key_figures(given.cells, period=given.period, departments=list(given.departments), min_peers=least)


@section.show
def show(report: ProtectedReport) -> KeyFigures:
    """The five figures with change, interval and comparisons; a figure without data says so."""
    cards, waits = [], report.about.get("history", {}).get("awaited")
    for row in FIGURES:
        cell = {
            column: report.cell("key_figures", row, column)
            for column in ("now", "change", "year_before", "peers", "organisation")
        }
        if row == "own_request" and cell["now"].status is Status.MISSING and waits:
            cell["now"] = replace(cell["now"], reason=Reason.NO_HISTORY)
        label, name = figure_label(report, row, cell["now"].definition)
        external = beside_figure(report, cell["now"].definition)
        history = _history(report) if row == "own_request" and cell["now"].definition == SERIES["own_request"] else ()
        band = report.cell("key_figures", row, "band")
        cards.append(
            Card(label, definition=name, external=external, history=history, band=band if band.shown else None, **cell)
        )
    return KeyFigures(tuple(cards))


def _history(report: ProtectedReport) -> tuple[Point, ...]:
    """Leaving on own request as far back as it is counted."""
    months = report.keys("turnover_series")
    return tuple(Point(Month(month), report.cell("turnover_series", month, "own_request")) for month in months)


def figure_label(report: ProtectedReport, row: str, definition: str) -> tuple[Term, Name | None]:
    """The short name of a figure; an indicator that the catalogs do not know keeps its definition's name."""
    if not definition:
        return Term(f"figure.{row}"), None
    if f"figure.{definition}" in catalog("sv").messages:
        return Term(f"figure.{definition}"), None
    names = {entry["id"]: entry for entry in report.about.get("definitions", [])}
    entry = names.get(definition)
    return Term(f"figure.{row}"), Name(entry["sv"], entry["en"]) if entry else None
