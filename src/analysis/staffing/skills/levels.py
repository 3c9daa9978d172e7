"""Levels of competence, year by year: those in post age and leave as in the bridge, and move between levels.

The recursion of ``supply.follow`` with a column per level. Whoever is on a level leaves with the hazard of the cell, so
that levels differ only where the turnover model tells them apart. Those who stay move between levels at the rates seen,
newcomers arrive where recent ones stood, and known studies end as planned. Summed over levels it is the path of the
bridge: nobody is lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analysis.reference import CAUSES
from analysis.staffing.skills.level_rates import Rates
from analysis.staffing.supply.ageing import Ageing
from analysis.staffing.supply.inflow import Inflow
from analysis.turnover import ShockModel


@dataclass(frozen=True)
class Studies:
    """Known studies that change the level, [years × groups] in persons.

    ``joining`` the occupation with its licence, and ``licensed`` in post. Other models meet those who join as persons
    whom nobody has assessed.
    """

    joining: np.ndarray
    licensed: np.ndarray


@dataclass(frozen=True)
class Start:
    """One model at the cut-off.

    ``persons``: [cells of the first year × levels]. ``occupation``: place of each group's occupation among those of
    ``rates``. ``enters``: the level of who joins by study.
    """

    persons: np.ndarray
    rates: Rates
    occupation: np.ndarray
    enters: int


@dataclass(frozen=True)
class LevelYear:
    """One forecast year per group.

    ``before`` and ``after``: persons [groups × levels]. ``lost``: probability of leaving by level and cause [groups ×
    levels × causes]. ``net``: what moves add, as a share of those who stay.
    """

    before: np.ndarray
    after: np.ndarray
    lost: np.ndarray
    net: np.ndarray


def follow_levels(aged: Ageing, inflow: Inflow, start: Start, studies: Studies) -> list[LevelYear]:
    """The expected path of one model.

    Args:
        aged: result of ``ageing``; its groups are departments × occupations.
        inflow: expected inflow of the same groups.
        start: the model at the cut-off.
        studies: known studies.
    """
    size, levels = len(aged.index), start.persons.shape[1]
    moves, begin = start.rates.expected()
    begin = begin[start.occupation]
    persons_in = (inflow.persons["hires"] + inflow.persons["conversions"]).to_numpy(dtype=float)
    fte_in = (inflow.mean["hires"] + inflow.mean["conversions"]).to_numpy(dtype=float)
    # the last column holds full-time equivalents: moves are known as a share of those
    now = np.column_stack([start.persons, aged.fte])
    cells = len(aged.group)
    heads = persons_in[aged.newcomer_group] * aged.part
    arriving = np.column_stack([heads[:, None] * begin[aged.newcomer_group], fte_in[aged.newcomer_group] * aged.part])
    found = []
    for year in range(aged.years):
        risk = np.column_stack([aged.hazard(year, cause) for cause in range(len(CAUSES))])
        total = risk.sum(axis=1)
        over = total > 1.0
        risk[over] /= total[over, None]
        stay = now * (1.0 - np.minimum(total, 1.0))[:, None]
        before = aged.of_groups(now)[:, :levels]
        gone = np.stack([aged.of_groups(now[:, :levels] * risk[:, [c]]) for c in range(len(CAUSES))], axis=2)
        lost = np.divide(gone, before[:, :, None], out=np.zeros_like(gone), where=before[:, :, None] > 0)
        stay[:, :levels] = _mixed(stay[:, :levels], start.occupation[aged.group], moves)
        left = aged.of_groups(stay)
        stay[:, :levels] = _licensed(stay[:, :levels], aged.group, left, studies.licensed[year], start)
        studied = np.maximum(inflow.qualifying[year], 0.0)
        net, joins = (_share(each, left[:, levels]) for each in (inflow.net(year + 1) - studied, studied))
        scale = np.maximum(0.0, 1.0 + net)
        added = stay[:, :levels].sum(axis=1) * joins[aged.group]
        stay[:, :levels] *= scale[aged.group, None]
        stay[:, start.enters] += added
        stay[:, levels] *= (scale + joins)[aged.group]
        after = aged.of_groups(stay) + _sums(aged.newcomer_group, arriving, size)
        found.append(LevelYear(before, after[:, :levels], lost, scale - 1.0))
        now = np.column_stack([aged.stay(column) for column in stay.T])
        now += _sums(aged.joined, arriving, cells + 1)[:cells]
    return found


def _sums(place: np.ndarray, weight: np.ndarray, size: int) -> np.ndarray:
    return np.column_stack([np.bincount(place, weights=column, minlength=size) for column in weight.T])


def _share(flow: np.ndarray, stock: np.ndarray) -> np.ndarray:
    return np.divide(flow, stock, out=np.zeros_like(stock), where=stock > 0)


def _mixed(persons: np.ndarray, occupation: np.ndarray, moves: np.ndarray) -> np.ndarray:
    """Those who stay, after a year's moves between levels; a level without a rule keeps its own."""
    found = np.zeros_like(persons)
    for place, rule in enumerate(_ruled(moves)):
        mine = occupation == place
        found[mine] = persons[mine] @ rule
    return found


