"""Measures as they were registered: for whom, from when, by which indicator, and what would be worth having."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.businessplan.fields import parts
from analysis.periods import months_between, shift
from analysis.reference.ledger import Followed, followed, sureness
from analysis.tables.keys import EVERY

YEAR = 12
OTHER_OWNER = "annan funktion"


@dataclass(frozen=True)
class Measure:
    """One row of the ledger.

    Attributes:
        id, name, owner: of the measure; the owner is a department's key, a staff function or ``OTHER_OWNER``.
        departments, occupations: whom it concerns; empty is everyone.
        start: month it begins, ``until``: last month of the follow-up ("YYYY-MM").
        indicator: what it is followed by.
        lower: whether the indicator is to become lower.
        smallest: smallest change worth having, in the indicator's unit, above nought.
        registered: day it was registered ("YYYY-MM-DD").
        belongs: ids of strategies, practices and levers.
        placed: whether every place that it names is a department or above some; one that is not concerns nobody.
    """

    id: str
    name: str
    departments: tuple[str, ...]
    occupations: tuple[str, ...]
    start: str
    until: str
    indicator: Followed
    lower: bool
    smallest: float
    owner: str
    registered: str
    belongs: tuple[str, ...] = ()
    placed: bool = True

    @property
    def planned(self) -> int:
        """Whole years of the follow-up; at least one."""
        return max((months_between(self.start, self.until) + 1) // YEAR, 1)

    @property
    def late(self) -> bool:
        """Registered only once it had begun: after the first day of its first month."""
        return self.registered > f"{self.start}-01"

    def seen(self, last: str) -> int:
        """Whole years of the follow-up that are over when the month ``last`` is."""
        return min(max((months_between(self.start, last) + 1) // YEAR, 0), self.planned)


def registered(
    table: pd.DataFrame,
    *,
    departments: Collection[str],
    below: Mapping[str, Sequence[str]] | None = None,
    functions: Collection[str] = (),
) -> list[Measure]:
    """The measures of a delivery, in its order.

    Args:
        table: clean table ``measures``.
        departments: keys of departments; an owner among them stands by its name.
        below: unit → departments below it, of units that stand above some.
        functions: staff functions that may be shown by name. Any other owner is ``OTHER_OWNER``: free text may be a
            person's name.
    """
    found = []
    for row in table.to_dict("records"):
        start = f"{row['start']:%Y-%m}"
        until = shift(start, YEAR * sureness().years - 1) if pd.isna(row["until"]) else f"{row['until']:%Y-%m}"
        owner = str(row["owner"]).strip()
        named = [key for key in parts(row["department"]) if key != EVERY]
        meant = [[key] if key in departments else list((below or {}).get(key, ())) for key in named]
        found.append(
            Measure(
                id=str(row["measure"]),
                name=str(row["name"]).strip(),
                departments=tuple(dict.fromkeys(key for each in meant for key in each)),
                occupations=tuple(parts(row["occupations"])),
                start=start,
                until=until,
                indicator=followed()[str(row["indicator"])],
                lower=row["direction"] == "lower",
                smallest=float(row["smallest"]),
                owner=owner if owner in departments or owner in functions else OTHER_OWNER,
                registered=f"{row['registered']:%Y-%m-%d}",
                belongs=tuple(parts(row["belongs"])),
                placed=all(meant),
            )
        )
    return found
