"""Simulated futures of every forecast group, from the expected path.

Each future draws, per year, the level shocks of the turnover stage (shared by all departments, and per
department), binomial leavers, hires with the uncertainty of their mean (Gamma over the years it rests on) and
a common swing, and an error of the volumes that grows with the square root of the years ahead and is shared
within a department. Net moves and newly qualified keep their expected value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.staffing.inflow import Inflow
from analysis.staffing.levers import Lever
from analysis.staffing.supply import Year
from analysis.turnover import ShockModel


@dataclass(frozen=True)
class Draws:
    """Cumulated draws, arrays [years × draws × groups] of full-time equivalents."""

    lost: dict[str, np.ndarray]
    hires: np.ndarray
    conversions: np.ndarray
    need_error: np.ndarray
    inflow: Inflow

    def parts(self, year: int, fixed: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Every part of the bridge up to forecast year ``year``, arrays [draws × groups] with sign."""
        place, shape = year - 1, self.hires.shape[1:]
        parts = {
            "opening": np.broadcast_to(fixed["opening"], shape),
            "need_change": fixed["change"][place] + self.need_error[place],
        }
        parts |= {cause: self.lost[cause][place] for cause in CAUSES}
        parts["moves"] = np.broadcast_to(-self.inflow.mean["moves"].to_numpy() * year, shape)
        parts["newly_qualified"] = np.broadcast_to(-self.inflow.qualifying[:year].sum(axis=0), shape)
        return parts | {"hires": -self.hires[place], "conversions": -self.conversions[place]}


def simulate(
    path: list[Year],
    *,
    index: pd.MultiIndex,
    inflow: Inflow,
    need_level: np.ndarray,
    shocks: ShockModel,
    rng: np.random.Generator,
    draws: int,
    lever: Lever | None,
    volume_error: float,
    hiring_shock: float,
) -> Draws:
    """Draw futures around the expected path.

    Args:
        path: result of ``project`` (with the lever at its middle effect, if any).
        index: groups, (department, occupation), in the order of the arrays.
        inflow: expected inflow.
        need_level: full-time equivalents that follow the volumes, per group.
        shocks: level shocks.
        rng: seeded generator.
        draws: number of futures.
        lever: its effect is drawn from its range.
        volume_error: standard deviation of the volumes' error one year ahead.
        hiring_shock: standard deviation of the common swing of hires.
    """
    size, years = len(index), len(path)
    departments = list(pd.unique(index.get_level_values("department")))
    owner = np.array([departments.index(key) for key in index.get_level_values("department")])
    lost = {cause: np.zeros((years, draws, size)) for cause in CAUSES}
    hired = {part: np.zeros((years, draws, size)) for part in ("hires", "conversions")}
    need_error = np.zeros((years, draws, size))
    persons = np.broadcast_to(path[0].persons, (draws, size)).copy()
    # one stream per purpose and year, so that scenarios meet the same futures and differ by their lever alone
    lever_stream, hire_stream, *streams = rng.spawn(2 + years)
    effects = np.zeros(draws) if lever is None else lever.draw(lever_stream, draws)
    mean_hires = {
        part: hire_stream.gamma(inflow.persons[part].to_numpy() * inflow.windows, size=(draws, size))
        / max(1, inflow.windows)
        for part in hired
    }
    wander = np.zeros((draws, len(departments)))
    for place, (step, stream) in enumerate(zip(path, streams, strict=True)):
        shock_stream, swing_stream, volume_stream, *others = stream.spawn(3 + len(CAUSES) + len(hired))
        common, own = shocks.draw(shock_stream, draws, list(CAUSES), departments)
        previous = place - 1 if place else place
        gone = np.zeros((draws, size))
        for c, cause in enumerate(CAUSES):
            hazard = np.divide(step.lost_persons[:, c], step.persons, out=np.zeros(size), where=step.persons > 0)
            if lever is not None and cause == lever.cause:
                hazard = hazard / (1 - lever.effect(place + 1, lever.mid))
            chance = hazard * common[:, [c]] * own[:, owner]
            if lever is not None and cause == lever.cause:
                chance = chance * (1 - np.asarray(lever.effect(place + 1, effects)))[:, None]
            heads = others[c].binomial(np.rint(persons).astype("int64"), np.clip(chance, 0, 1))
            each = np.divide(
                step.lost_fte[:, c],
                step.lost_persons[:, c],
                out=np.zeros(size),
                where=step.lost_persons[:, c] > 0,
            )
            lost[cause][place] = heads * each + (lost[cause][previous] if place else 0)
            gone += heads
        swing = swing_stream.lognormal(-(hiring_shock**2) / 2, hiring_shock, size=(draws, 1))
        arrived = np.zeros((draws, size))
        for p, (part, total) in enumerate(hired.items()):
            heads = others[len(CAUSES) + p].poisson(mean_hires[part] * swing)
            mean_fte, mean_persons = inflow.mean[part].to_numpy(), inflow.persons[part].to_numpy()
            each = np.divide(mean_fte, mean_persons, out=np.zeros(size), where=mean_persons > 0)
            total[place] = heads * each + (total[previous] if place else 0)
            arrived += heads
        wander += volume_stream.normal(0, volume_error, size=wander.shape)
        need_error[place] = need_level * wander[:, owner]
        # net moves are a share of those who stay, as on the expected path
        left = step.fte - step.lost_fte.sum(axis=1)
        net = np.divide(inflow.net(place + 1), left, out=np.zeros(size), where=left > 0)
        persons = np.maximum(persons - gone, 0.0) * np.maximum(1 + net, 0.0) + arrived
    return Draws(lost, hired["hires"], hired["conversions"], need_error, inflow)
