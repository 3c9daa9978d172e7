"""Carry the chosen method from one stage to the next as what it consists of, without a hazard of anybody.

The additive hazards, of a year or of shorter periods, *are* their coefficients: one number per level of a feature and
cause. They are kept as such, and give the same hazards to the last bit. What is kept holds no rate of a cell or a
person: a table of hazards on disk would be a table of risks one could look a person up in.

Two kinds are fitted twice, since they cannot be carried. Trees have no coefficients. The yardstick is a table of
rates of occupations in departments; those of a few people would tell what became of them, and without them its figures
would be others. Fitting it is a matter of milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from analysis.turnover.cells import check_risk_cells, known_at, known_periods, latest
from analysis.turnover.forecasts.compounding import PeriodModel
from analysis.turnover.forecasts.intervals import ShockModel
from analysis.turnover.models.candidates import Hazards, fit_candidates, parts
from analysis.turnover.models.features import NUMBERS, features
from analysis.turnover.models.hazards import Effects, HazardModel
from analysis.turnover.models.yardstick import fit_yardstick
from analysis.turnover.scores.evaluation import Evaluation
from analysis.turnover.scores.scores import MODEL, Choice

LEAST = "-inf"
"""How log odds of a cause that never happened are written."""


def kept(evaluation: Evaluation) -> dict[str, Any]:
    """The choice of an evaluation and the coefficients of the chosen models as plain data (JSON)."""
    return {
        "origin": evaluation.origin,
        "windows": evaluation.windows,
        "chosen": {cause: asdict(choice) for cause, choice in evaluation.chosen.items()},
        "shocks": asdict(evaluation.shocks),
        "coefficients": {
            name: _written(model)
            for name, model in evaluation.models.items()
            if isinstance(model, HazardModel | PeriodModel)
        },
    }


def reopened(cells: pd.DataFrame, record: Mapping[str, Any], periods: pd.DataFrame | None = None) -> Evaluation:
    """The kept choice ready for ``chosen_hazards``; its scores and track record stay where they were.

    Additive hazards come from their coefficients, trees and the yardstick are fitted again (see above). The standard
    errors of coefficients are not carried: ``Evaluation.errors`` belongs to the stage that fitted.

    Args:
        cells: the same risk cells.
        record: result of ``kept``.
        periods: the same person-periods; asked for only where coefficients of them were not kept.
    """
    origin, windows = record["origin"], record["windows"]
    train = latest(known_at(check_risk_cells(cells), origin), windows)
    chosen = {cause: Choice(**choice) for cause, choice in record["chosen"].items()}
    wanted = {part for choice in chosen.values() if choice.method == MODEL for part in parts(choice.candidate)}
    models = {name: _read(written) for name, written in record["coefficients"].items() if name in wanted}
    again = sorted(wanted - models.keys())
    if again:
        known = known_periods(periods, origin)
        models |= fit_candidates(train, again, None if known is None else latest(known, windows))
    none = pd.DataFrame()
    return Evaluation(
        origin=origin,
        metrics=none,
        track_record=none,
        yardstick_record=none,
        choices=none,
        calibration=none,
        chosen=chosen,
        shocks=ShockModel(**record["shocks"]),
        models=models,
        yardstick=fit_yardstick(train),
        windows=windows,
    )


def _written(model: HazardModel | PeriodModel) -> dict[str, Any]:
    """Coefficients as plain data; a float keeps every digit in JSON."""
    if isinstance(model, PeriodModel):
        return {**_written(model.hazards), "seasons": list(model.seasons)}
    return {
        "penalty": model.penalty,
        "intercepts": [value if np.isfinite(value) else LEAST for value in model.intercepts.tolist()],
        "effects": {
            effects.feature.id: {"levels": effects.levels.tolist(), "log_odds": effects.log_odds.tolist()}
            for effects in model.effects
        },
    }


def _read(written: Mapping[str, Any]) -> Hazards:
    """The model that coefficients belong to."""
    known = {feature.id: feature for feature in features()}
    effects = []
    for name, entry in written["effects"].items():
        feature = known[name]
        number = feature.column in NUMBERS and not feature.within
        levels = pd.Index(entry["levels"], dtype=None if number else "str")
        effects.append(Effects(feature, levels, np.array(entry["log_odds"], dtype=float)))
    intercepts = np.array([float(value) for value in written["intercepts"]])
    model = HazardModel(float(written["penalty"]), intercepts, tuple(effects))
    return PeriodModel(model, tuple(written["seasons"])) if "seasons" in written else model
