"""What a yearly account of the staff holds beside the statutory disclosure: absence, time by kind, and cost."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.stock import Note, Table
from analysis.sections.practices.measured import table
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section

section = Section("annual", places=Place("figures", after="sick_leave"), reads=("definitions",))

ROWS = (
    "without_absence", "repeated_absence", "sick_leave_to_day_14", "sick_pay", "parental_share", "overtime_share",
    "extra_share", "staff_cost", "staff_cost_share",
)  # fmt: skip
"""Definitions, in the order of the table: absence, what it costs, time by kind, cost of staff."""


@section.show
def show(report: Scope) -> Table | Note | None:
    """The page's own figures of the year beside those of the whole; what the delivery does not hold is left out."""
    measures = [(Term(f"annual.{name}"), "definitions", name, "now") for name in ROWS]
    return table(report, "annual.caption", measures, notes=("annual.note",), folded=True)
