"""Forward in time only: what the same method would have said at each earlier origin, and what happened.

At an origin nothing is used but windows that had closed by then: hazards, yardstick, penalty, choice between
model and yardstick, and the width of the interval are all redone inside the origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.turnover.cells import (
    check_risk_cells,
    closed_origins,
    forecast_origin,
    known_at,
    known_periods,
    latest,
)
from analysis.turnover.forecasts.coefficient_error import chosen_errors, errors, shared_and_own
from analysis.turnover.forecasts.incidence import compound
from analysis.turnover.forecasts.intervals import HISTORY, ShockModel
from analysis.turnover.models.candidates import (
    Hazards,
    additive_part,
    fit_candidates,
    parts,
    predict_candidates,
    without_curvature,
    yearly,
)
from analysis.turnover.models.method import Method, usual
from analysis.turnover.models.selection import choice_table, choices_at, evidence_at
from analysis.turnover.models.yardstick import Yardstick, fit_yardstick
from analysis.turnover.scores.calibration import POINTS, points
from analysis.turnover.scores.scorecard import METRICS, metrics_at
from analysis.turnover.scores.scores import (
    EVIDENCE,
    MODEL,
    YARDSTICK,
    Choice,
    combine,
)
from analysis.turnover.scores.track_record import TRACK, one_year, places, record, shocks_at

WORTH_PROCESSES = 20_000
"""Cells from which it pays to start processes for the origins."""


@dataclass(frozen=True)
class Judged:
    """The last origin that could be judged: what was said then, out of time, about whom, and what happened.

    Args:
        origin: "YYYY-MM".
        cells: risk cells of the window that opened there, outcomes included.
        said: probabilities by cause, one row per cell; stays in memory.
        predict: the method as it stood then (hazards fitted before, choice made before), for other cells.
    """

    origin: str
    cells: pd.DataFrame
    said: pd.DataFrame
    predict: Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Evaluation:
    """What the forecast at ``origin`` stands on.

    Args:
        origin: the forecast origin, "YYYY-MM".
        metrics: ``turnover_metrics``, scores per earlier origin, cause and model (additive, periods, boosting,
            average, yardstick, chosen).
        track_record: expected with interval, observed and yardstick per earlier origin, horizon, department, cause.
        yardstick_record: the same as if the yardstick had been the forecast, with an interval of its own.
        choices: DataFrame[origin, cause, method, candidate, gain, z, origins, slope, shift], forecast origin included.
        calibration: DataFrame[origin, cause, candidate, slope, error, origins, corrected] of what was chosen.
        chosen: the choice at the forecast origin, by cause.
        shocks: spread of levels and departments at the forecast origin.
        models: fitted models that the chosen candidates are made of, by name.
        yardstick: the fitted yardstick.
        every_judged: the origins that could be judged, oldest first.
        forecast, incidence: the forecast itself where ``assess`` made it, and cumulated over three years.
        windows: latest windows that were learnt from, 0 for all (``Method.windows``).
    """

    origin: str
    metrics: pd.DataFrame
    track_record: pd.DataFrame
    yardstick_record: pd.DataFrame
    choices: pd.DataFrame
    calibration: pd.DataFrame
    chosen: dict[str, Choice]
    shocks: ShockModel
    models: dict[str, Hazards]
    yardstick: Yardstick
    every_judged: tuple[Judged, ...] = ()
    forecast: pd.DataFrame | None = None
    incidence: pd.DataFrame | None = None
    windows: int = 0

    @property
    def judged(self) -> Judged | None:
        """The last origin that could be judged, None where none could."""
        return self.every_judged[-1] if self.every_judged else None

    @property
    def methods(self) -> dict[str, str]:
        """Model or yardstick, by cause."""
        return {cause: choice.method for cause, choice in self.chosen.items()}

    def predict(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Probabilities by the chosen method of each cause; see ``forecast.chosen_hazards``."""
        return predicted(cells, models=self.models, yardstick=self.yardstick, choices=self.chosen)

    def errors(self, cells: pd.DataFrame, unit: np.ndarray, units: int) -> np.ndarray:
        """Covariances of units' expected numbers because hazards are estimates (``errors.errors``)."""
        wanted = sorted({choice.candidate for choice in self.chosen.values() if choice.method == MODEL})
        return chosen_errors(errors(self.models, self.yardstick, wanted, cells, unit, units), self.chosen)

    def coefficients(self) -> pd.DataFrame:
        """Coefficients of the chosen additive hazards, those inside an average included.

        Returns:
            DataFrame[cause, term, level, log_odds]; empty where trees or yardsticks were chosen alone.
        """
        tables = []
        for cause, choice in self.chosen.items():
            for name in parts(choice.candidate) if choice.method == MODEL else ():
                model = additive_part(self.models[name])
                if model is not None:
                    table = model.coefficients()
                    tables.append(table[table["cause"] == cause])
        columns = ["cause", "term", "level", "log_odds"]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


