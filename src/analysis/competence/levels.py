"""Where people stand on what is required: the step of a ladder, with or without a competence, licensed or not.

One scale for all: level 0 is *not assessed*, and from 1 upward the levels of the model. A ladder has its steps; a
competence and a licence have two, 1 without it and 2 with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.competence.ladders import latest_steps
from analysis.tables.competence_rows import QUALIFIED
from analysis.tables.licences import in_force

WITHOUT, WITH = 1, 2
"""Levels of a competence and of a licence."""


@dataclass(frozen=True)
class Catalogue:
    """What the reference data says of models: ladders and competences by id, licences by occupation."""

    ladders: Mapping[str, Mapping[str, Any]]
    competences: Mapping[str, Mapping[str, Any]]
    licences: Mapping[str, str]

    def size(self, model: str) -> int:
        """The highest level of a model."""
        return len(self.ladders[model]["steps"]) if model in self.ladders else WITH

    def wanted(self, model: str, step: float) -> int:
        """The level from which a requirement is fulfilled; ``step`` is that of a ladder."""
        return int(step) if model in self.ladders else WITH


@dataclass(frozen=True)
class Records:
    """Clean tables that say what people can; None where the delivery has none."""

    competence: pd.DataFrame | None
    training: pd.DataFrame | None
    qualifications: pd.DataFrame | None

    def tell(self, model: str, catalogue: Catalogue) -> bool:
        """Does the delivery hold anything about a model?"""
        if model == QUALIFIED:
            return self.qualifications is not None and len(self.qualifications) > 0
        if self.competence is not None and (self.competence["model"] == model).any():
            return True
        course = catalogue.competences.get(model, {}).get("course")
        return course is not None and self.training is not None and bool((self.training["course"] == course).any())


def levels(people: pd.DataFrame, model: str, records: Records, catalogue: Catalogue, *, at: pd.Timestamp) -> pd.Series:
    """The level of each person on a model, as known at ``at``.

    The latest assessment counts, also when it is lower than one before. Whoever completed the course that gives a
    competence has it, unless a later assessment says no.

    Args:
        people: DataFrame[person, occupation, …], one row per person.
        model: a ladder, a competence, or ``qualified``.
        records: what the delivery says.
        catalogue: what the reference data says.
        at: last day that is known.

    Returns:
        Integers on the index of ``people``.
    """
    if model == QUALIFIED:
        return _licensed(people, records.qualifications, catalogue.licences, at)
    if model in catalogue.ladders:
        if records.competence is None:
            return pd.Series(0, index=people.index)
        steps = latest_steps(records.competence, {model: catalogue.ladders[model]}, cutoff=at)
        return people["person"].map(steps.set_index("person")["step"]).fillna(0).astype("int64")
    entry = catalogue.competences[model]
    said = _said(model, entry.get("course"), records)
    said = said[said["assessed"].isna() | (said["assessed"] <= at)]
    # a record without a day was there before all others; of two on one day the one that says yes counts
    said = said.sort_values(["person", "assessed", "held"], na_position="first").drop_duplicates("person", keep="last")
    level = said.set_index("person")["held"].map({True: WITH, False: WITHOUT})
    absent = WITHOUT if entry["complete"] else 0
    return people["person"].map(level).fillna(absent).astype("int64")


def _said(model: str, course: str | None, records: Records) -> pd.DataFrame:
    """Everything on record about a competence: DataFrame[person, assessed, held]."""
    parts = [pd.DataFrame({"person": pd.Series(dtype="str"), "assessed": pd.Series(dtype="datetime64[us]")})]
    parts[0]["held"] = pd.Series(dtype="bool")
    if records.competence is not None:
        own = records.competence[records.competence["model"] == model]
        parts.append(own[["person", "assessed"]].assign(held=own["held"].fillna(True).astype("bool")))
    if course is not None and records.training is not None:
        done = records.training[(records.training["course"] == course) & (records.training["status"] == "completed")]
        parts.append(done[["person", "end"]].set_axis(["person", "assessed"], axis=1).assign(held=True))
    filled = [part for part in parts if len(part)]
    return pd.concat(filled, ignore_index=True) if filled else parts[0]


def _licensed(
    people: pd.DataFrame, qualifications: pd.DataFrame | None, licences: Mapping[str, str], at: pd.Timestamp
) -> pd.Series:
    """With the occupation's licence or without it: the register of licences is complete."""
    if qualifications is None:
        return pd.Series(WITHOUT, index=people.index)
    known = in_force(qualifications, at)
    held = pd.MultiIndex.from_frame(known[["person", "kind"]])
    wanted = pd.MultiIndex.from_arrays([people["person"], people["occupation"].map(dict(licences))])
    return pd.Series(wanted.isin(held), index=people.index).map({True: WITH, False: WITHOUT}).astype("int64")
