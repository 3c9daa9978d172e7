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

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy.linalg import cho_solve

from analysis.reference import CAUSES
from analysis.turnover.cells import with_finer
from analysis.turnover.models.features import NUMBERS, UNKNOWN_NUMBER, Block, Feature, block, features, held
from analysis.turnover.models.logit import Coded, fit_logit

MIN_EVENTS = 20
"""A cause with fewer exits in the training windows gets one rate for everyone."""


@dataclass(frozen=True)
class Effects:
    """Effects of one feature: log odds by value (rows) and cause (columns), mean zero over persons."""

    feature: Feature
    levels: pd.Index
    log_odds: np.ndarray

    def of(self, cells: pd.DataFrame) -> np.ndarray:
        """Effects for each row; a level never seen falls to the mean, a number out of range to the nearest."""
        return np.vstack([self.log_odds, np.zeros(self.log_odds.shape[1])])[self.codes(cells)]

    def codes(self, cells: pd.DataFrame) -> np.ndarray:
        """Place of each row's value among ``levels``, -1 for a level never seen."""
        column = held(self.feature, cells)
        codes = self.levels.get_indexer(pd.Index(column))
        if self.feature.column in NUMBERS and not self.feature.within:
            unknown = UNKNOWN_NUMBER[self.feature.column]
            lost = (codes < 0) & (column != unknown).to_numpy()
            if lost.any():
                codes[lost] = _nearest(np.asarray(self.levels, dtype=float), column.to_numpy()[lost], unknown)
        return codes


def _nearest(levels: np.ndarray, wanted: np.ndarray, unknown: float) -> np.ndarray:
    """Positions of the nearest known numbers."""
    distance = np.abs(levels[None, :] - wanted[:, None]) + np.where(levels == unknown, 1000, 0)
    return distance.argmin(axis=1)


@dataclass(frozen=True)
class Curvature:
    """What the estimates of one cause may be off by: ``bases`` of its features by id, and the factored curvature."""

    bases: dict[str, Coded]
    factor: tuple[np.ndarray, bool]


@dataclass(frozen=True)
class HazardModel:
    """Fitted hazards. ``intercepts``: log odds against staying at the mean of every feature, by cause.

    ``curvature``: by cause, for those that have coefficients; left out where nobody will ask for ``errors``.
    """

    penalty: float
    intercepts: np.ndarray
    effects: tuple[Effects, ...]
    curvature: dict[str, Curvature] = field(default_factory=dict)

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Twelve-month probabilities by cause, one row per cell, index as in ``cells``.

        For the near side only: sums over groups may leave the room, rows may not.
        """
        odds = np.exp(self.log_odds(cells))
        return pd.DataFrame(odds / (1.0 + odds.sum(axis=1, keepdims=True)), cells.index, list(CAUSES))

    def log_odds(self, cells: pd.DataFrame) -> np.ndarray:
        """Log odds against staying, [cells x causes]."""
        cells = with_finer(cells)
        log_odds = np.tile(self.intercepts, (len(cells), 1))
        for effects in self.effects:
            log_odds += effects.of(cells)
        return log_odds

    def errors(self, cells: pd.DataFrame, unit: np.ndarray, units: int) -> np.ndarray:
        """Covariances [causes x units x units] of units' expected numbers from the estimates' own uncertainty."""
        p = self.predict(cells).to_numpy()
        slope = p * (1.0 - p) * cells["at_risk"].to_numpy(dtype=float)[:, None]
        return self.covariances(cells, slope, unit, units)

    def covariances(self, cells: pd.DataFrame, slope: np.ndarray, unit: np.ndarray, units: int) -> np.ndarray:
        """The same for any numbers that change with the log odds as ``slope`` says.

        A level never seen keeps the whole spread of its prior.

        Args:
            cells: risk cells.
            slope: change of each cell's expected number with its log odds [cells x causes].
            unit: number of each cell's unit.
            units: how many units there are.

        Returns:
            [causes x units x units].
        """
        cells = with_finer(cells)
        codes = {effects.feature.id: effects.codes(cells) for effects in self.effects}
        spreads = {effects.feature.id: effects.feature.spread for effects in self.effects}
        found = np.zeros((len(CAUSES), units, units))
        for cause, curvature in self.curvature.items():
            place = CAUSES.index(cause)
            weight = slope[:, place]
            rows = [np.bincount(unit, weights=weight, minlength=units)[None]]
            for name, basis in curvature.bases.items():
                pairs = (codes[name] + 1) * units + unit  # a level never seen comes first
                sums = np.bincount(pairs, weights=weight, minlength=(basis.size + 1) * units).reshape(-1, units)
                rows.append(basis.collect(sums[1:]))
                found[place] += np.outer(sums[0], sums[0]) * spreads[name] ** 2 / self.penalty
            gradient = np.vstack(rows)
            found[place] += gradient.T @ cho_solve(curvature.factor, gradient)
        return found

    def effect(self, feature: str, level: str) -> np.ndarray:
        """Effect of one level by cause; zero where the feature or the level was not seen."""
        for effects in self.effects:
            if effects.feature.id == feature and level in effects.levels:
                return effects.log_odds[effects.levels.get_loc(level)]
        return np.zeros(len(CAUSES))

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
    exits = counts[list(CAUSES)].to_numpy(dtype=float)
    stay = np.maximum(at_risk - exits.sum(axis=1), 0.0)
    fitted = [_cause(cause, blocks, exits[:, i], stay, penalty) for i, cause in enumerate(CAUSES)]
    effects = []
    for b in blocks:
        zero = np.zeros(len(b.values))
        log_odds = np.column_stack([found.get(b.feature.id, zero) for _, found, _ in fitted])
        effects.append(Effects(b.feature, b.values, log_odds))
    curvature = {cause: known for cause, (_, _, known) in zip(CAUSES, fitted, strict=True) if known is not None}
    return HazardModel(penalty, np.array([intercept for intercept, _, _ in fitted]), tuple(effects), curvature)


def _cause(
    cause: str, blocks: list[Block], left: np.ndarray, stay: np.ndarray, penalty: float
) -> tuple[float, dict[str, np.ndarray], Curvature | None]:
    """Intercept, effects by feature (mean zero over the persons at risk) and curvature of one cause against staying."""
    used = [b for b in blocks if b.feature.informs(cause, left.sum())]
    if left.sum() < MIN_EVENTS or not used or stay.sum() <= 0:
        with np.errstate(divide="ignore"):  # no exit at all: log odds of minus infinity, probability zero
            return float(np.log(left.sum()) - np.log(max(stay.sum(), 0.5))), {}, None
    coded = [b.coded for b in used]
    fitted = fit_logit(coded, left, left + stay, penalty=penalty)
    intercept, effects = float(fitted.weights[0]), {}
    for b, own in zip(used, fitted.parts(coded), strict=True):
        raw = b.coded.effects(own)
        mean = float(raw @ b.share)
        effects[b.feature.id] = raw - mean
        intercept += mean
    nothing = np.zeros(0, dtype=np.int64)
    bases = {b.feature.id: replace(b.coded, codes=nothing) for b in used}
    return intercept, effects, Curvature(bases, fitted.factor)
