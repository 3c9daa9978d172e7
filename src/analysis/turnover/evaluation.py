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
from analysis.turnover.calibration import POINTS, points, slopes
from analysis.turnover.candidates import (
    ADDITIVE,
    AVERAGE,
    BOOSTING,
    CANDIDATES,
    PERIODS,
    Hazards,
    additive_part,
    fit_candidates,
    kind,
    parts,
    predict_candidates,
    without_curvature,
    yearly,
)
from analysis.turnover.cells import (
    HORIZON,
    TOTAL,
    check_risk_cells,
    closed_by,
    closed_origins,
    forecast_origin,
    known_at,
    known_periods,
)
from analysis.turnover.errors import chosen_errors, errors, shared_and_own
from analysis.turnover.incidence import compound
from analysis.turnover.intervals import HISTORY, ShockModel
from analysis.turnover.record import TRACK, one_year, places, record, shocks_at
from analysis.turnover.scores import (
    EVIDENCE,
    MODEL,
    MOST,
    YARDSTICK,
    Choice,
    choose,
    combine,
    evidence,
    gains,
    metrics,
)
from analysis.turnover.yardstick import Yardstick, fit_yardstick

FOLDS = 4
"""Parts of the only window known, each forecast from the others, while nothing can be judged forward in time."""
WORTH_PROCESSES = 20_000
"""Cells from which it pays to start processes for the origins."""
METRICS = [
    "origin",
    "horizon_months",
    "cause",
    "model",
    "n",
    "events",
    "auc",
    "brier",
    "brier_constant",
    "log_loss",
]

