"""Levers: one measure with its size, range, lead time and source (``reference/data/levers.toml``)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import load
from analysis.tables.joins import join
from analysis.workforce.groups import KEYS

NEAR_PENSION = 62
"""Age from which a person counts as near pension."""


@dataclass(frozen=True)
class Start:
    """What levers have to act on at the cut-off, per forecast group (arrays in the order of ``index``).

    ``persons``, ``fte``: in post. ``part_time_fte_missing``: full-time equivalents up to full time of those who work
    part time. ``near_pension``: persons aged 62 or more. ``need_level``: full-time equivalents that follow volumes.
    """

    index: pd.MultiIndex
    persons: np.ndarray
    fte: np.ndarray
    part_time_fte_missing: np.ndarray
    near_pension: np.ndarray
    need_level: np.ndarray


def start_of(cells: pd.DataFrame, groups: pd.DataFrame, index: pd.MultiIndex, need_level: np.ndarray) -> Start:
    """Sum the risk cells of the open origin over forecast groups.

    Args:
        cells: risk cells of the open origin.
        groups: forecast groups.
        index: (department, occupation) of the groups, in the order wanted.
        need_level: full-time equivalents that follow the volumes, per group.
    """
    state, _ = join(cells, groups.drop(columns="at_risk"), ["department", "occupation"], name="forecast groups")
    place = index.get_indexer(pd.MultiIndex.from_frame(state[KEYS]))
    heads, fte = state["at_risk"].to_numpy(dtype=float), state["fte"].to_numpy(dtype=float)
    part, old = (state["rate_band"] == "part").to_numpy(), (state["age"] >= NEAR_PENSION).to_numpy()

    def total(weight: np.ndarray) -> np.ndarray:
        return np.bincount(place, weights=weight, minlength=len(index))

    missing = np.where(part, np.maximum(heads - fte, 0.0), 0.0)
    return Start(index, total(heads), total(fte), total(missing), total(heads * old), need_level)


@dataclass(frozen=True)
class Lever:
    """A measure whose effect is its size times ``unit``.

    ``acts``: ``hazard`` (removes a share of one cause's hazard) or ``flow`` (adds full-time equivalents to ``part``).
    """

    id: str
    cause: str
    low: float
    mid: float
    high: float
    lead_years: int
    acts: str = "hazard"
    part: str = ""

    def unit(self, start: Start, years: int) -> np.ndarray:
        """Effect at size 1, [years × groups]; it grows evenly and is whole after the lead time."""
        grown = np.minimum(1.0, np.arange(1, years + 1) / (self.lead_years + 1))
        return np.repeat(grown[:, None], len(start.index), axis=1)

    def draw(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Draw sizes from the triangle low–mid–high, [draws]."""
        return rng.triangular(self.low, self.mid, self.high, size=draws)


def levers() -> dict[str, Lever]:
    """The levers by id."""
    return {
        entry["id"]: Lever(entry["id"], entry["cause"], entry["low"], entry["mid"], entry["high"], entry["lead_years"])
        for entry in load("levers")["lever"]
    }
