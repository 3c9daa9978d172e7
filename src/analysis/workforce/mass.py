"""Days on which so many employments end at once that it is hardly leaving: a change of pay system, of employer, of keys.

Whoever ends and begins anew within the allowed break is one spell (``episodes``) and never among them. What is left are
persons who vanish on one day, often because their numbers were issued anew.
"""

from __future__ import annotations

import pandas as pd

from analysis.workforce.episodes import DAY
from analysis.workforce.spells import UNEXPLAINED

LEAST = 10
"""Persons below which nothing is a mass."""
OF_ALL, OF_DEPARTMENT, BETWEEN_LISTS = 0.1, 0.5, 0.5
"""Share of the permanent staff in post, of all or of one department, that ends on one day; between two lists, where
all leavers of a year may lie on one day, of all."""
AROUND = 7
"""Days within which others begin for it to look like the same persons under new numbers."""
COLUMNS = ["day", "department", "ended", "in_post", "began"]


def mass_ends(rows: pd.DataFrame, ends: pd.DataFrame, *, lists: bool) -> pd.DataFrame:
    """Days with a mass of ends that nothing explains.

    An end is explained by a recorded reason other than ``other``, unless at least half as many others began within
    ``AROUND`` days; temporary contracts often end together and are left out.

    Args:
        rows: result of ``spells.employment_rows``.
        ends: result of ``spells.spell_ends``; transfers that were declared are not looked at.
        lists: the employments were made from lists of who is in post.

    Returns:
        DataFrame[day, department ('' for the whole), ended, in_post, began]: persons; ``in_post`` on the day before,
        ``began`` within ``AROUND`` days.
    """
    last = rows[(rows["spell"] >= 0) & (rows["until"].isna() | (rows["until"] == rows["spell_end"]))]
    last = last[last["form"] == "permanent"].drop_duplicates("spell")
    spells = last[["spell", "person", "department", "spell_start", "spell_end"]]
    gone = ends[ends["cause"] != "transfer"]
    gone = spells.merge(gone[["spell", "end", "cause"]], on="spell", validate="one_to_one")
    found = []
    for day, group in gone.groupby("end", sort=True):
        if len(group) < LEAST:
            continue
        there = spells[(spells["spell_start"] < day) & ~(spells["spell_end"] < day)]
        new = rows[(rows["spell"] >= 0) & (rows["start"] == rows["spell_start"]) & ~rows["person"].isin(group["person"])]
        began = int(new.loc[(new["start"] - day).abs() <= AROUND * DAY, "person"].nunique())
        odd = group if 2 * began >= len(group) else group[group["cause"].isin(UNEXPLAINED)]
        of_all = BETWEEN_LISTS if lists else OF_ALL
        if len(odd) >= max(LEAST, of_all * len(there)):
            found.append((day, "", len(odd), len(there), began))
        elif not lists:
            sizes = there.groupby("department").size()
            for department, number in odd.groupby("department").size().items():
                if number >= max(LEAST, OF_DEPARTMENT * sizes[department]):
                    found.append((day, department, int(number), int(sizes[department]), began))
    return pd.DataFrame(found, columns=COLUMNS)


def renumbered(masses: pd.DataFrame) -> pd.Series:
    """The days on which about as many began as ended: they say nothing about leaving."""
    return masses.loc[2 * masses["began"] >= masses["ended"], "day"]
