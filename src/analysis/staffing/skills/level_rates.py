"""How likely a year is to move somebody between levels, and where newcomers begin: counts, drawn to larger groups.

Dirichlet posteriors in two steps. The moves of a model in all occupations together are drawn to a plain rule (whoever
is assessed goes up one level at the rate seen over all levels, else stays); those of one occupation are drawn to the
model's. Either pull weighs as many persons as ``weight``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Rates:
    """Parameters of the Dirichlet distributions of one model.

    ``moves``: [occupations × levels × levels], from rows to columns; ``newcomers``: [occupations × levels]. Level 0 is
    *not assessed*. A row of zeros in ``moves`` says that nobody moves from there.
    """

    occupations: list[str]
    moves: np.ndarray
    newcomers: np.ndarray

    def expected(self) -> tuple[np.ndarray, np.ndarray]:
        """Mean probabilities, each row summing to 1."""
        return _shares(self.moves), _shares(self.newcomers)

    def draw(self, rng: np.random.Generator, draws: int) -> tuple[np.ndarray, np.ndarray]:
        """Probabilities drawn from what the counts leave open, [draws × …]."""
        return tuple(  # type: ignore[return-value]
            _shares(rng.standard_gamma(np.broadcast_to(alpha, (draws, *alpha.shape))))
            for alpha in (self.moves, self.newcomers)
        )


def _shares(alpha: np.ndarray) -> np.ndarray:
    total = alpha.sum(axis=-1, keepdims=True)
    return np.divide(alpha, total, out=np.zeros_like(alpha), where=total > 0)


def level_rates(
    moves: pd.DataFrame,
    newcomers: pd.DataFrame,
    *,
    model: str,
    occupations: list[str],
    size: int,
    unknown: int,
    weight: float,
) -> Rates:
    """Rates of one model.

    Args:
        moves: DataFrame[model, occupation, before, after, persons] (``competence.skill_changes``).
        newcomers: DataFrame[model, occupation, level, persons] (the same).
        model: the model.
        occupations: occupations in the order wanted.
        size: its highest level.
        unknown: the level of a person that the delivery says nothing of: 0, or 1 where its records are complete.
        weight: persons that a larger group weighs as, against those of one's own.
    """
    counts = np.zeros((len(occupations), size + 1, size + 1))
    joined = np.zeros((len(occupations), size + 1))
    place = {key: number for number, key in enumerate(occupations)}
    for line in moves[moves["model"] == model].to_dict("records"):
        if line["occupation"] in place:
            counts[place[line["occupation"]], int(line["before"]), int(line["after"])] += line["persons"]
    for line in newcomers[newcomers["model"] == model].to_dict("records"):
        if line["occupation"] in place:
            joined[place[line["occupation"]], int(line["level"])] += line["persons"]
    every = counts.sum(axis=0)
    first = _drawn(joined.sum(axis=0), _unit(unknown, size), weight)
    general = np.array([_drawn(every[level], _plain(every, level, size), weight) for level in range(size + 1)])
    return Rates(occupations, counts + weight * general, joined + weight * first)


def _drawn(counts: np.ndarray, prior: np.ndarray, weight: float) -> np.ndarray:
    return (counts + weight * prior) / (counts.sum() + weight)


def _unit(level: int, size: int) -> np.ndarray:
    return np.eye(size + 1)[level]


def _plain(every: np.ndarray, level: int, size: int) -> np.ndarray:
    """Up one level at the rate of all who could go up, else where one is; not assessed stays not assessed."""
    if level in (0, size):
        return _unit(level, size)
    below = every[1:size]
    up = sum(every[at, at + 1 :].sum() for at in range(1, size)) / below.sum() if below.sum() > 0 else 0.0
    return (1.0 - up) * _unit(level, size) + up * _unit(level + 1, size)
