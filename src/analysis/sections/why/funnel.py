"""Leaving at own request beside what ages and tenures lead one to expect."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Month, Tally, Term
from analysis.publishing.objects.funnel import Funnel, FunnelPoint, Limits
from analysis.publishing.objects.stock import Note
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, ProtectedReport

section = Section(
    "funnel",
    places=Place("why"),
    publishes=(
        PlannedTable(
            id="funnel",
            sensitivity="medium",
            rule="share",
            lines=("departments",),
            zeros="withheld",
            group_at_least="forecast",
        ),
        PlannedTable(id="funnel_limits", sensitivity="open", rule="open", lines=(), zeros="shown"),
    ),
    needs=("observed_expected",),
    awaits=("funnel.awaited", "turnover"),
)


LIMITS = ("expected", "low95", "high95", "low998", "high998")


def funnel_facts(compared: pd.DataFrame, curve: pd.DataFrame) -> pd.DataFrame:
    """Facts ``funnel`` (ratio with interval, expected number, limits at it) and ``funnel_limits`` (the curves).

    Ratio and expected number together give the count of leavers away; each is registered with it.

    Args:
        compared: ``turnover.drivers.funnel.observed_expected``, departments below the forecast limit included.
        curve: result of ``turnover.drivers.funnel.curve``.
    """
    base = compared.rename(columns={"by": "row"}).assign(
        table="funnel", unit="score", numerator=compared["observed"], denominator=compared["n"],
        definition="observed_expected",
    )  # fmt: skip
    plain = base.drop(columns=["low", "high"])
    parts = [base.assign(column="ratio", value=base["ratio"])]
    parts.append(plain.assign(column="expected", value=plain["expected"], unit="persons"))
    parts += [plain.assign(column=name, value=plain[name]) for name in LIMITS[1:]]
    lines = curve.assign(
        table="funnel_limits", department=ORGANISATION, row=[f"{place:02d}" for place in range(len(curve))],
        unit="score", definition="observed_expected",
    )  # fmt: skip
    parts += [lines.assign(column=name, value=lines[name]) for name in LIMITS[1:]]
    parts.append(lines.assign(column="expected", value=lines["expected"], unit="persons"))
    return facts(pd.concat(parts, ignore_index=True))


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Observed against expected, with the limits that chance allows; nothing where nothing is expected."""
    from analysis.turnover.drivers.funnel import curve  # the near side is loaded only where facts are made

    compared = results.table("observed_expected")
    if compared is None or compared.empty:
        return facts([])
    largest = float(compared.loc[compared["department"] != ORGANISATION, "expected"].max())
    return funnel_facts(compared, curve(largest))


@section.show
def show(report: ProtectedReport) -> Funnel | Note:
    """Own-request leaving against what ages and tenures lead one to expect; a department's own place on its page."""
    mine = report.department
    own = mine.status != "organisation"
    wanted = [mine] if own else [item for item in report.departments[1:] if item.status == "reported"]
    points, silent = [], 0
    for item in wanted:
        cells = {name: report.cell("funnel", "age_tenure", name, department=item.key) for name in ("ratio", *LIMITS)}
        if all(cell.shown for cell in cells.values()):
            limits = Limits(*(cells[name] for name in LIMITS))
            also = report.cell("funnel", "occupation", "ratio", department=item.key)
            points.append(FunnelPoint(item, cells["ratio"], limits, also))
        else:
            silent += cells["ratio"].status == "withheld"
    if not points:
        return Note(Term("absent.silent", {"part": Term("funnel.title")}) if silent else Term("absent.funnel"))
    curve = []
    for row in report.keys("funnel_limits", department=ORGANISATION):
        cells = {name: report.cell("funnel_limits", row, name, department=ORGANISATION) for name in LIMITS}
        curve.append(Limits(*(cells[name] for name in LIMITS)))
    lead = Term("funnel.lead", {"month": Month(report.about["period"])})
    notes = [Term("funnel.silent", {"n": Tally("silent", silent)})] if silent else []
    notes.append(Term("funnel.note.own" if own else "funnel.note"))
    return Funnel(Term("funnel.title"), lead, tuple(points), tuple(curve), own, tuple(notes))
