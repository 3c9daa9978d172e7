"""Forward in time only: what the same method would have said at each earlier origin, and what happened.

At an origin nothing is used but windows that had closed by then: hazards, yardstick, penalty, choice between
model and yardstick, and the width of the interval are all redone inside the origin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.errors import GateError
from analysis.reference import CAUSES
from analysis.turnover.cells import (
    HORIZON,
    TOTAL,
    check_risk_cells,
    closed_origins,
    forecast_origin,
    known_at,
)
from analysis.turnover.hazards import HazardModel, fit_path
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
    metrics,
)
from analysis.turnover.yardstick import Yardstick, fit_yardstick

PENALTIES = (1.0, 4.0, 16.0)
MIN_WINDOWS = 2
"""Closed windows an origin needs before its forecast is judged."""
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
class Evaluation:
    """What the forecast at ``origin`` stands on.

    Args:
        origin: the forecast origin, "YYYY-MM".
        metrics: ``turnover_metrics``, scores per earlier origin, cause and model (model, yardstick, chosen).
        track_record: expected with interval, observed and yardstick per earlier origin, department and cause.
        choices: DataFrame[origin, cause, method, penalty, gain, z, origins], the forecast origin included.
        methods: model or yardstick, by cause.
        shocks: spread of levels and departments at the forecast origin.
        models: fitted hazards of the chosen penalties.
        yardstick: the fitted yardstick.
        penalties: chosen penalty, by cause.
        forecast: the forecast itself where ``assess`` made it.
    """

    origin: str
    metrics: pd.DataFrame
    track_record: pd.DataFrame
    choices: pd.DataFrame
    methods: dict[str, str]
    shocks: ShockModel
    models: dict[float, HazardModel]
    yardstick: Yardstick
    penalties: dict[str, float]
    forecast: pd.DataFrame | None = None

    def coefficients(self) -> pd.DataFrame:
        """Coefficients of the chosen hazards: DataFrame[cause, term, level, log_odds]; maybe empty."""
        parts = []
        for cause in CAUSES:
            if self.methods[cause] == MODEL:
                table = self.models[self.penalties[cause]].coefficients()
                parts.append(table[table["cause"] == cause])
        columns = ["cause", "term", "level", "log_odds"]
        return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def evaluate(
    cells: pd.DataFrame,
    *,
    groups: pd.DataFrame,
    seed: int,
    draws: int,
    penalties: tuple[float, ...] = PENALTIES,
) -> Evaluation:
    """Judge the method at earlier origins with two closed windows, then prepare the forecast origin.

    Args:
        cells: risk cells, see ``analysis.turnover.cells``.
        groups: DataFrame[department, occupation, group_department, group_occupation].
        seed: seed of the simulated intervals; each origin has its own stream, so later years change nothing.
        draws: simulated years per interval.
        penalties: the grid the penalty is chosen from.

    Raises:
        GateError: the cells break their contract, or no window has closed.
    """
    cells = check_risk_cells(cells)
    now = forecast_origin(cells)
    place = places(groups)
    seen = pd.DataFrame(columns=EVIDENCE)
    history = pd.DataFrame(columns=HISTORY)
    scored, tracked, chosen = [], [], []
    for origin in closed_origins(cells):
        train = known_at(cells, origin)
        windows = train["origin"].nunique()
        if windows < MIN_WINDOWS:
            continue
        choices = choose(seen, origin=origin, penalties=penalties)
        chosen.append(_choice_table(origin, choices))
        models = fit_path(train, penalties=penalties)
        yardstick = fit_yardstick(train)
        then = cells[~cells["open"] & (cells["origin"] == origin)].reset_index(drop=True)
        by_penalty = {penalty: model.predict(then) for penalty, model in models.items()}
        naive = yardstick.predict(then)
        said = combine(by_penalty, naive, choices)
        scored.append(_metrics(origin, then, train, by_penalty, naive, said, choices))
        rows = record(
            origin,
            then,
            said,
            naive,
            place=place,
            choices=choices,
            windows=windows,
            history=history,
            draws=draws,
            seed=seed,
        )
        tracked.append(rows)
        seen = _append(seen, _evidence(origin, then, by_penalty, naive), EVIDENCE)
        history = _append(history, rows, HISTORY)
    train = known_at(cells, now)
    if train.empty:
        raise GateError(
            "no yearly window of turnover has closed yet; deliver at least one full year before the cut-off"
        )
    choices = choose(seen, origin=now, penalties=penalties)
    chosen.append(_choice_table(now, choices))
    wanted = sorted({c.penalty for c in choices.values() if c.method == MODEL})
    yardstick = fit_yardstick(train)
    models = fit_path(train, penalties=wanted) if wanted else {}
    at_origin = cells[cells["origin"] == now]
    basis = at_origin if len(at_origin) else train[train["origin"] == train["origin"].max()]
    said = combine({p: m.predict(basis) for p, m in models.items()}, yardstick.predict(basis), choices)
    return Evaluation(
        origin=now,
        metrics=_stack(scored, METRICS),
        track_record=_stack(tracked, TRACK),
        choices=pd.concat(chosen, ignore_index=True),
        methods={cause: choice.method for cause, choice in choices.items()},
        shocks=shocks_at(history, now, basis, said, choices, train["origin"].nunique()),
        models=models,
        yardstick=yardstick,
        penalties={cause: choice.penalty for cause, choice in choices.items()},
    )


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


def _evidence(
    origin: str, then: pd.DataFrame, by_penalty: Mapping[float, pd.DataFrame], naive: pd.DataFrame
) -> pd.DataFrame:
    at_risk = then["at_risk"].to_numpy(dtype=float)
    rows = [
        {
            "origin": origin,
            "cause": cause,
            "penalty": penalty,
            **evidence(p[cause].to_numpy(), naive[cause].to_numpy(), then[cause].to_numpy(dtype=float), at_risk),
        }
        for penalty, p in by_penalty.items()
        for cause in CAUSES
    ]
    return pd.DataFrame(rows)


def _metrics(
    origin: str,
    then: pd.DataFrame,
    train: pd.DataFrame,
    by_penalty: Mapping[float, pd.DataFrame],
    naive: pd.DataFrame,
    said: pd.DataFrame,
    choices: Mapping[str, Choice],
) -> pd.DataFrame:
    """Scores of model (at the penalty chosen then), yardstick and chosen, for causes that happen."""
    at_risk = then["at_risk"].to_numpy(dtype=float)
    before = train[list(CAUSES)].sum() / train["at_risk"].sum()
    model = pd.DataFrame({cause: by_penalty[choice.penalty][cause] for cause, choice in choices.items()})
    forecasts = {MODEL: model, YARDSTICK: naive, "chosen": said}
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
