"""How earlier forecasts of the gap did beside the last value."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.atoms import Limit, Month, Term
from analysis.publishing.objects import Line, Note, Table
from analysis.publishing.rounding import beside
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, ProtectedReport

section = Section(
    "gap_record",
    places=Place("figures", after="staffing_record", pages=("organisation",)),
    publishes=(PlannedTable(id="gap_record", sensitivity="open", rule="open", lines=(), zeros="shown"),),
    needs=("staffing_hit_rates",),
    awaits=("gap_record.caption", "judged"),
)


GAP_RECORD = {
    "departments": "comparisons", "hit_rate": "hit_rate", "forecast_error": "model_error", "model_error": "alone_error",
    "yardstick_error": "yardstick_error",
}  # fmt: skip
"""Measures of the gap's track record in the order of the page, and the message of each one's column."""


def gap_record_facts(hit_rates: pd.DataFrame) -> pd.DataFrame:
    """Facts ``gap_record``: how earlier forecasts of the gap did; row = origin (``all``: pooled), layer = years ahead.

    Shares over all departments of the whole organisation, no counts of persons. Single origins one year ahead only.

    Args:
        hit_rates: result of ``staffing.hit_rates``.
    """
    measures = dict.fromkeys(("hit_rate", "forecast_error", "model_error", "yardstick_error"), "share")
    measures["departments"] = "posts"
    table = hit_rates[hit_rates["quantity"] == "gap"]
    table = table[(table["horizon"] == 1) | (table["origin"] == ORGANISATION)]
    return facts(
        {
            "table": "gap_record", "department": ORGANISATION, "row": line["origin"], "layer": str(line["horizon"]),
            "column": name, "value": line[name], "n": line["departments"], "unit": unit,
            "definition": "hit_rate" if name == "hit_rate" else "",
        }
        for line in table.to_dict("records")
        for name, unit in measures.items()
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_hit_rates", gap_record_facts))


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """How earlier forecasts of the gap did beside the last value carried forward: better, worse or equal, in words."""
    rows = []
    for origin, ahead in sorted(
        report.rows("gap_record"), key=lambda pair: (pair[1], pair[0] == ORGANISATION, pair[0])
    ):
        cells = {name: report.cell("gap_record", origin, name, layer=ahead) for name in GAP_RECORD}
        word = beside(cells["forecast_error"], cells["yardstick_error"])
        if word is None:
            continue
        head: Any = Term("hit_rate.all") if origin == ORGANISATION else Month(origin)
        years = Limit(float(ahead))
        rows.append(Line(head, (years, *cells.values(), Term(f"gap_record.{word}"))))
    if not rows:
        return Note(Term("absent.gap_record"))
    names = ("forecast_made", "years_ahead", *(GAP_RECORD[name] for name in GAP_RECORD), "beside_yardstick")
    columns = tuple(Term(f"column.{name}") for name in names)
    return Table(Term("gap_record.caption"), columns, tuple(rows), (*_gap_verdict(report), Term("gap_record.note")))


def _gap_verdict(report: ProtectedReport) -> list[Term]:
    """Whether the forecasts of a year ahead, and the model alone, came closer than the last value, in sentences."""
    naive, *own = (
        report.cell("gap_record", ORGANISATION, f"{name}_error", layer="1")
        for name in ("yardstick", "forecast", "model")
    )
    words = zip(("forecast", "model"), own, (beside(cell, naive) for cell in own), strict=True)
    return [Term(f"gap_record.{name}.{word}", {"own": cell, "naive": naive}) for name, cell, word in words if word]
