"""What rows about one person say against each other: another birth, another sex, an age nobody has.

Most often two systems use the same numbers for different persons, who would be made one without a word.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.extracts.rows.staging import CleanTables
from analysis.extracts.values.coded import hashes
from analysis.reference import load

TABLES = {"employments": "start", "snapshots": "snapshot"}
"""Tables that say who a person is, and a day on which the person worked here."""
LIMITS = load("quality")["contradictions"]
APART = LIMITS["months_apart"]
"""Months by which births must differ: a file may hold the year only."""
YOUNGEST, OLDEST = LIMITS["youngest"], LIMITS["oldest"]
"""Ages in years between which somebody may be employed."""
SEXES = ("F", "M")
FILES = 3
"""Files that are named."""
SEX, ODD, FILE = 16, 18, 19
"""Bits of what a row says of a person: months of birth since year 0, sex, an impossible age, the file."""
UNKNOWN = np.uint32(1 << SEX)


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
        tables: clean tables; twelve bytes are kept of what a block of rows says of a person, and no row.
    """
    sources: dict[str, int] = {}
    blocks: list[tuple[np.ndarray, np.ndarray]] = []
    for name, day in TABLES.items():
        for frame in tables.coded(name, ["person", "birth", "sex", "source", day]) if tables.rows(name) else ():
            codes, persons = pd.factorize(frame["person"].astype("str"))
            birth, there = frame["birth"], frame[day]
            age = (there.dt.year - birth.dt.year) * 12 + there.dt.month - birth.dt.month
            file, named = pd.factorize(frame["source"].astype("str"))
            numbers = np.array([sources.setdefault(str(each), len(sources)) for each in named], dtype="uint32")
            said = (birth.dt.year * 12 + birth.dt.month).fillna(0).to_numpy().astype("uint32")
            said |= (pd.Categorical(frame["sex"].astype("str"), categories=SEXES).codes + 1).astype("uint32") << SEX
            said |= ((age < YOUNGEST * 12) | (age > OLDEST * 12)).to_numpy().astype("uint32") << ODD
            said |= numbers[file] << FILE
            blocks.append(_distinct(hashes(pd.Series(persons, dtype="str"))[codes], said))
    if not blocks or not sum(len(person) for person, _ in blocks):
        return Contradictions()
    person, said = _distinct(*(np.concatenate(each) for each in zip(*blocks, strict=True)))
    starts = np.flatnonzero(np.append(True, person[1:] != person[:-1]))
    born = said & ((1 << SEX) - 1)
    last = np.maximum.reduceat(born, starts).astype("int64")
    first = np.minimum.reduceat(np.where(born > 0, born, UNKNOWN), starts).astype("int64")
    sexes = np.bitwise_or.reduceat((1 << ((said >> SEX) & 3)) >> 1, starts)
    wrong = (last - first >= APART) | (sexes == 3)
    among = np.repeat(wrong, np.diff(np.append(starts, len(person))))
    files = np.bincount(np.minimum(said[among] >> FILE, len(sources) - 1), minlength=len(sources))
    names = list(sources)
    return Contradictions(
        persons=int(wrong.sum()),
        ages=int(np.bitwise_or.reduceat((said >> ODD) & 1, starts).sum()),
        everyone=len(starts),
        files=tuple(names[place] for place in np.argsort(-files, kind="stable")[:FILES] if files[place]),
    )


def _distinct(person: np.ndarray, said: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs in order of person, each once."""
    order = np.lexsort((said, person))
    person, said = person[order], said[order]
    new = np.ones(len(person), dtype=bool)
    new[1:] = (person[1:] != person[:-1]) | (said[1:] != said[:-1])
    return person[new], said[new]
