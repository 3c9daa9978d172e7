"""Studies that lead to another occupation or a licence: how many finish, when, and the time they cost.

Only counts of groups leave the room. What is known at the cut-off decides: studies that had not begun by
then are not counted, and a record that was decided later is still a study in progress.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.competence.groups import MONTHLY, departments_of, with_whole
from analysis.periods import DAYS_PER_MONTH
from analysis.tables.joins import join

COLUMNS = [
    "department", "from_occupation", "target_occupation", "year", "planned_completions", "in_study_fte_loss",
]  # fmt: skip
PAIR = ["department", "from_occupation", "target_occupation"]
PRIOR, WEIGHT = 0.8, 10.0
"""Assumed completion share and its weight in decided records, where a course says nothing else."""


def completion_shares(
    training: pd.DataFrame, courses: Mapping[str, Mapping[str, Any]], *, cutoff: pd.Timestamp
) -> dict[str, float]:
    """Expected share of students who complete, per target occupation, from records decided up to the cut-off.

    (completed + prior · weight) / (completed + dropped + weight): the posterior mean of a beta prior.
    Dropped records without a date count as decided. The prior is that of the first course that leads to the
    occupation.

    Returns:
        target occupation → share.
    """
    records = studies(training, courses, cutoff=cutoff)
    shares: dict[str, float] = {}
    for target, part in records.groupby("target_occupation", sort=True):
        prior, weight = PRIOR, WEIGHT
        for entry in courses.values():
            if entry["kind"] == "pipeline" and entry["target_occupation"] == target:
                prior, weight = entry["completion_prior"], entry["completion_weight"]
                break
        completed, dropped = (part["state"] == "completed").sum(), (part["state"] == "dropped").sum()
        shares[str(target)] = float((completed + prior * weight) / (completed + dropped + weight))
    return shares


def studies(training: pd.DataFrame, courses: Mapping[str, Mapping[str, Any]], *, cutoff: pd.Timestamp) -> pd.DataFrame:
    """Pipeline records as they stood at the cut-off.

    Returns:
        DataFrame[person, target_occupation, state (completed|dropped|enrolled), start, planned_end,
        work_share]; studies that begin after the cut-off are left out. ``planned_end`` is the record's end
        while enrolled, else start plus the course's length; an enrolled record without either is taken to
        begin at the cut-off, and one without a known length goes on without an end.
    """
    piped = {key: entry for key, entry in courses.items() if entry["kind"] == "pipeline"}
    is_pipeline = (training["kind"] == "pipeline") | training["course"].isin(list(piped))
    rows = training[is_pipeline & (training["start"].isna() | (training["start"] <= cutoff))].copy()

    def of_course(field: str) -> pd.Series:
        return rows["course"].map({key: entry[field] for key, entry in piped.items()})

    rows["target_occupation"] = rows["target_occupation"].fillna(of_course("target_occupation").astype("str"))
    rows["work_share"] = rows["work_share"].fillna(of_course("work_share")).astype("float64")
    later = rows["end"] > cutoff
    rows["state"] = rows["status"].where((rows["status"] == "enrolled") | ~later, "enrolled")
    months = of_course("months").astype("float64")
    length = pd.to_timedelta((months * DAYS_PER_MONTH).round(), unit="D")
    by_length = rows["start"].fillna(cutoff) + length
    # when a record was decided after the cut-off, its end was not yet known, only its planned length
    foreseen = by_length.where(rows["status"] != "enrolled", rows["end"])
    rows["planned_end"] = foreseen.fillna(rows["end"]).fillna(by_length)
    rows = rows[rows["target_occupation"].notna()]
    return rows[["person", "target_occupation", "state", "start", "planned_end", "work_share"]]


def pipeline(
    training: pd.DataFrame,
    spells_at_cutoff: pd.DataFrame,
    courses: Mapping[str, Mapping[str, Any]],
    *,
    cutoff: pd.Timestamp,
    years: int = 5,
    departments: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Expected newly qualified, and full-time equivalents lost to studies, per forecast year.

    Forecast year k holds the days after cut-off + 12·(k−1) months up to cut-off + 12·k months and is named
    after the year in which it ends. Expected completions = students whose planned end falls in the year ×
    completion share; a planned end that has already passed counts in the first year. The loss is Σ rate ·
    (1 − work share) · share of the year in study, without regard to drop-outs. Students who no longer are
    in post count nowhere.

    Where from and target occupation are the same, the studies give a licence, not a new member of the
    occupation.

    Args:
        training: clean table ``training``.
        spells_at_cutoff: DataFrame[person, department, occupation, form, rate (fraction), …], the main
            employment of everyone in post at the cut-off; the hourly paid are left out.
        courses: courses by id (``reference.courses``).
        cutoff: last day that is known.
        years: forecast years.
        departments: departments to report; default those that hold somebody.

    Returns:
        DataFrame[department, from_occupation, target_occupation, year ("2026"), planned_completions (expected
        persons), in_study_fte_loss (full-time equivalents, mean of the year)]; every department and ``all``
        for every pair of occupations with somebody in study, zero included.
    """
    records = studies(training, courses, cutoff=cutoff)
    shares = completion_shares(training, courses, cutoff=cutoff)
    people = spells_at_cutoff[
        spells_at_cutoff["form"].isin(MONTHLY) & spells_at_cutoff["department"].notna()
    ].drop_duplicates(["person", "department"])
    active = records[records["state"] == "enrolled"]
    # one study per person and target: the one that is planned to end last
    active = active.sort_values(["person", "target_occupation", "planned_end"], na_position="first")
    active = active.drop_duplicates(["person", "target_occupation"], keep="last")
    staff = with_whole(people[["person", "department", "occupation", "rate"]])
    joined, _ = join(staff, active, "person", how="inner", validate="many_to_many", name="studies by person")
    if joined.empty:
        return pd.DataFrame(columns=COLUMNS)
    joined = joined.rename(columns={"occupation": "from_occupation"})
    joined["completion"] = joined["target_occupation"].map(shares)
    joined["loss"] = joined["rate"].fillna(1.0) * (1 - joined["work_share"].fillna(1.0))
    table = _per_year(joined, cutoff, years)
    pairs = table[PAIR[1:]].drop_duplicates()
    grid = pd.MultiIndex.from_tuples(
        [
            (department, *pair, year)
            for department in departments_of(spells_at_cutoff, departments)
            for pair in sorted(pairs.itertuples(index=False, name=None))
            for year in dict.fromkeys(table["year"])
        ],
        names=[*PAIR, "year"],
    )
    sums = table.groupby([*PAIR, "year"])[["planned_completions", "in_study_fte_loss"]].sum()
    return sums.reindex(grid, fill_value=0.0).reset_index()[COLUMNS]


def _per_year(joined: pd.DataFrame, cutoff: pd.Timestamp, years: int) -> pd.DataFrame:
    """Repeat the students for each forecast year with their expected completion and loss in it."""
    parts = []
    for ahead in range(1, years + 1):
        begins = cutoff + pd.offsets.MonthEnd(12 * (ahead - 1))
        ends = cutoff + pd.offsets.MonthEnd(12 * ahead)
        finishes = joined["planned_end"] <= ends
        if ahead > 1:
            finishes &= joined["planned_end"] > begins
        until = joined["planned_end"].where(joined["planned_end"] < ends, ends)
        studied = (until - begins).dt.days.clip(lower=0) / (ends - begins).days
        parts.append(
            joined[PAIR].assign(
                year=str(ends.year),
                planned_completions=np.where(finishes, joined["completion"], 0.0),
                in_study_fte_loss=joined["loss"] * studied,
            )
        )
    return pd.concat(parts, ignore_index=True)
