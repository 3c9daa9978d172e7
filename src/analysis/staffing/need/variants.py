"""Alternatives of the coming need, as in a population forecast with variants: one of them holds for each future.

A variant says how large the cohorts will be, for every department at once. It is therefore drawn once per future, with
its weight, and holds for the whole path and all departments; expected values are the weighted mean.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.workforce.groups import sum_to_groups

COLUMNS = ["variant", "weight", "department", "occupation", "year", "fte"]
KEYS = ["department", "occupation"]


@dataclass(frozen=True)
class Variants:
    """What each variant asks for beyond the expected need.

    ``weights`` [variants] sum to one; ``beyond``: full-time equivalents [variants × years × groups], whose weighted
    mean is nought in every year and group.
    """

    names: tuple[str, ...]
    weights: np.ndarray
    beyond: np.ndarray

    def draw(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Place of the variant that holds in each future, [draws]."""
        return rng.choice(len(self.weights), size=draws, p=self.weights)

    def spread(self, member: np.ndarray) -> float:
        """Standard deviation of the need of some groups (mask [groups]) together at the last year."""
        return float(np.sqrt(self.weights @ self.beyond[:, -1, member].sum(axis=1) ** 2))

    def outermost(self) -> tuple[int, int]:
        """Places of the variants with the least and the largest need of the whole at the last year."""
        whole = self.beyond[:, -1].sum(axis=1)
        return int(np.argmin(whole)), int(np.argmax(whole))


def variants_of(table: pd.DataFrame | None, groups: pd.DataFrame, index: pd.MultiIndex, years: int) -> Variants | None:
    """Bring alternatives to the forecast groups; None where there is one only, which is the expected need itself.

    Args:
        table: DataFrame[COLUMNS], change in need from the cut-off's year under each variant, for departments and
            occupations whose need follows a forecast with variants; or None.
        groups: forecast groups.
        index: (department, occupation) of the groups, in the order wanted.
        years: forecast years.
    """
    if table is None or table.empty:
        return None
    weights = table.groupby("variant", sort=True)["weight"].first()
    if len(weights) < 2:
        return None
    share = weights.to_numpy(dtype=float) / float(weights.sum())
    sums = sum_to_groups(table, groups, by=["variant", "year"], values=["fte"])
    change = np.zeros((len(weights), years, len(index)))
    for place, variant in enumerate(weights.index):
        for year in range(1, years + 1):
            part = sums[(sums["variant"] == variant) & (sums["year"] == year)]
            change[place, year - 1] = part.set_index(KEYS)["fte"].reindex(index).fillna(0.0).to_numpy()
    beyond = change - np.einsum("v,vyg->yg", share, change)
    return Variants(tuple(weights.index), share, beyond)
