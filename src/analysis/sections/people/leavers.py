"""Leavers by cause, last year and ahead."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.atoms import Term
from analysis.publishing.objects import Line, Note, Table
from analysis.publishing.rounding import printed
from analysis.reference import CAUSES
from analysis.sections.results import Derivation, Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import TOTAL, Cell, ProtectedReport, Status

section = Section(
    "leavers",
    places=Place("figures", after="said"),
    publishes=(
        PlannedTable(
            id="exits",
            sensitivity="medium",
            rule="count",
            lines=("rows", "departments"),
            low_rows=(TOTAL,),
            zeros="withheld",
        ),
        PlannedTable(id="leavers", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),
    ),
    derives=("unknown_reasons",),
    reads=("key_figures", "turnover_series"),
    needs=("facts_workforce", "leavers", "cumulative_incidence"),
    awaits=("leavers.caption", "turnover"),
)


def leaver_facts(forecast: pd.DataFrame) -> pd.DataFrame:
    """Facts ``leavers``: expected leavers by cause within twelve months, per department.

    Args:
        forecast: result of ``turnover.forecast``.
    """
    table = forecast[forecast["occupation"] == TOTAL].rename(columns={"cause": "row", "expected": "value"})
    return facts(
        table.assign(
            table="leavers", column="12m", unit="persons", numerator=table["n"], denominator=table["n"],
            definition="expected_leavers",
        )
    )  # fmt: skip


def incidence_facts(incidence: pd.DataFrame) -> pd.DataFrame:
    """Facts ``leavers``, column ``36m``: expected leavers by cause within three years, of those in post now.

    Args:
        incidence: result ``cumulative_incidence``.
    """
    table = incidence[incidence["months"] == 36].rename(columns={"cause": "row", "expected": "value"})
    return facts(
        table.assign(
            table="leavers", column="36m", unit="persons", numerator=table["n"], denominator=table["n"],
            definition="expected_leavers",
        )
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Those who left, by cause, and those expected to."""
    ahead = results.each(("leavers", leaver_facts), ("cumulative_incidence", incidence_facts))
    return pd.concat([results.indicators(), ahead], ignore_index=True)


@section.derive
def cells_of(given: Derivation) -> pd.DataFrame:
    """How far the figures move if everybody who left for an unknown reason had resigned."""
    from analysis.disclosure.derived import (
        unknown_reasons as cells,  # the near side is loaded only where facts are made
    )

    return cells(given.cells, period=given.period, departments=given.departments)


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Leavers by cause: the last twelve months, and those expected in the next twelve and in three years."""
    rows, silent = [], 0
    whole = report.cell("exits", TOTAL)
    nobody = whole.status is Status.ZERO
    for cause in (*CAUSES, TOTAL):
        past, ahead = report.cell("exits", cause), report.cell("leavers", cause, "12m")
        if nobody and past.status is Status.WITHHELD:
            past = whole  # where nobody left, nobody left for this cause: there is nothing to withhold
        if past.status == "missing" and ahead.status == "missing":
            continue
        if cause != TOTAL and not _counts(ahead) and (nobody or not past.shown):
            silent += past.status == "withheld" or ahead.status == "withheld"
            continue
        rows.append(Line(Term(f"cause.{cause}"), (past, ahead, report.cell("leavers", cause, "36m"))))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.leavers"))
    columns = (Term("column.cause"), Term("column.left"), Term("column.leaving"), Term("column.leaving_three"))
    notes = [Term("leavers.note")] if any(row.cells[1].has_interval for row in rows) else []
    notes += [Term("leavers.nobody")] if nobody else []
    notes += _two_counts(report)
    notes += [Term("leavers.silent")] if silent else []
    notes += unknown_reasons(report)
    notes += [Term("note.no_causes")] if "note.no_causes" in report.about.get("notes", ()) else []
    return Table(Term("leavers.caption"), columns, tuple(rows), tuple(notes))


def _two_counts(report: ProtectedReport) -> list[Term]:
    """Why retirement within three years is another figure here than among the key figures, where it is."""
    here, figure = report.cell("leavers", "retirement", "36m"), report.cell("key_figures", "pension_3y", "now")
    same = figure.definition != "pension_3y" or not (here.has_interval and figure.has_interval)
    if same or not (here.shown and figure.shown) or printed(here) == printed(figure):
        return []
    return [Term("leavers.note.pension", {"here": here, "figure": figure})]


def unknown_reasons(report: ProtectedReport) -> list[Term]:
    """How far the figures move if everybody who left for an unknown reason had resigned; empty where nobody did."""
    share, rate, expected = (report.cell("unknown_reasons", row) for row in ("share", "rate", "expected"))
    said = []
    if share.shown and (share.value or 0.0) > 0:
        said.append(Term("leavers.unknown.share", {"share": share}))
    now = report.cell("turnover_series", report.about["period"], "own_request")
    if rate.shown and now.shown and rate.value != now.value:
        said.append(Term("leavers.unknown.rate", {"rate": rate, "now": now}))
    own = report.cell("leavers", "resignation", "12m")
    if expected.shown and expected.has_interval and own.shown and own.has_interval and expected.value != own.value:
        said.append(Term("leavers.unknown.expected", {"expected": expected, "own": own}))
    return said


def _counts(cell: Cell) -> bool:
    return cell.shown and round(cell.value or 0.0) != 0
