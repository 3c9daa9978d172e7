"""Drawings of the sheets about people and about what can be done, all from printed digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import wrap

from analysis.publishing.drawings import charts
from analysis.publishing.drawings.canvas import Canvas

Ends = tuple[Decimal, Decimal] | None
LETTER = 6.2
"""Width in px of a letter of a text in a drawing, on average: figures and brackets are no wider."""
THIRD = 340
"""Width in px of one of three pictures beside each other."""


@dataclass(frozen=True)
class Column:
    """A year: its expected number and interval, None where they are not shown."""

    label: str
    value: Decimal | None
    ends: Ends
    text: str


def columns(drawing: Sequence[Column], width: int) -> Canvas:
    """Upright bars from zero with their numbers above and their intervals drawn."""
    canvas = Canvas(width, 172)
    head, foot = 24, 24
    plot, bottom = canvas.height - head - foot, canvas.height - foot
    values = [v for each in drawing for v in (each.value, *(each.ends or ())) if v is not None]
    top = float(max(values, default=Decimal(1))) or 1.0
    pitch = width / max(1, len(drawing))
    thick = min(34.0, pitch * 0.5)
    canvas.line([0, width], [bottom, bottom], "muted")
    for place, each in enumerate(drawing):
        middle = pitch * (place + 0.5)
        canvas.text(middle, canvas.height - 9, each.label, anchor="middle", colour="muted")
        if each.value is None:
            canvas.text(middle, bottom - 12, each.text, anchor="middle", colour="muted")
            continue
        height = plot * float(each.value) / top
        canvas.bar(middle - thick / 2, bottom - height, thick, max(height, 1.0), "bar")
        over = bottom - height
        if each.ends is not None:
            low, high = (bottom - plot * float(end) / top for end in each.ends)
            whisker(canvas, [middle] * 2, [low, high])
            over = min(over, high)
        canvas.text(middle, over - 10, each.text, anchor="middle", bold=True)
    return canvas


def whisker(canvas: Canvas, xs: Sequence[float], ys: Sequence[float]) -> None:
    """An interval as a line of the colour of doubt."""
    canvas.line(xs, ys, "doubt", width=2.6)


@dataclass(frozen=True)
class PairRow:
    """One thing before and after."""

    label: str
    before: Decimal | None
    after: Decimal | None
    ends: Ends
    text: str


def pairs(drawing: Sequence[PairRow], width: int, *, before: str, after: str) -> Canvas:
    """A row per thing: a ring for what was, a dot with its interval for what is expected, both numbers in words."""
    pitch, head = 40, 24
    canvas = Canvas(width, head + pitch * len(drawing) + 4)
    values = [v for row in drawing for v in (row.before, row.after, *(row.ends or ())) if v is not None]
    top = float(max(values, default=Decimal(1))) or 1.0
    left, right = 8, width - 10

    def at(value: Decimal) -> float:
        return round(left + (right - left) * float(value) / top, 2)

    canvas.mark(6, 10, "ink", size=8, hollow=True)
    canvas.text(16, 10, before, colour="muted")
    x = 30 + 7.2 * len(before)
    canvas.mark(x + 6, 10, "ink", size=8)
    canvas.text(x + 16, 10, after, colour="muted")
    for place, row in enumerate(drawing):
        y = head + pitch * place + 28
        canvas.text(0, y - 17, row.label)
        canvas.text(width, y - 17, row.text, anchor="end", colour="muted")
        canvas.line([left, right], [y, y], "rule")
        if row.ends is not None:
            whisker(canvas, [at(row.ends[0]), at(row.ends[1])], [y, y])
        if row.after is not None:
            canvas.mark(at(row.after), y, "ink", size=8)
        if row.before is not None:
            canvas.mark(at(row.before), y, "ink", size=9, hollow=True)
    return canvas


@dataclass(frozen=True)
class Parts:
    """One requirement as shares of what is needed: held, unclear, missing."""

    label: str
    shares: tuple[float, float, float]
    text: str


def requirements(drawing: Sequence[Parts], width: int, words: Sequence[str]) -> Canvas:
    """A bar per requirement, as long as what the work asks for: who can, who may, and who is lacking."""
    pitch, head = 40, 24
    canvas = Canvas(width, head + pitch * len(drawing) + 4)
    x = 0.0
    for word, (colour, hatch) in zip(words, LOOKS, strict=True):
        canvas.bar(x, 4, 12, 12, colour, hatch=hatch)
        canvas.text(x + 17, 10, word, colour="muted")
        x += 32 + 7.2 * len(word)
    for place, row in enumerate(drawing):
        y = head + pitch * place
        room = int(width / LETTER) - len(row.text) - 2
        label = row.label if len(row.label) <= room else f"{row.label[: room - 1].rstrip()}…"  # whole in the table
        canvas.text(0, y + 10, label)
        canvas.text(width, y + 10, row.text, anchor="end", colour="muted")
        start = 0.0
        for share, (colour, hatch) in zip(row.shares, LOOKS, strict=True):
            length = width * share
            if length > 0.5:
                canvas.bar(start, y + 20, max(length - 1, 1), 12, colour, hatch=hatch)
            start += length
    return canvas


LOOKS = (("bar", False), ("band", False), ("loss", True))
"""How those look who can, who may and who are lacking: told apart without colour, too."""


@dataclass(frozen=True)
class MeasureRow:
    """A lever in printed digits: what it closes and what it costs."""

    name: str
    closes: Decimal
    closes_ends: Ends
    closes_text: str
    cost: Decimal | None
    cost_ends: Ends
    cost_text: str


NAME = 30
"""Letters of a lever's name on one line."""