@dataclass(frozen=True)
class _Origin:
    """What is computed at one origin whatever other origins said; ``errors`` are of departments, by candidate."""

    models: dict[str, Hazards]
    yardstick: Yardstick
    predictions: dict[str, pd.DataFrame]
    naive: pd.DataFrame
    errors: dict[str, np.ndarray]


def evaluate(
    cells: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    seed: int,
    draws: int,
    method: Method | None = None,
    periods: pd.DataFrame | None = None,
    cohorts: pd.DataFrame | None = None,
    permanent: pd.DataFrame | None = None,
    jobs: int = 1,
) -> Evaluation:
    """Judge the method at every earlier origin, then prepare the forecast origin.

    Args:
        cells: risk cells, see ``analysis.turnover.cells``.
        groups: Groups (``contracts``).
        seed: seed of the simulated intervals; each origin has its own stream, so later years change nothing.
        draws: simulated years per interval.
        method: candidates, history and priors; by default those of the reference data.
        periods: person-periods of the closed windows (``workforce.risk_periods``); without them the candidates that
            need them are left out.
        cohorts: Cohorts, exits within 36 months of those in post at the origin, for
            origins where that time has passed; without it the record is of twelve months only.
        permanent: PermanentAt, temporary staff made permanent within a year as known at each
            origin; without it forms stay as they are beyond the first year.
        jobs: processes that fit origins side by side; the result does not depend on it.

    Raises:
        GateError: the cells break their contract, or no window has closed.
    """
    cells = check_risk_cells(cells)
    now = forecast_origin(cells)
    method = usual() if method is None else method
    if periods is None or periods.empty:
        periods, method = None, replace(method, candidates=yearly(method.candidates))

    def learnt(origin: str) -> tuple[pd.DataFrame, pd.DataFrame | None]:
        known = known_periods(periods, origin)
        return latest(known_at(cells, origin), method.windows), None if known is None else latest(known, method.windows)

    trial = _Trial(method, places(groups), seed, draws, cohorts, permanent)
    origins = [origin for origin in closed_origins(cells) if len(known_at(cells, origin))]
    windows = {origin: _window(cells, origin) for origin in origins}
    work = (
        delayed(_fitted)(train, windows[origin], method.candidates, known)
        for origin in origins
        for train, known in (learnt(origin),)
    )
    processes = jobs if len(cells) >= WORTH_PROCESSES else 1
    fitted = Parallel(n_jobs=processes)(work)
    verdicts: list[_Verdict] = []
    for origin, at in zip(origins, fitted, strict=True):
        verdicts.append(_judged(origin, learnt(origin)[0], windows[origin], at, trial, verdicts))
    train, known = learnt(now)
    if len(train) and train[list(CAUSES)].sum().sum() == 0:
        raise GateError(
            "nobody has left in any closed year, so the delivery seems to hold present staff only; "
            "deliver employments that have ended, too"
        )
    if train.empty:
        raise GateError(
            "no yearly window of turnover has closed yet; deliver at least one full year before the cut-off"
        )
    at_origin = cells[cells["origin"] == now]
    basis = at_origin if len(at_origin) else train[train["origin"] == train["origin"].max()]
    return _ahead(now, train, basis, trial, verdicts, known)


