"""Cause-specific discrete-time hazards on covariate cells.

A multinomial logit over staying and the causes of leaving within twelve months, additive in splines of age
and tenure and in occupation, department, form and rate. Its equations are estimated one cause at a time
against staying (Begg and Gray 1984, Biometrika 71): almost as efficient as the joint fit, and each cause sees
only the features that policy lets it see. A ridge penalty draws rare levels to the mean, so small departments
borrow strength. Discrete-time hazards as logits: Singer and Willett 2003, chapters 10-12.

The fitted model *is* its table of coefficients: a prediction is the sum of one entry per feature, and can be
redone by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from analysis.reference import CAUSES
from analysis.turnover.cells import with_finer
from analysis.turnover.features import NUMBERS, UNKNOWN_NUMBER, Block, Feature, block, features, held

WIDE = 1500
"""Columns above which the solver that needs no square matrix of them is used."""
MIN_EVENTS = 20
"""A cause with fewer exits in the training windows gets one rate for everyone."""
_TOLERANCE = 1e-7  # of the mean gradient, that is of a rate: far below one exit in a thousand persons


@dataclass(frozen=True)
class Effects:
    """Effects of one feature: log odds by value (rows) and cause (columns), mean zero over persons."""

    feature: Feature
    levels: pd.Index
    log_odds: np.ndarray

    def of(self, cells: pd.DataFrame) -> np.ndarray:
        """Effects for each row; a level never seen falls to the mean, a number out of range to the nearest."""
        column = held(self.feature, cells)
        codes = self.levels.get_indexer(pd.Index(column))
        if self.feature.column in NUMBERS and not self.feature.within:
            unknown = UNKNOWN_NUMBER[self.feature.column]
            lost = (codes < 0) & (column != unknown).to_numpy()
            if lost.any():
                codes[lost] = _nearest(np.asarray(self.levels, dtype=float), column.to_numpy()[lost], unknown)
        return np.vstack([self.log_odds, np.zeros(self.log_odds.shape[1])])[codes]


def _nearest(levels: np.ndarray, wanted: np.ndarray, unknown: float) -> np.ndarray:
    """Positions of the nearest known numbers."""
    distance = np.abs(levels[None, :] - wanted[:, None]) + np.where(levels == unknown, 1000, 0)
    return distance.argmin(axis=1)


@dataclass(frozen=True)
class HazardModel:
    """Fitted hazards. ``intercepts``: log odds against staying at the mean of every feature, by cause."""

    penalty: float
    intercepts: np.ndarray
    effects: tuple[Effects, ...]

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Twelve-month probabilities by cause, one row per cell, index as in ``cells``.

        For the near side only: sums over groups may leave the room, rows may not.
        """
        cells = with_finer(cells)
        log_odds = np.tile(self.intercepts, (len(cells), 1))
        for effects in self.effects:
            log_odds += effects.of(cells)
        odds = np.exp(log_odds)
        return pd.DataFrame(odds / (1.0 + odds.sum(axis=1, keepdims=True)), cells.index, list(CAUSES))

    def coefficients(self) -> pd.DataFrame:
        """DataFrame[cause, term, level, log_odds]; ``intercept`` is the mean, effects are deviations."""
        happens = [(i, cause) for i, cause in enumerate(CAUSES) if np.isfinite(self.intercepts[i])]
        rows = [(cause, "intercept", "", self.intercepts[i]) for i, cause in happens]
        for effects in self.effects:
            for i, cause in happens:
                if cause in effects.feature.causes:
                    column = zip(effects.levels, effects.log_odds[:, i], strict=True)
                    rows += [(cause, effects.feature.id, str(level), value) for level, value in column]
        return pd.DataFrame(rows, columns=["cause", "term", "level", "log_odds"])


def fit(cells: pd.DataFrame, *, penalty: float) -> HazardModel:
    """Fit the hazards on windows whose outcome is known.

    Args:
        cells: risk cells of closed windows (open ones are left out).
        penalty: strength of the ridge penalty; an effect has prior standard deviation spread / sqrt(penalty).

    Raises:
        ValueError: no closed window.
        GateError: the feature list breaks its rules.
    """
    return fit_path(cells, penalties=[penalty])[penalty]


