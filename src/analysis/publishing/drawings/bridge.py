"""The bridge as a drawing: parts that add up to what must be filled, what fills it, and what stays empty."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analysis.publishing.drawings.canvas import Canvas
from analysis.publishing.drawings.charts import NARROW, Place, _scale


@dataclass(frozen=True)
class BridgeRow:
    """A row of the waterfall: label, text, where its bar starts and ends (None: nothing to draw)."""

    label: str
    text: str
    start: Decimal | None
    end: Decimal | None


@dataclass(frozen=True)
class BridgeBlock:
    """Parts, and the total below them."""

    rows: tuple[BridgeRow, ...]
    total: BridgeRow


@dataclass(frozen=True)
class BridgeDrawing:
    """What the waterfall shows, in printed digits and finished words; the interval is that of the last total."""

    blocks: tuple[BridgeBlock, ...]
    low: Decimal | None
    high: Decimal | None
    interval: str


@dataclass(frozen=True)
class _Measures:
    """Places of the drawing in px; ``at``: a value to its place."""

    pitch: int
    thick: int
    left: int
    narrow: bool
    at: Place


BELOW = 5
"""px between the rows above a total and its rule."""


def bridge(drawing: BridgeDrawing, width: int) -> Canvas:
    """The waterfall: each block's parts from top to bottom, its total below a rule, the last one with its interval."""
    narrow = width == NARROW
    pitch, thick = (42, 15) if narrow else (26, 17)
    left, right = (2, 4) if narrow else (206, 54)
    rows = sum(len(block.rows) + 1 for block in drawing.blocks)
    foot = (26 if narrow else 20) if drawing.interval else 6
    canvas = Canvas(width, pitch * rows + 2 * BELOW * len(drawing.blocks) + foot)
    measures = _Measures(pitch, thick, left, narrow, _scale(_bridge_ends(drawing), left, width - right))
    top = 0.0
    for place, block in enumerate(drawing.blocks):
        last = place + 1 == len(drawing.blocks)
        top = _block(canvas, block, measures, top)
        if last:
            _interval(canvas, drawing, measures, top)
    return canvas


def _block(canvas: Canvas, block: BridgeBlock, measures: _Measures, top: float) -> float:
    """Draw a block from ``top`` on; returns where it ends."""
    at, pitch, thick = measures.at, measures.pitch, measures.thick
    bottom = top + pitch * len(block.rows) + BELOW
    canvas.line([at(0), at(0)], [top + 2, bottom + pitch], "rule")
    for index, row in enumerate(block.rows):
        start = _label(canvas, row, measures, top + pitch * index)
        if row.start is None or row.end is None:
            continue
        first, last = sorted((at(row.start), at(row.end)))
        shrinks = row.end < row.start
        canvas.bar(first, start, max(last - first, 1.5), thick, "gain" if shrinks else "loss", hatch=shrinks)
        below = block.rows[index + 1].start if index + 1 < len(block.rows) else block.total.end
        if below is not None and not measures.narrow:  # on a phone the next label stands where the connector would run
            reach = pitch - thick + (2 * BELOW if index + 1 == len(block.rows) else 0)
            canvas.line([at(row.end)] * 2, [start + thick, start + thick + reach], "muted", width=0.8)
        if not measures.narrow:
            canvas.text(last + 7, start + thick / 2, row.text)
    canvas.line([0, canvas.width], [bottom, bottom], "ink", width=1)
    start = _label(canvas, block.total, measures, bottom + BELOW, bold=True)
    if block.total.end is not None:
        first, last = sorted((at(0), at(block.total.end)))
        canvas.bar(first, start, max(last - first, 1.5), thick, "ink")
        if not measures.narrow:
            canvas.text(last + 7, start + thick / 2, block.total.text, bold=True)
    return bottom + BELOW + pitch


def _label(canvas: Canvas, row: BridgeRow, measures: _Measures, top: float, *, bold: bool = False) -> float:
    """Write a row's label (and its text where the bar has no room for it); returns where its bar starts."""
    start = top + (20 if measures.narrow else (measures.pitch - measures.thick) / 2)
    middle = start + measures.thick / 2
    drawn = row.end is not None
    if measures.narrow:
        canvas.text(0, start - 11, row.label, bold=bold)
        canvas.text(canvas.width, start - 11, row.text, anchor="end", bold=bold or drawn)
    else:
        canvas.text(measures.left - 12, middle, row.label, anchor="end", bold=bold)
        if not drawn:
            canvas.text(measures.left + 6, middle, row.text, colour="muted")
    return start


def _interval(canvas: Canvas, drawing: BridgeDrawing, measures: _Measures, top: float) -> None:
    """The interval below the last total."""
    if drawing.low is None or drawing.high is None:
        return
    ends = [measures.at(drawing.low), measures.at(drawing.high)]
    y = top + (6 if measures.narrow else 5)
    canvas.line(ends, [y, y], "doubt", width=2.4)
    for end in ends:
        canvas.line([end, end], [y - 5, y + 5], "doubt", width=2.4)
    space = canvas.width - ends[1] > 6.4 * len(drawing.interval) + 9
    if measures.narrow and not space:
        canvas.text(canvas.width, y + 14, drawing.interval, anchor="end", colour="muted")
    elif space:
        canvas.text(ends[1] + 9, y, drawing.interval, colour="muted")
    else:
        canvas.text(ends[0] - 9, y, drawing.interval, anchor="end", colour="muted")


def _bridge_ends(drawing: BridgeDrawing) -> list[Decimal]:
    ends = [Decimal(0), drawing.low, drawing.high]
    for block in drawing.blocks:
        ends += [end for row in (*block.rows, block.total) for end in (row.start, row.end)]
    return [end for end in ends if end is not None]