@dataclass(frozen=True)
class _Trial:
    """What is the same at every origin; see ``evaluate``. ``place``: department → where it is reported."""

    method: Method
    place: dict[str, str]
    seed: int
    draws: int
    cohorts: pd.DataFrame | None
    permanent: pd.DataFrame | None

    @property
    def yardstick_only(self) -> dict[str, Choice]:
        """The choice of who knows no model."""
        return {cause: Choice(YARDSTICK, self.method.candidates[0], float("nan"), float("nan"), 0) for cause in CAUSES}

    def followed(self, origin: str) -> pd.DataFrame | None:
        """Exits within three years of those in post at the origin, by department; None where they are not known."""
        later = None if self.cohorts is None else self.cohorts[self.cohorts["origin"] == origin]
        return None if later is None or later.empty else later.set_index("department")[list(CAUSES)]


@dataclass(frozen=True)
class _Verdict:
    """What one origin said, what came of it, and what later origins may learn from that.

    ``record``, ``naive``: the track record of twelve months, of the chosen methods and of the yardstick; ``longer``:
    that of three years where they have passed. ``seen`` and ``curve``: evidence of gains and of calibration.
    """

    judged: Judged
    choices: pd.DataFrame
    calibration: pd.DataFrame
    metrics: pd.DataFrame
    record: pd.DataFrame
    naive: pd.DataFrame
    longer: pd.DataFrame | None
    seen: pd.DataFrame
    curve: pd.DataFrame


def _judged(
    origin: str, train: pd.DataFrame, then: pd.DataFrame, at: _Origin, trial: _Trial, before: Sequence[_Verdict]
) -> _Verdict:
    """Choose and forecast as it would have been done at ``origin``, and compare with what happened.

    Args:
        origin: "YYYY-MM".
        train: cells known then.
        then: cells of the window that opened.
        at: what was fitted on ``train``.
        trial: what is the same at every origin.
        before: verdicts of earlier origins; each function takes of them what was known by then.
    """
    count, only = train["origin"].nunique(), trial.yardstick_only
    sums, choices, checks = choices_at(_seen(before), _curve(before), train, origin, trial.method)
    said = combine(at.predictions, at.naive, choices)
    use = partial(predicted, models=at.models, yardstick=at.yardstick, choices=choices)
    shocks = shocks_at(
        _history([each.record for each in before]), origin, then, said, choices, count, trial.method.prior
    )
    naive_shocks = shocks_at(
        _history([each.naive for each in before]), origin, then, at.naive, only, count, trial.method.prior
    )
    made = partial(record, origin, then, place=trial.place, seed=trial.seed, draws=trial.draws)
    at_risk = then["at_risk"].astype(float)
    once, naive = one_year(said, at_risk), one_year(at.naive, at_risk)
    left = then[list(CAUSES)].groupby(then["department"], sort=True).sum()
    off, naive_off = chosen_errors(at.errors, choices), chosen_errors(at.errors, only)
    longer, gone = None, trial.followed(origin)
    if gone is not None:
        share = _share_at(trial.permanent, origin)
        years = compound(then, use, permanent=share, first=said)
        naive_years = compound(then, at.yardstick.predict, permanent=share, first=at.naive)
        longer = made(years, naive_years, gone, shocks=shocks, errors=off)
    return _Verdict(
        judged=Judged(origin, then, said, use),
        choices=choice_table(origin, choices),
        calibration=checks,
        metrics=metrics_at(origin, then, train, at.predictions, at.naive, said, sums),
        record=made(once, naive, left, shocks=shocks, errors=off),
        naive=made(naive, naive, left, shocks=naive_shocks, errors=naive_off),
        longer=longer,
        seen=evidence_at(origin, then, at.predictions, at.naive),
        curve=points(origin, then, at.predictions),
    )


