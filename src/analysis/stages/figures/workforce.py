"""Pictures of the workforce stage: rules, stock, ages, flows, how long employments last."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from analysis.periods import shift
from analysis.reference import CAUSES
from analysis.stages.figures.axes import COLOURS, QUIET, from_nought, legend, needs, one, several
from analysis.stages.looking import Words
from analysis.turnover import aalen_johansen
from analysis.turnover.cells import HORIZON

IN = ("hires", "conversions", "newly_qualified")
FORMS = ("permanent", "temporary")
YEARS = 10
"""Years that the picture of spells reaches."""


def rules(waterfall: pd.DataFrame, words: Words) -> Figure:
    """What each rule took away of the apparent exits and hires."""
    table = needs(waterfall)
    figure, panels = several(2, height=1.0 + 0.27 * len(table))
    names = table[words.language] if words.language in table else table["en"]
    for axes, counted in zip(panels, ("exits", "hires"), strict=True):
        before, after = table[f"{counted}_before"], table[f"{counted}_after"]
        axes.barh(names, after, color=QUIET, label=words.axis("left"))
        axes.barh(names, before - after, left=after, color=COLOURS[1], label=words.axis("taken"))
        axes.set(xlabel=words.axis(counted))
        axes.invert_yaxis()
    panels[1].set_yticklabels([])
    legend(panels[0])
    return figure


def stock(flows: pd.DataFrame, words: Words) -> Figure:
    """Headcount and full-time equivalents at each origin, the last window's closing stock included."""
    held = needs(flows[flows["part"].isin(("opening", "closing"))])
    sums = held.groupby(["part", "origin"])[["persons", "fte"]].sum()
    opening, closing = sums.loc["opening"], sums.loc["closing"]
    table = pd.concat([opening, closing.tail(1).rename(index=lambda origin: shift(origin, HORIZON))])
    months = pd.PeriodIndex(table.index, freq="M").to_timestamp()
    figure, axes = one()
    for column, style in (("persons", "-o"), ("fte", "--s")):
        axes.plot(months, table[column], style, label=words.axis(column))
    axes.set(xlabel=words.axis("year"), ylabel=words.axis("persons"))
    from_nought(axes, table[["persons", "fte"]])
    legend(axes)
    return figure


def ages(cells: pd.DataFrame, words: Words) -> Figure:
    """Pyramid of those in post by bands of five years: permanent to the left, temporary to the right."""
    known = needs(cells[cells["age"] >= 0])
    lower = 5 * (known["age"] // 5)
    table = known.pivot_table(index=lower, columns="form", values="at_risk", aggfunc="sum", fill_value=0)
    table = table.reindex(columns=list(FORMS), fill_value=0)
    figure, axes = one()
    labels = [f"{age:.0f}–{age + 4:.0f}" for age in table.index]
    for form, sign, colour in zip(FORMS, (-1, 1), COLOURS, strict=False):
        axes.barh(labels, sign * table[form], color=colour, label=words.axis(form))
    axes.xaxis.set_major_formatter(lambda value, _: f"{abs(value):g}")
    axes.set(xlabel=words.axis("persons"), ylabel=words.axis("age"))
    legend(axes)
    return figure


def flows(table: pd.DataFrame, words: Words) -> Figure:
    """What came in and went out in each window, by part."""
    wide = needs(table).pivot_table(index="origin", columns="part", values="persons", aggfunc="sum", fill_value=0)
    figure, axes = one()
    for parts, sign in ((IN, 1), (CAUSES, -1)):
        at = pd.Series(0.0, index=wide.index)
        for colour, part in zip(COLOURS, parts, strict=False):
            if part not in wide:
                continue
            height = sign * wide[part].abs()
            axes.bar(wide.index.str[:4], height, bottom=at, color=colour, alpha=1.0 if sign > 0 else 0.6,
                     label=words.axis("part.hires" if part == "hires" else part))  # fmt: skip
            at = at + height
    axes.axhline(0, color="0.3", linewidth=0.8)
    axes.set(xlabel=words.axis("year"), ylabel=f"{words.axis('out')} / {words.axis('in')}, {words.axis('persons')}")
    legend(axes)
    return figure


def spells(durations: pd.DataFrame, words: Words, *, least: int) -> Figure:
    """Share still employed by years since the start, permanent and temporary apart, from ``least`` spells on."""
    held = needs(durations)
    figure, axes = one()
    for form, colour in zip(FORMS, COLOURS, strict=False):
        own = held[held["form"] == form]
        if len(own) < least:
            continue
        curve = aalen_johansen(own["exit"], own["cause"], entry_time=own["entry"])
        curve = curve[curve["time"] <= 12 * YEARS]
        axes.step(curve["time"] / 12, 100 * curve["survival"], where="post", color=colour, label=words.axis(form))
    axes.set(xlabel=words.axis("years_since"), ylabel=words.axis("still"), ylim=(0, 100))
    legend(axes)
    return figure
