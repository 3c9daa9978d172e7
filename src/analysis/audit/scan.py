"""What must stand nowhere in what is published: identity numbers, pseudonyms, birth dates, names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise

DATE = r"\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d|[6-9]\d)"
PERSONNUMMER = re.compile(rf"(?<![\w.-])(?:(?:19|20){DATE}[-+]?|{DATE}[-+])\d{{4}}(?![\w-])")
WORD = re.compile(r"[^\W_]+(?:[-'][^\W_]+)*")
LONG = 4
"""Names of fewer letters are words of the language as often as names."""


def scan(texts: Mapping[str, str], secrets: Mapping[str, frozenset[str]], *, pages: bool = True) -> list[str]:
    """Sentences about what was found; the text itself is not repeated.

    Args:
        texts: text of every file by its name; the name is scanned, too.
        secrets: words that must stand nowhere, by what they are.
        pages: whether these are the pages (False: logs).
    """
    found = []
    kind = "" if pages else "log "
    two = any(" " in word for known in secrets.values() for word in known)
    for name, text in texts.items():
        both = f"{name}\n{text}"
        if PERSONNUMMER.search(both):
            found.append(f"{kind}{name} holds something that looks like a personal identity number")
        spoken = WORD.findall(both)
        words = {*spoken, *re.findall(r"\d{4}-\d{2}-\d{2}", both)}
        pairs = set(pairwise(spoken)) if two else set()
        for what, known in secrets.items():
            alone = any(word in words for word in known if len(word) >= LONG and " " not in word)
            if alone or any(tuple(word.split()) in pairs for word in known if " " in word):
                found.append(f"{kind}{name} holds {what}")
    return found
