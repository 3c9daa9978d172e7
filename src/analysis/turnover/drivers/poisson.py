"""Counts against what was to be expected: intervals of a ratio and the limits that chance allows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

_STEPS = 80  # halvings of the interval searched: far below any digit that is printed


def mid_p_interval(observed: np.ndarray, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Mid-P interval of Poisson means.

    The lower end is the mean at which P(X > x) + P(X = x) / 2 is half of what the level leaves, the upper end the one
    at which P(X < x) + P(X = x) / 2 is. Exact intervals cover more than they say; these cover it on average
    (Berry and Armitage 1995, The Statistician 44).

    Args:
        observed: counts.
        level: coverage, for instance 0.95.

    Returns:
        Lower and upper ends, as long as ``observed``; the lower end of no event is zero.

    >>> low, high = mid_p_interval(np.array([0, 10]), level=0.95)
    >>> [round(float(end), 2) for end in (*low, *high)]
    [0.0, 5.08, 3.0, 17.82]
    """
    count = np.asarray(observed, dtype=float)
    tail = (1.0 - level) / 2

    def above(mean: np.ndarray) -> np.ndarray:
        """P(X > x) + P(X = x) / 2, which rises with the mean."""
        return 1.0 - special.pdtr(count, mean) + 0.5 * _mass(count, mean)

    most = count + 10.0 * np.sqrt(count + 1.0) + 10.0
    low = np.where(count > 0, _solve(lambda mean: above(mean) - tail, most), 0.0)
    return low, _solve(lambda mean: above(mean) - (1.0 - tail), most)


def limits(expected: np.ndarray, *, level: float) -> tuple[np.ndarray, np.ndarray]:
    """Between which ratios of observed to expected chance alone keeps a count.

    Quantiles of the Poisson distribution, interpolated between whole numbers so that the limits fall smoothly as the
    expected number grows (Spiegelhalter 2005, Statistics in Medicine 24, appendix A.1).

    Args:
        expected: expected counts, above zero.
        level: coverage, for instance 0.95 or 0.998.

    Returns:
        Lower and upper limits of observed / expected.

    >>> low, high = limits(np.array([25.0]), level=0.95)
    >>> round(float(low[0]), 2), round(float(high[0]), 2)
    (0.61, 1.39)
    """
    mean = np.asarray(expected, dtype=float)
    tail = (1.0 - level) / 2
    return _quantile(tail, mean) / mean, _quantile(1.0 - tail, mean) / mean


def _quantile(p: float, mean: np.ndarray) -> np.ndarray:
    whole = np.maximum(np.ceil(special.pdtrik(p, mean) - 1e-9), 0.0)
    reached = special.pdtr(whole, mean)
    return np.maximum(whole - (reached - p) / _mass(whole, mean), 0.0)


def _mass(count: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """P(X = count)."""
    with np.errstate(divide="ignore"):
        return np.exp(special.xlogy(count, mean) - mean - special.gammaln(count + 1.0))


def _solve(rising: Callable[[np.ndarray], np.ndarray], most: np.ndarray) -> np.ndarray:
    """Where a rising function of the mean crosses zero between nought and ``most``."""
    low, high = np.zeros_like(most), most.copy()
    for _ in range(_STEPS):
        middle = (low + high) / 2
        short = rising(middle) < 0
        low, high = np.where(short, middle, low), np.where(short, high, middle)
    return (low + high) / 2
