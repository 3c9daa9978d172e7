"""The bridge: one identity carries the need, for every department, occupation and year.

    gap at T = opening gap + change in need + full-time equivalents lost by each cause
               + net moves out + net ladder moves out − hires − conversions − newly qualified − raised rates

Parts carry their sign, so that they add up to the gap; all are cumulated from the cut-off to the year.
Expected values add up exactly at every level. Quantiles come from a seeded simulation, stand beside the
expected values and are never added. Where the delivery records no open posts the opening gap and the gap are
missing, and ``recruitment`` (change in need plus everything lost) is what can be said. Rates are raised by levers only:
the reference path keeps everyone's agreed rate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from analysis.reference.parts import BRIDGE, CAUSES, HALF, HIGH, HIRED, LOW, MOVED
from analysis.staffing.baseline import Baseline
from analysis.staffing.levers.lever import Lever
from analysis.staffing.supply.expected import Year, follow, lever_flows, together
from analysis.staffing.supply.inflow import Inflow
from analysis.staffing.supply.simulate import Draws, futures
from analysis.staffing.supply.start import Start
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL

TOTALS = ("gap", "recruitment")
SUMS = {"gap": BRIDGE, "recruitment": ("need_change", *CAUSES)}
"""The totals and what they are the sum of."""
COLUMNS = ["department", "occupation", "year", "scenario", "part", "expected", "p10", "p50", "p90", "n"]


def bridge(base: Baseline, scenarios: Mapping[str, Sequence[Lever]], *, seed: int, draws: int) -> pd.DataFrame:
    """Compute the bridge for the reference path and each scenario.

    Args:
        base: what the reference path is computed from.
        scenarios: scenario name → its levers.
        seed: seed of the simulation; every scenario uses the same draws.
        draws: number of simulated futures.

    Returns:
        ``contracts`` StaffingBridge; department ``all`` and occupation ``total`` are sums; ``n`` is persons at risk at
        the cut-off; ``year`` is the calendar year in which the forecast year ends. Parts ``of_…`` are levels at the
        year's end that overlap with the others and are in no sum. Parts of causes that the delivery cannot tell apart
        are missing, not nought.
    """
    index, fixed, start = base.index, base.fixed, base.start
    tried = {REFERENCE: (), **scenarios}
    parts: dict[str, list[list[Year]]] = {scenario: [] for scenario in tried}
    for aged in base.portions():
        for scenario, levers in tried.items():
            parts[scenario].append(follow(aged, base.inflow, levers=levers, start=start))
    reached = np.array([base.calendar(ahead) for ahead in range(1, base.years + 1)])
    tables = []
    for scenario, levers in tried.items():
        path = together(parts[scenario])
        expected = expected_parts(path, base.inflow, fixed, levers, start)
        drawn = futures(
            path,
            index=index,
            inflow=base.inflow,
            need_level=fixed["level"],
            shocks=base.shocks,
            rng=np.random.default_rng(seed),
            draws=draws,
            levers=levers,
            start=start,
            volume_error=base.volume_error,
            hiring_shock=base.hiring_shock,
            variants=base.alternatives,
        )
        table = _with_quantiles(expected, drawn, fixed, index, start.persons, base.years, draws)
        table["year"] = reached[table["year"].to_numpy() - 1]
        tables.append(table.assign(scenario=scenario))
    result = pd.concat(tables, ignore_index=True)
    absent = [cause for cause in CAUSES if cause not in base.causes]
    absent += ["need_change"] if base.change is None or base.change.empty else []
    absent += ["opening", "gap"] if base.opening is None else []
    result.loc[result["part"].isin(absent), ["expected", "p10", "p50", "p90"]] = np.nan
    return result[COLUMNS]


def expected_parts(
    path: list[Year], inflow: Inflow, fixed: dict[str, np.ndarray], levers: Sequence[Lever], start: Start
) -> dict[str, np.ndarray]:
    """Expected parts with sign, cumulated: part → [years × groups], in the order of ``BRIDGE``."""
    years, size = len(path), len(start.index)
    added = {part: np.cumsum(flow, axis=0) for part, flow in lever_flows(levers, start, years).items()}
    lost = np.cumsum([step.lost_fte for step in path], axis=0)
    parts = {"opening": np.broadcast_to(fixed["opening"], (years, size)), "need_change": fixed["change"]}
    parts |= {cause: lost[:, :, place] for place, cause in enumerate(CAUSES)}
    ahead = np.arange(1, years + 1)[:, None]
    for part in (*MOVED, *HIRED):
        parts[part] = -inflow.mean[part].to_numpy(dtype=float) * ahead
    parts["newly_qualified"] = -np.cumsum(inflow.qualifying[:years], axis=0)
    parts["raised_rates"] = np.zeros((years, size))
    for part, flow in added.items():
        parts[part] = parts[part] - flow
    return {part: parts[part] for part in BRIDGE}


def _with_quantiles(
    expected: dict[str, np.ndarray],
    drawn: Iterator[tuple[np.ndarray, Draws]],
    fixed: dict[str, np.ndarray],
    index: pd.MultiIndex,
    at_start: np.ndarray,
    years: int,
    draws: int,
) -> pd.DataFrame:
    """Long table of parts and totals for groups, departments and the whole, with quantiles beside them."""
    names = (*BRIDGE, *TOTALS)
    expected = expected | {total: np.sum([expected[part] for part in parts], axis=0) for total, parts in SUMS.items()}
    whole = {part: np.zeros((years, draws)) for part in names}
    blocks, levels = [], []
    for own, futures_of in drawn:
        key = index[own[0]][0]
        # a column per group of the department, then one for the department
        found = np.empty((years, len(names), 3, len(own) + 1))
        for year in range(1, years + 1):
            parts = futures_of.parts(year, {"opening": fixed["opening"][own], "change": fixed["change"][:, own]})
            parts |= {total: np.sum([parts[part] for part in several], axis=0) for total, several in SUMS.items()}
            for place, part in enumerate(names):
                together = parts[part].sum(axis=1)
                whole[part][year - 1] += together
                found[year - 1, place, :, :-1] = quantiles(parts[part])
                found[year - 1, place, :, -1] = quantiles(together[:, None])[:, 0]
        mean = np.stack([expected[part][:, own] for part in names], axis=1)
        mean = np.concatenate([mean, mean.sum(axis=2, keepdims=True)], axis=2)
        occupations = [*index.get_level_values("occupation")[own], TOTAL]
        levels += [(key, occupation) for occupation in occupations]
        blocks.append((mean, found, np.append(at_start[own], at_start[own].sum())))
    mean = np.stack([expected[part].sum(axis=1) for part in names], axis=1)[:, :, None]
    found = np.stack([quantiles(whole[part].T).T for part in names], axis=1)[..., None]
    levels.append((ORGANISATION, TOTAL))
    blocks.append((mean, found, np.array([at_start.sum()])))
    return _long(blocks, levels, names, years)


def _long(
    blocks: list[tuple[np.ndarray, np.ndarray, np.ndarray]],
    levels: list[tuple[str, str]],
    names: tuple[str, ...],
    years: int,
) -> pd.DataFrame:
    """One row per year, part and level; groups first, then departments, then the whole."""
    mean = np.concatenate([block[0] for block in blocks], axis=2)
    found = np.concatenate([block[1] for block in blocks], axis=3)
    heads = np.concatenate([block[2] for block in blocks])
    order = sorted(range(len(levels)), key=lambda k: (levels[k][0] == ORGANISATION, levels[k][1] == TOTAL))
    shape = (years, len(names), len(order))
    year, part, level = (axis.ravel() for axis in np.indices(shape))
    table = pd.DataFrame(levels, columns=["department", "occupation"]).iloc[order].take(level).reset_index(drop=True)
    table["part"], table["year"] = np.array(names, dtype=object)[part], year + 1
    table["expected"] = mean[:, :, order].ravel()
    for place, name in enumerate(("p10", "p50", "p90")):
        table[name] = found[:, :, place][:, :, order].ravel()
    return table.assign(n=heads[order][level])


def quantiles(values: np.ndarray) -> np.ndarray:
    """P10, P50 and P90 of each column by linear interpolation, [3 × columns]; a third of ``np.quantile``'s time."""
    draws = len(values)
    place = np.array([LOW, HALF, HIGH]) * (draws - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, draws - 1)
    ordered = np.partition(values, np.unique(np.concatenate([low, high])), axis=0)
    weight = (place - low)[:, None]
    return ordered[low] * (1 - weight) + ordered[high] * weight
