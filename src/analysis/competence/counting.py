"""Facts of groups in which everyone has an attribute or has not: shares, counts, means and numbers of groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from analysis.reference.practices import Counting
from analysis.tables.licences import in_force
from analysis.tables.protected import ORGANISATION


@dataclass(frozen=True)
class Workforce:
    """Who is in post, and who was: what practices are counted among.

    Attributes:
        people: monthly paid in post at the cut-off, one row per person: DataFrame[person, department, unit, occupation,
            form, fte, tenure_years, spell_start, …] (``workforce.spells.stock``).
        earlier: the same a year before.
        at: the cut-off.
        licences: occupation → the licence it asks for.
        qualifications: clean table, None where the delivery has none.
            training, assignments, mentoring: clean tables, empty where the delivery has none.
        rules: settings of what is counted.
    """

    people: pd.DataFrame
    earlier: pd.DataFrame
    at: pd.Timestamp
    licences: dict[str, str]
    qualifications: pd.DataFrame | None
    training: pd.DataFrame
    assignments: pd.DataFrame
    mentoring: pd.DataFrame
    rules: Counting

    @property
    def since(self) -> pd.Timestamp:
        """The last day before the twelve months that end with the cut-off."""
        return self.at - pd.DateOffset(years=1)

    def of(self, occupations: Iterable[str], people: pd.DataFrame | None = None) -> pd.DataFrame:
        """Persons of some occupations, of every one where none is named."""
        who = self.people if people is None else people
        wanted = list(occupations)
        return who[who["occupation"].isin(wanted)] if wanted else who

    @cached_property
    def licensed(self) -> set[str]:
        """Persons in post who hold the licence that their occupation asks for."""
        if self.qualifications is None:
            return set()
        held = in_force(self.qualifications, self.at)
        pairs = set(zip(held["person"], held["kind"], strict=True))
        asked = self.people["occupation"].map(self.licences)
        mine = zip(self.people["person"], asked, strict=True)
        return {person for person, kind in mine if (person, kind) in pairs}

    def holders(self, kind: str, day: pd.Timestamp) -> pd.DataFrame:
        """Rows of the assignments of a kind that hold on a day."""
        rows = self.assignments
        rows = rows[(rows["kind"] == kind) & (rows["start"] <= day) & (rows["end"].isna() | (rows["end"] >= day))]
        return rows.sort_values(["person", "start"]).drop_duplicates("person")

    def records(self, programme: str) -> pd.DataFrame:
        """Participation in a programme, as it was known at the cut-off: what is decided later still goes on."""
        rows = self.training[self.training["course"] == programme]
        rows = rows[rows["start"].isna() | (rows["start"] <= self.at)]
        later = (rows["status"] != "enrolled") & (rows["end"] > self.at)
        return rows.assign(status=rows["status"].mask(later, "enrolled"))


Figures = list[dict[str, object]]
"""Rows of facts (``tables.facts``): thousands of small groups are counted, and one table is made of them at the end."""


def share_facts(
    group: pd.DataFrame, yes: Any, *, table: str, row: str, column: str, definition: str, whole: bool = False
) -> Figures:
    """Share of a group with an attribute, by department and in the whole organisation; nothing of an empty group.

    Args:
        group: DataFrame[person, department, …], one row per person.
        yes: booleans in the order of its rows; not known is no.
        table: table of facts.
        row: row of the figure in it.
        column: its column.
        definition: what it means.
        whole: the whole organisation only.
    """
    return [
        {
            "table": table, "department": department, "row": row, "column": column, "value": number / size, "n": size,
            "numerator": number, "denominator": size, "unit": "share", "definition": definition,
        }
        for department, number, size in _counted(group, yes, whole)
    ]  # fmt: skip


def count_facts(
    group: pd.DataFrame, yes: Any, *, table: str, row: str, column: str, definition: str, whole: bool = True
) -> Figures:
    """Number in a group with an attribute; arguments as ``share_facts``."""
    return [
        {
            "table": table, "department": department, "row": row, "column": column, "value": number, "n": number,
            "numerator": number, "denominator": size, "unit": "persons", "definition": definition,
        }
        for department, number, size in _counted(group, yes, whole)
    ]  # fmt: skip


def number_fact(
    value: float, n: float, *, table: str, row: str, column: str, definition: str, unit: str,
    department: str = ORGANISATION, low: float = np.nan, high: float = np.nan,
) -> Figures:  # fmt: skip
    """One number about a group of ``n`` persons; nothing where there is none."""
    if n <= 0 or np.isnan(value):
        return []
    return [
        {
            "table": table, "department": department, "row": row, "column": column, "value": value, "n": n,
            "numerator": n, "denominator": n, "unit": unit, "definition": definition, "low": low, "high": high,
        }
    ]  # fmt: skip


def with_columns(group: pd.DataFrame, rows: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """Those of a group who have a row, with columns of it.

    Args:
        group: DataFrame[person, …].
        rows: DataFrame[person, …], one row per person.
        columns: columns of ``rows`` to add.
    """
    mine, by_person = group[group["person"].isin(rows["person"])], rows.set_index("person")
    return mine.assign(**{name: by_person[name].loc[mine["person"]].to_numpy() for name in columns})


def day_of(persons: pd.Series, days: pd.Series) -> pd.Series:
    """The day of each person, missing where there is none; ``days`` may be empty (pandas then makes numbers of it)."""
    if days.empty:
        return pd.Series(pd.NaT, index=persons.index, dtype="datetime64[us]")
    return persons.map(days)


def together(parts: Iterable[Figures]) -> Figures:
    """All of them in one list."""
    return [figure for part in parts for figure in part]


def _counted(group: pd.DataFrame, yes: Any, whole: bool) -> list[tuple[str, int, int]]:
    """Department, number with the attribute and size: the whole organisation first."""
    if group.empty:
        return []
    given = np.asarray(yes)
    held = given if given.dtype == bool else np.array([each is True for each in given.tolist()], dtype=bool)
    found = [(ORGANISATION, int(held.sum()), len(held))]
    if not whole:
        codes, names = pd.factorize(group["department"].astype("str"), sort=True)
        sums, sizes = np.bincount(codes, weights=held), np.bincount(codes)
        found += [(str(name), int(sums[place]), int(sizes[place])) for place, name in enumerate(names)]
    return found
