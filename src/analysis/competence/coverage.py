"""How much of a course's target group has completed it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.competence.groups import departments_of, target_group, with_whole

COLUMNS = ["department", "course", "completed", "staff", "share", "target"]


def course_coverage(
    training: pd.DataFrame,
    spells_at_cutoff: pd.DataFrame,
    courses: Mapping[str, Mapping[str, Any]],
    *,
    cutoff: pd.Timestamp,
    departments: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Share of each course's target group in post at the cut-off who have completed it.

    The course's ``forms`` say whether hourly paid are part of the denominator. A person who completed the
    course twice counts once; who completed it and then left the target group does not count. A completion
    without a date counts.

    Args:
        training: clean table ``training``.
        spells_at_cutoff: DataFrame[person, department, occupation, form, …], the main employment of
            everyone in post at the cut-off.
        courses: courses by id (``reference.courses``); pipelines are left out.
        cutoff: last day that counts.
        departments: departments to report; default those that hold somebody.

    Returns:
        DataFrame[department, course, completed, staff (persons), share, target (fractions)]; every
        department and ``all`` for each course that occurs in the delivery (a course without any record is
        not 0 per cent, it is missing). A department that takes no part in a course (``participating``) has nobody in
        its target group. ``share`` is NaN where nobody belongs to the target group,
        ``target`` where none is set.
    """
    keys = departments_of(spells_at_cutoff, departments)
    done = training[(training["status"] == "completed") & (training["end"].isna() | (training["end"] <= cutoff))]
    delivered = set(training["course"].dropna())
    parts = []
    for course, entry in courses.items():
        if entry["kind"] != "course" or course not in delivered:
            continue
        group = target_group(spells_at_cutoff, entry["occupations"], entry["forms"])
        if entry.get("participating") is not None:
            recorded = group["person"].isin(training.loc[training["course"] == course, "person"])
            share = recorded.groupby(group["department"]).transform("mean")
            group = group[share >= entry["participating"]]
        group = with_whole(group)
        group["completed"] = group["person"].isin(done.loc[done["course"] == course, "person"])
        counts = group.groupby("department")["completed"].agg(["sum", "size"]).reindex(keys)
        counts = counts.fillna(0).astype("int64")
        table = pd.DataFrame({"department": keys, "course": course})
        table["completed"], table["staff"] = counts["sum"].to_numpy(), counts["size"].to_numpy()
        table["share"] = table["completed"] / table["staff"].where(table["staff"] > 0)
        table["target"] = np.nan if entry["target"] is None else entry["target"]
        parts.append(table)
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts, ignore_index=True)[COLUMNS].astype({"share": "float64", "target": "float64"})
