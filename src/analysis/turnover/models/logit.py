"""A penalised binomial logit on coded covariates.

Every feature is a *code* per cell and a small basis with one row per code, so that a cell's log odds are a sum of
look-ups, and the crossed sums that Newton's method needs are counted over pairs of codes instead of multiplied out
over cells (Li and Wood 2020, Statistics and Computing 30, "Faster model matrix crossproducts"; the idea behind mgcv's
``bam(discrete=TRUE)``). Exact, not approximate: with coded covariates nothing is rounded.

Maximises  Σ events·η − trials·log(1 + exp η) − penalty/2 · Σ weight²;  the intercept is not penalised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

_CLOSE = 1e-12
"""Newton decrement, in units of log likelihood, at which the next step would change nothing that is shown."""
_NEAR = 1.0
"""Newton decrement below which the curvature hardly changes any more and is not worked out again."""
_STEPS, _HALVINGS = 60, 30


@dataclass(frozen=True)
class Coded:
    """A feature: ``codes`` [cells] point at rows of ``basis`` [codes x columns].

    A basis of None stands for a column per code, each ``scale`` where the code is its own and 0 elsewhere.
    """

    codes: np.ndarray
    size: int
    basis: np.ndarray | None = None
    scale: float = 1.0

    @property
    def width(self) -> int:
        """Columns of the basis."""
        return self.size if self.basis is None else self.basis.shape[1]

    def effects(self, weights: np.ndarray) -> np.ndarray:
        """Log odds by code."""
        return self.scale * weights if self.basis is None else self.basis @ weights

    def collect(self, by_code: np.ndarray) -> np.ndarray:
        """Sums over codes [codes x anything] as sums over columns of the basis."""
        return self.scale * by_code if self.basis is None else self.basis.T @ by_code

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Values of cells summed by column of the basis."""
        return self.collect(np.bincount(self.codes, weights=values, minlength=self.size))


@dataclass(frozen=True)
class Fitted:
    """``weights``: the intercept, then the columns of each feature; ``factor``: Cholesky factor of the curvature."""

    weights: np.ndarray
    factor: tuple[np.ndarray, bool]

    def parts(self, features: Sequence[Coded]) -> list[np.ndarray]:
        """The weights of each feature."""
        return np.split(self.weights[1:], np.cumsum([f.width for f in features])[:-1])


def fit_logit(features: Sequence[Coded], events: np.ndarray, trials: np.ndarray, *, penalty: float) -> Fitted:
    """Fit by Newton's method with step halving.

    Args:
        features: at least one.
        events: events by cell; fractions are allowed.
        trials: events and non-events by cell, > 0 in total, as are both kinds.
        penalty: strength of the ridge.
    """
    width = 1 + sum(f.width for f in features)
    rate = events.sum() / trials.sum()
    weights, ridge = np.zeros(width), np.full(width, penalty)
    weights[0], ridge[0] = np.log(rate) - np.log1p(-rate), 0.0
    factor: tuple[np.ndarray, bool] = (np.zeros((0, 0)), True)
    decrement = np.inf
    eta = _log_odds(features, weights)
    value = _value(eta, events, trials, ridge, weights)
    for _ in range(_STEPS):
        p = expit(eta)
        gradient = np.concatenate([[(events - trials * p).sum()], *(f.sums(events - trials * p) for f in features)])
        gradient -= ridge * weights
        if decrement > _NEAR:
            factor = cho_factor(_curvature(features, trials * p * (1 - p), ridge), lower=True, overwrite_a=True)
        step = cho_solve(factor, gradient)
        decrement = gradient @ step
        if decrement < _CLOSE:
            break
        for _ in range(_HALVINGS):
            tried = _log_odds(features, weights + step)
            after = _value(tried, events, trials, ridge, weights + step)
            # close by, a step gains less than the value is rounded by
            if after >= value or decrement <= _NEAR:
                break
            step = step / 2
        weights, eta, value = weights + step, tried, after
    return Fitted(weights, factor)


def _log_odds(features: Sequence[Coded], weights: np.ndarray) -> np.ndarray:
    parts = np.split(weights[1:], np.cumsum([f.width for f in features])[:-1])
    eta = np.full(len(features[0].codes), weights[0])
    for feature, own in zip(features, parts, strict=True):
        eta += feature.effects(own)[feature.codes]
    return eta


def _value(eta: np.ndarray, events: np.ndarray, trials: np.ndarray, ridge: np.ndarray, weights: np.ndarray) -> float:
    return float(events @ eta - trials @ np.logaddexp(0.0, eta) - (ridge * weights**2).sum() / 2)


def _curvature(features: Sequence[Coded], information: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Negative second derivatives [columns x columns]; only the lower triangle is filled."""
    width = len(ridge)
    curvature = np.zeros((width, width))
    curvature[0, 0] = information.sum()
    ends = np.cumsum([1, *(f.width for f in features)])
    for i, row in enumerate(features):
        here = slice(ends[i], ends[i + 1])
        alone = np.bincount(row.codes, weights=information, minlength=row.size)
        curvature[here, 0] = row.collect(alone)
        if row.basis is None:
            own = np.arange(here.start, here.stop)
            curvature[own, own] = row.scale**2 * alone
        else:
            curvature[here, here] = row.basis.T @ (row.basis * alone[:, None])
        for j, column in enumerate(features[:i]):
            pairs = row.codes * column.size + column.codes
            both = np.bincount(pairs, weights=information, minlength=row.size * column.size)
            both = row.collect(both.reshape(row.size, column.size))
            curvature[here, ends[j] : ends[j + 1]] = column.collect(both.T).T
    curvature[np.diag_indices(width)] += ridge
    return curvature
