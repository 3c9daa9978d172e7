"""How far expected numbers may be off because coefficients and rates are estimates.

The ridge penalty is a normal prior, so the curvature at the estimate gives the coefficients' posterior covariance V
(Laplace's approximation; Bishop 2006, section 4.4). An expected number Σ n·p changes with the coefficients as
g = Σ n·p(1 − p)·x does, so numbers of several units vary together as g'Vg: departments share most coefficients, and
what is wrong with those is wrong in all of them. The yardstick's shrunk rates have the spread of a beta distribution.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.turnover.candidates import Hazards, parts
from analysis.turnover.hazards import HazardModel
from analysis.turnover.periods import PeriodModel
from analysis.turnover.scores import MODEL, Choice
from analysis.turnover.yardstick import Yardstick


def errors(
    models: Mapping[str, Hazards],
    yardstick: Yardstick,
    predictions: Mapping[str, pd.DataFrame],
    cells: pd.DataFrame,
    unit: np.ndarray,
    units: int,
) -> dict[str, np.ndarray]:
    """Covariances of the units' expected numbers, by candidate; the yardstick's under ``""``.

    A mean of hazards and trees is taken to be as uncertain as the hazards; trees alone have no such error (what they
    miss by is in the departments' own spread).

    Args:
        models: fitted models by name.
        yardstick: the fitted yardstick.
        predictions: probabilities by candidate, one row per cell.
        cells: risk cells of one origin.
        unit: number of each cell's unit.
        units: how many units there are.

    Returns:
        Arrays [causes x units x units], persons squared.
    """
    found = {"": yardstick.errors(cells, unit, units)}
    at_risk = cells["at_risk"].to_numpy(dtype=float)[:, None]
    for candidate, table in predictions.items():
        p = table[list(CAUSES)].to_numpy(dtype=float)
        for model in (models[name] for name in parts(candidate)):
            if isinstance(model, HazardModel | PeriodModel):
                found[candidate] = model.errors(cells, p * (1.0 - p) * at_risk, unit, units)
    return found


def chosen_errors(found: Mapping[str, np.ndarray], choices: Mapping[str, Choice]) -> np.ndarray:
    """The covariances that go with what was chosen for each cause: [causes x units x units]."""
    none = np.zeros_like(found[""])
    names = [choices[cause].candidate if choices[cause].method == MODEL else "" for cause in CAUSES]
    return np.array([found.get(name, none)[place] for place, name in enumerate(names)])


def pooled(errors: np.ndarray, owner: np.ndarray, owners: int) -> np.ndarray:
    """Covariances of sums of units: unit i counts in ``owner[i]``."""
    sums = np.zeros((owners, errors.shape[1]))
    sums[owner, np.arange(errors.shape[1])] = 1.0
    return sums @ errors @ sums.T


def relative(errors: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Covariances of the logarithms of expected numbers [units x causes]; zero where nobody is expected to leave."""
    inverse = np.divide(1.0, expected.T, out=np.zeros_like(expected.T), where=expected.T > 0)
    return errors * inverse[:, :, None] * inverse[:, None, :]


def typical_cv(errors: np.ndarray, expected: np.ndarray) -> float:
    """Coefficient of variation of units' numbers for all causes together, weighted by those numbers."""
    total = expected.sum(axis=1)
    variance = np.diagonal(errors.sum(axis=0))
    squares = np.divide(variance, total, out=np.zeros_like(total), where=total > 0)
    return float(np.sqrt(squares.sum() / total.sum())) if total.sum() > 0 else 0.0
