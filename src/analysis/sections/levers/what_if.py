"""The reader's choice: the gap under every path."""

from __future__ import annotations

from analysis.publishing.atoms import Term
from analysis.publishing.measures_objects import Choice
from analysis.publishing.measures_objects import WhatIf
from analysis.publishing.naming import _months
from analysis.publishing.naming import _scenarios
from analysis.publishing.naming import lever_names
from analysis.publishing.objects import Note
from analysis.publishing.rounding import printed
from analysis.sections.levers.measures import WHAT_IF
from analysis.sections.levers.measures import _forecast
from analysis.tables.protected import ProtectedReport
from analysis.tables.protected import REFERENCE
from typing import Any
import pandas as pd



def what_if_facts(choices: pd.DataFrame) -> pd.DataFrame:
    """Facts ``what_if``: row = choice (path, scenario or lever), column = year; the interval is P10 to P90.

    Args:
        choices: result of ``staffing.effects.what_if``.
    """
    table = choices.rename(columns={"choice": "row", "expected": "value", "p10": "low", "p90": "high"})
    return _forecast(table.assign(column=table["year"].astype("str")), table=WHAT_IF, unit="fte", definition="need_gap")


def what_if(report: ProtectedReport) -> WhatIf | Note:
    """The gap under every path: nothing changes, the named scenarios, each lever alone that changes anything here."""
    years = sorted(report.keys("what_if", "column"))
    names: dict[str, Any] = {REFERENCE: Term("what_if.reference")} | _scenarios(report) | lever_names(report)
    together = set(_scenarios(report))
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
    return WhatIf(_months(report, years), tuple(choices), (Term("what_if.note"),))
