"""Programmes for managers, methods and roles: how much of the target group has taken them, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.competence.counting import Figures, Workforce, day_of, share_facts, together
from analysis.competence.ladders import latest_steps

TARGETED = ("manager", "method", "role", "targeted")


def programme_facts(staff: Workforce, programmes: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Facts ``programmes``: row = programme, column ``completed``, share of the target group in post.

    Of a targeted programme those count who completed it by its month; of a yearly one those who did in the period's
    calendar year. Of managers' programmes the whole organisation alone is counted: managers are never shown by unit. A
    programme that no record names is shown nowhere.
    """
    found = []
    for key, entry in programmes.items():
        records = staff.records(key)
        if entry["kind"] not in TARGETED or records.empty:
            continue
        done = records[records["status"] == "completed"]
        if entry["due"]:
            done = done[done["end"] <= pd.Timestamp(f"{entry['due']}-01") + pd.offsets.MonthEnd(0)]
        if entry["yearly"]:
            done = done[done["end"].dt.year == staff.at.year]
        group = staff.of(entry["of"])
        found.append(
            share_facts(
                group, group["person"].isin(done["person"]), table="programmes", row=key, column="completed",
                definition="programme_in_time" if entry["due"] else "programme_completed",
                whole=bool(entry["of"]) and set(entry["of"]) <= set(staff.rules.managers),
            )
        )  # fmt: skip
    return together(found)


def outcome_facts(staff: Workforce, programmes: Mapping[str, Mapping[str, Any]], rows: pd.DataFrame) -> Figures:
    """Facts ``programme_outcomes``: share of participants who became what a programme leads to within two years.

    Counted among those who completed it at least two years before the cut-off and are known to the employments.

    Args:
        staff: who is in post.
        programmes: programmes by id.
        rows: employments (``workforce.spells``): DataFrame[person, occupation, start, …].
    """
    found = []
    for key, entry in programmes.items():
        records = staff.records(key)
        if entry["kind"] != "future" or records.empty:
            continue
        done = records[records["status"] == "completed"].drop_duplicates("person")
        done = done[done["end"] <= staff.at - pd.DateOffset(years=staff.rules.outcome_years)]
        reached = rows[rows["occupation"].isin(entry["becomes"])].groupby("person")["start"].min()
        first = day_of(done["person"], reached)
        became = (first > done["end"]) & (first <= done["end"] + pd.DateOffset(years=staff.rules.outcome_years))
        found.append(
            share_facts(
                done.assign(department="x"), became, table="programme_outcomes", row=key, column="became",
                definition="programme_outcome", whole=True,
            )
        )  # fmt: skip
    return together(found)


def step_measure_facts(
    staff: Workforce,
    programmes: Mapping[str, Mapping[str, Any]],
    competence: pd.DataFrame | None,
    ladders: Mapping[str, Mapping[str, Any]],
) -> Figures:
    """Facts ``step_measures``: row = ladder, column = step; share of those on it who took every measure of the step.

    Args:
        staff: who is in post.
        programmes: programmes by id; those with ``measures_of`` count.
        competence: clean table.
        ladders: ladders by id.
    """
    wanted: dict[tuple[str, int], list[str]] = {}
    for key, entry in programmes.items():
        for step in (entry["measures_of"] or {}).get("steps", ()):
            wanted.setdefault((entry["measures_of"]["ladder"], step), []).append(key)
    if competence is None or not any(len(staff.records(key)) for keys in wanted.values() for key in keys):
        return together([])
    found = []
    steps = latest_steps(competence, ladders, cutoff=staff.at)
    for (ladder, step), keys in sorted(wanted.items()):
        on_step = steps[(steps["model"] == ladder) & (steps["step"] == step)]
        group = staff.of(ladders[ladder]["occupations"])
        group = group[group["person"].isin(on_step["person"])]
        taken = pd.Series(True, index=group.index)
        for key in keys:
            records = staff.records(key)
            taken &= group["person"].isin(records.loc[records["status"] == "completed", "person"])
        found.append(
            share_facts(
                group, taken, table="step_measures", row=ladder, column=str(step), definition="step_measures",
                whole=True,
            )
        )  # fmt: skip
    return together(found)


def plan_facts(staff: Workforce) -> Figures:
    """Facts ``training_plan``: courses by individual plan in the twelve months that end with the cut-off.

    Rows ``in_time``: share of the planned courses that were completed by the day planned; ``outside``: share of the
    completed courses that stood in no plan. Persons are counted once per figure: those with a planned course who
    completed every one in time, and those with a completed course who took one outside any plan.
    """
    training = staff.training
    if "planned" not in training or training["planned"].isna().all():
        return together([])
    due = training[(training["planned"] > staff.since) & (training["planned"] <= staff.at)]
    in_time = (due["status"] == "completed") & (due["end"] <= due["planned"])
    kept = in_time.groupby(due["person"]).all()
    done = training[(training["status"] == "completed") & (training["end"] > staff.since)]
    done = done[done["end"] <= staff.at]
    outside = done["planned"].isna().groupby(done["person"]).any()
    found = []
    for row, by in (("in_time", kept), ("outside", outside)):
        group = staff.people[staff.people["person"].isin(by.index)]
        found.append(
            share_facts(
                group, group["person"].map(by).astype("bool"), table="training_plan", row=row, column="share",
                definition=f"training_plan_{row}",
            )
        )  # fmt: skip
    return together(found)