def fit_path(cells: pd.DataFrame, *, penalties: Sequence[float]) -> dict[float, HazardModel]:
    """Fit one model per penalty; the columns are built once."""
    chosen = features()
    used = {feature.column for feature in chosen} | {feature.within for feature in chosen if feature.within}
    cells = with_finer(cells[~cells["open"]])
    if cells.empty:
        raise ValueError("hazards need at least one closed window")
    columns = [*sorted(used), "at_risk", *CAUSES]
    counts = cells[columns].groupby(columns[: len(used)], as_index=False, sort=True, observed=True, dropna=False).sum()
    at_risk = counts["at_risk"].to_numpy(dtype=float)
    made = [block(feature, counts, at_risk) for feature in chosen]
    blocks = [b for b in made if b is not None]
    design = [b.rows() for b in blocks]
    exits = counts[list(CAUSES)].to_numpy(dtype=float)
    stay = np.maximum(at_risk - exits.sum(axis=1), 0.0)
    fitted = [_cause(cause, blocks, design, exits[:, i], stay, penalties) for i, cause in enumerate(CAUSES)]
    return {p: _model(p, blocks, [by_penalty[i] for by_penalty in fitted]) for i, p in enumerate(penalties)}


def _cause(
    cause: str,
    blocks: list[Block],
    design: list[sparse.csr_array],
    left: np.ndarray,
    stay: np.ndarray,
    penalties: Sequence[float],
) -> list[tuple[float, dict[str, np.ndarray]]]:
    """Intercept and effects by feature of one cause against staying, for each penalty."""
    used = [i for i, b in enumerate(blocks) if b.feature.informs(cause, left.sum())]
    if left.sum() < MIN_EVENTS or not used or stay.sum() <= 0:
        with np.errstate(divide="ignore"):  # no exit at all: log odds of minus infinity, probability zero
            flat = float(np.log(left.sum()) - np.log(max(stay.sum(), 0.5)))
        return [(flat, {}) for _ in penalties]
    stayed, gone = np.flatnonzero(stay > 0), np.flatnonzero(left > 0)
    rows = np.concatenate([stayed, gone])
    columns = sparse.csr_array(sparse.hstack([design[i] for i in used], format="csr"))[rows]
    target = np.repeat([0, 1], [len(stayed), len(gone)])
    weight = np.concatenate([stay[stayed], left[gone]])
    found = {}
    # Newton, because its steps do not depend on how the columns are scaled; the next penalty starts where the
    # stronger one ended, which saves most of its steps and moves the result by less than the tolerance
    solver = "newton-cholesky" if columns.shape[1] <= WIDE else "lbfgs"
    logit = LogisticRegression(solver=solver, tol=_TOLERANCE, max_iter=2000, warm_start=True)
    for penalty in sorted(penalties, reverse=True):
        logit.set_params(C=1.0 / penalty).fit(columns, target, sample_weight=weight)
        found[penalty] = _centred(float(logit.intercept_[0]), logit.coef_[0], [blocks[i] for i in used])
    return [found[penalty] for penalty in penalties]


def _centred(intercept: float, weights: np.ndarray, blocks: list[Block]) -> tuple[float, dict[str, np.ndarray]]:
    """Effects by value, mean zero over the persons at risk; the means go into the intercept."""
    effects = {}
    for b, own in zip(blocks, np.split(weights, np.cumsum([b.basis.shape[1] for b in blocks])[:-1]), strict=True):
        raw = b.basis @ own
        mean = float(raw @ b.share)
        effects[b.feature.id] = raw - mean
        intercept += mean
    return intercept, effects


def _model(penalty: float, blocks: list[Block], fitted: list[tuple[float, dict[str, np.ndarray]]]) -> HazardModel:
    effects = []
    for b in blocks:
        zero = np.zeros(len(b.values))
        log_odds = np.column_stack([found.get(b.feature.id, zero) for _, found in fitted])
        effects.append(Effects(b.feature, b.values, log_odds))
    return HazardModel(penalty, np.array([intercept for intercept, _ in fitted]), tuple(effects))