def measures(drawing: Sequence[MeasureRow], width: int, *, heads: tuple[str, str]) -> Canvas:
    """Two panels on a common row: to the left posts that stand empty less, to the right kronor a year."""
    narrow = width == charts.NARROW
    pitch, head = (66, 40) if narrow else (34, 26)
    canvas = Canvas(width, head + pitch * len(drawing) + 6)
    if narrow:
        longest_text = max((len(text) for row in drawing for text in (row.closes_text, row.cost_text)), default=0)
        right = max(width / 3, width - 16 - LETTER * longest_text)
        panels = ((4, right), (4, right))
    else:
        name = 214
        panels = ((name, name + 110), (name + 236, width - 176))
    closing = [v for row in drawing for v in (row.closes, *(row.closes_ends or ()))]
    costing = [v for row in drawing for v in (row.cost, *(row.cost_ends or ())) if v is not None]
    scales = (_scale(closing, *panels[0]), _scale(costing, *panels[1]))
    bottom = head + pitch * len(drawing)
    priced = any(row.cost is not None for row in drawing)
    for place, text in enumerate(heads if priced else heads[:1]):
        canvas.text(panels[place][0] if not narrow else 4, 10 + (18 * place if narrow else 0), text, colour="muted")
        if not narrow:
            canvas.line([scales[place](Decimal(0))] * 2, [head - 4, bottom], "muted")
    for place, row in enumerate(drawing):
        y = head + pitch * place + (12 if narrow else pitch / 2)
        lines_of_name = [row.name] if narrow else wrap(row.name, NAME, max_lines=2, placeholder=" …")
        for number, line in enumerate(lines_of_name):
            canvas.text(0, y + (number - (len(lines_of_name) - 1) / 2) * 15, line, bold=narrow)
        if not narrow and place:
            canvas.line([0, width], [y - pitch / 2] * 2, "rule", width=0.6)
        lines = (
            (row.closes, row.closes_ends, row.closes_text, "gain", "o"),
            (row.cost, row.cost_ends, row.cost_text, "bar", "D"),
        )
        for panel, (value, ends, text, colour, shape) in enumerate(lines):
            at, (_, end) = scales[panel], panels[panel]
            level = y + (18 + 18 * panel if narrow else 0)
            if narrow:
                canvas.line([at(Decimal(0))] * 2, [level - 6, level + 6], "muted", width=1.4)
            if value is not None:
                if ends is not None:
                    whisker(canvas, [at(ends[0]), at(ends[1])], [level, level])
                canvas.mark(at(value), level, colour, size=8, shape=shape)
            if value is not None:
                canvas.text(end + 12, level, text)
    return canvas


def _scale(values: Sequence[Decimal], left: float, right: float) -> charts.Place:
    low, high = (float(end) for end in (min([Decimal(0), *values]), max([Decimal(0), *values])))
    reach = (high - low) or 1.0
    return lambda value: round(left + (right - left) * (float(value) - low) / reach, 2)


@dataclass(frozen=True)
class Spark:
    """A key figure in its surroundings: what has been, where it is now, and the middle half of the departments."""

    history: tuple[Decimal | None, ...]
    now: Decimal | None
    band: Ends
    ends: tuple[str, str]
    """Words at the left and the right end below: years of the history, or ends of the scale."""


SPARK = (170, 58)


def spark(drawing: Spark, scale: tuple[Decimal, Decimal]) -> Canvas:
    """A line where there are three points or more, else the place of the figure on a scale; the band behind both."""
    width, height = SPARK
    canvas = Canvas(width, height)
    low, high = (float(end) for end in scale)
    reach = (high - low) or 1.0
    if longest(drawing.history) >= LEAST:
        plot = height - 22

        def down(value: Decimal) -> float:
            return round(4 + (plot - 8) * (1 - (float(value) - low) / reach), 2)

        if drawing.band is not None:
            canvas.bar(
                0, down(drawing.band[1]), width - 8, max(down(drawing.band[0]) - down(drawing.band[1]), 1), "fan"
            )
        step = (width - 12) / max(1, len(drawing.history) - 1)
        run: list[tuple[float, float]] = []
        for place, value in enumerate((*drawing.history, None)):
            if value is not None:
                run.append((2 + step * place, down(value)))
                continue
            if len(run) > 1:
                canvas.line([x for x, _ in run], [y for _, y in run], "ink", width=1.8)
            elif run:
                canvas.mark(*run[0], "ink", size=3)
            run = []
        if drawing.history[-1] is not None:
            canvas.mark(2 + step * (len(drawing.history) - 1), down(drawing.history[-1]), "ink", size=6)
    else:
        y = 16.0

        def at(value: Decimal) -> float:
            return round(6 + (width - 14) * (float(value) - low) / reach, 2)

        canvas.line([6, width - 8], [y, y], "rule", width=1.4)
        if drawing.band is not None:
            canvas.bar(at(drawing.band[0]), y - 8, max(at(drawing.band[1]) - at(drawing.band[0]), 2), 16, "fan")
            canvas.line([6, width - 8], [y, y], "rule", width=1.4)
        if drawing.now is not None:
            canvas.mark(at(drawing.now), y, "ink", size=8)
    canvas.text(0, height - 8, drawing.ends[0], colour="muted")
    canvas.text(width - 4, height - 8, drawing.ends[1], anchor="end", colour="muted")
    return canvas


LEAST = 3
"""Points in a row below which a line says less than its numbers."""


def longest(values: Sequence[Decimal | None]) -> int:
    """How many points in a row are shown at most."""
    most = run = 0
    for value in values:
        run = 0 if value is None else run + 1
        most = max(most, run)
    return most
