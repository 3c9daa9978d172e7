"""What is odd in delivered assessments and trainings, as data: counts of rows, no persons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

COLUMNS = ["finding", "model", "rows"]


def competence_findings(
    competence: pd.DataFrame | None,
    training: pd.DataFrame | None,
    ladders: Mapping[str, Mapping[str, Any]],
    courses: Mapping[str, Mapping[str, Any]],
) -> pd.DataFrame:
    """Rows that no figure counts, and why.

    Args:
        competence: clean table ``competence`` or None.
        training: clean table ``training`` or None.
        ladders: ladders by id.
        courses: courses by id.

    Returns:
        DataFrame[finding, model, rows]: ``model_unknown`` (no such ladder), ``step_outside_ladder``,
        ``course_unknown`` (no such course); ``model`` is the id in the delivery.
    """
    found: list[tuple[str, str, int]] = []
    if competence is not None and not competence.empty:
        unknown = competence[~competence["model"].isin(list(ladders))]
        found += _counted("model_unknown", unknown["model"])
        for model, ladder in ladders.items():
            part = competence[competence["model"] == model]
            outside = int(((part["step"] < 1) | (part["step"] > len(ladder["steps"]))).sum())
            if outside:
                found.append(("step_outside_ladder", model, outside))
    if training is not None and not training.empty:
        unknown = training[~training["course"].isin(list(courses))]
        found += _counted("course_unknown", unknown["course"])
    return pd.DataFrame(found, columns=COLUMNS)


def _counted(finding: str, keys: pd.Series) -> list[tuple[str, str, int]]:
    return [(finding, str(key), int(count)) for key, count in keys.value_counts().sort_index().items()]
