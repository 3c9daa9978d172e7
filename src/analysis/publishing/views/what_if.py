"""The reader's choice: drawing, words and table, all from the same printed digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analysis.publishing.drawings import charts
from analysis.publishing.drawings.canvas import Canvas
from analysis.publishing.objects.atoms import Term
from analysis.publishing.objects.what_if import WhatIf
from analysis.publishing.views.grid import Grid, capital, put
from analysis.publishing.words.locale import Locale, isolated
from analysis.publishing.words.rounding import common, printed


@dataclass(frozen=True)
class Span:
    """A path at the last year: its value and interval in printed digits, and in words."""

    name: str
    value: Decimal
    low: Decimal
    high: Decimal
    text: str
    first: bool


def view(shown: WhatIf, language: Locale, prefix: str) -> dict[str, Any]:
    """The paths on one scale, every choice in a table, and what a script needs to switch between them."""
    digits = common(cell for choice in shown.choices for cell in choice.cells)
    rows, spans, options = [], [], []
    for place, choice in enumerate(shown.choices):
        name = capital(language.show(choice.name))
        rows.append((isolated(name), [put(cell, language, "", digits) for cell in choice.cells]))
        if place:
            options.append({"place": place, "name": name, "together": choice.together})
        last = printed(choice.cells[-1], digits)
        if (place == 0 or choice.together) and last and last.low is not None and last.high is not None:
            text = language.cell(choice.cells[-1], "both", digits)
            spans.append(Span(name, last.value, last.low, last.high, text, place == 0))
    columns = [put(Term("column.path"), language)] + [
        put(Term("column.year_end", {"month": month}), language) for month in shown.months
    ]
    month = shown.months[-1]
    alt = language.text(Term("what_if.alt", {"month": month})) + " " + " ".join(f"{s.name}: {s.text}." for s in spans)
    return {
        "month": month,
        "drawing": charts.both(lambda width: ranges(spans, width, _axis(language)), prefix, charts.WIDE),
        "alt": alt,
        "options": options,
        "grid": Grid(f"{prefix}-table", language.html(Term("what_if.caption")), columns, rows, scrolls=True),
        "notes": [language.html(note) for note in shown.notes],
    }


def _axis(language: Locale) -> charts.Number:
    return lambda tick: language.number(Decimal(str(tick)))


def ranges(spans: Sequence[Span], width: int, number: charts.Number) -> Canvas:
    """Values with their intervals on one scale, zero marked: to the right of it people are lacking."""
    narrow = width == charts.NARROW
    pitch = 48 if narrow else 34
    longest = max((len(span.name) for span in spans), default=0)
    left = 12 if narrow else min(220, round(16 + 7.2 * longest))
    right, foot = (14, 24) if narrow else (150, 24)
    canvas = Canvas(width, pitch * len(spans) + foot)
    low = min([Decimal(0), *(span.low for span in spans)])
    high = max([Decimal(0), *(span.high for span in spans)])
    reach = float(high - low) or 1.0

    def at(value: Decimal | float) -> float:
        return left + (width - left - right) * (float(value) - float(low)) / reach

    bottom = pitch * len(spans)
    if not narrow:
        canvas.line([at(0), at(0)], [0, bottom], "muted")
    canvas.text(at(0), bottom + 12, number(0.0), anchor="middle", colour="muted")
    for end in (low, high):
        if abs(at(end) - at(0)) > 40:
            canvas.text(at(end), bottom + 12, number(float(end)), anchor="middle", colour="muted")
    for place, span in enumerate(spans):
        middle = pitch * place + (32 if narrow else pitch / 2)
        colour = "ink" if span.first else "bar"
        if narrow:  # names stand above the lines: zero is marked line by line, not across them
            canvas.line([at(0), at(0)], [middle - 7, middle + 7], "muted", width=1.6)
            canvas.text(0, middle - 19, span.name, bold=span.first)
            canvas.text(width, middle - 19, span.text, anchor="end")
        else:
            canvas.text(left - 12, middle, span.name, anchor="end", bold=span.first)
            canvas.text(width, middle, span.text, anchor="end")
        canvas.line([at(span.low), at(span.high)], [middle, middle], colour, width=3)
        canvas.mark(at(span.value), middle, colour, size=9, shape="D" if span.first else "o")
    return canvas
