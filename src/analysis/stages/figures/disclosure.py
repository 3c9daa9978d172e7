"""Pictures of the disclosure stage: what is withheld and why, and how wide intervals are."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.stages.figures.axes import COLOURS, needs, one, stacked
from analysis.stages.looking import Words

WITHHELD = "withheld"
QUARTERS = {"lower": 0.25, "middle": 0.5, "upper": 0.75}


def reasons(cells: pd.DataFrame, words: Words) -> Figure:
    """Cells withheld, by reason."""
    counts = needs(cells[cells["status"] == WITHHELD])["reason"].value_counts()
    figure, axes = one(height=1.2 + 0.35 * len(counts))
    axes.barh([words.axis(reason) for reason in counts.index], counts.to_numpy(), color=COLOURS[1])
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("cells"))
    return figure


def tables(cells: pd.DataFrame, words: Words) -> Figure:
    """Share of each table's cells that are withheld, by reason, the most withheld first."""
    known = needs(cells[cells["status"] != "missing"])
    hidden = known[known["status"] == WITHHELD]
    counts = pd.crosstab(hidden["table"], hidden["reason"])
    share = needs(100 * counts.div(known.groupby("table").size().reindex(counts.index), axis=0))
    share = share.loc[share.sum(axis=1).sort_values(ascending=False).index]
    figure, axes = one(height=1.4 + 0.26 * len(share))
    stacked(axes, share, {reason: words.axis(reason) for reason in share.columns})
    axes.set(xlabel=words.axis("withheld"), xlim=(0, 100))
    return figure


def ranges(cells: pd.DataFrame, words: Words) -> Figure:
    """Width of published intervals over the figure itself: median, and the middle half, per table."""
    held = cells[(cells["status"] == "published") & cells["low"].notna() & (cells["value"].abs() > 0)]
    width = ((held["high"] - held["low"]) / held["value"].abs()).groupby(held["table"])
    quarters = pd.DataFrame({name: width.quantile(share) for name, share in QUARTERS.items()})
    quarters = needs(quarters).sort_values("middle", ascending=False)
    figure, axes = one(height=1.2 + 0.28 * len(quarters))
    axes.hlines(quarters.index, quarters["lower"], quarters["upper"], color=COLOURS[4], linewidth=3)
    axes.plot(quarters["middle"], quarters.index, "o")
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("width"), xlim=(0, None))
    return figure
