"""What a cell of text looks like: a number, a date, a marker that nothing is there, or words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

MARKERS = frozenset(
    {
        "..",
        ".",
        "-",
        "–",
        "—",
        "...",
        "*",
        "na",
        "n/a",
        "#n/a",
        "nan",
        "null",
        "none",
        "nil",
        "saknas",
        "uppgift saknas",
    }
    | {"#saknas!", "missing", "ej uppgift", "u.s.", "x"}
)
"""Ways to write that a value is missing, which count as such only in columns of numbers or dates."""
DATE = re.compile(
    r"\d{4}[-/.](0?[1-9]|1[0-2])([-/.]\d{1,2})?([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?)?"
    r"|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}( \d{1,2}:\d{2}(:\d{2})?( ?[AaPp][Mm])?)?"
    r"|\d{1,2}[- ][A-Za-zåäö]{3,9}\.?[- ]\d{2,4}|\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
)
NUMBER = re.compile(
    r"[(+\-\u2212]?\s*[$€£]?\s*[+\-\u2212]?(?=[.,]?\d)"
    r"(\d+|\d{1,3}([ \u00a0\u202f.,'’]\d{3})+)?([.,]\d+)?([eE][+-]?\d{1,3})?"
    r"\s*(%|kr|:-|\)|-)?\)?"
)
DECIMALS = {
    ",": re.compile(r"[+\-\u2212(£$€]*(\d+|\d{1,3}([ \u00a0\u202f.']\d{3})+)?,(\d{1,2}|\d{4,})\s*(%|kr)?\)?"),
    ".": re.compile(
        r"[+\-\u2212(£$€]*(\d+|\d{1,3}([ \u00a0\u202f,']\d{3})+)?\.(\d{1,2}|\d{4,})([eE][+-]?\d+)?\s*(%|kr)?\)?"
    ),
}
GROUPED = re.compile(r"[+\-\u2212(£$€]*\d{1,3}([ \u00a0\u202f.,'])\d{3}(\1\d{3})*([.,]\d+)?\s*(%|kr)?\)?")


@lru_cache(maxsize=100_000)
def kind(cell: str) -> str:
    """``empty``, ``missing``, ``date``, ``number`` or ``text``."""
    text = cell.strip()
    if not text:
        return "empty"
    if any(char.isdigit() for char in text[:40]) and len(text) < 40:
        if DATE.fullmatch(text):
            return "date"
        if NUMBER.fullmatch(text):
            return "number"
    return "missing" if text.casefold() in MARKERS else "text"


def typed(cell: str) -> bool:
    """True for numbers and dates."""
    return kind(cell) in ("number", "date")


def decimal_mark(cells: Iterable[str]) -> tuple[str, float]:
    """The decimal mark of numbers, and how sure that is (0.5 where no number has decimals)."""
    found: Counter[str] = Counter()
    for cell in cells:
        for mark, pattern in DECIMALS.items():
            if mark in cell and pattern.fullmatch(cell.strip()):
                found[mark] += 1
    if not found:
        return ".", 0.5
    mark, hits = found.most_common(1)[0]
    return mark, hits / sum(found.values())


def thousands_mark(cells: Iterable[str], decimal: str) -> str | None:
    """The mark that groups thousands, None if none does."""
    found: Counter[str] = Counter()
    for cell in cells:
        match = GROUPED.fullmatch(cell.strip())
        if match and match[1] != decimal:
            found["\u00a0" if match[1] == "\u202f" else match[1]] += 1
    return found.most_common(1)[0][0] if found else None
