"""Objects of the page about careers: declared ways between tasks."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.publishing.objects.atoms import Name, Term, composite
from analysis.publishing.objects.rows import Row
from analysis.publishing.objects.stock import Shown, shown_as
from analysis.tables.protected import Cell


@composite
@dataclass(frozen=True)
class Edge(Row):
    """A declared way: its ends, who could take it, who is on it, and who took it in the last year."""

    begins: Name | Term
    ends: Name | Term
    could: Cell
    on_the_way: Cell
    moved: Cell


@shown_as("career_graph")
class CareerGraph(Shown):
    """Declared careers that something is known of, as a graph and as a table."""

    title: Term
    lead: Term
    edges: tuple[Edge, ...]
    columns: tuple[Term, ...]
    notes: tuple[Term, ...] = ()
