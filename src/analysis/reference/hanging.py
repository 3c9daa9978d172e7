"""Which strategies and practices something hangs on: an activity by what is stated or by its words, a lever by its own.

Names of strategies differ between editions, and one edition's takes the place of another's (``becomes``). What belongs
together so is a *family*: one row where editions are laid beside each other, each name with its year.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from analysis.errors import InputError
from analysis.reference import load
from analysis.reference.entries import by_id
from analysis.reference.strategies import editions, practices, strategies

FILE = "strategy_words.toml"


class Topic(BaseModel):
    """Words of a text, and what an activity with one of them hangs on (``strategy_words.toml``)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    words: list[str] = Field(min_length=1)
    strategies: list[str] = Field(min_length=1)


@dataclass(frozen=True)
class Family:
    """Strategies of several editions that follow each other, oldest first; ``id`` is that of the oldest."""

    id: str
    members: tuple[str, ...]


@cache
def topics() -> dict[str, dict[str, Any]]:
    """Topics by id.

    Raises:
        InputError: a field is wrong, a word has capitals, or a strategy or practice is not known.
    """
    found = by_id(Topic, load("strategy_words")["topic"], FILE)
    for key, entry in found.items():
        unknown = [name for name in entry["strategies"] if name not in strategies()]
        if unknown:
            raise InputError(f"{FILE}: {key}: {unknown[0]!r} is not among the strategies")
        _check_words(key, entry["words"])
    return found


@cache
def practice_words() -> dict[str, list[str]]:
    """Practice → how words begin in the text of an activity that is an instance of it.

    Raises:
        InputError: a practice is not known, has no words, or a word has capitals.
    """
    found: dict[str, list[str]] = load("strategy_words")["practices"]
    unknown = [key for key in found if key not in practices()]
    if unknown:
        raise InputError(f"{FILE}: {unknown[0]!r} is not among the practices")
    for key, words in found.items():
        _check_words(key, words)
    return found


def _check_words(key: str, words: list[str]) -> None:
    if not words or any(word != word.casefold() for word in words):
        raise InputError(f"{FILE}: {key}: words are there, and written without capitals")


@cache
def families() -> tuple[Family, ...]:
    """Every strategy in its family, in the order of the oldest editions' names."""
    known, found = strategies(), list[list[str]]()
    for key, entry in known.items():
        mine = next((family for family in found if key in family), None)
        if mine is None:
            found.append(mine := [key])
        for following in entry["becomes"]:
            other = next((family for family in found if following in family), None)
            if other is None:
                mine.append(following)
            elif other is not mine:  # two of one edition become one of the next
                mine += other
                found.remove(other)
    years, order = list(editions()), list(known)
    ordered = [
        sorted(family, key=lambda key: (years.index(known[key]["edition"]), order.index(key))) for family in found
    ]
    return tuple(
        Family(family[0], tuple(family)) for family in sorted(ordered, key=lambda family: order.index(family[0]))
    )


@cache
def family_of() -> dict[str, str]:
    """Strategy → id of its family."""
    return {key: family.id for family in families() for key in family.members}


def stated(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Strategies by id or by name as a delivery writes them, and what is neither.

    A name that several editions have means all of them.
    """
    found, unknown = list[str](), list[str]()
    known = strategies()
    for name in names:
        word = " ".join(name.split()).casefold()
        meant = [key for key, entry in known.items() if word in (key, *_names(entry))]
        found += meant
        unknown += [] if meant else [name]
    return list(dict.fromkeys(found)), unknown


def _names(entry: Mapping[str, Any]) -> list[str]:
    every = [entry, *entry["also"]]
    return [each[language].casefold() for each in every for language in ("sv", "en")]


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], tuple[str, ...], str], ...]:
    """What is looked for, the strategies that follow from it, and the practice, '' of a topic."""
    every = [(entry["words"], tuple(entry["strategies"]), "") for entry in topics().values()]
    every += [(words, tuple(practices()[key]["strategies"]), key) for key, words in practice_words().items()]
    return tuple(
        (re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, words))})"), hung, practice)
        for words, hung, practice in every
    )


def by_words(text: str) -> tuple[list[str], list[str]]:
    """Strategies and practices that the words of a text say it belongs to; a practice brings its own strategies."""
    folded = " ".join(text.split()).casefold()
    fitting = [(hung, practice) for pattern, hung, practice in _patterns() if pattern.search(folded)]
    strategies_ = dict.fromkeys(name for hung, _ in fitting for name in hung)
    return list(strategies_), [practice for _, practice in fitting if practice]