CALIBRATION = ["origin", "cause", "candidate", "slope", "error", "origins", "corrected"]


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
    candidates: tuple[str, ...] = CANDIDATES,
    periods: pd.DataFrame | None = None,
    cohorts: pd.DataFrame | None = None,
    permanent: pd.DataFrame | None = None,
    jobs: int = 1,
) -> Evaluation:
    """Judge the method at every earlier origin, then prepare the forecast origin.

    Args:
        cells: risk cells, see ``analysis.turnover.cells``.
        groups: DataFrame[department, occupation, group_department, group_occupation].
        seed: seed of the simulated intervals; each origin has its own stream, so later years change nothing.
        draws: simulated years per interval.
        candidates: what is chosen from, simplest first.
        periods: person-periods of the closed windows (``workforce.risk_periods``); without them the candidates that
            need them are left out.
        cohorts: DataFrame[origin, department, *CAUSES], exits within 36 months of those in post at the origin, for
            origins where that time has passed; without it the record is of twelve months only.
        permanent: DataFrame[origin, occupation, share], temporary staff made permanent within a year as known at each
            origin; without it forms stay as they are beyond the first year.
        jobs: processes that fit origins side by side; the result does not depend on it.

    Raises:
        GateError: the cells break their contract, or no window has closed.
    """
    cells = check_risk_cells(cells)
    now = forecast_origin(cells)
    place = places(groups)
    if periods is None or periods.empty:
        periods, candidates = None, yearly(candidates)
    origins = [origin for origin in closed_origins(cells) if len(known_at(cells, origin))]
    windows = {origin: _window(cells, origin) for origin in origins}
    work = (
        delayed(_fitted)(known_at(cells, origin), windows[origin], candidates, known_periods(periods, origin))
        for origin in origins
    )
    processes = jobs if len(cells) >= WORTH_PROCESSES else 1
    fitted = dict(zip(origins, Parallel(n_jobs=processes)(work), strict=True))
    seen, curve = pd.DataFrame(columns=EVIDENCE), pd.DataFrame(columns=POINTS)
    history = naive_history = pd.DataFrame(columns=HISTORY)
    scored, tracked, naive_tracked, chosen, calibrated = [], [], [], [], []
    yardstick_only = {cause: Choice(YARDSTICK, candidates[0], float("nan"), float("nan"), 0) for cause in CAUSES}
    judged: list[Judged] = []
    for origin in origins:
        train, then, at = known_at(cells, origin), windows[origin], fitted[origin]
        count = train["origin"].nunique()
        sums, choices, checks = _choices(seen, curve, train, origin, candidates)
        chosen.append(_choice_table(origin, choices))
        calibrated.append(checks)
        said = combine(at.predictions, at.naive, choices)
        use = partial(predicted, models=at.models, yardstick=at.yardstick, choices=choices)
        judged.append(Judged(origin, then, said, use))
        scored.append(_metrics(origin, then, train, at.predictions, at.naive, said, sums))
        shocks = shocks_at(history, origin, then, said, choices, count)
        naive_shocks = shocks_at(naive_history, origin, then, at.naive, yardstick_only, count)
        made = partial(record, origin, then, place=place, seed=seed, draws=draws)
        at_risk = then["at_risk"].astype(float)
        once, naive = one_year(said, at_risk), one_year(at.naive, at_risk)
        left = then[list(CAUSES)].groupby(then["department"], sort=True).sum()
        off, naive_off = chosen_errors(at.errors, choices), chosen_errors(at.errors, yardstick_only)
        rows = made(once, naive, left, shocks=shocks, errors=off)
        naive_rows = made(naive, naive, left, shocks=naive_shocks, errors=naive_off)
        tracked.append(rows)
        naive_tracked.append(naive_rows)
        later = None if cohorts is None else cohorts[cohorts["origin"] == origin]
        if later is not None and len(later):
            share = _share_at(permanent, origin)
            years = compound(then, use, permanent=share, first=said)
            naive_years = compound(then, at.yardstick.predict, permanent=share, first=at.naive)
            gone = later.set_index("department")[list(CAUSES)]
            tracked.append(made(years, naive_years, gone, shocks=shocks, errors=off))
        seen = _append(seen, _evidence(origin, then, at.predictions, at.naive), EVIDENCE)
        curve = _append(curve, points(origin, then, at.predictions), POINTS)
        history, naive_history = _append(history, rows, HISTORY), _append(naive_history, naive_rows, HISTORY)
    train = known_at(cells, now)
    if len(train) and train[list(CAUSES)].sum().sum() == 0:
        raise GateError(
            "nobody has left in any closed year, so the delivery seems to hold present staff only; "
            "deliver employments that have ended, too"
        )
    if train.empty:
        raise GateError(
            "no yearly window of turnover has closed yet; deliver at least one full year before the cut-off"
        )
    _, choices, checks = _choices(seen, curve, train, now, candidates)
    chosen.append(_choice_table(now, choices))
    calibrated.append(checks)
    wanted = sorted({choice.candidate for choice in choices.values() if choice.method == MODEL})
    yardstick = fit_yardstick(train)
    models = fit_candidates(train, wanted, known_periods(periods, now))
    at_origin = cells[cells["origin"] == now]
    basis = at_origin if len(at_origin) else train[train["origin"] == train["origin"].max()]
    said = predicted(basis, models=models, yardstick=yardstick, choices=choices)
    shocks = shocks_at(history, now, basis, said, choices, train["origin"].nunique())
    found = Evaluation(
        origin=now,
        metrics=_stack(scored, METRICS),
        track_record=_stack(tracked, TRACK),
        yardstick_record=_stack(naive_tracked, TRACK),
        choices=pd.concat(chosen, ignore_index=True),
        calibration=pd.concat(calibrated, ignore_index=True),
        chosen=choices,
        shocks=shocks,
        models=models,
        yardstick=yardstick,
        every_judged=tuple(judged),
    )
    unit, departments = pd.factorize(basis["department"], sort=True)
    expected = said.mul(basis["at_risk"], axis=0).groupby(unit).sum().to_numpy()
    off = found.errors(basis, unit, len(departments))
    shared, own = shared_and_own(off, expected)
    return replace(found, shocks=replace(shocks, estimate_shared=shared, estimate_cv=own))


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


