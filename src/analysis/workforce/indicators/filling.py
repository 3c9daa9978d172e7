"""How long it takes to fill a post: adverts in the twelve months before the cut-off, those still open included."""

from __future__ import annotations

import numpy as np
import pandas as pd


def quantile(days: np.ndarray, filled: np.ndarray, since: np.ndarray, share: float) -> float:
    """Days until ``share`` of the adverts are filled: product-limit estimate with late entry (Kaplan and Meier 1958).

    The median of closed adverts alone would leave out those that nobody has filled yet, which are the slow ones.

    Args:
        days: age of each advert when it was filled, withdrawn, or last seen.
        filled: whether it was filled then; a withdrawn or still open advert only leaves the adverts that could be.
        since: age of each advert when the window began, 0 for those opened in it.
        share: between 0 and 1.

    Returns:
        Days; nan where fewer than ``share`` of them were filled while any advert was observed.
    """
    left = 1.0
    for day in np.unique(days[filled]):
        waiting = (days >= day) & ((since < day) | (since == 0))
        left *= 1.0 - np.sum(filled & (days == day)) / np.sum(waiting)
        if left <= 1.0 - share + 1e-12:
            return float(day)
    return float("nan")


def adverts(vacancies: pd.DataFrame, at: pd.Timestamp) -> pd.DataFrame:
    """The adverts that were open at some time in the twelve months before ``at``.

    Args:
        vacancies: clean table of adverts; without ``end_reason`` (filled, withdrawn) every closed one is filled.
        at: the cut-off.

    Returns:
        DataFrame[department, occupation, posts, applicants, still, days, filled, since]: ``still`` open at the cut-off;
        for the others see ``quantile``.
    """
    start = at - pd.DateOffset(years=1)
    closed = vacancies["closed"].where(vacancies["closed"] <= at)
    seen = vacancies[(vacancies["opened"] <= at) & (closed.isna() | (closed > start))]
    closed = closed.loc[seen.index]
    reason = seen["end_reason"] if "end_reason" in seen else pd.Series("filled", index=seen.index)
    return pd.DataFrame(
        {
            "department": seen["department"],
            "occupation": seen["occupation"].fillna("unknown"),
            "posts": seen["posts"],
            "applicants": seen["applicants"] if "applicants" in seen else float("nan"),
            "still": closed.isna(),
            "days": (closed.fillna(at) - seen["opened"]).dt.days,
            "filled": closed.notna() & reason.fillna("filled").ne("withdrawn"),
            "since": (start - seen["opened"]).dt.days.clip(lower=0),
        }
    )


def days_to_fill(group: pd.DataFrame, share: float) -> float:
    """``quantile`` of the adverts of one group (rows of ``adverts``)."""
    return quantile(group["days"].to_numpy(), group["filled"].to_numpy(dtype=bool), group["since"].to_numpy(), share)
