"""What the model card says of the effect ledger: how a measure is compared, and what a verdict does not mean."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Points
from analysis.sections.section import Place, Section
from analysis.tables.protected import ProtectedReport

section = Section("card_ledger", places=Place("card", after="card_recruitment", pages=("model-card",)))


@section.show
def show(report: ProtectedReport) -> Points | None:
    """The comparison, its chance of error and its limits, where the edition follows measures."""
    if not report.about.get("effects"):
        return None
    said = ("compared", "worst", "looks", "limits")
    return Points(Term("card.ledger"), tuple(Term(f"card.ledger.{name}") for name in said))
