"""Closing paths: which mixes of at most six levers close a gap, at what cost, as a mixed-integer programme.

Decisions are in quarters of each lever's full extent (its middle size). With e the full-time equivalents that a lever
takes off the posts that stay empty alone at the horizon, f its fixed and v its variable cost a year at full extent,
less what it saves in recruitments that need not be made:

    minimise remaining  (or cost, with remaining as a limit)
    remaining ≥ gap − Σ counted,  remaining ≥ 0
    counted of a cause ≤ Σ e·quarters/4 of its levers, and ≤ the overlap cap of the cause
    quarters ≤ 4·chosen, ≤ what the yearly capacity lets through;  Σ chosen ≤ 6;  Σ cost ≤ budget
    a lever and a wider one that holds it: at most one of them

The programme is linear in levers alone, so what it promises is only a proposal: ``mixes`` simulates the winners.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

STEPS = 4
"""A lever is carried out in quarters of its full extent: finer steps would claim a precision the ranges lack."""
MAX_LEVERS = 6
MIXES = 3
CLOSED = 0.05
"""Full-time equivalents below which a gap counts as closed: it prints as 0.0."""
TINY = 1e-6


@dataclass(frozen=True)
class Option:
    """A lever as the programme sees it.

    ``closes``: full-time equivalents that stand empty less at the horizon, alone and at full extent; may be negative.
    ``fixed``, ``variable``: kronor a year at the horizon. ``saves``: kronor a year that fewer recruitments cost less,
    at full extent; below nought where more are made. ``most``: quarters that the yearly capacity lets through. ``key``:
    what it shares with others (its cause), '' for nothing. ``part_of``: a wider lever that holds it. ``persons``: those
    it reaches.
    """

    id: str
    closes: float
    fixed: float = 0.0
    variable: float = 0.0
    saves: float = 0.0
    most: int = STEPS
    key: str = ""
    part_of: str = ""
    persons: float = 0.0


@dataclass(frozen=True)
class Mix:
    """A choice: lever → quarters (1–4), cost less savings in kronor a year, remaining gap by the programme."""

    quarters: dict[str, int]
    cost: float
    remaining: float


def best(
    options: Sequence[Option],
    gap: float,
    *,
    budget: float = np.inf,
    caps: Mapping[str, float] | None = None,
    most: int = MAX_LEVERS,
) -> Mix:
    """The mix that leaves the smallest gap within the budget; among those the cheapest.

    Args:
        options: levers to choose among.
        gap: full-time equivalents at the horizon.
        budget: kronor a year, what is saved taken off.
        caps: key → most full-time equivalents that the levers of this key can close together.
        most: number of levers that can be carried out at once.
    """
    first = _solve(options, gap, caps or {}, most, budget=budget)
    if first is None:
        raise ValueError("the budget is negative: not even doing nothing fits")
    return cheapest(options, gap, first.remaining, budget=budget, caps=caps, most=most) or first


def cheapest(
    options: Sequence[Option],
    gap: float,
    remaining: float,
    *,
    budget: float = np.inf,
    caps: Mapping[str, float] | None = None,
    most: int = MAX_LEVERS,
) -> Mix | None:
    """The cheapest mix that leaves at most ``remaining``; None where none does."""
    return _solve(options, gap, caps or {}, most, budget=budget, limit=remaining + TINY)


def pareto(
    options: Sequence[Option],
    gap: float,
    *,
    budget: float = np.inf,
    caps: Mapping[str, float] | None = None,
    most: int = MAX_LEVERS,
    mixes: int = MIXES,
) -> list[Mix]:
    """Up to ``mixes`` mixes from the one that closes most to a cheap one; none is both dearer and worse than another.

    The limits on the remaining gap go in even steps from the least possible to the whole gap.
    """
    if gap <= CLOSED or not options:
        return []
    least = best(options, gap, budget=budget, caps=caps, most=most)
    found = [least]
    for step in range(1, mixes):
        limit = least.remaining + (gap - least.remaining) * step / mixes
        mix = cheapest(options, gap, limit, budget=budget, caps=caps, most=most)
        if mix is not None and mix.quarters:
            found.append(mix)
    kept = [mix for mix in found if mix.quarters]
    unique = {tuple(sorted(mix.quarters.items())): mix for mix in kept}
    ordered = sorted(unique.values(), key=lambda mix: (mix.remaining, mix.cost))
    worse = {id(after) for before, after in pairwise(ordered) if after.cost >= before.cost - TINY}
    return [mix for mix in ordered if id(mix) not in worse]


def _solve(
    options: Sequence[Option],
    gap: float,
    caps: Mapping[str, float],
    most: int,
    *,
    budget: float = np.inf,
    limit: float | None = None,
) -> Mix | None:
    """Least remaining gap; with ``limit`` on the remaining gap, least cost and then the least remaining gap."""
    n = len(options)
    keys = sorted({option.key for option in options})
    # columns: quarters [n], chosen [n], counted by key [k], remaining
    size = 2 * n + len(keys) + 1
    quarter, chosen, counted = slice(0, n), slice(n, 2 * n), slice(2 * n, 2 * n + len(keys))
    closes = np.array([option.closes for option in options]) / STEPS
    cost = np.zeros(size)
    cost[quarter] = np.array([option.variable - option.saves for option in options]) / STEPS
    cost[chosen] = [option.fixed for option in options]
    rows, low, high = [], [], []

    def add(row: np.ndarray, least: float, greatest: float) -> None:
        rows.append(row)
        low.append(least)
        high.append(greatest)

    for place, option in enumerate(options):
        row = np.zeros(size)
        row[place], row[n + place] = 1.0, -float(option.most)
        add(row, -np.inf, 0.0)
        row = np.zeros(size)
        row[place], row[n + place] = 1.0, -1.0
        add(row, 0.0, np.inf)
        for other, wider in enumerate(options):
            if option.part_of and option.part_of == wider.id:
                row = np.zeros(size)
                row[n + place], row[n + other] = 1.0, 1.0
                add(row, 0.0, 1.0)
    for place, key in enumerate(keys):
        row = np.zeros(size)
        row[quarter] = np.where([option.key == key for option in options], closes, 0.0)
        row[2 * n + place] = -1.0
        add(row, 0.0, np.inf)
    row = np.zeros(size)
    row[chosen] = 1.0
    add(row, 0.0, float(most))
    row = np.zeros(size)
    row[counted], row[-1] = 1.0, 1.0
    add(row, gap, np.inf)
    if np.isfinite(budget):
        add(cost, 0.0, budget)
    upper = np.concatenate(
        [
            [float(option.most) for option in options],
            np.ones(n),
            [caps.get(key, np.inf) if key else np.inf for key in keys],
            [np.inf if limit is None else limit],
        ]
    )
    lower = np.concatenate([np.zeros(2 * n), np.full(len(keys), -np.inf), [0.0]])
    goal = np.zeros(size)
    if limit is None:
        goal[-1] = 1.0
    else:  # a krona matters more than any full-time equivalent beyond the limit: the second only breaks ties
        scale = max(1.0, float(np.abs(cost).max()))
        goal = cost / scale
        goal[-1] = 1e-6 / max(1.0, gap)
    integrality = np.concatenate([np.ones(2 * n), np.zeros(len(keys) + 1)])
    found = milp(
        goal,
        constraints=LinearConstraint(np.array(rows), np.array(low), np.array(high)),
        bounds=Bounds(lower, upper),
        integrality=integrality,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        return None
    quarters = {
        option.id: round(value) for option, value in zip(options, found.x[quarter], strict=True) if round(value)
    }
    return Mix(quarters, *_account(options, quarters, gap, caps))


def _account(
    options: Sequence[Option], quarters: Mapping[str, int], gap: float, caps: Mapping[str, float]
) -> tuple[float, float]:
    """Cost and remaining gap of a choice."""
    cost, counted = 0.0, dict[str, float]()
    for option in options:
        taken = quarters.get(option.id, 0)
        if taken:
            cost += option.fixed + (option.variable - option.saves) * taken / STEPS
            counted[option.key] = counted.get(option.key, 0.0) + option.closes * taken / STEPS
    closed = sum(min(value, caps.get(key, np.inf)) if key else value for key, value in counted.items())
    return cost, max(0.0, gap - closed)
