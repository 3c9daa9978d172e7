"""A table's first figures as a picture for a document: bars from nought, from printed digits and with them."""

from __future__ import annotations

import io

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Drawing

from analysis.downloads.page_tables import Figure, PageTable
from analysis.publishing.canvas import COLOURS

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
    lengths = [float(figure.value or 0) for _, figure in rows]
    places = range(len(rows))
    axes.barh(places, lengths, color=COLOURS["bar"], height=0.6)
    for place, (_, figure) in enumerate(rows):
        axes.text(max(lengths[place], 0), place, f" {figure.text}", va="center", fontsize=8)
    axes.set_yticks(places, [head if len(head) < 46 else f"{head[:44]}…" for head, _ in rows], fontsize=8)
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
