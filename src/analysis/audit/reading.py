"""What the rendered pages say: every printed figure with its key, every figure that is withheld, every text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

TAG = re.compile(r'<(\w+)\b([^>]*?\bdata-cell="([^"]*)"[^>]*)>(.*?)</\1>', re.S)
VALUE = re.compile(r'\bvalue="([^"]*)"')
STATUS = re.compile(r'\bdata-status="([^"]*)"')
MARKUP = re.compile(r"<[^>]+>")
NUMBER = re.compile(r"[−-]?\d[\d\u00a0\u202f ]*(?:[.,]\d+)?")
DRAWN = re.compile(r'<(\w+)\b[^>]*\bdata-cell="([^"]*)"[^>]*?\b(?:x|y|cx|cy|r|d|width|height|points|transform)="')
ALT = re.compile(r'\b(?:aria-label|alt|title)="([^"]*)"')
LABEL = re.compile(r'<th scope="row"[^>]*>(.*?)</th>(.*?)</tr>', re.S)
PART = re.compile(r'(?=<figure\b|<section\b|<details\b|<div class="listing")')
PLAIN = re.compile(r"[−-]?\d[\d.,]*\d|\d")
SHORT = 4
"""Labels of fewer letters are found in other words."""
PAGES = (".html",)
"""Endings of files that the attacker can read figures from."""
RECORDS = (".json", ".toml", ".csv", ".txt", ".md", ".ipynb", ".log", ".svg")
"""Endings of files that he reads as text."""

Key = tuple[str, str, str, str, str]
"""Table, department, row, column, layer."""


@dataclass
class Figure:
    """One figure as all pages together show it."""

    key: Key
    low: float = float("-inf")
    high: float = float("inf")
    """Ends that the printed digits allow."""
    ends: tuple[tuple[float, float], ...] = ()
    """The printed interval: what its digits allow for the lower and for the upper end."""
    withheld: list[str] = field(default_factory=list)
    """Pages on which it is withheld."""
    shown: list[str] = field(default_factory=list)


@dataclass
class Read:
    """Everything that was read in one folder of pages."""

    figures: dict[Key, Figure]
    texts: dict[str, str]
    """Text of every file, by its name."""
    unread: list[str]
    """Files of a kind that the attacker cannot read."""
    problems: list[str]


def read(folder: Path) -> Read:
    """Read every file of a folder of pages.

    Args:
        folder: where the rendered pages lie.
    """
    found = Read({}, {}, [], [])
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if path.suffix in (*PAGES, *RECORDS):
            found.texts[name] = path.read_text(encoding="utf-8", errors="replace")
        else:
            found.unread.append(name)
        if path.suffix in PAGES:
            _read_page(name, found.texts[name], found)
    return found


def _read_page(name: str, html: str, found: Read) -> None:
    for _, attributes, text, inside in TAG.findall(html):
        key = key_of(text)
        if key is None:
            continue
        figure = found.figures.setdefault(key, Figure(key))
        status = STATUS.search(attributes)
        if status:
            if status.group(1) == "withheld":
                figure.withheld.append(name)
            continue
        value = VALUE.search(attributes)
        if value is None:
            continue
        said = unescape(MARKUP.sub("", inside))
        printed = list(_numbers(said))
        text = value.group(1)
        low, high = _digits(text) if "/" not in text else (float("-inf"), float("inf"))
        figure.low, figure.high = max(figure.low, low), min(figure.high, high)
        figure.shown.append(name)
        if len(printed) == 3:
            figure.ends = (printed[1], printed[2])
    for element, text in DRAWN.findall(html):
        key = key_of(text)
        if key in found.figures and found.figures[key].withheld and element not in ("data", "span"):
            found.problems.append(f"{name}: {text} is withheld and is drawn as <{element}>")
    _read_words(name, html, found)


def _read_words(name: str, html: str, found: Read) -> None:
    """Numbers beside the name of a row whose figures are withheld: alt texts, drawn words, sentences of one part."""
    for part in PART.split(re.sub(r"<(script|style)\b.*?</\1>", " ", html, flags=re.S)):
        rows: dict[str, tuple[set[str], bool]] = {}
        for label, rest in LABEL.findall(part):
            word = " ".join(unescape(MARKUP.sub("", label)).split())
            numbers, silent = rows.get(word, (set(), False))
            inside = unescape(MARKUP.sub(" ", rest))
            rows[word] = (numbers | set(PLAIN.findall(inside)), silent or 'data-status="withheld"' in rest)
        silent_rows = {word: numbers for word, (numbers, silent) in rows.items() if silent and len(word) >= SHORT}
        if not silent_rows:
            continue
        bare = TAG.sub(" ", part)
        spoken = [unescape(text) for text in ALT.findall(bare)]
        spoken += [" ".join(unescape(text).split()) for text in re.findall(r">([^<>]*\d[^<>]*)<", bare)]
        for word, numbers in silent_rows.items():
            said = re.compile(rf"{re.escape(word)}:? ([−-]?\d[\d.,]*)(?![\d%\w])", re.I)
            for number in (match.rstrip(".,") for text in spoken for match in said.findall(text)):
                if number and number not in numbers:
                    found.problems.append(f"{name}: the number {number} stands beside «{word}», which is withheld")


def key_of(text: str) -> Key | None:
    """The key of one figure; None for several (a mean of some)."""
    parts = unescape(text).split("/")
    if "{" in text or not 4 <= len(parts) <= 5:
        return None
    return (parts[0], parts[1], parts[2], parts[3], parts[4] if len(parts) == 5 else "")


def _digits(text: str) -> tuple[float, float]:
    """What a printed number may have been before it was rounded."""
    try:
        value = float(text)
    except ValueError:
        return float("-inf"), float("inf")
    half = 0.5 * 10.0 ** -(len(text.partition(".")[2]))
    return value - half, value + half


def _numbers(text: str) -> Iterator[tuple[float, float]]:
    for number in NUMBER.findall(text.replace("–", " ")):
        plain = re.sub(r"[\u00a0\u202f ]", "", number).replace("−", "-").replace(",", ".")
        yield _digits(plain)


def keys_named(keys: Iterable[Key]) -> str:
    """Keys as a sentence names them."""
    return ", ".join("/".join(part for part in key if part) for key in keys)
