"""Which features a hazard may use, read from reference data, and how a feature becomes columns of a model."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from sklearn.preprocessing import SplineTransformer

from analysis.errors import GateError
from analysis.reference import CAUSES, load, policy
from analysis.turnover.cells import COVARIATES, SEASON, UNKNOWN
from analysis.turnover.models.logit import Coded

FORBIDDEN = re.compile(
    r"health|sick|absence|parent|pregnan|\bsex\b|gender|union|origin|ethnic|birth|religio|disab|salary|gross"
    r"|\bpay\b(?! position)",
    re.IGNORECASE,
)
"""Never a feature, whatever the reference file says. Of pay only the position within the occupation may be."""
NUMBERS = ("age", "tenure", "pay_position")
UNKNOWN_NUMBER = {"age": float(UNKNOWN), "tenure": float(UNKNOWN), "pay_position": -9.0}
"""The value that stands for not known."""


@dataclass(frozen=True)
class Feature:
    """One feature of the hazards; see ``reference/data/features.toml`` for the meaning of its fields."""

    id: str
    column: str
    kind: str
    within: str
    purpose: str
    spread: float
    least_events: int
    causes: tuple[str, ...]
    knots: tuple[float, ...]
    low: int | None
    high: int | None

    def informs(self, cause: str, events: float) -> bool:
        """May the feature be used for ``cause`` where the training windows hold so many exits for it?"""
        return cause in self.causes and events >= self.least_events


def features(
    entries: Iterable[Mapping[str, Any]] | None = None, *, age_causes: Iterable[str] | None = None
) -> tuple[Feature, ...]:
    """Return the checked feature list (``entries`` default to the reference file).

    Age informs retirement, and other causes only where the policy allows it (``age_causes``, by default
    ``policy.toml``), whatever the list says.

    Raises:
        GateError: a feature has no purpose, is forbidden, or is not a covariate of the risk cells.
    """
    entries = load("features")["feature"] if entries is None else entries
    allowed = {"retirement", *(policy().turnover.age_causes if age_causes is None else age_causes)}
    chosen = [_feature(entry) for entry in entries]
    return tuple(
        replace(f, causes=tuple(c for c in f.causes if c in allowed)) if f.column == "age" else f for f in chosen
    )


def _feature(entry: Mapping[str, Any]) -> Feature:
    name = str(entry.get("id", ""))
    column = str(entry.get("column", name))
    where = f"features.toml: feature {name!r}"
    if not str(entry.get("purpose", "")).strip():
        raise GateError(f"{where} has no purpose; write what it is for in one sentence or remove it")
    if FORBIDDEN.search(name.replace("_", " ")) or FORBIDDEN.search(column.replace("_", " ")):
        raise GateError(f"{where} may never inform a forecast of turnover; remove it")
    if column not in (*COVARIATES, SEASON):
        raise GateError(f"{where} reads {column!r}; choose one of {', '.join((*COVARIATES, SEASON))}")
    if entry.get("kind") not in ("spline", "levels") or (entry["kind"] == "spline" and column not in NUMBERS):
        raise GateError(f"{where} has kind {entry.get('kind')!r}; use levels, or spline for {', '.join(NUMBERS)}")
    within = str(entry.get("within", ""))
    if within and (within not in COVARIATES or within in NUMBERS):
        raise GateError(f"{where} bends within {within!r}; choose a covariate with levels, such as department")
    causes = tuple(entry.get("causes", CAUSES))
    if not set(causes) <= set(CAUSES):
        raise GateError(f"{where} names an unknown cause; choose among {', '.join(CAUSES)}")
    return Feature(
        id=name,
        column=column,
        kind=str(entry["kind"]),
        within=within,
        purpose=str(entry["purpose"]),
        spread=float(entry.get("spread", 1.0)),
        least_events=int(entry.get("least_events", 0)),
        causes=causes,
        knots=tuple(float(q) for q in entry.get("knots", (0.0, 0.25, 0.5, 0.75, 1.0))),
        low=entry.get("low"),
        high=entry.get("high"),
    )


@dataclass(frozen=True)
class Block:
    """One feature as columns of a model, scaled by its spread: ``coded`` points at ``values``, one row of columns each.

    ``share`` is the share of persons at risk at each value, by which effects are centred.
    """

    feature: Feature
    values: pd.Index
    coded: Coded
    share: np.ndarray


def held(feature: Feature, cells: pd.DataFrame) -> pd.Series:
    """The feature's value of each cell: numbers held within the feature's limits, an unknown one as unknown.

    A feature *within* another (tenure within department) has one level per pair; its numbers are then bands
    that begin at ``knots``.
    """
    column = cells[feature.column]
    if feature.column in NUMBERS:
        column = column.fillna(UNKNOWN_NUMBER[feature.column])
        unknown = column == UNKNOWN_NUMBER[feature.column]
        if feature.low is not None or feature.high is not None:
            column = column.where(unknown, column.clip(feature.low, feature.high))
        if feature.within:
            column = pd.Series(np.searchsorted(feature.knots, column, side="right"), column.index).mask(unknown, -1)
    if feature.within:
        return cells[feature.within].astype("str") + "|" + column.astype("str")
    return column


def block(feature: Feature, cells: pd.DataFrame, at_risk: np.ndarray) -> Block | None:
    """Make the columns of ``feature``; None where it takes one value only and so says nothing."""
    codes, values = pd.factorize(held(feature, cells), sort=True)
    if len(values) < 2:
        return None
    weight = np.bincount(codes, weights=at_risk, minlength=len(values))
    share = weight / weight.sum()
    basis = None
    if feature.kind == "spline":
        unknown = UNKNOWN_NUMBER[feature.column]
        basis = feature.spread * _spline(np.asarray(values, dtype=float), weight, feature.knots, unknown)
    return Block(feature, pd.Index(values), Coded(codes, len(values), basis, feature.spread), share)


def _spline(values: np.ndarray, weight: np.ndarray, quantiles: tuple[float, ...], unknown: float) -> np.ndarray:
    """Cubic B-splines with knots at quantiles of persons; a column of its own for unknown."""
    known = values != unknown
    knots = np.unique(_weighted_quantiles(values[known], weight[known], quantiles))
    parts = []
    if len(knots) > 1:
        spline = SplineTransformer(degree=3, knots=knots.reshape(-1, 1), extrapolation="constant")
        curve = np.zeros((len(values), spline.fit(knots.reshape(-1, 1)).n_features_out_))
        curve[known] = spline.transform(values[known].reshape(-1, 1))
        parts.append(curve)
    if not known.all():
        parts.append((~known).astype(float).reshape(-1, 1))
    return np.hstack(parts) if parts else np.zeros((len(values), 0))


def _weighted_quantiles(values: np.ndarray, weight: np.ndarray, quantiles: tuple[float, ...]) -> np.ndarray:
    """Values (ascending) at which the cumulated weight first reaches each quantile."""
    if not len(values):
        return np.array([])
    cumulated = np.cumsum(weight) / weight.sum()
    return values[np.minimum(np.searchsorted(cumulated, np.asarray(quantiles) - 1e-12), len(values) - 1)]