def _ruled(moves: np.ndarray) -> np.ndarray:
    return np.where(moves.sum(axis=-1, keepdims=True) > 0, moves, np.eye(moves.shape[-1]))


def _licensed(
    persons: np.ndarray, group: np.ndarray, left: np.ndarray, planned: np.ndarray, start: Start
) -> np.ndarray:
    """Those in post whose studies end with a licence, taken from those without it; never more than there are."""
    if start.enters < 2 or not planned.any():
        return persons
    share = np.minimum(_share(planned, left[:, 1]), 1.0)[group]
    gained = persons[:, 1] * share
    persons = persons.copy()
    persons[:, 1] -= gained
    persons[:, 2] += gained
    return persons


def draw_levels(
    path: list[LevelYear],
    *,
    departments: list[str],
    inflow: Inflow,
    start: Start,
    studies: Studies,
    shocks: ShockModel,
    rng: np.random.Generator,
    draws: int,
    hiring_shock: float,
) -> Iterator[np.ndarray]:
    """Futures of one model around its path: persons by level at the end of each year, [draws × groups × levels].

    Drawn are the common level of leaving and that of each department, who leaves, what the rates of moving between
    levels and of newcomers really are, who moves, how many are hired, and how many studies end.

    Args:
        path: result of ``follow_levels``.
        departments: department of each group.
        inflow: expected inflow of the same groups.
        start: the model at the cut-off.
        studies: known studies.
        shocks: level shocks.
        rng: seeded generator.
        draws: number of futures.
        hiring_shock: standard deviation of the common swing of hires.
    """
    names = sorted(set(departments))
    column = np.array([names.index(key) for key in departments])
    shape = (draws, len(departments))
    levels = path[0].before.shape[1]
    persons = np.broadcast_to(np.rint(path[0].before).astype("int64"), (*shape, levels)).copy()
    moves, begin = start.rates.draw(rng, draws)
    moves, begin = _ruled(moves), begin[:, start.occupation]
    mean = (inflow.persons["hires"] + inflow.persons["conversions"]).to_numpy(dtype=float)
    mean_hires = rng.gamma(np.maximum(mean * inflow.windows, 1e-12), size=shape) / max(1, inflow.windows)
    estimates = shocks.draw_estimates(rng, draws, names)
    for year, step in enumerate(path):
        shock, factor = shocks.draw(rng, draws, list(CAUSES), names)
        swing = rng.lognormal(-(hiring_shock**2) / 2, hiring_shock, size=(draws, 1))
        chance = np.einsum("gsc,dc->dgs", step.lost, shock) * (factor * estimates)[:, column, None]
        stay = persons - rng.binomial(persons, np.clip(chance, 0.0, 1.0))
        after = np.zeros_like(persons)
        for level in range(levels):
            if stay[:, :, level].any():
                after += rng.multinomial(stay[:, :, level], moves[:, start.occupation, level])
        if start.enters >= 2:
            gained = np.minimum(rng.poisson(studies.licensed[year], size=shape), after[:, :, 1])
            after[:, :, 1] -= gained
            after[:, :, 2] += gained
        gone = rng.binomial(after, np.clip(-step.net, 0.0, 1.0)[None, :, None])
        after += rng.poisson(np.maximum(step.net, 0.0)[None, :, None] * after) - gone
        after[:, :, start.enters] += rng.poisson(studies.joining[year], size=shape)
        after += rng.multinomial(rng.poisson(mean_hires * swing), begin)
        persons = after
        yield persons
