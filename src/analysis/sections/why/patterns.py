"""Expected rates by value of what tells most."""

from __future__ import annotations

from math import exp

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Limit, Name, Term
from analysis.publishing.objects.stock import Bar, Bars, Note, Several
from analysis.publishing.views.telling import clear
from analysis.publishing.words.naming import _entries, covariate, occupation
from analysis.publishing.words.rounding import printed
from analysis.reference import ladders
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.sections.why.drivers import OWN
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, Cell, ProtectedReport

section = Section(
    "patterns",
    places=Place("why", after="exit_survey"),
    publishes=(PlannedTable(id="driver_patterns", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    reads=("drivers",),
    needs=("driver_patterns",),
    awaits=("patterns.awaited", "turnover"),
)


def pattern_facts(patterns: pd.DataFrame) -> pd.DataFrame:
    """Facts ``driver_patterns`` of the whole organisation: layer = covariate, row = level or ``first:last``.

    Args:
        patterns: result of ``turnover.drivers.importance.patterns``.
    """
    first, last = (patterns[end].map("{:g}".format) for end in ("first", "last"))
    row = (first + ":" + last).where(patterns["first"].notna(), patterns["value"])
    names = {"cause": "column", "rate": "value", "covariate": "layer"}
    table = patterns.drop(columns="value").rename(columns=names).assign(row=row)
    return facts(
        table.assign(
            table="driver_patterns", department=ORGANISATION, unit="rate", numerator=table["n"],
            denominator=table["n"], definition="driver_pattern",
        )
    )  # fmt: skip


OTHERS = ("retirement", "contract_end")
"""Causes that are frequent enough for a chart of their own on the organisation's page."""


SHOWN_PATTERNS = 3


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("driver_patterns", pattern_facts))


@section.show
def show(report: ProtectedReport) -> Several | Note:
    """Expected rates by value: own request by what tells most; on the organisation's page also the other causes."""
    chosen = [(OWN, key) for key in _strongest(report, OWN)[:SHOWN_PATTERNS]]
    if report.department.status == "organisation":
        chosen += [(cause, key) for cause in OTHERS for key in _strongest(report, cause)[:1]]
    shown = []
    for cause, key in chosen:
        rows = report.keys("driver_patterns", department=ORGANISATION, layer=key)
        cells = {row: report.cell("driver_patterns", row, cause, layer=key, department=ORGANISATION) for row in rows}
        held = {row: cell for row, cell in cells.items() if cell.shown}
        bars = tuple(Bar(_value(report, key, row), cell) for row, cell in held.items() if _some(cell))
        if bars and len(held) > 1:
            title = Term("patterns.title", {"cause": Term(f"cause.{cause}"), "name": covariate(key)})
            notes = (Term("patterns.nearly_none"),) if len(bars) < len(held) else ()
            shown.append(Bars(title, Term("patterns.lead"), bars, Term("column.expected_share"), notes))
    return Several(tuple(shown)) if shown else Note(Term("absent.patterns"))


def _some(cell: Cell) -> bool:
    """Is the rate more than nought as printed?"""
    figure = printed(cell)
    return figure is not None and figure.value > 0


def _strongest(report: ProtectedReport, cause: str) -> list[str]:
    """Covariates with rates by value for the cause, the strongest association first."""
    cells = {key: report.cell("drivers", key, cause, department=ORGANISATION) for key in _entries()}
    told = [key for key, cell in cells.items() if clear(cell)]
    told.sort(key=lambda key: -(cells[key].value or 0.0))
    return [key for key in told if report.keys("driver_patterns", department=ORGANISATION, layer=key)]


def _value(report: ProtectedReport, key: str, row: str) -> Name | Term:
    """A value of a covariate in words: a level's name, or a band of numbers."""
    if key == "occupation":
        return occupation(report, row)
    entry = _entries().get(key, {})
    first, sep, last = row.partition(":")
    if key == "ladder_step" and first in ladders():
        ladder = ladders()[first]
        step = {"step": Name.same(last), "name": Name(ladder["sv"], ladder["en"])}
        return Term("ladder.step", step)
    if not sep or entry.get("kind", "levels") == "levels":
        name = entry.get("levels", {}).get(row, {"sv": row, "en": row})
        return Name(name["sv"], name["en"])
    ends = [float(first), float(last)]
    kind = entry["kind"]
    if kind == "pay":
        ends = [round(100 * (exp(end) - 1)) for end in ends]
    args = {"first": Limit(ends[0]), "last": Limit(ends[1])}
    return Term(f"band.{kind}.one" if ends[0] == ends[1] else f"band.{kind}", args)
