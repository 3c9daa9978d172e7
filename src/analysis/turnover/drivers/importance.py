"""What goes together with leaving: how much worse forecasts get without a covariate, and rates by its values.

Associations of groups, never causes and never persons. A covariate whose worth cannot be told from chance is said to be
just that. What a covariate does not tell on top of the others is no effect here, though it may go together with leaving
on its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from threadpoolctl import threadpool_limits

from analysis.reference import CAUSES
from analysis.reference.bands import banding
from analysis.reference.parts import HIGH, LOW
from analysis.tables.protected import ORGANISATION
from analysis.turnover.cells import SEASON, least_at_risk, with_finer
from analysis.turnover.forecasts.intervals import ShockModel
from analysis.turnover.models.features import NUMBERS, Feature, features
from analysis.turnover.scores.evaluation import Judged

LEVEL = 0.99
"""Two-sided level of the intervals: a covariate without any worth is called an effect once in two hundred."""
PERMUTATIONS = 2
"""The chance of who left weighs far more than that of the shuffling, which the interval holds as well."""
MOST_PERSONS = 20_000
"""More persons at risk than this add time but no insight: a seeded sample of them is used."""
IMPORTANCE = [
    "origin", "department", "cause", "covariate", "n", "events", "increase", "low", "high",
]  # fmt: skip
PATTERN = ["cause", "covariate", "value", "first", "last", "n", "events", "rate", "low", "high"]
UNITS = ("department", "workplace", "title")
"""Never laid out value by value: places and titles would be small named units in a ranking."""
BANDS = {"age": banding("leaving").starts, "tenure": banding("service_patterns").starts}
"""Where bands of a number begin; other numbers are cut at quantiles of the persons at risk."""
MOST_VALUES = 12
"""A covariate with more levels than this has no table of rates."""
BACKGROUND = 400
"""Persons over whom a rate is averaged, spread evenly over the expected risks, so that few of them tell the mean."""
MOST_IN_BAND = 4
"""Values of a band that stand for it, at even steps through the persons who have them."""
PATTERN_LEVEL = round(HIGH - LOW, 2)

Predict = Callable[[pd.DataFrame], pd.DataFrame]


def covariates(chosen: Sequence[Feature], cause: str = "") -> list[str]:
    """Columns of yearly cells that ``chosen`` features read, in the features' order; for one cause if it is given."""
    mine = [f for f in chosen if f.column != SEASON and (not cause or cause in f.causes)]
    return list(dict.fromkeys(name for f in mine for name in (f.column, f.within) if name))


@dataclass(frozen=True)
class _Persons:
    """Persons at risk of one window: covariates, whether each left for each cause, loss of the forecast."""

    cells: pd.DataFrame
    left: np.ndarray
    loss: np.ndarray
    cluster: np.ndarray


def importance(judged: Judged, *, rng: np.random.Generator, permutations: int = PERMUTATIONS) -> pd.DataFrame:
    """How much the log loss of the out-of-time forecast rises when a covariate is shuffled among the persons at risk.

    Every column that is made of the covariate is shuffled with it (Breiman 2001; Fisher, Rudin and Dominici 2019). The
    interval holds both the chance of the shuffling and the chance of who left in that window: persons of the same
    workplace share what happens there, so that its sums are the units of the variance.

    Args:
        judged: the last window that was forecast and has closed.
        rng: source of the shuffles.
        permutations: how many.

    Returns:
        DataFrame with the columns ``IMPORTANCE``: a row per department (``all`` for the whole) with at least twenty at
        risk, cause and covariate that its forecast used. ``increase``, ``low`` and ``high`` are shares of the loss of
        the forecast as it was.
    """
    chosen = features()
    persons = _persons(judged, rng)
    size, departments = len(persons.cells), persons.cells["department"].to_numpy()
    wholes = {ORGANISATION: np.ones(size, dtype=bool)}
    wholes |= {str(name): departments == name for name in np.unique(departments)}
    wholes = {name: inside for name, inside in wholes.items() if inside.sum() >= least_at_risk()}
    rows = []
    for name in covariates(chosen):
        codes = pd.factorize(persons.cells[name], use_na_sentinel=False)[0]
        if codes.max(initial=0) == 0:
            continue
        shuffled = _shuffled(judged.predict, persons, name, rng, permutations)
        for place, cause in enumerate(CAUSES):
            rise = shuffled[:, :, place] - persons.loss[:, place]
            if cause not in _causes(chosen, name) or not np.abs(rise).max() > 0:
                continue
            for department, inside in wholes.items():
                if not persons.loss[inside, place].any():
                    continue  # nobody there can leave for this cause and nobody did: no loss that could rise by a share
                found = _rise(rise[:, inside], persons.loss[inside, place], persons.cluster[inside])
                events = float(persons.left[inside, place].sum())
                rows.append((judged.origin, department, cause, name, int(inside.sum()), events, *found))
    return pd.DataFrame(rows, columns=IMPORTANCE)


