"""The funnel's drawing, words and data table, all from the same printed digits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import log
from typing import Any

from analysis.publishing.drawings import charts
from analysis.publishing.drawings.canvas import Canvas
from analysis.publishing.objects.atoms import Tally, Term
from analysis.publishing.objects.funnel import Funnel, FunnelPoint, Limits
from analysis.publishing.views.grid import Grid, capital, put
from analysis.publishing.words.locale import Locale, isolated
from analysis.publishing.words.rounding import printed
from analysis.tables.protected import Cell

TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
MOST = 3.0
"""Ratios above this are drawn at the edge; the table holds them as they are."""
FROM = 5.0
"""Expected number from which the limits are drawn beside a single point."""
STRANGE, UNUSUAL, USUAL = "998", "95", ""
"""Outside the limits of 99.8 per cent, of 95 per cent only, or within both."""


@dataclass(frozen=True)
class Dot:
    """A point in printed digits; ``place``: how it lies to the limits; ``name``: of one far outside them."""

    expected: float
    ratio: float
    place: str
    name: str = ""


@dataclass(frozen=True)
class Drawing:
    """What the funnel shows: dots, limit curves by expected number, and finished words."""

    dots: tuple[Dot, ...]
    curve: tuple[tuple[float, float, float, float, float], ...]
    words: dict[str, str]
    own: bool


def view(shown: Funnel, language: Locale, prefix: str) -> dict[str, Any]:
    """The funnel, its sentences, alt text and data table."""
    places = [place(point) for point in shown.points]
    dots = tuple(
        Dot(
            max(_number(point.limits.expected), 1.0),
            _number(point.ratio),
            side[1],
            language.show(point.department) if side[1] == STRANGE and not shown.own else "",
        )
        for point, side in zip(shown.points, places, strict=True)
    )
    words = {name: language.text(Term(f"funnel.{name}")) for name in ("limit95", "limit998", "axis.expected")}
    words |= {side: language.text(Term(f"funnel.mark{side}")) for side in (USUAL, UNUSUAL, STRANGE)}
    drawing = Drawing(dots, _clipped(shown.curve, dots, whole=shown.own), words, shown.own)
    rows = []
    for point, (word, side) in zip(shown.points, places, strict=True):
        cells = [put(cell, language) for cell in (point.limits.expected, point.ratio, point.occupation)]
        rows.append(
            (isolated(capital(language.show(point.department))), [*cells, put(Term(f"funnel.{word}{side}"), language)])
        )
    heads = ("department", "expected_leavers", "ratio", "ratio_occupation", "against_chance")
    columns = [put(Term(f"column.{head}"), language) for head in heads]
    said = [language.html(term) for term in sentences(shown, places)]
    return {
        "title": language.html(shown.title),
        "lead": language.html(shown.lead),
        "sentences": said,
        "drawing": charts.both(lambda width: draw(drawing, width, language), prefix),
        "alt": f"{language.text(shown.title)} " + " ".join(language.text(t) for t in sentences(shown, places)),
        "notes": [language.html(note) for note in shown.notes],
        "grid": Grid(f"{prefix}-table", language.html(shown.title), columns, rows, scrolls=True, words=frozenset({4})),
    }


def place(point: FunnelPoint) -> tuple[str, str]:
    """Where a point lies: ``inside``, ``above`` or ``below``, and which limits it is outside of."""
    ratio = _number(point.ratio)
    for side in (STRANGE, UNUSUAL):
        low, high = (_number(getattr(point.limits, f"{end}{side}")) for end in ("low", "high"))
        if not low <= ratio <= high:
            return ("above" if ratio > high else "below"), side
    return "inside", USUAL


def sentences(shown: Funnel, places: Sequence[tuple[str, str]]) -> list[Term]:
    """The page's own place in words, or how many departments lie outside the limits."""
    if shown.own:
        point, (word, side) = shown.points[0], places[0]
        said = [Term(f"funnel.own.{word}{side}", {"ratio": point.ratio, "expected": point.limits.expected})]
        if point.occupation.shown:
            said.append(Term("funnel.own.occupation", {"ratio": point.occupation}))
        return said
    strange, unusual = (sum(side == wanted for _, side in places) for wanted in (STRANGE, UNUSUAL))
    said = [Term("funnel.outside998", {"n": Tally("outside998", strange), "total": Tally.total(shown.points)})]
    return said + ([Term("funnel.outside95", {"n": Tally("outside95", unusual)})] if unusual else [])


def _number(cell: Cell) -> float:
    figure = printed(cell)
    return 0.0 if figure is None else float(figure.value)


