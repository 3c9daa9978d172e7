"""Leavers of groups against the forecast made before the year began."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Line, Note, Table
from analysis.publishing.views.telling import apart_from
from analysis.reference.bands import banding
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.sections.why.drivers import OWN
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, TOTAL, ProtectedReport

AGES = banding("sick_leave").names

section = Section(
    "calibration",
    places=Place("why", after="patterns"),
    publishes=(
        PlannedTable(
            id="calibration",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
            group_at_least="forecast",
            sums=(
                (TOTAL, "women", "men", "sex_unknown"),
                (TOTAL, *AGES, "age_unknown"),
                (TOTAL, "permanent", "temporary"),
            ),
        ),
    ),
    needs=("calibration",),
    awaits=("calibration.caption", "judged"),
)


def calibration_facts(calibration: pd.DataFrame) -> pd.DataFrame:
    """Facts ``calibration``: row = group, column = cause; layers ``error`` and ``chance`` for the whole organisation.

    Args:
        calibration: result of ``turnover.scores.fairness.calibration``, small groups included: whoever knows the others
            would find them by subtraction.
    """
    base = calibration.rename(columns={"group": "row", "cause": "column"}).assign(
        table="calibration", unit="score", numerator=calibration["observed"], denominator=calibration["n"],
        definition="forecast_calibration",
    )  # fmt: skip
    whole = base[base["department"] == ORGANISATION].drop(columns=["low", "high"]).assign(unit="share")
    layers = [whole.assign(layer=name, value=whole[name]) for name in ("error", "chance")]
    return facts(pd.concat([base.assign(layer="", value=base["ratio"]), *layers], ignore_index=True))


GROUPS = ("women", "men", *AGES, "permanent", "temporary")


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("calibration", calibration_facts))


@section.show
def show(report: ProtectedReport) -> Table | Note:
    """Leavers of groups against the forecast made before the year began; for the whole also how far it missed."""
    whole = report.department.status == "organisation"
    measures = [(OWN, ""), (TOTAL, "")] + ([(TOTAL, "error"), (TOTAL, "chance")] if whole else [])
    every = {row: [report.cell("calibration", row, column, layer=layer) for column, layer in measures]
             for row in (TOTAL, *GROUPS)}  # fmt: skip
    used = [
        place for place in range(len(measures)) if any(cells[place].status != "missing" for cells in every.values())
    ]
    rows = [
        Line(Term(f"group.{row}"), tuple(cells[place] for place in used))
        for row, cells in every.items()
        if any(cells[place].shown for place in used)
    ]
    if not rows:
        held = any(cell.status == "withheld" for cells in every.values() for cell in cells)
        return Note(
            Term("absent.silent", {"part": Term("calibration.caption")}) if held else Term("absent.calibration")
        )
    heads = ("own_request_ratio", "all_ratio", "error", "error_by_chance")
    columns = (Term("column.group"), *(Term(f"column.{heads[place]}") for place in used))
    apart = tuple(Term(f"group.{row}") for row in GROUPS if apart_from(every[row][1], every[TOTAL][1]))
    verdict = Term("calibration.apart", {"names": apart}) if apart else Term("calibration.alike")
    notes = [verdict] if every[TOTAL][1].shown else []
    notes.append(Term("calibration.note.error" if whole else "calibration.note"))
    return Table(Term("calibration.caption"), columns, tuple(rows), tuple(notes))
