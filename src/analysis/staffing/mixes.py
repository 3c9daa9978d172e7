"""From what the closing programme proposes to mixes that have been simulated, and what breaks each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.reference.measures import closing
from analysis.staffing.closing import STEPS, TINY, Mix, Option, pareto
from analysis.staffing.effects import Outlook
from analysis.staffing.levers import Lever
from analysis.tables.protected import ORGANISATION

COLUMNS = ["department", "year", "mix", "item", "lever", "expected", "low", "high", "n"]
ITEMS = ("gap", "remaining", "cost", "extent", "closes", "weakest", "outside")
"""What a row of the result says: the reference gap (mix 0), the gap that remains, kronor a year, extent of a lever
(share of full), full-time equivalents a lever closes alone at that extent, and the gap if one assumption fails: the
weakest among the levers (``lever`` then names it: ``low:…`` or ``late:…``) and outside them (``need`` or ``hires``)."""
OUTSIDE = ("need", "hires")


@dataclass(frozen=True)
class Lot:
    """One department (or the whole) that seeks its own paths: its groups, gap at the horizon, options and limits."""

    key: str
    member: np.ndarray
    gap: float
    options: tuple[Option, ...]
    caps: Mapping[str, float]
    budget: float


def closing_paths(outlook: Outlook, levers: Sequence[Lever], *, seed: int, draws: int) -> pd.DataFrame:
    """Paths for every department and the whole at the last forecast year.

    Args:
        outlook: the reference path; its opening gap must be known.
        levers: levers to choose among, at full extent.
        seed: seed of the bridge.
        draws: number of futures behind the intervals.

    Returns:
        StaffingClosing (``contracts``); see ``ITEMS``. A department without a gap has its gap only.
    """
    names = list(pd.unique(outlook.base.start.index.get_level_values("department")))
    reference = outlook.parts()
    extents = [_extent(outlook, lever, reference) for lever in levers]
    department = outlook.base.start.index.get_level_values("department")
    apart = [_lot(outlook, extents, reference, name, np.asarray(department == name)) for name in names]
    whole = _lot(outlook, extents, reference, ORGANISATION, np.ones(len(department), dtype="bool"))
    year = outlook.base.calendar(outlook.base.years)
    tables = [
        table for lots in (apart, [whole]) for table in _round(outlook, {lv.id: lv for lv in levers}, lots, seed, draws)
    ]
    found = pd.concat(tables, ignore_index=True).assign(year=year)
    return found[COLUMNS].sort_values(["department", "mix"], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Extent:
    """A lever at full extent, alone: what it closes at the horizon, what is paid for, whom it reaches, all [groups].

    ``most``: quarters that its yearly capacity lets through.
    """

    lever: Lever
    closes: np.ndarray
    charged: np.ndarray
    reached: np.ndarray
    most: int


def _extent(outlook: Outlook, lever: Lever, reference: Mapping[str, np.ndarray]) -> Extent:
    start, years = outlook.base.start, outlook.base.years
    closes = np.sum([part[-1] for part in reference.values()], axis=0) - outlook.gap([lever])[-1]
    charged = closes if lever.acts == "hazard" else lever.charged(start, years) * lever.mid
    # the capacity of the whole is shared by those reached, so the same share of the extent holds everywhere
    most = min(STEPS, int(STEPS * lever.limit(start, years) / lever.mid + 1e-9))
    return Extent(lever, closes, charged, lever.reached_persons(start), most)


def _lot(
    outlook: Outlook, extents: Sequence[Extent], reference: Mapping[str, np.ndarray], key: str, member: np.ndarray
) -> Lot:
    options = []
    for extent in extents:
        lever, closes = extent.lever, float(extent.closes[member].sum())
        if extent.most > 0 and abs(closes) > TINY:
            variable = lever.cost_per_fte.mid * max(0.0, float(extent.charged[member].sum()))
            # a department carries the share of a fixed cost that it has of those reached
            fixed = lever.cost_fixed.mid * float(extent.reached[member].sum() / max(extent.reached.sum(), TINY))
            options.append(Option(lever.id, closes, fixed, variable, extent.most, lever.cause, lever.part_of))
    overlap, budget = closing()["overlap"]["mid"], closing()["budget"]
    caps = {cause: overlap * float(reference[cause][-1][member].sum()) for cause in CAUSES}
    heads = outlook.base.start.persons
    limit = np.inf if budget is None else budget * heads[member].sum() / heads.sum()
    gap = float(np.sum([part[-1][member].sum() for part in reference.values()]))
    return Lot(key, member, gap, tuple(options), caps, limit)


def _round(
    outlook: Outlook, levers: Mapping[str, Lever], lots: Sequence[Lot], seed: int, draws: int
) -> list[pd.DataFrame]:
    """Paths of lots that share no group, all of them simulated together."""
    proposals = {lot.key: _proposals(lot, 0.0) for lot in lots}
    if any(proposals.values()):
        # levers overlap more than the programme knows: seek again with what the first round fell short by
        short = _shortfall(outlook, levers, lots, proposals)
        proposals = {lot.key: _proposals(lot, short[lot.key]) if proposals[lot.key] else [] for lot in lots}
    tables = [_rows(outlook, lot, 0, [("gap", "", lot.gap, np.nan, np.nan)]) for lot in lots]
    for place in range(max((len(mixes) for mixes in proposals.values()), default=0)):
        chosen = {lot.key: proposals[lot.key][place] for lot in lots if len(proposals[lot.key]) > place}
        tables += _mix_tables(
            outlook, levers, [lot for lot in lots if lot.key in chosen], chosen, place + 1, seed, draws
        )
    return tables


def _proposals(lot: Lot, short: float) -> list[Mix]:
    settings = closing()
    return pareto(
        lot.options, lot.gap + short if lot.gap > 0 else lot.gap, budget=lot.budget, caps=lot.caps,
        most=settings["most_levers"], mixes=settings["mixes"],
    )  # fmt: skip


def _shortfall(
    outlook: Outlook, levers: Mapping[str, Lever], lots: Sequence[Lot], proposals: Mapping[str, Sequence[Mix]]
) -> dict[str, float]:
    """How much the first path of each lot closes less than the programme said."""
    first = {key: mixes[0] for key, mixes in proposals.items() if mixes}
    after = outlook.gap(combined(levers, lots, first))[-1]
    result = {}
    for lot in lots:
        promised = 0.0
        if lot.key in first:
            promised = max(0.0, float(after[lot.member].sum()) - first[lot.key].remaining)
        result[lot.key] = promised
    return result


def combined(levers: Mapping[str, Lever], lots: Sequence[Lot], chosen: Mapping[str, Mix]) -> tuple[Lever, ...]:
    """The levers of several departments' mixes as one scenario: each at its extent, where it was chosen.

    The same lever at the same extent is one lever that reaches several departments.
    """
    where: dict[tuple[str, int], list[str]] = {}
    for lot in lots:
        for key, quarters in chosen[lot.key].quarters.items() if lot.key in chosen else ():
            where.setdefault((key, quarters), []).append(lot.key)
    result = []
    for (key, quarters), departments in sorted(where.items()):
        lever = levers[key].sized(levers[key].mid * quarters / STEPS)
        if departments != [ORGANISATION]:
            reach = lever.reach.departments
            kept = tuple(name for name in departments if not reach or name in reach)
            lever = replace(lever, reach=replace(lever.reach, departments=kept))
        result.append(lever)
    return tuple(result)


def _mix_tables(
    outlook: Outlook,
    levers: Mapping[str, Lever],
    lots: Sequence[Lot],
    chosen: Mapping[str, Mix],
    number: int,
    seed: int,
    draws: int,
) -> list[pd.DataFrame]:
    scenario = combined(levers, lots, chosen)
    futures = outlook.quantiles(scenario, seed=seed, draws=draws)
    last = futures[futures["year"] == outlook.base.years].set_index("department")
    simulated = last[["expected", "p10", "p90"]].to_dict("index")
    failing = _failing(outlook, scenario)
    tables = []
    for lot in lots:
        mix = chosen[lot.key]
        left = simulated[lot.key]
        rows = [("remaining", "", left["expected"], left["p10"], left["p90"])]
        options = {option.id: option for option in lot.options}
        rows.append(("cost", "", *_cost(levers, options, mix)))
        for key, quarters in mix.quarters.items():
            extent = quarters / STEPS
            rows.append(("extent", key, extent, np.nan, np.nan))
            whole, lever = options[key].closes * extent, levers[key]
            low, high = sorted((whole * lever.low / lever.mid, whole * lever.high / lever.mid))
            rows.append(("closes", key, whole, low, high))
        tried = {
            key: fail(lot.member)
            for key, fail in failing.items()
            if key in OUTSIDE or key.split(":")[1] in mix.quarters
        }
        for item, keys in (("outside", OUTSIDE), ("weakest", [key for key in tried if key not in OUTSIDE])):
            worst = max(keys, key=lambda key: tried[key])
            # the interval of the path, moved along
            shift = tried[worst] - left["expected"]
            rows.append((item, worst, tried[worst], left["p10"] + shift, left["p90"] + shift))
        tables.append(_rows(outlook, lot, number, rows))
    return tables


def _cost(levers: Mapping[str, Lever], options: Mapping[str, Option], mix: Mix) -> tuple[float, float, float]:
    """Kronor a year at the horizon: middle, and with every cost at the low and high end of its range."""
    ends = {"mid": 0.0, "low": 0.0, "high": 0.0}
    for key, quarters in mix.quarters.items():
        lever, option = levers[key], options[key]
        for end in ends:
            for amount, part in (
                (lever.cost_fixed, option.fixed),
                (lever.cost_per_fte, option.variable * quarters / STEPS),
            ):
                ends[end] += part * getattr(amount, end) / amount.mid if amount.mid else 0.0
    return ends["mid"], ends["low"], ends["high"]


def _failing(outlook: Outlook, scenario: tuple[Lever, ...]) -> dict[str, Callable[[np.ndarray], float]]:
    """Assumption → the gap of some groups at the horizon when it alone is at the bad end of its range.

    A lever: its size at the low end, or in force a year later. Need and hires: one standard deviation over the forecast
    years.
    """
    found: dict[str, Callable[[np.ndarray], float]] = {}

    def of(gap: np.ndarray) -> Callable[[np.ndarray], float]:
        return lambda member: float(gap[member].sum())

    for key in dict.fromkeys(lever.id for lever in scenario):
        for word, changed in (
            ("low", tuple(replace(lv, mid=lv.low) if lv.id == key else lv for lv in scenario)),
            ("late", tuple(replace(lv, lead_years=lv.lead_years + 1) if lv.id == key else lv for lv in scenario)),
        ):
            found[f"{word}:{key}"] = of(outlook.gap(changed)[-1])
    gap = outlook.gap(scenario)[-1]
    root = float(np.sqrt(outlook.base.years))
    department = outlook.base.start.index.get_level_values("department").to_numpy()
    level, hires = outlook.base.fixed["level"], outlook.base.inflow.mean["hires"].to_numpy(dtype=float)

    def more_need(member: np.ndarray) -> float:
        # volumes err together within a department and apart between departments
        sums = [level[member & (department == name)].sum() for name in pd.unique(department[member])]
        worse = outlook.base.volume_error * root * float(np.sqrt(np.square(sums).sum()))
        apart = outlook.base.alternatives.spread(member) if outlook.base.alternatives is not None else 0.0
        return float(gap[member].sum()) + float(np.hypot(worse, apart))

    def fewer_hires(member: np.ndarray) -> float:
        return float(gap[member].sum()) + outlook.base.hiring_shock * root * float(hires[member].sum())

    return found | {"need": more_need, "hires": fewer_hires}


def _rows(outlook: Outlook, lot: Lot, mix: int, rows: Sequence[tuple[str, str, float, float, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["item", "lever", "expected", "low", "high"])
    return table.assign(department=lot.key, mix=mix, n=float(outlook.base.start.persons[lot.member].sum()))
