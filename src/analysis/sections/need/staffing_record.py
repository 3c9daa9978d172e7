"""The last forecast of headcount and hires beside its outcome."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import Cell, ProtectedReport

section = Section(
    "staffing_record",
    places=Place("figures", after="track_record"),
    publishes=(
        PlannedTable(id="staffing_record", sensitivity="low", rule="count", lines=("departments",), zeros="shown"),
    ),
    needs=("staffing_backtest",),
    awaits=("staffing_record.caption", "judged"),
)


RECORDED = ("stock", "hires")
"""Quantities of the backtest that pages show; the others are in the result files."""


def record_facts(backtest: pd.DataFrame) -> pd.DataFrame:
    """Facts ``staffing_record``: headcount and hires a year after the last judged origin, forecast beside outcome.

    Every figure is held to the rule of counts: a yardstick is the outcome of the year before, and a forecast may be the
    yardstick.

    Args:
        backtest: ``table`` of ``staffing.backtest``.
    """
    table = backtest[(backtest["horizon"] == 1) & backtest["quantity"].isin(RECORDED)]
    if table.empty:
        return facts([])
    table = table[table["origin"] == table["origin"].max()]
    found = []
    for column in ("forecast", "observed", "yardstick"):
        part = table.assign(column=column, value=table[column], numerator=table[column].round())
        if column != "forecast":
            part = part.drop(columns=["low", "high"])
        found.append(part)
    every = pd.concat(found, ignore_index=True)
    return facts(
        every.assign(
            table="staffing_record", row=every["quantity"], layer=every["origin"], unit="persons",
            denominator=every["n"], definition="expected_leavers",
        )
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_backtest", record_facts))


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """The last forecast of headcount and hires beside its outcome and the yardstick."""
    origins = sorted(_layers(report))
    if not origins:
        return Note(Term("absent.staffing_record"))
    origin = origins[-1]
    rows = []
    for key in report.keys("staffing_record", layer=origin):
        cells = tuple(
            report.cell("staffing_record", key, column, layer=origin)
            for column in ("forecast", "observed", "yardstick")
        )
        rows.append(Line(Term(f"staffing_record.{key}"), (Month(origin), *cells)))
    if not any((isinstance(cell, Cell) and cell.shown) for row in rows for cell in row.cells[1:]):
        return Note(Term("absent.silent", {"part": Term("staffing_record.caption")}))
    names = ("quantity", "forecast_made", "expected", "observed", "yardstick_value")
    columns = tuple(Term(f"column.{name}") for name in names)
    return Table(Term("staffing_record.caption"), columns, tuple(rows), (Term("staffing_record.note"),))


def _layers(report: ProtectedReport) -> list[str]:
    """Origins that the edition holds a judged forecast of."""
    last = report.about["period"]
    years = [f"{int(last[:4]) - back}{last[4:]}" for back in range(1, 4)]
    return [origin for origin in years if report.keys("staffing_record", layer=origin)]
