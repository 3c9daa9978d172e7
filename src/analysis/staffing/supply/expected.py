"""Expected supply: the stock aged year by year, exactly, without draws.

The recursion is the oracle of the simulation: losses by cause, survivors a year older, inflow in the shape of
recent hires. Conservation holds in every step: stock after = stock before − losses + inflow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from analysis.reference.parts import ADDED, CAUSES
from analysis.staffing.levers.lever import Lever
from analysis.staffing.supply.ageing import Adjust, Ageing, Hazards, ageing
from analysis.staffing.supply.inflow import Inflow
from analysis.staffing.supply.start import Start, start_of

"""Parts of the bridge that a lever can add full-time equivalents to."""
SUMMED = ("persons", "fte", "lost_persons", "lost_fte")


@dataclass(frozen=True)
class Year:
    """One forecast year per group (rows in the order of the groups' index).

    ``persons``, ``fte``: stock at the year's start. ``lost_persons``, ``lost_fte``: arrays [groups × causes].
    ``kept``: share of each cause's hazard that levers leave at their middle sizes [groups × causes].
    """

    persons: np.ndarray
    fte: np.ndarray
    lost_persons: np.ndarray
    lost_fte: np.ndarray
    kept: np.ndarray


def lever_flows(levers: Sequence[Lever], start: Start, years: int) -> dict[str, np.ndarray]:
    """Full-time equivalents that flow levers add each year at their middle sizes, part → [years × groups]."""
    flows = {part: np.zeros((years, len(start.index))) for part in ADDED}
    for lever in levers:
        if lever.acts == "flow":
            flows[lever.part] = flows[lever.part] + lever.mid * lever.unit(start, years)
    return flows


def hazard_kept(levers: Sequence[Lever], start: Start, years: int) -> np.ndarray:
    """Share of the hazards that levers leave at their middle sizes, [years × groups × causes].

    Levers on one cause multiply: (1 − e₁)(1 − e₂).
    """
    kept = np.ones((years, len(start.index), len(CAUSES)))
    for lever in levers:
        if lever.acts == "hazard":
            kept[:, :, CAUSES.index(lever.cause)] *= np.clip(1 - lever.mid * lever.unit(start, years), 0.0, None)
    return kept


def project(
    cells: pd.DataFrame,
    hazards: Hazards,
    *,
    groups: pd.DataFrame,
    inflow: Inflow,
    profile: pd.DataFrame,
    years: int,
    levers: Sequence[Lever] = (),
    start: Start | None = None,
    permanent: pd.DataFrame | None = None,
    adjust: Adjust | None = None,
) -> list[Year]:
    """Project the stock of every forecast group.

    Args:
        cells: risk cells of the open origin (``workforce.flows.risk_cells``).
        hazards: cells → DataFrame[causes], probabilities of leaving within twelve months, row by row.
        groups: result of ``forecast_groups``.
        inflow: result of ``expected_inflow``; its index is the order of groups.
        profile: result of ``workforce.flows.hire_profile``.
        years: forecast years.
        levers: measures, at their middle sizes.
        start: what levers act on; worked out from the cells, without a need, where it is not given.
        permanent: result of ``workforce.flows.made_permanent``; None leaves forms as they are. Without it the
            share of temporary staff, and with it the loss at their contracts' end, would grow year by year.
        adjust: what a calendar year does to the hazards, or None.
    """
    index = cast("pd.MultiIndex", inflow.mean.index)
    if start is None:
        start = start_of(cells, groups, index, np.zeros(len(index)))
    aged = ageing(
        cells, hazards, groups=groups, index=index, profile=profile, years=years, permanent=permanent, adjust=adjust
    )
    return follow(aged, inflow, levers=levers, start=start)


def follow(
    aged: Ageing, inflow: Inflow, *, levers: Sequence[Lever], start: Start, scale: np.ndarray | None = None
) -> list[Year]:
    """The expected path through cells that are already known.

    Args:
        aged: result of ``ageing``.
        inflow: expected inflow.
        levers: measures, at their middle sizes.
        start: what they act on.
        scale: factor on every hazard by cause [causes], to try an assumption; None leaves them.
    """
    size, years = len(aged.index), aged.years
    added, kept = lever_flows(levers, start, years), hazard_kept(levers, start, years)
    if scale is not None:
        kept = kept * scale
    yearly_fte = (inflow.mean["hires"] + inflow.mean["conversions"]).to_numpy(dtype=float)
    yearly_persons = (inflow.persons["hires"] + inflow.persons["conversions"]).to_numpy(dtype=float)
    # a group without a shape of newcomers to follow cannot receive any
    receives = np.bincount(aged.newcomer_group, weights=aged.part, minlength=size) > 0
    persons, fte = aged.persons, aged.fte
    result = []
    for year in range(years):
        step, stay = _losses(aged, year, kept[year], persons, fte)
        result.append(step)
        if year == years - 1:
            break
        left = aged.of_groups(fte * stay)
        arriving = added["hires"][year] + added["conversions"][year]
        joins = np.where(receives & (arriving > 0), arriving, 0.0)
        net = inflow.net(year + 1) + added["newly_qualified"][year] + arriving - joins
        both = _share(net, left)
        raised = _share(added["raised_rates"][year], left + np.where(left > 0, net, 0.0))
        stay *= np.maximum(0.0, 1.0 + both)[aged.group]
        persons = aged.stay(persons * stay)
        fte = aged.stay(fte * stay * (1.0 + raised)[aged.group])
        known = (yearly_persons > 0) & (yearly_fte > 0)
        rate = np.divide(yearly_fte, yearly_persons, out=np.ones(size), where=known)
        heads = (yearly_persons + joins / rate)[aged.newcomer_group] * aged.part
        new_fte = (yearly_fte + joins)[aged.newcomer_group] * aged.part
        persons += _sum(aged.joined, heads, len(persons))
        fte += _sum(aged.joined, new_fte, len(fte))
    return result


def together(portions: Sequence[Sequence[Year]]) -> list[Year]:
    """One path from those of portions that share no group."""
    if len(portions) == 1:
        return list(portions[0])

    return [
        replace(steps[0], **{name: np.sum([getattr(step, name) for step in steps], axis=0) for name in SUMMED})
        for steps in zip(*portions, strict=True)
    ]


def _losses(aged: Ageing, year: int, kept: np.ndarray, persons: np.ndarray, fte: np.ndarray) -> tuple[Year, np.ndarray]:
    """Who leaves in a year, by group and cause, and the share of each cell that stays.

    Causes are taken one at a time: all of them together would be the largest array there is.
    """
    size = len(aged.index)

    def risk(cause: int) -> np.ndarray:
        hazard = aged.hazard(year, cause)
        factor = kept[:, cause]
        return hazard if (factor == 1.0).all() else hazard * factor[aged.group]

    total = np.zeros(len(persons))
    for cause in range(len(CAUSES)):
        total += risk(cause)
    over = np.flatnonzero(total > 1.0)
    lost_persons, lost_fte = np.zeros((size, len(CAUSES))), np.zeros((size, len(CAUSES)))
    for cause in range(len(CAUSES)):
        own = risk(cause)
        if len(over):  # never more than everyone
            own = own.copy()
            own[over] /= total[over]
        lost_persons[:, cause] = aged.of_groups(persons * own)
        lost_fte[:, cause] = aged.of_groups(fte * own)
    held = aged.of_groups(persons), aged.of_groups(fte)
    return Year(*held, lost_persons, lost_fte, kept), 1.0 - np.minimum(total, 1.0)


def _share(flow: np.ndarray, stock: np.ndarray) -> np.ndarray:
    return np.divide(flow, stock, out=np.zeros_like(stock), where=stock > 0)


def _sum(place: np.ndarray, weight: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(place, weights=weight, minlength=size)
