"""Months, cut-offs and yearly windows.

A period is text, ``YYYY-MM``; its cut-off is the last day of that month. Yearly windows run backwards from
the cut-off: the window of origin ``o`` holds the days after the end of ``o`` up to the end of ``o`` + 12
months.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from analysis.errors import InputError

if TYPE_CHECKING:  # what a person asked for is checked before anything large is imported
    import pandas as pd

DAYS_PER_MONTH = 365.25 / 12
"""Days of a month on average, for spans of time that are told in months."""


def check_period(period: str) -> str:
    """Return the month as it is written ("YYYY-MM").

    Raises:
        InputError: it is not a month written as YYYY-MM between 1990 and 2100.
    """
    if not re.fullmatch(r"(199\d|20\d\d)-(0[1-9]|1[0-2])", period):
        raise InputError(f"period {period!r} is not a month; write it as YYYY-MM, for example 2025-12")
    return period


def parse_period(period: str) -> pd.Period:
    """Return the month ``period`` ("YYYY-MM").

    Raises:
        InputError: it is not a month written as YYYY-MM between 1990 and 2100.
    """
    import pandas as pd

    return pd.Period(check_period(period), freq="M")


def cutoff(period: str) -> pd.Timestamp:
    """The last day of the month, at midnight."""
    return parse_period(period).end_time.normalize()


def shift(period: str, months: int) -> str:
    """The period ``months`` later (earlier if negative).

    >>> shift("2025-12", 3)
    '2026-03'
    """
    year, month = (int(part) for part in check_period(period).split("-"))
    years, index = divmod(month - 1 + months, 12)
    return f"{year + years:04d}-{index + 1:02d}"


def months_between(first: str, second: str) -> int:
    """Whole months from one month (YYYY-MM) to another; negative backwards.

    >>> months_between("2024-12", "2026-03")
    15
    """
    (year, month), (later, other) = ((int(part) for part in text.split("-")) for text in (first, second))
    return (later - year) * 12 + other - month


def season(month: str) -> str:
    """Calendar quarter ("q1"-"q4") of what begins when ``month`` ("YYYY-MM") is over."""
    return f"q{parse_period(shift(month, 1)).quarter}"


def origins(period: str, first_day: pd.Timestamp, *, limit: int = 15) -> list[str]:
    """Window starts from the oldest that lies wholly inside the history to ``period`` itself.

    Args:
        period: the edition's cut-off month; its own window is still open.
        first_day: first day that the delivery observes.
        limit: at most this many origins.

    >>> import pandas as pd
    >>> origins("2025-12", pd.Timestamp("2022-12-01"))
    ['2022-12', '2023-12', '2024-12', '2025-12']
    """
    found = [period]
    while len(found) < limit:
        earlier = shift(found[0], -12)
        if cutoff(earlier) < first_day - timedelta(days=1):
            break
        found.insert(0, earlier)
    return found


def look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value of each key, NA where there is none; unlike ``Series.map`` also where ``values`` is empty."""
    return values.reindex(keys).set_axis(keys.index)


def whole_years(since: pd.Series, at: pd.Timestamp) -> pd.Series:
    """Completed years from each date to ``at``; -1 where the date is unknown or lies after ``at``.

    >>> import pandas as pd
    >>> whole_years(pd.Series(pd.to_datetime(["2000-01-01", "2000-12-31", None])), pd.Timestamp("2025-12-30")).tolist()
    [25, 24, -1]
    """
    months = (at.year - since.dt.year) * 12 + (at.month - since.dt.month) - (since.dt.day > at.day).astype("int")
    return (months // 12).where(since.notna(), -1).clip(lower=-1).astype("int64")
