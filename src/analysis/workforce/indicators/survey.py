"""HME: sustainable engagement from nine statements, by Kolada's order of averaging (U00200–U00203, U00300–U00308).

Each statement first: the mean of all its answers, turned into an index 0–100; then the mean of the statements. With
statements left unanswered this differs from the mean over respondents.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import added, sums
from analysis.workforce.indicators.named import figure, ratio

QUESTIONS = tuple(f"hme_{number}" for number in range(1, 10))
INDICES = {"u00200": QUESTIONS, "u00201": QUESTIONS[:3], "u00202": QUESTIONS[3:6], "u00203": QUESTIONS[6:]}
"""Total, motivation, leadership and governance (styrning) → their statements."""


def index(means: np.ndarray) -> np.ndarray:
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
    units = mine.groupby("unit").agg({"department": "first", "answers": "max", "offered": "max"})
    responded = dict(sums(units, **added("answers", "offered")))
    measures = added("answers", "points")
    departments_held, given = list(responded)[1:], mine[mine["mean"].notna()]
    by_question = [
        dict(sums(given[given["question"] == question], departments=departments_held, **measures))
        for question in QUESTIONS
    ]
    found = []
    for department, of_units in responded.items():
        answers = np.array([of[department]["answers"] for of in by_question])
        score = index(np.array([ratio(of[department]["points"], of[department]["answers"]) for of in by_question]))
        for name, questions in INDICES.items():
            places = [QUESTIONS.index(question) for question in questions]
            # a statement that nobody was asked leaves the index missing, not averaged over fewer
            found.append(figure(name, department, score[places].mean(), answers[places].min()))
        for place in range(len(QUESTIONS)):
            found.append(figure(f"u0030{place}", department, score[place], answers[place]))
        answered, offered = of_units["answers"], of_units["offered"]
        found.append(
            figure("n00898", department, ratio(answered, offered), answered, numerator=answered, denominator=offered)
        )
    return facts(found)
