"""The cells of the recruitment need and of empty posts at the present pace, as sentences and charts share them."""

from __future__ import annotations

from decimal import Decimal

from analysis.publishing.objects.atoms import Derived, Month, Term
from analysis.publishing.objects.stock import Step
from analysis.publishing.words.arithmetic import bridge_digits
from analysis.publishing.words.naming import part_label
from analysis.publishing.words.rounding import Digits, printed
from analysis.reference.parts import CAUSES, FILLED, NEEDED, OTHER_CAUSES
from analysis.tables.protected import ORGANISATION, REFERENCE, Cell, ProtectedReport

ROWS = tuple(part for cause in NEEDED for part in ((cause, OTHER_CAUSES) if cause == CAUSES[-1] else (cause,)))
"""Parts of the recruitment need in the order of the page, joined causes after the others."""


def horizon(report: ProtectedReport) -> Month:
    """The month that the first year's forecast reaches."""
    return Month(report.about["horizon"])


def last_month(report: ProtectedReport) -> Month:
    """The month that the last year of the forecast reaches."""
    first = report.about["horizon"]
    year = max(report.keys("bridge", "column", layer=REFERENCE), default=first[:4])
    return Month(f"{year}-{first[5:7]}")


def need(report: ProtectedReport, part: str, *, department: str | None = None) -> Cell:
    """A cell of the bridge in the forecast's first year, at the present pace."""
    return report.cell("bridge", part, horizon(report).key[:4], layer=REFERENCE, department=department)


def needed_steps(report: ProtectedReport) -> tuple[Step, ...]:
    """The parts of the recruitment need that the edition holds."""
    return _held(report, ROWS)


def filled_steps(report: ProtectedReport) -> tuple[Step, ...]:
    """What fills posts at the present pace."""
    return _held(report, FILLED)


def _held(report: ProtectedReport, parts: tuple[str, ...]) -> tuple[Step, ...]:
    found = [Step(part_label(part), need(report, part)) for part in parts]
    return tuple(step for step in found if step.cell.status != "missing")


def bridge_digits_of(report: ProtectedReport) -> Digits:
    """The printed values of the bridge: those of its chart, so that sentences and chart say the same."""
    month = {"month": horizon(report)}
    total = Step(Term("bridge.recruitment_need"), need(report, "recruitment_need"))
    empty = Step(Term("bridge.empty", month), need(report, "empty"))
    return bridge_digits(needed_steps(report), total, filled_steps(report), empty)


def filled(report: ProtectedReport) -> Derived | None:
    """Posts filled at the present pace: the chart's printed parts; None where one is withheld or none is held."""
    cells = [step.cell for step in filled_steps(report)]
    if not cells or any(cell.status == "withheld" for cell in cells):
        return None
    digits = bridge_digits_of(report)
    shown = {cell: figure.value for cell in cells if (figure := printed(cell, digits)) is not None}
    return Derived(float(-sum(shown.values(), Decimal(0))), tuple(shown)) if shown else None


def chances(report: ProtectedReport) -> dict[int, Cell]:
    """Probability that at least so many posts are empty at the horizon, by how many; only what is shown."""
    year = horizon(report).key[:4]
    found = {
        int(key): report.cell("chances", key, year, layer=REFERENCE) for key in report.keys("chances", layer=REFERENCE)
    }
    return {least: cell for least, cell in sorted(found.items()) if cell.shown}


def method(report: ProtectedReport) -> str:
    """What the empty posts of the horizon are: ``blend``, ``last`` (the last value) or ``unjudged``.

    Unjudged is a forecast where no adverts are recorded that an earlier one could be tried on.
    """
    blend = report.cell("posts_record", "empty", "shown", layer="12", department=ORGANISATION)
    if not blend.shown:
        return "unjudged"
    return "blend" if (blend.value or 0.0) >= 0.5 else "last"