def _causes(chosen: Sequence[Feature], covariate: str) -> set[str]:
    return {cause for f in chosen if covariate in (f.column, f.within) for cause in f.causes}


def _persons(judged: Judged, rng: np.random.Generator) -> _Persons:
    """One row per person at risk. Persons of a cell are alike, so that any of them may be those who left."""
    cells = with_finer(judged.cells).reset_index(drop=True)
    count = cells["at_risk"].to_numpy(dtype=float).round().astype(int)
    cell = np.repeat(np.arange(len(cells)), count)
    if len(cell) > MOST_PERSONS:
        cell = np.sort(rng.choice(cell, MOST_PERSONS, replace=False))
    first = np.searchsorted(cell, np.arange(len(cells)))
    turn = (np.arange(len(cell)) - first[cell]).astype(float)
    ends = cells[list(CAUSES)].to_numpy(dtype=float).cumsum(axis=1)[cell]
    if len(cell) < count.sum():  # of a sampled cell, as large a share left as of the whole one
        share = np.bincount(cell, minlength=len(cells))[cell] / count[cell]
        ends = ends * share[:, None]
        turn = turn + rng.random(len(cell))
    starts = np.column_stack([np.zeros(len(cell)), ends[:, :-1]])
    left = (turn[:, None] >= starts) & (turn[:, None] < ends)
    said = judged.said[list(CAUSES)].to_numpy()[cell]
    people = cells.iloc[cell].reset_index(drop=True)
    cluster = people.groupby(["department", "workplace"], sort=False).ngroup().to_numpy()
    return _Persons(people, left, _loss(said, left), cluster)


def _loss(p: np.ndarray, left: np.ndarray) -> np.ndarray:
    return -np.log(np.clip(np.where(left, p, 1.0 - p), 1e-12, None))


def _shuffled(
    predict: Predict, persons: _Persons, name: str, rng: np.random.Generator, permutations: int
) -> np.ndarray:
    """Losses [permutations x persons x causes] with the covariate shuffled."""
    values, size = persons.cells[name].to_numpy(), len(persons.cells)
    shuffles = [values[rng.permutation(size)] for _ in range(permutations)]
    # one call: what a prediction costs beside its rows is much
    many = pd.concat([persons.cells.assign(**{name: shuffle}) for shuffle in shuffles], ignore_index=True)
    with threadpool_limits(1):  # see ``candidates.fit_candidates``
        p = predict(many)[list(CAUSES)].to_numpy().reshape(permutations, size, len(CAUSES))
    return _loss(p, persons.left)


def _rise(rise: np.ndarray, loss: np.ndarray, cluster: np.ndarray) -> tuple[float, float, float]:
    """Mean rise as a share of the mean loss, with its interval."""
    base, size = float(loss.mean()), len(loss)
    each = rise.mean(axis=0)
    mean = float(each.mean())
    sums = np.bincount(cluster, weights=each - mean)
    groups = len(np.unique(cluster))
    if groups < 2:  # a department that is one workplace: persons are the units
        variance, groups = float(each.var(ddof=1)) / size, size
    else:
        variance = float((sums**2).sum()) / size**2 * groups / (groups - 1)
    variance += float(rise.mean(axis=1).var(ddof=1)) / len(rise) if len(rise) > 1 else 0.0
    reach = float(stats.t.ppf(0.5 + LEVEL / 2, groups - 1)) * np.sqrt(variance)
    return mean / base, (mean - reach) / base, (mean + reach) / base


def effects(table: pd.DataFrame) -> pd.DataFrame:
    """The rows of ``importance`` whose interval lies above zero: what can be told from chance."""
    return table[table["low"] > 0]


def patterns(
    now: pd.DataFrame, predict: Predict, known: pd.DataFrame, wanted: pd.DataFrame, *, shocks: ShockModel
) -> pd.DataFrame:
    """Expected twelve-month rates if everyone had a covariate's value and all else stayed as it is.

    Partial dependence (Friedman 2001, section 8.2) over persons at risk spread evenly over the expected risks, averaged
    over the values of a band as persons hold them. The interval (lognormal) holds the chance of the leavers seen at
    that value and the level of the coming year, which moves all values together; that the form of the model may be
    wrong is not in it.

    Args:
        now: risk cells at the forecast's origin.
        predict: the hazards chosen for the forecast.
        known: risk cells of the closed windows the hazards were fitted on.
        wanted: DataFrame[cause, covariate], what to lay out; units and titles are left out.
        shocks: how much levels move from year to year.

    Returns:
        DataFrame with the columns ``PATTERN``; ``value`` is the level, or the band's number in order, ``first`` and
        ``last`` a band's ends (NaN for levels). Only values with at least twenty at risk now.
    """
    now, known = with_finer(now).reset_index(drop=True), with_finer(known)
    with threadpool_limits(1):
        picked = _spread(now, predict)
        return _patterns(now, predict, known, wanted[~wanted["covariate"].isin(UNITS)], picked, shocks)


