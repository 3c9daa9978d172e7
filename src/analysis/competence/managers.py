"""The programme that all managers take together, and what managers say: for the whole organisation, never per unit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.competence.counting import Figures, Workforce, day_of, number_fact, share_facts, together
from analysis.tables.protected import ORGANISATION

SPREAD = 1.6448536269514722
"""Standard normal quantile of a 90 per cent interval."""


def programme_facts(staff: Workforce, days: float | None, administrations: dict[str, str], *, least: int) -> Figures:
    """Facts of the managers' programme.

    ``manager_coverage`` (row = month "YYYY-MM", column ``completed``): share of today's managers who had completed it
    by the end of each half-year since its first. ``manager_rounds`` (row = round, "YYYY-MM" of its start), columns
    ``all_days``: share of the participants who attended every day, ``followed_up``: share with a talk within the stated
    months, of those whose time has passed. ``manager_mix`` (``mixed``): share of pairs from different administrations.
    ``manager_days`` (``mean``): days attended. ``manager_until`` (``months``): months until all have completed it at
    the pace of the last twelve. ``manager_left`` (``completed``, ``others``): share of those managing a year before who
    are no longer in post, with a 90 per cent interval (Wilson).

    Args:
        staff: who is in post.
        days: the programme's length.
        administrations: department → administration.
        least: persons by which two months of the coverage differ at least: their difference is a count.
    """
    records, occupations = staff.records(staff.rules.manager_programme), staff.rules.managers
    records = records[records["start"].notna()].sort_values(["person", "start"]).drop_duplicates("person", keep="last")
    managers = staff.of(occupations)
    if records.empty or managers.empty:
        return together([])
    done = records[records["status"] == "completed"].set_index("person")["end"]
    finished = day_of(managers["person"], done)
    found = [_coverage(managers, finished, records["start"].min(), staff.at, least)]
    found.append(_until(finished, staff))
    home = staff.people.set_index("person")["department"].map(administrations)
    gap = records.sort_values("start")["start"].diff().dt.days > staff.rules.round_gap_days
    records = records.sort_values("start").assign(round=gap.cumsum())
    for _, members in records.groupby("round"):
        found.append(_round(members, days, home, staff))
    found.append(_left(staff, occupations, set(done.index[done <= staff.since])))
    return together(found)


def _coverage(
    managers: pd.DataFrame, finished: pd.Series, first: pd.Timestamp, at: pd.Timestamp, least: int
) -> Figures:
    ends = pd.date_range(first, at, freq="6ME")
    months, kept = [at], int((finished <= at).sum())
    for month in reversed(ends[ends < at]):
        number = int((finished <= month).sum())
        if kept - number >= least:
            months, kept = [month, *months], number
    return together(
        share_facts(
            managers, finished <= month, table="manager_coverage", row=f"{month:%Y-%m}", column="completed",
            definition="manager_coverage", whole=True,
        )
        for month in months
    )  # fmt: skip


def _until(finished: pd.Series, staff: Workforce) -> Figures:
    left, pace = int((finished.isna() | (finished > staff.at)).sum()), int((finished > staff.since).sum())
    months = 12.0 * left / pace if pace else float("nan")
    made = number_fact(
        months, len(finished), table="manager_until", row="total", column="months", definition="manager_until",
        unit="ratio",
    )  # fmt: skip
    return [{**each, "numerator": pace} for each in made]  # who completed it lately is told by the months


def _round(members: pd.DataFrame, days: float | None, home: pd.Series, staff: Workforce) -> Figures:
    at, months = staff.at, staff.rules.follow_up_months
    row = f"{members['start'].min():%Y-%m}"
    members = members.assign(department="x")
    done = members[members["status"] == "completed"]
    found = []
    if days and "days" in done and done["days"].notna().any():
        found.append(
            share_facts(
                done, done["days"] >= days, table="manager_rounds", row=row, column="all_days",
                definition="manager_days", whole=True,
            )
        )  # fmt: skip
        found.append(
            number_fact(
                float(done["days"].mean()), len(done), table="manager_days", row=row, column="mean",
                definition="manager_days", unit="ratio",
            )
        )  # fmt: skip
    if "followed_up" in done and done["followed_up"].notna().any():
        over = done[done["end"] + pd.DateOffset(months=months) <= at]
        within = over["followed_up"] <= over["end"] + pd.DateOffset(months=months)
        found.append(
            share_facts(
                over, within, table="manager_rounds", row=row, column="followed_up", definition="manager_followed_up",
                whole=True,
            )
        )  # fmt: skip
    found.append(_mixed(members["person"].map(home).dropna(), row))
    return together(found)


def _mixed(administrations: pd.Series, row: str) -> Figures:
    size = len(administrations)
    if size < 2:
        return []
    counts = administrations.value_counts()
    pairs, same = size * (size - 1) / 2, float((counts * (counts - 1) / 2).sum())
    return number_fact(
        1.0 - same / pairs, size, table="manager_mix", row=row, column="mixed", definition="manager_mix", unit="share"
    )


def _left(staff: Workforce, occupations: list[str], completed: set[str]) -> Figures:
    before = staff.of(occupations, staff.earlier)
    gone = ~before["person"].isin(staff.people["person"])
    taken = before["person"].isin(completed)
    found = []
    for column, which in (("completed", taken), ("others", ~taken)):
        made = share_facts(
            before[which], gone[which], table="manager_left", row="total", column=column, definition="manager_left",
            whole=True,
        )  # fmt: skip
        found.append([{**each, **_wilson(int(gone[which].sum()), int(which.sum()))} for each in made])
    return together(found)


def _wilson(events: int, size: int) -> dict[str, float]:
    """Wilson's score interval of a share (Wilson 1927), 90 per cent."""
    share, square = events / size, SPREAD**2
    middle = (share + square / (2 * size)) / (1 + square / size)
    half = SPREAD / (1 + square / size) * np.sqrt(share * (1 - share) / size + square / (4 * size**2))
    return {"low": middle - half, "high": middle + half}


