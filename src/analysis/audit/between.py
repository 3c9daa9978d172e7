"""What two editions tell together: the change of every count is an unknown, and what adds up still does.

Two figures are one where they are about the same people by construction: a period that is built again, a month of a
series that both editions print. Whoever lays the pages side by side knows by how much it changed where both show it,
and what is left of a sum where all but one of its changes are known. A change of a few persons is a few persons'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analysis.audit.bounds import ranges
from analysis.audit.figures import Figure, Key
from analysis.audit.knowledge import Counted, Knowledge
from analysis.audit.reading import keys_named
from analysis.audit.system import LARGE, System, Unknown, system_of

CLOSE = 1e-6
MONTH = re.compile(r"\d{4}-\d{2}")


@dataclass
class Told:
    """What the pages of two editions give away together, and how far that was tried."""

    sentences: list[tuple[Key, float, float, str]] = field(default_factory=list)
    """Key, ends of the count or of its change, words."""
    same: int = 0
    """Figures that both editions are about."""
    tried: int = 0
    """Changes that were worked out as unknowns."""
    gone: int = 0
    """Figures that were shown and are withheld now: who kept the pages knows what they were."""


def between(
    new: Mapping[Key, Figure], old: Mapping[Key, Figure], knows: Knowledge, thresholds: Mapping[str, int], *,
    period: str, before: str, former: str,
) -> Told:  # fmt: skip
    """Lay two editions side by side.

    Args:
        new: what the pages of one edition show and withhold.
        old: the same of the earlier one.
        knows: which figures stand for counts, and what adds up.
        thresholds: the policy's thresholds by sensitivity.
        period: cut-off month of the first.
        before: cut-off month of the earlier one.
        former: name of the earlier one, for the words.
    """
    told = Told()
    every = Knowledge(table=tuple(each.model_copy(update={"rows_of": ""}) for each in knows.table), equation=())
    now = system_of(new, every, thresholds, period=period)
    then = system_of(old, every, thresholds, period=before)
    same = {key for key in new.keys() & old.keys() if period == before or _dated(key, before)}
    told.same = len(same)
    for key in sorted(same):
        one, other = new[key], old[key]
        if one.shown and other.withheld and not other.shown:
            words = f"{keys_named([key])} is shown now and withheld in {former}"
            told.sentences.append((key, one.low, one.high, words))
        told.gone += bool(other.shown and one.withheld and not one.shown)
    changes = _changes(now, then, same)
    for table in every.table:
        _shares(table, changes, new, old)
    told.tried = len(changes.unknowns)
    secret = [place for place, each in enumerate(changes.unknowns) if each.low != each.high or each.low]
    for each in ranges(changes, secret):
        unknown = changes.unknowns[each.at]
        few = max(abs(each.low), abs(each.high)) < unknown.threshold - CLOSE
        if each.status != "contradiction" and few and each.low * each.high > CLOSE:
            name = keys_named([unknown.key])
            words = f"{name} changed by {_ends(each.low, each.high)} since {former}"
            told.sentences.append((unknown.key, each.low, each.high, words))
    return told


def _dated(key: Key, before: str) -> bool:
    """Whether a figure is of a month that was over when the earlier edition came out."""
    return any(MONTH.fullmatch(text) and text <= before for text in key[2:])


def _changes(now: System, then: System, same: set[Key]) -> System:
    """Unknown changes of the counts that both editions are about, and the sums that hold in both."""
    found = System()
    for key, place in now.place.items():
        if key in same and key in then.place:
            found.add(_change(now.unknowns[place], then.unknowns[then.place[key]]))
    for line in now.equations:
        keys = [now.unknowns[place].key for place, _ in line]
        if len(keys) > 1 and all(key in found.place for key in keys):
            found.equations.append([(found.place[key], sign) for key, (_, sign) in zip(keys, line, strict=True)])
    return found


def _change(now: Unknown, then: Unknown) -> Unknown:
    """A change: known where both are, and within what both may be where they are withheld."""
    low, high = _within(now)
    before_low, before_high = _within(then)
    least = max(now.threshold, then.threshold)
    open_ended = LARGE in (high, before_high)
    return Unknown(
        now.key, -LARGE if open_ended else low - before_high, LARGE if open_ended else high - before_low, least,
        zeros=True, withheld=now.withheld or then.withheld,
    )  # fmt: skip


def _shares(table: Counted, changes: System, new: Mapping[Key, Figure], old: Mapping[Key, Figure]) -> None:
    """Changes of shares that both editions show, of a base that both show alike: the difference of the shares of it."""
    if table.base is None:
        return
    for unknown in changes.unknowns:
        key = unknown.key
        base = (table.base.table, key[1], table.base.row, table.base.column, "")
        if key[0] != table.name or not (new[key].shown and old[key].shown) or base not in new or base not in old:
            continue
        one, other = new[base], old[base]
        if not (one.shown and other.shown) or (one.low, one.high) != (other.low, other.high):
            continue
        ends = ((new[key].low - old[key].high) / 100, (new[key].high - old[key].low) / 100)
        if (new[key].low, new[key].high) == (old[key].low, old[key].high):
            unknown.low = unknown.high = 0.0  # nobody can tell a change that is not printed
            continue
        slack = table.base.slack
        every = [end * size for end in ends for size in (one.low * (1 - slack), one.high * (1 + slack))]
        unknown.low, unknown.high = np.ceil(min(every) - CLOSE), np.floor(max(every) + CLOSE)


def _within(unknown: Unknown) -> tuple[float, float]:
    return (unknown.low, unknown.high) if not unknown.withheld else (0.0, min(unknown.high, unknown.base))


def _ends(low: float, high: float) -> str:
    return f"{low:+g}" if high - low < CLOSE else f"between {low:+g} and {high:+g}"
