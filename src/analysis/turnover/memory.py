"""Carry the chosen method from one stage to the next without writing a model or a score.

What is kept names the method of each cause and the spreads; the hazards are fitted again from the same cells, which
gives the same model. A table of hazards on disk would be a table of risks one could look a person up in.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pandas as pd

from analysis.turnover.candidates import fit_candidates
from analysis.turnover.cells import check_risk_cells, known_at, known_periods
from analysis.turnover.evaluation import Evaluation
from analysis.turnover.intervals import ShockModel
from analysis.turnover.scores import MODEL, Choice
from analysis.turnover.yardstick import fit_yardstick


def kept(evaluation: Evaluation) -> dict[str, Any]:
    """The choice of an evaluation as plain data."""
    return {
        "origin": evaluation.origin,
        "chosen": {cause: asdict(choice) for cause, choice in evaluation.chosen.items()},
        "shocks": asdict(evaluation.shocks),
    }


def reopened(cells: pd.DataFrame, record: dict[str, Any], periods: pd.DataFrame | None = None) -> Evaluation:
    """Fit the kept choice again, ready for ``chosen_hazards``; its scores and track record stay where they were.

    Args:
        cells: the same risk cells.
        record: result of ``kept``.
        periods: the same person-periods.
    """
    train = known_at(check_risk_cells(cells), record["origin"])
    chosen = {cause: Choice(**choice) for cause, choice in record["chosen"].items()}
    wanted = sorted({choice.candidate for choice in chosen.values() if choice.method == MODEL})
    none = pd.DataFrame()
    return Evaluation(
        origin=record["origin"],
        metrics=none,
        track_record=none,
        yardstick_record=none,
        choices=none,
        calibration=none,
        chosen=chosen,
        shocks=ShockModel(**record["shocks"]),
        models=fit_candidates(train, wanted, known_periods(periods, record["origin"])),
        yardstick=fit_yardstick(train),
    )
