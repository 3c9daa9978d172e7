"""Which header is which canonical column, and which table a file is: words and content weighed together.

Confidence is calibrated roughly, on the sample municipality's files with headers abbreviated, misspelt, reworded or
taken away at random (``tests/extracts/proposing/test_confidence.py``): of the guesses shown as 85 % or surer at least
98 in 100 are right, of the others a smaller share, and strange words or exchanged columns lower the figure. It errs on
the side of doubt: a guess shown as 70 % is right more often than that.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from analysis.extracts.manifest import PERSONNUMMER_GIVES
from analysis.extracts.proposing.content import FEW, Traits
from analysis.extracts.proposing.words import (
    DETAILED,
    column_words,
    header_likeness,
    meaning,
    name_likeness,
    value_words,
)
from analysis.extracts.values.converting import BY_YEAR
from analysis.tables.clean import TABLES, Column

KNOWN_WORD = 0.6
"""Likeness of a header to a known word below which the word says nothing."""
LEAST = 0.45
"""Confidence a column needs to be proposed at all."""
TABLE_LEAST = 0.6
"""Confidence a file needs to be proposed as a table."""
RATES = ("rate", "rate_actual", "rate_wanted", "work_share")
"""Shares of full time, written as fraction, per cent or per mille."""
KEYLESS, FACELESS = 0.85, 0.4
"""What is left of the confidence in a table about persons where no column tells them apart: where other columns hold
what only a person has (birth, sex, pay), and where none does."""
YEARLY, BEGUN = 0.8, 0.9
"""What a year is worth where a day is wanted: of birth or of a yearly list; and of beginning, ending or leaving."""
ASSUMED = {"employments": {"form": 0.5, "unit": 0.4}, "snapshots": {"snapshot": 0.4}}
"""What a person can say in one word of a whole file about persons, and how much that leaves of the column."""
MANY = 8
"""Headers that a file about persons may be expected to explain; wide extracts hold much that nobody needs."""
SURE_ENOUGH = 0.6
"""Confidence from which a column counts when it is asked whether a file is about persons."""
ENDED = 0.8
"""What is left of the confidence in exits, or a list of a day nobody named, where rows have beginnings and ends."""
LEAST_PAY = 400.0
"""Numbers below this are no monthly or yearly pay."""


@dataclass(frozen=True)
class Sheet:
    """A table as found: its name, its headers and what its columns look like."""

    name: str
    headers: list[str]
    traits: list[Traits]
    frame: pd.DataFrame

    @cached_property
    def sets(self) -> list[dict[str, int]]:
        """Distinct cells and their rows, per column; empty where a column has more than a few."""
        found: list[dict[str, int]] = []
        for place, traits in enumerate(self.traits):
            counts: dict[str, int] = {}
            if traits.distinct <= FEW:
                cells = self.frame.iloc[:, place].astype("str").str.strip().value_counts()
                counts = {str(text): int(rows) for text, rows in cells.items() if text}
            found.append(counts)
        return found


@dataclass(frozen=True)
class Pick:
    """A header chosen for a canonical column, by position, and how sure that is; ``rival`` came close."""

    position: int
    confidence: float
    rival: int | None = None


@dataclass
class Match:
    """A file as one of the tables. ``missing`` are required columns that no header gives."""

    table: str
    confidence: float
    picks: dict[str, Pick] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def personnummer(traits: Traits) -> bool:
    """True if the column holds Swedish personal identity numbers."""
    return traits.valid_personal >= 0.5 and traits.personal >= 0.8


def fits(table: str, name: str, sheet: Sheet, position: int) -> tuple[float, float]:
    """How well the cells fit a canonical column, and how much they say without a header, both 0 to 1."""
    column, traits = TABLES[table][name], sheet.traits[position]
    if not traits.filled:
        return (0.0, 0.0) if not column.nullable else (0.5, 0.0)
    if name == "person":
        return _person(traits)
    few = traits.distinct < min(MANY, traits.filled / 3)  # what tells hundreds apart has more than a few values
    if name == "employment":
        return (0.1 if few else 0.9 if traits.dates < 0.5 or traits.personal else 0.2), 0.0
    if name == "name_key" and few:
        return 0.0, 0.0
    if name == "unit" and table in ASSUMED and traits.distinct > max(20, 0.8 * traits.filled):
        return 0.3, 0.0  # nobody works in a unit of one's own
    if name == "aid":
        return (0.2 + 0.8 * traits.aid, 0.6 * traits.aid if traits.aid > 0.8 else 0.0)
    if name in ("name_key", "given_key", "title", "text", "unit_name", "name"):
        return (max(0.1, traits.letters), 0.0)
    if column.allowed:
        known = _known(sheet, position, table, name)
        if not known and traits.distinct <= FEW and traits.whole < 0.9:
            known = 0.5  # words we do not know may still be the right column
        alone = 0.6 * known if known > 0.8 and name in ("sex", "form", "cause") else 0.0
        return (max(known, 0.3 if traits.distinct <= FEW else 0.05), alone)
    return (_by_kind(name, column, traits), 0.0)


def _person(traits: Traits) -> tuple[float, float]:
    if personnummer(traits):
        return 1.0, 0.75 * traits.valid_personal
    number = traits.numbers >= 0.9 and traits.whole >= 0.9 and traits.letters < 0.1
    short = traits.longest <= 24 and traits.distinct >= min(10, traits.filled)
    if traits.dates >= 0.9 and traits.longest == 10:
        return 0.1, 0.0
    return (0.95 if number and short else 0.75 if short else 0.2), 0.0


def _known(sheet: Sheet, position: int, table: str, name: str) -> float:
    """Share of the cells whose meaning among the allowed values is known."""
    traits, known = sheet.traits[position], value_words(table, name)
    if not known or traits.distinct > FEW or not traits.filled:
        return 0.0
    cells = sheet.sets[position]
    sure = sum(rows for text, rows in cells.items() if meaning(text, known, among=name in DETAILED))
    return sure / sum(cells.values()) if cells else 0.0


def _by_kind(name: str, column: Column, traits: Traits) -> float:
    if column.kind == "date":
        by_year = YEARLY if name == "snapshot" else BEGUN if name in BY_YEAR else 0.0
        return max(traits.dates, by_year * traits.years, 0.1)
    if column.kind == "month":
        if name == "birth":
            return max(traits.months, traits.dates, YEARLY * traits.years, 0.1)
        return max(traits.months, 0.8 * traits.dates, 0.1)
    if column.kind == "boolean":
        return max(traits.boolean, 0.1)
    if column.kind in ("number", "integer"):
        fit = traits.whole if column.kind == "integer" else traits.numbers
        if name == "year":
            return max(traits.years, 0.1)
        if name in RATES:
            return fit if traits.ninety_five <= 1000 and traits.lowest >= 0 else 0.1 * fit
        if column.high is not None and traits.ninety_five > 2 * column.high:
            return 0.2 * fit
        if name == "pay" and traits.ninety_five < LEAST_PAY:
            return 0.3 * fit
        return max(fit, 0.1)
    if name in ("unit", "department", "parent", "successor"):
        return 0.2 if traits.dates >= 0.9 and traits.longest >= 10 else 0.95
    return 0.2 if traits.dates >= 0.9 else 0.9


def scores(table: str, sheet: Sheet) -> pd.DataFrame:
    """Score of every header (row) for every canonical column of ``table``, 0 to 1."""
    known = column_words(table)
    cells = np.zeros((len(sheet.headers), len(known)))
    for position, header in enumerate(sheet.headers):
        for place, (name, words) in enumerate(known.items()):
            like = header_likeness(header, words)
            if like < KNOWN_WORD and not sheet.traits[position].filled:
                continue
            fit, alone = fits(table, name, sheet, position)
            by_word = like * (0.35 + 0.65 * fit) if like >= KNOWN_WORD else 0.0
            cells[position, place] = max(by_word, alone)
    return pd.DataFrame(cells, columns=list(known))


def stamped(table: str, stamp: Collection[str]) -> dict[str, tuple[str, float, bool]]:
    """Required columns that a date in the file's name can fill: template, confidence, and whether it is whole.

    A list of everyone employed seldom holds its own day; ``Personal_2023.csv`` says the year but not the day.
    """
    columns = {name for name, column in TABLES[table].items() if column.required}
    found: dict[str, tuple[str, float, bool]] = {}
    if "snapshot" in columns and "day" in stamp:
        found["snapshot"] = ("{year}-{month}-{day}", 0.9, True)
    elif "snapshot" in columns and "month" in stamp:
        found["snapshot"] = ("{year}-{month}-01", 0.6, True)
    elif "snapshot" in columns and "year" in stamp:
        found["snapshot"] = ("{year}-12-31", 0.5, False)
    if "month" in stamp:
        found |= {name: ("{year}-{month}", 0.85, True) for name in ("month", "held") if name in columns}
    if "year" in columns and "year" in stamp:
        found["year"] = ("{year}", 0.8, True)
    return found


def match(table: str, sheet: Sheet, *, stamp: Collection[str] = (), family: bool = False) -> Match:
    """The best reading of ``sheet`` as ``table``.

    Args:
        table: A clean table.
        sheet: What was found.
        stamp: Parts of a date in the file's name (year, month, day).
        family: True if other files differ from this one in that date alone, as yearly lists do.

    Returns:
        One header per column at most (an assignment of the greatest total), and the confidence that this is the
        table: how sure its required columns are, how many of the file's headers it explains, and its name.
    """
    grid = scores(table, sheet)
    # what is too weak to be proposed must not displace a good choice either
    cells = np.where(grid.to_numpy() >= LEAST, grid.to_numpy(), 0.0)
    picks: dict[str, Pick] = {}
    for row, place in zip(*linear_sum_assignment(cells, maximize=True), strict=True):
        if cells[row, place] >= LEAST:
            picks[str(grid.columns[place])] = _pick(cells, int(row), int(place))
    columns = TABLES[table]
    given = {name: pick.confidence for name, pick in picks.items()}
    own = stamped(table, stamp)
    for name, (_, confidence, _) in own.items():
        given.setdefault(name, min(1.0, confidence + 0.3 * family))
    if table == "snapshots" and "unit" not in picks and "unit_name" in picks:
        named_unit = picks["unit_name"]  # where units have no codes, their names tell them apart
        picks["unit"] = Pick(named_unit.position, round(0.9 * named_unit.confidence, 2))
        given["unit"] = picks["unit"].confidence
    if _about_persons(table, given):
        for name, confidence in ASSUMED.get(table, {}).items():
            given.setdefault(name, confidence)
    person = picks.get("person")
    by_number = person is not None and personnummer(sheet.traits[person.position])
    required = [name for name, column in columns.items() if column.required]
    missing = [
        name
        for name in required
        if name not in picks and name not in own and not (by_number and name in PERSONNUMMER_GIVES)
    ]
    if "person" in missing and "name_key" in given:
        given["person"] = 0.5 * given["name_key"]  # a key can be built from the name, if a person says how
    sure = sum(given.get(name, 0.0) for name in required) / len(required)
    named = [position for position, header in enumerate(sheet.headers) if sheet.traits[position].filled]
    hits = {pick.position for pick in picks.values()}
    wanted = min(len(named), MANY) if table in ASSUMED else len(named)
    explained = sum(cells[position].max() for position in hits) / wanted if named else 0.0
    gate = 1.0
    if "person" in columns and given.get("person", 0.0) < 0.3:
        # without a key it may still be about persons, where it holds what only persons have
        private = any(columns[name].personal and each >= 0.6 for name, each in given.items())
        gate = KEYLESS if private else FACELESS
    file = name_likeness(sheet.name, table)
    confidence = gate * min(1.0, 0.55 * sure + 0.33 * min(1.0, explained) + 0.14 * file)
    return Match(table, round(float(confidence), 2), picks, missing)


def _about_persons(table: str, given: dict[str, float]) -> bool:
    """True where columns say who, and when or what only a person has."""
    if max(given.get("person", 0.0), given.get("name_key", 0.0)) < SURE_ENOUGH:
        return False
    if table == "employments":
        return given.get("start", 0.0) >= SURE_ENOUGH
    faces = [name for name in ("title", "birth", "sex", "pay", "hired", "rate") if given.get(name, 0.0) >= SURE_ENOUGH]
    return "unit" in given and len(faces) > 1


def _pick(cells: np.ndarray, row: int, place: int) -> Pick:
    """A choice, less sure the closer another header comes for the same column."""
    score = float(cells[row, place])
    others = [
        (float(cells[other, place]), other)
        for other in range(len(cells))
        if other != row and cells[other, place] >= cells[other].max() - 1e-9
    ]
    second, rival = max(others, default=(0.0, None))
    near = second / score if score else 0.0
    doubt = max(0.0, (near - 0.8) / 0.2)
    return Pick(row, round(score * (1 - 0.4 * min(1.0, doubt)), 2), rival if near >= 0.9 else None)


def best_tables(sheet: Sheet, *, stamp: Collection[str] = (), family: bool = False) -> list[Match]:
    """Every table as which the sheet can be read, the likeliest first; arguments as in ``match``."""
    found = [match(table, sheet, stamp=stamp, family=family) for table in TABLES]
    spans = {"person", "start", "end"} <= next(each.picks.keys() for each in found if each.table == "employments")
    for each in found:
        if spans and (each.table == "exits" or (each.table == "snapshots" and "snapshot" in each.missing)):
            each.confidence = round(ENDED * each.confidence, 2)
    return sorted(found, key=lambda each: -each.confidence)
