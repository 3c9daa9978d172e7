"""How far a forecast may miss: a shock to the level, differences between departments, and chance.

Levels of leaving move from year to year for reasons no covariate knows, and every department is hit by the
same movement; an interval that only holds chance is far too narrow for a whole organisation. Four layers
therefore multiply or surround the expected count of a department: a lognormal shock per cause shared by all
departments in a period, the error of estimated coefficients and rates (``errors``; the same in every year ahead), a
gamma factor per department, and the binomial variation of the persons at risk. The spreads of shock and departments
start from a prior and are updated with what earlier forecasts missed by.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analysis.reference import CAUSES
from analysis.reference.parts import HIGH, LOW
from analysis.tables.protected import ORGANISATION, TOTAL

LONG_ORIGINS, LONG_FORECASTS = 5, 100
"""Earlier origins, and departments forecast at them, from which the spread of departments is taken as it came."""
LEVELS = (LOW, HIGH)
"""P10 and P90: an interval that should hold the outcome four times in five."""

HISTORY = ["origin", "department", "cause", "expected", "variance", "observed", "short"]
"""What earlier forecasts said and what happened. ``variance``: of chance and of the estimates. ``short``: 1 / number of
yearly windows behind the expected level (1 for the yardstick); a level known from few years is itself off."""


@dataclass(frozen=True)
class Prior:
    """What the spreads start from (``assumptions.toml``).

    Args:
        sd: standard deviation of the yearly level (log).
        years: it counts as this many observed years.
        department_cv: coefficient of variation between departments beyond the common shock.
        departments: it counts as this many departments observed without chance.
    """

    sd: float
    years: float
    department_cv: float
    departments: float

    @property
    def floor(self) -> float:
        """Least standard deviation of the level: a few calm years do not prove that levels stand still."""
        return 0.5 * self.sd


@dataclass(frozen=True)
class ShockModel:
    """Spread of the level by cause and of departments.

    Args:
        sd: standard deviation of the log level of each cause in a single year.
        total_sd: the same for all causes together.
        department_cv: coefficient of variation of the factor of a department, beyond the error of estimates.
        estimate_cv: coefficient of variation of a department's expected number because it is an estimate, beyond what
            all departments share.
        estimate_shared: the same of what they share.
        short: 1 / number of windows behind each cause's expected level (see ``HISTORY``).
        shares: share of each cause among the expected leavers; decides how strongly causes move together.
        stretch: factor on departments' own deviations, one while the history is short (``_stretch``).
    """

    sd: dict[str, float]
    total_sd: float
    department_cv: float
    short: dict[str, float] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)
    stretch: float = 1.0
    estimate_cv: float = 0.0
    estimate_shared: float = 0.0

    @property
    def apart(self) -> float:
        """Coefficient of variation of a department around the common level, the error of estimates included."""
        return float(np.sqrt(self.department_cv**2 + self.estimate_cv**2 + self.estimate_shared**2))

    def spread(self, cause: str) -> float:
        """Standard deviation of log(observed / expected level), the expected level's own error included."""
        if cause == TOTAL:
            return self.total_sd * float(
                np.sqrt(1.0 + sum(self.shares.get(c, 0.0) * self.short.get(c, 0.0) for c in CAUSES))
            )
        return self.sd.get(cause, self.total_sd) * float(np.sqrt(1.0 + self.short.get(cause, 0.0)))

    @property
    def correlation(self) -> float:
        """Common correlation between the causes' shocks that gives all causes together their own spread."""
        part = np.array([self.shares.get(cause, 0.0) * self.spread(cause) for cause in CAUSES])
        own, cross = float((part**2).sum()), float(part.sum() ** 2 - (part**2).sum())
        if cross <= 1e-12:
            return 0.0
        return float(np.clip((self.spread(TOTAL) ** 2 - own) / cross, 0.0, 0.95))

    def draw(
        self, rng: np.random.Generator, draws: int, causes: Sequence[str], departments: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Random multipliers with mean one.

        Args:
            rng: source of randomness.
            draws: how many.
            causes: names of the columns of the shocks.
            departments: names of the columns of the factors.

        Returns:
            Shocks shared by all departments [draws x causes] and factors of departments [draws x
            departments]; the multiplier of a cause in a department is their product. One period; draw again
            for the next.
        """
        spread = np.array([self.spread(cause) for cause in causes])
        together = self.correlation
        common = np.sqrt(together) * rng.standard_normal((draws, 1))
        normal = common + np.sqrt(1.0 - together) * rng.standard_normal((draws, len(causes)))
        shock = np.exp(spread * normal - spread**2 / 2)
        if self.department_cv <= 0:
            return shock, np.ones((draws, len(departments)))
        shape = self.department_cv**-2
        return shock, rng.gamma(shape, 1.0 / shape, (draws, len(departments)))

    def draw_estimates(self, rng: np.random.Generator, draws: int, departments: Sequence[str]) -> np.ndarray:
        """What estimates are off by in every year ahead: multipliers with mean one [draws x departments]."""
        shared, own = (np.sqrt(np.log1p(cv**2)) for cv in (self.estimate_shared, self.estimate_cv))
        normal = shared * rng.standard_normal((draws, 1)) + own * rng.standard_normal((draws, len(departments)))
        return np.exp(normal - (shared**2 + own**2) / 2)


def fit_shocks(history: pd.DataFrame, *, short: dict[str, float], shares: dict[str, float], prior: Prior) -> ShockModel:
    """Update the priors with earlier forecasts.

    The level: scaled inverse chi-square update of the prior variance with the squared log of observed over
    expected for the whole organisation, chance subtracted, each year weighted by how much of it is not
    chance. Squares are taken around zero, so that a forecast that is always too low widens its intervals.
    Departments: moments of the residuals after the year's common level has been removed, all causes together.

    Args:
        history: DataFrame with the columns ``HISTORY``, only origins whose window had closed; may be empty.
        short: 1 / number of windows behind the expected level of each cause in the coming forecast.
        shares: share of each cause among the expected leavers in the coming forecast.
        prior: what the spreads start from.
    """
    whole = history[history["department"] == ORGANISATION]
    spread = {cause: _level_sd(whole[whole["cause"] == cause], prior) for cause in (*CAUSES, TOTAL)}
    totals = history[history["cause"] == TOTAL]
    own = _department_cv(totals, prior)
    return ShockModel(
        sd={cause: spread[cause] for cause in CAUSES},
        total_sd=spread[TOTAL],
        department_cv=own,
        stretch=_stretch(totals, own),
        short=dict(short),
        shares=dict(shares),
    )


def _level_sd(years: pd.DataFrame, prior: Prior) -> float:
    """Posterior standard deviation of the yearly log level; ``years`` has one row per earlier forecast."""
    expected = years["expected"].to_numpy(dtype=float) + 0.5
    miss = np.log((years["observed"].to_numpy(dtype=float) + 0.5) / expected)
    chance = (years["variance"].to_numpy(dtype=float) + 0.5) / expected**2
    stretch = 1.0 + years["short"].to_numpy(dtype=float)
    weight = (prior.sd**2 / (prior.sd**2 + chance)) ** 2
    squares = prior.years * prior.sd**2 + (weight * (miss**2 - chance) / stretch).sum()
    return float(np.sqrt(max(squares / (prior.years + weight.sum()), prior.floor**2)))


def _residuals(totals: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Departments' expected numbers at the level that came, their squared residuals and variances of chance."""
    whole = totals[totals["department"] == ORGANISATION].set_index("origin")
    parts = totals[(totals["department"] != ORGANISATION) & (totals["expected"] > 0)]
    level = parts["origin"].map((whole["observed"] + 0.5) / (whole["expected"] + 0.5)).to_numpy(dtype=float)
    expected = parts["expected"].to_numpy(dtype=float) * level
    chance = parts["variance"].to_numpy(dtype=float) * level
    size = parts["expected"].to_numpy(dtype=float) / parts["origin"].map(whole["expected"]).to_numpy(dtype=float)
    # the level was estimated from the same departments, which takes away a share of each one's residual
    left = np.maximum(1.0 - size, 0.1)
    return expected, (parts["observed"].to_numpy(dtype=float) - expected) ** 2 / left, chance


def _stretch(totals: pd.DataFrame, department_cv: float) -> float:
    """Split conformal factor: how much wider than modelled departments spread around the level that came.

    The residual that four of five earlier ones stayed within (finite-sample quantile, Vovk and others 2005), in
    standard deviations, over the same of a normal distribution. One where the history is short.
    """
    expected, squares, chance = _residuals(totals)
    if totals["origin"].nunique() < LONG_ORIGINS or len(expected) < LONG_FORECASTS:
        return 1.0
    scores = np.sort(np.sqrt(squares / (chance + (department_cv * expected) ** 2)))
    rank = min(int(np.ceil((len(scores) + 1) * (LEVELS[1] - LEVELS[0]))), len(scores))
    return float(scores[rank - 1] / NormalDist().inv_cdf(LEVELS[1]))


def _department_cv(totals: pd.DataFrame, prior: Prior) -> float:
    """Posterior coefficient of variation of departments, from residuals around the year's own level."""
    expected, squares, chance = _residuals(totals)
    squares = (squares - chance) / expected**2
    usual = prior.department_cv**2
    precision = 1.0 / (2.0 * (usual + chance / expected**2) ** 2)
    before = prior.departments / (2.0 * usual**2)
    variance = (before * usual + (precision * squares).sum()) / (before + precision.sum())
    return float(np.sqrt(max(variance, (0.25 * prior.department_cv) ** 2)))


@dataclass(frozen=True)
class Units:
    """Forecast units (groups or departments), sorted by department.

    ``expected``, ``chance``: [units x causes] expected counts and their binomial variances; ``at_risk``:
    persons.
    """

    department: np.ndarray
    at_risk: np.ndarray
    expected: np.ndarray
    chance: np.ndarray


@dataclass(frozen=True)
class Bounds:
    """P10 and P90, the last axis holding the causes and then all causes together.

    ``units`` [units x causes+1 x 2], ``departments`` [departments x causes+1 x 2], ``whole`` [causes+1 x 2].
    """

    units: np.ndarray
    departments: np.ndarray
    whole: np.ndarray


def simulate(
    units: Units,
    *,
    shocks: ShockModel,
    draws: int,
    rng: np.random.Generator,
    later: Sequence[Units] = (),
    errors: np.ndarray | None = None,
) -> Bounds:
    """Intervals of counts for units, departments and the whole, from one set of simulated years.

    A unit's count is binomial with the mean and variance that its cells' probabilities give, the mean
    multiplied by the year's shock, the department's factor and the error of the estimates; sums are taken within each
    simulated year, since quantiles do not add. ``later``: the same units in the years that follow; counts are then of
    all years together, each with a shock of its own. ``errors``: covariances of expected numbers in proportion to them
    [causes x units x units]; an estimate that is too low is so in every year.
    """
    names, index = np.unique(units.department, return_inverse=True)
    off = _estimates(errors, rng, draws, len(units.expected))
    years = [(*_binomial(year), *shocks.draw(rng, draws, CAUSES, list(names))) for year in (units, *later)]
    by_unit = np.zeros((len(units.expected), len(CAUSES) + 1, 2))
    by_department = np.zeros((len(names), len(CAUSES) + 1, 2))
    everything: np.ndarray = np.zeros((draws, len(CAUSES)), dtype=np.int64)
    most = float(units.at_risk.sum())
    for i in range(len(names)):
        own = np.flatnonzero(index == i)
        counts: np.ndarray = np.zeros((draws, len(own), len(CAUSES)), dtype=np.int64)
        for trials, chance, shock, factor in years:
            risk = chance[own][None] * (shock * factor[:, [i]])[:, None, :] * off[:, own]
            drawn = rng.binomial(trials[own][None], np.minimum(risk, 1.0))
            if shocks.stretch != 1.0:
                middle = (trials * chance)[own][None] * shock[:, None, :]
                drawn = np.maximum(middle + shocks.stretch * (drawn - middle), 0.0)
            counts = counts + drawn
        for j, unit in enumerate(own):
            by_unit[unit] = _bounds(counts[:, j, :], float(units.at_risk[unit]))
        together = counts.sum(axis=1)
        by_department[i] = _bounds(together, float(units.at_risk[own].sum()))
        everything = everything + together
    return Bounds(by_unit, by_department, _bounds(everything, most))


def _estimates(errors: np.ndarray | None, rng: np.random.Generator, draws: int, units: int) -> np.ndarray:
    """Lognormal factors with mean one [draws x units x causes]; [1 x units x 1] of ones where there are no errors.

    ``errors``: covariances of the factors. The symmetric root does not depend on which of many eigenvectors were found.
    """
    if errors is None:
        return np.ones((1, units, 1))
    factors = np.empty((draws, units, len(CAUSES)))
    with threadpool_limits(1):
        for cause, covariance in enumerate(errors):
            values, vectors = np.linalg.eigh(np.log1p(np.maximum(covariance, -0.9)))
            root = (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T
            normal = rng.standard_normal((draws, units)) @ root
            factors[:, :, cause] = np.exp(normal - (root**2).sum(axis=0) / 2)
    return factors


def _binomial(units: Units) -> tuple[np.ndarray, np.ndarray]:
    """Trials and chance of the binomial with each unit's mean and variance."""
    with np.errstate(divide="ignore", invalid="ignore"):
        chance = 1.0 - np.where(units.expected > 0, units.chance / units.expected, 1.0)
        trials = np.where(chance > 0, units.expected / chance, np.inf)
    limit = np.broadcast_to(units.at_risk[:, None], trials.shape)
    trials = np.maximum(np.ceil(np.minimum(trials, limit) - 1e-9), 1.0).astype(np.int64)
    return trials, units.expected / trials


def _bounds(counts: np.ndarray, most: float) -> np.ndarray:
    """Quantiles [causes+1 x 2] of simulated counts [draws x causes] and of their sum."""
    columns = np.column_stack([counts, counts.sum(axis=1)])
    return np.array([np.minimum(mid_quantiles(columns[:, i], LEVELS), most) for i in range(columns.shape[1])])


def mid_quantiles(counts: np.ndarray, levels: Sequence[float]) -> np.ndarray:
    """Quantiles of whole numbers by linear interpolation of the mid-distribution P(X < x) + P(X = x) / 2.

    Ordinary quantiles of small counts cover far more than they say; these cover what they say on average
    (Ma, Genton and Parzen 2011, Annals of the Institute of Statistical Mathematics 63).
    """
    values, sizes = np.unique(counts, return_counts=True)
    if len(values) == 1:
        return np.full(len(levels), float(values[0]))
    return np.interp(levels, (np.cumsum(sizes) - sizes / 2) / len(counts), values)


def interval_score(low: np.ndarray, high: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Score of an 80 % interval, lower is better (Winkler 1972; Gneiting and Raftery 2007, section 6.2)."""
    miss = 2.0 / (1.0 - (LEVELS[1] - LEVELS[0]))
    return high - low + miss * np.maximum(low - observed, 0) + miss * np.maximum(observed - high, 0)
