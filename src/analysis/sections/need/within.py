"""Hourly paid, absence cover and unqualified in post, now and at the horizon."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.need import last_month
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.words.naming import part_label
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import TOTAL, ProtectedReport

section = Section(
    "within",
    places=Place("figures", after="workload"),
    reads=("bridge", "key_figures"),
    publishes=(PlannedTable(id="within", sensitivity="medium", rule="count", lines=("departments",), zeros="shown"),),
    needs=("staffing_beside",),
    awaits=("within.caption", "turnover"),
)


def within_facts(beside: pd.DataFrame) -> pd.DataFrame:
    """Facts ``within``: hourly paid, absence cover and unqualified in post, columns ``now`` and ``horizon``.

    The numerator is the number of persons there now: what the horizon holds follows from them, so that both are shown
    or neither is, and whoever is counted among those without a licence elsewhere is counted alike here.

    Args:
        beside: result of ``staffing.beside``.
    """
    table = beside[beside["occupation"] == TOTAL]
    if table.empty:
        return facts([])
    first, last = table["year"].min(), table["year"].max()
    table = table[table["year"].isin([first, last])]
    now = table["year"] == first
    people = table["persons"].where(now).groupby([table["department"], table["part"]]).transform("max")
    return facts(
        table.assign(
            table="within", row=table["part"], value=table["expected"], low=table["p10"].mask(now),
            high=table["p90"].mask(now), column=now.map({True: "now", False: "horizon"}), unit="fte",
            numerator=people.round(), denominator=table["n"], definition="",
        )
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_beside", within_facts))


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Hourly paid, absence cover and unqualified in post, now and at the horizon."""
    rows = []
    for part in report.keys("within"):
        cells = (report.cell("within", part, "now"), report.cell("within", part, "horizon"))
        rows.append(Line(part_label(part), cells))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.silent", {"part": Term("within.caption")}) if rows else Term("absent.within"))
    columns = (Term("column.part"), Term("column.within_now"), Term("column.year_end", {"month": last_month(report)}))
    return Table(Term("within.caption"), columns, tuple(rows), (Term("within.note"), *_beside_the_share(report)))


def _beside_the_share(report: ProtectedReport) -> tuple[Term, ...]:
    """That those without the licence are the rest of the share qualified, where the page shows both."""
    share = report.cell("key_figures", "qualified", "now")
    if share.definition != "qualified" or not share.shown or not report.cell("within", "of_unqualified", "now").shown:
        return ()
    return (Term("within.note.qualified", {"share": share}),)