def _clipped(
    curve: Sequence[Limits], dots: Sequence[Dot], *, whole: bool
) -> tuple[tuple[float, float, float, float, float], ...]:
    """The part of the curves that the points need, in printed digits; ``whole``: a point alone shows the range."""
    names = ("expected", "low95", "high95", "low998", "high998")
    rows = [tuple(_number(getattr(row, name)) for name in names) for row in curve]
    least, most = min(dot.expected for dot in dots), max(dot.expected for dot in dots)
    first = max((row[0] for row in rows if row[0] <= least), default=0.0)
    last = min((row[0] for row in rows if row[0] >= most), default=float("inf"))
    if whole:
        first, last = min(first, FROM), float("inf")
    return tuple(row for row in rows if first <= row[0] <= last)  # type: ignore[misc]


def draw(drawing: Drawing, width: int, language: Locale) -> Canvas:
    """Ratio (upwards) by expected number (logarithmic, to the right), with the limits as curves."""
    narrow = width == charts.NARROW
    legend = _legend_height(drawing, narrow=narrow)
    plot, left, right, foot = 230, 34, 10, 44
    canvas = Canvas(width, legend + plot + foot)
    ends = [row[0] for row in drawing.curve] + [dot.expected for dot in drawing.dots]
    smallest, largest = min(ends), max(ends)
    top = min(MOST, max([dot.ratio for dot in drawing.dots] + [row[2] for row in drawing.curve]) * 1.05)
    ticks = charts.nice_ticks(top)
    reach = log(largest / smallest) or 1.0

    def across(expected: float) -> float:
        return round(left + 8 + (width - left - right - 16) * log(max(expected, smallest) / smallest) / reach, 2)

    def down(ratio: float) -> float:
        return round(legend + plot * (1 - min(ratio, ticks[-1]) / ticks[-1]), 2)

    for tick in ticks:
        canvas.line([left, width - right], [down(tick)] * 2, "rule")
        places = 0 if float(tick).is_integer() else 1 if float(tick * 10).is_integer() else 2
        canvas.text(left - 6, down(tick), language.number(Decimal(str(tick)), places), anchor="end", colour="muted")
    canvas.line([left, width - right], [down(1.0)] * 2, "ink", width=1.2)
    for number in (tick for tick in TICKS if smallest <= tick <= largest):
        canvas.line([across(number)] * 2, [legend + plot, legend + plot + 4], "muted")
        canvas.text(across(number), legend + plot + 14, language.number(number), anchor="middle", colour="muted")
    canvas.text(width - right, legend + plot + 33, drawing.words["axis.expected"], anchor="end", colour="muted")
    xs = [across(row[0]) for row in drawing.curve]
    for column, colour, dashed in ((1, "doubt", True), (2, "doubt", True), (3, "doubt", False), (4, "doubt", False)):
        kept = [(x, row[column]) for x, row in zip(xs, drawing.curve, strict=True) if row[column] <= ticks[-1]]
        if len(kept) > 1:
            canvas.line([x for x, _ in kept], [down(y) for _, y in kept], colour, width=1.6, dashed=dashed)
    for dot in drawing.dots:
        x, y = across(dot.expected), down(dot.ratio)
        _mark(canvas, x, y, dot.place, large=drawing.own)
        if dot.name:  # an outlier is named where it lies
            late = x > width / 2
            canvas.text(x + (-10 if late else 10), y, dot.name, anchor="end" if late else "start", size=12)
    _legend(canvas, drawing, narrow=narrow)
    return canvas


def _mark(canvas: Canvas, x: float, y: float, side: str, *, large: bool = False) -> None:
    """Usual: a ring; outside 95 per cent: a dot; outside 99.8 per cent: a diamond."""
    more = 4 if large else 0
    if side == STRANGE:
        canvas.mark(x, y, "loss", shape="D", size=8 + more)
    else:
        canvas.mark(x, y, "ink", size=8 + more, hollow=side == USUAL)


def _rows(drawing: Drawing) -> list[str]:
    used = [side for side in (USUAL, UNUSUAL, STRANGE) if any(dot.place == side for dot in drawing.dots)]
    return [*(f"mark{side}" for side in used), "limit95", "limit998"]


def _legend_height(drawing: Drawing, *, narrow: bool) -> int:
    rows = len(_rows(drawing))
    return (22 * rows if narrow else 22 * ((rows + 1) // 2)) + 12


def _legend(canvas: Canvas, drawing: Drawing, *, narrow: bool) -> None:
    for number, name in enumerate(_rows(drawing)):
        x = 4.0 if narrow or number % 2 == 0 else canvas.width / 2
        y = 10.0 + 22 * (number if narrow else number // 2)
        if name.startswith("mark"):
            _mark(canvas, x + 10, y, name.removeprefix("mark"))
            text = drawing.words[name.removeprefix("mark")]
        else:
            canvas.line([x, x + 22], [y, y], "doubt", width=1.6, dashed=name == "limit95")
            text = drawing.words[name]
        canvas.text(x + 30, y, text)
