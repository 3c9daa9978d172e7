"""From what the closing programme proposes to mixes that have been simulated, and what breaks each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from analysis.reference import CAUSES, assumption, assumptions
from analysis.reference.strategies import closing
from analysis.staffing.levers.closing import STEPS, TINY, Mix, Option, pareto
from analysis.staffing.levers.effects import Outlook
from analysis.staffing.levers.lever import Lever
from analysis.staffing.posts.futures import chance_of
from analysis.staffing.posts.recruitment_need import cumulated
from analysis.tables.protected import ORGANISATION

COLUMNS = ["department", "year", "mix", "item", "lever", "expected", "low", "high", "n"]
OUTSIDE = ("need", "hires")


@dataclass(frozen=True)
class Lot:
    """One department (or the whole) that seeks its own paths: its groups, options and limits.

    ``gap``: what is sought to be closed at the horizon, nought where no lack is expected; ``empty``: what stays empty.
    """

    key: str
    member: np.ndarray
    gap: float
    empty: float
    options: tuple[Option, ...]
    caps: Mapping[str, float]
    budget: float


def closing_paths(outlook: Outlook, levers: Sequence[Lever]) -> pd.DataFrame:
    """Paths for every department and the whole at the last forecast year.

    Args:
        outlook: the path at the present pace; its opening gap must be known.
        levers: levers to choose among, at full extent.

    Returns:
        StaffingClosing (``contracts``). Where no lack is expected (``least_chance`` in ``levers.toml``)
        there is what stays empty and no path.
    """
    names = list(pd.unique(outlook.base.start.index.get_level_values("department")))
    extents = [_extent(outlook, lever) for lever in levers]
    caps = _caps(outlook)
    department = outlook.base.start.index.get_level_values("department")
    apart = [_lot(outlook, extents, caps, name, np.asarray(department == name)) for name in names]
    whole = _lot(outlook, extents, caps, ORGANISATION, np.ones(len(department), dtype="bool"))
    year = outlook.base.calendar(outlook.base.years)
    tables = [table for lots in (apart, [whole]) for table in _round(outlook, {lv.id: lv for lv in levers}, lots)]
    found = pd.concat(tables, ignore_index=True).assign(year=year)
    return found[COLUMNS].sort_values(["department", "mix"], kind="stable", ignore_index=True)


@dataclass(frozen=True)
class Extent:
    """A lever at full extent, alone, all [groups].

    ``closes`` at the horizon. ``charged``: what is paid for. ``reached``: persons. ``fewer``: recruitments in the last
    year that need not be made. ``most``: quarters that its yearly capacity lets through.
    """

    lever: Lever
    closes: np.ndarray
    charged: np.ndarray
    reached: np.ndarray
    fewer: np.ndarray
    most: int


def _extent(outlook: Outlook, lever: Lever) -> Extent:
    start, years = outlook.base.start, outlook.base.years
    closes = (outlook.empty() - outlook.empty([lever]))[-1]
    charged = closes
    if lever.acts == "hazard":  # those kept are paid for, whether their posts would have stood empty or been filled
        charged = (cumulated(outlook.reference) - cumulated(outlook.bridge([lever])))[-1]
    elif lever.acts == "flow":
        charged = lever.charged(start, years) * lever.mid
    # the capacity of the whole is shared by those reached, so the same share of the extent holds everywhere
    most = min(STEPS, int(STEPS * lever.limit(start, years) / lever.mid + 1e-9))
    return Extent(lever, closes, charged, lever.reached_persons(start), _last_year(outlook, [lever]), most)


def _last_year(outlook: Outlook, levers: Sequence[Lever]) -> np.ndarray:
    """Recruitments in the last forecast year that need not be made, [groups]."""
    fewer = outlook.hires() - outlook.hires(levers)
    found: np.ndarray = np.diff(fewer, axis=0, prepend=0.0)[-1]
    return found


def _caps(outlook: Outlook) -> dict[str, np.ndarray]:
    """Most that levers on a cause can close together: what stands empty less with that share of the cause gone."""
    overlap, caps = closing()["overlap"]["mid"], {}
    for place, cause in enumerate(CAUSES):
        if cause in outlook.base.causes:
            scale = np.ones(len(CAUSES))
            scale[place] = 1.0 - overlap
            caps[cause] = np.maximum((outlook.empty() - outlook.tried(scale=scale))[-1], 0.0)
    return caps


def _lot(
    outlook: Outlook, extents: Sequence[Extent], caps: Mapping[str, np.ndarray], key: str, member: np.ndarray
) -> Lot:
    options, price = [], assumption("recruitment_cost")
    for extent in extents:
        lever, closes = extent.lever, float(extent.closes[member].sum())
        if extent.most > 0 and abs(closes) > TINY:
            variable = lever.cost_per_fte.mid * max(0.0, float(extent.charged[member].sum()))
            # a department carries the share of a fixed cost that it has of those reached
            fixed = lever.cost_fixed.mid * float(extent.reached[member].sum() / max(extent.reached.sum(), TINY))
            saves = price * float(extent.fewer[member].sum())
            persons = float(extent.reached[member].sum())
            options.append(
                Option(lever.id, closes, fixed, variable, saves, extent.most, lever.cause, lever.part_of, persons)
            )
    budget, heads = closing()["budget"], outlook.base.start.persons
    limit = np.inf if budget is None else budget * heads[member].sum() / heads.sum()
    gap = float(outlook.empty()[-1][member].sum())
    half = outlook.filling.spread(np.stack([member, member], axis=1).astype(float))[-1]
    half = half[1] if key == ORGANISATION else half[0]
    chance = float(chance_of(1.0, np.array([gap]), np.array([half]), 1.0)[0])
    own = {cause: float(values[member].sum()) for cause, values in caps.items()}
    sought = gap if chance >= closing()["least_chance"] else min(gap, 0.0)
    return Lot(key, member, sought, gap, tuple(options), own, limit)


def _round(outlook: Outlook, levers: Mapping[str, Lever], lots: Sequence[Lot]) -> list[pd.DataFrame]:
    """Paths of lots that share no group, all of them followed together."""
    proposals = {lot.key: _proposals(lot, 0.0) for lot in lots}
    if any(proposals.values()):
        # levers overlap more than the programme knows: seek again with what the first round fell short by
        short = _shortfall(outlook, levers, lots, proposals)
        proposals = {lot.key: _proposals(lot, short[lot.key]) if proposals[lot.key] else [] for lot in lots}
    said = [("gap" if lot.gap > 0 else "no_lack", "", lot.empty, np.nan, np.nan) for lot in lots]
    tables = [_rows(outlook, lot, 0, [row]) for lot, row in zip(lots, said, strict=True)]
    tables += [_alone(outlook, levers, lot) for lot in lots if lot.options]
    for place in range(max((len(mixes) for mixes in proposals.values()), default=0)):
        chosen = {lot.key: proposals[lot.key][place] for lot in lots if len(proposals[lot.key]) > place}
        tables += _mix_tables(outlook, levers, [lot for lot in lots if lot.key in chosen], chosen, place + 1)
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
    after = outlook.empty(combined(levers, lots, first))[-1]
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
) -> list[pd.DataFrame]:
    scenario = combined(levers, lots, chosen)
    futures = outlook.quantiles(scenario)
    fewer = _last_year(outlook, scenario)
    price = assumptions()["recruitment_cost"]
    last = futures[futures["year"] == outlook.base.years].set_index("department")
    simulated = last[["expected", "p10", "p90"]].to_dict("index")
    failing = _failing(outlook, scenario)
    tables = []
    for lot in lots:
        mix = chosen[lot.key]
        left = simulated[lot.key]
        rows = [("remaining", "", left["expected"], left["p10"], left["p90"])]
        options = {option.id: option for option in lot.options}
        rows.append(("cost", "", *_cost(levers, options, mix.quarters)))
        own = float(fewer[lot.member].sum())
        rows.append(("fewer", "", own, np.nan, np.nan))
        low, high = sorted((own * price.low, own * price.high))
        rows.append(("saved", "", own * price.mid, low, high))
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


def _alone(outlook: Outlook, levers: Mapping[str, Lever], lot: Lot) -> pd.DataFrame:
    """What each lever costs by itself in its full extent, registered with those whom it reaches."""
    options = {option.id: option for option in lot.options}
    rows = [("alone", key, *_cost(levers, options, {key: STEPS})) for key in options]
    return _rows(outlook, lot, 0, rows).assign(n=[option.persons for option in lot.options])


def _cost(
    levers: Mapping[str, Lever], options: Mapping[str, Option], quarters_of: Mapping[str, int]
) -> tuple[float, float, float]:
    """Kronor a year at the horizon: middle, and with every cost at the low and high end of its range."""
    ends = {"mid": 0.0, "low": 0.0, "high": 0.0}
    for key, quarters in quarters_of.items():
        lever, option = levers[key], options[key]
        for end in ends:
            for amount, part in (
                (lever.cost_fixed, option.fixed),
                (lever.cost_per_fte, option.variable * quarters / STEPS),
            ):
                ends[end] += part * getattr(amount, end) / amount.mid if amount.mid else 0.0
    return ends["mid"], ends["low"], ends["high"]


def _failing(outlook: Outlook, scenario: tuple[Lever, ...]) -> dict[str, Callable[[np.ndarray], float]]:
    """Assumption → what stays empty in some groups at the horizon when it alone is at the bad end of its range.

    A lever: its size at the low end, or in force a year later. Need, and how fast posts are filled: one standard
    deviation over the forecast years.
    """
    found: dict[str, Callable[[np.ndarray], float]] = {}

    def of(gap: np.ndarray) -> Callable[[np.ndarray], float]:
        return lambda member: float(gap[member].sum())

    for key in dict.fromkeys(lever.id for lever in scenario):
        for word, changed in (
            ("low", tuple(replace(lv, mid=lv.low) if lv.id == key else lv for lv in scenario)),
            ("late", tuple(replace(lv, lead_years=lv.lead_years + 1) if lv.id == key else lv for lv in scenario)),
        ):
            found[f"{word}:{key}"] = of(outlook.empty(changed)[-1])
    base, gap = outlook.base, outlook.empty(scenario)[-1]
    ahead = np.sqrt(np.arange(1, base.years + 1))[:, None]
    needed = outlook.tried(more=base.volume_error * ahead * base.fixed["level"], levers=scenario)[-1] - gap
    department = base.start.index.get_level_values("department").to_numpy()
    variants = base.alternatives
    largest = variants.beyond[variants.outermost()[1]] if variants is not None else np.zeros(base.fixed["change"].shape)
    other = outlook.tried(more=largest, levers=scenario)[-1] - gap

    def more_need(member: np.ndarray) -> float:
        # volumes err together within a department and apart between departments
        sums = [needed[member & (department == name)].sum() for name in pd.unique(department[member])]
        return float(gap[member].sum() + np.hypot(np.sqrt(np.square(sums).sum()), max(0.0, other[member].sum())))

    slower = outlook.tried(faster=1.0 / (1.0 + base.hiring_shock), levers=scenario)[-1]
    return found | {"need": more_need, "hires": of(slower)}


def _rows(outlook: Outlook, lot: Lot, mix: int, rows: Sequence[tuple[str, str, float, float, float]]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["item", "lever", "expected", "low", "high"])
    return table.assign(department=lot.key, mix=mix, n=float(outlook.base.start.persons[lot.member].sum()))
