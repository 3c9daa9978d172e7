"""Which assumption moves empty posts most, and which one would change the order of the largest gaps.

One assumption at a time is moved to the ends of its range, everything else stays; paths are expected ones, without
draws, and go through the law of empty posts. What is tried: the hazard of each cause (by the spread of its level),
hires as how fast posts are filled and conversions (both by the spread of hires over the years behind their mean), net
moves and ladder moves (none, or twice as many), those who qualify (none, or twice as many), the volumes (by their error
at the horizon) and, where they follow a forecast with variants, which of them holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.reference.parts import MOVED
from analysis.staffing.baseline import Baseline
from analysis.staffing.levers.effects import Outlook
from analysis.staffing.supply.inflow import Inflow
from analysis.tables.protected import ORGANISATION

COLUMNS = ["assumption", "end", "value", "department", "year", "gap", "change"]
RANKED = ["assumption", "end", "department", "overtaken", "gap", "gap_overtaken"]
ENDS = ("low", "high")
Z = 1.2815515655446004
"""Ends are P10 and P90."""


@dataclass(frozen=True)
class Ranges:
    """How far each assumption is moved.

    ``causes``: standard deviation of the log level, by cause. ``hires``: standard deviation of a year's hires as a
    share. ``volumes``: standard deviation of the volumes' error one year ahead. ``windows``: years behind the mean
    hires.
    """

    causes: dict[str, float]
    hires: float
    volumes: float
    windows: int


def sensitivity(outlook: Outlook, ranges: Ranges) -> pd.DataFrame:
    """Posts that stay empty at the horizon with one assumption at a time moved to either end of its range.

    Args:
        outlook: the path at the present pace.
        ranges: how far each assumption is moved.

    Returns:
        ``contracts`` StaffingSensitivity, per department and for the whole, largest change of it first; ``change`` is
        against the reference path and ``value`` what the assumption was set to (a factor).
    """
    base, reference = outlook.base, outlook.empty()[-1]
    year, found = base.calendar(base.years), []
    for assumption, end, value, run in _tries(outlook, ranges):
        gap = run()[-1]
        for department, own in _departments(base):
            moved, was = float(gap[own].sum()), float(reference[own].sum())
            found.append((assumption, end, value, department, year, moved, moved - was))
    table = pd.DataFrame(found, columns=COLUMNS)
    whole = table[table["department"] == ORGANISATION].groupby("assumption")["change"].apply(lambda c: c.abs().max())
    order = table["assumption"].map(whole)
    return table.assign(order=order).sort_values(
        ["order", "assumption", "end", "department"], ascending=[False, True, True, True], ignore_index=True
    )[COLUMNS]  # fmt: skip


def overturned(table: pd.DataFrame, base: pd.DataFrame, *, first: int = 3) -> pd.DataFrame:
    """Assumptions that, at an end of their range, would change which departments have the largest gaps.

    Args:
        table: result of ``sensitivity``.
        base: DataFrame[department, gap] on the reference path.
        first: how many departments are ranked.

    Returns:
        DataFrame[RANKED], one row per assumption, end and department that falls out of the ``first`` largest gaps,
        with the one that takes its place; empty where no single assumption does so.
    """
    ranked = base[base["department"] != ORGANISATION].sort_values(["gap", "department"], ascending=[False, True])
    leading = set(ranked["department"].head(first))
    found = []
    for (assumption, end), part in table.groupby(["assumption", "end"], sort=False):
        own = part[part["department"] != ORGANISATION].sort_values(["gap", "department"], ascending=[False, True])
        now = list(own["department"].head(first))
        gaps = own.set_index("department")["gap"]
        out = sorted(leading - set(now), key=lambda key: -gaps[key])
        entered = [key for key in now if key not in leading]
        for lost, gained in zip(out, entered, strict=True):
            found.append((assumption, end, lost, gained, float(gaps[lost]), float(gaps[gained])))
    return pd.DataFrame(found, columns=RANKED)


def reference_gaps(outlook: Outlook) -> pd.DataFrame:
    """Posts that stay empty at the horizon by department and for the whole, DataFrame[department, gap]."""
    gap = outlook.empty()[-1]
    return pd.DataFrame(
        [(department, float(gap[own].sum())) for department, own in _departments(outlook.base)],
        columns=["department", "gap"],
    )


def _departments(base: Baseline) -> Iterator[tuple[str, np.ndarray]]:
    owner = base.index.get_level_values("department")
    for name in pd.unique(owner):
        yield str(name), np.flatnonzero(owner == name)
    yield ORGANISATION, np.arange(len(owner))


def _tries(outlook: Outlook, ranges: Ranges) -> Iterator[tuple[str, str, float, Callable[[], np.ndarray]]]:
    base = outlook.base
    for place, cause in enumerate(CAUSES):
        if cause in base.causes:
            for end, sign in zip(ENDS, (-1, 1), strict=True):
                factor = float(np.exp(sign * Z * ranges.causes[cause]))
                scale = np.ones(len(CAUSES))
                scale[place] = factor
                yield cause, end, factor, partial(outlook.tried, scale=scale)
    spread = ranges.hires / np.sqrt(max(1, ranges.windows))
    inflow = base.inflow
    for end, sign in zip(ENDS, (-1, 1), strict=True):
        factor = max(0.0, 1 + sign * Z * spread)
        # hires answer to empty posts: what is uncertain is how fast these are filled
        yield "hires", end, factor, partial(outlook.tried, faster=factor)
        yield "conversions", end, factor, partial(outlook.tried, inflow=_scaled(inflow, "conversions", factor))
    for part in MOVED:
        for end, factor in zip(ENDS, (0.0, 2.0), strict=True):
            yield part, end, factor, partial(outlook.tried, inflow=_scaled(inflow, part, factor))
    for end, factor in zip(ENDS, (0.0, 2.0), strict=True):
        qualifying = replace(inflow, qualifying=inflow.qualifying * factor)
        yield "newly_qualified", end, factor, partial(outlook.tried, inflow=qualifying)
    if np.any(base.fixed["level"] > 0):
        error = ranges.volumes * np.sqrt(np.arange(1, base.years + 1))[:, None]
        needed = base.fixed["level"] + base.fixed["change"]
        for end, sign in zip(ENDS, (-1, 1), strict=True):
            factor = float(1 + sign * Z * error[-1, 0])
            yield "need_change", end, factor, partial(outlook.tried, more=sign * Z * error * needed)
    if base.alternatives is not None:
        need = float((base.fixed["level"] + base.fixed["change"][-1]).sum())
        for end, place in zip(ENDS, base.alternatives.outermost(), strict=True):
            beyond = base.alternatives.beyond[place]
            factor = 1 + float(beyond[-1].sum()) / need if need > 0 else 1.0
            yield "variant", end, factor, partial(outlook.tried, more=beyond)


def _scaled(inflow: Inflow, part: str, factor: float) -> Inflow:
    mean = inflow.mean.assign(**{part: inflow.mean[part] * factor})
    if part not in inflow.persons:
        return replace(inflow, mean=mean)
    return replace(inflow, mean=mean, persons=inflow.persons.assign(**{part: inflow.persons[part] * factor}))
