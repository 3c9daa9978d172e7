"""The bridge as a drawing: parts that add up to a total, with the interval of the total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analysis.publishing.canvas import Canvas
from analysis.publishing.charts import NARROW, Place, _scale


@dataclass(frozen=True)
class BridgeRow:
    """A row of the waterfall: label, text, where its bar starts and ends (None: nothing to draw)."""

    label: str
    text: str
    start: Decimal | None
    end: Decimal | None


@dataclass(frozen=True)
class BridgeDrawing:
    """What the waterfall shows, in printed digits and finished words."""

    rows: tuple[BridgeRow, ...]
    total: BridgeRow
    low: Decimal | None
    high: Decimal | None
    interval: str


def bridge(drawing: BridgeDrawing, width: int) -> Canvas:
    """The waterfall of the need: parts from top to bottom, the total with its interval below a rule."""
    narrow = width == NARROW
    pitch, thick = (42, 15) if narrow else (29, 17)
    left, right = (2, 4) if narrow else (206, 54)
    foot = (76 if narrow else 49) if drawing.interval else (50 if narrow else 36)
    height = pitch * len(drawing.rows) + foot
    canvas = Canvas(width, height)
    at = _scale(_bridge_ends(drawing), left, width - right)
    bottom = pitch * len(drawing.rows) + 4
    canvas.line([at(0), at(0)], [2, bottom + pitch - 4], "rule")
    for index, row in enumerate(drawing.rows):
        top = pitch * index + (20 if narrow else (pitch - thick) / 2)
        middle = top + thick / 2
        if narrow:
            canvas.text(0, top - 11, row.label)
            canvas.text(width, top - 11, row.text, anchor="end", bold=row.end is not None)
        else:
            canvas.text(left - 12, middle, row.label, anchor="end")
        if row.start is None or row.end is None:
            if not narrow:
                canvas.text(left + 6, middle, row.text, colour="muted")
            continue
        first, last = sorted((at(row.start), at(row.end)))
        shrinks = row.end < row.start
        canvas.bar(first, top, max(last - first, 1.5), thick, "gain" if shrinks else "loss", hatch=shrinks)
        last_row = index + 1 == len(drawing.rows)
        joined = last_row or drawing.rows[index + 1].start is not None
        if joined and not narrow:  # on a phone the next label stands where the connector would run
            reach = pitch - thick + (4 if last_row else 0)
            canvas.line([at(row.end)] * 2, [top + thick, top + thick + reach], "muted", width=0.8)
        if not narrow:
            canvas.text(last + 7, middle, row.text)
    _bridge_total(canvas, drawing, at, bottom, thick=thick, narrow=narrow, left=left)
    return canvas


def _bridge_total(
    canvas: Canvas, drawing: BridgeDrawing, at: Place, bottom: float, *, thick: int, narrow: bool, left: int
) -> None:
    total = drawing.total
    canvas.line([0, canvas.width], [bottom, bottom], "ink", width=1)
    top = bottom + (24 if narrow else 9)
    middle = top + thick / 2
    if narrow:
        canvas.text(0, bottom + 12, total.label, bold=True)
        canvas.text(canvas.width, bottom + 12, total.text, anchor="end", bold=True)
    else:
        canvas.text(left - 12, middle, total.label, anchor="end", bold=True)
    if total.end is None:
        if not narrow:
            canvas.text(left + 6, middle, total.text, colour="muted")
        return
    first, last = sorted((at(0), at(total.end)))
    canvas.bar(first, top, max(last - first, 1.5), thick, "ink")
    if not narrow:
        canvas.text(last + 7, middle, total.text, bold=True)
    if drawing.low is None or drawing.high is None:
        return
    ends = [at(drawing.low), at(drawing.high)]
    y = top + thick + 9
    canvas.line(ends, [y, y], "doubt", width=2.4)
    for end in ends:
        canvas.line([end, end], [y - 5, y + 5], "doubt", width=2.4)
    space = canvas.width - ends[1] > 6.4 * len(drawing.interval) + 9
    if narrow and not space:
        canvas.text(canvas.width, y + 14, drawing.interval, anchor="end", colour="muted")
    elif space:
        canvas.text(ends[1] + 9, y, drawing.interval, colour="muted")
    else:
        canvas.text(ends[0] - 9, y, drawing.interval, anchor="end", colour="muted")


def _bridge_ends(drawing: BridgeDrawing) -> list[Decimal]:
    ends = [Decimal(0), drawing.low, drawing.high, drawing.total.end]
    ends += [end for row in drawing.rows for end in (row.start, row.end)]
    return [end for end in ends if end is not None]
