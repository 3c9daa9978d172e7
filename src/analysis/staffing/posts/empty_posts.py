"""Empty posts one to three years ahead at every origin, by unit, and which of the forecasts is shown.

At each origin only what was known then is used. Candidates are made for every department and occupation and add up: the
last value, the law (``recruitment``) and two means of the same unit, over a year with the ratio of the calendar month
and over the same month of three years. Which is shown is learnt by department (``blending``) and horizon, and holds for
every occupation in it, so that parts add up to their sums exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from analysis.reference import policy
from analysis.reference.policies import Recruitment
from analysis.staffing.posts.blending import Choice, blended, halved, learnt
from analysis.staffing.posts.law import Posts, coming, fitted, project, windows_of

HORIZONS = (12, 24, 36)
"""Months ahead."""
CANDIDATES = ("last", "law", "year", "three_years")
LONG = (CANDIDATES.index("three_years"),)
"""Candidates that are a long mean."""
YEAR, YEARS = 12, 3
RATIO_YEARS = 5
"""Years that a calendar month's ratio to the mean of its year rests on."""


@dataclass(frozen=True)
class Ahead:
    """Forecasts of empty posts.

    ``origins``: months passed at each. ``candidates``: [candidates × origins × horizons × units]. ``observed``:
    [origins × horizons × units], NaN where not yet over. ``posts``: what they are made from.
    """

    posts: Posts
    origins: np.ndarray
    horizons: tuple[int, ...]
    candidates: np.ndarray
    observed: np.ndarray

    def of(self, level: str | None) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Candidates and outcomes summed by a level of the index (all units for None), and its names."""
        if level is None:
            return self.candidates.sum(-1, keepdims=True), self.observed.sum(-1, keepdims=True), ["all"]
        code, names = self.posts.codes(level)
        member = np.eye(len(names))[code]
        return self.candidates @ member, self.observed @ member, names


def forecast_all(
    posts: Posts,
    origins: Sequence[int] | None = None,
    *,
    horizons: tuple[int, ...] = HORIZONS,
) -> Ahead:
    """Every candidate at every origin.

    Args:
        posts: posts by month.
        origins: months passed at each origin; every month from the least on (``policy.toml``) where not given.
        horizons: months ahead.
    """
    made = np.array(range(policy().recruitment.least_months, len(posts.months) + 1) if origins is None else origins)
    size = len(posts.index)
    table = np.zeros((len(CANDIDATES), len(made), len(horizons), size))
    seen = np.full((len(made), len(horizons), size), np.nan)
    windows = windows_of(posts)
    for place, origin in enumerate(made):
        known = posts.until(int(origin))
        table[:, place] = candidates_of(known, horizons, int(windows[origin]))
        for column, ahead in enumerate(horizons):
            if origin + ahead < len(posts.open):
                seen[place, column] = posts.open[origin + ahead]
    return Ahead(posts, made, horizons, table, seen)


def candidates_of(known: Posts, horizons: tuple[int, ...], window: int) -> np.ndarray:
    """Candidates from what is known, [candidates × horizons × units], for horizons of whole years.

    Args:
        known: posts up to the origin.
        horizons: months ahead.
        window: months that hazards rest on (``law.windows_of``).
    """
    rates = fitted(known, window)
    first = (len(known.months) + int(known.months[0].month) - 1) % YEAR
    arriving = coming(known, window, max(horizons))
    level = project(known.open[-1], arriving, rates, first=first)[0]
    law = np.maximum(level[np.array(horizons) - 1], 0.0)
    same = known.open[::-1][::YEAR][:YEARS]
    every = np.stack([known.open[-1], year_mean(known), same.mean(axis=0)])
    steady = np.repeat(every[:, None], len(horizons), axis=1)
    return np.stack([steady[0], law, steady[1], steady[2]])


def year_mean(known: Posts) -> np.ndarray:
    """Mean of the latest twelve months times the calendar month's usual ratio to such a mean, [units].

    The ratio is of the unit's group over the latest years, drawn to that of all units, and that to one.
    """
    code, names = known.codes(known.by)
    member = np.eye(len(names))[code]
    ends = np.arange(len(known.open) - 1, YEAR - 2, -YEAR)[:RATIO_YEARS]
    months = np.stack([known.open[end] for end in ends]).sum(axis=0) @ member
    means = np.stack([known.open[end - YEAR + 1 : end + 1].mean(axis=0) for end in ends])
    usual = means.sum(axis=0) @ member
    weight = policy().recruitment.season_weight
    whole = (months.sum() + weight) / (usual.sum() + weight)
    ratio = (months + weight * whole) / (usual + weight)
    found: np.ndarray = means[0] * ratio[code]
    return found


def outside(posts: Posts) -> np.ndarray:
    """Have the fills of late left the range of the long mean, when so many months had passed? [months + 1].

    Fills are those of all units over the post-months open, in the latest months (``outside_months``); the range is that
    of as many consecutive months within the three years before them. A break is seen there long before a mean of three
    years is about what follows it.
    """
    late = policy().recruitment.outside_months
    filled, stood = (
        np.concatenate([[0.0], np.cumsum(values.sum(axis=1))]) for values in (posts.filled, posts.open[:-1])
    )
    rate = np.full(len(filled), np.nan)
    exposure = stood[late:] - stood[:-late]
    rate[late:] = np.divide(filled[late:] - filled[:-late], exposure, out=np.zeros(len(exposure)), where=exposure > 0)
    found = np.zeros(len(filled), dtype=bool)
    for month in range(2 * late + YEAR, len(filled)):
        before = rate[max(late, month - YEAR * YEARS) : month - late + 1]
        found[month] = bool(rate[month] < before.min() or rate[month] > before.max())
    return found


def choices(ahead: Ahead, *, level: str = "department", rule: Recruitment | None = None) -> list[list[Choice]]:
    """What earlier origins had taught at each origin and horizon, judged by ``level``: [origins][horizons].

    The share of the long mean is halved while fills lie outside its range (``outside``), at horizons shorter than the
    mean itself: of what comes after as long a time half a year's fills tell less than it does.
    """
    table, seen, _ = ahead.of(level)
    left = outside(ahead.posts)
    result: list[list[Choice]] = []
    for origin in ahead.origins:
        own: list[Choice] = []
        for column, months in enumerate(ahead.horizons):
            over = ahead.origins + months <= origin
            if own and over.sum() < policy().recruitment.enough:
                own.append(own[-1])
                continue
            overlap = int(np.sum(ahead.origins < ahead.origins[0] + months))
            own.append(learnt(table[:, over, column], seen[over, column], overlap=overlap, rule=rule))
        if left[origin]:
            own = [
                replace(choice, shares=halved(choice.shares, LONG)) if months < YEAR * YEARS else choice
                for choice, months in zip(own, ahead.horizons, strict=True)
            ]
        result.append(own)
    return result


def shown(ahead: Ahead, chosen: list[list[Choice]]) -> np.ndarray:
    """The forecast that is shown at every origin and horizon, [origins × horizons × units]."""
    found = np.zeros(ahead.observed.shape)
    for place, own in enumerate(chosen):
        for column, choice in enumerate(own):
            found[place, column] = blended(ahead.candidates[:, place, column], choice.shares)
    return found
