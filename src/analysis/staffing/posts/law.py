"""The law of empty posts: some fall empty, some are filled, some are withdrawn, month by month.

    open[m+1] = open[m] + opened[m] − filled[m] − withdrawn[m],   opened = leavers + change in need
    filled[m] = f[m] · open[m],   withdrawn[m] = w · open[m]

f is the discrete hazard of an open post (posts filled over post-months open), w that of its competing end (Davis,
Faberman and Haltiwanger 2013, Quarterly Journal of Economics 128). With both constant the steady state is
opened / (f + w), and a distance from it halves in ln 2 / −ln(1 − f − w) months. Where more is filled in a month than
was open when it began, the same law runs in shorter steps; its steady state does not change.

Hazards of an occupation are drawn to those of the whole by how much occupations truly differ: a rate from n post-months
weighs n against f/τ², τ² the variance of rates beyond chance (method of moments, Poisson counts).
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from analysis.reference import policy
from analysis.reference.parts import HIGH, LOW
from analysis.staffing.need.from_volumes import manned, withdrawn

UNIT = ["department", "occupation"]
LARGEST_STEP = 0.5
"""Share of the open posts that may end in one step of the law."""
AHEAD = 12


@dataclass(frozen=True)
class Posts:
    """Posts by month and unit, in full-time equivalents.

    ``months``: first days of the months. ``index``: units, (department, occupation) or finer. ``by``: level of it whose
    units share hazards and season. ``open``: when each month begins and at the end of the last, [months + 1 × units].
    ``opened``, ``filled``, ``withdrawn``: during it [months × units]. ``size``: full-time equivalents that are filled
    together, the mean over posts of what their adverts cover.
    """

    months: pd.DatetimeIndex
    index: pd.MultiIndex
    open: np.ndarray
    opened: np.ndarray
    filled: np.ndarray
    withdrawn: np.ndarray
    by: str = "occupation"
    size: float = 1.0
    known: dict[str, tuple[np.ndarray, list[str]]] = field(default_factory=dict, compare=False, repr=False)
    """Codes already worked out: every origin asks for the same ones."""

    def until(self, month: int) -> Posts:
        """What was known when ``month`` months had passed."""
        cut = slice(0, month)
        return Posts(
            self.months[cut],
            self.index,
            self.open[: month + 1],
            self.opened[cut],
            self.filled[cut],
            self.withdrawn[cut],
            self.by,
            self.size,
            self.known,
        )

    def codes(self, level: str) -> tuple[np.ndarray, list[str]]:
        """Place of each unit's department or occupation, and their names."""
        if level not in self.known:
            code, names = pd.factorize(self.index.get_level_values(level), sort=True)
            self.known[level] = code, [str(name) for name in names]
        return self.known[level]

    def of_groups(self, values: np.ndarray) -> np.ndarray:
        """Sums of units [… × units] by the groups that share hazards, [… × groups]."""
        code, names = self.codes(self.by)
        order = np.argsort(code, kind="stable")
        begins = np.searchsorted(code[order], np.arange(len(names)))
        summed: np.ndarray = np.add.reduceat(values[..., order], begins, axis=-1)
        return summed


