"""Columns that hold today's value for all of history: a list of persons with the unit and title they have now.

Who moves to another unit or title gets a new value; in a history that is kept some do every year. Where nobody ever
has, though people were observed long enough, old years carry later values: whoever has left keeps the last one, and a
unit that was founded later has had no leavers. Windows of the past then say nothing about what was known in them.
"""

from __future__ import annotations

import pandas as pd
from scipy.stats import poisson

from analysis.reference import load

COLUMNS = {"department": "unit", "occupation": "occupation", "title": "title", "workplace": "workplace"}
"""Covariates that change over the years, and the columns of employments they are read from."""
DAYS_PER_YEAR = 365.25


def current_only(rows: pd.DataFrame, *, at: pd.Timestamp) -> tuple[str, ...]:
    """Covariates whose values never change within a spell of employment although they should have.

    Changes are a Poisson count of at least ``[current] moves`` per person and year; fewer than chance gives at that
    rate are none. A workplace that is not delivered is the unit.

    Args:
        rows: employments of the history, DataFrame[spell, unit, workplace, title, occupation, start, spell_start,
            spell_end]; hourly paid have no spell (-1).
        at: end of observation.
    """
    rule = load("leaks")["current"]
    rows = rows[rows["spell"] >= 0]
    rows = rows.assign(workplace=rows["workplace"].where(rows["workplace"].notna(), rows["unit"]))
    spells = rows.drop_duplicates("spell")
    until = spells["spell_end"].where(spells["spell_end"] <= at, at)
    years = float((until - spells["spell_start"]).dt.days.clip(lower=0).sum()) / DAYS_PER_YEAR
    found = []
    for name, column in COLUMNS.items():
        known = rows.loc[rows[column].notna(), ["spell", column]]
        changes = len(known.drop_duplicates()) - known["spell"].nunique()
        if len(known[column].drop_duplicates()) > 1 and poisson.cdf(changes, rule["moves"] * years) < rule["chance"]:
            found.append(name)
    return tuple(found)
