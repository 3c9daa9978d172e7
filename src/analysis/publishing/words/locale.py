"""Numbers, dates, plurals and messages: one object that sentences, tables, axes and alt texts share.

Where messages stand is in ``words``. Ids are symbolic (``verdict.gap``), placeholders are named and may say how a
figure is to be put: ``{gap:range}``. A message or a placeholder that is missing is an error; a page with a hole in a
sentence is never published.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from string import Formatter
from typing import Any

from babel import Locale as BabelLocale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from markupsafe import Markup, escape

from analysis.errors import InputError
from analysis.publishing.objects.atoms import Day, Derived, Fact, Limit, Month, Name, Outside, Tally, Term, Year
from analysis.publishing.words.catalog import Catalog, catalog
from analysis.publishing.words.rounding import Digits, Printed, in_millions, key, printed
from analysis.reference.phrases import LANGUAGES
from analysis.tables.digits import PER_CENT
from analysis.tables.protected import Cell, Department

MINUS = "−"
EN_DASH = "–"
NBSP = "\u00a0"
TOLD_APART = ("no_history", "no_licensed_work")
"""Reasons of a missing figure that have words of their own; of every other the delivery lacks the data."""
TURNING = frozenset({"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
"""Classes of letters (Unicode, UAX 9) that turn the direction of what stands beside them."""
LONGEST_WORD = 45
"""Letters of a word that still fits where names stand; a longer one breaks anywhere."""
ENDS = ("range", "lower", "over", "short", "spread")
"""Ways to put a figure that need its interval."""


AFTER_Z = {"å": "{", "ä": "|", "æ": "|", "ö": "}", "ø": "}", "ü": "y"}
"""Letters of the Swedish alphabet after z, as the characters after z."""
BASE = {"æ": "ae", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "œ": "oe", "þ": "th"}
"""Letters that have no accent to take away."""


def _base(letter: str) -> str:
    return unicodedata.normalize("NFD", letter)[0]


class Locale:
    """Formats atoms for one language, as plain text (``text``) or HTML with traceable figures (``html``)."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.catalog = catalog(language)
        self.babel = BabelLocale.parse(self.catalog.locale)

    # Numbers -----------------------------------------------------------

    def number(self, number: Decimal | float, decimals: int = 0, *, signed: bool = False) -> str:
        """A number with the language's marks, a true minus and, if ``signed``, a plus."""
        mask = "#,##0" + ("." + "0" * decimals if decimals else "")
        body = format_decimal(abs(Decimal(str(number))), format=mask, locale=self.babel)
        if number < 0:
            return MINUS + body
        return ("+" if number > 0 else "±" if signed else "") * signed + body

    def percent(self, text: str) -> str:
        """A formatted number with its per cent sign: after a no-break space in Swedish, close in English."""
        pattern = self.babel.percent_formats[None].pattern
        return text + ("%" if pattern.endswith("0%") else f"{NBSP}%")

    def span(self, low: Decimal, high: Decimal, decimals: int, *, per_cent: bool = False) -> str:
        """A range: ``34–61``, or in words (``−8 till 5``) where a sign would run into the dash."""
        ends = self.number(low, decimals), self.number(high, decimals)
        if low == high:
            body = ends[0]
        elif low < 0 or high < 0:
            body = self.catalog.message("range.words").forms[0].format(low=ends[0], high=ends[1])
        else:
            body = EN_DASH.join(ends)
        return self.percent(body) if per_cent else body

    # Cells -----------------------------------------------------------

    def cell(self, cell: Cell, spec: str = "", digits: Digits | None = None) -> str:
        """A cell as text; a withheld or missing one says so.

        ``spec``: '' value · 'range' interval · 'both' value and interval · 'signed' · 'abs' without sign ·
        'lower' the interval reversed without signs (a surplus) · 'over' and 'short' the two ends of an
        interval around zero. For
        changes: 'points' without sign, 'step' with sign, 'spread' interval, all without a per cent sign.
        """
        figure = printed(cell, digits)
        if figure is None:
            return self.silence(cell)
        per_cent = cell.unit in PER_CENT
        if in_millions(cell):
            return self._in_millions(cell, figure, spec)
        if spec == "both" and not figure.has_interval:
            spec = ""
        if spec == "both":
            value = self._put(cell, figure, "")
            return f"{self.percent(value) if per_cent else value} ({self._put(cell, figure, 'spread')})"
        if spec in ENDS and not figure.has_interval:
            raise InputError(f"the figure {'/'.join(key(cell))} has no interval; its sentence asks for one")
        body = self._put(cell, figure, spec)
        bare = spec in ("points", "step", "spread", "range", "lower") or not per_cent
        return body if bare else self.percent(body)

    def _in_millions(self, cell: Cell, figure: Printed, spec: str) -> str:
        unit = self.text(Term("unit.million_kronor"))
        ends = spec in ("both", "range") and figure.has_interval
        spread = self._put(cell, figure, "spread") if ends else ""
        if spec == "range" and spread:
            return f"{spread}{NBSP}{unit}"
        value = f"{self._put(cell, figure, '' if spec == 'both' else spec)}{NBSP}{unit}"
        return f"{value} ({spread})" if spread else value

    def _put(self, cell: Cell, figure: Printed, spec: str) -> str:
        places, low, high = figure.decimals, figure.low, figure.high
        if low is not None and high is not None:
            if spec == "range":
                return self.span(low, high, places, per_cent=cell.unit in PER_CENT)
            if spec == "spread":
                return self.span(low, high, places)
            if spec == "lower":
                return self.span(-high, -low, places, per_cent=cell.unit in PER_CENT)
            if spec == "over":
                return self.number(-low, places)
            if spec == "short":
                return self.number(high, places)
        if spec in ("abs", "points"):
            return self.number(abs(figure.value), places)
        return self.number(figure.value, places, signed=spec in ("signed", "step"))

    def silence(self, cell: Cell) -> str:
        """What stands where a cell may not be shown or does not exist."""
        if cell.status == "withheld":
            return self.text(Term("status.withheld"))
        return self.text(Term(f"status.{cell.reason}" if cell.reason in TOLD_APART else "status.missing"))

    # Atoms -----------------------------------------------------------

    def show(self, atom: Any, spec: str = "", digits: Digits | None = None) -> str:
        """Any atom as text.

        Raises:
            TypeError: not an atom.
        """
        if isinstance(atom, Cell):
            return self.cell(atom, spec, digits)
        if isinstance(atom, Term):
            return self.text(atom, digits)
        if isinstance(atom, Name):
            return self.name(atom.sv, atom.en)
        if isinstance(atom, Department):
            return self.name(atom.name, atom.name_en)
        if isinstance(atom, Month):
            return format_date(atom.date, "MMM y" if spec == "short" else "MMMM y", locale=self.babel)
        if isinstance(atom, Day):
            return format_date(atom.date, "d MMMM y", locale=self.babel)
        if isinstance(atom, Year):
            return atom.key
        if isinstance(atom, Tally):
            return self.number(atom.n)
        if isinstance(atom, Fact):
            return self.fact(atom, spec)
        if isinstance(atom, Derived | Limit):
            return self.plain(atom.value)
        if isinstance(atom, Outside):
            return self.outside(atom, spec)[0]
        if isinstance(atom, tuple | list):
            return format_list([self.show(item, spec, digits) for item in atom], locale=self.babel)
        raise TypeError(f"cannot put {type(atom).__name__} into words")

    def fact(self, fact: Fact, spec: str = "") -> str:
        """A fact of the edition: counts as numbers, ``share`` in per cent, texts as they are."""
        if isinstance(fact.value, str):
            return fact.value
        if spec == "share" or fact.path.endswith(".share"):
            share = Decimal(str(fact.value)) * 100
            places = 0 if share >= 10 or share == 0 else 1
            return self.percent(self.number(round(share, places), places))
        return self.plain(fact.value)

    def plain(self, value: float) -> str:
        """A number with as many decimals as it needs, at most three."""
        return format_decimal(value, format="#,##0.###", locale=self.babel).replace("-", MINUS)

    def outside(self, figure: Outside, spec: str = "") -> tuple[str, str]:
        """A figure about others as text and as plain digits; '' its value, or its range where it has no other."""
        scale = 100 if figure.unit in PER_CENT else 1
        exact = Decimal(1).scaleb(-figure.decimals)

        def digits(number: float) -> Decimal:
            return (Decimal(str(number)) * scale).quantize(exact, ROUND_HALF_UP)

        if figure.value is not None and spec != "range":
            value = digits(figure.value)
            text, plain = self.number(value, figure.decimals), str(value)
        elif figure.low is not None and figure.high is not None:
            low, high = digits(figure.low), digits(figure.high)
            text, plain = self.span(low, high, figure.decimals), f"{low}/{high}"
        else:
            raise InputError(f"the comparator {figure.id} has no range; its sentence asks for one")
        return (self.percent(text) if scale == 100 else text), plain

    def collate(self, text: str) -> tuple[str, str]:
        """Sort key of a name: the only alphabet of the pages.

        Swedish has å, ä and ö after z (æ and ø with them, ü as y; SAOL, and w after v since its edition of 2006),
        English has them with their base letters. Other accents and case tell only equal names apart, hyphens are
        blanks, and numbers stand by their size.
        """
        own = AFTER_Z if self.language == "sv" else {}
        text = unicodedata.normalize("NFC", text).casefold()
        placed = "".join(own.get(letter) or BASE.get(letter) or _base(letter) for letter in text)
        words = " ".join(re.sub(r"\d+", lambda number: number[0].zfill(9), re.sub(r"[-–/]", " ", placed)).split())
        return words, text

    def name(self, swedish: str, english: str) -> str:
        """The name in this language, or the one that data hold; a language of the project's own may name it."""
        first = (swedish or english) if self.language == "sv" else (english or swedish)
        return self.catalog.names.get(first, first)

    # Messages -----------------------------------------------------------

    def text(self, term: Term, digits: Digits | None = None) -> str:
        """The message as plain text.

        Raises:
            InputError: the message or one of its placeholders is missing.
        """
        return "".join(str(part) for part, _ in self._parts(term, digits))

    def html(self, term: Term, digits: Digits | None = None) -> Markup:
        """The message as HTML, every figure in a ``<data>`` element that names its cell."""
        put = []
        for part, (atom, spec) in self._parts(term, digits):
            if isinstance(atom, Outside):
                plain = self.outside(atom, spec)[1]
                put.append(Markup('<data value="{}" data-comparator="{}">{}</data>').format(plain, atom.id, part))
                continue
            if isinstance(atom, Derived):
                names = " ".join(braced(atom.cells))
                put.append(Markup('<data value="{}" data-cells="{}">{}</data>').format(atom.value, names, part))
                continue
            if isinstance(atom, Term):  # its figures keep their cells, and stay on one line
                put.append(self.html(atom, digits))
                continue
            if isinstance(atom, Name | Department):
                put.append(self.department(atom) if isinstance(atom, Department) else isolated(part))
                continue
            put.append(self.figure(atom, spec, digits) if isinstance(atom, Cell) else escape(part))
        return Markup("").join(put)

    def department(self, department: Department) -> Markup:
        """A department's name as HTML; marked as Swedish where it has no other and the page is in another language."""
        name = self.name(department.name, department.name_en)
        swedish = self.language != LANGUAGES[0] and name == department.name
        return isolated(name, always=True, language=LANGUAGES[0] if swedish else "")

    def figure(self, cell: Cell, spec: str = "", digits: Digits | None = None) -> Markup:
        """A cell as HTML. Its attributes hold no more digits than the text, the same in every language."""
        figure = printed(cell, digits)
        name = "/".join(part for part in key(cell) if part)
        if figure is None:
            return Markup('<span class="silent" data-cell="{}" data-status="{}">{}</span>').format(
                name, cell.status, self.silence(cell)
            )
        ends = spec in ENDS and figure.has_interval
        value = f"{figure.low}/{figure.high}" if ends else str(figure.value)
        shown = Markup('<data value="{}" data-cell="{}">{}</data>').format(value, name, self.cell(cell, spec, digits))
        return shown + self.left_as_it_was if cell.unchanged else shown

    @property
    def left_as_it_was(self) -> Markup:
        """The mark of a figure that the build before showed so, and that corrections since are too small to change."""
        return Markup('<abbr class="unchanged" title="{}">°</abbr>').format(self.text(Term("status.unchanged")))

    def _parts(self, term: Term, digits: Digits | None) -> list[tuple[str, tuple[Any, str]]]:
        message = self.catalog.message(term.id)
        form = message.forms[0]
        if len(message.forms) > 1:
            form = message.forms[self.catalog.plural(_count(term, digits))]
        parts: list[tuple[str, tuple[Any, str]]] = []
        for literal, name, spec, _ in Formatter().parse(form):
            if literal:
                if parts and isinstance(parts[-1][1][0], Cell | Tally) and literal.startswith(" "):
                    literal = NBSP + literal[1:]  # a number stays with its noun
                parts.append((literal, (None, "")))
            if name is None:
                continue
            if name not in term.args:
                raise InputError(f"the message {term.id!r} wants {{{name}}}, which the page does not give it")
            atom = term.args[name]
            parts.append((self.show(atom, spec or "", digits), (atom, spec or "")))
        return parts


