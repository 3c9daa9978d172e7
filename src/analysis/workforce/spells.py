"""Employment spells: who was employed, from when to when, as what, and why it ended.

Rules:

* ``continuous``: monthly paid employments of one person that overlap, abut or lie at most ``GAP_DAYS`` apart
  are one spell; a change of post, unit, rate or form inside it is not a leaving (conversion is no exit).
* ``planned``: employments that start after the cut-off are not yet employments, but continue a spell.
* ``cause``: the exit record nearest the end of the spell, at most ``MATCH_DAYS`` away, gives the cause;
  without one the cause is unknown. A transfer of undertaking is no turnover.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.periods import look_up, whole_years

GAP_DAYS = 31
MATCH_DAYS = 45
MONTHLY = ("permanent", "temporary")
OPEN = pd.Timestamp("2199-12-31")
NEEDED = [
    "person", "department", "unit", "occupation", "form", "rate", "start", "since", "spell", "spell_start",
    "birth", "sex", "pay", "title", "workplace", "source_row",
]  # fmt: skip


def employment_rows(
    employments: pd.DataFrame, departments: dict[str, str], *, at: pd.Timestamp, rate: float = 1.0
) -> pd.DataFrame:
    """Employments up to ``at`` with their department and spell.

    Args:
        employments: clean table ``employments``.
        departments: unit → department.
        at: the cut-off; later starts are left out, later ends are still open.
        rate: agreed rate (fraction) where the delivery holds none.

    Returns:
        The rows with ``department``, ``spell`` (number, -1 for hourly paid), ``spell_start``, ``since``
        (first day of the unbroken employment, for tenure), ``spell_end`` and ``until`` (last day the row
        holds; both NaT while open at ``at``); ordered as delivered.
    """
    rows = employments.copy()
    rows["department"] = rows["unit"].map(departments)
    rows["rate"] = rows["rate"].fillna(rate)
    rows["occupation"] = rows["occupation"].fillna("unknown")
    rows = _with_spells(rows)
    rows["since"] = rows["since"].fillna(rows["spell_start"]) if "since" in rows else rows["spell_start"]
    rows = rows[rows["start"] <= at].reset_index(drop=True)
    for column in ("until", "spell_end"):
        rows[column] = rows[column].where(rows[column] <= at)
    return rows


def _with_spells(rows: pd.DataFrame) -> pd.DataFrame:
    """Number the spells and say until when each row holds.

    The days of a short break belong to the posts that were held last before it, and to no others: a second
    post that ended while the first went on stays ended.
    """
    rows = rows.reset_index(drop=True)
    monthly = rows["form"].isin(MONTHLY).to_numpy()
    frame = pd.DataFrame(
        {"person": pd.factorize(rows["person"])[0], "start": rows["start"], "end": rows["end"].fillna(OPEN)}
    )[monthly].sort_values(["person", "start", "end"])
    latest = frame.groupby("person")["end"].cummax().groupby(frame["person"]).shift()
    new = latest.isna() | (frame["start"] > latest + pd.Timedelta(days=GAP_DAYS + 1))
    after_break = new | (frame["start"] > latest + pd.Timedelta(days=1))
    frame["spell"], frame["block"] = new.cumsum() - 1, after_break.cumsum()
    blocks = frame.groupby("block").agg(spell=("spell", "first"), start=("start", "min"), end=("end", "max"))
    # the day before the next block of the same spell; NaT for its last block
    resumes = blocks["start"].shift(-1).where(blocks["spell"].shift(-1) == blocks["spell"])
    bridged = frame["block"].map(resumes) - pd.Timedelta(days=1)
    holds_on = bridged.notna() & (frame["end"] == frame["block"].map(blocks["end"]))
    frame["until"] = bridged.where(holds_on, frame["end"])
    bounds = frame.groupby("spell").agg(spell_start=("start", "min"), spell_end=("end", "max"))
    rows["spell"] = frame["spell"].reindex(rows.index).fillna(-1).astype("int64")
    rows["until"] = frame["until"].reindex(rows.index).fillna(rows["end"])
    rows = rows.join(bounds, on="spell")
    for column in ("until", "spell_end"):
        rows[column] = rows[column].where(rows[column] < OPEN)
    return rows


def spell_ends(rows: pd.DataFrame, exits: pd.DataFrame | None) -> pd.DataFrame:
    """One row per spell of monthly paid employment that has ended.

    Args:
        rows: result of ``employment_rows``.
        exits: clean table ``exits`` or None.

    Returns:
        DataFrame[spell, person, end, cause]; cause is one of the cause ids, ``transfer`` included.
    """
    ended = rows[(rows["spell"] >= 0) & rows["spell_end"].notna()].drop_duplicates("spell")
    ends = ended[["spell", "person", "spell_end"]].rename(columns={"spell_end": "end"}).reset_index(drop=True)
    ends["cause"] = "unknown"
    if exits is None or exits.empty or ends.empty:
        return ends
    pairs = ends[["spell", "person", "end"]].merge(exits[["person", "date", "cause"]], on="person", how="inner")
    pairs["distance"] = (pairs["date"] - pairs["end"]).abs()
    pairs = pairs[pairs["distance"] <= pd.Timedelta(days=MATCH_DAYS)]
    nearest = pairs.sort_values(["spell", "distance", "date"]).drop_duplicates("spell").set_index("spell")["cause"]
    ends["cause"] = look_up(ends["spell"], nearest).fillna("unknown")
    return ends


def stock(rows: pd.DataFrame, at: pd.Timestamp, *, hourly: bool = False) -> pd.DataFrame:
    """Everyone in post when day ``at`` is over, one row per person: the main employment.

    The main employment is monthly before hourly, then the highest rate, then the earliest start. A person's
    full-time equivalents are the sum over the person's monthly employments and count where the main one is.

    Args:
        rows: result of ``employment_rows``.
        at: the day.
        hourly: also persons who are hourly paid only (with 0 full-time equivalents; their hours count
            elsewhere).

    Returns:
        DataFrame[person, department, unit, occupation, form, rate, fte, posts, full_time, spell, spell_start,
        tenure_years, age, birth, sex, pay, title, workplace]; rates and fte in full-time equivalents, years completed.
    """
    paid_monthly = rows["form"].isin(MONTHLY)
    # whose spell ends on the day itself is gone when the day is over; a row inside a spell still holds
    going_on = rows["until"].isna() | (rows["until"] > at) | ((rows["until"] == at) & paid_monthly)
    held = (rows["start"] <= at) & going_on & (rows["spell_end"].isna() | (rows["spell_end"] > at))
    active = rows.loc[held if hourly else held & paid_monthly].reindex(columns=NEEDED)
    monthly = active["form"].isin(MONTHLY)
    ranked = active.assign(_hourly=~monthly, _rate=-active["rate"]).sort_values(
        ["_hourly", "_rate", "start", "source_row"], kind="stable"
    )
    main = ranked.drop_duplicates("person").sort_index()
    paid = active[monthly]
    fte = paid.groupby("person")["rate"].sum()
    posts = paid.groupby("person").size()
    return pd.DataFrame(
        {
            "person": main["person"],
            "department": main["department"],
            "unit": main["unit"],
            "occupation": main["occupation"],
            "form": main["form"],
            "rate": main["rate"],
            "fte": main["person"].map(fte).fillna(0.0),
            "posts": main["person"].map(posts).fillna(0).astype("int64"),
            "full_time": np.isclose(main["rate"], 1.0) | (main["rate"] > 1.0),
            "spell": main["spell"],
            "spell_start": main["spell_start"],
            "tenure_years": whole_years(main["since"].fillna(main["start"]), at),
            "age": whole_years(main["birth"], at),
            "birth": main["birth"],
            "sex": main["sex"],
            "pay": main["pay"],
            "title": main["title"],
            "workplace": main["workplace"],
        }
    ).reset_index(drop=True)
