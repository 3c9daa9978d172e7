"""Views of the sheets about people and about what can be done: drawings, words and data tables from printed digits."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from analysis.publishing.drawings import charts
from analysis.publishing.drawings import sheets as draw
from analysis.publishing.drawings.canvas import Canvas
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.rows import Card
from analysis.publishing.objects.sheets import Calendar, Columns, Entry, Measures, Pairs, Requirements
from analysis.publishing.views.grid import Grid, View, capital, has_interval, put
from analysis.publishing.words.locale import Locale, isolated
from analysis.publishing.words.rounding import MILLION, in_millions, printed
from analysis.reference.phrases import LANGUAGES
from analysis.tables.protected import Cell

SWEDISH = LANGUAGES[0]
"""The language that a delivery's own texts are in: activities, owners."""


def _ends(cell: Cell | None) -> draw.Ends:
    figure = None if cell is None else printed(cell)
    if figure is None or figure.low is None or figure.high is None:
        return None
    return figure.low, figure.high


def once(canvas: Canvas, prefix: str) -> Markup:
    """A drawing that is as wide as a phone's column, and as one of three beside each other."""
    return canvas.svg(f"{prefix}a", "any")


def _value(cell: Cell | None) -> Decimal | None:
    figure = None if cell is None else printed(cell)
    return None if figure is None else figure.value


def _kronor(cell: Cell) -> tuple[Decimal | None, draw.Ends]:
    """What a cost is drawn to: its printed digits in kronor, whether they are printed in millions or not."""
    unit = MILLION if in_millions(cell) else Decimal(1)
    value, ends = _value(cell), _ends(cell)
    return None if value is None else value * unit, None if ends is None else (ends[0] * unit, ends[1] * unit)


def columns(shown: Columns, language: Locale, prefix: str) -> View:
    """Years as upright bars with their intervals."""
    drawn = [
        draw.Column(language.show(bar.label), _value(bar.cell), _ends(bar.cell), language.cell(bar.cell))
        for bar in shown.bars
    ]
    rows = [(escape(language.show(bar.label)), [put(bar.cell, language)]) for bar in shown.bars]
    title = language.html(shown.title)
    said = " ".join(f"{language.show(bar.label)}: {_both(bar.cell, language)}." for bar in shown.bars)
    return {
        "title": title,
        "lead": language.html(shown.lead),
        "drawing": once(draw.columns(drawn, draw.THIRD), prefix),
        "alt": f"{language.text(shown.title)}. {said}",
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", title, [Markup(""), put(shown.column, language)], rows),
    }


def _both(cell: Cell, language: Locale) -> str:
    return language.cell(cell, "both" if has_interval(cell) else "")


def pairs(shown: Pairs, language: Locale, prefix: str) -> View:
    """Last year beside next, a row per cause."""
    drawn, rows, said = [], [], []
    for row in shown.rows:
        label = capital(language.show(row.label))
        text = f"{language.cell(row.before)} → {_both(row.after, language)}"
        drawn.append(draw.PairRow(label, _value(row.before), _value(row.after), _ends(row.after), text))
        rows.append((isolated(label), [language.figure(row.before), put(row.after, language)]))
        said.append(f"{label}: {text}.")
    before, after = language.text(shown.before), language.text(shown.after)
    title = language.html(shown.title)
    return {
        "title": title,
        "lead": language.html(shown.lead),
        "drawing": once(draw.pairs(drawn, draw.THIRD, before=before, after=after), prefix),
        "alt": " ".join([f"{language.text(shown.title)}.", f"{before} → {after}.", *said]),
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", title, [Markup(""), escape(capital(before)), escape(capital(after))], rows),
    }


def requirements(shown: Requirements, language: Locale, prefix: str) -> View:
    """Requirements as parts of what the work asks for."""
    drawn, rows, said = [], [], []
    for row in shown.rows:
        label = capital(language.text(row.label))
        needed = float(_value(row.needed) or 0) or 1.0
        held, unclear = (float(_value(cell) or 0) / needed for cell in (row.held, row.unclear))
        held = min(held, 1.0)
        shares = (held, min(unclear, 1.0 - held), max(0.0, 1.0 - held - unclear))
        text = language.text(Term("requirements.of", {"missing": row.missing, "needed": row.needed}))
        drawn.append(draw.Parts(label, shares, text))
        cells = [language.figure(cell) for cell in (row.needed, row.held, row.unclear, row.missing)]
        rows.append((isolated(label), cells))
        said.append(f"{label}: {text}.")
    words = [language.text(Term(f"requirements.{name}")) for name in ("held", "unclear", "missing")]
    heads = [put(Term(f"requirements.column.{name}"), language) for name in ("needed", "held", "unclear", "missing")]
    title = language.html(shown.title)
    return {
        "title": title,
        "lead": language.html(shown.lead),
        "drawing": once(draw.requirements(drawn, draw.THIRD, words), prefix),
        "alt": " ".join([f"{language.text(shown.title)}.", *said]),
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", title, [Markup(""), *heads], rows, scrolls=True),
    }


