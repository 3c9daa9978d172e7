"""Drawings of series, of forecasts beside outcomes and of bars, and what all drawings share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor, log10
from textwrap import shorten, wrap

from markupsafe import Markup

from analysis.publishing.drawings.canvas import Canvas

WIDE, HALF, NARROW = 580, 500, 350
"""Widths in px: the main column of a wide page, one of two equal columns, the column of a 390 px phone."""


Place = Callable[[Decimal | float], float]
"""A printed value to its place in px."""


Number = Callable[[float], str]
"""An axis value in the page's language."""


@dataclass(frozen=True)
class LineDrawing:
    """One line: name, y values in printed digits (None is a gap) and the text at its end."""

    name: str
    values: tuple[Decimal | None, ...]
    last: str


@dataclass(frozen=True)
class OriginDrawing:
    """One forecast with its outcome; any of the figures may be absent."""

    label: str
    expected: Decimal | None
    low: Decimal | None
    high: Decimal | None
    observed: Decimal | None
    yardstick: Decimal | None
    text: str


@dataclass(frozen=True)
class BarDrawing:
    """One bar: label, printed length (None: not shown), target and text."""

    label: str
    value: Decimal | None
    target: Decimal | None
    text: str
    low: Decimal | None = None
    high: Decimal | None = None


def both(draw: Callable[[int], Canvas], prefix: str, wide: int = HALF) -> Markup:
    """The wide and the narrow version of a chart; the style sheet shows one of them."""
    return draw(wide).svg(f"{prefix}w", "wide") + draw(NARROW).svg(f"{prefix}n", "narrow")


def lines(
    drawing: Sequence[LineDrawing],
    width: int,
    *,
    months: Sequence[str],
    silent: str,
    number: Number,
    breaks: Mapping[int, str] | None = None,
) -> Canvas:
    """Rates over time from zero up; the first line solid with dots, the others dashed.

    ``breaks``: places where a new definition begins, with the word that says so; no line runs across them.
    """
    breaks = breaks or {}
    narrow = width == NARROW
    legend = 24 * (len(drawing) if narrow else 1) + 8
    height, left, right, foot = legend + 190, 42, 56, 26
    canvas = Canvas(width, height)
    values = [value for line in drawing for value in line.values if value is not None]
    ticks = nice_ticks(float(max(values, default=Decimal(1))))
    plot = height - legend - foot

    def down(value: float | Decimal) -> float:
        return legend + plot * (1 - float(value) / ticks[-1])

    def across(index: int) -> float:
        return left + (width - left - right) * index / max(1, len(months) - 1)

    for tick in ticks:
        canvas.line([left, width - right], [down(tick)] * 2, "rule")
        canvas.text(left - 7, down(tick), number(tick), anchor="end", colour="muted")
    years: dict[str, int] = {}
    for index, month in enumerate(months):
        years[month[:4]] = index
    shown = list(years.items())[:: 1 if not narrow or len(years) < 7 else 2]
    for year, index in shown:
        canvas.line([across(index)] * 2, [legend + plot, legend + plot + 4], "muted")
        canvas.text(across(index), height - 9, year, anchor="middle", colour="muted")
    silences = [i for i in range(len(months)) if drawing and drawing[0].values[i] is None]
    for index in silences:
        canvas.bar(across(index) - 5, legend, 10, plot, "band")
    if silences:
        canvas.text(across(silences[0]), legend + plot - 10, silent, anchor="middle", colour="muted", size=12)
    for index, word in breaks.items():
        middle = (across(index - 1) + across(index)) / 2
        canvas.line([middle] * 2, [legend, legend + plot], "doubt", width=1.6, dashed=True)
        late = middle > width / 2
        canvas.text(middle + (-6 if late else 6), legend + plot - 10, word, anchor="end" if late else "start", size=12)
    x = float(left)
    taken: list[float] = []
    for rank, line in enumerate(drawing):
        colour, dashed = ("ink", False) if rank == 0 else ("muted", True)
        y = 12 + (24 * rank if narrow else 0)
        canvas.line([x, x + 26], [y, y], colour, width=2.4 if rank == 0 else 1.8, dashed=dashed)
        if rank == 0:
            canvas.mark(x + 13, y, colour, size=6)
        canvas.text(x + 34, y, line.name, bold=rank == 0, colour="ink" if rank == 0 else "muted")
        if not narrow:
            x += 64 + 7.6 * len(line.name)
        _polyline(canvas, line, across, down, colour=colour, dashed=dashed, dots=rank == 0, breaks=frozenset(breaks))
        last = next((value for value in reversed(line.values) if value is not None), None)
        if last is not None:
            place = down(last)
            if taken and abs(place - taken[-1]) < 16:
                place = taken[-1] + (16 if place >= taken[-1] else -16)
            taken.append(place)
            canvas.text(width - right + 10, place, line.last, bold=rank == 0, colour="ink" if rank == 0 else "muted")
    return canvas


