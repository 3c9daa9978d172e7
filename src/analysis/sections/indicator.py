"""An indicator of a municipality's own: a definition as data, and a function that counts it in clean tables.

The function gets the clean tables that it declares, without person, source and source_row and with the department of
each row, and returns counts. Rates, the whole organisation's row and disclosure are not its business.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.errors import InputError
from analysis.periods import cutoff
from analysis.reference.entries import Definition, checked
from analysis.sections.results import Store
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION, TOTAL

REMOVED = ("person", "employment", "spell", "name_key", "given_key", "source", "source_row")
"""Columns that say which person a row is about, or where it stood in a file."""
STAFF = "staff"
"""Name of one more table: everyone in post at the cut-off, one row per person (without the person)."""
COUNTS = ["department", "row", "numerator", "denominator", "n"]
RATIOS = ("share", "rate", "ratio")

Count = Callable[[Mapping[str, pd.DataFrame], pd.Timestamp], pd.DataFrame]


class Indicator:
    """A named figure that an own section publishes.

    Args:
        id: also the id of its definition, which stands in the section's words under ``[definition.<id>]``.
        table: the table of the publishing plan that its facts belong to.
        tables: clean tables that it counts in; ``staff`` is everyone in post at the cut-off.
        unit: what a figure is (``tables.protected.UNITS``): of shares, rates and ratios the numerator is divided by the
            denominator, of the others it is the figure.
    """

    def __init__(self, id: str, *, table: str, tables: tuple[str, ...], unit: str = "share") -> None:
        self.id, self.table, self.tables, self.unit = id, table, tables, unit
        self._count: Count | None = None

    def count(self, function: Count) -> Count:
        """Register the function: (tables, cut-off) → DataFrame[department, row, numerator, denominator, n]."""
        self._count = function
        return function

    def make_facts(self, store: Store, period: str) -> pd.DataFrame:
        """The indicator's facts per department and row, and for the whole organisation.

        Raises:
            InputError: it has no function, or the function returns other columns than it should.
        """
        if self._count is None:
            raise InputError(f"the indicator {self.id} has no function; give it one with @indicator.count")
        at = cutoff(period)
        held = {name: table for name in self.tables if (table := without_persons(name, store, at)) is not None}
        if len(held) < len(self.tables):
            return facts([])
        counts = self._count(held, at)
        missing = [name for name in COUNTS if name not in counts]
        if missing:
            raise InputError(
                f"the indicator {self.id} returns no column {missing[0]!r}; it returns {', '.join(COUNTS)}"
            )
        counts = counts[COUNTS].dropna(subset=["department"]).astype({"row": "str"})
        counts["row"] = counts["row"].replace("", TOTAL)
        whole = counts.groupby("row", as_index=False)[COUNTS[2:]].sum().assign(department=ORGANISATION)
        every = pd.concat([counts, whole], ignore_index=True)
        value = every["numerator"]
        if self.unit in RATIOS:
            value = (value / every["denominator"]).where(every["denominator"] > 0)
        return facts(every.assign(table=self.table, value=value, unit=self.unit, definition=self.id))


def without_persons(name: str, store: Store, at: pd.Timestamp) -> pd.DataFrame | None:
    """A clean table with the department of each row and nothing that names a person; None where there is none.

    The department of a row about a person is that of the person's main employment at the cut-off, missing for those who
    are not in post then; that of a row about a unit alone is the unit's.
    """
    from analysis.workforce.spells import stock  # the near side is loaded only where facts are made

    rows = store.table("rows")
    if rows is None:
        return None
    people = stock(rows, at, hourly=True)
    if name == STAFF:
        return people.drop(columns=[column for column in REMOVED if column in people])
    table = store.table(name)
    if table is None:
        return None
    if "person" in table:
        home = people.drop_duplicates("person").set_index("person")["department"]
        table = table.assign(department=table["person"].map(home))
    elif "unit" in table and "department" not in table:
        home = rows.dropna(subset=["department"]).drop_duplicates("unit").set_index("unit")["department"]
        table = table.assign(department=table["unit"].map(home))
    return table.drop(columns=[column for column in REMOVED if column in table])


def definition(id: str, words: Mapping[str, Any], file: Path, unit: str) -> dict[str, Any]:
    """The definition of an own indicator, as every other definition of an edition stands in its record.

    Args:
        id: the indicator.
        words: the section's file of words; ``[definition.<id>]`` holds name, numerator, denominator, population and
            period, each with ``sv`` and ``en``, and source, sensitivity, valid_from.
        file: the file, for errors.
        unit: the indicator's unit.

    Raises:
        InputError: the definition is missing or lacks something.
    """
    held = dict(words.get("definition", {}).get(id, {}))
    if not held:
        raise InputError(
            f"{file.name} lacks [definition.{id}]: name, numerator, denominator, population, period, source"
        )
    said: dict[str, Any] = {
        "id": id,
        "measure": id,
        "unit": unit,
        "function": f"own.{file.stem}",
        "level": ["department"],
    }
    fields = {"name": "", "population": "population_", "period": "period_rule_"}
    fields |= {"numerator": "numerator_", "denominator": "denominator_"}
    for name, field in fields.items():
        text = held.pop(name, {} if name == "denominator" else None)
        if not isinstance(text, Mapping):
            raise InputError(f"{file.name}: [definition.{id}] lacks {name} = {{sv = …, en = …}}")
        said |= {f"{field}{language}": words for language, words in text.items()}
    for language, over in (("sv", " delat med "), ("en", " divided by ")):
        below = said.get(f"denominator_{language}", "")
        said[f"formula_{language}"] = said[f"numerator_{language}"] + (over + below if below else "")
        said[f"min_n_{language}"] = {"sv": "enligt policyn", "en": "by the policy"}[language]
    said |= {"population": "own", "period_rule": "own", "min_n": "own", "homogeneous": "sensitive"}
    entry: dict[str, Any] = checked(Definition, said | held, file.name)
    return entry
