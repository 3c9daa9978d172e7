"""How newcomers are received: mentors within a stated time, introduction periods, introductions that are completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.competence.counting import Figures, Workforce, day_of, number_fact, share_facts, together, with_columns
from analysis.periods import DAYS_PER_MONTH


def introduction_facts(staff: Workforce, programmes: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Facts ``introduction`` (shares, column ``share``), ``introduction_days`` and ``introduction_length``.

    Newcomers are monthly paid in post at the cut-off who began in the last twelve months, long enough ago for the
    stated time to have passed. Rows: a programme of kind introduction (completed within ``introduction_days`` of the
    start); ``mentor_in_time`` (newcomers of the occupations in which any newcomer has had a mentor, with one within
    ``mentor_days``); ``mentor_overdue`` (mentorships of newcomers under way whose planned end has passed);
    ``period_full`` (introduction periods planned for at least a school year), ``period_licence`` (whose mentor holds
    the licence of the newcomer's occupation), ``period_post`` (whose post matches the degree), ``period_named``
    (workplaces of new graduates where each has a mentor); ``managers_new``, ``managers_experienced`` (who have or have
    had a mentor). Days: median from start to completion. Length: months of finished mentorships over those planned.

    Args:
        staff: who is in post.
        programmes: programmes by id.
    """
    found = []
    people = staff.people
    began = people[people["spell_start"] > staff.since]
    for key, entry in programmes.items():
        records = staff.records(key)
        if entry["kind"] == "introduction" and len(records):
            found.append(_introduced(staff, began, records, key, entry))
    if len(staff.mentoring):
        found += [
            _newcomers(staff, began), _overdue(staff), _length(staff), _periods(staff), _managers(staff),
        ]  # fmt: skip
    return together(found)


def _share(group: pd.DataFrame, yes: Any, row: str, *, whole: bool = False) -> Figures:
    return share_facts(
        group, yes, table="introduction", row=row, column="share", definition=f"introduction_{ROWS[row]}", whole=whole
    )


ROWS = {
    "e_introduktion_medarbetare": "completed", "e_introduktion_chef": "completed", "gemensam_introduktion": "completed",
    "mentor_in_time": "mentor", "mentor_overdue": "overdue", "period_full": "period", "period_licence": "period",
    "period_post": "period", "period_named": "named", "managers_new": "managers", "managers_experienced": "managers",
}  # fmt: skip
"""Rows, and the definition of each."""


def _introduced(
    staff: Workforce, began: pd.DataFrame, records: pd.DataFrame, key: str, entry: Mapping[str, Any]
) -> Figures:
    days = staff.rules.introduction_days
    group = staff.of(entry["of"], began)
    group = group[group["spell_start"] + pd.Timedelta(days=days) <= staff.at]
    done = records[records["status"] == "completed"].groupby("person")["end"].min()
    waited = (day_of(group["person"], done) - group["spell_start"]).dt.days
    whole = bool(entry["of"]) and set(entry["of"]) <= set(staff.rules.managers)  # managers are never shown by unit
    shares = _share(group, (waited <= days) & (waited >= 0), key, whole=whole)
    known = waited[waited >= 0]
    middle = number_fact(
        float(known.median()) if len(known) else float("nan"), len(known), table="introduction_days", row=key,
        column="median", definition="introduction_days", unit="days",
    )  # fmt: skip
    return together((shares, middle))


def _newcomers(staff: Workforce, began: pd.DataFrame) -> Figures:
    days = staff.rules.mentor_days
    mine = staff.mentoring[staff.mentoring["kind"] == "newcomer"]
    offered = staff.people.loc[staff.people["person"].isin(mine["person"]), "occupation"].unique()
    group = began[began["occupation"].isin(list(offered))]
    group = group[group["spell_start"] + pd.Timedelta(days=days) <= staff.at]
    first = day_of(group["person"], mine.groupby("person")["start"].min())
    return _share(group, first <= group["spell_start"] + pd.Timedelta(days=days), "mentor_in_time")


def _overdue(staff: Workforce) -> Figures:
    mine = staff.mentoring[staff.mentoring["kind"] == "newcomer"]
    open_now = mine[(mine["end"].isna() | (mine["end"] > staff.at)) & mine["planned"].notna()]
    late = open_now[open_now["planned"] < staff.at]
    group = staff.people[staff.people["person"].isin(open_now["person"])]
    return _share(group, group["person"].isin(late["person"]), "mentor_overdue", whole=True)


def _length(staff: Workforce) -> Figures:
    mine = staff.mentoring[(staff.mentoring["kind"] == "newcomer") & (staff.mentoring["end"] <= staff.at)]
    mine = mine[(mine["end"] > staff.since) & mine["planned"].notna()]
    found = []
    for row, column in (("planned", "planned"), ("kept", "end")):
        months = (mine[column] - mine["start"]).dt.days / DAYS_PER_MONTH
        found.append(
            number_fact(
                float(months.mean()) if len(mine) else float("nan"), len(mine), table="introduction_length", row=row,
                column="months", definition="introduction_length", unit="ratio",
            )
        )  # fmt: skip
    return together(found)


def _periods(staff: Workforce) -> Figures:
    mine = staff.mentoring[(staff.mentoring["kind"] == "introduction") & (staff.mentoring["start"] > staff.since)]
    group = with_columns(staff.people, mine.drop_duplicates("person"), ("mentor", "start", "planned", "post_match"))
    if group.empty:
        return together([])
    found = [_share(group, (group["planned"] - group["start"]).dt.days >= staff.rules.school_year_days, "period_full")]
    if staff.qualifications is not None:
        held = set(zip(staff.qualifications["person"], staff.qualifications["kind"], strict=True))
        asked = group["occupation"].map(staff.licences)
        found.append(
            _share(group, [pair in held for pair in zip(group["mentor"], asked, strict=True)], "period_licence")
        )
    if group["post_match"].notna().any():
        known = group[group["post_match"].notna()]
        found.append(_share(known, known["post_match"].astype("bool"), "period_post"))
    named = group["mentor"].notna().groupby([group["department"], group["unit"]]).all().rename("named").reset_index()
    found.append(_share(named.assign(person=named["unit"]), named["named"], "period_named", whole=True))
    return together(found)


def _managers(staff: Workforce) -> Figures:
    mine = staff.mentoring[staff.mentoring["kind"] == "manager"]
    if mine.empty:
        return together([])
    group = staff.of(staff.rules.managers)
    mentored, long = group["person"].isin(mine["person"]), group["tenure_years"] >= staff.rules.experienced_years
    return together(
        _share(group[which], mentored[which], row, whole=True)
        for row, which in (("managers_new", ~long), ("managers_experienced", long))
    )
