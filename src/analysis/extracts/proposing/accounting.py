"""Every column of every file accounted for: mapped, or listed as not used and why; and files that are no table."""

from __future__ import annotations

from collections import Counter
from functools import cache

from analysis.extracts.account.notices import Notice
from analysis.extracts.proposing.draft import Entry, Line
from analysis.extracts.proposing.files import Found
from analysis.extracts.proposing.matching import KNOWN_WORD, LEAST, Match, scores
from analysis.extracts.proposing.words import column_words, header_likeness, words
from analysis.reference import load
from analysis.tables.clean import TABLES

CALLED = 0.9
"""Likeness from which a header is what ``unused.toml`` calls it."""
EMPTY = Notice(sv="tom i varje rad", en="empty in every row")


@cache
def _known() -> tuple[tuple[tuple[tuple[str, ...], ...], Notice], ...]:
    return tuple(
        (tuple(words(header) for header in each["headers"]), Notice(sv=each["sv"], en=each["en"]))
        for each in load("unused")["column"]
    )


def unused(entry: Entry) -> None:
    """List the headers that no column of the entry takes, each with the reason (``Entry.unused``, ``.reasons``)."""
    seen: Counter[str] = Counter()
    for member in entry.members:
        picks = member.match.picks if member.match else {}
        used = {pick.position for pick in picks.values()}
        for place, header in enumerate(member.sheet.headers):
            if place not in used and header.strip():
                seen[header.strip()] += 1
                entry.reasons.setdefault(header.strip(), _why(member, place))
    entry.unused = list(seen)


def _why(found: Found, place: int) -> Notice:
    header, traits = found.sheet.headers[place], found.sheet.traits[place]
    if not traits.filled:
        return EMPTY
    picks = found.match.picks if found.match else {}
    for headers, said in _known():
        if header_likeness(header, headers) >= CALLED:
            return said
    if found.match is None:
        return Notice(sv="inte avgjort", en="not decided")
    likes = {name: header_likeness(header, known) for name, known in column_words(found.match.table).items()}
    name = max(likes, key=lambda each: likes[each])
    if likes[name] < KNOWN_WORD:
        table = found.match.table
        return Notice(sv=f"ingen kolumn i {table} heter så", en=f"no column of {table} is called so")
    if name in picks:
        chosen = found.sheet.headers[picks[name].position].strip()
        return Notice(sv=f"liknar {name}, som togs ur '{chosen}'", en=f"like {name}, which was taken from '{chosen}'")
    if scores(found.match.table, found.sheet)[name].iloc[place] < LEAST:
        return Notice(
            sv=f"heter som {name}, men cellerna är något annat", en=f"called as {name}, but holds other cells"
        )
    return Notice(sv=f"liknar {name}, men inte säkert nog", en=f"like {name}, but not surely enough")


def account(entries: list[Entry]) -> None:
    """What another entry of the same file takes is used; each header left is listed once."""
    for entry in entries:
        if all(member.again for member in entry.members):
            entry.unused, entry.reasons = [], {}
    again = [member for entry in entries for member in entry.members if member.again]
    for entry in entries:
        taken = {
            member.sheet.headers[pick.position].strip()
            for member in again
            if any(each.path == member.path and each.sheet_name == member.sheet_name for each in entry.members)
            for pick in (member.match.picks.values() if member.match else ())
        }
        entry.unused = [header for header in entry.unused if header not in taken]


def skeleton(found: Found, settings: list[Line]) -> Entry:
    """An entry in comments for a file that is no table as far as can be seen: what it resembles, and its headers.

    Args:
        found: The file.
        settings: How it is to be read (``families.reading_lines``).
    """
    nearest = found.nearest
    table = nearest.table if nearest and nearest.confidence >= LEAST / 2 else ""
    entry = Entry(table, nearest.confidence if nearest else 0.0, [found], settings=settings, off=True)
    picks = nearest.picks if nearest and table else {}
    found.match = Match(table, entry.confidence, picks) if table else None
    for name in TABLES.get(table, {}):
        if name in picks:
            entry.add("columns", Line(name, found.sheet.headers[picks[name].position], picks[name].confidence))
        elif TABLES[table][name].required:
            entry.add("columns", Line(name, "", None, Notice(sv="måste anges", en="must be named")))
    unused(entry)
    found.match = None
    return entry
