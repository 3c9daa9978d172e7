"""Forward in time only: what the same method would have said at each earlier origin, and what happened.

At an origin nothing is used but windows that had closed by then: hazards, yardstick, penalty, choice between
model and yardstick, and the width of the interval are all redone inside the origin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.turnover.candidates import (
    ADDITIVE,
    AVERAGE,
    BOOSTING,
    CANDIDATES,
    Hazards,
    fit_candidates,
    kind,
    parts,
    predict_candidates,
)
from analysis.turnover.cells import (
    HORIZON,
    TOTAL,
    check_risk_cells,
    closed_by,
    closed_origins,
    forecast_origin,
    known_at,
)
from analysis.turnover.hazards import HazardModel
from analysis.turnover.intervals import HISTORY, ShockModel
from analysis.turnover.record import TRACK, places, record, shocks_at
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
        metrics: ``turnover_metrics``, scores per earlier origin, cause and model (additive, boosting, average,
            yardstick, chosen).
        track_record: expected with interval, observed and yardstick per earlier origin, department and cause.
        choices: DataFrame[origin, cause, method, candidate, gain, z, origins], the forecast origin included.
        methods: model or yardstick, by cause.
        shocks: spread of levels and departments at the forecast origin.
        models: fitted models that the chosen candidates are made of, by name.
        yardstick: the fitted yardstick.
        candidates: chosen candidate, by cause.
        judged: the last origin that could be judged, None where none could.
        forecast: the forecast itself where ``assess`` made it.
    """

    origin: str
    metrics: pd.DataFrame
    track_record: pd.DataFrame
    choices: pd.DataFrame
    methods: dict[str, str]
    shocks: ShockModel
    models: dict[str, Hazards]
    yardstick: Yardstick
    candidates: dict[str, str]
    judged: Judged | None = None
    forecast: pd.DataFrame | None = None

    def coefficients(self) -> pd.DataFrame:
        """Coefficients of the chosen additive hazards, those inside an average included.

        Returns:
            DataFrame[cause, term, level, log_odds]; empty where trees or yardsticks were chosen alone.
        """
        tables = []
        for cause in CAUSES:
            for name in parts(self.candidates[cause]) if self.methods[cause] == MODEL else ():
                model = self.models[name]
                if isinstance(model, HazardModel):
                    table = model.coefficients()
                    tables.append(table[table["cause"] == cause])
        columns = ["cause", "term", "level", "log_odds"]
        return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def evaluate(
    cells: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    seed: int,
    draws: int,
    candidates: tuple[str, ...] = CANDIDATES,
) -> Evaluation:
    """Judge the method at every earlier origin, then prepare the forecast origin.

    Args:
        cells: risk cells, see ``analysis.turnover.cells``.
        groups: DataFrame[department, occupation, group_department, group_occupation].
        seed: seed of the simulated intervals; each origin has its own stream, so later years change nothing.
        draws: simulated years per interval.
        candidates: what is chosen from, simplest first.

    Raises:
        GateError: the cells break their contract, or no window has closed.
    """
    cells = check_risk_cells(cells)
    now = forecast_origin(cells)
    place = places(groups)
    seen = pd.DataFrame(columns=EVIDENCE)
    history = pd.DataFrame(columns=HISTORY)
    scored, tracked, chosen = [], [], []
    judged = None
    for origin in closed_origins(cells):
        train = known_at(cells, origin)
        if train.empty:
            continue
        sums, choices = _choices(seen, train, origin, candidates)
        chosen.append(_choice_table(origin, choices))
        yardstick = fit_yardstick(train)
        then = cells[~cells["open"] & (cells["origin"] == origin)].reset_index(drop=True)
        models = fit_candidates(train, candidates)
        predictions = predict_candidates(models, then, candidates)
        naive = yardstick.predict(then)
        said = combine(predictions, naive, choices)
        judged = Judged(origin, then, said, partial(predicted, models=models, yardstick=yardstick, choices=choices))
        scored.append(_metrics(origin, then, train, predictions, naive, said, sums))
        rows = record(
            origin,
            then,
            said,
            naive,
            place=place,
            choices=choices,
            windows=train["origin"].nunique(),
            history=history,
            draws=draws,
            seed=seed,
        )
        tracked.append(rows)
        seen = _append(seen, _evidence(origin, then, predictions, naive), EVIDENCE)
        history = _append(history, rows, HISTORY)
    train = known_at(cells, now)
    if train.empty:
        raise GateError(
            "no yearly window of turnover has closed yet; deliver at least one full year before the cut-off"
        )
    _, choices = _choices(seen, train, now, candidates)
    chosen.append(_choice_table(now, choices))
    wanted = sorted({choice.candidate for choice in choices.values() if choice.method == MODEL})
    yardstick = fit_yardstick(train)
    models = fit_candidates(train, wanted)
    at_origin = cells[cells["origin"] == now]
    basis = at_origin if len(at_origin) else train[train["origin"] == train["origin"].max()]
    said = predicted(basis, models=models, yardstick=yardstick, choices=choices)
    return Evaluation(
        origin=now,
        metrics=_stack(scored, METRICS),
        track_record=_stack(tracked, TRACK),
        choices=pd.concat(chosen, ignore_index=True),
        methods={cause: choice.method for cause, choice in choices.items()},
        shocks=shocks_at(history, now, basis, said, choices, train["origin"].nunique()),
        models=models,
        yardstick=yardstick,
        candidates={cause: choice.candidate for cause, choice in choices.items()},
        judged=judged,
    )


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
    seen: pd.DataFrame, train: pd.DataFrame, origin: str, candidates: Sequence[str]
) -> tuple[pd.DataFrame, dict[str, Choice]]:
    """The evidence known at ``origin`` and what it speaks for."""
    within = None if closed_by(seen["origin"], origin).any() else _within(train, candidates)
    sums, origins = gains(seen, origin=origin, within=within)
    return sums, choose(sums, origins=origins, candidates=candidates)


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
    for name in (ADDITIVE, BOOSTING, AVERAGE):
        mine = [candidate for candidate in predictions if kind(candidate) == name]
        if mine:
            best = {c: mine[int(sums["gain"].loc[c].reindex(mine).argmax())] if len(sums) else mine[0] for c in CAUSES}
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
    return pd.DataFrame(rows).assign(origin=origin, horizon_months=HORIZON)
