"""Empty posts and recruitment need: what is shown, its interval, and the record of both beside the last value.

Recruitment need of the months ahead is what stands empty at the origin and what falls empty after it (leavers and
change in need), whether it is then filled or not; its last value is the same with what fell empty in the months before.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.staffing import posts_futures as futures
from analysis.staffing.blending import Choice, blended, learnt
from analysis.staffing.empty_posts import ENOUGH, Ahead, choices, forecast_all, shown
from analysis.staffing.recruitment import Posts, window_of
from analysis.tables.protected import ORGANISATION

EMPTY, NEED = "empty", "recruitment_need"
RECORD = ["origin", "horizon", "department", "quantity", "forecast", "low", "high", "observed", "last", "method"]


@dataclass(frozen=True)
class Outlook:
    """The open origin and the record of earlier ones.

    ``posts``: by month, department and occupation. ``empty``: shown at each horizon [horizons × units]. ``drawn``:
    futures [draws × horizons × units]. ``reach``: of departments and the whole, [horizons]. ``chosen``: per horizon.
    ``record``: DataFrame[RECORD] of origins that are over at the horizon; ``horizon`` in months. ``window``:
    months that the hazards rest on.
    """

    posts: Posts
    empty: np.ndarray
    drawn: np.ndarray
    reach: futures.Reach
    chosen: list[Choice]
    record: pd.DataFrame
    window: int


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
    spread = {
        int(place): futures.spreads(
            futures.draw(
                posts.until(int(ahead.origins[place])),
                horizons,
                rng=np.random.default_rng([seed, int(ahead.origins[place])]),
                draws=futures.FEW,
            ),
            member,
        )
        for place in tried
    }
    reach, record = _judged(ahead, said, chosen, member, [*names, ORGANISATION], spread)
    drawn = futures.draw(posts, horizons, rng=np.random.default_rng([seed, len(posts.months)]), draws=draws)
    need = _need_record(posts, ahead, [*names, ORGANISATION], member)
    both = pd.concat([record, need], ignore_index=True)
    return Outlook(posts, said[-1], drawn, reach, chosen[-1], both[RECORD], window_of(posts))


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
            own = _reaches(over, shorter.get(place) if not over else None)
            now[place] = own
            each = np.append(np.full(len(names) - 1, own[0]), own[1])
            low, high = futures.bounds(sums[place, column], spread[place][column], each)
            tables.append(
                pd.DataFrame(
                    {
                        "origin": _name(ahead.posts, int(origin)), "horizon": months, "department": names,
                        "quantity": EMPTY, "forecast": sums[place, column], "low": low, "high": high,
                        "observed": seen[place, column], "last": last[place, column],
                        "method": chosen[place][column].method,
                    }
                )
            )  # fmt: skip
        shorter = now
        reach[:, column] = _reaches(list(units.values()), reach[:, column - 1] if column and not units else None)
    record = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=RECORD)
    return futures.Reach(reach[0], reach[1]), record


def _reaches(units: list[np.ndarray], shorter: np.ndarray | None) -> np.ndarray:
    """Reach of departments and the whole; that of the shorter horizon where nothing has passed at this one."""
    if shorter is not None:
        return shorter
    every = np.array(units).reshape(len(units), -1) if units else np.zeros((0, 1))
    return np.array(
        [futures.learnt_reach(every[:, :-1].ravel()), futures.learnt_reach(every[:, -1].ravel(), whole=True)]
    )


def _name(posts: Posts, origin: int) -> str:
    """The month whose end is the origin."""
    return (posts.months[0] + pd.DateOffset(months=origin - 1)).strftime("%Y-%m")


def _need_record(posts: Posts, ahead: Ahead, names: list[str], member: np.ndarray) -> pd.DataFrame:
    """Recruitment need at earlier origins: a blend of what fell empty of late, learnt as that of empty posts."""
    # a post that is advertised again did not fall empty twice
    came = np.vstack([np.zeros(len(posts.index)), np.cumsum(posts.opened - posts.withdrawn, axis=0)]) @ member
    still = posts.open @ member
    tables = []
    for months in ahead.horizons:
        size, origins = len(posts.months), ahead.origins
        guesses = np.zeros((3, len(origins), member.shape[1]))
        outcome = np.full((len(origins), member.shape[1]), np.nan)
        for place, origin in enumerate(origins):
            for row, back in enumerate((12, 24, 36)):
                begin = max(0, origin - back)
                guesses[row, place] = still[origin] + (came[origin] - came[begin]) * months / (origin - begin)
            if origin + months <= size:
                outcome[place] = still[origin] + came[origin + months] - came[origin]
        overlap = int(np.sum(origins < origins[0] + months))
        for place, origin in enumerate(origins):
            if not np.isfinite(outcome[place, 0]) or (origins[-1] - origin) % futures.EVERY:
                continue
            over = origins + months <= origin
            enough = over.sum() >= ENOUGH
            choice = learnt(guesses[:, over, :-1], outcome[over, :-1], overlap=overlap) if enough else None
            said = guesses[0, place] if choice is None else blended(guesses[:, place], choice.shares)
            apart = futures.misses(guesses[0, over], outcome[over], np.ones(1))
            # square roots of Poisson counts scatter by a half; what the last value missed before says how far beyond
            reach = [
                futures.learnt_reach(2 * apart[:, :-1].ravel()),
                futures.learnt_reach(2 * apart[:, -1], whole=True),
            ]
            spread = np.append(np.full(len(names) - 1, 0.5 * reach[0]), 0.5 * reach[1])
            low, high = futures.bounds(said, spread, 1.0)
            tables.append(
                pd.DataFrame(
                    {
                        "origin": _name(posts, int(origin)), "horizon": months, "department": names, "quantity": NEED,
                        "forecast": said, "low": low, "high": high, "observed": outcome[place],
                        "last": guesses[0, place], "method": "last" if choice is None else choice.method,
                    }
                )
            )  # fmt: skip
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=RECORD)
