"""The reader's choice: the gap under every path."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Note
from analysis.publishing.objects.what_if import Choice, WhatIf
from analysis.publishing.words.naming import lever_names, months, scenarios
from analysis.publishing.words.rounding import printed
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import forecast_facts
from analysis.tables.protected import REFERENCE, ProtectedReport

section = Section(
    "what_if",
    places=Place("levers"),
    publishes=(PlannedTable(id="what_if", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    needs=("staffing_what_if",),
    awaits=("what_if.title", "turnover"),
)


def what_if_facts(choices: pd.DataFrame) -> pd.DataFrame:
    """Facts ``what_if``: row = choice (path, scenario or lever), column = year; the interval is P10 to P90.

    Args:
        choices: result of ``staffing.levers.effects.what_if``.
    """
    table = choices.rename(columns={"choice": "row", "expected": "value", "p10": "low", "p90": "high"})
    return forecast_facts(
        table.assign(column=table["year"].astype("str")), table="what_if", unit="fte", definition="empty_posts"
    )


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_what_if", what_if_facts))


@section.show
def show(report: ProtectedReport) -> WhatIf | Note:
    """The gap under every path: nothing changes, the named scenarios, each lever alone that changes anything here."""
    years = sorted(report.keys("what_if", "column"))
    names: dict[str, Any] = {REFERENCE: Term("what_if.reference")} | scenarios(report) | lever_names(report)
    together = set(scenarios(report))
    choices: list[Choice] = []
    for key, name in names.items():
        cells = tuple(report.cell("what_if", key, year) for year in years)
        if not cells or not all(cell.shown and cell.has_interval for cell in cells):
            continue
        alone = choices and key not in together
        if not alone or any(printed(one) != printed(other) for one, other in zip(cells, choices[0].cells, strict=True)):
            choices.append(Choice(name, key in together, cells))
    if len(choices) < 2 or choices[0].cells[0].row != REFERENCE:
        return Note(Term("absent.what_if"))
    return WhatIf(months(report, years), tuple(choices), (Term("what_if.note"),))
