"""Recruitment need at earlier origins: what was said, its interval, the last value and what happened.

Recruitment need of the months ahead is what stands empty at the origin and what falls empty after it (leavers and
change in need), whether it is then filled or not; its last value is the same with what fell empty in the year before.
What stands empty is known, so that only what falls empty can be missed. It is missed for three reasons, on the scale of
square roots, on which counts scatter alike at every level:

    chance in the months ahead      e / 4                      e: full-time equivalents of a post
    chance in the months behind     e / 4 · m · Σ w²           m: months ahead, w: weights of the months behind
    years that differ               σ² · F / 4 · (12 / m + Σ v²)   F: expected, v: weights of the years behind

A mean of twelve months that speaks for thirty-six is therefore far less certain than chance alone would have it. How
many such spreads an interval reaches is learnt at still earlier origins, per horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import policy
from analysis.staffing.posts import futures
from analysis.staffing.posts.blending import Choice, blended, learnt
from analysis.staffing.posts.empty_posts import YEAR
from analysis.staffing.posts.law import Posts

NEED = "recruitment_need"
RECORD = ["origin", "horizon", "department", "quantity", "forecast", "low", "high", "observed", "last", "method"]
BACK = (12, 24, 36)
"""Months behind that a mean of what fell empty rests on; the first is the last value."""


def month_named(posts: Posts, origin: int) -> str:
    """The month whose end is the origin."""
    return (posts.months[0] + pd.DateOffset(months=origin - 1)).strftime("%Y-%m")


@dataclass(frozen=True)
class _Said:
    """At one origin and horizon, for departments and, last, the whole: what falls empty, its spread, what came."""

    said: np.ndarray
    last: np.ndarray
    spread: np.ndarray
    came: np.ndarray
    method: str


def need_record(
    posts: Posts, origins: np.ndarray, horizons: tuple[int, ...], names: list[str], member: np.ndarray
) -> pd.DataFrame:
    """Forecasts of recruitment need beside the last value and the outcome, DataFrame[RECORD].

    Args:
        posts: posts by month.
        origins: months passed at each origin, in order.
        horizons: months ahead.
        names: of the sums, the whole last.
        member: units in each sum [units × sums].
    """
    # a post that is advertised again did not fall empty twice
    came = np.vstack([np.zeros(len(posts.index)), np.cumsum(posts.opened - posts.withdrawn, axis=0)]) @ member
    still = posts.open @ member
    tables = []
    for months in horizons:
        tried = _tried(posts, origins, months, came)
        for origin, own in tried.items():
            over = [other for past, other in tried.items() if past + months <= origin]
            missed = np.array([futures.misses(past.said, past.came, past.spread) for past in over])
            missed = missed.reshape(len(over), len(names))
            reach = np.full(len(names), futures.learnt_reach(missed[:, :-1].ravel(), months))
            reach[-1] = futures.learnt_reach(missed[:, -1], months, whole=True)
            low, high = futures.bounds(own.said, own.spread, reach)
            table = {
                "origin": month_named(posts, origin), "horizon": months, "department": names, "quantity": NEED,
                "forecast": still[origin] + own.said, "low": still[origin] + np.minimum(low, own.said),
                "high": still[origin] + high, "observed": still[origin] + own.came,
                "last": still[origin] + own.last, "method": own.method,
            }  # fmt: skip
            tables.append(pd.DataFrame(table))
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=RECORD)


def _tried(posts: Posts, origins: np.ndarray, months: int, came: np.ndarray) -> dict[int, _Said]:
    """Forecasts at every origin, half a year apart, whose outcome is known."""
    guesses = np.zeros((len(BACK), len(origins), came.shape[1]))
    outcome = np.full((len(origins), came.shape[1]), np.nan)
    for place, origin in enumerate(origins):
        for row, back in enumerate(BACK):
            begin = max(0, origin - back)
            guesses[row, place] = (came[origin] - came[begin]) * months / (origin - begin)
        if origin + months < len(came):
            outcome[place] = came[origin + months] - came[origin]
    overlap = int(np.sum(origins < origins[0] + months))
    found = {}
    for place, origin in enumerate(origins):
        if not np.isfinite(outcome[place, 0]) or (origins[-1] - origin) % futures.EVERY:
            continue
        over = origins + months <= origin
        alone = Choice(np.eye(1, len(BACK))[0], 0.0, 0.0, int(over.sum()))
        enough = over.sum() >= policy().recruitment.enough
        choice = learnt(guesses[:, over, :-1], outcome[over, :-1], overlap=overlap) if enough else alone
        said = blended(guesses[:, place], choice.shares)
        spread = _spread(posts.until(int(origin)), choice.shares, said, months)
        found[int(origin)] = _Said(said, guesses[0, place], spread, outcome[place], choice.method)
    return found


def _spread(known: Posts, shares: np.ndarray, said: np.ndarray, months: int) -> np.ndarray:
    """Spread of the square root of what falls empty, [sums]."""
    _, level = futures.level_spread(known)
    weights = np.zeros(max(BACK))
    for share, back in zip(shares, BACK, strict=True):
        weights[:back] += share / back
    years = weights.reshape(-1, YEAR).sum(axis=1)
    chance = futures.size_of(known) / 4.0 * (1.0 + months * float(weights @ weights))
    differ = level**2 * (YEAR / months + float(years @ years))
    spread: np.ndarray = np.sqrt(chance + differ * np.maximum(said, 0.0) / 4.0)
    return spread
