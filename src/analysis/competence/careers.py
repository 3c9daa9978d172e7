"""Declared career edges counted: who could take the step, who is on the way, who took it in the last year.

Counts only, from what an edge declares (occupation, role, licence, years of employment); never from absence, age, sex
or leaving, and no list of persons leaves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis.competence.counting import (
    Figures,
    Workforce,
    count_facts,
    number_fact,
    share_facts,
    together,
    with_columns,
)
from analysis.competence.ladders import latest_steps
from analysis.periods import DAYS_PER_MONTH

COULD, ON_THE_WAY, MOVED = "could", "on_the_way", "moved"


def career_facts(
    staff: Workforce,
    edges: Mapping[str, Mapping[str, Any]],
    competence: pd.DataFrame | None,
    ladders: Mapping[str, Mapping[str, Any]],
) -> Figures:
    """Facts ``careers``: row = edge, columns ``on_the_way`` and ``moved``; ``career_could``: column ``could``.

    moved: in post now, with the edge's end since the last twelve months and not before: a role that began or a
    competence on record since then, studies completed, a licence gained, a higher step than a year before, another
    occupation than a year before. on_the_way: in its studies, as the table of studies counts them. could: in post, with
    the edge's beginning and its years of employment, without its end; those who have it already are the complement. An
    edge that says nothing countable, or whose table the delivery lacks, has no facts.

    Args:
        staff: who is in post.
        edges: career edges by id (``reference.practices``).
        competence: clean table, None where the delivery has none.
        ladders: ladders by id.
    """
    found = []
    now = latest_steps(competence, ladders, cutoff=staff.at) if competence is not None else None
    then = latest_steps(competence, ladders, cutoff=staff.since) if competence is not None else None
    for key, edge in edges.items():
        begins = _begins(staff, edge)
        moved, reached = _moved(staff, edge, competence, now, then, ladders)
        if moved is None or staff.of(edge["of"]).empty:
            continue
        everyone = staff.people
        found.append(
            count_facts(
                everyone, everyone["person"].isin(moved), table="careers", row=key, column=MOVED,
                definition="career_moved",
            )
        )  # fmt: skip
        records = staff.records(edge["study"]) if edge["study"] else staff.training.iloc[:0]
        if len(records):
            studying = set(records.loc[records["status"] == "enrolled", "person"])
            each = records.drop_duplicates("person")
            found.append(
                count_facts(
                    each, each["person"].isin(studying), table="careers", row=key, column=ON_THE_WAY,
                    definition="career_on_the_way",
                )
            )  # fmt: skip
        if reached or edge["study"]:
            able = begins[begins["tenure_years"] >= edge["years"]]
            found.append(
                count_facts(
                    able, ~able["person"].isin(reached), table="career_could", row=key, column=COULD,
                    definition="career_could",
                )
            )  # fmt: skip
    return together(found)


def _begins(staff: Workforce, edge: Mapping[str, Any]) -> pd.DataFrame:
    group = staff.of(edge["of"])
    if edge["from_role"]:
        group = group[group["person"].isin(staff.holders(edge["from_role"], staff.at)["person"])]
    if edge["unqualified"]:
        group = group[~group["person"].isin(staff.licensed)]
    if edge["becomes"]:
        group = group[~group["occupation"].isin(edge["becomes"])]
    return group


def _moved(
    staff: Workforce,
    edge: Mapping[str, Any],
    competence: pd.DataFrame | None,
    now: pd.DataFrame | None,
    then: pd.DataFrame | None,
    ladders: Mapping[str, Mapping[str, Any]],
) -> tuple[set[str] | None, set[str]]:
    """Who moved in the last year (None: nothing is known), and everyone who is at the edge's end."""
    if edge["role"]:
        if (staff.assignments["kind"] != edge["role"]).all():
            return None, set()
        at_end = set(staff.holders(edge["role"], staff.at)["person"])
        return at_end - set(staff.holders(edge["role"], staff.since)["person"]), at_end
    if edge["ladder"]:
        return _climbed(staff, edge, now, then, ladders)
    if edge["competence"]:
        if competence is None or (competence["model"] != edge["competence"]).all():
            return None, set()
        held = competence[(competence["model"] == edge["competence"]) & (competence["assessed"] <= staff.at)]
        held = held[held["held"].fillna(True).astype("bool")].groupby("person")["assessed"].min()
        return set(held.index[held > staff.since]), set(held.index)
    if edge["becomes"]:
        end = set(staff.of(edge["becomes"])["person"])
        before = staff.of(edge["of"], staff.earlier)
        return end & set(before.loc[~before["occupation"].isin(edge["becomes"]), "person"]), end
    if edge["licence"]:
        return _licensed(staff, edge)
    records = staff.records(edge["study"]) if edge["study"] else staff.training.iloc[:0]
    if records.empty:
        return None, set()
    done = records[records["status"] == "completed"]
    return set(done.loc[done["end"] > staff.since, "person"]), set(done["person"])


