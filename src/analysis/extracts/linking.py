"""One person under two numbers: a list of changes, and coordination numbers that a personnummer replaced."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from analysis.extracts.notices import Notice, count
from analysis.extracts.records import Part
from analysis.tables.joins import join

CHANGED = "identity_changed"
REPLACED = "coordination_number_replaced"
"""Ids in ``reference/data/identity_rules.toml``."""
GAP = pd.Timedelta(days=31)
"""Longest time between the end of the one number and the beginning of the other in the same employment."""


def link(tables: Sequence[str], parts: Sequence[Part]) -> tuple[list[Part], list[Notice]]:
    """Write the newest pseudonym of a person into every row, before rows are compared with each other.

    Args:
        tables: The table each part belongs to.
        parts: What each file gave.

    Returns:
        The parts, each with its rows and persons per rule added to ``rules``, and what was noticed. Birth month and
        sex of a relinked row become those of the newest number.
    """
    pairs = list(zip(tables, parts, strict=True))
    named, unclear = _named([part.accepted for table, part in pairs if table == "identity_changes"])
    employed = [part.accepted for table, part in pairs if table == "employments"]
    coordination = {person for part in parts for person in part.coordination} - named.keys()
    found = _replaced(employed, coordination)
    notices = [_unclear(unclear)] if unclear else []
    if found:
        notices.append(_found(len(found)))
    newer = named | found
    newest = {old: last for old in newer if (last := _last(old, newer)) is not None}
    if not newest:
        return list(parts), notices
    facts = _facts(employed + [part.accepted for table, part in pairs if table == "snapshots"], set(newest.values()))
    return [_relinked(part, newest, named, facts) for part in parts], notices


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


def _replaced(employed: list[pd.DataFrame], coordination: set[str]) -> dict[str, str]:
    """Personnummer by the coordination number it replaced: same employment number, birth month and sex.

    The employment number belongs to these two persons only, the coordination number ends, and the personnummer
    begins after it and within ``GAP``. A number that could be followed by two others is left alone.
    """
    if not coordination or not employed:
        return {}
    columns = ["person", "employment", "birth", "sex", "start", "end"]
    text = dict.fromkeys(("person", "employment", "sex"), "str")
    numbered = [each["employment"].notna() for each in employed]
    rows = pd.concat(
        [each.loc[some, columns].astype(text) for each, some in zip(employed, numbered, strict=True)],
        ignore_index=True,
    )
    numbers = rows.loc[rows["person"].isin(coordination), "employment"].unique()
    rows = rows[rows["employment"].isin(numbers)]
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


def _facts(tables: list[pd.DataFrame], newest: set[str]) -> pd.DataFrame:
    """Birth month and sex by newest number, where they are known."""
    text = {"person": "str", "sex": "str"}
    rows = [each.loc[each["person"].isin(newest), ["person", "birth", "sex"]].astype(text) for each in tables]
    if not rows:
        return pd.DataFrame(columns=["birth", "sex"])
    return pd.concat(rows).groupby("person")[["birth", "sex"]].first()


def _relinked(part: Part, newest: dict[str, str], named: dict[str, str], facts: pd.DataFrame) -> Part:
    table = part.accepted
    if "person" not in table:
        return part
    old = table["person"].isin(list(newest)).to_numpy(dtype=bool)
    if not old.any():
        return part
    table = table.astype({name: "str" for name in ("person", "sex") if name in table})
    before = table.loc[old, "person"]
    after = before.map(newest)
    table.loc[old, "person"] = after.to_numpy()
    for fact in ("birth", "sex"):
        if fact in table:
            table.loc[old, fact] = after.map(facts[fact]).fillna(table.loc[old, fact]).to_numpy()
    rule = before.isin(list(named)).map({True: CHANGED, False: REPLACED})
    rows = Counter(rule)
    persons = before.groupby(rule).nunique()
    return replace(part, accepted=table, rules=part.rules | {each: (rows[each], int(persons[each])) for each in rows})


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
