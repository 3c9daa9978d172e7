"""How the empty posts of forecast groups answer: to what falls empty, and to how fast posts are filled.

What stays empty at the present pace is the forecast that is shown (``posts_record``). A measure changes what falls
empty or how fast it is filled, and the law of empty posts (``recruitment``) says what that does by each year's end.
With L the law's level at the present pace and L' that with the measure:

    empty' = empty · min(1, L' / L) + max(0, L' − L)

So a measure takes away a share of what stands empty and never more than all of it, however large it is: with half as
many posts falling empty, half as many stand empty in the long run. Withdrawn posts are advertised again, so that what
falls empty is counted net of them and only a hire ends a gap.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.staffing.posts import futures
from analysis.staffing.posts.empty_posts import YEAR
from analysis.staffing.posts.law import Rates, coming, fitted, project, rates_from_hires
from analysis.staffing.posts.record import Outlook
from analysis.workforce.groups import sum_to_groups

NORMAL = 1.2815515655446004
"""Spreads that four outcomes in five of a normal lie within."""


@dataclass(frozen=True)
class Filling:
    """Empty posts of forecast groups at the present pace, and what the law makes of a change.

    ``shown``: full-time equivalents that stand empty at each year's end [years × groups]. ``start``: empty at the
    cut-off [groups]. ``opened``: falls empty, net of what is advertised again [months × groups]. ``rates``: monthly
    hazards by group. ``first``: calendar month of the first month ahead, 0 = January. ``known``: are empty posts known
    at all? Without adverts and without a budget no gap is stated. ``seen``: the forecast from adverts, or None.
    ``units``: which of its units belong to which group [units × groups].
    """

    shown: np.ndarray
    start: np.ndarray
    opened: np.ndarray
    rates: Rates
    first: int = 0
    known: bool = True
    seen: Outlook | None = None
    units: np.ndarray | None = None

    @property
    def years(self) -> int:
        """Forecast years."""
        return len(self.shown)

    def law(self, more: np.ndarray | float = 0.0, pace: np.ndarray | float = 1.0) -> np.ndarray:
        """The law's level at each year's end, [years × groups].

        Args:
            more: full-time equivalents a year that fall empty beyond the present pace [years × groups].
            pace: factor on the hazard of being filled [years × groups].
        """
        shape = self.shown.shape
        more, pace = np.broadcast_to(more, shape), np.broadcast_to(pace, shape)
        now, levels = self.start, np.zeros(shape)
        for year in range(self.years):
            months = slice(YEAR * year, YEAR * (year + 1))
            opened = np.maximum(self.opened[months] + more[year] / YEAR, 0.0)
            own = replace(self.rates, fill=self.rates.fill * pace[year], withdraw=np.zeros(shape[1]))
            level, _, _ = project(now, opened, own, first=self.first)
            now = level[-1]
            levels[year] = np.maximum(now, 0.0)
        return levels

    def empty(self, more: np.ndarray | float = 0.0, pace: np.ndarray | float = 1.0) -> np.ndarray:
        """Full-time equivalents that stand empty at each year's end after a change, [years × groups].

        Args:
            more: as for ``law``; below nought where fewer fall empty.
            pace: as for ``law``.
        """
        before, after = self.law(), self.law(more, pace)
        share = np.divide(after, before, out=np.ones(before.shape), where=before > 0)
        return self.shown * np.minimum(share, 1.0) + np.maximum(after - before, 0.0)

    def spread(self, member: np.ndarray) -> np.ndarray:
        """Half an interval on the scale of square roots (``posts_futures``), [years × sums].

        Args:
            member: groups in each sum [groups × sums]; the last is the whole.
        """
        if self.seen is None or self.units is None:
            # no record of adverts: chance alone, once behind and once for every year ahead
            ahead = np.arange(1, self.years + 1)[:, None]
            return np.broadcast_to(0.5 * NORMAL * np.sqrt(1.0 + ahead), (self.years, member.shape[1]))
        reach = np.repeat(self.seen.reach.department[:, None], member.shape[1], axis=1)
        reach[:, -1] = self.seen.reach.whole
        # what lies further ahead is never surer
        found: np.ndarray = np.maximum.accumulate(self.seen.spread(self.units @ member) * reach, axis=0)
        return found


def filling_of(seen: Outlook, index: pd.MultiIndex, years: int) -> Filling:
    """From adverts: units of the adverts summed to forecast groups.

    Args:
        seen: forecast of empty posts, horizons of whole years up to ``years``.
        index: (department, occupation) of the forecast groups.
        years: forecast years.
    """
    posts, size = seen.posts, len(index)
    keys = [posts.index.get_level_values(name) for name in ("department", "occupation")]
    group = index.get_indexer(pd.MultiIndex.from_arrays(keys))
    member = (group[:, None] == np.arange(size)).astype(float)
    rates = fitted(posts, seen.window)
    weight = posts.open[:-1][-seen.window :].mean(axis=0)
    fill = _mean(rates.fill[None, :], weight, member)[0]
    season = _mean(rates.season, weight * rates.fill, member)
    net = replace(posts, opened=posts.opened - posts.withdrawn)
    opened = np.maximum(coming(net, seen.window, YEAR * years) @ member, 0.0)
    first = (len(posts.months) + int(posts.months[0].month) - 1) % YEAR
    own = Rates(fill, np.zeros(size), season, rates.window)
    return Filling(seen.empty[:years] @ member, posts.open[-1] @ member, opened, own, first, seen=seen, units=member)


def _mean(values: np.ndarray, weight: np.ndarray, member: np.ndarray) -> np.ndarray:
    """Weighted means by group; that of all where a group has no weight, [rows × groups]."""
    total = weight @ member
    whole = (values @ weight) / max(float(weight.sum()), 1e-12)
    sums = (values * weight) @ member
    return np.divide(sums, total, out=np.repeat(whole[:, None], len(total), axis=1), where=total > 0)


def filling_from_budget(
    groups: pd.DataFrame,
    index: pd.MultiIndex,
    opening: np.ndarray,
    *,
    budget: pd.DataFrame,
    cells: pd.DataFrame,
    flows: pd.DataFrame,
    years: int,
    first: int = 0,
) -> Filling:
    """Without adverts: hires over budgeted posts beyond those in post; what stands empty stays (the last value).

    Args:
        groups: result of ``forecast_groups``.
        index: (department, occupation) of the groups.
        opening: budgeted posts less those in post at the cut-off [groups]; below nought more are in post than budgeted.
        budget: clean table ``budgeted_posts``.
        cells: risk cells of all origins.
        flows: result of ``workforce.flows``.
        years: forecast years.
        first: calendar month of the first month ahead, 0 = January.
    """
    size, keys = len(index), ["department", "occupation"]

    def of_groups(rows: pd.DataFrame, value: str) -> np.ndarray:
        sums = sum_to_groups(rows, groups, by=[], values=[value]).set_index(keys)[value]
        return sums.reindex(index).fillna(0.0).to_numpy(dtype=float)

    def short(origin: str) -> np.ndarray:
        posts = of_groups(budget[budget["year"] == cutoff(origin).year], "posts")
        held = of_groups(cells[cells["origin"] == origin], "fte")
        # a group without a budget that year is not known to lack anyone
        return np.where(posts > 0, np.maximum(posts - held, 0.0), 0.0)

    hired = flows[flows["part"] == "hires"]
    known = [origin for origin in sorted(hired["origin"].unique()) if (budget["year"] == cutoff(origin).year).any()]
    came = np.zeros((len(known), size))
    stood = np.zeros((len(known), size))
    for row, origin in enumerate(known):
        after = shift(origin, YEAR)
        ends = short(after) if (budget["year"] == cutoff(after).year).any() else short(origin)
        came[row] = of_groups(hired[hired["origin"] == origin], "fte")
        stood[row] = YEAR * (short(origin) + ends) / 2.0
    rates = rates_from_hires(came, stood, np.arange(size))
    return _standing(opening, rates, years, first)


def filling_of_opening(opening: np.ndarray, hires: np.ndarray, *, years: int, first: int = 0) -> Filling:
    """Where only the opening gap is known: as many are hired a year as of late, and what stands empty stays.

    Args:
        opening: full-time equivalents that stand empty [groups]; below nought a surplus.
        hires: full-time equivalents hired a year as of late [groups].
        years: forecast years.
        first: calendar month of the first month ahead, 0 = January.
    """
    start = np.maximum(opening, 0.0)
    rates = rates_from_hires(hires[None], YEAR * start[None], np.arange(len(opening)))
    return _standing(opening, rates, years, first)


def _standing(opening: np.ndarray, rates: Rates, years: int, first: int) -> Filling:
    """What stands empty has stood: as much falls empty as is filled."""
    start = np.maximum(opening, 0.0)
    opened = np.repeat((rates.fill * start)[None], YEAR * years, axis=0)
    return Filling(np.repeat(opening[None], years, axis=0), start, opened, rates, first)


def unknown(size: int, years: int) -> Filling:
    """Neither adverts nor a budget: no gap is stated."""
    nothing = np.zeros((years, size))
    rates = Rates(np.zeros(size), np.zeros(size), np.ones((YEAR, size)), 0)
    return Filling(nothing, np.zeros(size), np.zeros((YEAR * years, size)), rates, known=False)


def interval(expected: np.ndarray, half: np.ndarray, apart: np.ndarray | float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Ends that four outcomes in five lie within, none where a surplus is expected.

    Args:
        expected: full-time equivalents.
        half: half the interval on the scale of square roots.
        apart: half the distance, on that scale, between a measure's ends: it adds in squares.
    """
    low, high = futures.bounds(expected, np.hypot(half, apart), 1.0)
    return np.minimum(low, expected), np.maximum(high, expected)


def root(expected: np.ndarray) -> np.ndarray:
    """The scale of square roots."""
    found: np.ndarray = np.sqrt(np.maximum(expected, 0.0) + futures.SHIFT)
    return found
