"""How often the intervals held, pooled over departments."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.rounding import beside
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, TOTAL, ProtectedReport

section = Section(
    "hit_rates",
    places=Place("figures", after="track_record", pages=("organisation",)),
    publishes=(PlannedTable(id="hit_rate", sensitivity="open", rule="open", lines=(), zeros="shown"),),
    needs=("hit_rates",),
    awaits=("hit_rate.caption", "judged"),
)


def hit_facts(hit_rates: pd.DataFrame) -> pd.DataFrame:
    """Facts ``hit_rate``: how often the 80 % interval held, pooled over departments, per origin and over all.

    Args:
        hit_rates: result of ``turnover.hit_rates``; its origin ``all`` pools every origin.
    """
    measures = {"hit_rate": "share", "model_error": "score", "yardstick_error": "score", "departments": "posts"}
    measures |= {"interval_score": "score", "yardstick_score": "score"}
    table = hit_rates[hit_rates["cause"] == TOTAL]
    return facts(
        {
            "table": "hit_rate", "department": ORGANISATION, "row": line["origin"],
            "column": name, "value": line[name], "n": line["departments"], "unit": unit, "definition": "hit_rate",
        }
        for line in table.to_dict("records")
        for name, unit in measures.items()
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("hit_rates", hit_facts))


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """How often the interval held, pooled over departments, per origin."""
    rows = []
    measures = ("departments", "hit_rate", "model_error", "yardstick_error", "interval_score", "yardstick_score")
    keys = report.keys("hit_rate", department=ORGANISATION)
    for key in sorted(keys, key=lambda key: (key == "all", key)):
        head: Any = Term("hit_rate.all") if key == "all" else Month(key)
        cells = (report.cell("hit_rate", key, name, department=ORGANISATION) for name in measures)
        rows.append(Line(head, tuple(cells)))
    if not rows:
        return Note(Term("absent.hit_rates"))
    kept = [place for place, _ in enumerate(measures) if any(row.cells[place].shown for row in rows)]
    rows = [Line(row.head, tuple(row.cells[place] for place in kept)) for row in rows]
    columns = tuple(Term(f"column.{name}") for name in ("forecast_made", *(measures[place] for place in kept)))
    notes = [Term("hit_rate.note"), *pooled(report)]
    return Table(Term("hit_rate.caption"), columns, tuple(rows), tuple(notes))


def pooled(report: ProtectedReport) -> list[Term]:
    """The sentence that says whether the forecasts were better or worse than the yardstick over all departments."""
    own, naive = (
        report.cell("hit_rate", "all", name, department=ORGANISATION) for name in ("model_error", "yardstick_error")
    )
    word = beside(own, naive)
    return [Term(f"hit_rate.{word}", {"own": own, "naive": naive})] if word else []