def survey_facts(survey: pd.DataFrame, at: pd.Timestamp, subjects: Mapping[str, list[str]]) -> Figures:
    """Facts of the managers' own survey, whole organisation: ``manager_survey`` and ``manager_response``, row = month.

    Index 0–100 of a mean from 1 to 5: 25 · (mean − 1), as in HME; column = subject, the mean of its questions weighed
    by answers. Response: persons who answered the question answered least, of those asked.

    Args:
        survey: clean table.
        at: the cut-off.
        subjects: subject → questions.
    """
    mine = survey[(survey["survey"] == "managers") & (survey["held"] <= at) & (survey["answers"] > 0)]
    found = []
    for month, held in mine.groupby("held"):
        by_question = held.groupby("question")[["offered", "answers"]].sum()
        found.append(
                [
                    {
                        "table": "manager_response", "department": ORGANISATION, "row": f"{month:%Y-%m}",
                        "column": "share", "value": by_question["answers"].min() / by_question["offered"].max(),
                        "n": by_question["answers"].min(), "numerator": by_question["answers"].min(),
                        "denominator": by_question["offered"].max(), "unit": "share",
                        "definition": "manager_response",
                    }
                ]
        )  # fmt: skip
        for subject, questions in subjects.items():
            asked = held[held["question"].isin(questions) & held["mean"].notna()]
            if asked.empty:
                continue
            mean = float(np.average(asked["mean"].astype("float64"), weights=asked["answers"].astype("float64")))
            least = asked.groupby("question")["answers"].sum().min()
            found.append(
                number_fact(
                    25.0 * (mean - 1.0), float(least), table="manager_survey", row=f"{month:%Y-%m}", column=subject,
                    definition="manager_survey", unit="index",
                )
            )  # fmt: skip
    return together(found)
