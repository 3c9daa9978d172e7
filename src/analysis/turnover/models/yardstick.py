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
class Lean:
    """How far the rates of one cause lean on those above them, and what they may be off by on their own.

    ``groups``, ``departments``: weight of the rate above (0 to 1) in each rate, and its own variance given that rate;
    ``whole``: variance of the organisation's rate.
    """

    groups: tuple[np.ndarray, np.ndarray]
    departments: tuple[np.ndarray, np.ndarray]
    whole: float


@dataclass(frozen=True)
class Yardstick:
    """Shrunk twelve-month rates by cause: ``groups`` (department, occupation), ``departments``, ``organisation``."""

    origin: str
    groups: pd.DataFrame
    departments: pd.DataFrame
    organisation: pd.Series
    leans: dict[str, Lean]

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Rates by cause, one row per cell; a group not seen gets its department's rate, else the organisation's."""
        place, above = self._places(cells)
        department = np.where(above[:, None] >= 0, self.departments.to_numpy()[above], self.organisation.to_numpy())
        rates = np.where(place[:, None] >= 0, self.groups.to_numpy()[place], department)
        return pd.DataFrame(rates, index=cells.index, columns=list(CAUSES))

    def _places(self, cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
        """Places of the cells' groups and departments, -1 for those not seen."""
        place = self.groups.index.get_indexer(pd.MultiIndex.from_frame(cells[GROUP]))
        return place, self.departments.index.get_indexer(pd.Index(cells["department"]))

    def errors(self, cells: pd.DataFrame, unit: np.ndarray, units: int) -> np.ndarray:
        """Covariances [causes x units x units] of units' expected numbers: rates are beta around the rates above.

        What is wrong with a department's rate is wrong in its groups as far as they lean on it, and so on upwards.
        """
        place, above = self._places(cells)
        persons = cells["at_risk"].to_numpy(dtype=float)
        owner = self.departments.index.get_indexer(self.groups.index.get_level_values(0))

        def by(which: np.ndarray, here: np.ndarray, size: int) -> np.ndarray:
            pairs = unit[here] * size + which[here]
            return np.bincount(pairs, weights=persons[here], minlength=units * size).reshape(units, size)

        groups = by(place, place >= 0, len(self.groups))
        unseen = by(above, (place < 0) & (above >= 0), len(self.departments))
        strangers = by(np.zeros_like(place), (place < 0) & (above < 0), 1)[:, 0]
        member = np.zeros((len(self.groups), len(self.departments)))
        member[np.arange(len(owner)), owner] = 1.0
        found = np.zeros((len(CAUSES), units, units))
        for cause, name in enumerate(CAUSES):
            lean = self.leans[name]
            departments = (groups * lean.groups[0]) @ member + unseen
            whole = departments @ lean.departments[0] + strangers
            found[cause] = (groups * lean.groups[1]) @ groups.T + (departments * lean.departments[1]) @ departments.T
            found[cause] += lean.whole * np.outer(whole, whole)
        return found


def fit_yardstick(cells: pd.DataFrame) -> Yardstick:
    """Shrunk rates of the last closed window in ``cells``.

    A cause that took nobody in that window but did before is given half an exit: "none" from a small count is a small
    number, not a certainty.

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
    happens = closed[list(CAUSES)].sum() > 0
    by_department, by_group, whole, leans = {}, {}, {}, {}
    for cause in CAUSES:
        left = float(departments[cause].sum())
        rate = (0.5 if left == 0 and happens[cause] else left) / at_risk.sum()
        own, strength = shrink(departments[cause].to_numpy(dtype=float), at_risk, parents=np.array([rate]))
        finer, drawn = shrink(groups[cause].to_numpy(dtype=float), persons, owner, own)
        by_department[cause], by_group[cause], whole[cause] = own, finer, rate
        leans[cause] = Lean(
            _lean(finer, persons, drawn), _lean(own, at_risk, strength), float(rate * (1 - rate) / at_risk.sum())
        )
    return Yardstick(
        origin,
        pd.DataFrame(by_group, index=groups.index),
        pd.DataFrame(by_department, index=departments.index),
        pd.Series(whole),
        leans,
    )


def _lean(rate: np.ndarray, persons: np.ndarray, strength: float) -> tuple[np.ndarray, np.ndarray]:
    """Weight of the rate above in each rate, and the variance of a beta distribution around it."""
    if np.isinf(strength):
        return np.ones(len(rate)), np.zeros(len(rate))
    return strength / (persons + strength), rate * (1 - rate) / (persons + strength + 1)


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
