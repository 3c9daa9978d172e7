"""The fan of empty posts: what has been, and two bands around what is expected."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.publishing.objects.atoms import Month, Term, composite
from analysis.publishing.objects.rows import Point, Row
from analysis.publishing.objects.stock import Shown, shown_as
from analysis.tables.protected import Cell


@composite
@dataclass(frozen=True)
class Ahead(Row):
    """A year of the forecast: what is expected with the interval of four outcomes in five, and that of half of them."""

    month: Month
    expected: Cell
    half: Cell


@shown_as("fan")
class Fan(Shown):
    """Years that have been and years to come, in order."""

    title: Term
    lead: Term
    past: tuple[Point, ...]
    ahead: tuple[Ahead, ...]
