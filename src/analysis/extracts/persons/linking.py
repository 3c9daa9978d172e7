"""One person under two numbers: a list of changes, and coordination numbers that a personnummer replaced."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.extracts.account.notices import Notice, count
from analysis.extracts.persons.spelling import RESPELLED, respelled
from analysis.extracts.records import Part
from analysis.extracts.rows.staging import Staged
from analysis.tables.clean import TABLES
from analysis.tables.joins import join

CHANGED = "identity_changed"
REPLACED = "coordination_number_replaced"
"""Ids in ``reference/data/identity_rules.toml``."""
GAP = pd.Timedelta(days=31)
"""Longest time between the end of the one number and the beginning of the other in the same employment."""


@dataclass(frozen=True)
class Links:
    """Newest pseudonym by old one, with birth month and sex of the newest where they are known."""

    newest: Mapping[str, str]
    named: frozenset[str]
    """Old ones that a list of changes names; the others were found."""
    facts: pd.DataFrame
    spelled: frozenset[str] = frozenset()
    """Old ones that are the same number written otherwise."""

    def change(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Rows of a clean table with the newest pseudonym of their person."""
        old = frame["person"].isin(list(self.newest)).to_numpy(dtype=bool)
        if not old.any():
            return frame
        frame = frame.astype({name: "str" for name in ("person", "sex") if name in frame})
        after = frame.loc[old, "person"].map(self.newest)
        frame.loc[old, "person"] = after.to_numpy()
        for fact in ("birth", "sex"):
            if fact in frame:
                frame.loc[old, fact] = after.map(self.facts[fact]).fillna(frame.loc[old, fact]).to_numpy()
        return frame

    def count(self, part: Part) -> dict[str, tuple[int, int]]:
        """Rows and persons of a file that get another pseudonym, by rule."""
        rows: Counter[str] = Counter()
        for frame in part.staged.frames(["person"]):
            rows += Counter(frame.loc[frame["person"].isin(list(self.newest)), "person"].to_list())
        counts: dict[str, tuple[int, int]] = {}
        for person, number in rows.items():
            rule = CHANGED if person in self.named else RESPELLED if person in self.spelled else REPLACED
            before, persons = counts.get(rule, (0, 0))
            counts[rule] = before + number, persons + 1
        return counts


def link(tables: Sequence[str], parts: Sequence[Part], files: Sequence[str]) -> tuple[Links | None, list[Notice]]:
    """Find the newest pseudonym of each person, before rows are compared with each other.

    Args:
        tables: The table each part belongs to.
        parts: What each file gave.
        files: Its name.

    Returns:
        What is to be linked, None where nothing is, and what was noticed.
    """
    by_table: dict[str, list[Staged]] = defaultdict(list)
    for table, part in zip(tables, parts, strict=True):
        by_table[table].append(part.staged)
    named, unclear = _named([frame for staged in by_table["identity_changes"] for frame in staged.frames()])
    found = _replaced(by_table["employments"], {one for part in parts for one in part.coordination} - named.keys())
    notices = [_unclear(unclear)] if unclear else []
    if found:
        notices.append(_found(len(found)))
    of_persons = [place for place, table in enumerate(tables) if "person" in TABLES[table]]
    spelled, written = respelled(
        [tables[place] for place in of_persons],
        [parts[place].staged for place in of_persons],
        [parts[place].spellings for place in of_persons],
        [files[place] for place in of_persons],
    )
    notices += written
    newer = spelled | named | found
    newest = {old: last for old in newer if (last := _last(old, newer)) is not None}
    if not newest:
        return None, notices
    facts = _facts(by_table["employments"] + by_table["snapshots"], set(newest.values()))
    return Links(newest, frozenset(named), facts, frozenset(spelled)), notices


