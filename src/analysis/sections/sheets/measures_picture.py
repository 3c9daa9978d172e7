"""Levers in one picture: what each closes by itself at the last year, and what it costs."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.sheets import Measure, Measures
from analysis.publishing.objects.stock import Note
from analysis.publishing.words.naming import lever_names, months
from analysis.publishing.words.rounding import printed
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section

section = Section(
    "measures_picture",
    places=Place("action"),
    reads=("lever_effects", "closing"),
    awaits=("effects.awaited", "turnover"),
)

LIBRARY = "library"
MOST = 7
"""Levers in the picture; Underlag has all."""


@section.show
def show(report: Scope) -> Measures | Note:
    """Levers in the order of what they close, as printed; a note where none reaches the department."""
    years = sorted(report.keys("lever_effects", "column", layer=LIBRARY))
    rows = []
    for key, name in lever_names(report).items() if years else ():
        closes = report.cell("lever_effects", key, years[-1], layer=LIBRARY)
        cost = report.cell("closing", "0", "alone", layer=key)
        figure = printed(closes)
        if figure is not None and closes.has_interval and figure.value > 0:
            rows.append((-(closes.value or 0.0), Measure(name, closes, cost)))
    if not rows:
        return Note(Term("absent.effects"))
    rows.sort(key=lambda row: row[0])
    chosen = tuple(row for _, row in rows[:MOST])
    month = months(report, years)[-1]
    args = {"lever": chosen[0].name}
    return Measures(Term("measures_picture.title", args), Term("measures_picture.lead"), chosen, month)