def posts_by_month(
    vacancies: pd.DataFrame, *, first: pd.Timestamp, last: pd.Timestamp, by: str = "occupation"
) -> Posts:
    """Empty posts of every month from adverts; a filled post is empty until the hired begin (``need.manned``).

    Args:
        vacancies: clean table ``vacancies``.
        first: first day of the first month.
        last: the cut-off; its month is the last.
        by: column whose units share hazards; one beside department and occupation makes the units finer.

    Returns:
        Units that ever had an advert. An advert without a hire leaves by ``withdrawn`` and, advertised again, comes
        back as ``opened``.
    """
    months = pd.date_range(first, last, freq="MS")
    keys = [*UNIT, *([] if by in UNIT else [by])]
    index = pd.MultiIndex.from_frame(vacancies[keys].drop_duplicates().sort_values(keys))
    unit = index.get_indexer(pd.MultiIndex.from_frame(vacancies[keys]))
    size, posts = len(index), vacancies["posts"].to_numpy(dtype=float)
    gone = withdrawn(vacancies).to_numpy(dtype=bool)
    came, ended = _month(vacancies["opened"], months), _month(manned(vacancies), months)

    def during(month: np.ndarray, which: np.ndarray) -> np.ndarray:
        inside = which & (month >= 0) & (month < len(months))
        table = np.zeros(len(months) * size)
        np.add.at(table, month[inside] * size + unit[inside], posts[inside])
        return table.reshape(len(months), size)

    every = np.ones(len(posts), dtype=bool)
    before = np.bincount(unit, posts * ((came < 0) & (ended >= 0)), minlength=size)
    opened = during(came, every & (ended >= came))
    filled, lost = during(ended, ~gone), during(ended, gone)
    still = before + np.cumsum(opened - filled - lost, axis=0)
    size_of_adverts = float((posts**2).sum() / posts.sum()) if posts.sum() > 0 else 1.0
    return Posts(months, index, np.vstack([before, still]), opened, filled, lost, by, size_of_adverts)


def _month(days: pd.Series, months: pd.DatetimeIndex) -> np.ndarray:
    """Place of each day's month, −1 before the first, the number of months after the last or never."""
    place = (days.dt.year - months[0].year) * 12 + days.dt.month - months[0].month
    return place.fillna(len(months)).clip(-1, len(months)).to_numpy(dtype="int64")


@dataclass(frozen=True)
class Rates:
    """Monthly hazards of an open post by unit: ``fill``, ``withdraw`` [units]; ``season`` [12 × units], about one.

    ``window``: months that they rest on.
    """

    fill: np.ndarray
    withdraw: np.ndarray
    season: np.ndarray
    window: int