def _climbed(
    staff: Workforce,
    edge: Mapping[str, Any],
    now: pd.DataFrame | None,
    then: pd.DataFrame | None,
    ladders: Mapping[str, Mapping[str, Any]],
) -> tuple[set[str] | None, set[str]]:
    if now is None or then is None or (now["model"] != edge["ladder"]).all():
        return None, set()
    group = staff.of(edge["of"])
    after, before = (
        group["person"].map(steps[steps["model"] == edge["ladder"]].set_index("person")["step"])
        for steps in (now, then)
    )
    up = after > before
    if edge["step"]:
        up &= (after >= edge["step"]) & (before < edge["step"])
    last = edge["step"] or len(ladders[edge["ladder"]]["steps"])
    return set(group.loc[up, "person"]), set(group.loc[after >= last, "person"])


def _licensed(staff: Workforce, edge: Mapping[str, Any]) -> tuple[set[str] | None, set[str]]:
    if staff.qualifications is None:
        return None, set()
    held = staff.qualifications
    first = held.groupby(["person", "kind"])["valid_from"].min()
    group = staff.of(edge["of"])
    group = group[group["person"].isin(staff.licensed)]
    asked = zip(group["person"], group["occupation"].map(staff.licences), strict=True)
    days = pd.Series([first.get(pair) for pair in asked], index=group.index, dtype="datetime64[us]")
    # who was employed without it a year before; a newly hired teacher with a licence has not moved
    new = (days > staff.since) & group["person"].isin(staff.earlier["person"])
    return set(group.loc[new, "person"]), set(group["person"])


def step_facts(staff: Workforce, competence: pd.DataFrame | None, ladders: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Facts ``step_time`` and ``step_left``: row = step, column = ladder, for the whole organisation.

    step_time: median months since somebody was first assessed on the step they are on. step_left: share of those on the
    step a year before who are no longer in post.
    """
    if competence is None:
        return together([])
    now, then = (latest_steps(competence, ladders, cutoff=day) for day in (staff.at, staff.since))
    first = competence[competence["step"].notna()].groupby(["person", "model", "step"])["assessed"].min()
    found = []
    for model, ladder in ladders.items():
        mine, before = now[now["model"] == model], then[then["model"] == model]
        group = staff.of(ladder["occupations"])
        group = with_columns(group, mine, ("step",))
        keys = zip(group["person"], [model] * len(group), group["step"], strict=True)
        since = pd.Series([first.get(key) for key in keys], index=group.index, dtype="datetime64[us]")
        months = (staff.at - since).dt.days / DAYS_PER_MONTH
        earlier = staff.of(ladder["occupations"], staff.earlier)
        earlier = with_columns(earlier, before, ("step",))
        gone = ~earlier["person"].isin(staff.people["person"])
        for step in range(1, len(ladder["steps"]) + 1):
            here = months[group["step"] == step].dropna()
            found.append(
                number_fact(
                    float(here.median()) if len(here) else float("nan"), len(here), table="step_time", row=str(step),
                    column=model, definition="step_time", unit="ratio",
                )
            )  # fmt: skip
            at_step = earlier["step"] == step
            found.append(
                share_facts(
                    earlier[at_step], gone[at_step], table="step_left", row=str(step), column=model,
                    definition="step_left", whole=True,
                )
            )  # fmt: skip
    return together(found)
