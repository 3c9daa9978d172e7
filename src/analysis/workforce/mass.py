"""Days on which so many employments end at once that it is hardly leaving: another pay system, employer or numbers.

Whoever ends and begins anew within the allowed break is one spell (``episodes``) and never among them. What is left are
persons who vanish on one day, often because their numbers were issued anew.
"""

from __future__ import annotations

import pandas as pd

from analysis.reference import load
from analysis.tables.joins import join
from analysis.workforce.episodes import DAY
from analysis.workforce.spells import UNEXPLAINED

LIMITS = load("quality")["mass_ends"]
LEAST = LIMITS["least"]
"""Persons below which nothing is a mass."""
OF_ALL, OF_DEPARTMENT, BETWEEN_LISTS = (LIMITS[each] for each in ("of_all", "of_department", "between_lists"))
"""Share of the permanent staff in post, of all or of one department, that ends on one day; between two lists, where
all leavers of a year may lie on one day, of all."""
AROUND = LIMITS["around"]
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
    causes = ends.loc[ends["cause"] != "transfer", ["spell", "end", "cause"]]
    gone, _ = join(spells, causes, "spell", how="inner", validate="one_to_one", name="causes by spell")
    begun = rows[(rows["spell"] >= 0) & (rows["start"] == rows["spell_start"])]
    per_day = gone["end"].value_counts()
    found: list[tuple[pd.Timestamp, str, int, int, int]] = []
    for day in sorted(pd.Timestamp(each) for each in per_day.index[per_day >= LEAST]):
        group = gone[gone["end"] == day]
        there = spells[(spells["spell_start"] < day) & ~(spells["spell_end"] < day)]
        near = begun["start"].between(day - AROUND * DAY, day + AROUND * DAY)
        began = begun.loc[near & ~begun["person"].isin(group["person"]), "person"].nunique()
        odd = group if 2 * began >= len(group) else group[group["cause"].isin(UNEXPLAINED)]
        if len(odd) >= max(LEAST, (BETWEEN_LISTS if lists else OF_ALL) * len(there)):
            found.append((day, "", len(odd), len(there), began))
        elif not lists:
            sizes, numbers = (part["department"].value_counts().to_dict() for part in (there, odd))
            for department, number in sorted(numbers.items()):
                if number >= max(LEAST, OF_DEPARTMENT * sizes[department]):
                    found.append((day, str(department), number, sizes[department], began))
    return pd.DataFrame(found, columns=COLUMNS)


def renumbered(masses: pd.DataFrame) -> pd.Series:
    """The days on which about as many began as ended: they say nothing about leaving."""
    return masses.loc[2 * masses["began"] >= masses["ended"], "day"]
