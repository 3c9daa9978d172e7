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
from typing import cast

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.reference import CAUSES, load
from analysis.staffing.ageing import Adjust, Hazards, ageing, portions
from analysis.staffing.inflow import MOVED, Inflow
from analysis.staffing.levers import Lever, Start, start_of
from analysis.staffing.simulate import Draws, futures
from analysis.staffing.supply import Year, follow, lever_flows, together
from analysis.staffing.variants import variants_of
from analysis.tables.protected import ORGANISATION
from analysis.turnover import ShockModel
from analysis.workforce.groups import sum_to_groups

REFERENCE = "reference"
PARTS = ("opening", "need_change", *CAUSES, *MOVED, "hires", "conversions", "newly_qualified", "raised_rates")
TOTALS = ("gap", "recruitment")
SUMS = {"gap": PARTS, "recruitment": ("need_change", *CAUSES)}
"""The totals and what they are the sum of."""
COLUMNS = ["department", "occupation", "year", "scenario", "part", "expected", "p10", "p50", "p90", "n"]


def assumption(key: str) -> float:
    """The middle value of an assumption in ``reference/data/assumptions.toml``."""
    return float(next(entry["mid"] for entry in load("assumptions")["assumption"] if entry["id"] == key))


def bridge(
    cells: pd.DataFrame,
    hazards: Hazards,
    *,
    groups: pd.DataFrame,
    inflow: Inflow,
    profile: pd.DataFrame,
    opening: pd.DataFrame | None,
    change: pd.DataFrame | None,
    shocks: ShockModel,
    seed: int,
    draws: int,
    years: int,
    period: str,
    scenarios: Mapping[str, Sequence[Lever]],
    causes: tuple[str, ...] = CAUSES,
    permanent: pd.DataFrame | None = None,
    adjust: Adjust | None = None,
    variants: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Compute the bridge for the reference path and each scenario.

    Args:
        cells: risk cells of the open origin.
        hazards: cells → probabilities by cause.
        groups: forecast groups.
        inflow: expected yearly inflow.
        profile: shape of hires.
        opening: DataFrame[department, occupation, fte] of open posts, or None.
        change: DataFrame[department, occupation, year, fte, level] of need; None or empty: not known, and
            assumed unchanged in the gap.
        shocks: level shocks of the turnover stage.
        seed: seed of the simulation; every scenario uses the same draws.
        draws: number of simulated futures.
        years: forecast years.
        period: cut-off month.
        scenarios: scenario name → its levers.
        causes: causes that the delivery can tell apart; the parts of the others are missing, not nought.
        permanent: share of temporary staff made permanent (``workforce.made_permanent``), or None.
        adjust: what a calendar year does to the hazards (``staffing.pension``), or None.
        variants: change in need under each variant of its forecast (``staffing.variants``), whose weighted mean is
            ``change`` where the two meet; or None.

    Returns:
        DataFrame[COLUMNS]; department ``all`` and occupation ``total`` are sums; ``n`` is persons at risk at
        the cut-off; ``year`` is the calendar year in which the forecast year ends. Parts ``of_…`` are levels at the
        year's end that overlap with the others and are in no sum.
    """
    index = cast("pd.MultiIndex", inflow.mean.index)
    fixed = fixed_parts(index, groups, opening, change, years)
    start = start_of(cells, groups, index, fixed["level"])
    tried = {REFERENCE: (), **scenarios}
    parts: dict[str, list[list[Year]]] = {scenario: [] for scenario in tried}
    for part, own in portions(cells, groups, index):
        aged = ageing(
            part, hazards, groups=groups, index=index, profile=profile, years=years, permanent=permanent,
            adjust=adjust, receiving=own,
        )  # fmt: skip
        for scenario, levers in tried.items():
            parts[scenario].append(follow(aged, inflow, levers=levers, start=start))
    alternatives = variants_of(variants, groups, index, years)
    reached = np.array([cutoff(shift(period, 12 * ahead)).year for ahead in range(1, years + 1)])
    tables = []
    for scenario, levers in tried.items():
        path = together(parts[scenario])
        expected = expected_parts(path, inflow, fixed, levers, start)
        drawn = futures(
            path,
            index=index,
            inflow=inflow,
            need_level=fixed["level"],
            shocks=shocks,
            rng=np.random.default_rng(seed),
            draws=draws,
            levers=levers,
            start=start,
            volume_error=assumption("volume_error"),
            hiring_shock=assumption("hiring_shock"),
            variants=alternatives,
        )
        table = _with_quantiles(expected, drawn, fixed, index, start.persons, years, draws)
        table["year"] = reached[table["year"].to_numpy() - 1]
        tables.append(table.assign(scenario=scenario))
    result = pd.concat(tables, ignore_index=True)
    absent = [cause for cause in CAUSES if cause not in causes]
    absent += ["need_change"] if change is None or change.empty else []
    absent += ["opening", "gap"] if opening is None else []
    result.loc[result["part"].isin(absent), ["expected", "p10", "p50", "p90"]] = np.nan
    return result[COLUMNS]


def fixed_parts(
    index: pd.MultiIndex,
    groups: pd.DataFrame,
    opening: pd.DataFrame | None,
    change: pd.DataFrame | None,
    years: int,
) -> dict[str, np.ndarray]:
    """Opening gap [groups], change in need [years × groups] and the level of need it moves from [groups]."""
    fixed = {
        "opening": np.zeros(len(index)),
        "change": np.zeros((years, len(index))),
        "level": np.zeros(len(index)),
    }
    keys = ["department", "occupation"]
    if opening is not None and len(opening):
        posts = sum_to_groups(opening, groups, by=[], values=["fte"]).set_index(keys)["fte"]
        fixed["opening"] = posts.reindex(index).fillna(0.0).to_numpy()
    if change is not None and len(change):
        grouped = sum_to_groups(change, groups, by=["year"], values=["fte", "level"])
        for year in range(1, years + 1):
            part = grouped[grouped["year"] == year].set_index(keys)["fte"]
            fixed["change"][year - 1] = part.reindex(index).fillna(0.0).to_numpy()
        first = grouped[grouped["year"] == grouped["year"].min()].set_index(keys)["level"]
        fixed["level"] = first.reindex(index).fillna(0.0).to_numpy()
    return fixed


def expected_parts(
    path: list[Year], inflow: Inflow, fixed: dict[str, np.ndarray], levers: Sequence[Lever], start: Start
) -> dict[str, np.ndarray]:
    """Expected parts with sign, cumulated: part → [years × groups], in the order of ``PARTS``."""
    years, size = len(path), len(start.index)
    added = {part: np.cumsum(flow, axis=0) for part, flow in lever_flows(levers, start, years).items()}
    lost = np.cumsum([step.lost_fte for step in path], axis=0)
    parts = {"opening": np.broadcast_to(fixed["opening"], (years, size)), "need_change": fixed["change"]}
    parts |= {cause: lost[:, :, place] for place, cause in enumerate(CAUSES)}
    ahead = np.arange(1, years + 1)[:, None]
    for part in (*MOVED, "hires", "conversions"):
        parts[part] = -inflow.mean[part].to_numpy(dtype=float) * ahead
    parts["newly_qualified"] = -np.cumsum(inflow.qualifying[:years], axis=0)
    parts["raised_rates"] = np.zeros((years, size))
    for part, flow in added.items():
        parts[part] = parts[part] - flow
    return {part: parts[part] for part in PARTS}


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
    names = (*PARTS, *TOTALS)
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
        occupations = [*index.get_level_values("occupation")[own], "total"]
        levels += [(key, occupation) for occupation in occupations]
        blocks.append((mean, found, np.append(at_start[own], at_start[own].sum())))
    mean = np.stack([expected[part].sum(axis=1) for part in names], axis=1)[:, :, None]
    found = np.stack([quantiles(whole[part].T).T for part in names], axis=1)[..., None]
    levels.append((ORGANISATION, "total"))
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
    order = sorted(range(len(levels)), key=lambda k: (levels[k][0] == ORGANISATION, levels[k][1] == "total"))
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
    place = np.array([0.1, 0.5, 0.9]) * (draws - 1)
    low = np.floor(place).astype(int)
    high = np.minimum(low + 1, draws - 1)
    ordered = np.partition(values, np.unique(np.concatenate([low, high])), axis=0)
    weight = (place - low)[:, None]
    return ordered[low] * (1 - weight) + ordered[high] * weight
