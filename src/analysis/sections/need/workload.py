"""Staff that the measured work asks for beside those in post."""

from __future__ import annotations

import pandas as pd

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.need import need
from analysis.publishing.objects.stock import Line, Table
from analysis.publishing.words.naming import occupation
from analysis.sections.results import Derivation, Results
from analysis.sections.section import Place, Section
from analysis.tables.facts import facts
from analysis.tables.protected import ProtectedReport

section = Section(
    "workload",
    places=Place("figures", after="foundations"),
    publishes=(PlannedTable(id="workload", sensitivity="forecast", rule="forecast", lines=(), zeros="shown"),),
    derives=("workload",),
    reads=("fte", "bridge"),
    needs=("staffing_workload",),
)


def workload_facts(workload: pd.DataFrame) -> pd.DataFrame:
    """Facts ``workload``: staff that the measured work asks for by occupation, column ``required``.

    Difference and ratio are derived from this and the published full-time equivalents (``derived.workload``), so that
    they show nobody who is not shown already.

    Args:
        workload: result ``staffing_workload``.
    """
    return facts(
        workload.assign(
            table="workload", row=workload["occupation"], column="required", value=workload["required"],
            numerator=workload["n"], denominator=workload["n"], unit="fte", definition="wisn",
        )
    )  # fmt: skip


@section.facts
def facts_of(results: Results) -> pd.DataFrame:
    """Facts from the results of the stages."""
    return results.each(("staffing_workload", workload_facts))


@section.derive
def cells_of(given: Derivation) -> pd.DataFrame:
    """Difference and ratio, from the required staff and those in post."""
    from analysis.disclosure.derived import workload  # the near side is loaded only where facts are made

    return workload(given.cells)


@section.show
def show(report: ProtectedReport) -> Table | None:
    """Staff that the measured work asks for beside those in post; None where nobody has measured.

    A note says why the bridge opens with another figure: with the posts that are free, not with this difference.
    """
    rows = []
    for key in report.keys("workload"):
        columns = tuple(report.cell("workload", key, name) for name in ("required", "difference", "ratio"))
        if columns[0].shown:
            rows.append(Line(occupation(report, key), (columns[0], report.cell("fte", key), *columns[1:])))
    if not rows:
        return None
    names = ("occupation", "required", "in_post", "difference", "wisn")
    return Table(
        Term("workload.caption"),
        tuple(Term(f"column.{name}") for name in names),
        tuple(rows),
        (Term("workload.note"), *_beside_the_bridge(report)),
    )


def _beside_the_bridge(report: ProtectedReport) -> tuple[Term, ...]:
    opening = need(report, "opening")
    if not opening.shown or not need(report, "recruitment_need").shown:
        return ()
    basis = "vacancies" if report.about.get("has", {}).get("vacancies") else "budget"
    return (Term(f"workload.note.{basis}", {"n": opening}),)
