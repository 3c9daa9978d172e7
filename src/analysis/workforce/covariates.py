"""Finer covariates of persons at a window's start, known then and banded, for the risk cells."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.workforce.episodes import MONTHLY

FINER = ("title", "workplace", "pay_position")
PAY_STEP = 0.1
"""Width of a band of pay position, in log pay (about ten per cent)."""
PAY_LIMIT = 1.2
FEW = 5
"""A title or workplace with fewer persons at risk in a window would stand for just them: not told apart."""


def finer(people: pd.DataFrame) -> pd.DataFrame:
    """Title, workplace and pay position of the persons at risk on one day.

    Args:
        people: DataFrame[occupation, unit, title, workplace, pay], one row per person.

    Returns:
        DataFrame[title, workplace, pay_position] on the index of ``people``: titles without case, the unit
        where no workplace is delivered, log pay less the median of the occupation in steps of
        ``PAY_STEP`` (NaN where no pay is known).
    """
    title = people["title"].fillna("").astype("str").str.split().str.join(" ").str.casefold()
    workplace = people["workplace"].where(people["workplace"].notna(), people["unit"]).fillna("").astype("str")
    known = people["pay"].where(people["pay"] > 0).astype("float64")
    pay = pd.Series(np.log(known.to_numpy()), people.index)
    median = pay.groupby(people["occupation"]).transform("median")
    position = ((pay - median).clip(-PAY_LIMIT, PAY_LIMIT) / PAY_STEP).round() * PAY_STEP
    columns = {
        "title": _common(title),
        "workplace": _common(workplace),
        "pay_position": position.round(1) + 0.0,
    }
    return pd.DataFrame(columns, index=people.index)


def _common(values: pd.Series) -> pd.Series:
    return values.where(values.groupby(values).transform("size") >= FEW, "")


UNDATED = 0.25
"""Where more than this share of the persons at risk have one row a year later too, pay is not dated."""


def pay_is_dated(rows: pd.DataFrame, origins: list[str]) -> bool:
    """Whether the delivery says what somebody was paid *then*: a row of its own for each yearly revision of pay.

    A row that stays in force over the years carries one pay, that of its last day or of the extract. At an earlier
    origin it would tell who stayed: pay rises every year, so those who were to leave seem to be paid less.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        origins: window starts, oldest first.
    """
    paid = rows[rows["form"].isin(MONTHLY) & (rows["pay"] > 0)]
    at_risk = stayed = 0
    for origin in origins[:-1]:
        now, later = cutoff(origin), cutoff(shift(origin, 12))
        here = paid[(paid["start"] <= now) & (paid["until"].isna() | (paid["until"] > now))]
        at_risk += len(here)
        stayed += int((here["until"].isna() | (here["until"] > later)).sum())
    return stayed <= UNDATED * at_risk
