"""How the tables of a page stand on sheets: one sheet a table, a status beside every figure, both languages' headings.

The first language of the edition leads: its words are the sheet's name, its title and headings stand above those of the
other languages, and words that stand in a table instead of figures are given in it alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from analysis.downloads.page_tables import Entry, Figure, Page, PageTable, Row
from analysis.publishing.objects.atoms import Term
from analysis.publishing.words.locale import Locale, locale
from analysis.reference import policy

Texts = tuple[str, ...]
"""One text in each language of the edition, the first language first."""
FORBIDDEN = re.compile(r"[\[\]:*?/\\']+")
LONGEST_NAME = 31
"""Characters that a sheet's name may have, in every program that reads workbooks."""
PER_CENT, POINTS = "percent", "percentage_points"
SHARES = ("share", "rate")


@dataclass(frozen=True)
class Number:
    """A number on a sheet: printed digits, and how a program is to show them."""

    value: Decimal
    decimals: int
    unit: str
    signed: bool = False


@dataclass(frozen=True)
class Placed:
    """A figure with the place on its sheet, in the words of every language."""

    figure: Figure
    unit: str
    status: str
    """shown, unreliable, withheld or missing."""
    table: int
    sheet: str
    place: str
    title: Texts
    row: Texts
    column: Texts


