"""Discrete-time life tables: hazard and survival by period of tenure, with late entry.

Used to describe how long people stay, and to hold the counting against published answers.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

_GRID = 1e-9  # times closer than this to a period's border lie on it


def life_table(
    exit_time: pd.Series,
    event: pd.Series,
    *,
    entry_time: pd.Series | None = None,
    width: float = 1.0,
) -> pd.DataFrame:
    """Hazard and survival by period.

    Period j is (j - 1, j] widths after the start. A person is at risk in every period that begins at or after
    entry and before exit, so someone who came under observation late says nothing about earlier periods (they
    could not have been seen leaving). Who enters inside a period is counted from the next one; what is lived
    and what happens before is in ``exposure`` and ``events_all`` but not in the hazard. Formulas: Singer and
    Willett 2003, chapter 10; hazard = events / at risk, survival = product of (1 - hazard).

    Args:
        exit_time: time from the start to leaving or to the end of observation, > 0.
        event: true where the person left, false where observation ended (censored).
        entry_time: time from the start to the beginning of observation; 0 if left out.
        width: length of a period, in the unit of the times.

    Returns:
        DataFrame[period, at_risk, events, censored, hazard, survival, exposure, events_all], one row per
        period from 1 to the last one lived in. ``exposure`` is in periods lived under observation. Hazard is
        NaN, and survival from there on, where nobody was at risk.

    Raises:
        ValueError: a time is missing or negative, or someone leaves before entering.

    >>> table = life_table(pd.Series([1, 2, 2, 3]), pd.Series([True, True, False, False]))
    >>> table[["at_risk", "events"]].to_numpy().tolist()
    [[4, 1], [3, 1], [1, 0]]
    >>> table["survival"].tolist()
    [0.75, 0.5, 0.5]
    """
    leave = np.asarray(exit_time, dtype=float) / width
    enter = np.zeros(len(leave)) if entry_time is None else np.asarray(entry_time, dtype=float) / width
    left = np.asarray(event, dtype=bool)
    if np.isnan(leave).any() or np.isnan(enter).any() or (enter < 0).any() or (leave <= enter).any():
        raise ValueError("times must be known, entry not negative and exit after entry")
    first = np.ceil(enter - _GRID).astype(int) + 1  # first period that begins under observation
    last = np.maximum(np.ceil(leave - _GRID).astype(int), 1)  # the period of the exit
    size = int(last.max(initial=0))
    counted = first <= last
    entered = np.bincount(first[counted], minlength=size + 2)
    gone = np.bincount(last[counted], minlength=size + 2)
    at_risk = (np.cumsum(entered) - np.concatenate([[0], np.cumsum(gone)[:-1]]))[1 : size + 1]
    events = np.bincount(last[counted & left], minlength=size + 1)[1 : size + 1]
    everyone = np.bincount(last[left], minlength=size + 1)[1 : size + 1]
    hazard = np.divide(events, at_risk, out=np.full(size, np.nan), where=at_risk > 0)
    return pd.DataFrame(
        {
            "period": np.arange(1, size + 1),
            "at_risk": at_risk,
            "events": events,
            "censored": gone[1 : size + 1] - events,
            "hazard": hazard,
            "survival": np.cumprod(1.0 - hazard),
            "exposure": _exposure(enter, leave, size),
            "events_all": everyone,
        }
    )


def _exposure(enter: np.ndarray, leave: np.ndarray, size: int) -> np.ndarray:
    """Periods lived under observation: differences of the total time lived up to the borders."""
    borders = np.arange(size + 1, dtype=float)
    lived = [np.minimum(leave, b).sum() - np.minimum(enter, b).sum() for b in borders]
    return np.diff(lived)


def aalen_johansen(exit_time: pd.Series, cause: pd.Series, *, entry_time: pd.Series | None = None) -> pd.DataFrame:
    """Cumulative incidence of competing causes without a model, with late entry.

    At each time t somebody left, of the n persons with entry < t <= exit, d left for a cause: survival is the product
    of (1 - all d / n), the incidence of a cause the sum of survival just before t times d / n (Aalen and Johansen
    1978, Scandinavian Journal of Statistics 5). With one cause its complement is Kaplan and Meier's estimator.

    Args:
        exit_time: time from the start to leaving or to the end of observation.
        cause: why the person left, "" where observation ended (censored).
        entry_time: time from the start to the beginning of observation; 0 if left out.

    Returns:
        DataFrame[time, at_risk, survival, one column of cumulative incidence per cause], one row per time of leaving.

    Raises:
        ValueError: a time is missing, or someone leaves before entering.

    >>> found = aalen_johansen(pd.Series([1, 2, 2, 3]), pd.Series(["resignation", "retirement", "", "resignation"]))
    >>> found[["time", "survival", "resignation", "retirement"]].to_numpy().tolist()
    [[1.0, 0.75, 0.25, 0.0], [2.0, 0.5, 0.25, 0.25], [3.0, 0.0, 0.75, 0.25]]
    """
    leave, why = np.asarray(exit_time, dtype=float), np.asarray(cause, dtype=object)
    enter = np.full(len(leave), -np.inf) if entry_time is None else np.asarray(entry_time, dtype=float)
    if np.isnan(leave).any() or np.isnan(enter).any() or (leave <= enter).any():
        raise ValueError("times must be known, and exit after entry")
    names = sorted({str(name) for name in why if name != ""})
    times = np.unique(leave[why != ""])
    at_risk = np.searchsorted(np.sort(enter), times, side="left") - np.searchsorted(np.sort(leave), times, side="left")
    gone = np.column_stack(
        [
            np.zeros(len(times), dtype=np.int64),
            *(np.bincount(np.searchsorted(times, leave[why == name]), minlength=len(times)) for name in names),
        ]
    )
    survival = np.cumprod(1.0 - gone.sum(axis=1) / at_risk)
    before = np.append(1.0, survival[:-1]) if len(times) else survival
    incidence = np.cumsum(before[:, None] * gone / at_risk[:, None], axis=0)
    table = pd.DataFrame({"time": times, "at_risk": at_risk, "survival": survival})
    return table.assign(**{name: incidence[:, place + 1] for place, name in enumerate(names)})
