"""Inflow on the reference path: hires, conversions and moves as of late, newly qualified as planned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference.parts import HIRED, MOVED
from analysis.workforce.groups import KEYS, sum_to_groups

"""Net moves between departments and between occupations: what one group gains another loses."""
PARTS = (*HIRED, *MOVED)
STILL_WINDOWS = 3.0
"""Net moves between groups are drawn to nought, which counts as this many windows: most are reorganisations that happen
once. On the open lists of one city that lowered the weighted error of departments' headcount a year ahead in every
year."""


@dataclass(frozen=True)
class Inflow:
    """Yearly inflow per forecast group, in full-time equivalents.

    ``mean``: DataFrame indexed by (department, occupation) with a column per part, the same every year; moves and
    ladder moves are net and sum to zero over the whole organisation. Hires are what has been seen, not what is missing:
    that is the capacity to hire that the reference path goes on with. ``persons``: hires and conversions in persons a
    year. ``qualifying``: net newly qualified, array [years × groups]; what one occupation gains another loses.
    ``windows``: how many years the means rest on. ``most``: largest number of full-time equivalents hired in any year,
    without a limit where only one has been seen.
    """

    mean: pd.DataFrame
    persons: pd.DataFrame
    qualifying: np.ndarray
    windows: int
    most: float = float("inf")

    @property
    def room(self) -> float:
        """Full-time equivalents a year by which hires may grow and still be no more than has been managed before."""
        return max(0.0, self.most - float(self.mean["hires"].sum()))

    def net(self, year: int) -> np.ndarray:
        """Net moves, ladder moves and newly qualified in forecast year ``year`` (1 = first), [groups]."""
        moved: np.ndarray = self.mean[list(MOVED)].to_numpy(dtype=float).sum(axis=1)
        return moved + self.qualifying[year - 1]


@dataclass(frozen=True)
class Recent:
    """What expected inflow rests on.

    ``flows``: result of ``workforce.flows``. ``pipelines``: result of ``competence.pipeline`` without ``all``, or None.
    ``windows``: years back.
    """

    flows: pd.DataFrame
    pipelines: pd.DataFrame | None
    windows: int

    def inflow(self, groups: pd.DataFrame, years: int) -> Inflow:
        """Expected inflow of these forecast groups (``expected_inflow``)."""
        return expected_inflow(self.flows, groups, self.pipelines, windows=self.windows, years=years)


def lasting(windows: int) -> float:
    """Share of the mean net move of ``windows`` windows that is expected to go on."""
    return windows / (windows + STILL_WINDOWS)


def expected_inflow(
    flows: pd.DataFrame, groups: pd.DataFrame, pipelines: pd.DataFrame | None, *, windows: int, years: int
) -> Inflow:
    """Mean yearly inflow over the last ``windows`` closed windows, and who is expected to qualify.

    Net moves and ladder moves are drawn to nought (``lasting``). Persons who changed occupation by qualifying in the
    past are not counted among them: their successors come from the pipelines.

    Args:
        flows: result of ``workforce.flows.flows``.
        groups: result of ``workforce.groups.forecast_groups``.
        pipelines: result of ``competence.pipeline`` (without ``all``), or None.
        windows: years back.
        years: forecast years.
    """
    index = pd.MultiIndex.from_frame(
        groups[KEYS].drop_duplicates().sort_values(KEYS), names=["department", "occupation"]
    )
    recent = sorted(flows["origin"].unique())[-windows:]
    part = flows[flows["origin"].isin(recent) & flows["part"].isin(PARTS)]
    sums = sum_to_groups(part, groups, by=["part"], values=["fte", "persons"])
    wide = sums.pivot_table(
        index=["department", "occupation"], columns="part", values=["fte", "persons"], aggfunc="sum"
    )
    yearly = wide.reindex(index).fillna(0.0) / max(1, len(recent))
    mean = pd.DataFrame({name: yearly.get(("fte", name), 0.0) for name in PARTS}, index=index)
    mean[list(MOVED)] *= lasting(len(recent))
    persons = pd.DataFrame({name: yearly.get(("persons", name), 0.0) for name in PARTS[:2]}, index=index)
    hired = flows[flows["part"] == "hires"].groupby("origin")["fte"].sum()
    # one year alone does not tell how many could be hired at most
    most = float(hired.max()) if len(hired) > 1 else float("inf")
    return Inflow(mean, persons, _qualifying(pipelines, groups, index, years), len(recent), most)


def _qualifying(pipelines: pd.DataFrame | None, groups: pd.DataFrame, index: pd.MultiIndex, years: int) -> np.ndarray:
    result = np.zeros((years, len(index)))
    if pipelines is None or pipelines.empty:
        return result
    changes = pipelines[pipelines["from_occupation"] != pipelines["target_occupation"]]
    # the pipelines hold every forecast year and department; where nobody qualifies there is no group to look for
    order = sorted(pipelines["year"].unique())
    changes = changes[changes["planned_completions"] > 0]
    for column, sign in (("target_occupation", 1), ("from_occupation", -1)):
        moved = changes.assign(occupation=changes[column], fte=sign * changes["planned_completions"])
        sums = sum_to_groups(moved, groups, by=["year"], values=["fte"])
        for place, year in enumerate(order[:years]):
            found = sums[sums["year"] == year].set_index(["department", "occupation"])["fte"]
            result[place] += found.reindex(index).fillna(0.0).to_numpy()
    return result
