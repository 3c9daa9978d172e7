"""Which features a hazard may use, read from reference data, and how a feature becomes columns of a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.preprocessing import SplineTransformer

from analysis.errors import GateError
from analysis.reference import CAUSES, load
from analysis.turnover.cells import COVARIATES, UNKNOWN

FORBIDDEN = re.compile(
    r"health|sick|absence|parent|pregnan|\bsex\b|gender|union|origin|ethnic|birth|religio|disab|\bpay\b|salary",
    re.IGNORECASE,
)
"""Never a feature, whatever the reference file says."""
NUMBERS = ("age", "tenure")


@dataclass(frozen=True)
class Feature:
    """One feature of the hazards; see ``reference/data/features.toml`` for the meaning of its fields."""

    id: str
    column: str
    kind: str
    purpose: str
    spread: float
    causes: tuple[str, ...]
    knots: tuple[float, ...]
    low: int | None
    high: int | None


def features(entries: Iterable[Mapping[str, Any]] | None = None) -> tuple[Feature, ...]:
    """Return the checked feature list (``entries`` default to the reference file).

    Raises:
        GateError: a feature has no purpose, is forbidden, or is not a covariate of the risk cells.
    """
    entries = load("features")["feature"] if entries is None else entries
    return tuple(_feature(entry) for entry in entries)


def _feature(entry: Mapping[str, Any]) -> Feature:
    name = str(entry.get("id", ""))
    column = str(entry.get("column", name))
    where = f"features.toml: feature {name!r}"
    if not str(entry.get("purpose", "")).strip():
        raise GateError(f"{where} has no purpose; write what it is for in one sentence or remove it")
    if FORBIDDEN.search(name.replace("_", " ")) or FORBIDDEN.search(column.replace("_", " ")):
        raise GateError(f"{where} may never inform a forecast of turnover; remove it")
    if column not in COVARIATES:
        raise GateError(f"{where} reads {column!r}; choose one of {', '.join(COVARIATES)}")
    if entry.get("kind") not in ("spline", "levels") or (entry["kind"] == "spline" and column not in NUMBERS):
        raise GateError(f"{where} has kind {entry.get('kind')!r}; use levels, or spline for age and tenure")
    causes = tuple(entry.get("causes", CAUSES))
    if not set(causes) <= set(CAUSES):
        raise GateError(f"{where} names an unknown cause; choose among {', '.join(CAUSES)}")
    return Feature(
        id=name,
        column=column,
        kind=str(entry["kind"]),
        purpose=str(entry["purpose"]),
        spread=float(entry.get("spread", 1.0)),
        causes=causes,
        knots=tuple(float(q) for q in entry.get("knots", (0.0, 0.25, 0.5, 0.75, 1.0))),
        low=entry.get("low"),
        high=entry.get("high"),
    )


@dataclass(frozen=True)
class Block:
    """The columns of one feature: a row of ``basis`` per value in ``values``, scaled by the feature's spread.

    ``share`` is the share of persons at risk at each value, by which effects are centred.
    """

    feature: Feature
    values: pd.Index
    basis: sparse.csr_array
    codes: np.ndarray
    share: np.ndarray

    def rows(self) -> sparse.csr_array:
        """One row of columns per cell."""
        return self.basis[self.codes]


def held(feature: Feature, column: pd.Series) -> pd.Series:
    """The feature's values in ``column``, years held within the feature's limits; unknown stays unknown."""
    if feature.column not in NUMBERS or (feature.low is None and feature.high is None):
        return column
    return column.where(column == UNKNOWN, column.clip(feature.low, feature.high))


def block(feature: Feature, column: pd.Series, at_risk: np.ndarray) -> Block | None:
    """Make the columns of ``feature``; None where it takes one value only and so says nothing."""
    codes, values = pd.factorize(held(feature, column), sort=True)
    if len(values) < 2:
        return None
    weight = np.bincount(codes, weights=at_risk, minlength=len(values))
    share = weight / weight.sum()
    if feature.kind == "levels":
        basis = sparse.csr_array(np.eye(len(values)))
    else:
        basis = _spline(np.asarray(values, dtype=float), weight, feature.knots)
    return Block(feature, pd.Index(values), basis * feature.spread, codes, share)


def _spline(values: np.ndarray, weight: np.ndarray, quantiles: tuple[float, ...]) -> sparse.csr_array:
    """Cubic B-splines in whole years with knots at quantiles of persons; a column of its own for unknown."""
    known = values != UNKNOWN
    knots = np.unique(_weighted_quantiles(values[known], weight[known], quantiles))
    parts = []
    if len(knots) > 1:
        spline = SplineTransformer(degree=3, knots=knots.reshape(-1, 1), extrapolation="constant")
        curve = np.zeros((len(values), spline.fit(knots.reshape(-1, 1)).n_features_out_))
        curve[known] = spline.transform(values[known].reshape(-1, 1))
        parts.append(curve)
    if not known.all():
        parts.append((~known).astype(float).reshape(-1, 1))
    return sparse.csr_array(np.hstack(parts)) if parts else sparse.csr_array((len(values), 0))


def _weighted_quantiles(values: np.ndarray, weight: np.ndarray, quantiles: tuple[float, ...]) -> np.ndarray:
    """Values (ascending) at which the cumulated weight first reaches each quantile."""
    if not len(values):
        return np.array([])
    cumulated = np.cumsum(weight) / weight.sum()
    return values[np.minimum(np.searchsorted(cumulated, np.asarray(quantiles) - 1e-12), len(values) - 1)]
