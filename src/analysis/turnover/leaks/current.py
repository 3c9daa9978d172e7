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


def current_only(rows: pd.DataFrame, *, at: pd.Timestamp, since: pd.Timestamp | None = None) -> tuple[str, ...]:
    """Covariates whose values never change within a spell of employment although they should have.

    Changes are a Poisson count of at least ``[current.moves]`` per person and year; fewer than chance gives at that
    rate are none. Titles and occupations change so seldom that only a large employer can be told by them alone: where
    units hold today's values and nobody's title ever changed, titles come from the same list. A workplace that is not
    delivered is the unit.

    Args:
        rows: employments of the history, DataFrame[spell, unit, workplace, title, occupation, start, spell_start,
            spell_end]; hourly paid have no spell (-1).
        at: end of observation.
        since: when observation begins, before which no change can have been recorded; None: with each spell.
    """
    rule = load("leaks")["current"]
    rows = rows[rows["spell"] >= 0]
    rows = rows.assign(workplace=rows["workplace"].where(rows["workplace"].notna(), rows["unit"]))
    spells = rows.drop_duplicates("spell")
    until = spells["spell_end"].where(spells["spell_end"] <= at, at)
    begin = (
        spells["spell_start"] if since is None else spells["spell_start"].where(spells["spell_start"] >= since, since)
    )
    years = float((until - begin).dt.days.clip(lower=0).sum()) / DAYS_PER_YEAR
    still, found = set(), set()
    for name, column in COLUMNS.items():
        known = rows.loc[rows[column].notna(), ["spell", column]]
        if len(known[column].drop_duplicates()) < 2:
            continue
        changes = len(known.drop_duplicates()) - known["spell"].nunique()
        if changes == 0:
            still.add(name)
        if poisson.cdf(changes, rule["moves"][name] * years) < rule["chance"]:
            found.add(name)
    if found & {"department", "workplace"}:
        found |= still
    return tuple(name for name in COLUMNS if name in found)
