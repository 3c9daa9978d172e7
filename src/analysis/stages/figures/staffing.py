"""Pictures of the staffing stage: openings, fill rates, futures, the need and empty posts, sensitivity, the wave."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reference.parts import FILLED, NEEDED
from analysis.staffing.posts.empty_posts import YEAR
from analysis.staffing.posts.law import Posts
from analysis.stages.figures.axes import COLOURS, band, legend, needs, one
from analysis.stages.looking import Words
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL

THIN = 30
"""Futures that are drawn one by one."""


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    own = table[table["department"] == ORGANISATION]
    return own[own["occupation"] == TOTAL] if "occupation" in own else own


def openings(posts: Posts, words: Words) -> Figure:
    """Posts of the whole organisation over twelve months: those that fell empty, were filled, withdrawn; those open."""
    months = posts.months
    table = pd.DataFrame(
        {name: getattr(posts, name).sum(axis=1) for name in ("opened", "filled", "withdrawn")}, index=months
    )
    yearly = needs(table.rolling(YEAR).sum().dropna())
    figure, axes = one()
    for name, colour in zip(yearly.columns, (COLOURS[1], COLOURS[2], COLOURS[4]), strict=True):
        axes.plot(yearly.index, yearly[name], color=colour, label=words.axis(f"posts.{name}"))
    axes.plot(months, posts.open[1:].sum(axis=1), color=COLOURS[0], linewidth=1, label=words.axis("posts.open"))
    axes.set(xlabel=words.axis("month"), ylabel=words.axis("posts_fte"), ylim=(0, None))
    legend(axes)
    return figure


def futures(posts: Posts, drawn: np.ndarray, words: Words) -> Figure:
    """Empty posts of the whole organisation: as recorded, and thirty of the drawn futures with their middle.

    Args:
        posts: by month.
        drawn: futures at whole years ahead, [draws × years × units].
        words: words of the picture.
    """
    whole = drawn.sum(axis=2)
    last = posts.months[-1]
    years = range(whole.shape[1] + 1)
    ahead = pd.DatetimeIndex([last + pd.DateOffset(years=year) for year in years])
    now = float(posts.open[-1].sum())
    figure, axes = one()
    for place, path in enumerate(whole[:THIN]):
        axes.plot(
            ahead, [now, *path], color=COLOURS[4], linewidth=0.6, label=words.axis("future") if not place else None
        )
    axes.plot(posts.months, posts.open[1:].sum(axis=1), color=COLOURS[0], label=words.axis("posts.open"))
    axes.plot(ahead, [now, *np.median(whole, axis=0)], "--", color=COLOURS[1], label=words.axis("middle"))
    axes.set(xlabel=words.axis("month"), ylabel=words.axis("empty_fte"), ylim=(0, None))
    legend(axes)
    return figure


def waterfall(recruitment: pd.DataFrame, words: Words) -> Figure:
    """The first year of the whole organisation: what must be filled, part by part, what fills it, what stays empty."""
    own = _whole(recruitment[recruitment["scenario"] == REFERENCE])
    first = needs(own[own["year"] == own["year"].min()]).set_index("part")["expected"].dropna()
    rows: list[tuple[str, float, float, str]] = []
    running = 0.0
    for part in (*NEEDED, "recruitment_need", *FILLED, "empty"):
        if part not in first.index or first[part] == 0:
            continue
        value = float(first[part])
        total = part in ("recruitment_need", "empty")
        name = words.axis("part.hires" if part == "hires" else part)
        rows.append((name, 0.0 if total else running, value, COLOURS[0 if total else 1 if value > 0 else 2]))
        running = value if total else running + value
    figure, axes = one(height=1.2 + 0.3 * len(rows))
    for name, left, value, colour in rows:
        axes.barh([name], [value], left=left, color=colour)
    axes.axvline(0, color="0.3", linewidth=0.8)
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("posts_fte"))
    return figure


def empty_posts(fan: pd.DataFrame, words: Words) -> Figure:
    """Posts that stood empty and stay empty at each year's end, with the bands of half and of four in five futures."""
    own = needs(_whole(fan)).sort_values("year")
    past, ahead = own[own["observed"].notna()], own[own["expected"].notna()]
    figure, axes = one()
    band(axes, ahead["year"].to_numpy(dtype=float), ahead["p10"], ahead["p90"], words.axis("interval"))
    band(axes, ahead["year"].to_numpy(dtype=float), ahead["p25"], ahead["p75"], words.axis("half"))
    axes.plot(past["year"], past["observed"], "-o", color=COLOURS[0], label=words.axis("observed"))
    axes.plot(ahead["year"], ahead["expected"], "--o", color=COLOURS[1], label=words.axis("expected"))
    axes.axhline(0, color="0.3", linewidth=0.8)
    axes.set(xlabel=words.axis("year"), ylabel=words.axis("empty_fte"))
    legend(axes)
    return figure


def fill_rates(rates: pd.DataFrame, words: Words) -> Figure:
    """Months until half of the adverts are filled, the slowest occupations first."""
    held = needs(rates[rates["halve_months"].notna()]).sort_values("halve_months", ascending=False)
    figure, axes = one(height=1.2 + 0.26 * len(held))
    axes.barh(held["occupation"], held["halve_months"])
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("halve"))
    return figure


def tornado(sensitivity: pd.DataFrame, words: Words) -> Figure:
    """How far the gap of the whole organisation moves with each assumption at the ends of its range."""
    own = sensitivity[(sensitivity["department"] == ORGANISATION) & sensitivity["change"].notna()]
    wide = needs(own).pivot_table(index="assumption", columns="end", values="change")
    wide = wide.loc[wide.abs().max(axis=1).sort_values(ascending=False).index]
    figure, axes = one(height=1.2 + 0.3 * len(wide))
    names = [words.axis("part.hires" if name == "hires" else name) for name in wide.index]
    for end, colour in (("low", COLOURS[2]), ("high", COLOURS[1])):
        axes.barh(names, wide[end], color=colour, label=words.axis(end))
    axes.axvline(0, color="0.3", linewidth=0.8)
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("change"))
    legend(axes)
    return figure


def wave(table: pd.DataFrame, words: Words) -> Figure:
    """Expected retirements of the whole organisation, year by year, with an 80 per cent interval."""
    own = needs(_whole(table)).sort_values("year")
    figure, axes = one()
    errors = [own["expected"] - own["low"], own["high"] - own["expected"]]
    axes.bar(own["year"].astype(str), own["expected"], yerr=[part.clip(lower=0) for part in errors], capsize=4,
             color=COLOURS[5], label=words.axis("interval"))  # fmt: skip
    axes.set(xlabel=words.axis("year"), ylabel=words.axis("retiring"), ylim=(0, None))
    return figure