@dataclass
class Sheet:
    """One sheet: texts above, headings (a row for each language), lines, notes below, and the figures that it holds."""

    name: str
    above: list[str]
    heads: list[list[str]]
    lines: list[list[str | Number]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    figures: list[Placed] = field(default_factory=list)
    wordy: frozenset[int] = frozenset()
    """Columns with words, which are wider."""

    @property
    def first_line(self) -> int:
        """Place of the first line on the sheet, from nought: after the texts, an empty row and the headings."""
        return len(self.above) + 1 + len(self.heads)


def sheets_of(pages: Mapping[str, Sequence[Page]], units: Mapping[str, str]) -> list[Sheet]:
    """A sheet for every table of some pages that belong together, and one for the sentences that hold figures.

    Args:
        pages: language → the same pages in that language; the first language leads.
        units: unit of each cell by its name; those that are not known have none.
    """
    words = [locale(language) for language in pages]
    first, *others = pages.values()
    sheets: list[Sheet] = []
    for at, page in enumerate(first):
        twins = [other[at] for other in others]
        for place, table in enumerate(page.tables):
            same = [_twin(table, twin, place) for twin in twins]
            sheets.append(_sheet([table, *same], len(sheets) + 1, words, units))
    said = [
        [sentence for page in pages_ for sentence in page.sentences] for pages_ in (first, *others)
    ]  # fmt: skip
    if said[0]:
        sheets.append(_sentences(said, len(sheets) + 1, words, units))
    return sheets


def _twin(table: PageTable, page: Page, place: int) -> PageTable:
    """The same table in another language; the table itself where the page has no such table."""
    found = page.tables[place] if place < len(page.tables) else table
    return found if len(found.columns) == len(table.columns) else table


def _sheet(tables: Sequence[PageTable], number: int, words: Sequence[Locale], units: Mapping[str, str]) -> Sheet:
    table = tables[0]
    name = sheet_name(number, table.title)
    titles = tuple(each.title for each in tables)
    width = max([len(table.columns) - 1, *(len(row.entries) for row in table.rows)])
    heads = [tuple(each.columns[at] if at < len(each.columns) else "" for each in tables) for at in range(width + 1)]
    groups = [_group([row.entries[at] for row in table.rows if at < len(row.entries)]) for at in range(width)]
    above = [
        [head or each.text(Term("download.row")), *[""] * (len(words) - 1)]
        for head, each in zip(heads[0], words, strict=True)
    ]
    sheet = Sheet(name, list(dict.fromkeys([*titles, table.part])), above)
    wide, starts = set(range(len(words))), []
    for group, texts in zip(groups, heads[1:], strict=True):
        starts.append(len(above[0]))
        wide |= {len(above[0])} if group.words else set()
        for head, each, text in zip(above, words, texts, strict=True):
            head += [text] * group.words + group.heads(text, each)
    known = [{row.cells[0]: row.head for row in each.rows if row.cells} for each in tables]
    for at, row in enumerate(table.rows):
        names = _row_names(row, at, tables, known)
        line: list[str | Number] = [*names]
        for place, (group, start) in enumerate(zip(groups, starts, strict=True)):
            entry = row.entries[place] if place < len(row.entries) else Entry("")
            line += group.put(entry, words[0], units)
            column = start + group.words
            for figure in entry.figures:
                where = address(sheet.first_line + at, column) if entry.figure is not None else ""
                sheet.figures.append(_placed(figure, units, number, name, where, titles, names, heads[place + 1]))
        sheet.lines.append(line)
    sheet.notes = [note for each in tables for note in each.notes]
    sheet.wordy = frozenset(wide)
    return sheet


def _row_names(row: Row, at: int, tables: Sequence[PageTable], known: Sequence[Mapping[str, str]]) -> Texts:
    """A row's header in each language: rows are known by their cells, since names have another order there."""
    names = [row.head]
    for table, heads in zip(tables[1:], known[1:], strict=True):
        same = heads.get(row.cells[0]) if row.cells else None
        names.append(same if same is not None else table.rows[at].head if at < len(table.rows) else row.head)
    return tuple(names)


@dataclass(frozen=True)
class _Group:
    """The columns of a sheet that hold one column of a table."""

    words: bool
    figures: bool
    ends: bool

    def heads(self, text: str, words: Locale) -> list[str]:
        """The headings of the figures' columns in one language."""
        if not self.figures:
            return []
        ends = [words.text(Term(f"download.{end}")) for end in ("low", "high")] if self.ends else []
        return [text, *ends, words.text(Term("download.status"))]

    def put(self, entry: Entry, words: Locale, units: Mapping[str, str]) -> list[str | Number]:
        """What stands in these columns."""
        found: list[str | Number] = [entry.text if entry.figure is None else ""] if self.words else []
        if not self.figures:
            return found
        figure = entry.figure
        if figure is None:
            return [*found, "", *([""] * 2 if self.ends else []), ""]
        numbers = [figure.value, *((figure.low, figure.high) if self.ends else ())]
        unit = unit_of(figure, units)
        found += [
            "" if each is None else Number(each, figure.decimals, unit, figure.signed and place == 0)
            for place, each in enumerate(numbers)
        ]
        return [*found, status_text(figure, words)]


def _group(entries: Sequence[Entry]) -> _Group:
    figures = [entry.figure for entry in entries if entry.figure is not None]
    words = any(entry.text and entry.figure is None for entry in entries) or not figures
    return _Group(words, bool(figures), any(figure.low is not None for figure in figures))


def _sentences(
    said: Sequence[Sequence[Row]], number: int, words: Sequence[Locale], units: Mapping[str, str]
) -> Sheet:  # fmt: skip
    """The sheet of figures that stand in sentences: a line for each figure."""
    titles = tuple(each.text(Term("download.sentences")) for each in words)
    name = sheet_name(number, titles[0])
    heads = []
    group = _Group(False, True, True)
    for place, each in enumerate(words):
        lead = [each.text(Term("download.sentence"))] + [""] * (len(words) - 1)
        heads.append([*lead, *group.heads(each.text(Term("download.figure")), words[place])])
    sheet = Sheet(name, list(titles), heads, wordy=frozenset(range(len(words))))
    known = [{row.cells: row for row in rows} for rows in said]
    for row in said[0]:
        texts = tuple(rows.get(row.cells, row).entries[0].text for rows in known)
        for figure in row.entries[0].figures:
            where = address(sheet.first_line + len(sheet.lines), len(words))
            entry = Entry(figure.text, (figure,))
            sheet.lines.append([*texts, *group.put(entry, words[0], units)])
            sheet.figures.append(_placed(figure, units, number, name, where, titles, texts, ("",) * len(words)))
    return sheet


def _placed(
    figure: Figure, units: Mapping[str, str], table: int, sheet: str, place: str, title: Texts, row: Texts,
    column: Texts,
) -> Placed:  # fmt: skip
    return Placed(figure, unit_of(figure, units), status_of(figure), table, sheet, place, title, row, column)


def unit_of(figure: Figure, units: Mapping[str, str]) -> str:
    """What the printed digits are of: shares and rates are per cent or percentage points, '' where it is not known."""
    if figure.per_cent:
        return PER_CENT
    unit = units.get(figure.cell, "")
    if unit in SHARES:
        return POINTS if figure.status == "shown" else PER_CENT
    return unit


def status_of(figure: Figure) -> str:
    """Whether a figure is shown, and whether its interval is too wide to rely on it (policy: ``unreliable``)."""
    if figure.status != "shown" or figure.low is None or figure.high is None:
        return figure.status
    size = abs(figure.value if figure.value is not None else (figure.low + figure.high) / 2)
    wide = figure.high - figure.low > Decimal(str(policy().unreliable.max_width)) * size
    return "unreliable" if wide else "shown"


def status_text(figure: Figure, words: Locale) -> str:
    """The status in words. A withheld figure has one reason for all: which one would tell the attacker its size."""
    status = status_of(figure)
    return figure.text if status == "missing" else words.text(Term(f"download.status.{status}"))


def sheet_name(number: int, title: str) -> str:
    """A name that every program takes, with the number of the table so that no two are alike."""
    return f"{number} {' '.join(FORBIDDEN.sub(' ', title).split())}"[:LONGEST_NAME].rstrip()


def address(row: int, column: int) -> str:
    """A place on a sheet as programs write it: row and column from nought, ``(0, 0)`` is ``A1``."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
