"""The dialect of delimited text: delimiter, quotation mark and escape that make its rows alike and its cells plain.

The measure follows van den Burg, Nazábal & Sutton, "Wrangling messy CSV files by detecting row and type patterns"
(Data Mining and Knowledge Discovery, 2019): how alike the rows are, times how many cells are of a known type.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.extracts.files.cell_kinds import kind

CANDIDATES = (";", ",", "\t", "|", "~", "^", "#", "¦", "§", ":", " ")
ADDRESS = re.compile(r"""["']?(?:[a-z][a-z\d+.-]*://\S|mailto:\S|[\da-f]{2}(?::[\da-f]{2}){5}\b)""", re.IGNORECASE)
"""How a line begins that is an address: of a page, of a mailbox, of a network card."""
RARE = {"~": 0.9, "^": 0.9, "#": 0.8, "¦": 0.9, "§": 0.8, ":": 0.5, " ": 0.5}
"""Marks that seldom delimit, and what their score is multiplied by."""
SINGLE = "\x1f"
"""The delimiter of a file of one column in which every other mark occurs."""
WORDED = 3
"""Names from which a blank or a colon in the first line may delimit: two words may be one title."""
VALUES = 0.9
"""Share of lines that must be one value each for a file to have one column."""
SAMPLED = 400
WIDE = 200_000
"""Characters looked at for each dialect."""


@dataclass(frozen=True)
class Guess:
    """A dialect, its score (0 to 1) and the lead over the best of another delimiter (0 to 1)."""

    delimiter: str
    quote: str | None
    escape: str | None
    score: float
    lead: float


def guess_dialect(lines: Sequence[str]) -> Guess:
    """The most likely dialect of lines (with their line ends).

    Args:
        lines: The beginning of the file; the first ``SAMPLED`` are used.
    """
    sample, size = [], 0
    for line in lines[:SAMPLED]:
        sample.append(line)
        size += len(line)
        if size > WIDE:
            break
    text = "".join(sample)
    best: dict[str, tuple[float, str | None, str | None]] = {}
    for delimiter in CANDIDATES:
        if delimiter not in text:
            continue
        for quote, escape in _quotes(text, delimiter):
            score = _score(sample, delimiter, quote, escape) * RARE.get(delimiter, 1.0)
            if delimiter not in best or score > best[delimiter][0]:
                best[delimiter] = (score, quote, escape)
    for delimiter in (":", " "):
        if delimiter in best and _one_column(sample, delimiter):
            del best[delimiter]
    listed = next((each for each in best if _holds_lists(sample, each, best[each][1:])), None)
    if listed:
        best = {listed: best[listed]}
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], CANDIDATES.index(item[0])))
    if not ranked or ranked[0][1][0] <= 0.05:
        unused = next((mark for mark in CANDIDATES[:4] if mark not in text), SINGLE)
        quoted = '"' if re.search(r'(?m)^"[^\n]*"$', text) else None
        return Guess(unused, quoted, None, 0.0, 0.0)
    (delimiter, (score, quote, escape)), *others = ranked
    second = others[0][1][0] if others else 0.0
    return Guess(delimiter, quote, escape, score, (score - second) / score)


def _one_column(lines: list[str], delimiter: str) -> bool:
    """True if the lines are values as they stand: times, moments and thousands hold marks that delimit elsewhere.

    Numbers with a blank are two numbers where the first line has as many words as they have parts.
    """
    filled = [line.strip() for line in lines if line.strip()]
    if delimiter == ":" and sum(ADDRESS.match(line) is not None for line in filled[1:]) >= VALUES * len(filled[1:]) > 0:
        return True
    dates = sum(kind(line) == "date" for line in filled[1:])
    values = dates + sum(kind(line) in ("number", "missing") for line in filled[1:])
    if len(filled) < 2 or values < VALUES * (len(filled) - 1):
        return False
    parts = filled[0].count(delimiter)
    return dates >= VALUES * values or any(line.count(delimiter) != parts for line in filled[1:])


def _holds_lists(lines: list[str], delimiter: str, quoting: tuple[str | None, str | None]) -> bool:
    """True if the first line names columns by ``delimiter`` alone, and every row has as many cells, which hold lists.

    Other marks then stand inside the cells (``id,tags`` over ``1,a;b;c``). A comma between digits may be a decimal
    mark, unless every cell beside it is a list.
    """
    records = _parse(lines, delimiter, *quoting)
    if len(records) < 2:
        return False
    header, *rows = records
    if len(header) < WORDED and delimiter in ": ":
        return False
    names = {name.strip().casefold() for name in header}
    if len(names) < len(header) or len(header) < 2 or any(kind(name) != "text" for name in header):
        return False
    if any(len(row) != len(header) for row in rows):
        return False
    for other in CANDIDATES[:4]:
        if other == delimiter or any(other in name for name in header):
            continue
        lists = [[other in cell for cell in row] for row in rows]
        if all(map(all, lists)):
            return True
        if all(map(any, lists)) and not (delimiter == "," and any(_decimal(line) for line in lines[1:])):
            return True
    return False


def _decimal(line: str) -> bool:
    return re.search(r"(?<![\d,])\d+,\d+(?![\d,])", line) is not None


def _quotes(text: str, delimiter: str) -> list[tuple[str | None, str | None]]:
    """Quotation marks, and escapes of them, that occur where they would have to."""
    options: list[tuple[str | None, str | None]] = []
    edge = re.escape(delimiter)
    for quote in ('"', "'"):
        if re.search(rf"(?m)(^|{edge}) *{quote}", text) and re.search(rf"(?m){quote} *({edge}|$)", text):
            options.append((quote, None))
            if f"\\{quote}" in text:
                options.append((quote, "\\"))
    return [*options, (None, None)]


def _parse(lines: list[str], delimiter: str, quote: str | None, escape: str | None) -> list[list[str]]:
    """Records that say something; none where the lines cannot be read so."""
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quotechar=quote,
        escapechar=escape,
        quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
        skipinitialspace=delimiter != " ",
    )
    try:
        return [record for record in reader if any(map(str.strip, record))]
    except csv.Error:
        return []


def _score(lines: list[str], delimiter: str, quote: str | None, escape: str | None) -> float:
    records = _parse(lines, delimiter, quote, escape)
    if not records:
        return 0.0
    widths = Counter(map(len, records))
    alike = sum(count * (width - 1) / width for width, count in widths.items()) / len(records)
    common, hits = max(widths.items(), key=lambda item: (item[1], item[0]))
    if common == 1:
        return 0.0
    # rows of other widths are preamble, groups and footers; what counts is how many rows agree
    alike *= hits / len(records)
    cells = [cell for record in records if len(record) == common for cell in record]
    return alike * sum(map(_plain, cells)) / len(cells)


def _plain(cell: str) -> float:
    """How much a cell looks like one cell, 0 to 1."""
    what = kind(cell)
    if what != "text":
        return 1.0
    text = cell.strip()
    if text[0] in "\"'" or text[-1] in "\"'":
        if len(text) > 1 and text[0] == text[-1]:
            return 0.2
        # marks in pairs quote a word inside the cell: they were doubled, or nobody quotes the cell
        return 0.9 if text.count('"') % 2 == 0 and text.count("'") % 2 == 0 else 0.0
    if any(mark in text for mark in ";\t|"):
        return 0.2
    if "\n" in text or re.search(r"\d,\d|,\S", text):
        return 0.6
    return 0.95