def _named(lists: list[pd.DataFrame]) -> tuple[dict[str, str], int]:
    """New by old from the lists of changes; a number changed to two others, or in a circle, is left alone."""
    changes = pd.concat([each[["old", "new"]].astype("str") for each in lists]) if lists else pd.DataFrame()
    changes = changes.drop_duplicates()
    if changes.empty:
        return {}, 0
    changes = changes[changes["old"] != changes["new"]]
    single = changes[~changes["old"].duplicated(keep=False)]
    named = dict(zip(single["old"], single["new"], strict=True))
    sound = {old: new for old, new in named.items() if _last(old, named) is not None}
    return sound, changes["old"].nunique() - len(sound)


def _last(old: str, newer: dict[str, str]) -> str | None:
    """The last of a chain of numbers; None where it runs in a circle."""
    seen = {old}
    while old in newer:
        old = newer[old]
        if old in seen:
            return None
        seen.add(old)
    return old


def _replaced(employed: list[Staged], coordination: set[str]) -> dict[str, str]:
    """Personnummer by the coordination number it replaced: same employment number, birth month and sex.

    The employment number belongs to these two persons only, the coordination number ends, and the personnummer
    begins after it and within ``GAP``. A number that could be followed by two others is left alone.
    """
    if not coordination or not employed:
        return {}
    frames = (frame for staged in employed for frame in staged.frames(["person", "employment"]))
    numbers = {
        number
        for frame in frames
        for number in frame.loc[frame["person"].isin(coordination), "employment"].dropna().unique()
    }
    columns = ["person", "employment", "birth", "sex", "start", "end"]
    text = dict.fromkeys(("person", "employment", "sex"), "str")
    found = (frame for staged in employed for frame in staged.frames(columns))
    rows = pd.concat(
        [frame[frame["employment"].isin(numbers)].astype(text) for frame in found],
        ignore_index=True,
    )
    rows = rows[rows.groupby("employment")["person"].transform("nunique") == 2]
    old = rows["person"].isin(coordination)
    keys = ["employment", "person", "birth", "sex"]
    ends = rows[old].groupby(keys)["end"].agg(lambda each: each.max(skipna=False)).reset_index()
    starts = rows[~old].groupby(keys)["start"].min().reset_index()
    keys = ["employment", "birth", "sex"]
    pairs, _ = join(ends, starts, keys, how="inner", validate="one_to_one", name="changed numbers")
    gap = pairs["start"] - pairs["end"]
    pairs = pairs[(gap >= pd.Timedelta(0)) & (gap <= GAP)].drop_duplicates(["person_x", "person_y"])
    pairs = pairs[~pairs["person_x"].duplicated(keep=False)]
    return dict(zip(pairs["person_x"], pairs["person_y"], strict=True))


def _facts(tables: list[Staged], newest: set[str]) -> pd.DataFrame:
    """Birth month and sex by newest number, where they are known."""
    text = {"person": "str", "sex": "str"}
    frames = (frame for staged in tables for frame in staged.frames(["person", "birth", "sex"]))
    rows = [frame[frame["person"].isin(newest)].astype(text) for frame in frames]
    if not rows:
        return pd.DataFrame(columns=["birth", "sex"])
    return pd.concat(rows).groupby("person")[["birth", "sex"]].first()


def _found(pairs: int) -> Notice:
    sv = count(pairs, "samordningsnummer har", "samordningsnummer har")
    en = count(pairs, "coordination number was", "coordination numbers were")
    return Notice(
        sv=f"{sv} följts av ett personnummer på samma anställning, födelsemånad och kön och räknas som samma person.",
        en=f"{en} followed by a personnummer in the same employment, birth month and sex, and counted as one person.",
    )


def _unclear(numbers: int) -> Notice:
    sv = count(numbers, "nummer", "nummer")
    en = count(numbers, "number", "numbers")
    return Notice(
        sv=f"Listan över byten säger emot sig själv om {sv}; de lämnas som de är.",
        en=f"The list of changes contradicts itself on {en}; left as they are.",
    )
