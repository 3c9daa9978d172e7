"""A drawing surface in CSS pixels: matplotlib below, clean inline SVG out.

Charts of a report are small and typographic, so they are placed by hand in pixels instead of by axes: a
text of 13 units is 13 px on a page that shows the drawing at its own width. Shapes and patterns are
matplotlib's; texts are written into the SVG as they are, because the page's fonts set them and matplotlib's
measuring would be wasted. The SVG has no dates, no metadata, unique ids and CSS variables for colours; the
same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import matplotlib
from markupsafe import Markup
from matplotlib.artist import Artist
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Polygon, Rectangle
from matplotlib.transforms import Affine2D, Transform

COLOURS = {
    "ink": "#1c2a3a",
    "loss": "#a1492a",
    "gain": "#2c6e62",
    "doubt": "#b07d12",
    "muted": "#5b6b7b",
    "rule": "#d3d9de",
    "paper": "#fcfbf8",
    "band": "#eef1ee",
    "bar": "#4f6f8c",
    "fan": "#ece2c8",
    "fancore": "#d9c48f",
}
"""Name → the colour that stands for it inside matplotlib; on the page it becomes ``var(--c-name)``."""

SIZE = 13.0

TEXT = Markup('<text x="{:g}" y="{:g}" font-size="{:g}" text-anchor="{}"{} style="fill: var(--c-{}){}">{}</text>')
CLEAR = Markup("; stroke: var(--c-paper); stroke-width: 4px; stroke-linejoin: round; paint-order: stroke")
"""What keeps a text legible that a line may cross."""


@cache
def style() -> Any:
    """The parameters of ``style/report.mplstyle``."""
    with as_file(files("analysis.publishing").joinpath("style/report.mplstyle")) as path:
        return matplotlib.rc_params_from_file(path, use_default_template=False)


class Canvas:
    """A drawing of ``width`` × ``height`` px, origin in the upper left corner.

    What is drawn is only noted until ``svg`` is called: changing matplotlib's parameters costs more than
    drawing, so it is done once per drawing.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._texts: list[Markup] = []
        self._artists: list[Callable[[Transform], Artist]] = []

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        anchor: str = "start",
        colour: str = "ink",
        bold: bool = False,
        size: float = SIZE,
        clear: bool = False,
    ) -> None:
        """Write ``text`` with its small letters centred on ``y``; ``anchor``: start, middle or end.

        With ``clear`` no line shows through it.
        """
        weight = Markup(' font-weight="700"') if bold else ""
        place = round(x, 1), round(y + 0.36 * size, 1)
        self._texts.append(TEXT.format(*place, size, anchor, weight, colour, CLEAR if clear else "", text))

    def bar(self, x: float, y: float, width: float, height: float, colour: str, *, hatch: bool = False) -> None:
        """A rectangle from (x, y); ``hatch`` draws a pattern with an outline instead of a fill."""
        plain = {"facecolor": COLOURS[colour]}
        lines = {
            "facecolor": COLOURS["paper"],
            "edgecolor": COLOURS[colour],
            "hatch": "////",
            "linewidth": 1.4,
        }
        look: dict[str, Any] = lines if hatch else plain
        self._artists.append(lambda at: Rectangle((x, y), width, height, transform=at, **look))

    def area(self, xs: Sequence[float], tops: Sequence[float], bottoms: Sequence[float], colour: str) -> None:
        """The area between two lines over the same places."""
        corners = [*zip(xs, tops, strict=True), *reversed([*zip(xs, bottoms, strict=True)])]
        look: dict[str, Any] = {"facecolor": COLOURS[colour], "edgecolor": "none"}
        self._artists.append(lambda at: Polygon(corners, closed=True, transform=at, **look))

    def line(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str = "rule",
        *,
        width: float = 1,
        dashed: bool = False,
    ) -> None:
        """A line through the points."""
        look: dict[str, Any] = {
            "color": COLOURS[colour],
            "linewidth": width,
            "linestyle": "--" if dashed else "-",
        }
        self._artists.append(lambda at: Line2D(xs, ys, transform=at, **look))

    def mark(self, x: float, y: float, colour: str, *, shape: str = "o", size: float = 8, hollow: bool = False) -> None:
        """A dot (``o``) or a diamond (``D``)."""
        look: dict[str, Any] = {
            "linestyle": "none",
            "marker": shape,
            "markersize": size,
            "markerfacecolor": COLOURS["paper" if hollow else colour],
            "markeredgecolor": COLOURS[colour],
            "markeredgewidth": 1.8,
        }
        self._artists.append(lambda at: Line2D([x], [y], transform=at, **look))

    def svg(self, prefix: str, css_class: str) -> Markup:
        """The drawing as inline SVG whose ids start with ``prefix``."""
        buffer = io.StringIO()
        with matplotlib.rc_context(style()):
            figure = Figure(figsize=(self.width / 72, self.height / 72), dpi=72)
            FigureCanvasSVG(figure)
            figure.patch.set_visible(False)
            at = Affine2D().scale(1 / self.width, -1 / self.height).translate(0, 1) + figure.transFigure
            for make in self._artists:
                figure.add_artist(make(at))
            figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        body = clean(buffer.getvalue(), prefix) + "".join(self._texts)
        return Markup(
            f'<svg class="{css_class}" viewBox="0 0 {self.width:g} {self.height:g}" width="{self.width:g}" '
            f'height="{self.height:g}" aria-hidden="true" focusable="false">{body}</svg>'
        )


def clean(svg: str, prefix: str) -> str:
    """The shapes of matplotlib's SVG, fit for inlining: own ids, colour variables, short numbers."""
    body = svg[svg.index("<defs>") : svg.rindex("</svg>")]
    body = re.sub(r"<style[^>]*>.*?</style>", "", body, flags=re.S)
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', body))
    body = re.sub(r' id="([^"]+)"', lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", body)
    body = body.replace("url(#", f"url(#{prefix}-").replace('xlink:href="#', f'href="#{prefix}-')
    for name, colour in COLOURS.items():
        body = body.replace(colour, f"var(--c-{name})")
    body = re.sub(r'fill="(var\([^)]*\))"', r'style="fill: \1"', body)  # an attribute does not know variables
    body = re.sub(r"(\d+\.\d{2})\d+", r"\1", body)
    return re.sub(r"[ \n]+", " ", body).replace("<defs> </defs>", "").replace("> <", "><").strip()
