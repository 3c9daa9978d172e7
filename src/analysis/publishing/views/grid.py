"""Tables and table-like rows: what their template is given, and how single atoms become HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from analysis.publishing.objects.atoms import Fact, Name, Term
from analysis.publishing.objects.stock import Line
from analysis.publishing.words.locale import Locale, isolated
from analysis.publishing.words.rounding import Digits, printed
from analysis.tables.protected import Cell, Department

View = dict[str, Any]
"""What a template is given: finished words, printed digits, drawings and their tables, by name."""


@dataclass(frozen=True)
class Grid:
    """A semantic table, ready for ``parts/_grid.html.j2``."""

    id: str
    caption: Markup
    columns: Sequence[Markup]
    rows: Sequence[tuple[Markup, Sequence[Markup]]]
    visible: bool = True  # False: the caption is for screen readers, a heading beside the table says the same
    scrolls: bool = False  # wide tables get a focusable region so that a keyboard can scroll them
    words: frozenset[int] = field(default_factory=frozenset)  # columns with words instead of figures, left aligned


def put(value: Any, language: Locale, spec: str = "", digits: Digits | None = None) -> Markup:
    """Any atom as HTML; None is an empty place."""
    if value is None:
        return Markup("")
    if isinstance(value, Cell):
        return language.figure(value, "both" if spec == "" and has_interval(value) else spec, digits)
    if isinstance(value, Term):
        return language.html(value)
    if isinstance(value, Fact) and value.path.endswith("email"):
        return mail(str(value.value))
    if isinstance(value, Department):
        return language.department(value)
    if isinstance(value, Name):
        return isolated(language.show(value, spec))
    return escape(language.show(value, spec))


def mail(address: str) -> Markup:
    """A mail link that may break after its @."""
    local, _, domain = address.partition("@")
    return Markup('<a href="mailto:{}">{}<wbr>@{}</a>').format(address, local, domain)


def has_interval(cell: Cell) -> bool:
    """True when the page prints an interval for the cell."""
    figure = printed(cell)
    return figure is not None and figure.has_interval


def pairs(rows: Sequence[Line], language: Locale) -> list[tuple[Markup, list[Markup]]]:
    """Lines as (head, cells) in HTML."""
    return [(put(row.head, language), [put(item, language) for item in row.cells]) for row in rows]


def capital(text: str) -> str:
    """The text with a capital first letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """The text as a sentence: capital first letter, full stop."""
    return capital(text).rstrip(".") + "." if text else ""
