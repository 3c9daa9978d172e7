"""The logit on coded covariates is the plain penalised logit, only counted instead of multiplied out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import cho_solve
from sklearn.linear_model import LogisticRegression

from analysis.turnover.models.logit import Coded, fit_logit

CELLS = 400


def made(seed: int) -> tuple[list[Coded], np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    curve = rng.normal(size=(9, 3))
    features = [
        Coded(rng.integers(0, 6, CELLS), 6, None, 0.7),
        Coded(rng.integers(0, 9, CELLS), 9, curve),
        Coded(rng.integers(0, 40, CELLS), 41, None, 1.0),  # the last code is never seen
    ]
    trials = rng.integers(1, 30, CELLS).astype(float)
    eta = -2 + rng.normal(0, 0.5, 6)[features[0].codes] + (curve @ np.array([0.3, -0.2, 0.1]))[features[1].codes]
    return features, rng.binomial(trials.astype(int), 1 / (1 + np.exp(-eta))).astype(float), trials


def columns(features: list[Coded]) -> np.ndarray:
    basis = [f.scale * np.eye(f.size) if f.basis is None else f.basis for f in features]
    return np.hstack([b[f.codes] for b, f in zip(basis, features, strict=True)])


@pytest.mark.parametrize("penalty", [0.5, 8.0])
def test_the_estimate_is_that_of_a_plain_penalised_logit(penalty: float) -> None:
    features, events, trials = made(1)
    found = fit_logit(features, events, trials, penalty=penalty)
    x = np.vstack([columns(features)] * 2)
    y, weight = np.repeat([0, 1], CELLS), np.concatenate([trials - events, events])
    plain = LogisticRegression(C=1 / penalty, tol=1e-12, max_iter=5000, solver="newton-cholesky")
    plain.fit(x, y, sample_weight=weight)
    assert found.weights == pytest.approx(np.append(plain.intercept_, plain.coef_[0]), abs=1e-5)


def test_the_curvature_is_that_of_the_columns_multiplied_out() -> None:
    features, events, trials = made(2)
    found = fit_logit(features, events, trials, penalty=4.0)
    x = np.hstack([np.ones((CELLS, 1)), columns(features)])
    p = 1 / (1 + np.exp(-x @ found.weights))
    ridge = np.diag(np.append(0.0, np.full(x.shape[1] - 1, 4.0)))
    curvature = x.T @ (x * (trials * p * (1 - p))[:, None]) + ridge
    # close to the estimate the curvature is not worked out again: right within half a per cent
    assert cho_solve(found.factor, np.eye(len(curvature))) == pytest.approx(
        np.linalg.inv(curvature), rel=5e-3, abs=1e-3
    )


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), penalty=st.floats(0.1, 100))
def test_at_the_estimate_nothing_pulls_any_more(seed: int, penalty: float) -> None:
    features, events, trials = made(seed)
    found = fit_logit(features, events, trials, penalty=penalty)
    x = np.hstack([np.ones((CELLS, 1)), columns(features)])
    p = 1 / (1 + np.exp(-x @ found.weights))
    pull = x.T @ (events - trials * p) - penalty * np.append(0.0, found.weights[1:])
    assert np.abs(pull).max() < 1e-3
    assert (trials * p).sum() == pytest.approx(events.sum(), rel=1e-6)


def test_a_code_without_cells_stays_at_the_mean() -> None:
    features, events, trials = made(3)
    assert fit_logit(features, events, trials, penalty=1.0).parts(features)[2][40] == 0.0
