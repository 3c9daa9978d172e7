"""Study pipelines as cohorts: who began, is under way, has completed or dropped out, stayed, and the time it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.competence.counting import Figures, Workforce, count_facts, day_of, number_fact, share_facts, together
from analysis.competence.pipelines import PRIOR, WEIGHT
from analysis.tables.protected import TOTAL

STAYED = (1, 3)
"""Years after completing at which it is asked who is still employed."""


def study_facts(
    staff: Workforce, programmes: Mapping[str, Mapping[str, Any]], in_post: Mapping[int, set[str]]
) -> Figures:
    """Facts of studies, for the whole organisation; a programme without a record is shown nowhere.

    ``studies``: persons who began in the last five calendar years or still study (row ``started``), and where they
    stand: ``in_study``, ``completed``, ``dropped``; column = programme. The four add up. ``studies_year``: who began,
    and who of those in post completed, in the last twelve months. ``study_stayed``: share of those who completed at
    least one and three years ago who were still monthly paid that long after. ``study_time``: full-time equivalents
    that those in study give up at the cut-off. ``study_begun``: share of a target group without a licence who are in
    study or have completed.

    Args:
        staff: who is in post.
        programmes: programmes by id.
        in_post: year → persons monthly paid on the cut-off's day of it, as far back as is known.
    """
    found = []
    for key, entry in programmes.items():
        records = staff.records(key)
        if entry["kind"] != "study" or records.empty:
            continue
        records = records.sort_values(["person", "start"]).drop_duplicates("person", keep="last")
        records = records.assign(department="x")
        recent = records["start"].dt.year > staff.at.year - staff.rules.cohort_years
        recent = records[recent | (records["status"] == "enrolled")]
        states = {"started": None, "in_study": "enrolled", "completed": "completed", "dropped": "dropped"}
        for row, state in states.items():
            yes = pd.Series(True, index=recent.index) if state is None else recent["status"] == state
            found.append(count_facts(recent, yes, table="studies", row=row, column=key, definition="studies_cohort"))
        began = (records["start"] > staff.since) & (records["start"] <= staff.at)
        done = records["status"] == "completed"
        completed = done & (records["end"] > staff.since) & records["person"].isin(staff.people["person"])
        for row, yes in (("started", began), ("completed", completed)):
            found.append(
                count_facts(records, yes, table="studies_year", row=row, column=key, definition="studies_year")
            )
        found.append(_stayed(records[done], key, in_post, staff.at))
        found.append(_time(staff, records, key, entry))
        if entry["unqualified"]:
            group = staff.of(entry["of"])
            group = group[~group["person"].isin(staff.licensed)]
            studying = records[records["status"] != "dropped"]
            found.append(
                share_facts(
                    group, group["person"].isin(studying["person"]), table="study_begun", row=key, column="share",
                    definition="study_begun", whole=True,
                )
            )  # fmt: skip
    return together(found)


def _stayed(done: pd.DataFrame, key: str, in_post: Mapping[int, set[str]], at: pd.Timestamp) -> Figures:
    found = []
    for years in STAYED:
        # whole years: who completed in a year that ends with the cut-off's month is looked for so many years later
        target = done["end"].dt.year + (done["end"].dt.month > at.month) + years
        known = done[target.isin(list(in_post)) & (target <= at.year)]
        stayed = [person in in_post[year] for person, year in zip(known["person"], target[known.index], strict=True)]
        found.append(
            share_facts(
                known, stayed, table="study_stayed", row=key, column=f"years_{years}", definition="study_stayed",
                whole=True,
            )
        )  # fmt: skip
    return together(found)


def _time(staff: Workforce, records: pd.DataFrame, key: str, entry: Mapping[str, Any]) -> Figures:
    studying = records[records["status"] == "enrolled"].set_index("person")["work_share"]
    group = staff.people[staff.people["person"].isin(studying.index)]
    share = group["person"].map(studying).astype("float64").fillna(entry["work_share"])
    lost = float((group["rate"].fillna(1.0) * (1.0 - share)).sum())
    return number_fact(lost, len(group), table="study_time", row=key, column="fte", definition="study_time", unit="fte")


def licensed_facts(staff: Workforce, studying: pd.DataFrame, done: float, year: int) -> Figures:
    """Facts ``licensed_path``: row = occupation, column = the last forecast year; licensed share by studies alone.

    As large a part of those without a licence who study towards it complete as has done so before; the interval reaches
    from nobody to everybody. Leaving and hiring are left out. One year only: the difference between two is a count of
    few.

    Args:
        staff: who is in post.
        studying: first result of ``unlicensed_studies``.
        done: its second.
        year: the last forecast year.
    """
    found = []
    for occupation in staff.licences:
        group = staff.of([occupation])
        size, mine = len(group), int((studying["occupation"] == occupation).sum())
        if not size or not mine:
            continue
        low = int(group["person"].isin(staff.licensed).sum()) / size
        made = number_fact(
            low + mine * done / size, size, table="licensed_path", row=occupation, column=str(year),
            definition="licensed_path", unit="share", low=low, high=low + mine / size,
        )  # fmt: skip
        found.append([{**each, "numerator": mine} for each in made])
    return together(found)


def unlicensed_studies(
    staff: Workforce, programmes: Mapping[str, Mapping[str, Any]], years: int
) -> tuple[pd.DataFrame, float, Figures]:
    """Those without a licence who study towards it.

    Returns:
        DataFrame[person, occupation, ends]; the share that has completed such studies before, (completed + prior ·
        weight) / (completed + dropped + weight); facts ``unlicensed_end`` (column = planned year of completing, row
        ``total``). A planned end that has passed counts in the first year.
    """
    parts, completed, dropped = [], 0, 0
    for key, entry in programmes.items():
        if entry["kind"] == "study" and entry["unqualified"]:
            records = staff.records(key)
            parts.append(records[records["status"] == "enrolled"])
            completed += int((records["status"] == "completed").sum())
            dropped += int((records["status"] == "dropped").sum())
    records = pd.concat(parts, ignore_index=True) if parts else staff.training.iloc[:0]
    records = records.sort_values(["person", "end"]).drop_duplicates("person", keep="last")
    done = (completed + PRIOR * WEIGHT) / (completed + dropped + WEIGHT)
    group = staff.people[~staff.people["person"].isin(staff.licensed)]
    group = group[group["person"].isin(records["person"]) & group["occupation"].isin(list(staff.licences))]
    first = staff.at.year + 1
    ends = day_of(group["person"], records.set_index("person")["end"]).dt.year.clip(lower=first)
    found = [
        count_facts(
            group, ends == year, table="unlicensed_end", row=TOTAL, column=str(year), definition="unlicensed_end"
        )
        for year in range(first, first + years)
    ]
    return group[["person", "occupation"]].assign(ends=ends), done, together(found)
