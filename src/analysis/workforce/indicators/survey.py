"""HME: sustainable engagement from nine statements, by Kolada's order of averaging (U00200–U00203, U00300–U00308).

Each statement first: the mean of all its answers, turned into an index 0–100; then the mean of the statements. With
statements left unanswered this differs from the mean over respondents.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import by_department
from analysis.workforce.indicators.named import figure, ratio

QUESTIONS = tuple(f"hme_{number}" for number in range(1, 10))
INDICES = {"u00200": QUESTIONS, "u00201": QUESTIONS[:3], "u00202": QUESTIONS[3:6], "u00203": QUESTIONS[6:]}
"""Total, motivation, leadership and governance (styrning) → their statements."""


def index(means: pd.Series) -> pd.Series:
    """Mean answers 1–5 as indices 0–100: (mean − 1) · 25."""
    return (means - 1) * 25


def hme(survey: pd.DataFrame, departments: dict[str, str], *, at: pd.Timestamp) -> pd.DataFrame:
    """Indices of the latest HME survey up to ``at``, its nine statements, and the response rate (N00898).

    ``n`` is the answers of the statement with the fewest; the answers of the rate are those of the statement with the
    most, per unit.

    Args:
        survey: clean table ``survey``.
        departments: unit → department.
        at: the cut-off.
    """
    mine = survey[(survey["survey"] == "hme") & survey["question"].isin(QUESTIONS) & (survey["held"] <= at)]
    mine = mine[mine["held"] == mine["held"].max()]
    # integers that may be missing do not divide like numbers
    mine = mine.astype({"answers": "float64", "offered": "float64", "mean": "float64"})
    mine = mine.assign(department=mine["unit"].map(departments), points=mine["mean"] * mine["answers"])
    found = []
    for department, part in by_department(mine):
        given = part[part["mean"].notna()].groupby("question")[["answers", "points"]].sum().reindex(list(QUESTIONS))
        score = index(given["points"] / given["answers"].replace(0, np.nan))
        for name, questions in INDICES.items():
            # a statement that nobody was asked leaves the index missing, not averaged over fewer
            value = score.loc[list(questions)].mean(skipna=False)
            found.append(figure(name, department, value, given.loc[list(questions), "answers"].fillna(0).min()))
        for place, question in enumerate(QUESTIONS):
            answers = given["answers"].fillna(0)[question]
            found.append(figure(f"u0030{place}", department, score[question], answers))
        of_unit = part.groupby("unit")[["answers", "offered"]].max().sum()
        answered, offered = of_unit["answers"], of_unit["offered"]
        found.append(
            figure("n00898", department, ratio(answered, offered), answered, numerator=answered, denominator=offered)
        )
    return facts(found)
