"""Names of persons in the delivery, looked for in finished pages. No list of them is kept: it is read again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import unescape
from itertools import pairwise
from pathlib import Path

from analysis.errors import InputError
from analysis.extracts.manifest import load_manifest
from analysis.extracts.persons.names_in_texts import LONGEST, WORD, digest_of, known_names, spoken
from analysis.extracts.places import raw_folder
from analysis.extracts.sources import find_sources

UNREAD = re.compile(r"<(script|style)\b.*?</\1>", re.S)
SPOKEN = re.compile(r'\b(?:aria-label|alt|title)="([^"]*)"')
MARKUP = re.compile(r"<[^>]+>")


class NamesOnPages:
    """Whether a text names a person of a delivery.

    Args:
        known: digests of names (``names_in_texts.digest_of``).
        ours: names that pages print of themselves (departments, the municipality): a school may be called after
            somebody whose name a person there bears.
    """

    def __init__(self, known: frozenset[bytes], ours: Iterable[str] = ()) -> None:
        self._known = known
        self._seen: dict[tuple[str, ...], bool] = {}
        self._ours = {words for text in ours for words in _together(text)}

    def __call__(self, text: str) -> bool:
        """True if the text, of a page or a record, holds the name of a person."""
        if not self._known:
            return False
        bare = UNREAD.sub(" ", text)
        said = MARKUP.sub("\n", bare) + "\n" + "\n".join(SPOKEN.findall(bare))
        return any(self._is_name(words) for words in set(_together(unescape(said))))

    def _is_name(self, words: tuple[str, ...]) -> bool:
        if words not in self._seen:
            named = words not in self._ours and any(digest_of(name) in self._known for name in spoken(words))
            self._seen[words] = named
        return self._seen[words]


def names_on_pages(delivery: Path, ours: Iterable[str] = ()) -> NamesOnPages:
    """Read the names of persons that a delivery holds, to look for them.

    Args:
        delivery: folder with ``delivery.toml``.
        ours: names that pages print of themselves.

    Returns:
        What looks for them; it finds nothing where the raw files are gone.
    """
    try:
        manifest = load_manifest(delivery)
        files = raw_folder(manifest, delivery)
        known = frozenset(known_names(find_sources(manifest, files)))
    except (InputError, OSError):
        known = frozenset()
    return NamesOnPages(known, ours)


def _together(text: str) -> Iterable[tuple[str, ...]]:
    """Words that follow each other as those of a name do, two to four of them."""
    found = list(WORD.finditer(text))
    near = [text[one.end() : other.start()].strip(" \t\u00a0") in ("", ",", ".") for one, other in pairwise(found)]
    words = [match.group() for match in found]
    for at in range(len(words)):
        for size in range(2, LONGEST + 1):
            if at + size > len(words) or not all(near[at : at + size - 1]):
                break
            yield tuple(words[at : at + size])
