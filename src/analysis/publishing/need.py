"""The cells of the need on the reference path, as sentences and charts share them."""

from __future__ import annotations

from analysis.publishing.arithmetic import bridge_digits
from analysis.publishing.atoms import Derived, Month, Term
from analysis.publishing.naming import part_label
from analysis.publishing.objects import Step
from analysis.publishing.rounding import Digits, printed
from analysis.reference.parts import CAUSES, SHOWN
from analysis.tables.protected import REFERENCE, Cell, ProtectedReport


def horizon(report: ProtectedReport) -> Month:
    """The month that the first year's forecast reaches."""
    return Month(report.about["horizon"])


def last_month(report: ProtectedReport) -> Month:
    """The month that the last year of the forecast reaches."""
    first = report.about["horizon"]
    year = max(report.keys("bridge", "column", layer=REFERENCE), default=first[:4])
    return Month(f"{year}-{first[5:7]}")


def need(report: ProtectedReport, part: str) -> Cell:
    """A cell of the bridge in the forecast's first year, reference path."""
    return report.cell("bridge", part, horizon(report).key[:4], layer=REFERENCE)


def steps(report: ProtectedReport) -> tuple[Step, ...]:
    """The parts of the need that the edition holds."""
    found = [Step(part_label(part), need(report, part)) for part in SHOWN]
    return tuple(step for step in found if step.cell.status != "missing")


def bridge_digits_of(report: ProtectedReport) -> Digits:
    """The printed values of the bridge: those of its chart, so that sentences and chart say the same."""
    gap, gross = need(report, "gap"), need(report, "recruitment")
    total = Step(Term("bridge.gap", {"month": horizon(report)}), gap)
    return bridge_digits(steps(report), total, Step(Term("bridge.recruitment"), gross) if gross.shown else None)


def left(report: ProtectedReport) -> Derived | None:
    """Posts that fall free in the first year: the chart's printed parts of those who leave; None where one is withheld.

    Posts that are free already (``opening``) and new ones (``need_change``) are not among them.
    """
    cells = [need(report, cause) for cause in CAUSES]
    if any(cell.status == "withheld" for cell in cells):
        return None
    digits = bridge_digits_of(report)
    shown = {cell: figure.value for cell in cells if (figure := printed(cell, digits)) is not None}
    return Derived(float(sum(shown.values())), tuple(shown)) if shown else None
