"""Study pipelines as cohorts: who began, is under way, has completed or dropped out, stayed, and the time it costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.competence.counting import Figures, Workforce, count_facts, number_fact, share_facts, together
from analysis.competence.pipelines import PRIOR, WEIGHT

STAYED = (1, 3)
"""Years after completing at which it is asked who is still employed."""


def study_facts(
    staff: Workforce, programmes: Mapping[str, Mapping[str, Any]], in_post: Mapping[int, set[str]]
) -> Figures:
    """Facts of studies, for the whole organisation; a programme without a record is shown nowhere.

    ``studies``: persons who began in the last five calendar years (row ``started``) and where they stand: ``in_study``,
    ``completed``, ``dropped``; column = programme. The four add up. ``studies_year``: who began and who completed in
    the last twelve months. ``study_stayed``: share of those who completed at least one and three years ago who were
    still monthly paid that long after. ``study_time``: full-time equivalents that those in study give up at the
    cut-off. ``study_begun``: share of a target group without a licence who are in study or have completed.

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
        recent = records[records["start"].dt.year > staff.at.year - staff.rules.cohort_years]
        states = {"started": None, "in_study": "enrolled", "completed": "completed", "dropped": "dropped"}
        for row, state in states.items():
            yes = pd.Series(True, index=recent.index) if state is None else recent["status"] == state
            found.append(count_facts(recent, yes, table="studies", row=row, column=key, definition="studies_cohort"))
        began = (records["start"] > staff.since) & (records["start"] <= staff.at)
        done = records["status"] == "completed"
        completed = done & (records["end"] > staff.since)
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


def licensed_facts(staff: Workforce, pipelines: pd.DataFrame, occupations: Mapping[str, str]) -> Figures:
    """Facts ``licensed_path``: row = occupation, column = year; licensed share by what studies alone would give.

    Those without a licence who study towards it complete in their planned year, as large a share of them as has
    completed before; the interval reaches from nobody to everybody. Leaving and hiring are left out.

    Args:
        staff: who is in post.
        pipelines: first result of ``unlicensed_studies``: DataFrame[occupation, year, studying, expected].
        occupations: occupation → licence, of those to show.
    """
    found = []
    for occupation in occupations:
        group = staff.of([occupation])
        licensed = int(group["person"].isin(staff.licensed).sum())
        mine = pipelines[pipelines["occupation"] == occupation].sort_values("year")
        if not len(group) or mine.empty:
            continue
        size, low = len(group), licensed / len(group)
        for year, expected, studying in zip(
            mine["year"], mine["expected"].cumsum(), mine["studying"].cumsum(), strict=True
        ):
            found.append(
                number_fact(
                    low + expected / size, size, table="licensed_path", row=occupation, column=str(year),
                    definition="licensed_path", unit="share", low=low, high=low + studying / size,
                )
            )  # fmt: skip
    return together(found)


def unlicensed_studies(
    staff: Workforce, programmes: Mapping[str, Mapping[str, Any]], years: int
) -> tuple[pd.DataFrame, Figures]:
    """Studies of those without a licence by planned year of completing.

    Returns:
        DataFrame[occupation, year, studying, expected] of every forecast year, and facts ``unlicensed_end`` (persons by
        occupation and year). A planned end that has passed counts in the first year; expected are those studying times
        the share who completed before, (completed + prior · weight) / (completed + dropped + weight).
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
    group = staff.people[~staff.people["person"].isin(staff.licensed)]
    group = group[group["person"].isin(records["person"]) & group["occupation"].isin(list(staff.licences))]
    first = staff.at.year + 1
    ends = group["person"].map(records.set_index("person")["end"]).dt.year.clip(lower=first)
    done = (completed + PRIOR * WEIGHT) / (completed + dropped + WEIGHT)
    found, counts = [], []
    for occupation in sorted(group["occupation"].dropna().unique()):
        mine = group["occupation"] == occupation
        for year in range(first, first + years):
            here = mine & (ends == year)
            studying = float(here.sum())
            counts.append({"occupation": occupation, "year": year, "studying": studying, "expected": studying * done})
            found.append(
                count_facts(
                    group[mine], here[mine], table="unlicensed_end", row=occupation, column=str(year),
                    definition="unlicensed_end",
                )
            )  # fmt: skip
    return pd.DataFrame(counts, columns=["occupation", "year", "studying", "expected"]), together(found)
