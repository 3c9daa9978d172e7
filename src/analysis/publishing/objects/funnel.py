"""The funnel: observed against expected leavers of departments, and the limits that chance allows."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.publishing.objects.atoms import Term, composite
from analysis.publishing.objects.rows import Row
from analysis.publishing.objects.stock import Shown, shown_as
from analysis.tables.protected import Cell, Department


@composite
@dataclass(frozen=True)
class Limits(Row):
    """Limits of chance at an expected number: within ``low95``–``high95`` 95 times in 100, and so on."""

    expected: Cell
    low95: Cell
    high95: Cell
    low998: Cell
    high998: Cell


@composite
@dataclass(frozen=True)
class FunnelPoint(Row):
    """A department: its ratio of observed to expected, the limits there, and the ratio with occupation in it."""

    department: Department
    ratio: Cell
    limits: Limits
    occupation: Cell


@shown_as("funnel")
class Funnel(Shown):
    """Departments against the number of leavers expected of their staff; ``own``: a page with one point only."""

    title: Term
    lead: Term
    points: tuple[FunnelPoint, ...]
    curve: tuple[Limits, ...]
    own: bool
    notes: tuple[Term, ...] = ()
