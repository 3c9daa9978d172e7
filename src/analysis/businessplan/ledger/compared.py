"""What a group's figure would have been: from comparable groups in the same years and from the group's own past.

The model is ``y = year + group + rest``: a level that all groups share in a year, a lasting deviation of the group
(variance ``between``), and what moves a group from year to year (variance ``within``) on top of the chance of its own
counts, which is known. The years and both variances come from the comparison groups alone, by restricted maximum
likelihood (Patterson and Thompson 1971). The treated group's own deviation is its past, drawn to nought by as much as
the past of a group of that size misleads (best linear unbiased prediction, Henderson 1975; Robinson 1991): a group that
was chosen because it had been worst is expected to come back, and is not credited with doing so. Where groups differ
for good, this is difference-in-differences with group and year effects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

Floats = npt.NDArray[np.float64]

TINY = 1e-12


@dataclass(frozen=True)
class Estimate:
    """A difference from what was to be expected, in the indicator's unit.

    Attributes:
        value: observed less expected, mean of the years since the start.
        fixed: variance that more years do not take away: of the group's own level, and of the years before.
        yearly: variance that falls with every further year, of one year.
        chance: the part of ``yearly`` that falls with the size of the group, too.
        years: years since the start that it rests on.
        freedom: degrees of freedom.
    """

    value: float
    fixed: float
    yearly: float
    chance: float
    years: float
    freedom: int

    @property
    def error(self) -> float:
        """Standard error."""
        return float(np.sqrt(self.fixed + self.yearly / self.years))


@dataclass(frozen=True)
class Model:
    """Years and variances of the comparison groups.

    Attributes:
        level: of each year.
        covariance: of the levels.
        between: variance of lasting deviations.
        within: variance of what moves a group from year to year.
        groups: number of comparison groups.
    """

    level: Floats
    covariance: Floats
    between: float
    within: float
    groups: int


def fit(values: Floats, chance: Floats) -> Model:
    """Fit the model to the comparison groups.

    Args:
        values: groups × years, NaN where a group has no figure.
        chance: variances of the same shape.
    """
    held = ~np.isnan(values)
    y, v = np.where(held, values, 0.0), np.where(held, chance, 1.0)
    spread = max(float(np.nanstd(values)), TINY)

    def loss(logs: Floats) -> float:
        between, within = spread**2 * np.exp(2 * np.clip(logs, -12.0, 6.0))
        precision, g = _weights(held, v, between, within)
        information, mean, _ = _levels(y, precision, g)
        rest = np.where(held, y - mean, 0.0)
        weighted = precision * rest
        quadratic = float((weighted * rest).sum() - (g * weighted.sum(axis=1) ** 2).sum())
        determinant = float(-np.log(np.where(held, precision, 1.0)).sum())
        determinant += float(np.log1p(between * precision.sum(axis=1)).sum())
        return 0.5 * (determinant + float(np.linalg.slogdet(information)[1]) + quadratic)

    starts = (np.array([-0.5, -1.0]), np.array([-0.5, -6.0]), np.array([-6.0, -1.0]))
    first = min(starts, key=loss)
    best = minimize(loss, first, method="Nelder-Mead", options={"xatol": 1e-2, "fatol": 1e-4, "maxiter": 200}).x
    between, within = spread**2 * np.exp(2 * np.clip(best, -12.0, 6.0))
    precision, g = _weights(held, v, between, within)
    _, mean, covariance = _levels(y, precision, g)
    return Model(mean, covariance, float(between), float(within), len(values))


def _weights(held: npt.NDArray[np.bool_], chance: Floats, between: float, within: float) -> tuple[Floats, Floats]:
    precision = np.where(held, 1.0 / (chance + within), 0.0)
    return precision, between / (1.0 + between * precision.sum(axis=1))


def _levels(y: Floats, precision: Floats, g: Floats) -> tuple[Floats, Floats, Floats]:
    """Information, levels and covariance of the years by generalised least squares (Sherman and Morrison 1950)."""
    information = np.diag(precision.sum(axis=0)) - (precision * g[:, None]).T @ precision
    information += TINY * np.eye(len(information)) * max(float(np.trace(information)), 1.0)
    right = (precision * (y - (g * (precision * y).sum(axis=1))[:, None])).sum(axis=0)
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return information, covariance @ right, covariance


def against_others(
    model: Model, values: Floats, chance: Floats, weight: Floats, after: npt.NDArray[np.bool_]
) -> Estimate:
    """The treated group beside the comparison groups.

    Args:
        model: result of ``fit``, of the same years.
        values: the group's figure by year, NaN where it has none.
        chance: their variances.
        weight: exposure by year, by which the years after the start are averaged.
        after: whether a year lies after the start.
    """
    held = ~np.isnan(values)
    before, since = held & ~after, held & after
    rest = np.where(held, values - model.level, 0.0)
    precision = np.where(before, 1.0 / (np.where(held, chance, 1.0) + model.within), 0.0)
    known = precision.sum() + 1.0 / max(model.between, TINY)
    share = np.where(since, weight, 0.0)
    share = share / share.sum()
    own = float((precision * rest).sum() / known)
    drawn = share - precision / known
    fixed = 1.0 / known + float(drawn @ model.covariance @ drawn)
    years = 1.0 / float((share**2).sum())
    by_chance = float((share**2 * np.where(since, chance, 0.0)).sum()) * years
    return Estimate(
        float((share * rest).sum()) - own, fixed, model.within + by_chance, by_chance, years, model.groups - 1
    )


def before_and_after(values: Floats, chance: Floats, weight: Floats, after: npt.NDArray[np.bool_]) -> Estimate:
    """The group beside its own past alone: years are compared with years, and nothing says what else changed.

    The last year before the start is left out: it may be why the start was decided. What moves the years is seen in
    those before, and is at least the chance of the counts; arguments as ``against_others``.
    """
    held = ~np.isnan(values)
    places = np.flatnonzero(held & ~after)
    past = places[places != np.flatnonzero(~after)[-1]]
    since = held & after
    share = np.where(since, weight, 0.0)
    share = share / share.sum()
    years = 1.0 / float((share**2).sum())
    by_chance = float((share**2 * np.where(since, chance, 0.0)).sum()) * years
    yearly = max(float(np.var(values[past], ddof=1)), float(chance[past].mean()), by_chance)
    value = float(np.where(since, share * np.where(held, values, 0.0), 0.0).sum() - values[past].mean())
    return Estimate(value, yearly / len(past), yearly, by_chance, years, len(past) - 1)
