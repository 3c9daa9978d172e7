"""What surrounds a person at a window's start: the manager, the unit, the step of a ladder, studies.

Only what was known on that day is used: later assessments, appointments and completions are not looked at. Levels are
few and named in ``reference/data/features.toml``; "" stands for a delivery that does not say.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.periods import look_up

SURROUNDINGS = ("manager_span", "manager_change", "unit_growth", "ladder_step", "training")
SPANS = {"under_10": 10, "10_19": 20, "20_29": 30, "30_plus": np.inf}
"""Staff per manager of the unit: a band holds values below its upper end."""
GROWN, SHRUNK = 1.1, 0.9
"""Headcount of the unit over that of a year before, at which it has grown or shrunk."""
FEW = 5
"""A unit of fewer is not said to have grown or shrunk: one person would decide."""
YEAR = pd.DateOffset(years=1)

Tables = Mapping[str, pd.DataFrame | None]


def surroundings(
    people: pd.DataFrame, before: pd.DataFrame | None, *, at: pd.Timestamp, tables: Tables
) -> pd.DataFrame:
    """Levels of ``SURROUNDINGS`` of everyone in post at ``at``.

    Args:
        people: result of ``workforce.spells.stock`` at ``at``.
        before: the same a year earlier; None where the history does not reach.
        at: the window's start.
        tables: clean tables by name; of them managers, competence and training are read.

    Returns:
        DataFrame[SURROUNDINGS] on the index of ``people``; text.
    """
    found = {
        **_managers(people, tables.get("managers"), at),
        "unit_growth": _growth(people, before),
        "ladder_step": _step(people, tables.get("competence"), at),
        "training": _training(people, tables.get("training"), at),
    }
    return pd.DataFrame(found, index=people.index).astype("str")


def _managers(people: pd.DataFrame, managers: pd.DataFrame | None, at: pd.Timestamp) -> dict[str, pd.Series]:
    """Band of staff per manager in the unit, and whether a manager was appointed in the last year."""
    nothing = pd.Series("", index=people.index)
    if managers is None or managers.empty:
        return {"manager_span": nothing, "manager_change": nothing}
    now = managers[(managers["start"] <= at) & (managers["end"].isna() | (managers["end"] > at))]
    leaders = now.groupby("unit")["person"].nunique()
    staff = people.groupby("unit").size()
    per_manager = (staff / leaders.reindex(staff.index)).dropna()
    place = np.searchsorted(list(SPANS.values())[:-1], per_manager.to_numpy(), side="right")
    band = pd.Series(np.array(list(SPANS))[place], index=per_manager.index, dtype="str")
    span = look_up(people["unit"], band).fillna("none")
    # where the first appointment on record is younger than a year nobody knows whether there was one before
    if managers["start"].min() > at - YEAR:
        return {"manager_span": span, "manager_change": nothing}
    new = now.loc[now["start"] > at - YEAR, "unit"].unique()
    led = people["unit"].isin(leaders.index)
    change = np.select([people["unit"].isin(new), led], ["changed", "same"], "none")
    return {"manager_span": span, "manager_change": pd.Series(change, index=people.index)}


def _growth(people: pd.DataFrame, before: pd.DataFrame | None) -> pd.Series:
    if before is None:
        return pd.Series("", index=people.index)
    now, then = people.groupby("unit").size(), before.groupby("unit").size()
    then = then.reindex(now.index)
    ratio = now / then
    level = np.select([then.isna() | (then < FEW), ratio > GROWN, ratio < SHRUNK], ["", "grown", "shrunk"], "same")
    return look_up(people["unit"], pd.Series(level, index=now.index))


def _step(people: pd.DataFrame, competence: pd.DataFrame | None, at: pd.Timestamp) -> pd.Series:
    """The step last assessed, with its ladder; "none" for those never assessed."""
    if competence is None or competence.empty:
        return pd.Series("", index=people.index)
    known = competence[(competence["assessed"] <= at) & competence["step"].notna()]
    last = known.sort_values(["person", "assessed", "model", "step"]).drop_duplicates("person", keep="last")
    step = last["model"].astype("str") + ":" + last["step"].astype("Int64").astype("str")
    return look_up(people["person"], step.set_axis(last["person"])).fillna("none")


def _training(people: pd.DataFrame, training: pd.DataFrame | None, at: pd.Timestamp) -> pd.Series:
    """Studying for another occupation, a course completed in the last year, or neither."""
    if training is None or training.empty:
        return pd.Series("", index=people.index)
    going_on = (training["start"] <= at) & (training["end"].isna() | (training["end"] > at))
    studying = training.loc[(training["kind"] == "pipeline") & going_on, "person"]
    recent = (training["end"] <= at) & (training["end"] > at - YEAR) & (training["status"] == "completed")
    done = training.loc[recent, "person"]
    level = np.select([people["person"].isin(studying), people["person"].isin(done)], ["studying", "completed"], "none")
    return pd.Series(level, index=people.index)
