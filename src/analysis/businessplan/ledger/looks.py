"""Repeated looks: how much of the chance of error each further year may spend.

A measure is looked at once for every whole year since its start, however many editions show that look. The chance of
error is spent as Lan and DeMets (1983, Biometrika 70, 659-663) propose, with a spending function of the kind of
O'Brien and Fleming: little early, most at the end. A look gets what is left of the spent amount since the look
before, and the amounts add up to the whole (Bonferroni), so that the promise holds whatever the looks have to do with
each other: it is kept rather than used up.
"""

from __future__ import annotations

from scipy.stats import norm, t


def spent(share: float, alpha: float) -> float:
    """Chance of error spent when a share of the planned years has been seen, both sides together."""
    if share <= 0:
        return 0.0
    return float(2.0 * norm.sf(norm.isf(alpha / 2.0) / min(share, 1.0) ** 0.5))


def at_look(year: int, planned: int, alpha: float) -> float:
    """Chance of error of the look after ``year`` whole years out of ``planned``, both sides together."""
    return spent(year / planned, alpha) - spent((year - 1) / planned, alpha)


def half_width(error: float, freedom: int, alpha: float) -> float:
    """Half of an interval with chance of error ``alpha``, both sides together (Student's t)."""
    return float(error * t.isf(alpha / 2.0, max(freedom, 1)))
