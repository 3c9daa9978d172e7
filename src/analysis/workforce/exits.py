"""Exit records: which end of an employment each of them belongs to.

A record says on which day somebody left and why. With dated employments it is matched to the end nearest to it. With
lists of who is in post the lists say *that* a person left and between which two days; the record says *when* in that
time, and why.
"""

from __future__ import annotations

import pandas as pd

from analysis.reference import policy
from analysis.tables.joins import join

DAY = pd.Timedelta(days=1)
FAR = pd.Timestamp("2199-12-31")


def exit_records(exits: pd.DataFrame) -> pd.DataFrame:
    """Exit records with the first and the last day that each may be about.

    Records of a file that all lie on the first or the last day of several years tell the year of leaving and no more
    (``year_of_exit`` of the policy).

    Args:
        exits: clean table ``exits``.

    Returns:
        DataFrame[record, person, date, cause, survey_reason, earliest, latest] in the order of ``exits``.
    """
    found = exits.reindex(columns=["person", "date", "cause", "survey_reason", "source"]).reset_index(drop=True)
    found["source"] = found["source"].astype("str").fillna("")
    limits = policy().year_of_exit
    day = found["date"].dt.strftime("%m-%d")
    of_file = found.assign(day=day, year=found["date"].dt.year).groupby("source")
    yearly = day.isin(limits.days) & (of_file["day"].transform("nunique") == 1)
    yearly &= of_file["day"].transform("size") >= limits.min_records
    yearly &= of_file["year"].transform("nunique") >= limits.min_years
    year = found["date"].dt.to_period("Y").dt.to_timestamp()
    found["earliest"] = found["date"].where(~yearly, year)
    found["latest"] = found["date"].where(~yearly, year + pd.offsets.YearEnd(0))
    return found.drop(columns="source").rename_axis("record").reset_index()


def distance(records: pd.DataFrame, first: pd.Series, last: pd.Series) -> pd.Series:
    """Days between what each record may be about and the time from ``first`` to ``last``; 0 where they meet."""
    before, after = (first - records["latest"]).dt.days, (records["earliest"] - last).dt.days
    return pd.concat([before, after], axis=1).max(axis=1).clip(lower=0)


def ends_between_lists(blocks: pd.DataFrame, exits: pd.DataFrame | None, *, days: int) -> pd.Series:
    """The day on which time on the lists ended, where an exit record says it.

    A record between the last list that holds a person and the next one *is* the end. A record at most ``days`` before
    the one (who is still on the list with a last pay) or after the other (who was taken off it early) is about it too;
    since the lists say who was in post, the end is then the nearest day that does not contradict them. A record belongs
    to one end, the nearest. Of several records about one end the last in time holds: who left one of two posts first
    has left with the second. On the newest list, only a record after it ends anything.

    Args:
        blocks: DataFrame[person, snapshot, following]: the last list that holds a person, and the first that does not
            (NaT where there is none yet).
        exits: clean table ``exits`` or None.
        days: how far a record may lie from the time between the two lists.

    Returns:
        The last day of employment, on the index of ``blocks``; NaT without a record.
    """
    none = pd.Series(pd.NaT, index=blocks.index, dtype=blocks["snapshot"].dtype)
    if exits is None or exits.empty or blocks.empty:
        return none
    mine = blocks[["person", "snapshot", "following"]].rename_axis("block").reset_index()
    pairs, _ = join(
        exit_records(exits), mine, "person", how="inner", validate="many_to_many", name="exit records by list"
    )
    first, last = pairs["snapshot"] + DAY, pairs["following"]
    pairs["gap"] = distance(pairs, first, last)
    near = pairs["gap"].le(days) & (pairs["gap"].eq(0) | last.notna())
    pairs = pairs[near].sort_values(["record", "gap", "snapshot"], kind="stable").drop_duplicates("record")
    order = pairs.sort_values(["block", "gap", "latest", "record"], ascending=[True, True, False, True], kind="stable")
    chosen = order.drop_duplicates("block").set_index("block")
    first, last = chosen["snapshot"] + DAY, chosen["following"]
    held = [chosen[name].clip(first, last.fillna(FAR)) for name in ("earliest", "latest")]
    day = (held[0] + (held[1] - held[0]) / 2).dt.normalize()
    return day.reindex(blocks.index).astype(none.dtype)
