"""Local words to canonical values, written only where they can say nothing about a person."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd

from analysis.extracts.account.notices import Notice, count
from analysis.extracts.proposing.content import FEW
from analysis.extracts.proposing.draft import Entry, Line
from analysis.extracts.proposing.words import DETAILED, meaning, value_words
from analysis.tables.clean import TABLES

OFTEN = 5
"""Rows in which an unknown value must stand before it is written out: a rare text may be about one person."""
HEARD = 5
"""Unknown keys named in one sentence."""
LONGEST = 40
LONG_NUMBER = re.compile(r"\d{5,}|\d{6}-")


def cells(entry: Entry, name: str) -> Counter[str]:
    """Distinct trimmed cells of a mapped column over all files of the entry, with their rows."""
    found: Counter[str] = Counter()
    for member in entry.members:
        pick = member.match.picks.get(name) if member.match else None
        if pick is not None:
            column = member.sheet.frame.iloc[:, pick.position].astype("str").str.strip()
            found.update({str(value): int(rows) for value, rows in column.value_counts().items() if value})
    return found


def value_lines(entry: Entry, name: str, known: dict[str, str] | None = None) -> None:
    """Add ``[file.values.<name>]`` to the entry: known words, and frequent unknown ones as comments.

    Columns with an open set of keys (courses, occupations) get known words only: other keys are kept as they are.
    """
    column = TABLES[entry.table][name]
    if column.personal:
        return
    words = value_words(entry.table, name) if known is None else known
    found = cells(entry, name)
    if not words or not found or (column.allowed and len(found) > FEW):
        if column.allowed and found:
            entry.doubts.append(_too_many(entry, name, len(found)))
        return
    unknown: dict[str, int] = {}
    for text, rows in sorted(found.items(), key=lambda each: (-each[1], each[0])):
        if text in column.allowed:
            continue
        meant = meaning(text, words, among=name in DETAILED)
        if meant and meant[0] != text:
            entry.add(f"values.{name}", Line(text, meant[0], meant[1]))
        elif meant is None:
            unknown[text] = rows
    if unknown and column.allowed:
        _unknown(entry, name, unknown)
    elif unknown:
        _unheard(entry, name, unknown)


def _unknown(entry: Entry, name: str, unknown: dict[str, int]) -> None:
    shown = [text for text, rows in unknown.items() if rows >= OFTEN and writable(text)]
    choices = ", ".join(TABLES[entry.table][name].allowed)
    for text in shown:
        note = Notice(sv=f"okänt ord: välj bland {choices}", en=f"unknown word: choose among {choices}")
        entry.add(f"values.{name}", Line(text, "", None, note, off=True))
    rows, hidden = sum(unknown.values()), len(unknown) - len(shown)
    listed = [f"'{text}'" for text in shown]
    sv = _and(listed, count(hidden, "sällsynt värde som inte skrivs ut", "sällsynta värden som inte skrivs ut"), hidden)
    en = _and(
        listed, count(hidden, "rare value that is not written out", "rare values that are not written out"), hidden
    )
    entry.doubts.append(
        Notice(
            sv=f"{entry.label}: {name} har värden utan känd innebörd ({count(rows, 'rad', 'rader')}): {sv}. "
            f"Ange dem i [file.values.{name}], annars sätts raderna åt sidan.",
            en=f"{entry.label}: {name} has values without a known meaning ({count(rows, 'row', 'rows')}): {en}. "
            f"Name them in [file.values.{name}], or the rows are set aside.",
        )
    )


def _and(listed: list[str], rest: str, hidden: int) -> str:
    return ", ".join([*listed, *([rest] if hidden else [])])


def _unheard(entry: Entry, name: str, unknown: dict[str, int]) -> None:
    """Keys that no reference entry explains: kept as they are, and said."""
    shown = [text for text, rows in unknown.items() if rows >= OFTEN and writable(text)][:HEARD]
    if not shown:
        return
    listed = ", ".join(f"'{text}'" for text in shown)
    entry.doubts.append(
        Notice(
            sv=f"{entry.label}: {name} har värden som referensdata inte känner, t.ex. {listed}; de behålls som de är.",
            en=f"{entry.label}: {name} has values that the reference data does not know, such as {listed}; "
            "they are kept as they are.",
        )
    )


def writable(text: str) -> bool:
    """True if a value may stand in a file that people pass around: short, and no number of a person."""
    return len(text) <= LONGEST and not LONG_NUMBER.search(text) and "@" not in text


def _too_many(entry: Entry, name: str, number: int) -> Notice:
    return Notice(
        sv=f"{entry.label}: {name} har {number} olika värden, för många för en värdelista; är det rätt kolumn?",
        en=f"{entry.label}: {name} has {number} different values, too many for a value list; is it the right column?",
    )


def titles_by_occupation(entries: list[Entry]) -> dict[str, str]:
    """Titles that stand beside AID codes of one occupation in nine rows of ten; title, folded → occupation."""
    from analysis.extracts.proposing.words import words
    from analysis.reference import occupation_by_aid

    by_aid = occupation_by_aid()
    counts: dict[str, Counter[str]] = {}
    for entry in entries:
        if not {"title", "aid"} <= TABLES[entry.table].keys():
            continue
        for member in entry.members:
            picks = member.match.picks if member.match else {}
            if {"title", "aid"} <= picks.keys():
                pair = member.sheet.frame.iloc[:, [picks["title"].position, picks["aid"].position]].astype("str")
                pair.columns = pd.Index(["title", "aid"])
                for (title, aid), rows in pair.apply(lambda column: column.str.strip()).value_counts().items():
                    if title and aid in by_aid:
                        counts.setdefault("".join(words(title)), Counter())[by_aid[aid]] += int(rows)
    found = {}
    for title, occupations in counts.items():
        occupation, rows = occupations.most_common(1)[0]
        if rows >= 0.9 * occupations.total():
            found[title] = occupation
    return found
