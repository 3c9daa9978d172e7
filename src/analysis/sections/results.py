"""What the near side gives a section: the result tables it declared, and protected cells to derive others from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from analysis.disclosure.thresholds import Thresholds
from analysis.errors import InputError
from analysis.tables.facts import facts as as_facts


class Store(Protocol):
    """Where the tables of an edition lie; None stands for a table that it has not."""

    def read(self, name: str) -> pd.DataFrame | None:
        """A near-side table or a group result."""

    def result(self, name: str) -> pd.DataFrame | None:
        """A group result."""

    def table(self, name: str) -> pd.DataFrame | None:
        """A near-side table."""


SHARED = ("facts_workforce", "facts_competence", "facts_retirements")
"""Facts that a stage computes for many sections at once; each section takes the tables it declares."""


@dataclass(frozen=True)
class Results:
    """The declared result tables of one section.

    Attributes:
        period: cut-off month, YYYY-MM.
        years: forecast years.
        limits: the policy's thresholds.
    """

    section: str
    needs: tuple[str, ...]
    tables: tuple[str, ...]
    period: str
    years: int
    limits: Thresholds
    read: Callable[[str], pd.DataFrame | None]

    def table(self, name: str) -> pd.DataFrame | None:
        """A result table; None where the edition has none.

        Raises:
            InputError: the section did not declare it among ``needs``.
        """
        if name not in self.needs:
            raise InputError(f"the section {self.section} asks for the result {name!r}; declare it in its needs")
        return self.read(name)

    def indicators(self) -> pd.DataFrame:
        """The facts of the section's own tables among those that the stages compute for many sections."""
        found = [table for name in SHARED if name in self.needs and (table := self.table(name)) is not None]
        kept = [table[table["table"].isin(self.tables)] for table in found]
        return pd.concat(kept, ignore_index=True) if kept else as_facts([])

    def each(self, *makers: tuple[str, Callable[[pd.DataFrame], pd.DataFrame]]) -> pd.DataFrame:
        """Facts from several results: each present and filled one through its function, in the given order."""
        kept = [(self.table(name), make) for name, make in makers]
        return joined(make(table) for table, make in kept if table is not None and len(table))


def joined(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """One table of facts from several; empty where there are none."""
    kept = list(parts)
    return pd.concat(kept, ignore_index=True) if kept else as_facts([])


@dataclass(frozen=True)
class Derivation:
    """Protected cells from which a section derives others: nothing that is not shown already can come of it."""

    cells: pd.DataFrame
    period: str
    departments: tuple[str, ...]
