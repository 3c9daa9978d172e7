"""How far forecasts of empty posts may miss: futures drawn through the law, and their reach learnt at earlier origins.

In each future hazards are those of the law times what is unknown of them (Gamma over the posts they rest on) and a
level of each year; posts fall empty one by one (Poisson) around their mean times a level of the year, and are filled or
withdrawn one by one (binomial), so that hires respond inside every future. Levels of a year scatter as they have: the
variance of yearly fills and openings of the whole over what was expected, beyond chance.

The spread of these futures is taken on the scale of square roots, on which counts scatter alike at every level. An
interval reaches as many of these spreads as four misses in five have stayed within at earlier origins, per horizon, a
sample of normal misses counted among them (``spread``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.reference import policy
from analysis.staffing.posts.empty_posts import YEAR
from analysis.staffing.posts.law import Posts, coming, fitted, window_of
from analysis.staffing.supply.miss import PRIOR_MISSES, reach_of

SHIFT = 0.375
"""Added before the square root (Anscombe 1948, Biometrika 35)."""
FEW = 120
EVERY = 6
"""Draws at an earlier origin, and months between those that are tried."""


def draw(
    known: Posts,
    horizons: tuple[int, ...],
    *,
    rng: np.random.Generator,
    draws: int,
    window: int | None = None,
    over: int | None = None,
) -> np.ndarray:
    """Futures of empty posts, [draws × horizons × units] in full-time equivalents.

    Args:
        known: posts up to the origin.
        horizons: months ahead.
        rng: seeded generator; the same months are drawn alike however many follow.
        draws: number of futures.
        window: months that hazards rest on, where known (``law.windows_of``).
        over: how many of the horizons are wanted; the others stay nought.
    """
    window = window_of(known) if window is None else window
    rates = fitted(known, window)
    wanted = horizons[:over]
    months = max(wanted, default=0)
    first = (len(known.months) + int(known.months[0].month) - 1) % YEAR
    arriving = np.maximum(coming(known, window, max(months, 1)), 0.0)
    each = size_of(known)
    code, names = known.codes(known.by)
    filled = np.bincount(code, known.filled[-window:].sum(axis=0), minlength=len(names)) / each
    # what is known of an occupation's hazard: its own posts, and as many again of what it is drawn to
    shape = np.maximum(filled + 10.0, 10.0)
    unsure = rng.gamma(shape, 1.0 / shape, (draws, len(names)))[:, code]
    years = -(-max(horizons) // YEAR)
    fills, openings = (_levels(rng, sd, draws, years, window) for sd in level_spread(known))
    now = np.rint(np.repeat(known.open[-1:] / each, draws, axis=0)).astype(np.int64)
    found = np.zeros((draws, len(horizons), len(known.index)))
    for month in range(months):
        year = month // YEAR
        fill = np.clip(rates.fill * rates.season[(first + month) % YEAR] * unsure * fills[:, year, None], 0.0, 1.0)
        # filled or withdrawn: what is left open is the same
        ends = 1.0 - (1.0 - fill) * (1.0 - np.clip(rates.withdraw, 0.0, 1.0))
        now = now - rng.binomial(now, ends) + rng.poisson(arriving[month] / each * openings[:, year, None])
        if month + 1 in wanted:
            found[:, horizons.index(month + 1)] = now * each
    return found


def size_of(known: Posts) -> float:
    """Full-time equivalents of one post: mean of what was opened where something was."""
    opened = known.opened[known.opened > 0]
    return float(np.median(opened)) if len(opened) else 1.0


def _levels(rng: np.random.Generator, sd: float, draws: int, years: int, window: int) -> np.ndarray:
    """Level of each year against that of the months behind, which is a mean of few years itself, [draws × years]."""
    behind = sd / np.sqrt(max(1.0, window / YEAR))
    level = rng.normal(0.0, behind, (draws, 1)) + rng.normal(0.0, sd, (draws, years))
    return np.exp(level - 0.5 * (sd**2 + behind**2))


def level_spread(known: Posts) -> tuple[float, float]:
    """Standard deviation of the log level of a year's fills and openings, beyond chance."""
    each, least = size_of(known), policy().recruitment.least_level
    whole = len(known.months) // YEAR * YEAR
    found = []
    exposure = known.open[:-1].sum(axis=1)
    for events, over in ((known.filled, exposure), (known.opened, np.ones(len(exposure)))):
        seen, base = (values[-whole:].reshape(-1, YEAR).sum(axis=1) for values in (events.sum(axis=1) / each, over))
        if whole < 3 * YEAR or base.sum() <= 0 or seen.sum() <= 0:
            found.append(2 * least)
            continue
        expected = base * seen.sum() / base.sum()
        variance = float(np.mean(((seen - expected) ** 2 - expected) / expected**2)) * len(seen) / (len(seen) - 1)
        found.append(float(np.sqrt(max(variance, least**2))))
    return found[0], found[1]


def spreads(futures: np.ndarray, member: np.ndarray, shown: np.ndarray, law: np.ndarray) -> np.ndarray:
    """Spread of the square root of what is shown, summed by ``member``: [horizons × sums].

    Futures scatter around the law, and what is shown lies elsewhere: that the two disagree is uncertainty of its own,
    and its square is added (the variance between models; Hoeting et al. 1999, Statistical Science 14).

    Args:
        futures: [draws × horizons × units].
        member: units in each sum [units × sums].
        shown: forecast shown [horizons × units].
        law: what the law expects [horizons × units].
    """
    drawn: np.ndarray = np.sqrt(futures @ member + SHIFT).std(axis=0)
    said, expected = (np.sqrt(np.maximum(values @ member, 0.0) + SHIFT) for values in (shown, law))
    return np.maximum(np.hypot(drawn, said - expected), 1e-3)


@dataclass(frozen=True)
class Reach:
    """How many spreads an interval reaches, per horizon: of departments and of the whole."""

    department: np.ndarray
    whole: np.ndarray


def bounds(forecast: np.ndarray, spread: np.ndarray, reach: np.ndarray | float) -> tuple[np.ndarray, np.ndarray]:
    """Interval that is to hold four outcomes in five."""
    root = np.sqrt(np.maximum(forecast, 0.0) + SHIFT)
    low = np.maximum(root - reach * spread, 0.0) ** 2 - SHIFT
    high = (root + reach * spread) ** 2 - SHIFT
    return np.maximum(low, 0.0), high


def chance_of(least: float, forecast: np.ndarray, spread: np.ndarray, reach: np.ndarray | float) -> np.ndarray:
    """Probability that at least ``least`` posts stand empty, from a normal whose four in five is the interval."""
    limit = np.sqrt(least - 0.5 + SHIFT)
    root = np.sqrt(np.maximum(forecast, 0.0) + SHIFT)
    chance: np.ndarray = stats.norm.sf(limit, loc=root, scale=spread * reach / stats.norm.ppf(0.9))
    return chance


def misses(forecast: np.ndarray, observed: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """Misses in spreads."""
    apart: np.ndarray = np.abs(np.sqrt(np.maximum(observed, 0.0) + SHIFT) - np.sqrt(np.maximum(forecast, 0.0) + SHIFT))
    return apart / spread


def learnt_reach(units: np.ndarray, months: int, *, whole: bool = False) -> float:
    """How many spreads four misses in five have stayed within, with the sample of normal misses.

    Args:
        units: misses in spreads at origins ``EVERY`` months apart.
        months: the horizon. Origins within it of each other share what happened: they count for less.
        whole: misses of the whole organisation.
    """
    return reach_of(units, PRIOR_MISSES[1 if whole else 0] * max(1.0, months / EVERY))
