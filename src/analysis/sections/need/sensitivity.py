"""The assumptions that move the gap most, one at a time."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.need import last_month
from analysis.publishing.objects.stock import Line, Table
from analysis.publishing.words.naming import part_label
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import TOTAL, ProtectedReport

section = Section(
    "sensitivity",
    places=Place("figures", after="skill_gap"),
    publishes=(PlannedTable(id="sensitivity", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    reads=("bridge",),
    needs=("staffing_sensitivity", "staffing_bridge"),
    awaits=("sensitivity.awaited", "turnover"),
)


SHOWN_ASSUMPTIONS = 5


def sensitivity_facts(sensitivity: pd.DataFrame, bridge: pd.DataFrame) -> pd.DataFrame:
    """Facts ``sensitivity``: the gap at the horizon with one assumption moved, its ends as low and high.

    Args:
        sensitivity: result of ``staffing.sensitivity``.
        bridge: result of ``staffing.bridge``, for the persons at risk.
    """
    if sensitivity.empty or bridge.loc[bridge["part"] == "gap", "expected"].isna().all():
        return facts([])
    ends = sensitivity.groupby(["department", "assumption"], sort=False)["gap"].agg(["min", "max"]).reset_index()
    base = (sensitivity["gap"] - sensitivity["change"]).groupby(sensitivity["department"]).first()
    at_risk = bridge[bridge["occupation"] == TOTAL].groupby("department")["n"].first()
    n = ends["department"].map(at_risk)
    return facts(
        ends.assign(
            table="sensitivity", row=ends["assumption"], column="gap", value=ends["department"].map(base),
            low=ends["min"], high=ends["max"], n=n, numerator=n, denominator=n, unit="fte", definition="empty_posts",
        )
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """The gap at the horizon with one assumption at a time moved."""
    moved, bridge = results.table("staffing_sensitivity"), results.table("staffing_bridge")
    return facts([]) if moved is None or bridge is None else sensitivity_facts(moved, bridge)


@section.show
def show(report: ProtectedReport) -> Table | None:
    """The assumptions that move the gap most, one at a time."""
    found = [(key, report.cell("sensitivity", key, "gap")) for key in report.keys("sensitivity")]
    shown = [(key, cell) for key, cell in found if cell.shown and cell.has_interval]
    shown.sort(key=lambda pair: ((pair[1].low or 0.0) - (pair[1].high or 0.0), pair[0]))
    if not shown:
        return None
    rows = tuple(Line(part_label(key), (cell,)) for key, cell in shown[:SHOWN_ASSUMPTIONS])
    columns = tuple(Term(f"column.{name}") for name in ("assumption", "gap_range"))
    notes = (Term("sensitivity.note"), *_order(report))
    return Table(Term("sensitivity.caption", {"month": last_month(report)}), columns, rows, notes)


def _order(report: ProtectedReport) -> tuple[Term, ...]:
    """For the whole organisation: which single assumption would change the departments with the largest gaps."""
    if report.department.status != "organisation" or "overturned" not in report.about:
        return ()
    known = {item.key: item for item in report.departments if item.status == "reported"}
    found = dict.fromkeys(
        (entry["assumption"], entry["end"], entry["department"], entry["overtaken"])
        for entry in report.about["overturned"]
        if entry["department"] in known and entry["overtaken"] in known
    )
    if not found:
        return (Term("sensitivity.order_holds"),)
    return tuple(
        Term(
            f"sensitivity.order_{end}",
            {"assumption": part_label(assumption), "lost": known[lost], "gained": known[gained]},
        )
        for assumption, end, lost, gained in found
    )