def measures(shown: Measures, language: Locale, prefix: str) -> View:
    """Levers by what they close and what they cost."""
    drawn, rows, said = [], [], []
    for row in shown.rows:
        name = capital(language.show(row.name))
        closes, cost = _both(row.closes, language), _both(row.cost, language)
        drawn.append(
            draw.MeasureRow(
                name, _value(row.closes) or Decimal(0), _ends(row.closes), closes, *_kronor(row.cost),
                cost,
            )
        )  # fmt: skip
        rows.append((isolated(name), [put(row.closes, language), put(row.cost, language)]))
        said.append(f"{name}: {closes}, {cost}.")
    heads = [language.text(Term(f"measures_picture.{name}", {"month": shown.month})) for name in ("closes", "cost")]
    title = language.html(shown.title)
    return {
        "title": title,
        "lead": language.html(shown.lead),
        "drawing": charts.both(
            lambda width: draw.measures(drawn, width, heads=(heads[0], heads[1])), prefix, MEASURES_WIDE
        ),
        "alt": " ".join([f"{language.text(shown.title)}.", f"{'; '.join(heads)}.", *said]),
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", title, [Markup(""), *(escape(capital(head)) for head in heads)], rows),
    }


MEASURES_WIDE = 776
"""Width in px of the picture of levers: a tablet shows it as it is."""


def calendar(shown: Calendar, language: Locale, prefix: str) -> View:
    """The activities in the order of their months, each with its place on one line of time."""
    months = [_month(row.row.due) for row in shown.rows if row.row.due] + [_month(shown.today.key)]
    first, last = min(months) - 1, max(months) + 1

    def at(month: str) -> float:
        return round(100 * (_month(month) - first) / max(1, last - first), 1)

    rows = [_entry(row, language, at(row.row.due) if row.row.due else None) for row in shown.rows]
    return {
        "title": language.html(shown.title),
        "summary": Markup(" ").join(language.html(term) for term in shown.summary),
        "rows": rows,
        "today": at(shown.today.key),
        "more": language.html(Term("plan.more", {"n": shown.more})) if shown.more is not None else None,
    }


def _month(key: str) -> int:
    return int(key[:4]) * 12 + int(key[5:7])


def _entry(entry: Entry, language: Locale, at: float | None) -> dict[str, Any]:
    row = entry.row
    due = escape(language.show(Month(row.due), "short")) if row.due else language.html(Term("plan.no_month"))
    name = capital(language.show(row.indicator_name)) if row.indicator_name else ""
    steps = [language.figure(cell) for cell in (entry.before, entry.now) if cell is not None and cell.shown]
    target = entry.target if entry.target is not None and entry.target.shown else None
    if target is not None:
        steps.append(language.html(Term("plan.target", {"target": target})))
    return {
        "text": foreign(row.text, language),
        "owner": language.html(entry.owner) if isinstance(entry.owner, Term) else foreign(row.responsible, language),
        "due": due,
        "state": language.html(entry.state),
        "late": entry.state.id == "plan.state.late",
        "unmeasured": not row.indicator,
        "indicator": name,
        "steps": Markup(" → ").join(steps),
        "at": at,
    }


def foreign(text: str, language: Locale) -> Markup:
    """A text of the delivery: marked as Swedish where the page is in another language."""
    return isolated(text, language="" if language.language == SWEDISH or not text else SWEDISH)


def sparked(card: Card, language: Locale, prefix: str) -> Markup:
    """The picture of a key figure: its history, or its place on a scale, before the middle half of departments."""
    history = tuple(_value(point.cell) for point in card.history)
    band, now = _ends(card.band), _value(card.now)
    known = [value for value in (*history, *(band or ()), now) if value is not None]
    if now is None or not known or (band is None and draw.longest(history) < draw.LEAST):
        return Markup("")
    top = _round_up(max(known))
    if draw.longest(history) >= draw.LEAST:
        words = card.history[0].month.key[:4], card.history[-1].month.key[:4]
    else:
        per_cent = card.now.unit in ("share", "rate")
        end = language.number(top)
        words = ("0", language.percent(end) if per_cent else end)
        history = ()
    return draw.spark(draw.Spark(history, now, band, words), (Decimal(0), top)).svg(prefix, "spark")


def _round_up(value: Decimal) -> Decimal:
    """The next of 1, 2, 5, 10, 20 …: the end of a scale."""
    for power in range(-1, 9):
        for factor in (1, 2, 5):
            if value <= Decimal(factor).scaleb(power):
                return Decimal(factor).scaleb(power)
    return value
