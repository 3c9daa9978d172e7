"""An example of one's own: overtime as a share of ordinary hours, in the last twelve months.

Copy both files to a folder of the project, name it under ``sections`` in ``analysis.toml``, and build: the figure
stands on every report after sick leave, protected like every other, with its definition among the others.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Line, Table
from analysis.sections import Indicator, Place, PlannedTable, Scope, Section

overtime = Indicator("overtime_share", table="overtime", tables=("absences",), unit="share")

section = Section(
    "overtime",
    places=Place("figures", after="sick_leave"),
    publishes=(PlannedTable(id="overtime", sensitivity="low", rule="group", lines=("departments",), zeros="shown"),),
    indicators=(overtime,),
)


@overtime.count
def count(tables: Mapping[str, pd.DataFrame], at: pd.Timestamp) -> pd.DataFrame:
    """Hours of overtime and ordinary hours by department; ``n`` is the largest number of rows (persons) of a month."""
    hours = tables["absences"]
    year = hours[(hours["month"] > at - pd.DateOffset(years=1)) & (hours["month"] <= at)]
    found = year.groupby("department")[["overtime_hours", "ordinary_hours"]].sum().reset_index()
    months = year.groupby(["department", "month"]).size().groupby("department").max()
    return found.rename(columns={"overtime_hours": "numerator", "ordinary_hours": "denominator"}).assign(
        row="total", n=found["department"].map(months)
    )


@section.show
def show(report: Scope) -> Table | None:
    """The department beside the whole organisation."""
    own, whole = report.cell("overtime", "total"), report.cell("overtime", "total", department="all")
    if not own.shown and not whole.shown:
        return None
    rows = [Line(Term("overtime.here"), (own,))]
    if report.department.status != "organisation":
        rows.append(Line(Term("overtime.whole"), (whole,)))
    return Table(Term("overtime.caption"), (Term("overtime.group"), Term("overtime.share")), tuple(rows))
