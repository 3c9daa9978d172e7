"""Pictures of the turnover stage: rates by age, calibration, track record, curves, funnel."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.reference import CAUSES
from analysis.stages.figures.axes import COLOURS, band, from_nought, legend, needs, one, several
from analysis.stages.looking import Words
from analysis.tables.protected import ORGANISATION
from analysis.turnover import Evaluation, aalen_johansen, fit_yardstick
from analysis.turnover.cells import known_at, latest
from analysis.turnover.drivers import funnel

AGES = (0, 25, 30, 35, 40, 45, 50, 55, 60, 63, 65, 67)
"""Where bands of age begin."""
MONTHS = 60


def rates_by(evaluation: Evaluation, cells: pd.DataFrame, column: str, begins: Sequence[float] = AGES) -> pd.DataFrame:
    """Outcome, forecast and yardstick by bands of a covariate, all judged origins together, out of time.

    Args:
        evaluation: what was judged.
        cells: risk cells, from which each origin's yardstick is fitted again.
        column: ``age`` or ``tenure``.
        begins: where bands begin.

    Returns:
        DataFrame[cause, band, n, observed, model, yardstick]; ``n`` persons at risk, the others rates.
    """
    found = []
    for judged in evaluation.every_judged:
        then, n = judged.cells, judged.cells["at_risk"].astype(float)
        naive = fit_yardstick(latest(known_at(cells, judged.origin), evaluation.windows)).predict(then)
        place = np.searchsorted(begins, then[column], side="right") - 1
        for cause in CAUSES:
            sums = pd.DataFrame(
                {"n": n, "observed": then[cause].astype(float), "model": judged.said[cause] * n,
                 "yardstick": naive[cause] * n}
            )  # fmt: skip
            found.append(sums.groupby(place).sum().rename_axis("place").reset_index().assign(cause=cause))
    if not found:
        return pd.DataFrame(columns=["cause", "band", "n", "observed", "model", "yardstick"])
    table = pd.concat(found).query("place >= 0").groupby(["cause", "place"], as_index=False).sum()
    for name in ("observed", "model", "yardstick"):
        table[name] = table[name] / table["n"]
    return table.assign(band=[begins[place] for place in table["place"]]).drop(columns="place")


def rates(table: pd.DataFrame, words: Words, *, least: int) -> Figure:
    """Outcome, forecast and yardstick by band of age, a panel per cause.

    Args:
        table: result of ``rates_by``.
        words: words of the axes.
        least: persons at risk without whom a band is not drawn.
    """
    begins = sorted(table["band"].unique())
    said = {first: f"{first:g}–{after - 1:g}" for first, after in pairwise(begins)} | {
        last: f"{last:g}–" for last in begins[-1:]
    }
    held = needs(table[(table["n"] >= least) & (table.groupby("cause")["observed"].transform("sum") > 0)])
    names = [cause for cause in CAUSES if cause in set(held["cause"])]
    figure, panels = several(len(names), height=2.6)
    for axes, cause in zip(panels, names, strict=True):
        own = held[held["cause"] == cause]
        for column, style, colour in (("observed", "o", 0), ("model", "-", 1), ("yardstick", ":", 4)):
            axes.plot(own["band"].map(said), 100 * own[column], style, color=COLOURS[colour], label=words.axis(column))
        axes.set(title=words.axis(cause), xlabel=words.axis("age"), ylabel=words.axis("rate"))
        axes.tick_params(axis="x", labelrotation=60)
        from_nought(axes, 100 * own[["observed", "model", "yardstick"]])
    legend(panels[0])
    return figure


def calibration(table: pd.DataFrame, words: Words, *, least: int) -> Figure:
    """Outcome over expected per group of the whole organisation, with its interval, all causes together.

    Args:
        table: ``Drivers.calibration``.
        words: words of the axes.
        least: persons without whom a group is not drawn.
    """
    held = table[(table["department"] == ORGANISATION) & (table["cause"] == "total") & (table["n"] >= least)]
    held = needs(held).reset_index(drop=True)
    figure, axes = one(height=1.2 + 0.3 * len(held))
    names = [f"{row.dimension} · {row.group}" for row in held.itertuples()]
    axes.hlines(names, held["low"], held["high"], color=COLOURS[4])
    axes.plot(held["ratio"], names, "o")
    axes.axvline(1.0, color="0.3", linewidth=0.8)
    axes.invert_yaxis()
    axes.set(xlabel=words.axis("ratio"))
    return figure


def record(track: pd.DataFrame, words: Words) -> Figure:
    """Forecasts of a year for the whole organisation beside the outcome and the yardstick."""
    whole = track[(track["department"] == ORGANISATION) & (track["cause"] == "total")]
    own = needs(whole[whole["horizon_months"] == 12]).sort_values("origin")
    years = own["origin"].str[:4].astype(int).to_numpy() + 1
    figure, axes = one()
    band(axes, years, own["low"], own["high"], words.axis("interval"))
    for column, style, colour in (("expected", "-", 0), ("observed", "D", 1), ("yardstick", ":", 4)):
        axes.plot(years, own[column], style, color=COLOURS[colour], label=words.axis(column))
    axes.set(xlabel=words.axis("year"), ylabel=words.axis("leavers"))
    from_nought(axes, own[["high", "observed"]])
    axes.set_xticks(years)
    legend(axes)
    return figure


def left(durations: pd.DataFrame, words: Words) -> Figure:
    """Share of the newly employed who have left for each cause after so many months."""
    held = needs(durations)
    curves = aalen_johansen(held["exit"], held["cause"], entry_time=held["entry"])
    curves = curves[curves["time"] <= MONTHS]
    figure, axes = one()
    names = curves.columns.drop(["time", "at_risk", "survival"])
    for colour, cause in zip(COLOURS, names, strict=False):
        axes.step(curves["time"], 100 * curves[cause], where="post", color=colour, label=words.axis(cause))
    axes.set(xlabel=words.axis("months_since"), ylabel=words.axis("left_percent"))
    legend(axes)
    return figure


def departments(points: pd.DataFrame, words: Words) -> Figure:
    """Leavers on own request against those expected by age and tenure, with the limits of chance."""
    held = needs(points)
    top = max(3.0, 1.08 * held["ratio"].max())
    limits = funnel.curve(held["expected"].max())
    figure, axes = one()
    axes.plot(held["expected"], held["ratio"], "o")
    for name in funnel.LIMITS:
        axes.plot(limits["expected"], limits[[f"low{name}", f"high{name}"]], color="0.5", ls="--")
    axes.axhline(1.0, color="0.3", linewidth=0.8)
    axes.set(xscale="log", xlabel=words.axis("expected"), ylabel=words.axis("ratio"), ylim=(0, top))
    return figure
