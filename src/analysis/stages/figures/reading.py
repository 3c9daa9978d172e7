"""Pictures of the delivery: where records went, why rows were set aside, rows per month."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
from matplotlib.figure import Figure

from analysis.stages.figures.axes import needs, one, several, stacked
from analysis.stages.looking import Words

FATES = ("accepted", "quarantined", "merged", "excluded", "structural")
MOST = 15
"""Reasons that are drawn; the rest is in the table."""
DAYS = ("start", "day", "date", "month", "opened", "end")
"""Columns that say when a row is about, the first that a table has; never a birth."""


def records(ledger: pd.DataFrame, words: Words) -> Figure:
    """Where the records of each file went.

    Args:
        ledger: DataFrame[file, *FATES] of a delivery, any further columns.
        words: words of the axes.
    """
    sums = needs(ledger).groupby("file", sort=False)[list(FATES)].sum()
    figure, axes = one(height=1.2 + 0.3 * len(sums))
    share = 100 * sums.div(sums.sum(axis=1).clip(lower=1), axis=0)
    stacked(axes, share, {fate: words.axis(fate) for fate in FATES})
    axes.set(xlabel=f"{words.axis('records')}, {words.axis('share')}", ylabel=words.axis("file"))
    return figure


def reasons(quarantine: pd.DataFrame, words: Words) -> Figure:
    """Why rows were set aside, the most frequent reasons first.

    Args:
        quarantine: DataFrame[file, reason] with a row per row set aside.
        words: words of the axes.
    """
    counts = needs(quarantine).groupby(["file", "reason"]).size().sort_values(ascending=False).head(MOST)
    figure, axes = one(height=1.2 + 0.3 * len(counts))
    axes.barh([f"{reason} · {file}" for file, reason in counts.index], counts.to_numpy())
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("rows"), ylabel=words.axis("file"))
    return figure


def months_of(tables: Mapping[str, Iterable[pd.DataFrame]]) -> pd.DataFrame:
    """Rows per month of every table that has a day.

    Args:
        tables: by name, blocks of rows (``CleanTables.frames``).

    Returns:
        DataFrame[table, month, rows].
    """
    found = []
    for name, frames in tables.items():
        for frame in frames:
            column = next((day for day in DAYS if day in frame), None)
            if column is None:
                continue
            month = pd.to_datetime(frame[column], errors="coerce").dt.to_period("M").dropna()
            counts = month.value_counts().rename_axis("month").rename("rows").reset_index()
            found.append(counts.assign(table=name))
    if not found:
        return pd.DataFrame(columns=["table", "month", "rows"])
    return pd.concat(found).groupby(["table", "month"], as_index=False).agg(rows=("rows", "sum"))


def months(rows: pd.DataFrame, words: Words, *, first: str, last: str) -> Figure:
    """Rows per month, a panel per table, months without rows included.

    Args:
        rows: result of ``months_of``.
        words: words of the axes.
        first: first month to draw, YYYY-MM.
        last: last month to draw.
    """
    span = pd.period_range(first, last, freq="M")
    held = needs(rows[rows["month"].isin(span)])
    names = sorted(held["table"].unique())
    figure, panels = several(len(names), height=2.0)
    for axes, name in zip(panels, names, strict=True):
        counts = held[held["table"] == name].set_index("month")["rows"].reindex(span, fill_value=0)
        axes.step(span.to_timestamp(), counts, where="mid")
        axes.set(title=name, ylabel=words.axis("rows"), xlabel=words.axis("month"), ylim=(0, None))
    return figure