def isolated(name: str, *, always: bool = False, language: str = "") -> Markup:
    """A name as HTML: its direction of writing is its own, and one without blanks may break.

    Args:
        name: the name.
        always: isolate one that needs it not, too (a department's, a municipality's: whatever a delivery says).
        language: the name's own, where it is another than the page's.
    """
    if language:
        return Markup('<span lang="{}">{}</span>').format(language, isolated(name, always=always))
    long = any(len(word) > LONGEST_WORD for word in name.split())
    if not (always or long or any(unicodedata.bidirectional(letter) in TURNING for letter in name)):
        return escape(name)
    return Markup('<bdi class="long">{}</bdi>' if long else "<bdi>{}</bdi>").format(name)


def braced(cells: Iterable[Cell]) -> list[str]:
    """The names of cells, those of one table written together: ``table/department/{row,row}/{column,column}``.

    Only where each row has each column; else every cell by its own name.
    """
    groups: dict[tuple[str, str, str], list[tuple[str, str]]] = {}
    for cell in cells:
        groups.setdefault((cell.table, cell.department, cell.layer), []).append((cell.row, cell.column))
    said = []
    for (table, department, layer), places in groups.items():
        rows, columns = (list(dict.fromkeys(place[axis] for place in places)) for axis in (0, 1))
        whole = len(places) == len(rows) * len(columns)
        named = [(_either(rows), _either(columns))] if whole else places
        said += ["/".join(part for part in (table, department, row, column, layer) if part) for row, column in named]
    return said


def _either(keys: list[str]) -> str:
    return keys[0] if len(keys) == 1 else "{" + ",".join(keys) + "}"


def _count(term: Term, digits: Digits | None) -> int:
    """The number that decides between singular and plural: the argument ``n``."""
    atom = term.args.get("n")
    if isinstance(atom, Tally):
        return atom.n
    if isinstance(atom, Fact):
        return int(atom.value)
    if isinstance(atom, Cell):
        figure = printed(atom, digits)
        return 1 if figure is not None and abs(figure.value) == 1 else 2
    raise InputError(f"the message {term.id!r} has a plural and needs a figure named n")


def locale(language: str) -> Locale:
    """The shared formatter of a language."""
    return _shared(catalog(language))


@cache
def _shared(words: Catalog) -> Locale:
    return Locale(words.language)
