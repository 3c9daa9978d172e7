"""What the rendered pages say: every printed figure with its key, every figure that is withheld, every text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from pathlib import Path

from analysis.audit.downloads import Numbers, Place, read_records, read_workbook
from analysis.audit.figures import Figure, Key, Read, digits_allow, key_of

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
LISTS, WORKBOOKS = (".csv",), (".xlsx",)
"""Endings of downloads, whose numbers he holds against the pages'."""
ORDER = dict.fromkeys(PAGES, 1) | dict.fromkeys(LISTS, 2) | dict.fromkeys(WORKBOOKS, 3)
RECORDS = (".json", ".toml", ".txt", ".md", ".ipynb", ".log", ".svg")
"""Endings of files that he reads as text."""


def read(folder: Path) -> Read:
    """Read every file of a folder of pages: pages, then CSV files, then the workbooks that are held against both.

    Args:
        folder: where the rendered pages lie.
    """
    found = Read({}, {}, [], [])
    places: dict[str, dict[Place, Numbers]] = {}
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for path in sorted(files, key=lambda path: ORDER.get(path.suffix, 0)):
        name = path.relative_to(folder).as_posix()
        text: str | None = None
        if path.suffix in (*PAGES, *RECORDS, *LISTS):
            text = path.read_text(encoding="utf-8", errors="replace")
        if path.suffix in PAGES and text is not None:
            _read_page(name, text, found)
        elif path.suffix in LISTS and text is not None:
            listed, text = read_records(name, text, found) or ({}, None)
            places[name.removesuffix(path.suffix)] = listed
        elif path.suffix in WORKBOOKS:
            text = read_workbook(name, path, places.get(name.removesuffix(path.suffix), {}), found)
        if text is None:
            found.unread.append(name)
        else:
            found.texts[name] = text
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
        low, high = digits_allow(text) if "/" not in text else (float("-inf"), float("inf"))
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


def _numbers(text: str) -> Iterator[tuple[float, float]]:
    for number in NUMBER.findall(text.replace("–", " ")):
        plain = re.sub(r"[\u00a0\u202f ]", "", number).replace("−", "-").replace(",", ".")
        yield digits_allow(plain)


def keys_named(keys: Iterable[Key]) -> str:
    """Keys as a sentence names them."""
    return ", ".join("/".join(part for part in key if part) for key in keys)
