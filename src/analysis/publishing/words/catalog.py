"""The words of pages: which languages there are, and where each message stands.

A message is looked for in three places: the catalog of its language (``reference/messages``), the words beside the
sections (a TOML file with a table per language), and the folders that ``analysis.toml`` names under ``words``: a file
``<language>.toml`` there adds a language, or words to one.
"""

from __future__ import annotations

import gettext
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale as BabelLocale
from babel.core import UnknownLocaleError
from babel.messages.pofile import read_po

from analysis import settings
from analysis.errors import InputError
from analysis.reference.phrases import LANGUAGES

TERRITORY = dict(zip(LANGUAGES, ("sv_SE", "en_GB"), strict=True))
"""Marks of numbers and dates of the shipped languages; an added language names its own (``[language] locale``)."""
PLURAL = ("one", "other")


@dataclass(frozen=True)
class Message:
    """One message: its forms (one, or singular and plural) and its placeholders."""

    forms: tuple[str, ...]

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the placeholders of any form."""
        return frozenset(name for form in self.forms for _, name, _, _ in Formatter().parse(form) if name)


@dataclass(frozen=True, eq=False)
class Catalog:
    """The messages of one language, its rule for plurals, and its words for names that data hold in other languages.

    Attributes:
        language: the language's code, as it stands in file names and in ``<html lang>``.
        locale: whose marks of numbers and dates it uses (``sv_SE``).
        names: a name of reference data or of the delivery in English → in this language.
    """

    language: str
    locale: str
    messages: Mapping[str, Message]
    plural: Callable[[int], int]
    names: Mapping[str, str] = field(default_factory=dict)

    def message(self, id: str) -> Message:
        """The message ``id``.

        Raises:
            InputError: the catalog does not hold it.
        """
        if id not in self.messages:
            raise InputError(f"the words in {self.language} lack the message {id!r}; add it there")
        return self.messages[id]


def languages() -> tuple[str, ...]:
    """Codes of the languages that pages can be written in: the shipped ones, then those that the project adds."""
    added = (path.stem for folder in _project()[1] for path in sorted(folder.glob("*.toml")))
    return tuple(dict.fromkeys((*LANGUAGES, *added)))


def catalog(language: str) -> Catalog:
    """The words of a language.

    Raises:
        InputError: an unknown language, or a file of words that is not what it should be.
    """
    sections, words = _project()
    files_ = (path for folder in (*sections, *words) for path in sorted(folder.glob("*.toml")))
    return _catalog(language, sections, words, tuple((path, path.stat().st_mtime_ns) for path in files_))


def section_words(folders: tuple[Path, ...] = ()) -> Iterator[tuple[str, dict[str, Any]]]:
    """The word files beside sections: the package's and those in own folders, each with the name errors use."""
    for entry in sorted(_below(files("analysis.sections")), key=str):
        yield entry.name, _parsed(entry.name, entry.read_text(encoding="utf-8"))
    for folder in folders:
        for path in sorted(folder.glob("*.toml")):
            yield path.name, _parsed(path.name, path.read_text(encoding="utf-8"))


def _below(folder: Any) -> Iterator[Any]:
    for entry in folder.iterdir():
        if entry.is_dir():
            yield from _below(entry)
        elif entry.name.endswith(".toml"):
            yield entry


def _project() -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """Folders of own sections and of own words, from ``analysis.toml``; none outside a project."""
    try:
        root = settings.find_root()
        held = settings.load(root)
    except InputError:
        return (), ()
    return tuple(root / name for name in held.sections), tuple(root / name for name in held.words)


@cache
def _catalog(
    language: str, sections: tuple[Path, ...], words: tuple[Path, ...], edited: tuple[tuple[Path, int], ...]
) -> Catalog:
    """The words of a language; ``edited`` makes a changed file of one's own be read again."""
    added = [path for folder in words if (path := folder / f"{language}.toml").is_file()]
    if language not in LANGUAGES and not added:
        known = dict.fromkeys((*LANGUAGES, *(path.stem for folder in words for path in sorted(folder.glob("*.toml")))))
        raise InputError(f"there are no words in the language {language!r}; choose one of {', '.join(known)}")
    messages, plural = _common(language) if language in LANGUAGES else ({}, gettext.c2py("n != 1"))
    for name, tables in section_words(sections):
        messages |= _messages(tables.get(language, {}), f"{name}, [{language}]")
    locale, names = TERRITORY.get(language, ""), dict[str, str]()
    for path in added:
        tables = _parsed(path.name, path.read_text(encoding="utf-8"))
        locale = tables.get("language", {}).get("locale", locale)
        messages |= _messages(tables.get("words", {}), path.name)
        names |= tables.get("names", {})
    try:
        BabelLocale.parse(locale)
    except (UnknownLocaleError, ValueError):
        raise InputError(
            f"the language {language} needs the marks of numbers and dates of a known one: "
            f'[language] locale = "sv_SE" in {language}.toml'
        ) from None
    return Catalog(language, locale, messages, plural, names)


def _common(language: str) -> tuple[dict[str, Message], Callable[[int], int]]:
    path = files("analysis.reference").joinpath("messages", language, "LC_MESSAGES", "analysis.po")
    with path.open("rb") as stream:
        source = read_po(stream, locale=language)
    messages = {}
    for entry in source:
        if not entry.id:
            continue
        id = entry.id if isinstance(entry.id, str) else entry.id[0]
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ())
        if entry.fuzzy or not forms or not all(forms):
            raise InputError(f"the message {id!r} of the {language} catalog is fuzzy or empty; translate it")
        messages[id] = Message(forms)
    return messages, gettext.c2py(source.plural_expr)


def _messages(table: Mapping[str, Any], where: str) -> dict[str, Message]:
    found = {}
    for id, text in table.items():
        if isinstance(text, str) and text:
            found[id] = Message((text,))
        elif isinstance(text, Mapping) and set(text) == set(PLURAL) and all(text.values()):
            found[id] = Message(tuple(str(text[form]) for form in PLURAL))
        else:
            raise InputError(f"{where}: {id!r} is neither a sentence nor {{one = …, other = …}}")
    return found


def _parsed(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{name} is not valid TOML: {error}") from None
