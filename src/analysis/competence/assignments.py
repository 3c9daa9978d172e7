"""Assignments with a period: who holds them, at how many workplaces, how long, and who of them stays."""

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
from analysis.tables.protected import ORGANISATION, TOTAL


def assignment_facts(staff: Workforce, roles: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Facts of titles and assignments; a role that no record names is shown nowhere.

    ``role_holders`` (column ``share``): share of the role's occupations in post who hold it at the cut-off.
    ``role_places`` (``covered``): share of the workplaces of its occupations that have at least one holder.
    ``role_left``: share of those who held it a year before who are no longer in post (``holders``), beside the others
    of the same occupations (``others``). ``role_time`` (``months``): median time in it of those who hold it.
    ``role_supplement`` (``median``): median supplement, kronor a month. ``role_internal`` (``share``): share of the
    holders who were in post here before they got it. ``role_posts`` (``fte``): posts of those who hold a new role.
    """
    found = []
    for key, entry in roles.items():
        if entry["kind"] not in ("title", "assignment") or (staff.assignments["kind"] != key).all():
            continue
        group = staff.of(entry["of"])
        now = staff.holders(key, staff.at)
        holds = group["person"].isin(now["person"])
        found.append(
            share_facts(group, holds, table="role_holders", row=key, column="share", definition="role_holders")
        )
        if entry["places"]:
            found.append(_places(group, holds, key))
        if entry["kind"] == "title":
            continue
        mine = with_columns(group, now, ("start", "supplement"))
        found += [_left(staff, key, entry), _terms(staff, mine, key)]
        internal = mine["spell_start"] < mine["start"]
        found.append(
            share_facts(
                mine, internal, table="role_internal", row=key, column="share", definition="role_internal", whole=True
            )
        )
        if entry["new"]:
            posts = float(mine["fte"].sum())
            found.append(
                number_fact(
                    posts, len(mine), table="role_posts", row=key, column="fte", definition="role_posts", unit="fte"
                )
            )
    return together(found)


def _places(group: pd.DataFrame, holds: pd.Series, key: str) -> Figures:
    """Workplaces with a holder; the figure is about units, not persons."""
    covered = holds.groupby([group["department"], group["unit"]]).any().rename("covered").reset_index()
    every = pd.concat([covered, covered.assign(department=ORGANISATION)], ignore_index=True)
    counts = every.groupby("department")["covered"].agg(yes="sum", size="size")
    return [
        {
            "table": "role_places", "department": department, "row": key, "column": "covered",
            "value": yes / size, "n": int(size), "numerator": int(yes), "denominator": int(size), "unit": "share",
            "definition": "role_places",
        }
        for department, yes, size in counts.itertuples(name=None)
    ]  # fmt: skip


def _left(staff: Workforce, key: str, entry: Mapping[str, Any]) -> Figures:
    before = staff.of(entry["of"], staff.earlier)
    held = before["person"].isin(staff.holders(key, staff.since)["person"])
    gone = ~before["person"].isin(staff.people["person"])
    return together(
        share_facts(
            before[which], gone[which], table="role_left", row=key, column=column, definition="role_left", whole=True
        )
        for column, which in (("holders", held), ("others", ~held))
    )


def _terms(staff: Workforce, mine: pd.DataFrame, key: str) -> Figures:
    months = (staff.at - mine["start"]).dt.days / DAYS_PER_MONTH
    paid = mine.loc[mine["supplement"] > 0, "supplement"]
    return together(
        (
            number_fact(
                float(months.median()), len(mine), table="role_time", row=key, column="months",
                definition="role_time", unit="ratio",
            ),
            number_fact(
                float(paid.median()), len(paid), table="role_supplement", row=key, column="median",
                definition="role_supplement", unit="kronor",
            ),
        )
    )  # fmt: skip


def moving_facts(staff: Workforce, roles: Mapping[str, Mapping[str, Any]]) -> Figures:
    """Facts ``across``: persons in another unit for a month or more of the last year, and in teams."""
    found = []
    for key, entry in roles.items():
        rows = staff.assignments[staff.assignments["kind"] == key]
        if entry["kind"] not in ("rotation", "team") or rows.empty:
            continue
        begin = rows["start"].where(rows["start"] > staff.since, staff.since)
        until = rows["end"].where(rows["end"] < staff.at, staff.at)
        least = DAYS_PER_MONTH - 3 if entry["kind"] == "rotation" else 0  # a month is at least 28 days
        counted = rows[(until - begin).dt.days + 1 >= least]
        yes = staff.people["person"].isin(counted["person"])
        found.append(count_facts(staff.people, yes, table="across", row=key, column="persons", definition="across"))
    return together(found)


def group_facts(
    staff: Workforce,
    roles: Mapping[str, Mapping[str, Any]],
    competence: pd.DataFrame | None,
    ladders: Mapping[str, Mapping[str, Any]],
) -> Figures:
    """Groups inside a ladder, for the whole organisation.

    Facts ``ladder_groups``: column = group; row ``total`` (persons in it), each step, and ``none`` (not placed), which
    add up. ``ladder_placed``: share of everyone in a group of a ladder who is placed on a step, row = ladder.
    """
    steps = None if competence is None else latest_steps(competence, ladders, cutoff=staff.at)
    found, grouped = [], dict[str, list[pd.Series]]()
    for key, entry in roles.items():
        if entry["kind"] != "group" or (staff.assignments["kind"] != key).all():
            continue
        group = staff.of(entry["of"])
        group = group[group["person"].isin(staff.holders(key, staff.at)["person"])]
        counted = {TOTAL: pd.Series(True, index=group.index)}
        if steps is not None:
            mine = steps[steps["model"] == entry["ladder"]].set_index("person")["step"]
            step = group["person"].map(mine).astype("float64")
            grouped.setdefault(entry["ladder"], []).append(step)
            counted |= {str(number): step == number for number in range(1, len(ladders[entry["ladder"]]["steps"]) + 1)}
            counted["none"] = step.isna()
        found += [
            count_facts(group, yes, table="ladder_groups", row=row, column=key, definition="ladder_group")
            for row, yes in counted.items()
        ]
    for ladder, series in grouped.items():
        every = pd.concat(series)
        people = pd.DataFrame({"person": every.index, "department": "x"})
        found.append(
            share_facts(
                people, every.notna(), table="ladder_placed", row=ladder, column="placed",
                definition="ladder_placed", whole=True,
            )
        )  # fmt: skip
    return together(found)
