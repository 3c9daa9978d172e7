"""Headers and values as words: folded, compared, looked up in ``headers.toml`` and ``value_words.toml``."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from rapidfuzz.fuzz import ratio

from analysis.reference import competences, courses, ladders, load, occupations
from analysis.reference.practices import programmes, reported, roles
from analysis.tables.clean import TABLES

UNITS = frozenset({"kr", "sek", "tim", "h", "st", "proc", "procent", "promille", "percent", "pct", "manad", "month"})
"""Words that tell a unit when other words stand beside them."""
SHORT = 4
"""Words this short are compared exactly: most pairs of short words look alike."""
CLOSE = 0.85
"""Similarity from which two words count as the same."""
HALF = 0.5
"""Share of letters in common below which two headers are not alike."""
SHORTENED, PHRASE = 0.9, 0.8
"""What an abbreviation, and a known phrase inside a longer header, are worth."""
LONG = 8
"""Letters from which a phrase without blanks, or one slip in a word, is certain enough."""
DETAILED = ("form", "cause")
"""Columns in whose values employers append details to a word that says it all."""
NEGATIONS = frozenset({"ej", "inte", "icke", "ingen", "not", "non", "no", "never"})
VAGUE = frozenset({"other", "annat", "unknown", "contract", "hours", "moved", "voluntary", "medical"})
"""Words that say something alone but not among others."""
NEAR_SPELLING = 0.95
"""What a close, not equal, spelling is worth at most."""


@cache
def words(text: str) -> tuple[str, ...]:
    """Lower-case ASCII words: ``HireDate``, ``HIRE_DT`` and ``Fr.o.m`` give hire date, hire dt, fr o m."""
    parted = re.sub(r"(?<=[a-zåäö])(?=[A-ZÅÄÖ])", " ", unicodedata.normalize("NFC", text))
    plain = unicodedata.normalize("NFKD", parted.casefold()).encode("ascii", "ignore").decode()
    found = tuple(re.findall(r"[a-z]+|\d+", plain))
    kept = tuple(word for word in found if word not in UNITS)
    return kept or found


@cache
def likeness(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """How alike a header is to a known one, 0 to 1: the mean of letters in common and words in common.

    An abbreviation (Syss.grad, Kostn.ställe) and a known phrase with other words around it count nearly as much.
    """
    if not first or not second:
        return 0.0
    joined = "".join(first), "".join(second)
    if joined[0] == joined[1]:
        return 1.0
    if len(second) > 1 and (_within(second, first) or _run_together(joined[1], first)):
        return PHRASE
    if min(map(len, joined)) < SHORT:
        return 0.0
    if _shortens(first, joined[1]):
        return SHORTENED
    letters = ratio(*joined, score_cutoff=100 * HALF) / 100
    if not letters:  # most pairs: spared the comparison word by word
        return 0.0
    return NEAR_SPELLING * (letters + _shared(first, second)) / 2


def _shortens(parts: tuple[str, ...], whole: str) -> bool:
    """True if the words are the beginnings of the parts of a longer word, the last one to its end."""
    if min(map(len, parts)) < SHORT - 1 or sum(map(len, parts)) < 2 * (SHORT - 1) or not whole.startswith(parts[0]):
        return False
    if len(parts) == 1:
        return len(parts[0]) > SHORT and len(parts[0]) >= HALF * len(whole)
    place = len(parts[0])
    for part in parts[1:-1]:
        found = whole.find(part, place)
        if found < 0:
            return False
        place = found + len(part)
    return whole.endswith(parts[-1]) and len(whole) - len(parts[-1]) >= place


def _within(phrase: tuple[str, ...], header: tuple[str, ...]) -> bool:
    width = len(phrase)
    return any(header[place : place + width] == phrase for place in range(len(header) - width + 1))


def _run_together(phrase: str, header: tuple[str, ...]) -> bool:
    """True where a long phrase stands in the header without its blanks: ``terminationdate_key``."""
    return len(phrase) >= LONG and phrase in header


def _shared(first: tuple[str, ...], second: tuple[str, ...]) -> float:
    """Share of words in common, near spellings included (F1)."""

    def hits(these: tuple[str, ...], those: tuple[str, ...]) -> float:
        return sum(any(_same(word, other) for other in those) for word in these) / len(these)

    one, two = hits(first, second), hits(second, first)
    return 2 * one * two / (one + two) if one + two else 0.0


def _same(word: str, other: str) -> bool:
    if word == other:
        return True
    if min(len(word), len(other)) < SHORT:
        return False
    return ratio(word, other, score_cutoff=100 * CLOSE) > 0


@cache
def column_words(table: str) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Known headers of each canonical column of ``table``, as words; its own name always among them."""
    reference = load("headers")
    own = dict(reference.get(table, {}).get("columns", {}))
    if "occupation" in TABLES[table] and "title" not in TABLES[table]:
        # where a table has no title, what others call a title is the nearest to an occupation
        own["occupation"] = [*own.get("occupation", ()), *reference["common"]["title"]]
    return {
        column: tuple(
            dict.fromkeys(words(each) for each in (*own.get(column, ()), *reference["common"].get(column, ()), column))
        )
        for column in TABLES[table]
    }


