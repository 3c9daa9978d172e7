"""One person whose number is written in two ways: 000012 in one file, 12 in a workbook, A12 in a third system.

What is kept of a number beside its pseudonym is the pseudonym of its bare digits, and the letters before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice, count
from analysis.extracts.persons import identity
from analysis.extracts.rows.staging import Staged
from analysis.reference import load

RESPELLED = "key_respelled"
"""Id in ``reference/data/identity_rules.toml``."""
NUMBERED = re.compile(r"([^\W\d_]{0,4})[-_ /]?0*(\d+)")
"""Zeros, or a few letters, before the digits of a number."""
PAIR = np.dtype([("written", "S24"), ("bare", "S24"), ("letters", "U4")])
LIMITS = load("quality")["letters"]
MEET = LIMITS["known"]
"""Share of a file's persons who must be known, below which letters before the digits are looked past."""
AGREE = LIMITS["agree"]
"""Share that must be known then for the letters to be no part of the number."""
LEAST = LIMITS["least"]
"""Persons from which a share says something."""
BASES = ("employments", "snapshots")


def bare_numbers(keys: pd.Series, written: pd.Series, *, key: bytes, prefix: str = "") -> np.ndarray:
    """Pseudonyms of numbers and of their bare digits, of those that are more than bare digits.

    Args:
        keys: Distinct keys of persons.
        written: Their pseudonyms.
        key: Key of the pseudonyms.
        prefix: ``person_prefix``, with which every key starts. It says that the numbers are those of other persons than
            the same ones without it, and so is no spelling: the bare digits keep it.

    Returns:
        Array of ``PAIR``.
    """
    numbers = [text.removeprefix(prefix) if isinstance(text, str) else "" for text in keys]
    matches = [NUMBERED.fullmatch(text) for text in numbers]
    more = [match is not None and match[2] != text for match, text in zip(matches, numbers, strict=True)]
    found = np.zeros(sum(more), dtype=PAIR)
    if not len(found):
        return found
    some = [match for match, yes in zip(matches, more, strict=True) if yes and match]
    digits = pd.Series([prefix + match[2] for match in some], dtype="str")
    found["written"] = written[np.asarray(more)].to_numpy(dtype="S24")
    found["bare"] = identity.pseudonyms(digits, name="person", key=key).to_numpy(dtype="S24")
    found["letters"] = [match[1].casefold() for match in some]
    return found


def respelled(
    tables: Sequence[str], staged: Sequence[Staged], spellings: Sequence[np.ndarray], files: Sequence[str]
) -> tuple[dict[str, str], list[Notice]]:
    """Which pseudonyms are those of one number written otherwise.

    Numbers that differ in zeros before them are one number, unless a single file has both. Letters before the digits
    are looked past where few of a file's persons are known with them and nearly all without.

    Args:
        tables: The table of each file.
        staged: Its rows.
        spellings: What ``bare_numbers`` gave of it.
        files: Its name.

    Returns:
        The pseudonym to use by the one that is written, and what was noticed.
    """
    if not any(map(len, spellings)):
        return {}, []
    base = next((name for name in BASES if name in tables), None)
    found = []
    for place, (table, rows, pairs) in enumerate(zip(tables, staged, spellings, strict=True)):
        people = _people(rows)
        part = pd.DataFrame({"written": people, "bare": people, "letters": ""})
        known = pd.DataFrame({name: pairs[name] for name in PAIR.names or ()}).drop_duplicates("written")
        known = known.set_index("written").reindex(people)
        part["bare"] = known["bare"].where(known["bare"].notna(), part["bare"].to_numpy()).to_numpy()
        part["letters"] = known["letters"].fillna("").to_numpy()
        found.append(part.assign(file=place, base=table == base))
    every = pd.concat(found, ignore_index=True)
    if every.empty:
        return {}, []
    every = every.sort_values("base", ascending=False, kind="stable")
    newer, notices = _padded(every, files)
    for place in range(len(files)):
        if tables[place] != base:
            newer |= _lettered(every, place, newer)
    return {old.decode(): new.decode() for old, new in newer.items()}, notices


def _people(rows: Staged) -> np.ndarray:
    found = [np.zeros(0, dtype="S24")]
    for frame in rows.frames(["person"]) if rows.size else ():
        # persons with a protected identity have longer keys only before they become pseudonyms
        found.append(np.unique(frame["person"].astype("str").to_numpy(dtype="S24")))
    return np.unique(np.concatenate(found))


def _padded(every: pd.DataFrame, files: Sequence[str]) -> tuple[dict[bytes, bytes], list[Notice]]:
    """Numbers that differ in zeros: to the one that the base table writes, else to the first."""
    plain = every[every["letters"] == ""]
    spelled = plain.groupby("bare")["written"].nunique()
    plain = plain[plain["bare"].isin(spelled.index[spelled > 1])]
    both = plain.groupby(["file", "bare"])["written"].nunique().reset_index()
    both = both[both["written"] > 1]
    notices = []
    for place, numbers in both.groupby("file").size().items():
        persons = int(numbers)
        sv, en = count(persons, "nummer", "nummer"), count(persons, "number", "numbers")
        notices.append(
            Notice(
                sv=f"{files[int(str(place))]}: {sv} skrivs på två sätt i samma fil (med och utan nollor före) "
                f"och räknas som "
                "olika personer; är det samma, rätta filen eller ta bort nollorna under [file.clean].",
                en=f"{files[int(str(place))]}: {en} written in two ways in the same file (with and without "
                f"zeros before) and "
                "counted as different persons; if they are the same, correct the file or take the zeros away under "
                "[file.clean].",
                doubt=True,
                persons=persons,
            )
        )
    plain = plain[~plain["bare"].isin(both["bare"])]
    first = plain.groupby("bare")["written"].transform("first")
    other = plain["written"] != first
    return dict(zip(plain.loc[other, "written"], first[other], strict=True)), notices


def _lettered(every: pd.DataFrame, place: int, newer: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Numbers of a file whose persons are known to the base table only without the letters of the one or the other."""
    base = every[every["base"]].drop_duplicates("written")
    mine = every[(every["file"] == place) & ~every["base"]]
    if len(mine) < LEAST or base.empty or len(set(mine["letters"])) > 1 or len(set(base["letters"])) > 1:
        return {}
    known = set(base["written"])
    before = np.mean([newer.get(each, each) in known for each in mine["written"]])
    unclear = base["bare"].duplicated().any() or mine["bare"].duplicated().any()
    by_number = dict(zip(base["bare"], base["written"], strict=True))
    if unclear or before >= MEET or mine["bare"].isin(list(by_number)).mean() < AGREE:
        return {}
    return {
        written: by_number[bare]
        for written, bare in zip(mine["written"], mine["bare"], strict=True)
        if bare in by_number and written != by_number[bare]
    }
