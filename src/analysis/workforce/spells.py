"""Employment spells: who was employed, from when to when, as what, and why it ended.

How employments become spells is settled by named rules (``episodes``). A spell ends with the cause that the exit
record nearest to it states, and begins as a hire unless it was a transfer of undertaking or a conversion.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.periods import look_up, whole_years
from analysis.reference.episodes import Rules
from analysis.tables.joins import join
from analysis.workforce.episodes import DAY, MONTHLY, Restating, around, derive, of_transfer
from analysis.workforce.exits import distance, exit_records

UNEXPLAINED = ("unknown", "other")
"""Causes that do not say that somebody left for good when a transfer was under way."""
NEEDED = [
    "person", "department", "unit", "occupation", "form", "rate", "start", "since", "spell", "spell_start",
    "birth", "sex", "pay", "on_leave", "title", "workplace", "source_row",
]  # fmt: skip


def employment_rows(
    employments: pd.DataFrame,
    departments: dict[str, str],
    *,
    at: pd.Timestamp,
    rate: float = 1.0,
    rules: Rules | None = None,
) -> pd.DataFrame:
    """Employments up to ``at`` with their department and spell.

    Args:
        employments: clean table ``employments``.
        departments: unit → department.
        at: the cut-off; later starts are left out, later ends are still open.
        rate: agreed rate (fraction) where the delivery holds none.
        rules: the rules in force, the policy's by default.

    Returns:
        The rows with ``department``, ``spell`` (number, -1 for hourly paid), ``spell_start``, ``since``
        (first day of the unbroken employment, for tenure), ``spell_end`` and ``until`` (last day the row
        holds; both NaT while open at ``at``), ``on_leave`` (on full leave from the post) and ``taken_over``
        (the spell began with a transfer of undertaking); ordered as delivered.
    """
    return derive(employments, Restating(departments), at=at, rate=rate, rules=rules or Rules.of())[0]


def spell_ends(rows: pd.DataFrame, exits: pd.DataFrame | None, rules: Rules | None = None) -> pd.DataFrame:
    """One row per spell of monthly paid employment that has ended.

    Args:
        rows: result of ``employment_rows``.
        exits: clean table ``exits`` or None.
        rules: the rules in force, the policy's by default.

    Returns:
        DataFrame[spell, person, end, cause, stated, recorded]; cause is one of the cause ids, ``transfer`` included,
        ``stated`` the main reason told in the exit survey ('' without an answer), ``recorded`` whether an exit record
        was found.
    """
    rules = rules or Rules.of()
    ended = rows[(rows["spell"] >= 0) & rows["spell_end"].notna()].drop_duplicates("spell")
    ends = ended[["spell", "person", "spell_end"]].rename(columns={"spell_end": "end"}).reset_index(drop=True)
    ends["cause"], ends["stated"], ends["recorded"] = "unknown", "", False
    if ends.empty:
        return ends
    if exits is not None and not exits.empty:
        pairs, _ = join(
            ends[["spell", "person", "end"]],
            exit_records(exits),
            "person",
            how="inner",
            validate="many_to_many",
            name="exit records by person",
        )
        pairs["distance"] = distance(pairs, pairs["end"], pairs["end"])
        pairs = pairs[pairs["distance"] <= rules.exit_match_days]
        # of two records equally near the one that names a cause: a repeat with an unread code hides nothing
        pairs["unknown"] = pairs["cause"].eq("unknown")
        order = pairs.sort_values(["spell", "distance", "unknown", "date"], kind="stable")
        nearest = order.drop_duplicates("spell").set_index("spell")
        ends["recorded"] = ends["spell"].isin(nearest.index)
        ends["cause"] = look_up(ends["spell"], nearest["cause"]).astype("str").fillna("unknown")
        ends["stated"] = look_up(ends["spell"], nearest["survey_reason"]).astype("str").fillna("")
    last = rows[(rows["spell"] >= 0) & (rows["until"] == rows["spell_end"])]
    for each in rules.transfers:
        if each.direction != "in":
            handed = last[of_transfer(last["unit"], each) & around(last["spell_end"], each)]
            going = ends["spell"].isin(handed["spell"])
            if each.direction == "both":  # who is known to have left on such a day has left
                going &= ends["cause"].isin(UNEXPLAINED)
            ends.loc[going, "cause"] = "transfer"
    return ends


def in_post(rows: pd.DataFrame, at: pd.Timestamp) -> pd.Series:
    """Which employments hold when day ``at`` is over (boolean, one per row of ``employment_rows``)."""
    paid_monthly = rows["form"].isin(MONTHLY)
    # whose spell ends on the day itself is gone when the day is over; a row inside a spell still holds
    going_on = rows["until"].isna() | (rows["until"] > at) | ((rows["until"] == at) & paid_monthly)
    return (rows["start"] <= at) & going_on & (rows["spell_end"].isna() | (rows["spell_end"] > at))


def spell_begins(rows: pd.DataFrame, hours: pd.DataFrame | None = None, rules: Rules | None = None) -> pd.DataFrame:
    """One row per spell of monthly paid employment, and how it began.

    Args:
        rows: result of ``employment_rows``.
        hours: clean table ``hours`` or None.
        rules: the rules in force, the policy's by default.

    Returns:
        DataFrame[spell, person, start, via]; ``via`` is ``transfer`` (taken over with the undertaking), ``hourly``
        (hourly paid here shortly before), ``rehire`` (was employed before, and left) or ``hire``.
    """
    rules = rules or Rules.of()
    begins = rows[rows["spell"] >= 0].drop_duplicates("spell")
    begins = begins[["spell", "person", "spell_start", "taken_over"]].rename(columns={"spell_start": "start"})
    begins = begins.sort_values(["person", "start"], kind="stable").reset_index(drop=True)
    # the last day of hourly work before the start counts; one that goes on counts as the day before it
    hourly = rows.loc[rows["form"] == "hourly", ["person", "start", "until"]]
    worked = hourly.set_axis(["person", "from", "to"], axis=1)
    if hours is not None and not hours.empty:
        months = pd.DataFrame({"person": hours["person"], "from": hours["month"]})
        worked = pd.concat([worked, months.assign(to=hours["month"] + pd.offsets.MonthEnd(0))], ignore_index=True)
    pairs, _ = join(
        begins[["spell", "person", "start"]],
        worked,
        "person",
        how="inner",
        validate="many_to_many",
        name="hourly work by person",
    )
    near = (pairs["from"] < pairs["start"]) & ~(pairs["to"] < pairs["start"] - rules.hourly_days * DAY)
    converted = begins["spell"].isin(pairs.loc[near, "spell"])
    again = begins["person"].duplicated()
    begins["via"] = np.select([begins["taken_over"], converted, again], ["transfer", "hourly", "rehire"], "hire")
    return begins.drop(columns="taken_over")


def stock(rows: pd.DataFrame, at: pd.Timestamp, *, hourly: bool = False) -> pd.DataFrame:
    """Everyone in post when day ``at`` is over, one row per person: the main employment.

    The main employment is monthly before hourly, then the highest rate, then the earliest start. A person's
    full-time equivalents are the sum over the person's monthly employments and count where the main one is; a post
    on full leave counts only where the person works in no other (rule ``secondment``).

    Args:
        rows: result of ``employment_rows``.
        at: the day.
        hourly: also persons who are hourly paid only (with 0 full-time equivalents; their hours count
            elsewhere).

    Returns:
        DataFrame[person, department, unit, occupation, form, rate, fte, posts, on_leave, full_time, spell, spell_start,
        tenure_years, age, birth, sex, pay, title, workplace]; rates and fte in full-time equivalents, years completed.
    """
    held = in_post(rows, at)
    active = rows.loc[held if hourly else held & rows["form"].isin(MONTHLY)].reindex(columns=NEEDED)
    monthly = active["form"].isin(MONTHLY)
    # only what ranks is sorted: to move every column of text costs more than all the rest
    ranked = active[["person", "start", "source_row"]].assign(hourly=~monthly, rate=-active["rate"])
    ranked = ranked.reset_index(drop=True).sort_values(["hourly", "rate", "start", "source_row"], kind="stable")
    main = active.take(np.sort(ranked.drop_duplicates("person").index))
    paid = active[monthly]
    works = ~paid.groupby("person")["on_leave"].transform("all")
    aside = paid["on_leave"] & works
    fte, away = paid[~aside].groupby("person")["rate"].sum(), paid.loc[aside, "person"]
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
            "on_leave": main["person"].isin(away),
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
