"""A table's first figures as a picture for a document: bars from nought with their intervals, in printed digits."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing

from analysis.downloads.page_tables import Figure, PageTable
from analysis.publishing.drawings.canvas import COLOURS

LEAST, MOST = 2, 16
"""Bars without which, and beyond which, a table says it better."""
WIDTH, PITCH, FOOT = 6.2, 0.3, 0.4
"""Inches: the picture's width, the height of a bar and what stands around all of them."""


def bars(table: PageTable) -> bytes | None:
    """The first column of figures as horizontal bars (PNG, 150 dots an inch); None where it makes no picture.

    A figure that is withheld has no bar and says so.
    """
    column = next((at for at in range(len(table.columns) - 1) if any(_at(row.entries, at) for row in table.rows)), None)
    if column is None:
        return None
    rows = [(row.head, figure) for row in table.rows if (figure := _at(row.entries, column)) is not None]
    if not LEAST <= len(rows) <= MOST or sum(figure.value is not None for _, figure in rows) < LEAST:
        return None
    drawing = Drawing(figsize=(WIDTH, FOOT + PITCH * len(rows)), dpi=150, layout="constrained")
    FigureCanvasAgg(drawing)
    axes = drawing.add_subplot()
    for place, (_, figure) in enumerate(rows):
        ends = [float(end) for end in (figure.value, figure.low, figure.high) if end is not None]
        if figure.value is not None:
            axes.barh(place, float(figure.value), color=COLOURS["bar"], height=0.6)
        if figure.low is not None and figure.high is not None:
            axes.plot([float(figure.low), float(figure.high)], [place, place], color=COLOURS["doubt"], linewidth=2)
        axes.text(max([*ends, 0.0]), place, f"  {figure.text}", va="center", fontsize=8)
    axes.set_yticks(range(len(rows)), [head if len(head) < 46 else f"{head[:44]}…" for head, _ in rows], fontsize=8)
    axes.invert_yaxis()
    axes.axvline(0, color=COLOURS["muted"], linewidth=0.8)
    axes.set_xticks([])
    axes.margins(x=0.25)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    target = io.BytesIO()
    drawing.savefig(target, format="png", metadata={"Software": None})
    return target.getvalue()


def _at(entries: tuple[object, ...], column: int) -> Figure | None:
    entry = entries[column] if column < len(entries) else None
    figure: Figure | None = getattr(entry, "figure", None)
    return figure
