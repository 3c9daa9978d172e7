"""Who each row is about: a number read, restored where a second fact proves it, or replaced where it is protected."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.extracts.manifest import FileSpec
from analysis.extracts.persons.personnummer import is_protected
from analysis.extracts.rows.staging import Staged
from analysis.extracts.values import converting
from analysis.extracts.values.coded import FACTOR, Coded, hashes
from analysis.extracts.values.date_formats import DEFAULT, MONTHS

PROOF = ["person", "employment"]
"""What a row must agree in with another one to prove its person."""
RESTORED = "leading_zeros_restored"
INTERIM = "interim_kept"
PROTECTED = "protected_kept"
"""Ids in ``reference/data/identity_rules.toml``."""


@dataclass(frozen=True)
class Persons:
    """The person column of a block.

    ``number``, ``birth``, ``sex`` and ``reason`` are columns; ``rules`` has True per rule where it was used;
    ``unproven`` marks numbers restored without a proof in their own row, ``coordination`` coordination
    numbers.
    """

    number: Coded
    birth: Coded
    sex: Coded
    reason: Coded
    rules: dict[str, np.ndarray]
    unproven: np.ndarray
    coordination: np.ndarray


def from_numbers(
    checked: pd.DataFrame, name: str, spec: FileSpec, text: dict[str, Coded], formats: list[str]
) -> Persons:
    """Persons by personnummer.

    Lost leading zeros are restored where the row's own birth date is that of the number; other restorable numbers
    are ``unproven``.

    Args:
        checked: ``read_personnummer`` of the distinct values of column ``name``.
        name: The column.
        spec: The file's entry in ``delivery.toml``.
        text: The block's columns as text.
        formats: Date formats of the birth column, may be none.
    """
    codes = text[name].codes
    columns = {each: Coded(checked[each], codes) for each in ("number", "birth", "sex", "reason")}
    nowhere = np.zeros(len(codes), dtype=bool)
    rules = {}
    if checked["interim"].any():
        rules[INTERIM] = columns["number"].flags(checked["interim"])
    unproven = nowhere
    coordination = columns["number"].flags(checked["coordination"])
    places = np.flatnonzero(columns["number"].flags(checked["candidate"].notna()))
    if len(places):
        restored = checked.take(codes[places]).reset_index(drop=True)
        columns["number"] = columns["number"].put(places, restored["candidate"])
        for each in ("birth", "sex"):
            columns[each] = columns[each].put(places, restored[each])
        columns["reason"] = columns["reason"].put(places, pd.Series("", index=restored.index, dtype="str"))
        proven = _born_then(restored["born"], text.get("birth"), places, formats)
        rules[RESTORED], unproven = nowhere.copy(), nowhere.copy()
        rules[RESTORED][places] = True
        unproven[places[~proven]] = True
    return protect(Persons(**columns, rules=rules, unproven=unproven, coordination=coordination), name, text)


def _born_then(born: pd.Series, birth: Coded | None, places: np.ndarray, formats: list[str]) -> np.ndarray:
    """True where the row's birth date, or at least its month where no day is given, is that of the number."""
    if birth is None:
        return np.zeros(len(places), dtype=bool)
    written = birth.uniques.take(birth.codes[places]).reset_index(drop=True)
    agree = np.zeros(len(places), dtype=bool)
    for each in formats or (*DEFAULT, *MONTHS):
        found = converting.read_as(written, each)
        same = found == born if "%d" in each else found == born.dt.to_period("M").dt.to_timestamp()
        agree |= same.to_numpy(dtype=bool)
    return agree


def protect(persons: Persons, name: str, text: dict[str, Coded]) -> Persons:
    """Give rows whose identity is protected the employment number as key, or the reason that there is none.

    The marker itself is never a key: it would make one person of all.
    """
    marked = text[name].flags(is_protected(text[name].uniques))
    if not marked.any():
        return persons
    places = np.flatnonzero(marked)
    blank = pd.Series("", index=range(len(places)), dtype="str")
    employment = text.get("employment") if name == "person" else None
    stable = employment.uniques.take(employment.codes[places]).reset_index(drop=True) if employment else blank
    keyed = stable != ""
    return Persons(
        number=persons.number.put(places, ("protected:" + stable).where(keyed)),
        birth=persons.birth,
        sex=persons.sex,
        reason=persons.reason.put(places, blank.mask(~keyed, "identity_protected")),
        rules=persons.rules | {PROTECTED: marked},
        unproven=persons.unproven,
        coordination=persons.coordination,
    )


def proven_elsewhere(waiting: pd.DataFrame, staged: Staged) -> np.ndarray:
    """True for rows whose person has the same employment in a row that needed no proof.

    Args:
        waiting: Columns ``PROOF`` as far as the table has them, of rows whose person's number was restored without
            a proof in their own row; ``place`` is where each lies in ``staged``.
        staged: All rows of the file.
    """
    if not set(PROOF) <= set(waiting.columns):
        return np.zeros(len(waiting), dtype=bool)
    pairs, seen = _pairs(waiting), np.zeros(len(waiting), dtype=bool)
    for frame in staged.frames(PROOF):
        others = frame[~frame.index.isin(waiting["place"])]
        seen |= np.isin(pairs, _pairs(others))
    return seen & waiting["employment"].notna().to_numpy(dtype=bool)


def _pairs(rows: pd.DataFrame) -> np.ndarray:
    person, employment = (hashes(rows[name]) for name in PROOF)
    return person * FACTOR ^ employment
