"""What rows about one person say against each other: another birth, another sex, an age nobody has.

Most often two systems use the same numbers for different persons, who would be made one without a word.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.extracts.coded import hashes
from analysis.extracts.staging import CleanTables

TABLES = {"employments": "start", "snapshots": "snapshot"}
"""Tables that say who a person is, and a day on which the person worked here."""
APART = 12
"""Months by which births must differ: a file may hold the year only."""
YOUNGEST, OLDEST = 13, 100
"""Ages in years between which somebody may be employed."""
SEXES = ("F", "M")
FILES = 3
"""Files that are named."""


@dataclass(frozen=True)
class Contradictions:
    """Persons of whom rows say different things, persons of an impossible age, and all; files of the former."""

    persons: int = 0
    ages: int = 0
    everyone: int = 0
    files: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Share of all persons of whom rows say different things."""
        return self.persons / self.everyone if self.everyone else 0.0


def contradictions(tables: CleanTables) -> Contradictions:
    """Look at every person of the tables that say who is employed.

    Args:
        tables: clean tables; of a person what differs is kept, eight bytes and a few, no row.
    """
    parts = []
    for name, day in TABLES.items():
        if not tables.rows(name):
            continue
        for frame in tables.coded(name, ["person", "birth", "sex", "source", day]):
            codes, persons = pd.factorize(frame["person"].astype("str"))
            birth, there = frame["birth"], frame[day]
            age = (there.dt.year - birth.dt.year) * 12 + there.dt.month - birth.dt.month
            part = pd.DataFrame(
                {
                    "person": hashes(pd.Series(persons, dtype="str"))[codes],
                    "birth": (birth.dt.year * 12 + birth.dt.month).to_numpy(),
                    "sex": pd.Categorical(frame["sex"].astype("str"), categories=SEXES).codes,
                    "source": frame["source"].astype("str").to_numpy(),
                    "odd": ((age < YOUNGEST * 12) | (age > OLDEST * 12)).to_numpy(),
                }
            )
            parts.append(part.drop_duplicates())
    if not parts:
        return Contradictions()
    found = pd.concat(parts, ignore_index=True).drop_duplicates()
    by_person = found.groupby("person")
    births = by_person["birth"].agg(["min", "max"])
    known = found[found["sex"] >= 0].groupby("person")["sex"].nunique().reindex(births.index)
    wrong = (births["max"] - births["min"] >= APART) | (known > 1)
    among = found.loc[found["person"].isin(wrong.index[wrong.to_numpy(dtype=bool)]), ["person", "source"]]
    files = Counter(among.drop_duplicates()["source"])
    return Contradictions(
        persons=int(wrong.sum()),
        ages=int(np.asarray(by_person["odd"].any()).sum()),
        everyone=len(births),
        files=tuple(file for file, _ in files.most_common(FILES)),
    )
