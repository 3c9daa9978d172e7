"""The challenger: gradient boosted trees on the same covariate cells, weighted by the persons they hold.

Features come from the same allow-list as the additive hazards, cause by cause. Levels enter as rates: how often
persons of that level left for the cause in *other* windows than the row's own (in other parts of it, while there is
one window), drawn to the rate of all. A level's own outcome never explains itself, which a tree would otherwise learn
by heart (in-sample AUC near 1, out of sample below the additive model).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from analysis.reference import CAUSES
from analysis.turnover.cells import with_finer
from analysis.turnover.models.features import NUMBERS, Feature, features, held

MIN_EVENTS = 200
"""A cause with fewer exits is left to the additive hazards: trees would learn chance."""
FOLDS = 4
"""Parts of the only window, where there is but one."""
DRAWN = 20.0
"""Persons that the rate of all weighs as, against the persons of a level."""
BINS = 64
"""Groups that the values of a column are put into before a tree looks at them."""
SETTINGS = {
    "max_iter": 50, "learning_rate": 0.12, "max_leaf_nodes": 8, "min_samples_leaf": 80, "l2_regularization": 10.0,
    "early_stopping": False, "random_state": 0,
}  # fmt: skip


@dataclass(frozen=True)
class _Levels:
    """A feature with levels, and the level of each cell as a number (-1: never seen)."""

    feature: Feature
    index: pd.Index

    def codes(self, cells: pd.DataFrame) -> np.ndarray:
        return self.index.get_indexer(pd.Index(held(self.feature, cells)))


@dataclass(frozen=True)
class _Cause:
    """Trees of one cause. ``rates``: rate by level and feature, a never seen level last; ``cuts`` by column."""

    numbers: list[str]
    rates: dict[str, np.ndarray]
    cuts: list[np.ndarray]
    trees: HistGradientBoostingClassifier

    def chance(self, cells: pd.DataFrame, codes: Mapping[str, np.ndarray]) -> np.ndarray:
        columns = [cells[name].to_numpy(dtype=float) for name in self.numbers]
        columns += [rates[codes[name]] for name, rates in self.rates.items()]
        return self.trees.predict_proba(_binned(columns, self.cuts))[:, 1]


@dataclass(frozen=True)
class Boosting:
    """Fitted trees by cause; ``flat`` holds the odds against staying of causes too rare for trees."""

    levels: tuple[_Levels, ...]
    causes: dict[str, _Cause]
    flat: dict[str, float]

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Twelve-month probabilities by cause, one row per cell; for the near side only."""
        cells = with_finer(cells)
        codes = {level.feature.id: level.codes(cells) for level in self.levels}
        odds = np.empty((len(cells), len(CAUSES)))
        for place, cause in enumerate(CAUSES):
            if cause in self.causes:
                p = self.causes[cause].chance(cells, codes)
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
    exits = cells[list(CAUSES)].to_numpy(dtype=float)
    at_risk = cells["at_risk"].to_numpy(dtype=float)
    stay = np.maximum(at_risk - exits.sum(axis=1), 0.0)
    part, windows = pd.factorize(cells["origin"])
    if len(windows) == 1:
        part = np.random.default_rng(0).permutation(len(cells)) % FOLDS
    levels, codes, own = [], {}, {}
    for feature in features():
        if feature.within or feature.column not in NUMBERS:
            code, index = pd.factorize(held(feature, cells), sort=True)
            if len(index) > 1:
                levels.append(_Levels(feature, pd.Index(index)))
                codes[feature.id] = code
                # the row's own window has a number of its own within the level, so that it can be left out
                own[feature.id] = code * (part.max() + 1) + part
    fitted, flat = {}, {}
    for place, cause in enumerate(CAUSES):
        left = exits[:, place]
        if left.sum() < MIN_EVENTS:
            flat[cause] = float(left.sum() / max(stay.sum(), 0.5))
        else:
            used = [level for level in levels if level.feature.informs(cause, left.sum())]
            fitted[cause] = _fit(cause, cells, left, stay, at_risk, used, codes, own)
    return Boosting(tuple(levels), fitted, flat)


def _fit(
    cause: str,
    cells: pd.DataFrame,
    left: np.ndarray,
    stay: np.ndarray,
    at_risk: np.ndarray,
    used: list[_Levels],
    codes: Mapping[str, np.ndarray],
    own: Mapping[str, np.ndarray],
) -> _Cause:
    informing = {f.column for f in features() if f.informs(cause, left.sum()) and not f.within}
    numbers = sorted(name for name in informing & set(NUMBERS) if _varies(cells[name]))
    mean = float(left.sum() / at_risk.sum())
    columns, rates = [cells[name].to_numpy(dtype=float) for name in numbers], {}
    for level in used:
        name = level.feature.id
        code, pair = codes[name], own[name]
        gone, persons = (np.bincount(code, weights=weight) for weight in (left, at_risk))
        rates[name] = np.append((gone + DRAWN * mean) / (persons + DRAWN), mean)
        own_gone, own_persons = (np.bincount(pair, weights=weight)[pair] for weight in (left, at_risk))
        columns.append((gone[code] - own_gone + DRAWN * mean) / (persons[code] - own_persons + DRAWN))
    cuts = [_cuts(column) for column in columns]
    trees = HistGradientBoostingClassifier(**SETTINGS)
    stayed, gone_rows = np.flatnonzero(stay > 0), np.flatnonzero(left > 0)
    rows = np.concatenate([stayed, gone_rows])
    target = np.repeat([0, 1], [len(stayed), len(gone_rows)])
    counts = np.concatenate([stay[stayed], left[gone_rows]])
    trees.fit(_binned(columns, cuts)[rows], target, sample_weight=counts)
    return _Cause(numbers, rates, cuts, trees)


def _varies(values: pd.Series) -> bool:
    known = values.to_numpy(dtype=float)
    return bool(np.isnan(known).any() != np.isnan(known).all() or len(np.unique(known[~np.isnan(known)])) > 1)


def _cuts(column: np.ndarray) -> np.ndarray:
    """Borders of at most ``BINS`` groups of like size; few, because sklearn looks for its own borders slowly."""
    known = column[~np.isnan(column)]
    return np.unique(np.quantile(known, np.linspace(0, 1, BINS + 1)[1:-1], method="nearest"))


def _binned(columns: list[np.ndarray], cuts: list[np.ndarray]) -> np.ndarray:
    """Each column as the number of its group, not known staying not known."""
    binned = [
        np.searchsorted(cut, column, side="left").astype(float) for column, cut in zip(columns, cuts, strict=True)
    ]
    return np.column_stack([np.where(np.isnan(c), np.nan, b) for c, b in zip(columns, binned, strict=True)])
