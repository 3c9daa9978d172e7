"""Empty posts: what is shown, its interval, and the record of both beside the last value, with that of the need."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.staffing.posts import futures
from analysis.staffing.posts.blending import Choice
from analysis.staffing.posts.empty_posts import Ahead, choices, forecast_all, shown
from analysis.staffing.posts.law import Posts, window_of
from analysis.staffing.posts.need_record import RECORD, month_named, need_record
from analysis.tables.protected import ORGANISATION

EMPTY = "empty"


@dataclass(frozen=True)
class Outlook:
    """The open origin and the record of earlier ones.

    ``posts``: by month, department and occupation. ``empty``: shown at each horizon [horizons × units]. ``law``: what
    the law alone expects there. ``drawn``: futures [draws × horizons × units]. ``reach``: of departments and the whole,
    [horizons]. ``chosen``: per horizon. ``record``: DataFrame[RECORD] of origins that are over at the horizon;
    ``horizon`` in months. ``window``: months that the hazards rest on.
    """

    posts: Posts
    empty: np.ndarray
    law: np.ndarray
    drawn: np.ndarray
    reach: futures.Reach
    chosen: list[Choice]
    record: pd.DataFrame
    window: int

    def spread(self, member: np.ndarray) -> np.ndarray:
        """Spread of what is shown, summed by ``member`` [units × sums]: [horizons × sums]."""
        return futures.spreads(self.drawn, member, self.empty, self.law)


def outlook(posts: Posts, horizons: tuple[int, ...], *, seed: int, draws: int) -> Outlook:
    """Forecast from the last month, judged by every earlier one.

    Args:
        posts: posts by month.
        horizons: months ahead, whole years.
        seed: seed of every draw; each origin has a stream of its own.
        draws: futures of the open origin.
    """
    ahead = forecast_all(posts, horizons=horizons)
    chosen = choices(ahead)
    said = shown(ahead, chosen)
    code, names = posts.codes("department")
    member = np.hstack([np.eye(len(names))[code], np.ones((len(code), 1))])
    tried = np.flatnonzero((ahead.origins[-1] - ahead.origins) % futures.EVERY == 0)[:-1]
    spread = {int(place): _spread_at(ahead, said, int(place), member, seed) for place in tried}
    reach, record = _judged(ahead, said, chosen, member, [*names, ORGANISATION], spread)
    drawn = futures.draw(posts, horizons, rng=np.random.default_rng([seed, len(posts.months)]), draws=draws)
    need = need_record(posts, ahead.origins, horizons, [*names, ORGANISATION], member)
    both = pd.concat([record, need], ignore_index=True)
    law = ahead.candidates[1, -1]
    return Outlook(posts, said[-1], law, drawn, reach, chosen[-1], both[RECORD], window_of(posts))


def _spread_at(ahead: Ahead, said: np.ndarray, place: int, member: np.ndarray, seed: int) -> np.ndarray:
    """Spread of what is shown at an earlier origin, [horizons × sums]; nought beyond the horizons that are over."""
    origin = int(ahead.origins[place])
    over = sum(origin + months < len(ahead.posts.open) for months in ahead.horizons)
    spread = np.zeros((len(ahead.horizons), member.shape[1]))
    if over:
        rng = np.random.default_rng([seed, origin])
        drawn = futures.draw(ahead.posts.until(origin), ahead.horizons, rng=rng, draws=futures.FEW, over=over)
        law = ahead.candidates[1, place, :over]
        spread[:over] = futures.spreads(drawn[:, :over], member, said[place, :over], law)
    return spread


def _judged(
    ahead: Ahead,
    said: np.ndarray,
    chosen: list[list[Choice]],
    member: np.ndarray,
    names: list[str],
    spread: dict[int, np.ndarray],
) -> tuple[futures.Reach, pd.DataFrame]:
    """Intervals at earlier origins from what still earlier ones missed by, and the reach that all of them teach."""
    sums, seen, last = said @ member, ahead.observed @ member, ahead.candidates[0] @ member
    reach = np.zeros((2, len(ahead.horizons)))
    tables = []
    shorter: dict[int, np.ndarray] = {}
    half = {place: np.zeros(sums.shape[2]) for place in spread}
    for column, months in enumerate(ahead.horizons):
        units = {
            place: futures.misses(sums[place, column], seen[place, column], spread[place][column])
            for place in spread
            if np.isfinite(seen[place, column, 0])
        }
        now: dict[int, np.ndarray] = {}
        for place in units:
            origin = ahead.origins[place]
            over = [units[other] for other in units if ahead.origins[other] + months <= origin]
            # what was known then: where nothing was over at this horizon, the reach of the shorter one
            own = _reaches(over, months, shorter.get(place) if not over else None)
            now[place] = own
            each = np.append(np.full(len(names) - 1, own[0]), own[1])
            # what lies further ahead is never surer
            half[place] = np.maximum(half[place], spread[place][column] * each)
            low, high = futures.bounds(sums[place, column], half[place], 1.0)
            tables.append(
                pd.DataFrame(
                    {
                        "origin": month_named(ahead.posts, int(origin)), "horizon": months, "department": names,
                        "quantity": EMPTY, "forecast": sums[place, column], "low": low, "high": high,
                        "observed": seen[place, column], "last": last[place, column],
                        "method": chosen[place][column].method,
                    }
                )
            )  # fmt: skip
        shorter = now
        reach[:, column] = _reaches(
            list(units.values()), months, reach[:, column - 1] if column and not units else None
        )
    record = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=RECORD)
    return futures.Reach(reach[0], reach[1]), record


def _reaches(units: list[np.ndarray], months: int, shorter: np.ndarray | None) -> np.ndarray:
    """Reach of departments and the whole; that of the shorter horizon where nothing has passed at this one."""
    if shorter is not None:
        return shorter
    every = np.array(units).reshape(len(units), -1) if units else np.zeros((0, 1))
    return np.array(
        [
            futures.learnt_reach(every[:, :-1].ravel(), months),
            futures.learnt_reach(every[:, -1].ravel(), months, whole=True),
        ]
    )
