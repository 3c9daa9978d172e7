"""How far a table of events goes: one that ends well before the cut-off says nothing about the time after.

What a table usually leaves between two months with events is its rhythm. It has ended where the months without events
up to the cut-off are at least ``MONTHS``, more than it ever left before, and chance is ruled out: so many events were
to be expected in them, at the rate of all months and at that of the same months of earlier years, that none has a
probability below ``CHANCE`` (Poisson).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.reference import load

EVENTS = {
    "absences": "month", "hours": "month", "exits": "date", "vacancies": "opened", "training": "start",
    "competence": "assessed", "development_plans": "made",
}  # fmt: skip
"""Tables that grow as time goes, and the column of the day."""
MONTHLY = ("absences", "hours")
"""Tables with a row for every month, whatever the extract's own first months show."""
MONTHS, CHANCE, RHYTHM = (load("quality")["ended_tables"][each] for each in ("months", "chance", "rhythm"))
"""``RHYTHM``: months back from the last event that the rhythm is taken from."""


def ended(tables: Mapping[str, pd.DataFrame | None], at: pd.Timestamp) -> dict[str, str]:
    """Last month with events of each table that ends well before ``at``, "YYYY-MM".

    Args:
        tables: clean tables by name; absent ones None or missing.
        at: the cut-off.
    """
    found: dict[str, str] = {}
    for name, column in EVENTS.items():
        table = tables.get(name)
        if table is None or column not in table:
            continue
        days = table[column].dropna()
        days = days[days <= at]
        if len(days):
            last = _last(days, at, monthly=name in MONTHLY)
            found |= {name: last} if last else {}
    return found


def _last(days: pd.Series, at: pd.Timestamp, *, monthly: bool) -> str:
    """Last month of the events where they have ended, else ''."""
    months = (days.dt.year * 12 + days.dt.month).to_numpy()
    now, last = at.year * 12 + at.month, int(months.max())
    months = months[months > last - RHYTHM]
    silent = now - last
    held = np.unique(months)
    longest = 0 if monthly else int(np.diff(held).max(initial=1)) - 1
    span = last - int(held[0]) + 1
    expected = len(months) / span * silent
    years = span // 12
    if years >= 2:
        quiet = np.arange(last + 1, now + 1) % 12
        same = months[(months > last - 12 * years) & np.isin(months % 12, quiet)]
        expected = min(expected, len(same) / years * max(1.0, silent / 12))
    if silent < max(MONTHS, longest + 1) or np.exp(-expected) >= CHANCE or (len(held) < 3 and not monthly):
        return ""
    year, month = divmod(last - 1, 12)
    return f"{year:04d}-{month + 1:02d}"
