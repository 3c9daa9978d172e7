"""Finding a definition by what people call it: groups of definitions, their words, and the search through both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from fnmatch import fnmatchcase
from functools import cache
from typing import Any

from analysis.errors import InputError
from analysis.reference import definitions, load
from analysis.reference.phrases import LANGUAGES

WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class DefinitionGroup:
    """Definitions that belong together (``indicator_groups.toml``)."""

    sv: str
    en: str
    measures: tuple[str, ...]
    words: tuple[str, ...]

    def holds(self, measure: str) -> bool:
        """Whether a measure fits one of its patterns."""
        return any(fnmatchcase(measure, pattern) for pattern in self.measures)


@cache
def groups() -> tuple[DefinitionGroup, ...]:
    """Every group, in the order of the list."""
    entries = load("indicator_groups")["group"]
    return tuple(
        DefinitionGroup(entry["sv"], entry["en"], tuple(entry["measures"]), tuple(entry["words"])) for entry in entries
    )


def grouped(ids: list[str]) -> list[tuple[DefinitionGroup, list[str]]]:
    """Ids by the first group that holds their measure, in the order of the groups; empty groups are left out."""
    held: dict[DefinitionGroup, list[str]] = {group: [] for group in groups()}
    for id in ids:
        held[group_of(definitions()[id]["measure"])].append(id)
    return [(group, found) for group, found in held.items() if found]


def group_of(measure: str) -> DefinitionGroup:
    """The first group that holds a measure.

    Raises:
        InputError: none does.
    """
    found = next((group for group in groups() if group.holds(measure)), None)
    if found is None:
        raise InputError(f"indicator_groups.toml: no group holds the measure {measure!r}; add it to one")
    return found


SHORTEST = 5
"""Letters from which the beginning of a word of a text tells its topic."""


def suggested(text: str) -> dict[str, Any] | None:
    """The definition that an activity without an indicator could be followed by: the first of the group of its topic.

    A group's topic is told by its name and its words: the group with most of them at the beginning of a word of the
    text, of several the one that stands first in the list. None where no word is known.

    Args:
        text: what is to be done, as the plan says it.
    """
    said = [_plain(word) for word in WORD.findall(text)]

    def hits(group: DefinitionGroup) -> int:
        known = {_plain(word) for phrase in (group.sv, *group.words) for word in WORD.findall(phrase)}
        known = {word for word in known if len(word) >= SHORTEST}
        return sum(any(word.startswith(each) for each in known) for word in said)

    first: dict[DefinitionGroup, dict[str, Any]] = {}
    for entry in definitions().values():
        if entry["status"] == "computed":
            first.setdefault(group_of(entry["measure"]), entry)
    best = max((group for group in groups() if group in first), key=hits)  # of several the first one
    return first[best] if hits(best) else None


def search(text: str) -> list[str]:
    """Ids of the definitions that hold every word of a text, the nearest hits first.

    Looked through are, in both languages: what people call a group of definitions, names, ids and national ids, then
    formulas. A word is found at the beginning of another one or within it, whatever its case and accents.

    Args:
        text: one or more words.

    Raises:
        InputError: nothing is found; the nearest word that would be is named.
    """
    wanted = _plain(text).split()
    if not wanted:
        raise InputError("say what to search for, for instance --search sjukfrånvaro")
    ranks: dict[str, int] = {}
    for id, entry in definitions().items():
        places = _places(id, entry)
        rank = next((rank for rank, place in enumerate(places) if _holds(place, wanted)), None)
        if rank is None and _holds(" ".join(places), wanted):
            rank = len(places)
        if rank is not None:
            ranks[id] = rank
    if not ranks:
        near = get_close_matches(" ".join(wanted), sorted(_known()), n=1, cutoff=0.5)
        hint = f"did you mean {near[0]}? " if near else ""
        raise InputError(f"no indicator is called {text!r}; {hint}`analysis indicators` lists all")
    best = min(ranks.values())
    # a word of a formula is a hit only where no name has it
    return sorted((id for id, rank in ranks.items() if rank == best or rank < FORMULA), key=lambda id: ranks[id])


FORMULA = 3
"""Rank from which a hit is in a formula: behind names, the words of a group, and ids."""


def _places(id: str, entry: dict[str, Any]) -> list[str]:
    """What is looked through, the nearest first."""
    group = group_of(entry["measure"])
    names = [entry[language] for language in LANGUAGES]
    spoken = [group.sv, group.en, *group.words]
    ids = [id, entry["measure"], entry["source"], *entry["comparable_with"], *entry["input_to"]]
    formulas = [entry[f"formula_{language}"] for language in LANGUAGES]
    return [_plain(" ".join(texts)) for texts in (names, spoken, ids, formulas)]


def _holds(place: str, wanted: list[str]) -> bool:
    return all(word in place for word in wanted)


def _known() -> Iterator[str]:
    for group in groups():
        yield from map(_plain, (group.sv, group.en, *group.words))
    for entry in definitions().values():
        yield from (_plain(entry[language]) for language in LANGUAGES)


def _plain(text: str) -> str:
    """Words in small letters without accents, blanks between them."""
    bare = "".join(
        letter for letter in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(letter)
    )
    return " ".join(WORD.findall(bare))
