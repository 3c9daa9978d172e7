"""From when on a delivery records who left, and from when on it records why.

An extract of employments holds old posts of people who are still there, or who came back, long before the first day
from which everybody who left is in it. Windows from that time hold persons at risk and no exits: they would teach a
model that nobody leaves. The same is true of reasons: before they were recorded, they are missing.

Both are found by one rule from monthly counts of events (exits; exits with a known reason) over exposure (persons in
post; exits). The history begins with the first event; it is moved forward where the months before a later one have so
few events that chance is ruled out: a rate that no whole record has, at most ``QUIET`` of the later one, and a
likelihood ratio (two Poisson rates against one, over the dispersion that seasons and good and bad years give) of at
least ``EVIDENCE``. Months without an event right before the first one belong to the history while it is no surprise
that they have none (a chance of at least ``SURPRISE``), which is what keeps whole the windows of a small employer.
Likelihood ratio for a change in a Poisson rate: Raftery and Akman 1986, Biometrika 73; dispersion as Pearson's
statistic over its degrees of freedom: McCullagh and Nelder 1989, section 6.2.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.reference import load

LIMITS = load("quality")["recorded"]
QUIET = LIMITS["quiet"]
"""Largest ratio of an earlier rate to the later one that speaks of missing records; years differ by less."""
EVIDENCE = LIMITS["evidence"]
"""Least likelihood ratio statistic; by chance at most one history in fifty has a month that reaches it."""
SURPRISE = LIMITS["surprise"]
SETTLED = LIMITS["settled"]
"""Months after which a later rate is no passing wave; before that the earlier one must be next to nothing."""


@dataclass(frozen=True)
class Implausible:
    """Rates below which a record is hardly whole, and is next to nothing."""

    low: float
    nothing: float


EXITS = Implausible(0.03 / 12, 0.01 / 12)
"""Exits per person and month: three in a hundred a year, and one."""
REASONS = Implausible(1 / 3, 0.1)
"""Reasons per exit."""

Rule = Literal["stated", "lists", "first", "rate", "none"]


@dataclass(frozen=True)
class Recorded:
    """From when on something is recorded.

    Attributes:
        since: the first day; None where nothing is.
        rule: how it was found: ``stated`` in delivery.toml, by the first of the ``lists``, by the ``first`` event, by a
            ``rate`` so much lower before it that records are missing, or ``none``.
        events: events from then on.
        before: events before it, set aside.
        expected: events that the time before it, back to the first of them, would have had at the later rate.
        first_event: month of the first event that counts, "YYYY-MM"; '' without one.
    """

    since: pd.Timestamp | None
    rule: Rule
    events: int = 0
    before: int = 0
    expected: float = 0.0
    first_event: str = ""

    @property
    def month(self) -> str:
        """The first month, "YYYY-MM"; '' where there is none."""
        return "" if self.since is None else f"{self.since:%Y-%m}"

    def record(self) -> dict[str, str | int | float]:
        """As plain data."""
        found: dict[str, str | int | float] = {"since": self.month, "rule": self.rule, "first_event": self.first_event}
        return found | {"events": self.events, "before": self.before, "expected": round(self.expected, 1)}


def exits_recorded(
    rows: pd.DataFrame, ends: pd.DataFrame, *, at: pd.Timestamp, stated: str = "", aside: pd.Series | None = None
) -> Recorded:
    """From when on leavers are recorded in dated employments.

    Only a last end counts: the old posts of who came back are in every extract of those employed today. Moves inside
    are no ends at all (``episodes``), handing over is none of leaving.

    Args:
        rows: result of ``spells.employment_rows``.
        ends: result of ``spells.spell_ends``.
        at: the cut-off.
        stated: first month as the delivery says, "YYYY-MM"; '' = to be found.
        aside: days on which ends say nothing about leaving (``mass``).
    """
    spells = rows[rows["spell"] >= 0].drop_duplicates("spell")
    again = rows.groupby("person")["start"].max()
    final = ends[(ends["end"] <= at) & (ends["cause"] != "transfer")]
    final = final[final["end"] >= final["person"].map(again)]
    if aside is not None and len(aside):
        final = final[~final["end"].isin(aside)]
    first = spells["spell_start"].min() if len(spells) else at
    months = pd.period_range(first, at, freq="M")
    events = _by_month(final["end"], months)
    came, went = _by_month(spells["spell_start"], months), _by_month(spells["spell_end"], months)
    there = np.cumsum(came) - np.cumsum(np.concatenate([[0.0], went[:-1]]))
    return _recorded(months, events, there, EXITS, stated)


def of_lists(ends: pd.DataFrame, first_day: pd.Timestamp, *, at: pd.Timestamp, stated: str = "") -> Recorded:
    """Lists of who is in post tell who left from the first of them on; a later month may be stated, no earlier one."""
    rule: Rule = "stated" if stated and pd.Period(stated, "M").start_time > first_day else "lists"
    since = pd.Period(stated, "M").start_time if rule == "stated" else first_day
    left = ends.loc[ends["cause"] != "transfer", "end"]
    after = left[(left >= since) & (left <= at)]
    first = f"{after.min():%Y-%m}" if len(after) else ""
    return Recorded(since, rule, len(after), int((left < since).sum()), 0.0, first)


def reasons_recorded(ends: pd.DataFrame, *, since: pd.Timestamp, at: pd.Timestamp, stated: str = "") -> Recorded:
    """From when on the reasons of those who left are recorded, not before ``since``.

    Args:
        ends: result of ``spells.spell_ends``.
        since: first day from which leavers are recorded.
        at: the cut-off.
        stated: first month as the delivery says, "YYYY-MM"; '' = to be found.
    """
    gone = ends[(ends["end"] >= since) & (ends["end"] <= at)]
    months = pd.period_range(min(since, at), at, freq="M")
    known = gone[gone["cause"] != "unknown"]
    events, exposure = _by_month(known["end"], months), _by_month(gone["end"], months)
    return _recorded(months, events, exposure, REASONS, stated)


def _by_month(days: pd.Series, months: pd.PeriodIndex) -> np.ndarray:
    known = days.dropna()
    if known.empty:
        return np.zeros(len(months))
    place = (known.dt.year - months[0].year) * 12 + known.dt.month - months[0].month
    inside = place.between(0, len(months) - 1)
    return np.bincount(place[inside], minlength=len(months)).astype("float64")


def _recorded(
    months: pd.PeriodIndex, events: np.ndarray, exposure: np.ndarray, bounds: Implausible, stated: str
) -> Recorded:
    happened = np.flatnonzero(events)
    if stated:
        since = pd.Period(stated, "M")
        begin = int(np.clip((since - months[0]).n, 0, len(months)))
        first = happened[happened >= begin]
        month = str(months[first[0]]) if len(first) else ""
        return _told(since.start_time, "stated", begin, events, exposure, month)
    if not len(happened):
        return Recorded(None, "none")
    begin = first_recorded(events, exposure, bounds)
    rule: Rule = "rate" if events[:begin].any() else "first"
    start = _with_quiet_months(begin, events, exposure)
    return _told(months[start].start_time, rule, start, events, exposure, str(months[begin]))


def _told(
    since: pd.Timestamp, rule: Rule, begin: int, events: np.ndarray, exposure: np.ndarray, first_event: str
) -> Recorded:
    after, risk = float(events[begin:].sum()), float(exposure[begin:].sum())
    strays = np.flatnonzero(events[:begin])
    idle = float(exposure[strays[0] : begin].sum()) if len(strays) else 0.0
    expected = idle * after / risk if risk else 0.0
    return Recorded(since, rule, int(after), int(events[:begin].sum()), expected, first_event)


def first_recorded(events: np.ndarray, exposure: np.ndarray, bounds: Implausible) -> int:
    """Place of the first month whose events are part of a whole record.

    Args:
        events: events per month, oldest first; at least one.
        exposure: what they come from, per month.
        bounds: rates that no whole record has; a later record shorter than ``SETTLED`` months may only follow next to
            nothing.
    """
    begin = int(np.flatnonzero(events)[0])
    spread = _dispersion(events, exposure)
    while True:
        later = np.flatnonzero(events)
        later = later[later > begin]
        if not len(later):
            return begin
        counted, risk = np.cumsum(events[begin:]), np.cumsum(exposure[begin:])
        before, old = counted[later - begin - 1], risk[later - begin - 1]
        after, new = counted[-1] - before, risk[-1] - old
        with np.errstate(divide="ignore", invalid="ignore"):
            rates = before / old, after / new
            gain = _xlogy(before, rates[0]) + _xlogy(after, rates[1]) - _xlogy(counted[-1], counted[-1] / risk[-1])
            low = np.where(len(events) - later >= SETTLED, bounds.low, bounds.nothing)
            possible = (old > 0) & (new > 0) & (rates[0] <= QUIET * rates[1]) & (rates[0] < low)
        gain = np.where(possible, 2 * gain / spread, -np.inf)
        if gain.max() < EVIDENCE:
            return begin
        begin = int(later[gain.argmax()])


def _dispersion(events: np.ndarray, exposure: np.ndarray) -> float:
    """How much more months differ than a Poisson rate makes them, at least 1: of the later half of the months."""
    recent = max(SETTLED, len(events) // 2)
    counted, risk = events[-recent:], exposure[-recent:]
    expected = risk * counted.sum() / risk.sum() if risk.sum() else risk
    some = expected > 0
    if some.sum() < 2:
        return 1.0
    return max(1.0, float(((counted - expected)[some] ** 2 / expected[some]).sum() / (some.sum() - 1)))


def _with_quiet_months(begin: int, events: np.ndarray, exposure: np.ndarray) -> int:
    """The earliest month from which on it is no surprise that nothing happened until ``begin``."""
    risk = exposure[begin:].sum()
    rate = events[begin:].sum() / risk if risk else 1.0
    start, waited = begin, 0.0
    while start and not events[start - 1]:
        waited += rate * exposure[start - 1]
        if np.exp(-waited) < SURPRISE:
            break
        start -= 1
    return start


def _xlogy(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """X log y, nought where x is nought whatever y is."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    return np.where(x == 0, 0.0, x * np.log(np.where(x == 0, 1.0, y)))
