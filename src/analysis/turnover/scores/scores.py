"""How good a forecast was: proper scores on cells, and which method earlier scores speak for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from analysis.reference import CAUSES
from analysis.turnover.cells import closed_by
from analysis.turnover.scores.calibration import corrected

MODEL = "model"
YARDSTICK = "yardstick"
MOST = 0.999
"""Largest probability of leaving for any cause within a year."""

EVIDENCE = ["origin", "cause", "candidate", "gain", "shape_sq", "level_sq"]
"""Gain in log loss over the yardstick at one origin, its variance between persons, its level part squared."""


@dataclass(frozen=True)
class Choice:
    """The method of one cause: the yardstick or a model, and which candidate that is (or would have been).

    ``z``: gain over its standard error, NaN without evidence; ``origins``: earlier origins it was seen at;
    ``slope`` and ``shift``: correction of its calibration (``calibration.corrected``), a slope of one is none.
    """

    method: str
    candidate: str
    gain: float
    z: float
    origins: int
    slope: float = 1.0
    shift: float = 0.0


def log_losses(p: np.ndarray, at_risk: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Log loss of one person who left and of one who stayed, given probabilities of leaving.

    A probability is taken as at least half an exit among all persons at risk: "none" from last year's count
    of a rare cause is a small number, not a certainty that would cost infinitely much.
    """
    least = 0.5 / at_risk.sum()
    p = np.clip(p, least, 1.0 - least)
    return -np.log(p), -np.log1p(-p)


def log_loss(p: np.ndarray, events: np.ndarray, at_risk: np.ndarray) -> float:
    """Mean log loss per person."""
    left, stayed = log_losses(p, at_risk)
    return float((events * left + (at_risk - events) * stayed).sum() / at_risk.sum())


def brier(p: np.ndarray, events: np.ndarray, at_risk: np.ndarray) -> float:
    """Mean squared error per person."""
    return float((events * (1 - p) ** 2 + (at_risk - events) * p**2).sum() / at_risk.sum())


def auc(p: np.ndarray, events: np.ndarray, at_risk: np.ndarray) -> float:
    """Chance that a leaver's cell had the higher probability than a stayer's; NaN where undefined."""
    if events.sum() <= 0 or (at_risk - events).sum() <= 0:
        return float("nan")
    target = np.repeat([1, 0], len(p))
    return float(roc_auc_score(target, np.tile(p, 2), sample_weight=np.concatenate([events, at_risk - events])))


def metrics(
    predictions: Mapping[str, np.ndarray], events: np.ndarray, at_risk: np.ndarray, constant: float
) -> list[dict[str, float | str]]:
    """One row of scores per model: ``constant`` is the rate of everybody in the windows known then."""
    worst = brier(np.full(len(at_risk), constant), events, at_risk)
    rows: list[dict[str, float | str]] = []
    for name, p in predictions.items():
        # what was chosen is usually one of the others: the same figures, not the same work twice
        twin = next((i for i, other in enumerate(predictions.values()) if np.array_equal(other, p)), len(rows))
        if twin < len(rows):
            rows.append({**rows[twin], "model": name})
            continue
        rows.append(
            {
                "model": name,
                "n": float(at_risk.sum()),
                "events": float(events.sum()),
                "auc": auc(p, events, at_risk),
                "brier": brier(p, events, at_risk),
                "brier_constant": worst,
                "log_loss": log_loss(p, events, at_risk),
            }
        )
    return rows


def evidence(model: np.ndarray, yardstick: np.ndarray, events: np.ndarray, at_risk: np.ndarray) -> dict[str, float]:
    """What one origin says for the model against the yardstick, for one cause.

    The gain has two parts. *Shape*: who leaves, both forecasts brought to the level that came; persons are
    many and nearly independent, so its variance is the sum of squared differences. *Level*: how many leave,
    one draw of a year's shock however many persons there are, so its variance is taken as its own square.
    """
    yard_left, yard_stayed = log_losses(yardstick, at_risk)
    own_left, own_stayed = log_losses(model, at_risk)
    stayers = at_risk - events
    gain = float((events * (yard_left - own_left) + stayers * (yard_stayed - own_stayed)).sum())
    yard_left, yard_stayed = log_losses(_at_level(yardstick, events, at_risk), at_risk)
    own_left, own_stayed = log_losses(_at_level(model, events, at_risk), at_risk)
    left, stayed = yard_left - own_left, yard_stayed - own_stayed
    shape = float((events * left + stayers * stayed).sum())
    return {
        "gain": gain,
        "shape_sq": float((events * left**2 + stayers * stayed**2).sum()),
        "level_sq": (gain - shape) ** 2,
    }


def _at_level(p: np.ndarray, events: np.ndarray, at_risk: np.ndarray) -> np.ndarray:
    """``p`` multiplied so that the expected number is the observed one; flat where ``p`` is all zero."""
    expected = (p * at_risk).sum()
    if expected <= 0:
        return np.full(len(p), events.sum() / at_risk.sum())
    return np.minimum(p * events.sum() / expected, 0.999)


def gains(table: pd.DataFrame, *, origin: str, within: pd.DataFrame | None = None) -> tuple[pd.DataFrame, int]:
    """Evidence summed by cause and candidate over the windows that had closed at ``origin``, and their number.

    Where none had, ``within``: the same evidence from parts of the only window known, each forecast from the
    others. It speaks about who leaves, not about how the level moves.
    """
    known = table[closed_by(table["origin"], origin)]
    origins = int(known["origin"].nunique())
    if not origins and within is not None:
        known = within
    return known.groupby(["cause", "candidate"], sort=False)[["gain", "shape_sq", "level_sq"]].sum(), origins


def choose(sums: pd.DataFrame, *, origins: int, candidates: Sequence[str], margin: float) -> dict[str, Choice]:
    """Choose candidate and method per cause from ``gains``.

    The candidate with the largest gain; then the model if that gain is ``margin`` standard errors above zero,
    else the yardstick. Without evidence the yardstick, and the first candidate.
    """
    choices = {}
    for cause in CAUSES:
        best = Choice(YARDSTICK, candidates[0], float("nan"), float("nan"), origins)
        for candidate in candidates if len(sums) else ():
            gain, shape, level = (float(x) for x in sums.xs((cause, candidate)).to_numpy())
            if not best.gain >= gain:  # also when nothing has been seen yet
                error = float(np.sqrt(shape + level))
                z = gain / error if error > 0 else 0.0
                method = MODEL if z > margin else YARDSTICK
                best = Choice(method, candidate, gain, z, origins)
        choices[cause] = best
    return choices


def combine(
    predictions: Mapping[str, pd.DataFrame], naive: pd.DataFrame, choices: Mapping[str, Choice]
) -> pd.DataFrame:
    """Probabilities by the chosen method of each cause; their sum is held below one."""
    parts = {
        cause: _said(predictions[choice.candidate][cause], choice) if choice.method == MODEL else naive[cause]
        for cause, choice in choices.items()
    }
    said = pd.DataFrame(parts, index=naive.index)[list(CAUSES)]
    return said.mul(1.0 / np.maximum(said.sum(axis=1) / MOST, 1.0), axis=0)


def _said(p: pd.Series, choice: Choice) -> pd.Series:
    if choice.slope == 1.0:
        return p
    return pd.Series(corrected(p.to_numpy(), choice.slope, choice.shift), p.index)
