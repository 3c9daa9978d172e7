"""Longer than a year: what became of those in post at an origin, and how long employments last.

Counts of exits within three years judge forecasts over three years; spells in months, with late entry, are what the
curves without a model are drawn from. Rows about persons stay in the room; what is handed on holds no person key.
"""

from __future__ import annotations

import pandas as pd

from analysis.periods import DAYS_PER_MONTH, cutoff, look_up
from analysis.reference import CAUSES
from analysis.workforce.flows import made_permanent

YEARS = 3


def cohorts(person_years: pd.DataFrame, *, years: int = YEARS) -> pd.DataFrame:
    """Exits within ``years`` of everyone in post at an origin, by department at the origin and first cause.

    Whoever left and came back has left. Persons handed over with their undertaking count as staying.

    Args:
        person_years: result of ``flows.person_years``.
        years: windows that must have closed.

    Returns:
        Cohorts (``contracts``), origins with so many closed windows after them.
    """
    origins = list(dict.fromkeys(person_years["origin"]))
    closed = list(dict.fromkeys(person_years.loc[~person_years["open"], "origin"]))
    causes = {origin: part.set_index("person")["cause"] for origin, part in person_years.groupby("origin", sort=False)}
    parts = []
    for place in range(len(closed) - years + 1):
        people = person_years.loc[person_years["origin"] == origins[place], ["origin", "person", "department", "cause"]]
        first = people["cause"].copy()
        for later in origins[place + 1 : place + years]:
            still = first == ""
            first = first.mask(still, look_up(people["person"], causes[later]).fillna("").astype(str))
        flags = {cause: (first == cause).astype("float64") for cause in CAUSES}
        counts = people[["origin", "department"]].assign(at_risk=1.0, **flags)
        parts.append(counts.groupby(["origin", "department"], as_index=False).sum())
    columns = ["origin", "department", "at_risk", *CAUSES]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def permanent_at(person_years: pd.DataFrame) -> pd.DataFrame:
    """``made_permanent`` as it was known at each origin (``contracts`` PermanentAt)."""
    origins = list(dict.fromkeys(person_years["origin"]))
    closed = set(person_years.loc[~person_years["open"], "origin"])
    parts = []
    for place, origin in enumerate(origins):
        known = [earlier for earlier in origins[:place] if earlier in closed]
        if known:
            table = made_permanent(person_years[person_years["origin"].isin(known)])
            parts.append(table.assign(origin=origin))
    columns = ["origin", "occupation", "share"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def durations(rows: pd.DataFrame, ends: pd.DataFrame, *, first: str, last: str) -> pd.DataFrame:
    """Spells of monthly paid employment in months, as far as they were observed.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        ends: result of ``workforce.spells.spell_ends``.
        first: observation begins at the end of this month; an older spell enters late.
        last: it ends at the end of this month; a spell that goes on is censored, like one handed over.

    Returns:
        Durations (``contracts``); department and form of the spell's first row, months since
        its start, ``cause`` "" where censored; no person key.
    """
    begin, end = cutoff(first), cutoff(last)
    spells = rows[rows["spell"] >= 0].sort_values(["spell", "start", "source_row"]).drop_duplicates("spell")
    ending = ends.set_index("spell")
    left = look_up(spells["spell"], ending["end"])
    cause = look_up(spells["spell"], ending["cause"]).fillna("").astype(str)
    seen = left.notna() & (left <= end)
    months = {
        "entry": (begin - spells["spell_start"]).dt.days.clip(lower=0) / DAYS_PER_MONTH,
        "exit": (left.where(seen, end) - spells["spell_start"]).dt.days / DAYS_PER_MONTH,
    }
    cause = cause.where(seen & (cause != "transfer"), "")
    table = spells[["department", "form"]].assign(**months, cause=cause)
    table = table[table["exit"] > table["entry"]]
    return table.sort_values(["department", "form", "entry", "exit", "cause"]).reset_index(drop=True)
