"""Employments from yearly or monthly lists of everyone in post.

A person is in post from the first list that holds the person (or the hire date it states) until an exit record between
the last list that holds the person and the next; without a record until the day in the middle between the two. Who
seems to have left may only have changed name, come back later or been hired again; each is counted, and a likely name
change is linked:

* ``name_change``: absent from the next list, which has a new person with the same given name, hire date and
  unit, unique on both sides, and is nowhere in the same list as the person. Linked: no leaving, no hire.
* ``re_hire``: absent from the next list, which has a new person with the same full name, hired after the last
  list. Not linked: the person did leave and was hired again.
* ``absent_one_list``: absent from one list and back in the one after. Not linked, since nobody could know it
  then.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.periods import look_up
from analysis.tables.joins import join
from analysis.workforce.exits import DAY, ends_between_lists


def link(snapshots: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Link persons over the lists.

    Args:
        snapshots: clean table ``snapshots``.

    Returns:
        The lists, one row per person and list, with linked persons under one key (``listed``: the key as delivered);
        and a count per pair of lists: DataFrame[snapshot, following, persons, apparent_leavers, name_change, re_hire,
            absent_one_list].
    """
    ordered = snapshots.assign(_pay=-snapshots["pay"].fillna(0.0)).sort_values(
        ["snapshot", "_pay", "source", "source_row"], kind="stable"
    )
    lists = ordered.drop_duplicates(["snapshot", "person"]).drop(columns="_pay").reset_index(drop=True)
    days = sorted(lists["snapshot"].unique())
    lists["code"], keys = pd.factorize(lists["person"])
    place_of = lists["snapshot"].map({day: place for place, day in enumerate(days)}).to_numpy(dtype="int64")
    present = np.zeros((len(keys), len(days) + 1), dtype=bool)
    present[lists["code"], place_of] = True
    # under which key a person goes, and in which lists someone under that key is
    root, together = np.arange(len(keys)), present.copy()
    counts = []
    for place, (day, following) in enumerate(pairwise(days)):
        now, then = lists[place_of == place], lists[place_of == place + 1]
        gone = now[~present[now["code"], place + 1]]
        new = then[~present[then["code"], place]]
        pairs = _unique_pairs(gone, new, ["given_key", "hired", "unit"])
        changed = []
        for early, late in zip(pairs["gone"], pairs["new"], strict=True):
            top, other = root[early], root[late]
            if top != other:
                # in one list at the same time, or seen before: two persons, or one who came back as herself
                if (together[top] & together[other]).any() or together[other, : place + 1].any():
                    continue
                root[root == other] = top
                together[top] |= together[other]
            changed.append(early)
        left = gone[~gone["code"].isin(changed)]
        again = _unique_pairs(left, new[new["hired"] > day], ["name_key"])
        counts.append(
            {
                "snapshot": day,
                "following": following,
                "persons": len(now),
                "apparent_leavers": len(gone),
                "name_change": len(changed),
                "re_hire": len(again),
                "absent_one_list": int(present[left["code"], place + 2].sum()),
            }
        )
    lists["listed"], lists["person"] = lists["person"], keys.take(root[lists["code"]])
    return lists.drop(columns="code"), pd.DataFrame(counts)


def _unique_pairs(gone: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Pairs (gone, new) of person numbers that agree in all ``keys``, unique on both sides."""
    left = gone[[*keys, "code"]].dropna().drop_duplicates(keys, keep=False)
    right = new[[*keys, "code"]].dropna().drop_duplicates(keys, keep=False)
    left, right = left.rename(columns={"code": "gone"}), right.rename(columns={"code": "new"})
    pairs, _ = join(left, right, keys, how="inner", validate="one_to_one", name="who is gone and who is new by name")
    return pairs[["gone", "new"]]


def linked_exits(exits: pd.DataFrame | None, lists: pd.DataFrame) -> pd.DataFrame | None:
    """Exit records under the keys that ``link`` gave their persons."""
    if exits is None:
        return None
    keys = lists.drop_duplicates("listed").set_index("listed")["person"]
    return exits.assign(person=look_up(exits["person"], keys).fillna(exits["person"]))


def employments_from_snapshots(
    lists: pd.DataFrame, exits: pd.DataFrame | None = None, *, exit_match_days: int = 0
) -> pd.DataFrame:
    """Turn linked lists into rows of the clean table ``employments``.

    A row per person and list, from the day after the list before to the list itself; the first row of a
    person starts at the hire date if that lies after the list before, else midway; the last row ends on the day that
    an exit record states (``exits.ends_between_lists``), else midway to the next list the person is missing from, or
    stays open at the newest list. Who is hourly paid on the next list has left monthly paid employment on the day of an
    exit record between the two, else on the day of the list. ``since`` is the stated hire date, for tenure.

    Args:
        lists: the lists of ``link``.
        exits: clean table ``exits`` with the same keys, or None.
        exit_match_days: how far a record may lie outside the time between two lists.
    """
    days = sorted(lists["snapshot"].unique())
    following = pd.Series(days[1:], index=days[:-1], dtype=lists["snapshot"].dtype)
    preceding = pd.Series(days[:-1], index=days[1:], dtype=lists["snapshot"].dtype)
    rows = lists.sort_values(["person", "snapshot"], kind="stable").copy()
    rows["form"] = rows["form"].fillna("permanent")
    by_person = rows.groupby("person")
    before, after = by_person["snapshot"].shift(), by_person["snapshot"].shift(-1)
    list_before = look_up(rows["snapshot"], preceding)
    continues = before.notna() & (before == list_before)
    hired = rows["hired"].where(rows["hired"] <= rows["snapshot"])
    # who is missing from the list before arrived after it, whatever earlier hire date is stated
    midway = list_before + (rows["snapshot"] - list_before) / 2
    arrived = hired.where(list_before.isna() | (hired > list_before), midway).fillna(rows["snapshot"])
    rows["start"] = (list_before + DAY).where(continues, arrived).dt.normalize()
    rows["since"] = hired
    next_day = look_up(rows["snapshot"], following)
    stays = after.notna() & (after == next_day)
    to_hourly = stays & (rows["form"] != "hourly") & (by_person["form"].shift(-1) == "hourly")
    last = rows.assign(following=next_day)[~stays | to_hourly]
    told = ends_between_lists(last, exits, days=exit_match_days).reindex(rows.index)
    left = rows["snapshot"] + (next_day - rows["snapshot"]) / 2
    rows["end"] = rows["snapshot"].where(stays, left.where(next_day.notna())).where(told.isna(), told).dt.normalize()
    # the hourly paid work begins when the employment that it follows has ended
    begins = (told.where(to_hourly) + DAY).groupby(rows["person"]).shift()
    rows["start"] = rows["start"].where(begins.isna(), begins.where(begins < rows["snapshot"], rows["snapshot"]))
    rows["employment"] = rows["person"]
    rows["rate_actual"] = rows["rate"]
    return rows.drop(columns="listed", errors="ignore").sort_index().reset_index(drop=True)