def _spread(now: pd.DataFrame, predict: Predict) -> pd.DataFrame:
    """Cells of persons at even steps through the persons at risk, ordered by their expected risk."""
    risk = predict(now)[list(CAUSES)].sum(axis=1).to_numpy()
    order = np.argsort(risk, kind="stable")
    until = np.cumsum(now["at_risk"].to_numpy(dtype=float)[order])
    steps = (np.arange(BACKGROUND) + 0.5) / BACKGROUND * until[-1]
    return now.iloc[order[np.searchsorted(until, steps)]].reset_index(drop=True)


def _patterns(
    now: pd.DataFrame,
    predict: Predict,
    known: pd.DataFrame,
    wanted: pd.DataFrame,
    picked: pd.DataFrame,
    shocks: ShockModel,
) -> pd.DataFrame:
    bands = {name: _bands(name, now) for name in wanted["covariate"].unique()}
    held = {(name, band.value): now[band.holds(now[name])] for name in bands for band in bands[name]}
    values = {key: _standing_for(cells.groupby(key[0])["at_risk"].sum()) for key, cells in held.items()}
    many = [picked.assign(**{key[0]: value}) for key, standing in values.items() for value in standing]
    if not many:
        return pd.DataFrame(columns=PATTERN)
    keys = [place for place, standing in enumerate(values.values()) for _ in range(len(standing) * len(picked))]
    said = predict(pd.concat(many, ignore_index=True))[list(CAUSES)].groupby(np.array(keys)).mean()
    rates = dict(zip(values, said.to_dict("records"), strict=True))
    widest, rows = float(stats.norm.ppf(0.5 + PATTERN_LEVEL / 2)), []
    for cause, name in wanted[["cause", "covariate"]].itertuples(index=False, name=None):
        for band in bands[name]:
            rate = float(rates[name, band.value][cause])
            events = float(known.loc[band.holds(known[name]), cause].sum())
            reach = float(np.exp(widest * np.sqrt(1.0 / (events + 0.5) + shocks.spread(cause) ** 2)))
            n = int(held[name, band.value]["at_risk"].sum())
            ends = (cause, name, band.value, band.first, band.last)
            rows.append((*ends, n, events, rate, rate / reach, min(rate * reach, 1.0)))
    return pd.DataFrame(rows, columns=PATTERN)


def _standing_for(persons: pd.Series) -> list[Any]:
    """At most ``MOST_IN_BAND`` values, each for as many persons."""
    if len(persons) == 1:
        return list(persons.index)
    until = persons.cumsum().to_numpy()
    steps = (np.arange(MOST_IN_BAND) + 0.5) / MOST_IN_BAND * until[-1]
    return [persons.index[place] for place in np.searchsorted(until, steps)]


@dataclass(frozen=True)
class _Band:
    """A level, or the numbers from ``first`` up to and with ``last``."""

    value: str
    first: float
    last: float

    def holds(self, column: pd.Series) -> pd.Series:
        if np.isnan(self.first):
            return column.astype("str") == self.value
        return column.between(self.first, self.last)


def _bands(name: str, now: pd.DataFrame) -> list[_Band]:
    """Levels, or bands of a number, with at least twenty at risk; none where there are too many."""
    persons = now.groupby(name)["at_risk"].sum()
    if name not in NUMBERS:
        levels = persons[(persons >= least_at_risk()) & (persons.index.astype("str") != "")]
        return [_Band(str(level), np.nan, np.nan) for level in levels.index] if len(levels) <= MOST_VALUES else []
    persons = persons[persons.index >= (0 if name in BANDS else -np.inf)]  # -1 stands for not known
    values = persons.index.to_numpy(dtype=float)
    if name in BANDS:
        part = np.searchsorted(BANDS[name], values, side="right")
    else:
        part = np.minimum((persons.cumsum().to_numpy() - persons.to_numpy() / 2) / persons.sum() * 4, 3).astype(int)
    found = []
    for number in np.unique(part):
        inside = part == number
        if persons.to_numpy()[inside].sum() >= least_at_risk():
            found.append(_Band(str(number), float(values[inside].min()), float(values[inside].max())))
    return found