def drawn_together(events: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Rates of groups, drawn to the rate of all by how much they differ beyond chance.

    Args:
        events: posts that ended [… × groups].
        exposure: post-months open [… × groups].

    Returns:
        (events + k · mean) / (exposure + k) with k = common / τ², the mean that of rates weighed by 1 / (common /
        exposure + τ²); the common rate where groups do not differ.
    """
    total = exposure.sum(axis=-1, keepdims=True)
    common = _over(events.sum(axis=-1, keepdims=True), total, 0.0)
    seen = exposure > 0
    rate = np.where(seen, _over(events, exposure, 0.0), common)
    between = _between(events, exposure)
    differ = (between > 0) & (common > 0)
    between = np.where(differ, between, 0.0)
    weight = _over(common, between, 0.0)
    # large groups are no better guide to a small one than others: each rate weighs by what is known of it and τ²
    known_by = _over(exposure, common + between * exposure, 0.0)
    all_of_it = known_by.sum(axis=-1, keepdims=True)
    mean = np.where(differ, _over((known_by * rate).sum(axis=-1, keepdims=True), all_of_it, 0.0), common)
    own = _over(events + weight * mean, exposure + weight, 0.0)
    found: np.ndarray = np.where(differ, own, np.broadcast_to(common, own.shape))
    return found


def _between(events: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """τ², the variance of groups' rates beyond chance, [… × 1]."""
    total = exposure.sum(axis=-1, keepdims=True)
    common = _over(events.sum(axis=-1, keepdims=True), total, 0.0)
    rate = np.where(exposure > 0, _over(events, exposure, 0.0), common)
    # Σ n(r − r̄)² has expectation (groups − 1)·r̄ + τ²·(N − Σn²/N) for Poisson counts
    spread = (exposure * (rate - common) ** 2).sum(axis=-1, keepdims=True)
    known = total - _over((exposure**2).sum(axis=-1, keepdims=True), total, 0.0)
    chance = ((exposure > 0).sum(axis=-1, keepdims=True) - 1) * common
    found: np.ndarray = np.maximum(_over(spread - chance, known, 0.0), 0.0)
    return found


def _over(above: np.ndarray, below: np.ndarray, otherwise: float) -> np.ndarray:
    """Quotients, ``otherwise`` where nothing is divided by."""
    shape = np.broadcast_shapes(above.shape, below.shape)
    return np.divide(above, below, out=np.full(shape, otherwise), where=np.broadcast_to(below, shape) > 0)


def fitted(posts: Posts, window: int) -> Rates:
    """Hazards from the latest ``window`` months, by ``posts.by``; the season from every month there is."""
    code, _ = posts.codes(posts.by)
    recent = slice(max(0, len(posts.months) - window), len(posts.months))
    exposure = posts.of_groups(posts.open[:-1][recent].sum(axis=0))

    def rates(events: np.ndarray) -> np.ndarray:
        return drawn_together(posts.of_groups(events[recent].sum(axis=0)), exposure)[code]

    season = season_of(posts, posts.filled, posts.open[:-1])
    return Rates(rates(posts.filled), rates(posts.withdrawn), season, window)


def fill_interval(posts: Posts, window: int) -> tuple[np.ndarray, np.ndarray]:
    """Interval that holds four in five of the hazards of being filled, [units] each.

    The Gamma distribution of a rate given its own counts and as many of all as it is drawn by (``drawn_together``). An
    open post is filled in a month or it is not, together with the others of its advert: counts scatter by 1 − f times
    the size of an advert.
    """
    code, _ = posts.codes(posts.by)
    recent = slice(max(0, len(posts.months) - window), len(posts.months))
    events, exposure = (posts.of_groups(values[recent].sum(axis=0)) for values in (posts.filled, posts.open[:-1]))
    rate = drawn_together(events, exposure)
    common, between = float(events.sum() / max(exposure.sum(), 1e-9)), float(_between(events, exposure)[0])
    # post-months of all that the rate counts as
    weight = common / between if between > 0 else exposure.sum() - exposure
    shape = np.maximum(rate * (exposure + weight), 0.5) / (np.clip(1.0 - rate, 0.1, 1.0) * posts.size)
    low, high = (stats.gamma.ppf(end, shape, scale=rate / shape)[code] for end in (LOW, HIGH))
    return low, high


def season_of(posts: Posts, events: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Ratio of each calendar month's rate to that of all months, [12 × units].

    That of the whole is drawn to one, that of a group to the whole's, as if ``season_weight`` more (``policy.toml``)
    had been seen.

    Args:
        posts: for months and units.
        events: what is counted [months × units].
        exposure: what it is counted over [months × units].
    """
    month = np.asarray(posts.months.month) - 1
    code, names = posts.codes(posts.by)

    def by_group(values: np.ndarray) -> np.ndarray:
        groups = posts.of_groups(values)
        return np.stack([groups[month == number].sum(axis=0) for number in range(12)])

    seen, over = by_group(events), by_group(exposure)
    common = np.divide(seen.sum(axis=0), over.sum(axis=0), out=np.zeros(len(names)), where=over.sum(axis=0) > 0)
    expected = over * common
    weight = policy().recruitment.season_weight
    whole = (seen.sum(axis=1) + weight) / (expected.sum(axis=1) + weight)
    own: np.ndarray = (seen + weight * whole[:, None]) / (expected + weight)
    return own[:, code]


def windows_of(posts: Posts) -> np.ndarray:
    """The window that is chosen when so many months had passed, [months + 1].

    It is the one whose hazards have foretold best how many of the open posts were filled in the next twelve months.
    Every month with a year before and a year after it, both over by then, is tried, occupation by occupation. The
    shortest window where nothing has passed to judge by.
    """
    months, windows = len(posts.months), policy().recruitment.windows
    exposure, filled = (
        np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
        for values in (posts.of_groups(posts.open[:-1]), posts.of_groups(posts.filled))
    )
    now = np.arange(AHEAD, months - AHEAD + 1)
    chosen = np.full(months + 1, windows[0])
    if not len(now):
        return chosen
    ahead, outcome = exposure[now + AHEAD] - exposure[now], filled[now + AHEAD] - filled[now]
    missed = np.zeros((len(windows), len(now)))
    for place, window in enumerate(windows):
        begin = np.maximum(0, now - window)
        rate = drawn_together(filled[now] - filled[begin], exposure[now] - exposure[begin])
        missed[place] = np.abs(rate * ahead - outcome).sum(axis=1)
    chosen[now + AHEAD] = np.array(windows)[np.argmin(np.cumsum(missed, axis=1), axis=0)]
    return chosen


def window_of(posts: Posts) -> int:
    """The window that all of its months have taught (``windows_of``)."""
    return int(windows_of(posts)[-1])


def project(
    start: np.ndarray, opened: np.ndarray, rates: Rates, *, first: int = 0, most: np.ndarray | float = np.inf
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Run the law.

    Args:
        start: posts open when the first month begins [… × units].
        opened: posts that fall empty each month [months × … × units]; below nought where the need falls.
        rates: monthly hazards.
        first: calendar month of the first, 0 = January.
        most: most full-time equivalents filled a month, [units] or for each.

    Returns:
        Posts open at each month's end, filled and withdrawn in it, [months × … × units]. Exactly: open = start + Σ
        (opened − filled − withdrawn). Below nought, more are in post than needed; nobody is then hired.
    """
    size = len(opened)
    shape = (size, *np.broadcast_shapes(start.shape, opened.shape[1:]))
    level, filled, lost = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    now = np.broadcast_to(start, shape[1:]).astype(float)
    for month in range(size):
        fill = rates.fill * rates.season[(first + month) % 12]
        fastest = float(np.max(fill + rates.withdraw, initial=0.0))
        steps = max(1, int(np.ceil(fastest / LARGEST_STEP))) if fastest > 1.0 else 1
        for _ in range(steps):
            there = np.maximum(now, 0.0)
            hired = np.minimum(fill / steps * there, np.asarray(most) / steps)
            given_up = np.minimum(rates.withdraw / steps * there, there - hired)
            now = now + opened[month] / steps - hired - given_up
            filled[month] += hired
            lost[month] += given_up
        level[month] = now
    return level, filled, lost


def steady(opened: np.ndarray, rates: Rates) -> np.ndarray:
    """Posts open in the long run where as many fall empty every month: opened / (f + w)."""
    ends = rates.fill + rates.withdraw
    return np.divide(opened, ends, out=np.full(np.broadcast_shapes(opened.shape, ends.shape), np.inf), where=ends > 0)


def months_to_halve(rates: Rates) -> np.ndarray:
    """Months until half of what is open beyond the steady state has been filled: ln 2 / −ln(1 − f − w)."""
    ends = np.clip(rates.fill + rates.withdraw, 0.0, 1.0 - 1e-12)
    return np.divide(np.log(2.0), -np.log1p(-ends), out=np.full(len(ends), np.inf), where=ends > 0)


def rates_from_hires(hires: np.ndarray, short: np.ndarray, groups: np.ndarray) -> Rates:
    """Hazards where no adverts are recorded: hires over posts budgeted beyond those in post.

    Args:
        hires: full-time equivalents hired in each period [periods × units].
        short: post-months that stood empty in it: budgeted posts less those in post times its months [periods × units];
            below nought counts as none.
        groups: place of each unit's occupation.
    """
    size = int(groups.max()) + 1 if len(groups) else 0
    exposure = np.bincount(groups, np.maximum(short, 0.0).sum(axis=0), minlength=size)
    events = np.bincount(groups, (hires * (short > 0)).sum(axis=0), minlength=size)
    return Rates(
        drawn_together(events, exposure)[groups], np.zeros(len(groups)), np.ones((12, len(groups))), len(hires)
    )


def coming(posts: Posts, window: int, months: int) -> np.ndarray:
    """Posts expected to fall empty as of late, with the months of the year, [months × units].

    Args:
        posts: what is known.
        window: months back that the mean rests on.
        months: how many ahead.
    """
    level = posts.opened[-window:].mean(axis=0)
    season = season_of(posts, posts.opened, np.ones(posts.opened.shape))
    season = season / season.mean(axis=0)
    first = (len(posts.months) + int(posts.months[0].month) - 1) % 12
    return np.stack([level * season[(first + ahead) % 12] for ahead in range(months)])