def _polyline(
    canvas: Canvas,
    line: LineDrawing,
    across: Callable[[int], float],
    down: Place,
    *,
    colour: str,
    dashed: bool,
    dots: bool,
    breaks: frozenset[int] = frozenset(),
) -> None:
    run: list[tuple[float, float]] = []
    for index, value in enumerate((*line.values, None)):
        if value is not None and index not in breaks:
            run.append((across(index), down(value)))
            continue
        if len(run) > 1:
            xs, ys = [point[0] for point in run], [point[1] for point in run]
            canvas.line(xs, ys, colour, width=2.4 if dots else 1.8, dashed=dashed)
        if dots or len(run) == 1:
            for x, y in run:
                canvas.mark(x, y, colour, size=6)
        run = [] if value is None else [(across(index), down(value))]


def track(drawing: Sequence[OriginDrawing], width: int, *, words: Sequence[str], number: Number) -> Canvas:
    """One row per forecast: interval, forecast (ring), outcome (diamond), yardstick (upright dash)."""
    narrow = width == NARROW
    pitch = 46 if narrow else 32
    legend = 52 if narrow else 30
    left, right = (18, 20) if narrow else (112, 142)
    canvas = Canvas(width, legend + pitch * len(drawing) + 26)
    numbers = [
        value
        for row in drawing
        for value in (row.expected, row.low, row.high, row.observed, row.yardstick)
        if value is not None
    ]
    ticks = spread_ticks(float(min(numbers, default=Decimal(0))), float(max(numbers, default=Decimal(1))))
    at = _scale([Decimal(str(ticks[0])), Decimal(str(ticks[-1]))], left, width - right)
    _legend(canvas, words, narrow=narrow)
    end = legend + pitch * len(drawing)
    for tick in ticks:
        canvas.line([at(tick)] * 2, [legend, end], "rule")
        canvas.text(at(tick), end + 13, number(tick), anchor="middle", colour="muted")
    for index, row in enumerate(drawing):
        y = legend + pitch * index + (30 if narrow else pitch / 2)
        if narrow:
            canvas.text(0, y - 18, row.label)
            canvas.text(width, y - 18, row.text, anchor="end", colour="muted")
        else:
            canvas.text(left - 16, y, row.label, anchor="end")
            canvas.text(width, y, row.text, anchor="end", colour="muted")
        if row.low is not None and row.high is not None:
            canvas.line([at(row.low), at(row.high)], [y, y], "doubt", width=2.4)
            for stop in (row.low, row.high):
                canvas.line([at(stop)] * 2, [y - 5, y + 5], "doubt", width=2.4)
        if row.yardstick is not None:
            canvas.line([at(row.yardstick)] * 2, [y - 9, y + 9], "muted", width=2)
        if row.expected is not None:
            canvas.mark(at(row.expected), y, "ink", size=9, hollow=True)
        if row.observed is not None:
            canvas.mark(at(row.observed), y, "loss", shape="D", size=7)
    return canvas


def _legend(canvas: Canvas, words: Sequence[str], *, narrow: bool) -> None:
    """Signs of the track record; ``words``: expected, interval, outcome, yardstick."""
    x, y = 8.0, 12.0
    for index, word in enumerate(words):
        if narrow and index == 2:
            x, y = 8.0, 34.0
        if index == 0:
            canvas.mark(x + 4, y, "ink", size=9, hollow=True)
        elif index == 1:
            canvas.line([x - 4, x + 14], [y, y], "doubt", width=2.4)
            for stop in (x - 4, x + 14):
                canvas.line([stop, stop], [y - 5, y + 5], "doubt", width=2.4)
        elif index == 2:
            canvas.mark(x + 4, y, "loss", shape="D", size=7)
        else:
            canvas.line([x + 4, x + 4], [y - 8, y + 8], "muted", width=2)
        canvas.text(x + (22 if index == 1 else 16), y, word)
        x += 40 + 7.3 * len(word)


