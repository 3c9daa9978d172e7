"""The page about careers: the graph of declared ways, above the tables that stand in the whole's Underlag too."""

from __future__ import annotations

from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.careers import CareerGraph, Edge
from analysis.reference import load
from analysis.sections.report import Scope
from analysis.sections.section import Place, Section

section = Section(
    "career_graph",
    places=Place("card", after="card_headline", pages=("careers",)),
    reads=("careers", "career_could"),
)


@section.show
def show(report: Scope) -> CareerGraph | None:
    """Every declared way that something is known of; two sources that declare the same way are drawn once."""
    edges: dict[tuple[str, str], Edge] = {}
    for entry in load("careers")["edge"]:
        ends = [
            Name(end["sv"], end["en"]) if end["sv"] else Term("careers.no_end") for end in (entry["from"], entry["to"])
        ]
        key = entry["id"]
        edge = Edge(
            ends[0],
            ends[1],
            report.cell("career_could", key, "could"),
            report.cell("careers", key, "on_the_way"),
            report.cell("careers", key, "moved"),
        )
        if all(cell.status == "missing" for cell in (edge.could, edge.on_the_way, edge.moved)):
            continue
        edges.setdefault((entry["from"]["sv"], entry["to"]["sv"] or key), edge)
    if not any(cell.shown for edge in edges.values() for cell in (edge.could, edge.on_the_way, edge.moved)):
        return None
    columns = tuple(Term(f"column.career_graph.{name}") for name in ("from", "to", "could", "on_the_way", "moved"))
    notes = (Term("career_graph.note"),)
    return CareerGraph(Term("career_graph.title"), Term("career_graph.lead"), tuple(edges.values()), columns, notes)
