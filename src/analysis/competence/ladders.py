"""Where people stand on their competence ladder, as counts per department and step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from analysis.competence.groups import departments_of, target_group, with_whole

COLUMNS = ["department", "model", "step", "persons", "of"]


def latest_steps(
    competence: pd.DataFrame, ladders: Mapping[str, Mapping[str, Any]], *, cutoff: pd.Timestamp
) -> pd.DataFrame:
    """The step that each person holds on each ladder at the cut-off.

    The latest assessment up to the cut-off counts; of several on one day the highest step, so that nothing
    depends on the order of rows. Unknown models and steps outside the ladder are left out.

    Returns:
        DataFrame[person, model, step], one row per person and model.
    """
    lengths = {key: float(len(ladder["steps"])) for key, ladder in ladders.items()}
    steps = competence["model"].map(lengths).astype("float64")
    valid = (competence["assessed"] <= cutoff) & (competence["step"] >= 1) & (competence["step"] <= steps)
    rows = competence.loc[valid.fillna(False).astype("bool"), ["person", "model", "step", "assessed"]]
    rows = rows.sort_values(["person", "model", "assessed", "step"])
    return rows.drop_duplicates(["person", "model"], keep="last")[["person", "model", "step"]]


def ladder_counts(
    competence: pd.DataFrame,
    spells_at_cutoff: pd.DataFrame,
    ladders: Mapping[str, Mapping[str, Any]],
    *,
    cutoff: pd.Timestamp,
    departments: Iterable[str] | None = None,
) -> pd.DataFrame:
    """Persons per step of each ladder, among the monthly paid in the ladder's occupations.

    A person who left, or moved to an occupation that the ladder is not for, stands on no step.

    Args:
        competence: clean table ``competence``.
        spells_at_cutoff: DataFrame[person, department, occupation, form, …], the main employment of
            everyone in post at the cut-off.
        ladders: ladders by id (``reference.ladders``).
        cutoff: last day that counts.
        departments: departments to report; default those that hold somebody.

    Returns:
        DataFrame[department, model, step (1…), persons, of], in persons; every department and ``all`` for
        every ladder that the delivery holds an assessment of, every step of it, zero included. ``of``
        counts everyone in the ladder's occupations, assessed or not.
    """
    keys = departments_of(spells_at_cutoff, departments)
    held = latest_steps(competence, ladders, cutoff=cutoff)
    delivered = set(competence["model"].dropna())
    parts = []
    for model, ladder in ladders.items():
        if model not in delivered:
            continue
        group = with_whole(target_group(spells_at_cutoff, ladder["occupations"]))
        step = held[held["model"] == model].set_index("person")["step"]
        group["step"] = group["person"].map(step)
        counted = group[group["step"].notna()].groupby(["department", "step"]).size()
        grid = pd.MultiIndex.from_product([keys, range(1, len(ladder["steps"]) + 1)], names=["department", "step"])
        long = counted.reindex(grid, fill_value=0).rename("persons").reset_index()
        of = group.groupby("department").size()
        long["of"] = long["department"].map(of).fillna(0).astype("int64")
        parts.append(long.assign(model=model)[COLUMNS])
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    return table.astype({"step": "int64", "persons": "int64", "of": "int64"})
