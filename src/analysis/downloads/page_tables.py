"""The tables of a finished page: titles, notes, headings, and every figure with its cell, digits and status."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from lxml import etree, html

HEADINGS = ("h1", "h2", "h3", "h4")
BLOCKS = frozenset({"p", "li", "dd", "dt", "td", "th", "div", "section", "figcaption", "caption", "summary", *HEADINGS})
"""Elements that end a sentence."""
CONTAINERS = frozenset({"figure", "details", "section", "div"})
MARKED = "|".join(f".//{name}" for name in (*HEADINGS, "table", "*[@data-cell]"))
NUMBER = re.compile(r"[−-]?\d[\d.,\u00a0\u202f ]*")
BRACKETS = re.compile(r"\(([^()]*)\)\s*$")


@dataclass(frozen=True)
class Figure:
    """One printed figure. ``value``, ``low`` and ``high`` are its printed digits, per cent as 7.6."""

    cell: str
    """``table/department/row/column[/layer]`` of the protected cell."""
    text: str
    status: str
    """shown, withheld or missing."""
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    @property
    def decimals(self) -> int:
        """Decimals that are printed."""
        number = self.value if self.value is not None else self.low
        exponent = 0 if number is None else number.as_tuple().exponent
        return -exponent if isinstance(exponent, int) and exponent < 0 else 0

    @property
    def per_cent(self) -> bool:
        """Whether it is printed with a sign of per cent."""
        return "%" in self.text

    @property
    def signed(self) -> bool:
        """Whether a plus is printed before what is more than nothing."""
        return self.text.startswith(("+", "±"))


@dataclass(frozen=True)
class Entry:
    """What stands in one place of a table: words, and the figures among them."""

    text: str
    figures: tuple[Figure, ...] = ()

    @property
    def figure(self) -> Figure | None:
        """The figure, where nothing else stands there."""
        alone = len(self.figures) == 1 and self.figures[0].text == self.text
        return self.figures[0] if alone else None


@dataclass(frozen=True)
class Row:
    """A row: its header and what stands in each column after it."""

    head: str
    entries: tuple[Entry, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """Names of its figures' cells, by which the same row is found in another language."""
        return tuple(figure.cell for entry in self.entries for figure in entry.figures)


@dataclass(frozen=True)
class PageTable:
    """A table of a page with the heading of its part, its title and its notes."""

    part: str
    title: str
    notes: tuple[str, ...]
    columns: tuple[str, ...]
    """Headings, that of the row headers first."""
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Page:
    """A finished page: its title, its tables, and the sentences outside tables that hold figures."""

    title: str
    tables: tuple[PageTable, ...]
    sentences: tuple[Row, ...]
    """Head: the part of the page; one entry: the sentence."""


def read_page(text: str) -> Page:
    """The tables and figures of one finished page.

    Args:
        text: the page as it is published.
    """
    tree = html.document_fromstring(text)
    main = tree.find(".//main")
    if main is None:
        main = tree.body
    etree.strip_elements(main, "svg", "script", "style", with_tail=False)
    tables, sentences = [], []
    part = heading = level = ""
    seen: set[etree._Element] = set()
    for element in main.xpath(MARKED):
        if element.tag in HEADINGS:
            heading, level = words_of(element), element.tag
            part = heading if element.tag in ("h1", "h2") else part
        elif element.tag == "table":
            tables.append(table_of(element, part, heading))
        else:
            block = _block(element)
            if block is not None and block not in seen:
                seen.add(block)
                entry = _entry(block)
                label = _label(block, heading if level > "h2" else "")
                sentences.append(Row(part, (Entry(f"{label}: {entry.text}" if label else entry.text, entry.figures),)))
    return Page(words_of(tree.find(".//title")), tuple(tables), tuple(sentences))


def table_of(table: etree._Element, part: str, heading: str) -> PageTable:
    """One table of a page; ``heading`` is the last one before it, ``part`` that of its part of the page."""
    caption, box = table.find("caption"), _container(table)
    said = words_of(caption)
    named = table.get("aria-labelledby") and (caption is None or table.get("role"))
    title = heading if named or not said else said
    notes = [said] if said and said != title else []
    if box is not None:
        below = [words_of(p) for p in box.iter("p") if not _inside(p, "table")]
        notes += [note for note in dict.fromkeys(below) if note and note not in notes]
    columns = tuple(words_of(cell) for cell in table.iterfind("thead/tr[1]/*"))
    rows = []
    for line in table.iterfind("tbody/tr"):
        cells = line.findall("th") + line.findall("td")
        rows.append(Row(words_of(cells[0]) if cells else "", tuple(_entry(cell) for cell in cells[1:])))
    return PageTable(part, title, tuple(notes), columns, tuple(rows))


def _container(table: etree._Element) -> etree._Element | None:
    """The box around a table that holds its notes: the widest one with no other table and one heading at most."""
    found = None
    for above in table.iterancestors():
        if above.tag not in CONTAINERS:
            break
        if sum(1 for _ in above.iter("table")) > 1 or sum(1 for _ in above.iter(*HEADINGS)) > 1:
            break
        found = above
    return found


def _block(element: etree._Element) -> etree._Element | None:
    """The sentence that a figure outside a table stands in; None inside one."""
    block = None
    for above in element.iterancestors():
        if above.tag == "table":
            return None
        if block is None and above.tag in BLOCKS:
            block = above
    return block


def _label(block: etree._Element, heading: str) -> str:
    """What a sentence outside tables is about: the heading of its card, the term that it describes."""
    term = block.getprevious() if block.tag == "dd" else None
    named = words_of(term) if term is not None and term.tag == "dt" else ""
    return ": ".join(each for each in (heading, named) if each)


def _inside(element: etree._Element, tag: str) -> bool:
    return any(above.tag == tag for above in element.iterancestors())


def _entry(element: etree._Element) -> Entry:
    figures = tuple(_figure(item) for item in element.xpath("descendant-or-self::*[@data-cell]"))
    return Entry(words_of(element), figures)


def _figure(element: etree._Element) -> Figure:
    cell, text = element.get("data-cell", ""), words_of(element)
    status = element.get("data-status")
    if status is not None:
        return Figure(cell, text, "withheld" if status == "withheld" else "missing")
    printed = element.get("value", "")
    if "/" in printed:
        low, high = (_decimal(end) for end in printed.split("/", 1))
        return Figure(cell, text, "shown", None, low, high)
    value = _decimal(printed)
    ends = list(_ends(text, printed))
    return Figure(cell, text, "shown", value, ends[0], ends[-1]) if ends else Figure(cell, text, "shown", value)


def _ends(text: str, printed: str) -> Iterator[Decimal]:
    """The ends of an interval in brackets; marks of thousands and decimals are the language's, so digits count."""
    brackets = BRACKETS.search(text)
    places = len(printed.partition(".")[2])
    for number in NUMBER.findall(brackets.group(1)) if brackets else ():
        digits = int("".join(filter(str.isdigit, number)))
        yield Decimal(-digits if number[0] in "−-" else digits).scaleb(-places)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def words_of(element: etree._Element | None) -> str:
    """The text of an element, blanks made one; '' for none."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
