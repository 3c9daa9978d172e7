"""Leavers by cause, last year and ahead."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.periods import shift
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.stock import Line, Note, Table
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
    reads=("turnover_series", "track_record"),
    needs=("facts_workforce", "leavers", "retirement_wave"),
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


def from_the_wave(forecast: pd.DataFrame, wave: pd.DataFrame) -> pd.DataFrame:
    """The forecast with retirement as the retirement wave has it, so that a page holds one number of who retires.

    The wave ages everyone by a year at a time and follows a moving pension age, which twelve months of hazards do not.
    Totals move with it, their intervals by as much.

    Args:
        forecast: result of ``turnover.forecast``.
        wave: result of ``staffing.retirement_wave``; its first year is the forecast's.
    """
    keys = ["expected", "low", "high"]
    first = wave[wave["year"] == wave["year"].min()].set_index("department")[keys]
    table = forecast.copy()
    known = (table["occupation"] == TOTAL) & table["department"].isin(first.index)
    retiring = known & (table["cause"] == "retirement")
    if not retiring.any():
        return table
    told = first.loc[table.loc[retiring, "department"]]
    before = table[retiring].set_index("department")["expected"]
    table.loc[retiring, keys] = told.to_numpy()
    moved = (told["expected"] - before).to_dict()
    whole = known & (table["cause"] == TOTAL) & table["department"].isin(moved)
    by = table.loc[whole, "department"].map(moved).to_numpy()
    table.loc[whole, keys] = (table.loc[whole, keys].to_numpy() + by[:, None]).clip(min=0.0)
    return table


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Those who left, by cause, and those expected to."""
    forecast, wave = results.table("leavers"), results.table("retirement_wave")
    if forecast is None or forecast.empty:
        return results.indicators()
    if wave is not None and len(wave):
        forecast = from_the_wave(forecast, wave)
    return pd.concat([results.indicators(), leaver_facts(forecast)], ignore_index=True)


@section.derive
def cells_of(given: Derivation) -> pd.DataFrame:
    """How far the figures move if everybody who left for an unknown reason had resigned."""
    from analysis.disclosure.derived import (
        unknown_reasons as cells,  # the near side is loaded only where facts are made
    )

    return cells(given.cells, period=given.period, departments=given.departments)


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Leavers by cause: the last twelve months, and those expected in the next twelve."""
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
        rows.append(Line(Term(f"cause.{cause}"), (past, ahead)))
    if not any(cell.shown for row in rows for cell in row.cells):
        return Note(Term("absent.leavers"))
    columns = (Term("column.cause"), Term("column.left"), Term("column.leaving"))
    notes = [Term("leavers.note")] if any(row.cells[1].has_interval for row in rows) else []
    notes += [Term("leavers.nobody")] if nobody else []
    notes += _in_post(report)
    notes += [Term("leavers.silent")] if silent else []
    notes += unknown_reasons(report)
    notes += [Term("note.no_causes")] if "note.no_causes" in report.about.get("notes", ()) else []
    return Table(Term("leavers.caption"), columns, tuple(rows), tuple(notes))


def _in_post(report: ProtectedReport) -> list[Term]:
    """How many of those who left were in post when the twelve months began: the others began and left within them."""
    begun = shift(report.about["period"], -12)
    every, held = report.cell("exits", TOTAL), report.cell("track_record", begun, "observed")
    if not every.shown or not held.shown or (every.value or 0.0) <= (held.value or 0.0):
        return []
    return [Term("leavers.note.in_post", {"every": every, "held": held, "month": Month(begun)})]


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
