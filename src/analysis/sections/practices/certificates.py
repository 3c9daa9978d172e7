"""Certificates that have to be renewed: valid, about to run out, run out; and how many were renewed in time."""

from __future__ import annotations

from analysis.disclosure.plan import PlannedTable
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Note, Table
from analysis.reference.practices import certificates
from analysis.sections.practices.measured import matrix
from analysis.sections.report import Scope
from analysis.sections.results import Results
from analysis.sections.section import Place, Section
from analysis.tables.protected import Cell

STATES = ("held", "valid", "soon", "expired")
"""Everyone who holds or has held one, then the parts that add up to them."""

section = Section(
    "certificates",
    places=Place("figures", after="role_mix"),
    publishes=(
        PlannedTable(
            id="certificates",
            sensitivity="medium",
            rule="count",
            lines=("departments",),
            sums=(STATES,),
            zeros="withheld",
        ),
        PlannedTable(
            id="certificate_renewed", sensitivity="medium", rule="share", lines=("departments",), zeros="withheld"
        ),
    ),
    needs=("facts_competence",),
)
section.facts(Results.indicators)


@section.show
def show(report: Scope) -> Table | Note | None:
    """Each kind by state, with the share renewed in time; kinds that the reference data does not name come last."""
    settings = certificates()
    named: list[tuple[str, Name | Term]] = [(each.id, Name(each.sv, each.en)) for each in settings.certificate]
    rows: list[tuple[Name | Term, list[Cell]]] = []
    for kind, label in (*named, ("other", Term("certificates.other"))):
        cells = [report.cell("certificates", state, kind) for state in STATES]
        rows.append((label, [*cells, report.cell("certificate_renewed", kind, "share")]))
    heads = (
        "column.certificates.kind",
        *(f"column.certificates.{state}" for state in STATES),
        "column.certificates.renewed",
    )
    return matrix(
        report, "certificates.caption", heads, rows,
        notes=(Term("certificates.note", {"days": Name.same(str(settings.soon_days))}),),
    )  # fmt: skip
