"""Pictures of the staffing stage: the bridge, empty posts ahead, fill rates, sensitivity, the retirement wave."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.reference.parts import BRIDGE
from analysis.stages.figures.axes import COLOURS, band, legend, needs, one
from analysis.stages.looking import Words
from analysis.tables.protected import ORGANISATION, REFERENCE, TOTAL


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    own = table[table["department"] == ORGANISATION]
    return own[own["occupation"] == TOTAL] if "occupation" in own else own


def waterfall(bridge: pd.DataFrame, words: Words) -> Figure:
    """The reference path of the whole organisation at the last year, part by part to the gap."""
    own = _whole(bridge[bridge["scenario"] == REFERENCE])
    last = needs(own[own["year"] == own["year"].max()]).set_index("part")["expected"]
    steps = last.reindex([part for part in BRIDGE if part in last.index]).dropna()
    steps = steps[steps.abs() > 0]
    ends = steps.cumsum()
    figure, axes = one(height=1.2 + 0.3 * (len(steps) + 1))
    names = [words.axis("part.hires" if part == "hires" else part) for part in steps.index]
    colours = [COLOURS[1] if value > 0 else COLOURS[2] for value in steps]
    axes.barh(names, steps, left=ends - steps, color=colours)
    axes.barh([words.axis("gap")], [ends.iloc[-1]], color=COLOURS[0])
    axes.axvline(0, color="0.3", linewidth=0.8)
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("missing_fte"))
    return figure


def empty_posts(recruitment: pd.DataFrame, words: Words) -> Figure:
    """Posts that stay empty at each year's end at the present pace, with an 80 per cent interval."""
    own = _whole(recruitment[(recruitment["part"] == "empty") & (recruitment["scenario"] == REFERENCE)])
    own = needs(own.dropna(subset=["expected"])).sort_values("year")
    figure, axes = one()
    band(axes, own["year"].to_numpy(dtype=float), own["p10"], own["p90"], words.axis("interval"))
    axes.plot(own["year"], own["expected"], "-o", label=words.axis("expected"))
    axes.set_xticks(own["year"])
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
