"""A drawing surface in CSS pixels: matplotlib below, clean inline SVG out.

Charts of a report are small and typographic, so they are placed by hand in pixels instead of by axes: a text of
13 units is 13 px on a page that shows the drawing at its own width. The SVG that comes out has text as text, no
dates, no metadata, unique ids and CSS variables for colours; the same input gives the same bytes.
"""

from __future__ import annotations

import io
import re
from functools import cache
from importlib.resources import as_file, files
from typing import Any

import matplotlib
from markupsafe import Markup
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.transforms import Affine2D

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
}
"""Name → the colour that stands for it inside matplotlib; on the page it becomes ``var(--c-name)``."""

SIZE = 13.0


@cache
def style() -> dict[str, Any]:
    """The parameters of ``style/report.mplstyle``."""
    with as_file(files("analysis.publishing").joinpath("style/report.mplstyle")) as path:
        return dict(matplotlib.rc_params_from_file(path, use_default_template=False))


class Canvas:
    """A drawing of ``width`` × ``height`` px, origin in the upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        with matplotlib.rc_context(style()):
            self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
            FigureCanvasSVG(self.figure)
        self.figure.patch.set_visible(False)

    def _at(self) -> Any:
        return Affine2D().scale(1 / self.width, -1 / self.height).translate(0, 1) + self.figure.transFigure

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
    ) -> None:
        """Write ``text`` with its baseline's middle at ``y``; ``anchor``: start, middle or end."""
        place = {"start": "left", "middle": "center", "end": "right"}[anchor]
        with matplotlib.rc_context(style()):
            self.figure.text(
                x / self.width,
                1 - (y + 0.36 * size) / self.height,
                text,
                ha=place,
                va="baseline",
                color=COLOURS[colour],
                fontsize=size,
                fontweight="bold" if bold else "normal",
            )

    def bar(self, x: float, y: float, width: float, height: float, colour: str, *, hatch: bool = False) -> None:
        """A rectangle from (x, y); ``hatch`` draws it as a pattern with an outline instead of a solid fill."""
        with matplotlib.rc_context(style()):
            patch = Rectangle((x, y), width, height, transform=self._at(), facecolor=COLOURS[colour])
            if hatch:
                patch = Rectangle(
                    (x, y),
                    width,
                    height,
                    transform=self._at(),
                    facecolor=COLOURS["paper"],
                    edgecolor=COLOURS[colour],
                    hatch="////",
                    linewidth=1.4,
                )
            self.figure.add_artist(patch)

    def line(
        self,
        xs: list[float],
        ys: list[float],
        colour: str = "rule",
        *,
        width: float = 1,
        dashed: bool = False,
    ) -> None:
        """A line through the points."""
        with matplotlib.rc_context(style()):
            self.figure.add_artist(
                Line2D(
                    xs,
                    ys,
                    transform=self._at(),
                    color=COLOURS[colour],
                    linewidth=width,
                    linestyle="--" if dashed else "-",
                )
            )

    def mark(self, x: float, y: float, colour: str, *, shape: str = "o", size: float = 8, hollow: bool = False) -> None:
        """A dot (``o``), a diamond (``D``) or a dash (``|``, ``_``)."""
        with matplotlib.rc_context(style()):
            self.figure.add_artist(
                Line2D(
                    [x],
                    [y],
                    transform=self._at(),
                    linestyle="none",
                    marker=shape,
                    markersize=size,
                    markerfacecolor=COLOURS["paper"] if hollow else COLOURS[colour],
                    markeredgecolor=COLOURS[colour],
                    markeredgewidth=1.8,
                )
            )

    def svg(self, prefix: str, css_class: str) -> Markup:
        """The drawing as inline SVG whose ids start with ``prefix``."""
        buffer = io.StringIO()
        with matplotlib.rc_context(style()):
            self.figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        return Markup(clean(buffer.getvalue(), prefix, css_class, self.width, self.height))


def clean(svg: str, prefix: str, css_class: str, width: float, height: float) -> str:
    """Make matplotlib's SVG fit for inlining: no prolog, own ids, page fonts, colour variables."""
    body = svg[svg.index("<defs>") : svg.rindex("</svg>")]
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.S)
    body = re.sub(r"<style[^>]*>.*?</style>", "", body, flags=re.S)
    body = re.sub(r"<!--.*?-->", "", body, flags=re.S)
    used = set(re.findall(r'(?:url\(#|href="#)([^")]+)', body))
    body = re.sub(r' id="([^"]+)"', lambda found: f' id="{prefix}-{found[1]}"' if found[1] in used else "", body)
    body = re.sub(r"url\(#", f"url(#{prefix}-", body)
    body = re.sub(r'xlink:href="#', f'href="#{prefix}-', body)
    body = re.sub(r"font-family:[^;\"]*;?\s*|font:\s*([\d.]+)px[^;\"]*", _font, body)
    for name, colour in COLOURS.items():
        body = body.replace(colour, f"var(--c-{name})")
    body = re.sub(r'fill="(var\([^)]*\))"', r'style="fill: \1"', body)  # an attribute does not know variables
    body = re.sub(r' transform="rotate\(-0 [^"]*\)"', "", body)
    body = re.sub(r"<[^>]*>", lambda tag: re.sub(r"(\d+\.\d{2})\d+", r"\1", tag[0]), body)
    body = re.sub(r"[ \n]+", " ", body).replace("<defs> </defs>", "").replace("> <", "><").strip()
    return (
        f'<svg class="{css_class}" viewBox="0 0 {width:g} {height:g}" width="{width:g}" height="{height:g}" '
        f'aria-hidden="true" focusable="false">{body}</svg>'
    )


def _font(found: re.Match[str]) -> str:
    return f"font-size: {found[1]}px" if found[1] else ""
