"""Five key figures with change, interval and comparisons."""

from __future__ import annotations

from analysis.publishing.atoms import Name
from analysis.publishing.atoms import Term
from analysis.publishing.compared import beside_figure
from analysis.publishing.locale import catalog
from analysis.publishing.objects import Card
from analysis.publishing.objects import KeyFigures
from analysis.tables.protected import ProtectedReport



FIGURES = ("own_request", "qualified", "pension_3y", "sick_leave", "per_manager")


def key_figures(report: ProtectedReport) -> KeyFigures:
    """The five figures with change, interval and comparisons; a figure without data says so."""
    cards = []
    for row in FIGURES:
        cell = {
            column: report.cell("key_figures", row, column)
            for column in ("now", "change", "year_before", "peers", "organisation")
        }
        label, name = figure_label(report, row, cell["now"].definition)
        external = beside_figure(report, cell["now"].definition)
        cards.append(Card(label, definition=name, external=external, **cell))
    return KeyFigures(tuple(cards))


def figure_label(report: ProtectedReport, row: str, definition: str) -> tuple[Term, Name | None]:
    """The short name of a figure; an indicator that the catalogs do not know keeps its definition's name."""
    if not definition:
        return Term(f"figure.{row}"), None
    if f"figure.{definition}" in catalog("sv").messages:
        return Term(f"figure.{definition}"), None
    names = {entry["id"]: entry for entry in report.about.get("definitions", [])}
    entry = names.get(definition)
    return Term(f"figure.{row}"), Name(entry["sv"], entry["en"]) if entry else None
