"""Keys of units and departments: one rule for how they are made and what they look like.

An employer's code is any text (``0180``, ``BUN``, ``hr.1``). Its key is valid everywhere a department is named: as the
name of a file on every system (no capitals that Windows would not tell apart, none of its reserved names), as a
parameter of papermill (a letter first, so that 0180 does not become 180), on a command line and in a link. The first
step makes keys, once for a delivery; what each stood for goes with it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from analysis.errors import InputError
from analysis.tables.protected import EVERYONE, ORGANISATION, TOTAL

KEY = re.compile(r"[a-z][a-z0-9_]*")
LONGEST = 48
"""Characters of a key; a file's name and the folders above it must stay below the limits of file systems."""
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
"""Names that Windows keeps for devices, with whatever ending."""
OURS = frozenset(
    {
        ORGANISATION,
        TOTAL,
        EVERYONE,
        "index",
        "organisation",
        "samverkan",
        "model_card",
        "methods",
        "plan",
        "careers",
        "managers",
        "underlag",
        "run",
        "unmapped",
        "small_departments",
    }
)
"""Names that pages, tables and parameters use themselves."""
EVERY = "*"
"""What stands for every department; of a row that several departments may have, those without one of their own."""
JOIN = "|"
"""Between several units in one cell."""


def is_key(text: str) -> bool:
    """True for what can be the key of a department."""
    return KEY.fullmatch(text) is not None


def code_of(text: str) -> str:
    """An employer's code as codes are compared: composed letters, no outer blanks, one blank between words."""
    visible = "".join(letter for letter in unicodedata.normalize("NFC", text) if unicodedata.category(letter) != "Cf")
    return " ".join(visible.split())


def level_word(text: str) -> str:
    """A word for a level of the organisation as such words are compared: Avdelning is avdelning."""
    return code_of(text).casefold()


def code_of_words(text: str) -> str:
    """A code made of words, such as a unit's name: neither case nor punctuation tells two of them apart."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "")
    return " ".join(re.findall(r"[^\W_]+", folded)) or code_of(text)


def loose(code: str) -> str:
    """What is left of a code without case, punctuation and blanks, leading zeros, and the ``.0`` of a spreadsheet."""
    whole = re.sub(r"(?<=\d)\.0+$", "", unicodedata.normalize("NFKC", code).casefold())
    return "".join(re.findall(r"[^\W_]+", whole)).lstrip("0") or whole


def _plain(code: str) -> str:
    """The key that a code would have alone: lower-case ASCII words joined by ``_``, a letter first."""
    ascii_only = unicodedata.normalize("NFKD", code.casefold()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "_", ascii_only.replace("'", "")).strip("_")
    if not words:  # nothing of the code can be written in ASCII
        return f"d_{_digest(code)}"
    if words in DEVICES | OURS:
        words = f"d_{words}"
    elif not words[0].isalpha():
        words = f"d{words}"
    return words if len(words) <= LONGEST else f"{words[: LONGEST - 8].rstrip('_')}_{_digest(code)}"


def _digest(code: str, length: int = 6) -> str:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).hexdigest()[:length]


def make_keys(codes: Iterable[str]) -> dict[str, str]:
    """A key for each code: distinct, also without regard to case, and whatever the order of the codes.

    A code that is a key stays (d0101). Any other becomes one (0180 → d0180, BUN → bun, CON → d_con). Where two would
    become the same, each gets some digits of its own code's SHA-256 (bun_1f2e3d), so that no other code changes it.

    Args:
        codes: Distinct codes (``code_of``).

    >>> make_keys(["d0101", "0180", "BUN", "CON"])
    {'d0101': 'd0101', '0180': 'd0180', 'BUN': 'bun', 'CON': 'd_con'}
    """
    plain = {code: _plain(code) for code in dict.fromkeys(codes)}
    shared = Counter(plain.values())
    keys = {code: key for code, key in plain.items() if key == code or shared[key] == 1}
    waiting = [code for code in plain if code not in keys]
    for length in (6, 12, 24, 64):
        tried = {code: f"{plain[code][: LONGEST - length - 1]}_{_digest(code, length)}" for code in waiting}
        again = Counter([*tried.values(), *plain.values(), *keys.values()])
        keys |= {code: key for code, key in tried.items() if again[key] == 1}
        waiting = [code for code in waiting if code not in keys]
    return keys


def alike(codes: Iterable[str]) -> list[tuple[str, ...]]:
    """Groups of codes that a person may take for one: equal but for case, punctuation, blanks or leading zeros.

    >>> alike(["12.1", "12-1", "HR", "IT"])
    [('12-1', '12.1')]
    """
    groups: dict[str, list[str]] = {}
    for code in sorted(set(codes)):
        groups.setdefault(loose(code), []).append(code)
    return [tuple(group) for group in groups.values() if len(group) > 1]


class Codes:
    """The codes that a delivery's organisation has, and how another spelling of one is found."""

    def __init__(self, codes: Iterable[str]) -> None:
        self.exact = frozenset(codes)
        spellings: dict[str, list[str]] = {}
        for code in self.exact:
            spellings.setdefault(loose(code), []).append(code)
        self._loose = {spelling: found[0] for spelling, found in spellings.items() if len(found) == 1}

    def __bool__(self) -> bool:
        return bool(self.exact)

    def find(self, code: str) -> str | None:
        """The code meant by ``code``: itself, else the only one that is spelt like it; None where there is none."""
        return code if code in self.exact else self._loose.get(loose(code))


def named(asked: str, codes: Mapping[str, str]) -> str:
    """The key of the department that a person named by its key or by the employer's own code.

    Args:
        asked: What the person wrote.
        codes: The employer's code by key, of the departments to choose from.

    Raises:
        InputError: no department is named so, or several are.
    """
    if asked in codes:
        return asked
    code = code_of(asked)
    for test in (lambda each: each == code, lambda each: loose(each) == loose(code)):
        found = [key for key, each in codes.items() if test(each)]
        if len(found) == 1:
            return found[0]
        if found:
            raise InputError(
                f"department {asked!r} may be several; name one by its key: {listed(found, codes)}"
            ) from None
    raise InputError(f"department {asked} is not in this delivery; it has {listed(list(codes), codes)}")


def listed(keys: Sequence[str], codes: Mapping[str, str]) -> str:
    """Keys in a row, each with the employer's code where that is another text."""
    return ", ".join(key if codes.get(key, key) == key else f"{key} ({codes[key]})" for key in keys)