def bars(drawing: Sequence[BarDrawing], width: int, *, target: str, most: Decimal | None = None) -> Canvas:
    """Horizontal bars from zero, each with its printed value; a target is an upright line across the bar.

    Intervals are drawn. ``most``: end of a scale that all pictures of a family share; None: the largest value.
    """
    narrow = width == NARROW
    aims = any(row.target is not None for row in drawing)
    lines = max((len(_wrapped(row.label)) for row in drawing), default=1)
    pitch, thick = (42, 15) if narrow else (14 + 15 * lines, 17)
    longest = max((len(row.text) for row in drawing), default=0)
    left, right = (2, 4) if narrow else (176, round(16 + 6.6 * longest))
    head = 26 if aims else 0
    canvas = Canvas(width, head + pitch * len(drawing) + 4)
    at = _scale(
        [
            Decimal(0),
            *([most] if most is not None else []),
            *(v for row in drawing for v in (row.value, row.target, row.high) if v is not None),
        ],
        left,
        width - right,
    )
    if aims:
        x = 4 if narrow else left + 4
        canvas.line([x, x], [3, 19], "doubt", width=3)
        canvas.text(x + 10, 11, target)
    canvas.line([at(0), at(0)], [head, head + pitch * len(drawing)], "rule")
    for index, row in enumerate(drawing):
        top = head + pitch * index + (20 if narrow else (pitch - thick) / 2)
        middle = top + thick / 2
        if narrow:
            canvas.text(0, top - 11, shorten(row.label, 42, placeholder="…"))
            canvas.text(width, top - 11, row.text, anchor="end", bold=row.value is not None)
        else:
            _label(canvas, left - 12, middle, row.label)
        if row.value is None:
            if not narrow:
                canvas.text(left + 6, middle, row.text, colour="muted")
            continue
        length = at(row.value) - at(0)
        canvas.bar(at(0), top, max(length, 1.5), thick, "bar")
        place = at(row.value)
        if row.low is not None and row.high is not None:
            canvas.line([at(row.low), at(row.high)], [middle, middle], "doubt", width=2.6)
            place = max(place, at(row.high))
        if row.target is not None:
            canvas.line([at(row.target)] * 2, [top - 4, top + thick + 4], "doubt", width=3)
            covered = place < at(row.target) < place + 12 + 6.6 * len(row.text)
            place = at(row.target) if covered else place
        if not narrow:
            canvas.text(place + 8, middle, row.text)
    return canvas


LINE = 25
"""Characters that a chart's label column holds on one line."""


def _label(canvas: Canvas, x: float, y: float, text: str) -> None:
    """A right-aligned label on up to three lines; the data table holds the rest of a longer one."""
    lines = _wrapped(text)
    for index, line in enumerate(lines):
        canvas.text(x, y + (index - (len(lines) - 1) / 2) * 15, line, anchor="end")


def _wrapped(text: str) -> list[str]:
    return wrap(text, LINE, max_lines=3, placeholder=" …")


def nice_ticks(largest: float) -> list[float]:
    """Three to five round ticks from zero to at least ``largest``."""
    step = _nice_step(max(largest, 1e-9) / 3)
    return [round(step * index, 10) for index in range(ceil(largest / step - 1e-9) + 1)]


def spread_ticks(smallest: float, largest: float) -> list[float]:
    """Round ticks that span from ``smallest`` to ``largest``."""
    step = _nice_step(max(largest - smallest, 1e-9) / 3)
    first, last = floor(smallest / step), ceil(largest / step)
    return [round(step * index, 10) for index in range(first, max(last, first + 1) + 1)]


def _nice_step(rough: float) -> float:
    power = 10.0 ** floor(log10(rough))
    return next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * 0.999)


def _scale(values: Sequence[Decimal], left: float, right: float) -> Place:
    low, high = float(min(values)), float(max(values))
    reach = (high - low) or 1.0

    def place(value: Decimal | float) -> float:
        return round(left + (right - left) * (float(value) - low) / reach, 2)

    return place
