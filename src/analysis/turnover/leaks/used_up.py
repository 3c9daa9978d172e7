"""A level that is used up: whoever had it has left for one cause, nobody who is left has it, and it holds the leavers.

A title written when somebody retires (or resigns) is found over *all* windows, since a person has it until leaving.
Three things must then hold together, which in an honest history they do not:

* in the last closed window nearly everybody at the level left for the cause, and it holds at least half of all who did;
* among people of the same form, age and length of service the leavers of a window are just those of the level (the
  hypergeometric chance, the exact test of Fisher 1935);
* nobody at the level ever left for another cause, though some were to be expected (Poisson).

The product of these chances is a score, not a probability; its limit is measured on honest histories, of which hardly
any gets as far as to have one.

It needs few persons, so that it sees a leak at small employers that ``certain`` and ``vanishing`` leave alone. Causes
by which units and posts close (employer, contract end) are not looked at, nor unrecorded ones, which may be just that.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import hypergeom, poisson

from analysis.tables.protected import TOTAL
from analysis.turnover.leaks.levels import Look

CHOSEN = ("resignation", "retirement", "other")
"""Causes that are a person's own, for which a unit that closes has no more leavers than others."""


def spent(look: Look, rule: dict[str, Any]) -> list[tuple[int, str, float, float]]:
    """Levels that are used up.

    Args:
        look: the covariate.
        rule: limits of the trace (``leaks.toml``, ``[spent]``).

    Returns:
        Number of the level, cause, persons of all closed windows that left, and the share of the last window's leavers
        for the cause that the level holds.
    """
    if not look.has_open:
        return []
    n, everyone, now = look.counts("n"), look.counts(TOTAL), look.open_counts()
    found = []
    for cause in (each for each in CHOSEN if each in look.causes):
        left = look.counts(cause)
        held = left[-1] / max(float(left[-1].sum()), 1.0)
        here = (n[-1] >= rule["min_persons"]) & (left[-1] >= rule["left"] * n[-1]) & (held >= rule["captured_last"])
        here &= now <= rule["still_open"] * n[-1]
        if not here.any():
            continue
        expected = (look.honest(TOTAL) - look.honest(cause)).sum(axis=0)
        others = (everyone - left).sum(axis=0)
        for level in np.flatnonzero(here).tolist():
            lots = sum(_by_lot(look, cause, level, window) for window in range(len(look.origins)))
            score = lots + float(poisson.logcdf(others[level], max(expected[level], 0.0)))
            if score < np.log(rule["score"]):
                found.append((level, cause, float(left[:, level].sum()), float(held[level])))
    return found


def _by_lot(look: Look, cause: str, level: int, window: int) -> float:
    """Logarithm of the chance that as many of a window's leavers for ``cause`` would be at the level by lot."""
    last = look.cells[look.cells["window"] == window]
    group, mine = last["group"].to_numpy(), (last["level"] == level).to_numpy()
    persons, gone = last["n"].to_numpy(), last[cause].to_numpy()
    size = int(group.max()) + 1
    all_persons, all_gone = (np.bincount(group, weights=each, minlength=size) for each in (persons, gone))
    at, left = (np.bincount(group[mine], weights=each[mine], minlength=size) for each in (persons, gone))
    some = left > 0
    counts = [np.rint(each[some]) for each in (left, all_persons, all_gone, at)]
    return float(hypergeom.logsf(counts[0] - 1, *counts[1:]).sum())
