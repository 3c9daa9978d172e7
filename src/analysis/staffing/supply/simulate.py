"""Simulated futures of every forecast group, from the expected path.

Each future draws, per year, the level shocks of the turnover stage (shared by all departments, and per
department), binomial leavers, hires with the uncertainty of their mean (Gamma over the years it rests on) and
a common swing, and an error of the volumes that grows with the square root of the years ahead and is shared
within a department. Where the need follows a forecast with variants, each future draws one of them for all its years
and departments. Net moves and newly qualified keep their expected value.

What all departments share is drawn first; departments then follow one at a time, each with a stream of its own, so
that memory grows with the largest department and not with the organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference.parts import ADDED, CAUSES, HIRED, MOVED
from analysis.staffing.levers.lever import Lever
from analysis.staffing.need.variants import Variants
from analysis.staffing.supply.expected import Year
from analysis.staffing.supply.inflow import Inflow
from analysis.staffing.supply.start import Start
from analysis.turnover import ShockModel


@dataclass(frozen=True)
class Draws:
    """Cumulated draws, arrays [years × draws × groups] of full-time equivalents.

    ``added``: what flow levers add, by part; a part that none adds to is left out.
    """

    lost: dict[str, np.ndarray]
    hires: np.ndarray
    conversions: np.ndarray
    need_error: np.ndarray
    moved: dict[str, np.ndarray]
    qualifying: np.ndarray
    added: dict[str, np.ndarray]

    def parts(self, year: int, fixed: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """Every part of the bridge up to forecast year ``year``, arrays [draws × groups] with sign.

        Args:
            year: 1 = first.
            fixed: ``opening`` [groups] and ``change`` [years × groups] of the same groups.
        """
        place, shape = year - 1, self.hires.shape[1:]
        parts = {
            "opening": np.broadcast_to(fixed["opening"], shape),
            "need_change": fixed["change"][place] + self.need_error[place],
        }
        parts |= {cause: self.lost[cause][place] for cause in CAUSES}
        parts |= {part: np.broadcast_to(-moved[place], shape) for part, moved in self.moved.items()}
        parts["newly_qualified"] = np.broadcast_to(-self.qualifying[place], shape)
        parts |= {"hires": -self.hires[place], "conversions": -self.conversions[place]}
        parts["raised_rates"] = np.zeros(shape)
        for part, drawn in self.added.items():
            parts[part] = parts[part] - drawn[place]
        return parts


def futures(
    path: list[Year],
    *,
    index: pd.MultiIndex,
    inflow: Inflow,
    need_level: np.ndarray,
    shocks: ShockModel,
    rng: np.random.Generator,
    draws: int,
    levers: Sequence[Lever] = (),
    start: Start | None = None,
    volume_error: float,
    hiring_shock: float,
    variants: Variants | None = None,
) -> Iterator[tuple[np.ndarray, Draws]]:
    """Futures of one department after the other: places of its groups in ``index``, and their draws."""
    departments = index.get_level_values("department")
    names = list(pd.unique(departments))
    common = _common(path, names, shocks, rng, draws, levers, hiring_shock)
    units = _units(levers, start, len(path))
    # one stream per department and purpose, so that scenarios meet the same futures and differ by their levers alone
    streams = rng.spawn(len(names))
    # the last stream of all: without variants every other draw stays as it is
    held = variants.draw(rng.spawn(1)[0], draws) if variants is not None else None
    for column, (name, stream) in enumerate(zip(names, streams, strict=True)):
        own = np.flatnonzero(departments == name)
        found = _department(path, own, column, common, units, inflow, need_level, stream, volume_error)
        if variants is not None:
            found.need_error[:] += variants.beyond[:, :, own].transpose(1, 0, 2)[:, held]
        yield own, found


@dataclass(frozen=True)
class _Common:
    """What departments share.

    ``shock`` [years × draws × causes], ``factor`` [years × draws × departments], ``swing`` [years × draws], ``sizes``
    of levers [levers × draws].
    """

    shock: np.ndarray
    factor: np.ndarray
    swing: np.ndarray
    sizes: np.ndarray


def _common(
    path: list[Year],
    names: list[str],
    shocks: ShockModel,
    rng: np.random.Generator,
    draws: int,
    levers: Sequence[Lever],
    hiring_shock: float,
) -> _Common:
    years = len(path)
    size_stream, *streams = rng.spawn(1 + 2 * years)
    # a stream per lever: the same lever gets the same sizes in every scenario it is part of
    own = size_stream.spawn(max(1, len(levers)))
    drawn = [shocks.draw(stream, draws, list(CAUSES), names) for stream in streams[:years]]
    # an estimate that is too low is so in every year of the same future
    estimates = shocks.draw_estimates(streams[0].spawn(1)[0], draws, names)
    swing = [stream.lognormal(-(hiring_shock**2) / 2, hiring_shock, size=draws) for stream in streams[years:]]
    sizes = [lever.draw(stream, draws) for lever, stream in zip(levers, own, strict=False)]
    return _Common(
        np.array([shock for shock, _ in drawn]),
        np.array([factor * estimates for _, factor in drawn]),
        np.array(swing),
        np.array(sizes).reshape(len(levers), draws),
    )


@dataclass(frozen=True)
class _Units:
    """Levers and their effects at size 1, each [years × groups]."""

    levers: Sequence[Lever]
    units: list[np.ndarray]


def _units(levers: Sequence[Lever], start: Start | None, years: int) -> _Units:
    if levers and start is None:
        raise ValueError("levers need the start they act on; pass staffing.start_of(…)")
    return _Units(levers, [lever.unit(start, years) for lever in levers] if start is not None else [])


def _department(
    path: list[Year],
    own: np.ndarray,
    column: int,
    common: _Common,
    units: _Units,
    inflow: Inflow,
    need_level: np.ndarray,
    stream: np.random.Generator,
    volume_error: float,
) -> Draws:
    years, draws, size = len(path), common.swing.shape[1], len(own)
    hire_stream, volume_stream, *others = stream.spawn(2 + len(CAUSES) + len(HIRED))
    lost = {cause: np.zeros((years, draws, size)) for cause in CAUSES}
    hired = {part: np.zeros((years, draws, size)) for part in HIRED}
    added = _added(units, own, common.sizes, years)
    mean_persons = {part: inflow.persons[part].to_numpy(dtype=float)[own] for part in HIRED}
    mean_fte = {part: inflow.mean[part].to_numpy(dtype=float)[own] for part in HIRED}
    mean_hires = {
        part: hire_stream.gamma(mean_persons[part] * inflow.windows, size=(draws, size)) / max(1, inflow.windows)
        for part in HIRED
    }
    wander = np.cumsum(volume_stream.normal(0, volume_error, size=(years, draws, 1)), axis=0)
    heads_now = np.rint(path[0].persons[own])
    persons = np.broadcast_to(heads_now, (draws, size)).copy()
    for place, step in enumerate(path):
        level = common.shock[place] * common.factor[place][:, [column]]
        staying = np.rint(persons).astype("int64")
        before, survive = staying.astype(float), np.ones((draws, size))
        for c, cause in enumerate(CAUSES):
            base = _base(step, own, c)
            if not base.any():
                continue
            chance = np.clip(base * level[:, [c]] * _kept(units, own, common.sizes, place, cause), 0, 1)
            # one cause after the other among those who stayed so far: nobody leaves twice
            given = np.divide(chance, survive, out=np.zeros_like(chance), where=survive > 1e-12)
            gone = others[c].binomial(staying, np.minimum(given, 1.0))
            staying -= gone
            survive = np.maximum(survive - chance, 0.0)
            lost[cause][place] = gone * _each(step.lost_fte[own, c], step.lost_persons[own, c])
        arrived = np.zeros((draws, size))
        for p, part in enumerate(HIRED):
            heads = others[len(CAUSES) + p].poisson(mean_hires[part] * common.swing[place][:, None])
            hired[part][place] = heads * _each(mean_fte[part], mean_persons[part])
            arrived += heads
        # net moves are a share of those who stay, as on the expected path; what levers add joins after it
        left = (step.fte - step.lost_fte.sum(axis=1))[own]
        net = np.divide(inflow.net(place + 1)[own], left, out=np.zeros(size), where=left > 0)
        rate = _each(step.fte[own], step.persons[own])
        rate[rate == 0] = 1.0
        heads_added = sum(added[part][place] for part in ("hires", "conversions", "newly_qualified") if part in added)
        persons = np.maximum(
            (persons - (before - staying)) * np.maximum(1 + net, 0.0) + arrived + heads_added / rate, 0
        )
    for drawn in (*lost.values(), *hired.values(), *added.values()):
        np.cumsum(drawn, axis=0, out=drawn)
    return Draws(
        lost=lost,
        hires=hired["hires"],
        conversions=hired["conversions"],
        need_error=need_level[own] * wander,
        moved={
            part: inflow.mean[part].to_numpy(dtype=float)[own] * np.arange(1, years + 1)[:, None, None]
            for part in MOVED
        },
        qualifying=np.cumsum(inflow.qualifying[:, own], axis=0)[:, None, :],
        added=added,
    )


def _each(fte: np.ndarray, persons: np.ndarray) -> np.ndarray:
    """Full-time equivalents of a person; 0 where there is none."""
    return np.divide(fte, persons, out=np.zeros(len(persons)), where=persons > 0)


def _base(step: Year, own: np.ndarray, c: int) -> np.ndarray:
    """The hazard of a cause before any lever, per group of the department."""
    hazard = _each(step.lost_persons[own, c], step.persons[own])
    return _each(hazard, step.kept[own, c])


def _kept(units: _Units, own: np.ndarray, sizes: np.ndarray, place: int, cause: str) -> np.ndarray | float:
    """Share of a hazard that the drawn sizes of the levers on it leave, [draws × groups]."""
    kept: np.ndarray | float = 1.0
    for lever, unit, size in zip(units.levers, units.units, sizes, strict=True):
        if lever.acts == "hazard" and lever.cause == cause:
            kept = kept * np.clip(1 - size[:, None] * unit[place, own], 0.0, None)
    return kept


def _added(units: _Units, own: np.ndarray, sizes: np.ndarray, years: int) -> dict[str, np.ndarray]:
    """What flow levers add each year, part → [years × draws × groups]."""
    added: dict[str, np.ndarray] = {}
    for lever, unit, size in zip(units.levers, units.units, sizes, strict=True):
        if lever.acts == "flow":
            if lever.part not in ADDED:
                raise ValueError(f"lever {lever.id} adds to {lever.part!r}; choose one of {', '.join(ADDED)}")
            flow = size[None, :, None] * unit[:years, None, own]
            added[lever.part] = added.get(lever.part, 0.0) + flow
    return added
