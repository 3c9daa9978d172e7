"""What the pictures share: a figure, bars on top of each other, a band."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

COLOURS = ("#1c2a3a", "#a1492a", "#2c6e62", "#b07d12", "#9aa7b2", "#4f8fc0", "#8a5a83")
"""Those of the pages, and two more where six causes and their sum stand in one picture."""
QUIET = "#d3d9de"


def one(height: float = 3.8, width: float = 8.0) -> tuple[Figure, Axes]:
    """A figure with one pair of axes."""
    figure, axes = plt.subplots(figsize=(width, height), layout="constrained")
    return figure, axes


def several(count: int, height: float = 3.2) -> tuple[Figure, list[Axes]]:
    """A figure with ``count`` pairs of axes, two in a row."""
    rows, columns = -(-count // 2), min(count, 2)
    figure, axes = plt.subplots(
        rows, columns, figsize=(4.6 * columns, height * rows), layout="constrained", squeeze=False
    )
    flat = list(axes.flat)
    for unused in flat[count:]:
        unused.remove()
    return figure, flat[:count]


def stacked(axes: Axes, table: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Horizontal bars, one per row of ``table``, its columns one after the other; the first row on top."""
    left = np.zeros(len(table))
    for colour, column in zip(COLOURS, table.columns, strict=False):
        axes.barh(table.index.astype(str), table[column], left=left, color=colour, label=names.get(column, column))
        left += table[column].to_numpy(dtype=float)
    axes.invert_yaxis()
    legend(axes)


def legend(axes: Axes) -> None:
    """The legend above the axes, so that it covers no figure; above all of them where they have titles."""
    handles, labels = axes.get_legend_handles_labels()
    figure = axes.get_figure(root=True)
    if axes.get_title() and figure is not None:
        figure.legend(handles, labels, loc="outside upper left", ncols=4, fontsize="small")
        return
    count = len(handles)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=min(count, 4), fontsize="small", frameon=False)


def from_nought(axes: Axes, drawn: pd.DataFrame) -> None:
    """The upright axis from nought to a little above the largest figure drawn."""
    largest = float(np.nan_to_num(drawn.to_numpy(dtype=float)).max())
    axes.set_ylim(0, 1.08 * largest if largest > 0 else 1)


def band(axes: Axes, x: np.ndarray, low: pd.Series, high: pd.Series, label: str) -> None:
    """The interval around a line."""
    axes.fill_between(x, low.to_numpy(dtype=float), high.to_numpy(dtype=float), color=QUIET, label=label)


def needs(table: pd.DataFrame) -> pd.DataFrame:
    """The table, where there is anything to draw.

    Raises:
        ValueError: it is empty; ``picture`` says so in a line.
    """
    if table.empty:
        raise ValueError("there is nothing to draw")
    return table