def _append(table: pd.DataFrame, rows: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    rows = rows.loc[:, columns]
    return rows if table.empty else pd.concat([table, rows], ignore_index=True)


def _stack(parts: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True).loc[:, columns]


def _choice_table(origin: str, choices: Mapping[str, Choice]) -> pd.DataFrame:
    rows = [{"origin": origin, "cause": cause, **vars(choice)} for cause, choice in choices.items()]
    return pd.DataFrame(rows)


def _choices(
    seen: pd.DataFrame, curve: pd.DataFrame, train: pd.DataFrame, origin: str, candidates: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, Choice], pd.DataFrame]:
    """The evidence known at ``origin``, what it speaks for, and the calibration of that."""
    within = None
    apart = yearly(candidates)  # parts of a window are parts of its yearly cells
    if apart and not closed_by(seen["origin"], origin).any():
        candidates, within = apart, _within(train, apart)
    sums, origins = gains(seen, origin=origin, within=within)
    choices = choose(sums, origins=origins, candidates=candidates)
    known, checks = slopes(curve, origin=origin), []
    for cause, choice in choices.items():
        check = known.get((cause, choice.candidate))
        if choice.method != MODEL or check is None:
            continue
        if check.wrong:
            choices[cause] = replace(choice, slope=check.slope, shift=check.shift)
        row = {"origin": origin, "cause": cause, "candidate": choice.candidate, "corrected": check.wrong}
        checks.append({**row, "slope": check.slope, "error": check.error, "origins": check.origins})
    return sums, choices, pd.DataFrame(checks, columns=CALIBRATION)


def _within(train: pd.DataFrame, candidates: Sequence[str]) -> pd.DataFrame:
    """Evidence from parts of the windows known, each forecast from the others."""
    # the same parts whatever the order of the rows; cells are sorted, so a stride would follow the departments
    part = np.random.default_rng(0).permutation(len(train)) % FOLDS
    found = []
    for fold in range(FOLDS):
        others, then = train[part != fold], train[part == fold].reset_index(drop=True)
        if then.empty or others.empty:
            continue
        predictions = predict_candidates(fit_candidates(others, candidates), then, candidates)
        found.append(_evidence(str(fold), then, predictions, fit_yardstick(others).predict(then)))
    return pd.concat(found, ignore_index=True)


def _evidence(
    origin: str, then: pd.DataFrame, predictions: Mapping[str, pd.DataFrame], naive: pd.DataFrame
) -> pd.DataFrame:
    at_risk = then["at_risk"].to_numpy(dtype=float)
    rows = [
        {
            "origin": origin,
            "cause": cause,
            "candidate": candidate,
            **evidence(p[cause].to_numpy(), naive[cause].to_numpy(), then[cause].to_numpy(dtype=float), at_risk),
        }
        for candidate, p in predictions.items()
        for cause in CAUSES
    ]
    return pd.DataFrame(rows)


def _best(candidates: Sequence[str], gain: pd.Series, cause: str) -> str:
    """The candidate with the largest gain known; the first where nothing is known."""
    return max(candidates, key=lambda candidate: gain.get((cause, candidate), -np.inf))


def _metrics(
    origin: str,
    then: pd.DataFrame,
    train: pd.DataFrame,
    predictions: Mapping[str, pd.DataFrame],
    naive: pd.DataFrame,
    said: pd.DataFrame,
    sums: pd.DataFrame,
) -> pd.DataFrame:
    """Scores of each kind of model (its best candidate known then), yardstick and chosen, for causes that happen."""
    at_risk = then["at_risk"].to_numpy(dtype=float)
    before = train[list(CAUSES)].sum() / train["at_risk"].sum()
    forecasts = {}
    for name in (ADDITIVE, PERIODS, BOOSTING, AVERAGE):
        mine = [candidate for candidate in predictions if kind(candidate) == name]
        if mine:
            best = {cause: _best(mine, sums["gain"], cause) for cause in CAUSES}
            forecasts[name] = pd.DataFrame({cause: predictions[candidate][cause] for cause, candidate in best.items()})
    forecasts |= {YARDSTICK: naive, "chosen": said}
    rows = []
    for cause in (*CAUSES, TOTAL):
        several = list(CAUSES) if cause == TOTAL else [cause]
        events = then[several].sum(axis=1).to_numpy(dtype=float)
        constant = float(before[several].sum())
        if constant == 0 and events.sum() == 0:
            continue
        p = {name: np.minimum(f[several].sum(axis=1).to_numpy(), MOST) for name, f in forecasts.items()}
        rows += [{"cause": cause, **row} for row in metrics(p, events, at_risk, constant)]
    return pd.DataFrame(rows, columns=METRICS).assign(origin=origin, horizon_months=HORIZON)
