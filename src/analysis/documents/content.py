"""What stands in a chapter: the sections of a page as headings, lines, tables and pictures with their alt texts."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree, html
from pydantic import BaseModel, ConfigDict

from analysis.downloads.page_tables import HEADINGS, PageTable, table_of, words_of
from analysis.publishing.objects.atoms import Name, Term
from analysis.publishing.objects.stock import Line, Note, Part, Several, Shown, Table
from analysis.publishing.pages.render import html as rendered
from analysis.publishing.words.locale import locale
from analysis.reference import definitions
from analysis.sections.report import Report
from analysis.tables.protected import ProtectedReport

MEASURES, NOW = "definitions", "now"
"""Table and column of figures by named definitions."""
READ = "|".join(f".//{name}" for name in (*HEADINGS, "p", "li", "dd", "table", "*[@role='img']"))

DRAWN = "bars"
"""Class of the drawings that a document has as pictures; of others it has the table."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Also(_Strict):
    """A measure that readers expect, and what is said where nothing published has one of its definitions."""

    definitions: tuple[str, ...]
    sv: str
    en: str


class Outline(_Strict):
    """One chapter: its title, the sections that fill it, and the line that says what is missing."""

    sv: str
    en: str
    sections: tuple[str, ...]
    missing: Mapping[str, str]
    measures: tuple[str, ...] = ()
    also: tuple[Also, ...] = ()


class Document(_Strict):
    """One document: its title and its chapters."""

    sv: str
    en: str
    chapters: tuple[str, ...]


class Outlines(_Strict):
    """Every document and chapter (``chapters.toml``)."""

    document: Mapping[str, Document]
    chapter: Mapping[str, Outline]


@dataclass(frozen=True)
class Picture:
    """A drawing of a page, by its alt text and the table that it was drawn from."""

    alt: str
    table: PageTable


@dataclass(frozen=True)
class Passage:
    """A section in a document: its title, its lines, its tables, the pictures of tables."""

    title: str
    lines: tuple[str, ...]
    tables: tuple[PageTable, ...]
    pictures: tuple[Picture, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter: its title, its passages, and lines that say what is missing."""

    id: str
    title: str
    passages: tuple[Passage, ...]
    missing: tuple[str, ...]


@cache
def outlines() -> Outlines:
    """The documents and chapters that are shipped."""
    text = Path(__file__).with_name("chapters.toml").read_text(encoding="utf-8")
    return Outlines.model_validate(tomllib.loads(text))


def chapter(id: str, report: Report, language: str, printed: frozenset[str]) -> Chapter:
    """One chapter of a report.

    Args:
        id: the chapter.
        report: the protected report of a department or of the whole organisation.
        language: sv or en.
        printed: names of the cells that published pages print.
    """
    outline = outlines().chapter[id]
    here = set(report.contents()["section"])
    shown = [report.show(name) for name in outline.sections if name in here]
    shown.append(_measures(outline.measures, report.protected, printed))
    passages = [passage for item in shown for passage in _passages(item, language)]
    counted = {row for table, row in (name.split("/")[::2][:2] for name in printed) if table == MEASURES}
    lacks = [getattr(also, language) for also in outline.also if not counted & set(also.definitions)]
    missing = (*([] if passages else [outline.missing[language]]), *lacks)
    return Chapter(id, getattr(outline, language), tuple(passages), missing)


def _measures(ids: Iterable[str], report: ProtectedReport, printed: frozenset[str]) -> Table | None:
    """Figures by named definitions as a table; None where no page prints any."""
    rows = []
    for id in ids:
        cell = report.cell(MEASURES, id, NOW)
        if f"{MEASURES}/{cell.department}/{id}/{NOW}" in printed and cell.status != "missing":
            entry = definitions()[id]
            rows.append(Line(Name(entry["sv"], entry["en"]), (cell, Name.same(entry["source"]))))
    columns = (Term("download.row"), Term("download.figure"), Term("column.source"))
    return Table(Term("download.measures"), columns, tuple(rows)) if rows else None


def _passages(shown: Shown | None, language: str) -> list[Passage]:
    """The objects that a section shows; a note alone says that it has nothing to show."""
    if shown is None or isinstance(shown, Note):
        return []
    if isinstance(shown, Part | Several):
        return [passage for item in shown.items for passage in _passages(item, language)]
    return [read_passage(str(rendered(shown, locale(language), "word")))]


def read_passage(text: str) -> Passage:
    """One rendered object: the first heading is its title, and a drawing belongs to the table that follows it.

    Args:
        text: the object as HTML.
    """
    tree = html.fragment_fromstring(text, create_parent="main")
    etree.strip_elements(tree, "svg", "script", "style", "select", "label", with_tail=False)
    title, lines, tables, pictures = "", list[str](), list[PageTable](), list[Picture]()
    alt, heading = "", ""
    for element in tree.xpath(READ):
        inside = any(above.tag in ("table", "li", "dd", "p") for above in element.iterancestors())
        words = words_of(element)
        if element.get("role") == "img":
            alt = element.get("aria-label", "") if DRAWN in element.get("class", "").split() else ""
        elif element.tag == "table":
            table = table_of(element, "", heading)
            tables.append(table)
            pictures += [Picture(alt, table)] if alt else []
            title, alt = title or table.title, ""
        elif element.tag in HEADINGS:
            title, heading = title or words, words
        elif words and not inside:
            lines.append(_named(element, words))
    notes = {note for table in tables for note in table.notes}
    return Passage(title, tuple(dict.fromkeys([*lines, *sorted(notes - set(lines))])), tuple(tables), tuple(pictures))


def _named(element: etree._Element, words: str) -> str:
    term = element.getprevious() if element.tag == "dd" else None
    return f"{words_of(term)}: {words}" if term is not None and term.tag == "dt" else words
