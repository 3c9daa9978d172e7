"""Employments from yearly or monthly lists of everyone in post.

A person is in post from the first list that holds the person (or the hire date it states) until the day in the
middle between the last list that holds the person and the next. Who seems to have left may only have changed name,
come back later or been hired again; each is counted, and a likely name change is linked:

* ``name_change``: absent from the next list, which has a new person with the same given name, hire date and unit,
  unique on both sides. Linked: no leaving, no hire.
* ``re_hire``: absent from the next list, which has a new person with the same full name, hired after the last list.
  Not linked: the person did leave and was hired again.
* ``absent_one_list``: absent from one list and back in the one after. Not linked, since nobody could know it then.
"""

from __future__ import annotations

import pandas as pd


def link(snapshots: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Link persons over the lists.

    Args:
        snapshots: clean table ``snapshots``.

    Returns:
        The lists, one row per person and list, with linked persons under one key; and a count per pair of lists:
        DataFrame[snapshot, following, persons, apparent_leavers, name_change, re_hire, absent_one_list].
    """
    ordered = snapshots.assign(_pay=-snapshots["pay"].fillna(0.0)).sort_values(
        ["snapshot", "_pay", "source", "source_row"], kind="stable"
    )
    lists = ordered.drop_duplicates(["snapshot", "person"]).drop(columns="_pay").reset_index(drop=True)
    days = sorted(lists["snapshot"].unique())
    same: dict[str, str] = {}
    counts = []
    for place, (day, following) in enumerate(zip(days[:-1], days[1:], strict=True)):
        now, then = lists[lists["snapshot"] == day], lists[lists["snapshot"] == following]
        gone = now[~now["person"].isin(then["person"])]
        new = then[~then["person"].isin(now["person"])]
        changed = _unique_pairs(gone, new, ["given_key", "hired", "unit"])
        for late, early in zip(changed["new"], changed["gone"], strict=True):
            # a name taken back leads to the first key again and needs no link
            if (root := same.get(early, early)) != late:
                same[late] = root
        left = gone[~gone["person"].isin(changed["gone"])]
        again = _unique_pairs(left, new[new["hired"] > day], ["name_key"])
        later = set(lists.loc[lists["snapshot"].isin(days[place + 2 : place + 3]), "person"])
        counts.append(
            {
                "snapshot": day,
                "following": following,
                "persons": len(now),
                "apparent_leavers": len(gone),
                "name_change": len(changed),
                "re_hire": len(again),
                "absent_one_list": int(left["person"].isin(later).sum()),
            }
        )
    lists["person"] = lists["person"].map(same).fillna(lists["person"])
    lists = lists.drop_duplicates(["snapshot", "person"]).reset_index(drop=True)
    return lists, pd.DataFrame(counts)


def _unique_pairs(gone: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Pairs (gone, new) of persons that agree in all ``keys``, unique on both sides."""
    left = gone[[*keys, "person"]].dropna().drop_duplicates(keys, keep=False)
    right = new[[*keys, "person"]].dropna().drop_duplicates(keys, keep=False)
    pairs = left.merge(right, on=keys, suffixes=("_gone", "_new"), validate="one_to_one")
    return pairs.rename(columns={"person_gone": "gone", "person_new": "new"})[["gone", "new"]]


def employments_from_snapshots(lists: pd.DataFrame) -> pd.DataFrame:
    """Turn linked lists into rows of the clean table ``employments``.

    A row per person and list, from the day after the list before to the list itself; the first row of a person starts
    at the hire date if that lies after the list before, else midway; the last row ends midway to the next list the
    person is missing from, or stays open at the newest list. ``since`` is the stated hire date, for tenure.
    """
    days = sorted(lists["snapshot"].unique())
    following = dict(zip(days[:-1], days[1:], strict=True))
    rows = lists.sort_values(["person", "snapshot"], kind="stable").copy()
    before = rows.groupby("person")["snapshot"].shift()
    after = rows.groupby("person")["snapshot"].shift(-1)
    list_before = rows["snapshot"].map({late: early for early, late in following.items()})
    continues = before.notna() & (before == list_before)
    hired = rows["hired"].where(rows["hired"] <= rows["snapshot"])
    # who is missing from the list before arrived after it, whatever earlier hire date is stated
    midway = list_before + (rows["snapshot"] - list_before) / 2
    arrived = hired.where(list_before.isna() | (hired > list_before), midway).fillna(rows["snapshot"])
    rows["start"] = (list_before + pd.Timedelta(days=1)).where(continues, arrived).dt.normalize()
    rows["since"] = hired
    next_day = rows["snapshot"].map(following)
    stays = after.notna() & (after == next_day)
    left = rows["snapshot"] + (next_day - rows["snapshot"]) / 2
    rows["end"] = rows["snapshot"].where(stays, left.where(next_day.notna())).dt.normalize()
    rows["form"] = rows["form"].fillna("permanent")
    rows["employment"] = rows["person"]
    rows["rate_actual"] = rows["rate"]
    return rows.sort_index().reset_index(drop=True)
