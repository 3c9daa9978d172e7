"""Cumulative incidence: how many of those in post today will have left, for each cause, in one, two and three years.

Causes compete, so a year's hazards act on those whom no cause has taken before (Prentice and others 1978, Biometrics
34): the incidence of a cause is the sum over years of survivors times hazard. Who stays is a year older, has a year
more of tenure, and may have been made permanent. ``aalen_johansen`` is the same without a model.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.turnover.cells import UNKNOWN, with_finer

YEARS = 3
LONGEST_TENURE = 30
"""Completed years at which tenure stops counting in the risk cells."""


def compound(
    cells: pd.DataFrame,
    predict: Callable[[pd.DataFrame], pd.DataFrame],
    *,
    years: int = YEARS,
    permanent: pd.DataFrame | None = None,
    first: pd.DataFrame | None = None,
) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Expected exits of the persons in ``cells``, year by year.

    Args:
        cells: risk cells of one origin.
        predict: cells → twelve-month probabilities by cause, row by row.
        years: years ahead.
        permanent: DataFrame[occupation, share] of temporary staff who stay a year and are then permanent, ``*`` for
            occupations not named; None leaves forms as they are.
        first: the first year's probabilities, where they are known already.

    Returns:
        For each year expected exits and their binomial variances, DataFrame[causes] by row of ``cells``; they stay
        in memory, only sums over groups may leave.
    """
    state = with_finer(cells).reset_index(drop=True)
    owner, weight = np.arange(len(state)), state["at_risk"].to_numpy(dtype=float)
    result = []
    for year in range(years):
        said = first if year == 0 and first is not None else predict(state)
        p = said.loc[:, list(CAUSES)].to_numpy(dtype=float)
        expected, chance = p * weight[:, None], p * (1 - p) * weight[:, None]
        result.append((_by_row(expected, owner, cells.index), _by_row(chance, owner, cells.index)))
        if year == years - 1:
            break
        weight = weight * np.maximum(1 - p.sum(axis=1), 0.0)
        state = a_year_on(state)
        if permanent is not None and len(permanent):
            state, owner, weight = _made_permanent(state, owner, weight, permanent)
    return result


def a_year_on(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells with a year more of age and of tenure; what is not known stays so."""
    age, tenure = cells["age"], cells["tenure"]
    return cells.assign(
        age=age.where(age == UNKNOWN, age + 1),
        tenure=tenure.where(tenure == UNKNOWN, (tenure + 1).clip(upper=LONGEST_TENURE)),
    )


def _by_row(values: np.ndarray, owner: np.ndarray, index: pd.Index) -> pd.DataFrame:
    sums = [np.bincount(owner, weights=values[:, place], minlength=len(index)) for place in range(len(CAUSES))]
    return pd.DataFrame(np.column_stack(sums), columns=list(CAUSES), index=index)


def _made_permanent(
    state: pd.DataFrame, owner: np.ndarray, weight: np.ndarray, permanent: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    shares = permanent.set_index("occupation")["share"]
    temporary = (state["form"] == "temporary").to_numpy()
    share = state["occupation"].map(shares).fillna(shares.get("*", 0.0)).to_numpy(dtype=float) * temporary
    moved = np.flatnonzero(share * weight > 0)
    after = pd.concat([state, state.iloc[moved].assign(form="permanent")], ignore_index=True)
    stayed = weight * (1 - share)
    return after, np.append(owner, owner[moved]), np.append(stayed, (weight * share)[moved])
