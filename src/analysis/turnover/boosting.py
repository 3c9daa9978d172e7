"""The challenger: gradient boosted trees on the same covariate cells, weighted by the persons they hold.

Features come from the same allow-list as the additive hazards, cause by cause. Levels enter as rates: how often
persons of that level left for the cause in *other* windows than the row's own (in other parts of it, while there is
one window), drawn to the rate of all. A level's own outcome never explains itself, which a tree would otherwise learn
by heart (in-sample AUC near 1, out of sample below the additive model).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from analysis.reference import CAUSES
from analysis.turnover.cells import with_finer
from analysis.turnover.features import NUMBERS, Feature, features, held

MIN_EVENTS = 200
"""A cause with fewer exits is left to the additive hazards: trees would learn chance."""
FOLDS = 4
"""Parts of the only window, where there is but one."""
DRAWN = 20.0
"""Persons that the rate of all weighs as, against the persons of a level."""
SETTINGS = {
    "max_iter": 80, "learning_rate": 0.08, "max_leaf_nodes": 8, "min_samples_leaf": 80, "l2_regularization": 10.0,
    "early_stopping": False, "random_state": 0,
}  # fmt: skip


@dataclass(frozen=True)
class _Rates:
    """Exits and persons by level of one feature, in all and in each part of the training cells."""

    feature: Feature
    total: pd.DataFrame
    by_part: pd.DataFrame
    mean: float

    def of(self, cells: pd.DataFrame, part: np.ndarray | None = None) -> np.ndarray:
        """Rates of the cells' levels, those of their own ``part`` left out."""
        level = held(self.feature, cells)
        sums = self.total.reindex(level).fillna(0.0).to_numpy()
        if part is not None:
            own = pd.MultiIndex.from_arrays([level, part])
            sums = sums - self.by_part.reindex(own).fillna(0.0).to_numpy()
        return (sums[:, 0] + DRAWN * self.mean) / (sums[:, 1] + DRAWN)


@dataclass(frozen=True)
class _Cause:
    numbers: list[str]
    rates: list[_Rates]
    trees: HistGradientBoostingClassifier

    def columns(self, cells: pd.DataFrame, part: np.ndarray | None = None) -> np.ndarray:
        known = [cells[name].astype("float64").to_numpy() for name in self.numbers]
        return np.column_stack([*known, *(rate.of(cells, part) for rate in self.rates)])


@dataclass(frozen=True)
class Boosting:
    """Fitted trees by cause; ``flat`` holds the odds against staying of causes too rare for trees."""

    causes: dict[str, _Cause]
    flat: dict[str, float]

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Twelve-month probabilities by cause, one row per cell; for the near side only."""
        cells = with_finer(cells)
        odds = np.empty((len(cells), len(CAUSES)))
        for place, cause in enumerate(CAUSES):
            if cause in self.causes:
                model = self.causes[cause]
                p = model.trees.predict_proba(model.columns(cells))[:, 1]
                odds[:, place] = p / (1.0 - p)
            else:
                odds[:, place] = self.flat[cause]
        return pd.DataFrame(odds / (1.0 + odds.sum(axis=1, keepdims=True)), cells.index, list(CAUSES))


def fit_boosting(cells: pd.DataFrame) -> Boosting:
    """Fit the trees on windows whose outcome is known, one cause at a time against staying.

    Raises:
        ValueError: no closed window.
    """
    cells = with_finer(cells[~cells["open"]]).reset_index(drop=True)
    if cells.empty:
        raise ValueError("boosting needs at least one closed window")
    stay = np.maximum(cells["at_risk"] - cells[list(CAUSES)].sum(axis=1), 0.0).to_numpy(dtype=float)
    part = cells["origin"].to_numpy()
    if len(set(part)) == 1:
        part = np.random.default_rng(0).permutation(len(cells)) % FOLDS
    fitted, flat = {}, {}
    for cause in CAUSES:
        left = cells[cause].to_numpy(dtype=float)
        if left.sum() < MIN_EVENTS:
            flat[cause] = float(left.sum() / max(stay.sum(), 0.5))
        else:
            fitted[cause] = _fit(cause, cells, left, stay, part)
    return Boosting(fitted, flat)


def _fit(cause: str, cells: pd.DataFrame, left: np.ndarray, stay: np.ndarray, part: np.ndarray) -> _Cause:
    allowed = [feature for feature in features() if cause in feature.causes]
    names = {f.column for f in allowed if f.column in NUMBERS and not f.within}
    numbers = sorted(name for name in names if cells[name].nunique(dropna=False) > 1)
    levels = [f for f in allowed if f.within or f.column not in NUMBERS]
    rates = [_rates(f, cells, left, part) for f in levels if held(f, cells).nunique() > 1]
    model = _Cause(numbers, rates, HistGradientBoostingClassifier(**SETTINGS))
    columns = model.columns(cells, part)
    stayed, gone = np.flatnonzero(stay > 0), np.flatnonzero(left > 0)
    rows = np.concatenate([stayed, gone])
    target = np.repeat([0, 1], [len(stayed), len(gone)])
    counts = np.concatenate([stay[stayed], left[gone]])
    model.trees.fit(columns[rows], target, sample_weight=counts)
    return model


def _rates(feature: Feature, cells: pd.DataFrame, left: np.ndarray, part: np.ndarray) -> _Rates:
    sums = pd.DataFrame({"left": left, "at_risk": cells["at_risk"].to_numpy(dtype=float)})
    by_part = sums.groupby([held(feature, cells).set_axis(sums.index), part], sort=True).sum()
    return _Rates(feature, by_part.groupby(level=0).sum(), by_part, float(left.sum() / sums["at_risk"].sum()))
