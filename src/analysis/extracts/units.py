"""Units of a delivery: every spelling of a code to the unit that is meant, and a key for each."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice, count
from analysis.extracts.persons.identity import shown
from analysis.extracts.rows.staging import Staged
from analysis.tables.clean import TABLES
from analysis.tables.keys import EVERY, JOIN, Codes, alike, code_of, is_key, make_keys, named

COLUMNS = ("unit", "parent", "successor", "department")
"""Columns that name units by their code."""
OWNERS = ("responsible", "coordinator", "owner")
"""Columns of words in which a unit's code may stand."""
FIRST = 8
"""Keys or spellings that a notice names."""


def unit_columns(table: str) -> list[str]:
    """The columns of a clean table that hold keys of units."""
    return [name for name in COLUMNS if name in TABLES[table] and TABLES[table][name].kind == "key"]


@dataclass(frozen=True)
class Units:
    """The units of a delivery.

    Attributes:
        codes: the employer's code by key, of every unit that some row names.
        renamed: table → column → text as it was read → what it becomes, where that differs.
        notices: what a person should know of them.
    """

    codes: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, Mapping[str, Mapping[str, str]]] = field(default_factory=dict)
    notices: Sequence[Notice] = ()

    def find(self, text: str) -> str:
        """The key of the unit that a text names by its key or code; the text itself where there is none."""
        try:
            return text if text in self.codes else named(text, self.codes)
        except InputError:
            return text

    def code(self, key: str) -> str:
        """The employer's own code of a unit."""
        return self.codes.get(key, key)

    def table(self) -> pd.DataFrame:
        """DataFrame[key, code]."""
        return pd.DataFrame(sorted(self.codes.items()), columns=["key", "code"]).astype("str")


def known_codes(tables: Sequence[str], parts: Sequence[Staged]) -> Codes:
    """The codes of the organisation or, without one, of the units that anybody is employed in."""
    for wanted in (("organisation",), ("employments", "snapshots")):
        found = [part for table, part in zip(tables, parts, strict=True) if table in wanted]
        codes = Codes(code for part in found for code in _texts(part, "unit"))
        if codes:
            return codes
    return Codes(())


def units_of(tables: Sequence[str], parts: Sequence[Staged]) -> Units:
    """Make the keys of a delivery, when all its files have been read.

    Args:
        tables: The table each part belongs to.
        parts: The rows that each file gave, with codes (``values.converting.organisation_codes``) for keys.
    """
    known = known_codes(tables, parts)
    cells: dict[tuple[str, str], set[str]] = {}
    for table, part in zip(tables, parts, strict=True):
        for name in unit_columns(table):
            cells.setdefault((table, name), set()).update(_texts(part, name))
    every = {each for texts in cells.values() for text in texts for each in text.split(JOIN)} - {EVERY, ""}
    meant = {code: known.find(code) or code for code in every}
    keys = make_keys(sorted({*known.exact, *meant.values()}))
    renamed: dict[str, dict[str, dict[str, str]]] = {}
    for (table, name), texts in cells.items():
        renamed.setdefault(table, {})[name] = _changes(texts, {code: keys[found] for code, found in meant.items()})
    exact = {code: keys[code] for code in known.exact}
    for table, part in zip(tables, parts, strict=True):
        for name in (each for each in OWNERS if each in TABLES[table]):
            changes = _changes(_texts(part, name), {**{code_of(code): key for code, key in exact.items()}})
            renamed.setdefault(table, {}).setdefault(name, {}).update(changes)
    other = {code: found for code, found in meant.items() if code != found}
    notices = [*_respelt(other), *_apart(keys.keys()), *_made(keys)]
    return Units({key: code for code, key in keys.items()}, renamed, notices)


def _texts(part: Staged, name: str) -> set[str]:
    found: set[str] = set()
    for frame in part.frames([name]):
        found.update(str(text) for text in frame[name].dropna().unique())
    return found


def _changes(texts: Iterable[str], keys: Mapping[str, str]) -> dict[str, str]:
    after = {text: JOIN.join(keys.get(part.strip(), part) for part in text.split(JOIN)) for text in texts}
    return {text: other for text, other in after.items() if text != other}


def _shown(codes: Iterable[str]) -> list[str]:
    return shown(pd.Series(list(codes), dtype="str")).to_list()


def _pairs(pairs: Mapping[str, str]) -> str:
    first = dict(sorted(pairs.items())[:FIRST])
    listed = [f"{one} → {other}" for one, other in zip(_shown(first), _shown(first.values()), strict=True)]
    return ", ".join(listed) + (" …" if len(pairs) > FIRST else "")


def _respelt(other: Mapping[str, str]) -> list[Notice]:
    if not other:
        return []
    listed = _pairs(other)
    sv = count(len(other), "enhetskod är skriven", "enhetskoder är skrivna")
    en = count(len(other), "code of a unit is", "codes of units are")
    return [
        Notice(
            sv=f"{sv} på annat sätt än i organisationen och räknas som samma enhet: {listed}.",
            en=f"{en} spelt otherwise than in the organisation and counted as the same unit: {listed}.",
        )
    ]


def _apart(codes: Collection[str]) -> list[Notice]:
    groups = alike(codes)
    if not groups:
        return []
    listed = "; ".join(", ".join(_shown(group)) for group in groups[:FIRST]) + (" …" if len(groups) > FIRST else "")
    return [
        Notice(
            sv=f"Koder som liknar varandra räknas som skilda enheter: {listed}. Är de samma enhet, rätta filen.",
            en=f"Codes that look alike are counted as different units: {listed}. If they are one, correct the file.",
        )
    ]


def _made(keys: Mapping[str, str]) -> list[Notice]:
    made = {code: key for code, key in keys.items() if code != key and not _is_words(code, key)}
    if not made:
        return []
    listed = _pairs(made)
    sv = count(len(made), "enhetskod kan", "enhetskoder kan")
    en = count(len(made), "code of a unit", "codes of units")
    return [
        Notice(
            sv=f"{sv} inte stå i ett filnamn som den är och har fått en nyckel: {listed}.",
            en=f"{en} cannot stand in the name of a file as written, and got a key: {listed}.",
        )
    ]


def _is_words(code: str, key: str) -> bool:
    """True where the key says the code in words: nobody needs to be told."""
    return " " in code and not is_key(code) and code.replace(" ", "_") == key
