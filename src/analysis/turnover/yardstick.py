"""The yardstick: last year's rate of each group, drawn to its department's and that to the organisation's.

The naive forecast that a model must beat to be shown. A group is an occupation in a department. Shrinkage is
empirical Bayes in two steps: rates inside a parent are taken as beta-binomial around the parent's rate, with the
intraclass correlation from moments (Kleinman 1973, JASA 68), first departments in the organisation, then groups in
their departments.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES

GROUP = ["department", "occupation"]


@dataclass(frozen=True)
class Yardstick:
    """Shrunk twelve-month rates by cause: ``groups`` (department, occupation), ``departments``, ``organisation``.

    ``weight``: persons behind each group's rate by cause, those that its department's rate stands for included.
    """

    origin: str
    groups: pd.DataFrame
    departments: pd.DataFrame
    organisation: pd.Series
    weight: pd.DataFrame

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Rates by cause, one row per cell; a group not seen gets its department's rate, else the organisation's."""
        place = self.groups.index.get_indexer(pd.MultiIndex.from_frame(cells[GROUP]))
        above = self.departments.index.get_indexer(pd.Index(cells["department"]))
        department = np.where(above[:, None] >= 0, self.departments.to_numpy()[above], self.organisation.to_numpy())
        rates = np.where(place[:, None] >= 0, self.groups.to_numpy()[place], department)
        return pd.DataFrame(rates, index=cells.index, columns=list(CAUSES))

    def errors(self, cells: pd.DataFrame, unit: np.ndarray, units: int) -> np.ndarray:
        """Covariances [causes x units x units] of units' expected numbers: the variance of a beta distribution.

        Errors of the rates that groups are drawn to are not counted; groups without a rate of their own have none.
        """
        place = self.groups.index.get_indexer(pd.MultiIndex.from_frame(cells[GROUP]))
        known = np.flatnonzero(place >= 0)
        pairs, where = np.unique(place[known] * units + unit[known], return_inverse=True)
        persons = np.bincount(where, weights=cells["at_risk"].to_numpy(dtype=float)[known])
        rate, weight = self.groups.to_numpy()[pairs // units], self.weight.to_numpy()[pairs // units]
        variance = rate * (1 - rate) / (weight + 1) * persons[:, None] ** 2
        own = np.arange(units)
        found = np.zeros((len(CAUSES), units, units))
        for cause in range(len(CAUSES)):
            found[cause, own, own] = np.bincount(pairs % units, weights=variance[:, cause], minlength=units)
        return found


def fit_yardstick(cells: pd.DataFrame) -> Yardstick:
    """Shrunk rates of the last closed window in ``cells``.

    Raises:
        ValueError: no closed window.
    """
    closed = cells[~cells["open"]]
    if closed.empty:
        raise ValueError("the yardstick needs at least one closed window")
    origin = str(closed["origin"].max())
    groups = closed[closed["origin"] == origin].groupby(GROUP, sort=True)[["at_risk", *CAUSES]].sum()
    departments = groups.groupby(level=0, sort=True).sum()
    owner = departments.index.get_indexer(groups.index.get_level_values(0))
    at_risk, persons = departments["at_risk"].to_numpy(dtype=float), groups["at_risk"].to_numpy(dtype=float)
    by_department, by_group, weight = {}, {}, {}
    for cause in CAUSES:
        by_department[cause], _ = shrink(departments[cause].to_numpy(dtype=float), at_risk)
        by_group[cause], drawn = shrink(groups[cause].to_numpy(dtype=float), persons, owner, by_department[cause])
        weight[cause] = persons + drawn
    return Yardstick(
        origin,
        pd.DataFrame(by_group, index=groups.index),
        pd.DataFrame(by_department, index=departments.index),
        departments[list(CAUSES)].sum() / at_risk.sum(),
        pd.DataFrame(weight, index=groups.index),
    )


def shrink(
    events: np.ndarray, at_risk: np.ndarray, owner: np.ndarray | None = None, parents: np.ndarray | None = None
) -> tuple[np.ndarray, float]:
    """Empirical Bayes rates, (events + m * parent's rate) / (at_risk + m), and m = (1 - rho) / rho.

    rho is the intraclass correlation of a beta-binomial, common to all parents, from the weighted sums of squares
    S = sum n (r - rate)^2 / (rate (1 - rate)) inside each parent, whose expectation is
    (k - 1)(1 - rho) + rho (N - sum n^2 / N). Rates in S are the parents' own; what is drawn to is ``parents``.

    Args:
        events: exits, one per unit.
        at_risk: persons at risk, one per unit, > 0.
        owner: position of each unit's parent; all have one parent if left out.
        parents: the parents' (shrunk) rates; their own if left out.
    """
    if owner is None:
        owner = np.zeros(len(events), dtype=np.int64)
    units, total = np.bincount(owner), np.bincount(owner, weights=at_risk)
    rate = np.divide(np.bincount(owner, weights=events), total, out=np.zeros(len(total)), where=total > 0)
    toward = (rate if parents is None else parents)[owner]
    spread = rate * (1 - rate)
    useful = (units > 1) & (spread > 0)
    square = np.bincount(owner, weights=at_risk * (events / at_risk - rate[owner]) ** 2)
    freedom = float((units[useful] - 1).sum())
    weight = float((total - np.bincount(owner, weights=at_risk**2) / np.maximum(total, 1))[useful].sum()) - freedom
    if weight <= 0:
        return toward.copy(), np.inf
    rho = float(np.clip(((square[useful] / spread[useful]).sum() - freedom) / weight, 0.0, 1.0))
    if rho == 0.0:
        return toward.copy(), np.inf
    strength = (1 - rho) / rho
    return (events + strength * toward) / (at_risk + strength), strength
