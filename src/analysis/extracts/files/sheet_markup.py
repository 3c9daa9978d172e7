"""What the XML of a sheet says beside its values: failed formulas, formulas without result, what is hidden."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

MARKS = (b't="e"', b"t='e'", b"<f", b":f>", b":f ", b"hidden=", b":formula=", b":visibility=")
"""What a sheet of xlsx (ECMA-376) or ods (OpenDocument) has where there is something to be found."""
NOT_AVAILABLE = "#N/A"
"""The error value that means no more than that there is no value, as an empty cell does."""
NO_XML = (ElementTree.ParseError, expat.ExpatError)
CHUNK = 1 << 20
"""Bytes of a sheet looked through at a time."""
UNKNOWN = "=(formula)"
"""A formula whose text is that of another cell (a shared one)."""
VALUES = ("value-type", "value", "string-value", "date-value", "time-value", "boolean-value")


@dataclass(frozen=True)
class Markup:
    """``texts`` are row, column (from 0) and text of cells without a value; rows are 1-based, columns from 0."""

    texts: tuple[tuple[int, int, str], ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()


def read_markup(path: Path, name: str) -> Markup:
    """Look through sheet ``name`` of a workbook; nothing is found in other formats than xlsx and ods.

    An unusual package gives nothing either: what can be read of it is read without.
    """
    if not zipfile.is_zipfile(path):
        return Markup()
    try:
        with zipfile.ZipFile(path) as package:
            parts = {each.casefold().replace("\\", "/"): each for each in package.namelist()}
            if "xl/workbook.xml" in parts:
                part = _xlsx_part(package, parts, name)
                reader: _Reader = _Xlsx()
            elif "content.xml" in parts:
                part, reader = parts["content.xml"], _Ods(name)
            else:
                return Markup()
            with package.open(part) as stream:
                if not _has_marks(stream):
                    return Markup()
            with package.open(part) as stream:
                return reader.read(stream)
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, *NO_XML):
        return Markup()


def _xlsx_part(package: zipfile.ZipFile, parts: dict[str, str], name: str) -> str:
    book = ElementTree.fromstring(package.read(parts["xl/workbook.xml"]))
    sheets = {sheet.attrib["name"]: sheet.attrib for sheet in book.iterfind("{*}sheets/{*}sheet")}
    (relation,) = (value for key, value in sheets[name].items() if key.endswith("}id"))
    links = ElementTree.fromstring(package.read(parts["xl/_rels/workbook.xml.rels"]))
    target = {link.attrib["Id"]: link.attrib["Target"] for link in links}[relation].lstrip("/").casefold()
    return parts[target if target.startswith("xl/") else f"xl/{target}"]


def sheet_part(package: zipfile.ZipFile, name: str) -> str | None:
    """The part of a workbook (xlsx or xlsb) that holds sheet ``name``; None where it cannot be told."""
    parts = {each.casefold().replace("\\", "/"): each for each in package.namelist()}
    if "xl/workbook.xml" in parts:
        return _xlsx_part(package, parts, name)
    # the list of sheets of a binary workbook is binary as well: the widest of its sheets will do
    sheets = [each for place, each in parts.items() if place.startswith("xl/worksheets/") and place.endswith(".bin")]
    return max(sheets, key=lambda each: package.getinfo(each).file_size, default=None)


def _has_marks(stream: IO[bytes]) -> bool:
    """Look for marks without parsing, which takes much longer and is hardly ever needed."""
    before = b""
    while chunk := stream.read(CHUNK):
        chunk = before + chunk
        if any(mark in chunk for mark in MARKS):
            return True
        before = chunk[-max(map(len, MARKS)) :]
    return False


class _Reader:
    """What both formats have in common: a parser, the cell it stands at, and what was found."""

    def __init__(self) -> None:
        self.texts: list[tuple[int, int, str]] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.row = self.column = -1

    def read(self, stream: IO[bytes]) -> Markup:
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self.start, self.end
        parser.CharacterDataHandler = self.data
        parser.ParseFile(stream)
        return Markup(tuple(self.texts), frozenset(self.hidden_rows), frozenset(self.hidden_columns))

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def end(self, tag: str) -> None:
        raise NotImplementedError

    def data(self, more: str) -> None:
        raise NotImplementedError


class _Xlsx(_Reader):
    """Rows and cells without a reference follow the one before."""

    def __init__(self) -> None:
        super().__init__()
        self.is_error = False
        self.is_text = False
        self.formula: str | None = None
        self.value: str | None = None
        self.into = ""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self.row, self.column = int(attributes.get("r", self.row + 2)) - 1, -1
            if attributes.get("hidden") in ("1", "true"):
                self.hidden_rows.add(self.row + 1)
        elif tag == "col" and attributes.get("hidden") in ("1", "true"):
            first, last = int(attributes["min"]), int(attributes["max"])
            self.hidden_columns |= set(range(first - 1, min(last, 1 << 14)))
        elif tag == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
            self.is_error, self.is_text = attributes.get("t") == "e", attributes.get("t") == "str"
            self.formula = self.value = None
        elif tag == "f":
            self.formula, self.into = "", "formula"
        elif tag == "v" or (tag == "t" and self.value is None):
            self.value, self.into = self.value or "", "value"

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        self.into = ""
        if tag != "c":
            return
        if self.is_error and self.value and self.value != NOT_AVAILABLE:
            self.texts.append((self.row, self.column, self.value))
        elif self.formula is not None and not self.value and not (self.is_text and self.value == ""):
            # a formula whose result is an empty text says so; one that nobody has calculated has no result
            self.texts.append((self.row, self.column, f"={self.formula}" if self.formula else UNKNOWN))

    def data(self, more: str) -> None:
        if self.into == "formula":
            self.formula = (self.formula or "") + more
        elif self.into == "value":
            self.value = (self.value or "") + more


class _Ods(_Reader):
    """Rows and cells may stand for many (``number-rows-repeated``)."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.mine = False
        self.formula = self.error = ""
        self.valued, self.failed = True, False
        self.place = -1

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        facts = {key.rpartition(":")[2]: value for key, value in attributes.items()}
        if tag == "table":
            self.mine, self.row, self.place = facts.get("name") == self.name, -1, -1
        if not self.mine:
            return
        if tag == "table-column":
            more = int(facts.get("number-columns-repeated", 1))
            if facts.get("visibility") in ("collapse", "filter"):
                self.hidden_columns |= set(range(self.place + 1, min(self.place + 1 + more, 1 << 14)))
            self.place += more
        elif tag == "table-row":
            more = int(facts.get("number-rows-repeated", 1))
            if facts.get("visibility") in ("collapse", "filter"):
                self.hidden_rows |= set(range(self.row + 2, min(self.row + 2 + more, 1 << 20)))
            self.row, self.column = self.row + more, -1
        elif tag in ("table-cell", "covered-table-cell"):
            self.column += int(facts.get("number-columns-repeated", 1))
            self.formula = facts.get("formula", "")
            self.failed, self.error = attributes.get("calcext:value-type") == "error", ""
            self.valued = any(each in facts for each in VALUES)

    def data(self, more: str) -> None:
        if more.strip():
            self.valued = True
            self.error += more.strip() if self.failed else ""

    def end(self, tag: str) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "table":
            self.mine = False
        elif tag in ("table-cell", "covered-table-cell") and self.mine:
            if self.failed and self.error != NOT_AVAILABLE:
                self.texts.append((self.row, self.column, self.error if self.error.startswith("#") else "#VALUE!"))
            elif self.formula and not self.valued:
                self.texts.append((self.row, self.column, f"={self.formula.partition('=')[2] or self.formula}"))
            self.formula, self.failed = "", False


def _column(reference: str) -> int:
    """Column from 0 of a reference such as AB12."""
    place = 0
    for letter in reference.rstrip("0123456789"):
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1
