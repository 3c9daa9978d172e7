"""Which method a cause is forecast by at an origin: the evidence known then, and its calibration."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.turnover.cells import closed_by
from analysis.turnover.models.candidates import fit_candidates, predict_candidates, yearly
from analysis.turnover.models.method import Method
from analysis.turnover.models.yardstick import fit_yardstick
from analysis.turnover.scores.calibration import slopes
from analysis.turnover.scores.scores import MODEL, Choice, choose, evidence, gains

FOLDS = 4
"""Parts of the only window known, each forecast from the others, while nothing can be judged forward in time."""
CALIBRATION = ["origin", "cause", "candidate", "slope", "error", "origins", "corrected"]


def choice_table(origin: str, choices: Mapping[str, Choice]) -> pd.DataFrame:
    """The choices of an origin as rows."""
    rows = [{"origin": origin, "cause": cause, **vars(choice)} for cause, choice in choices.items()]
    return pd.DataFrame(rows)


def choices_at(
    seen: pd.DataFrame, curve: pd.DataFrame, train: pd.DataFrame, origin: str, method: Method
) -> tuple[pd.DataFrame, dict[str, Choice], pd.DataFrame]:
    """The evidence known at ``origin``, what it speaks for, and the calibration of that."""
    within, candidates = None, method.candidates
    apart = yearly(candidates)  # parts of a window are parts of its yearly cells
    if apart and not closed_by(seen["origin"], origin).any():
        candidates, within = apart, _within(train, apart)
    sums, origins = gains(seen, origin=origin, within=within)
    choices = choose(sums, origins=origins, candidates=candidates, margin=method.margin)
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
        found.append(evidence_at(str(fold), then, predictions, fit_yardstick(others).predict(then)))
    return pd.concat(found, ignore_index=True)


def evidence_at(
    origin: str, then: pd.DataFrame, predictions: Mapping[str, pd.DataFrame], naive: pd.DataFrame
) -> pd.DataFrame:
    """What each candidate gained over the yardstick in the window ``then``, cause by cause."""
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


def best_of(candidates: Sequence[str], gain: pd.Series, cause: str) -> str:
    """The candidate with the largest gain known; the first where nothing is known."""
    return max(candidates, key=lambda candidate: gain.get((cause, candidate), -np.inf))