@cache
def file_words(table: str) -> tuple[tuple[str, ...], ...]:
    """Words in names of files and sheets that point to ``table``."""
    return tuple(words(each) for each in load("headers").get(table, {}).get("file", (table,)))


def header_likeness(header: str, known: Iterable[tuple[str, ...]]) -> float:
    """The best likeness between a header and any of the known ones."""
    folded = words(header)
    return max((likeness(folded, each) for each in known), default=0.0)


def name_likeness(name: str, table: str) -> float:
    """How much the name of a file or sheet points to ``table``: 1 when one of its words is a known one."""
    folded = tuple(word for word in words(name) if not word.isdigit())
    best = 0.0
    for known in file_words(table):
        best = max(best, likeness(folded, known))
        for width in range(1, len(folded) + 1):
            parts = (folded[place : place + width] for place in range(len(folded) - width + 1))
            best = max(best, *(likeness(part, known) for part in parts), 0.0)
    return best if best >= CLOSE else 0.0


@cache
def value_words(table: str, column: str) -> dict[str, str]:
    """Known local words, folded to one text, and the canonical value each means; empty where none are known.

    Reference entries count as known words: ladders, courses and occupations by their names.
    """
    reference = load("value_words")
    entries: dict[str, list[str]] = {}
    for key in (column, f"{table}.{column}"):
        entries |= {value: list(known) for value, known in reference.get(key, {}).items()}
    if column == "model":
        entries |= {key: [entry["sv"], entry["en"]] for key, entry in (ladders() | competences()).items()}
    elif (table, column) == ("training", "course"):
        entries = {key: [entry["sv"], entry["en"]] for key, entry in (programmes() | courses()).items()}
    elif (table, column) == ("assignments", "kind"):
        entries = {key: [entry["sv"], entry["en"]] for key, entry in roles().items()}
    elif (table, column) == ("follow_up", "kind"):
        entries = {key: [entry["sv"], entry["en"]] for key, entry in reported().items()}
    elif column in ("occupation", "target_occupation"):
        entries = {key: [entry["sv"], entry["en"]] for key, entry in occupations().items()}
    allowed = TABLES[table][column].allowed
    found: dict[str, str] = {}
    for value, known in entries.items():
        if not allowed or value in allowed:
            found |= {"".join(words(each)): value for each in (*known, value)}
    return found


def meaning(text: str, known: dict[str, str], *, among: bool = False) -> tuple[str, float] | None:
    """The canonical value that a local word means, with confidence; None where that is not certain enough.

    Only an equal spelling, a cut one or one slip of a longer word counts: a wrong meaning is worse than none.

    Args:
        text: A cell.
        known: As ``value_words`` gives them.
        among: Whether a known phrase among other words counts too (``Retirement - Age``), as it does where employers
            append details; never beside a negation, and only if all phrases found mean the same.
    """
    folded = "".join(words(text))
    if folded in known:
        return known[folded], 1.0
    if len(folded) >= LONG:
        near = {known[each] for each in known if len(each) >= LONG and _slip(folded, each)}
        if len(near) == 1:
            return near.pop(), 0.85
    parts = words(text)
    if not among or NEGATIONS & set(parts):
        return None
    found = {
        known[phrase]
        for first in range(len(parts))
        for last in range(first + 1, len(parts) + 1)
        if len(phrase := "".join(parts[first:last])) > SHORT and phrase in known and phrase not in VAGUE
    }
    return (found.pop(), 0.75) if len(found) == 1 else None


def _slip(word: str, other: str) -> bool:
    return ratio(word, other, score_cutoff=92) > 0
