"""The fan's drawing, alt text and data table, all from the same printed digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from analysis.publishing.drawings import charts
from analysis.publishing.drawings.canvas import Canvas
from analysis.publishing.objects.atoms import Month, Term
from analysis.publishing.objects.fan import Ahead, Fan
from analysis.publishing.views.charts import axis
from analysis.publishing.views.grid import Grid, capital, put
from analysis.publishing.words.locale import Locale
from analysis.publishing.words.rounding import printed
from analysis.tables.protected import Cell

MOST_LABELS = 5
"""Years that have room for a label below the axis of a wide page."""


@dataclass(frozen=True)
class Drawing:
    """What the fan shows in printed digits: years, values, ends of both bands, and finished words."""

    years: tuple[int, ...]
    past: tuple[float, ...]
    ahead: tuple[float, ...]
    outer: tuple[tuple[float, float], ...]
    inner: tuple[tuple[float, float], ...]
    words: dict[str, str]


def view(shown: Fan, language: Locale, prefix: str) -> dict[str, Any]:
    """Title, drawing, alt text and data table."""
    last = shown.ahead[-1]
    words = {name: language.text(Term(f"fan.{name}")) for name in ("four_in_five", "half")}
    words["today"] = language.text(Term("fan.today", {"n": shown.past[-1].cell}))
    words["end"] = language.text(Term("fan.end", {"n": last.expected, "month": last.month}))
    drawing = Drawing(
        tuple(int(month.key[:4]) for month in [*(p.month for p in shown.past), *(row.month for row in shown.ahead)]),
        tuple(_value(point.cell) for point in shown.past),
        tuple(_value(row.expected) for row in shown.ahead),
        tuple(_ends(row.expected) for row in shown.ahead),
        tuple(_ends(row.half) for row in shown.ahead),
        words,
    )
    number = axis(language)
    heads = ("month", "fan_observed", "fan_expected", "fan_half")
    return {
        "title": language.html(shown.title),
        "lead": language.html(shown.lead),
        "drawing": charts.both(lambda width: draw(drawing, width, number), prefix, charts.WIDE),
        "alt": alt(shown, language),
        "grid": Grid(
            f"{prefix}-table",
            language.html(Term("fan.caption")),
            [put(Term(f"column.{head}"), language) for head in heads],
            [*_past(shown, language), *_ahead(shown.ahead, language)],
        ),
    }


def alt(shown: Fan, language: Locale) -> str:
    """First and last year that has been, next year and the last one with both intervals."""
    said = [language.text(shown.title) + ".", language.text(Term("fan.alt"))]
    first, today = shown.past[0], shown.past[-1]
    if len(shown.past) > 1:
        args = {"first": first.cell, "from": first.month, "last": today.cell, "to": today.month}
        said.append(language.text(Term("fan.alt.past", args)))
    for row in dict.fromkeys((shown.ahead[0], shown.ahead[-1])):
        args = {"month": row.month, "expected": row.expected, "half": row.half}
        said.append(language.text(Term("fan.alt.ahead", args)))
    return " ".join(said)


def draw(drawing: Drawing, width: int, number: charts.Number) -> Canvas:
    """History as a line, both bands around a dashed line that begins where history ends."""
    narrow = width == charts.NARROW
    values = [*drawing.past, *drawing.ahead, *(end for pair in (*drawing.outer, *drawing.inner) for end in pair)]
    ticks = charts.spread_ticks(min(0.0, *values), max(1.0, *values))
    longest, end = max(len(number(tick)) for tick in ticks), len(drawing.words["end"])
    left, right, head, foot = (
        (10 + 8 * longest, 12, 26, 44) if narrow else (10 + 8 * longest, 16 + round(7.4 * end), 14, 26)
    )
    canvas = Canvas(width, 230 if narrow else 210)
    plot = canvas.height - head - foot
    span = max(1, drawing.years[-1] - drawing.years[0])

    def down(value: Decimal | float) -> float:
        return round(head + plot * (1 - (float(value) - ticks[0]) / (ticks[-1] - ticks[0])), 2)

    def across(year: int) -> float:
        return round(left + (width - left - right) * (year - drawing.years[0]) / span, 2)

    for tick in ticks:
        canvas.line([left, width - right], [down(tick)] * 2, "ink" if tick == 0 else "rule", width=1)
        canvas.text(left - 8, down(tick), number(tick), anchor="end", colour="muted")
    since = len(drawing.past) - 1
    today, ahead = drawing.years[since], drawing.years[since + 1 :]
    start = (drawing.past[-1], drawing.past[-1])
    xs = [across(year) for year in (today, *ahead)]
    for ends, colour in ((drawing.outer, "fan"), (drawing.inner, "fancore")):
        lows, highs = zip(start, *ends, strict=True)
        canvas.area(xs, [down(low) for low in lows], [down(high) for high in highs], colour)
    canvas.line(
        [across(year) for year in drawing.years[: since + 1]], [down(v) for v in drawing.past], "ink", width=2.2
    )
    canvas.line(xs, [down(value) for value in (drawing.past[-1], *drawing.ahead)], "ink", width=2, dashed=True)
    canvas.mark(across(today), down(drawing.past[-1]), "ink", size=7)
    for year in _labelled(drawing.years, today, narrow=narrow):
        end = year == drawing.years[-1] and narrow
        canvas.text(
            across(year), canvas.height - foot + 15, str(year), anchor="end" if end else "middle", colour="muted"
        )
    over = drawing.past[-1] < (drawing.past[-2] if since else drawing.past[-1])
    canvas.text(
        across(today) - 6,
        down(drawing.past[-1]) + (17 if over else -13),
        drawing.words["today"],
        anchor="end",
        bold=True,
    )
    _ends_told(canvas, drawing, width, right, down, narrow=narrow)
    return canvas


def _ends_told(canvas: Canvas, drawing: Drawing, width: int, right: int, down: charts.Place, *, narrow: bool) -> None:
    """What the dashed line and both bands are, beside their ends; on a phone below the axis and above the plot."""
    words = drawing.words
    if narrow:
        canvas.text(width, canvas.height - 9, words["end"], anchor="end", bold=True)
        for x, colour, word in ((30, "fan", words["four_in_five"]), (140, "fancore", words["half"])):
            canvas.bar(x, 3, 14, 12, colour)
            canvas.text(x + 20, 9, word, colour="muted")
        return
    x = width - right + 10
    places = [
        (down(drawing.outer[-1][1]), words["four_in_five"], "muted", False),
        (down(drawing.inner[-1][1]), words["half"], "muted", False),
        (down(drawing.ahead[-1]), words["end"], "ink", True),
    ]
    taken = -100.0
    for y, word, colour, bold in places:
        taken = max(y, taken + 16)
        canvas.text(x, taken, word, colour=colour, bold=bold)


def _labelled(years: Sequence[int], today: int, *, narrow: bool) -> list[int]:
    """Years with a label: the first, today and the last; on a wide page those between as far as there is room."""
    if narrow:
        return sorted({years[0], today, years[-1]})
    step = -(-len(years) // MOST_LABELS)
    return [year for year in years if (year - today) % step == 0]


def _value(cell: Cell) -> float:
    figure = printed(cell)
    return 0.0 if figure is None else float(figure.value)


def _ends(cell: Cell) -> tuple[float, float]:
    figure = printed(cell)
    if figure is None or figure.low is None or figure.high is None:
        return (0.0, 0.0)
    return float(figure.low), float(figure.high)


def _past(shown: Fan, language: Locale) -> list[tuple[Markup, list[Markup]]]:
    rows = shown.past
    blank = Markup("")
    return [(_month(row.month, language), [language.figure(row.cell), blank, blank]) for row in rows]


def _ahead(rows: Sequence[Ahead], language: Locale) -> list[tuple[Markup, list[Markup]]]:
    return [
        (_month(row.month, language), [Markup(""), put(row.expected, language), language.figure(row.half, "range")])
        for row in rows
    ]


def _month(month: Month, language: Locale) -> Markup:
    return escape(capital(language.show(month)))
