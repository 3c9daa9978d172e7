"""Which forecast is shown: a blend with shares learnt from every earlier origin, or the last value.

Candidates are the last value, the law of empty posts and recent means. The shares are those, on a grid of quarters,
with the least sum of absolute misses over every earlier origin whose outcome was known by then, all units together; the
last value keeps a share (``policy.toml``). The blend is shown where it has come closer than the last value by so many
standard errors of that gain, over all earlier origins and over the latest of them; where it has not, or
nothing has passed to judge by, the last value is. The standard error has two parts: units differ (the origins of a unit
count as one), and all units share their times, in which origins within a horizon of each other overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from analysis.reference import policy
from analysis.reference.policies import Recruitment

QUARTERS = 4
LAST = "last"
BLEND = "blend"


@dataclass(frozen=True)
class Choice:
    """What earlier origins taught.

    ``shares`` of the candidates, the last value first, summing to one. ``gain``: share of the last value's misses that
    the blend has saved. ``error``: its standard error. ``origins``: how many were over.
    """

    shares: np.ndarray
    gain: float
    error: float
    origins: int

    @property
    def method(self) -> str:
        """``last`` or ``blend``."""
        return LAST if self.shares[0] == 1.0 else BLEND


@cache
def grid(candidates: int, least_last: float) -> np.ndarray:
    """Ways to share quarters, [ways × candidates], the last value alone first; it keeps at least ``least_last``."""
    ways = [way for way in product(range(QUARTERS, -1, -1), repeat=candidates) if sum(way) == QUARTERS]
    return np.array([way for way in ways if way[0] >= least_last * QUARTERS]) / QUARTERS


def learnt(candidates: np.ndarray, observed: np.ndarray, *, overlap: int, rule: Recruitment | None = None) -> Choice:
    """Learn the shares.

    Args:
        candidates: forecasts at earlier origins [candidates × origins × units], the last value first, origins in order.
        observed: what happened [origins × units].
        overlap: origins within one horizon of each other.
        rule: least share of the last value, latest origins that must have won and by how much; the policy's where not
        given.
    """
    rule = rule or policy().recruitment
    count, origins = len(candidates), len(observed)
    last_alone = np.eye(1, count)[0]
    if origins == 0 or observed.shape[1] < 2:
        return Choice(last_alone, 0.0, 0.0, origins)
    ways = grid(count, rule.least_last)
    missed = np.array([_misses(candidates, observed, way).sum() for way in ways])
    best = ways[int(np.argmin(missed))]
    naive = _misses(candidates, observed, last_alone)
    gains = naive - _misses(candidates, observed, best)
    total = float(naive.sum())
    gain, error = _gain(gains, overlap)
    lately = _gain(gains[-rule.recent :], overlap)
    least = rule.margin
    if best[0] == 1.0 or gain <= least * error or lately[0] <= least * lately[1]:
        return Choice(last_alone, gain / total if total > 0 else 0.0, error / total if total > 0 else 0.0, origins)
    return Choice(best, gain / total, error / total, origins)


def _gain(gains: np.ndarray, overlap: int) -> tuple[float, float]:
    """Sum of gains [origins × units] and its standard error, units apart."""
    by_unit, by_origin = gains.sum(axis=0), gains.sum(axis=1)
    apart = float(by_unit.std(ddof=1) * np.sqrt(len(by_unit)))
    return float(by_unit.sum()), float(np.hypot(apart, _in_time(by_origin, overlap)))


def _in_time(gains: np.ndarray, overlap: int) -> float:
    """Standard error of a sum over origins that overlap (Newey and West 1987, Econometrica 55)."""
    size = len(gains)
    rest = gains - gains.mean()
    variance = float(rest @ rest)
    for lag in range(1, min(overlap, size)):
        variance += 2.0 * (1.0 - lag / overlap) * float(rest[lag:] @ rest[:-lag])
    return float(np.sqrt(max(variance, 0.0)))


def _misses(candidates: np.ndarray, observed: np.ndarray, shares: np.ndarray) -> np.ndarray:
    return np.abs(blended(candidates, shares) - observed)


def blended(candidates: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """The blend of candidates [candidates × …]."""
    mixed: np.ndarray = np.tensordot(shares, candidates, axes=1)
    return mixed


def halved(shares: np.ndarray, long: tuple[int, ...]) -> np.ndarray:
    """Shares with those of the long candidates halved, the rest to the last value."""
    found = shares.copy()
    found[list(long)] /= 2.0
    found[0] += 1.0 - found.sum()
    return found
