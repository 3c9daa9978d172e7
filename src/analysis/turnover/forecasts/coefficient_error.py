"""How far expected numbers may be off because coefficients and rates are estimates.

The ridge penalty is a normal prior, so the curvature at the estimate gives the coefficients' posterior covariance V
(Laplace's approximation; Bishop 2006, section 4.4). An expected number Σ n·p changes with the coefficients as
g = Σ n·p(1 − p)·x does, so numbers of several units vary together as g'Vg: departments share most coefficients, and
what is wrong with those is wrong in all of them. The yardstick's shrunk rates have the spread of a beta distribution.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.reference import CAUSES
from analysis.turnover.forecasts.compounding import PeriodModel
from analysis.turnover.models.candidates import Hazards, parts
from analysis.turnover.models.hazards import HazardModel
from analysis.turnover.models.yardstick import Yardstick
from analysis.turnover.scores.scores import MODEL, Choice


def errors(
    models: Mapping[str, Hazards],
    yardstick: Yardstick,
    candidates: Iterable[str],
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
        candidates: names of what may be chosen.
        cells: risk cells of one origin.
        unit: number of each cell's unit.
        units: how many units there are.

    Returns:
        Arrays [causes x units x units], persons squared.
    """
    found = {"": yardstick.errors(cells, unit, units)}
    with threadpool_limits(1):  # see ``candidates.fit_candidates``
        for candidate in candidates:
            for model in (models[name] for name in parts(candidate)):
                if isinstance(model, HazardModel | PeriodModel):
                    found[candidate] = model.errors(cells, unit, units)
    return found


def chosen_errors(found: Mapping[str, np.ndarray], choices: Mapping[str, Choice]) -> np.ndarray:
    """The covariances that go with what was chosen for each cause: [causes x units x units].

    A forecast whose calibration is corrected changes with the log odds as much more as its slope says.
    """
    none = np.zeros_like(found[""])
    result = []
    for place, cause in enumerate(CAUSES):
        choice = choices[cause]
        is_model = choice.method == MODEL
        own = found.get(choice.candidate, none) if is_model else found[""]
        result.append(own[place] * (choice.slope**2 if is_model else 1.0))
    return np.array(result)


def pooled(errors: np.ndarray, owner: np.ndarray, owners: int) -> np.ndarray:
    """Covariances of sums of units: unit i counts in ``owner[i]``."""
    sums = np.zeros((owners, errors.shape[1]))
    sums[owner, np.arange(errors.shape[1])] = 1.0
    return sums @ errors @ sums.T


def relative(errors: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Covariances in proportion to expected numbers [units x causes]; zero where nobody is expected to leave."""
    inverse = np.divide(1.0, expected.T, out=np.zeros_like(expected.T), where=expected.T > 0)
    return errors * inverse[:, :, None] * inverse[:, None, :]


def shared_and_own(errors: np.ndarray, expected: np.ndarray) -> tuple[float, float]:
    """The error of all causes together as one that units share and one that is each unit's own.

    Both as coefficients of variation, such that a typical unit (weighted by its number) and the whole have theirs.
    """
    total, covariance = expected.sum(axis=1), errors.sum(axis=0)
    everyone = total.sum()
    if everyone <= 0:
        return 0.0, 0.0
    squares = np.divide(np.diagonal(covariance), total, out=np.zeros_like(total), where=total > 0)
    typical, whole = squares.sum() / everyone, max(covariance.sum(), 0.0) / everyone**2
    concentration = float(((total / everyone) ** 2).sum())
    own = (typical - whole) / (1.0 - concentration) if concentration < 1.0 else 0.0
    own = float(np.clip(own, 0.0, typical))
    return float(np.sqrt(typical - own)), float(np.sqrt(own))