def _ahead(
    now: str,
    train: pd.DataFrame,
    basis: pd.DataFrame,
    trial: _Trial,
    verdicts: Sequence[_Verdict],
    periods: pd.DataFrame | None,
) -> Evaluation:
    """Choose and fit at the forecast origin ``now``; ``basis`` are the cells that spreads are weighed by."""
    _, choices, checks = choices_at(_seen(verdicts), _curve(verdicts), train, now, trial.method)
    wanted = sorted({choice.candidate for choice in choices.values() if choice.method == MODEL})
    yardstick = fit_yardstick(train)
    models = fit_candidates(train, wanted, periods)
    said = predicted(basis, models=models, yardstick=yardstick, choices=choices)
    history = _history([each.record for each in verdicts])
    shocks = shocks_at(history, now, basis, said, choices, train["origin"].nunique(), trial.method.prior)
    tracked = [part for each in verdicts for part in (each.record, each.longer) if part is not None]
    found = Evaluation(
        origin=now,
        metrics=_stack([each.metrics for each in verdicts], METRICS),
        track_record=_stack(tracked, TRACK),
        yardstick_record=_stack([each.naive for each in verdicts], TRACK),
        choices=pd.concat([*(each.choices for each in verdicts), choice_table(now, choices)], ignore_index=True),
        calibration=pd.concat([*(each.calibration for each in verdicts), checks], ignore_index=True),
        chosen=choices,
        shocks=shocks,
        models=models,
        yardstick=yardstick,
        every_judged=tuple(each.judged for each in verdicts),
        windows=trial.method.windows,
    )
    unit, departments = pd.factorize(basis["department"], sort=True)
    expected = said.mul(basis["at_risk"], axis=0).groupby(unit).sum().to_numpy()
    off = found.errors(basis, unit, len(departments))
    shared, own = shared_and_own(off, expected)
    return replace(found, shocks=replace(shocks, estimate_shared=shared, estimate_cv=own))


def _seen(verdicts: Sequence[_Verdict]) -> pd.DataFrame:
    return _stack([each.seen for each in verdicts], EVIDENCE)


def _curve(verdicts: Sequence[_Verdict]) -> pd.DataFrame:
    return _stack([each.curve for each in verdicts], POINTS)


def _history(records: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return _stack(records, HISTORY)


def _window(cells: pd.DataFrame, origin: str) -> pd.DataFrame:
    return cells[~cells["open"] & (cells["origin"] == origin)].reset_index(drop=True)


def _fitted(
    train: pd.DataFrame, then: pd.DataFrame, candidates: Sequence[str], periods: pd.DataFrame | None
) -> _Origin:
    models, yardstick = fit_candidates(train, candidates, periods), fit_yardstick(train)
    said = predict_candidates(models, then, candidates)
    unit, departments = pd.factorize(then["department"], sort=True)
    off = errors(models, yardstick, candidates, then, unit, len(departments))
    # curvatures are large, and nobody asks for them any more
    models = {name: without_curvature(model) for name, model in models.items()}
    return _Origin(models, yardstick, said, yardstick.predict(then), off)


def _share_at(permanent: pd.DataFrame | None, origin: str) -> pd.DataFrame | None:
    return None if permanent is None else permanent[permanent["origin"] == origin]


def predicted(
    cells: pd.DataFrame, *, models: Mapping[str, Hazards], yardstick: Yardstick, choices: Mapping[str, Choice]
) -> pd.DataFrame:
    """Probabilities of ``cells`` by the chosen method of each cause; asks only the models that were chosen."""
    wanted = sorted({choice.candidate for choice in choices.values() if choice.method == MODEL})
    return combine(predict_candidates(models, cells, wanted), yardstick.predict(cells), choices)


def _stack(parts: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True).loc[:, columns]
