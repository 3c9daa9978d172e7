"""What the staffing forecast said at earlier origins, what happened, and what the naive forecast would have said.

At each origin only what was known then is used: windows that had closed, rates of them brought to the level
that the turnover stage's own track record held at that origin, hires and net moves as in the latest windows. A forecast
is the naive one (the last value) plus a share of the change that the model sees; the share is learnt from earlier
origins, and where that did not come closer than the naive forecast on those, the naive forecast is what is shown.

Errors are weighted by size: the sum of absolute misses over the sum of outcomes, departments pooled. Only departments with
at least twenty persons at risk are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.periods import shift
from analysis.reference import CAUSES
from analysis.staffing.inflow import lasting
from analysis.staffing.paths import leavers_ahead
from analysis.staffing.series import yearly
from analysis.staffing.spread import bounds, fit_spread, kind_of
from analysis.staffing.volumes import volume_forecasts
from analysis.tables.protected import ORGANISATION
from analysis.turnover.cells import MIN_AT_RISK

COLUMNS = [
    "origin", "horizon", "department", "quantity", "forecast", "low", "high", "observed", "yardstick", "drift", "model",
    "method", "n",
]  # fmt: skip
HITS = ["origin", "quantity", "horizon", "departments", "hit_rate", "forecast_error", "yardstick_error", "drift_error"]
MODEL, YARDSTICK = "model", "yardstick"
HORIZONS = 3
"""Years ahead that earlier forecasts are judged on; fewer where the history is short."""
WINDOWS = 3
"""Latest windows that the means rest on, as in the forecast itself."""
PRIOR_SHARE = 0.5
"""Share of the model's change that is believed before any origin has been judged."""
PRIOR_CHANGES = 20.0
"""The prior counts as this many departments."""


@dataclass(frozen=True)
class Backtest:
    """``table``: DataFrame[COLUMNS]. ``now``: shown forecasts of the open origin, the same columns without outcome."""

    table: pd.DataFrame
    now: pd.DataFrame


def backtest(
    cells: pd.DataFrame,
    flows: pd.DataFrame,
    groups: pd.DataFrame,
    track_record: pd.DataFrame,
    *,
    volumes: pd.DataFrame | None = None,
    causes: tuple[str, ...] = CAUSES,
    horizons: int = HORIZONS,
) -> Backtest:
    """Forecast stock, hires, leavers by cause and volumes at every origin, and judge what has happened since.

    Args:
        cells: risk cells of all origins.
        flows: result of ``workforce.flows``.
        groups: result of ``workforce.forecast_groups``.
        track_record: result of ``turnover.evaluate``, the forecasts of leavers one year ahead.
        volumes: clean table ``volumes`` or None.
        causes: causes that the delivery can tell apart.
        horizons: years ahead.

    Returns:
        ``horizon`` in years; ``quantity`` is ``stock`` (persons in post ``horizon`` years after the origin), ``hires``,
        ``leavers`` or a cause (persons in that year), or ``volume_`` and its kind. ``low`` to ``high`` is to hold four
        outcomes in five. ``n``: persons at risk at the origin, at least 20.
    """
    series = yearly(flows, groups, causes)
    candidates = _candidates(cells, series, groups, track_record, causes, horizons)
    if volumes is not None and len(volumes):
        candidates = pd.concat([candidates, volume_forecasts(volumes, series, groups, horizons)], ignore_index=True)
    if candidates.empty:
        none = pd.DataFrame(columns=COLUMNS)
        return Backtest(none, none)
    candidates = candidates[(candidates["n"] >= MIN_AT_RISK) & candidates["yardstick"].notna()]
    shown = pd.concat(
        [_shown(part) for _, part in candidates.groupby(["quantity", "horizon"], sort=True)], ignore_index=True
    )
    order = ["origin", "horizon", "quantity", "department"]
    shown = shown.sort_values(order, ignore_index=True)[COLUMNS]
    open_origin = str(shown["origin"].max())
    judged = shown[shown["observed"].notna()].reset_index(drop=True)
    return Backtest(judged, shown[shown["origin"] == open_origin].reset_index(drop=True))


def _candidates(
    cells: pd.DataFrame,
    series: pd.DataFrame,
    groups: pd.DataFrame,
    track_record: pd.DataFrame,
    causes: tuple[str, ...],
    horizons: int,
) -> pd.DataFrame:
    """Model, yardstick and drift of every quantity but volumes, with the outcome where it is known."""
    wide = series.pivot_table(index=["quantity", "department"], columns="origin", values="value", aggfunc="sum")
    origins = sorted(series["origin"].unique())
    found = []
    for place in range(1, len(origins)):
        origin, past = origins[place], origins[max(0, place - WINDOWS) : place]
        stock = wide.loc["stock"][origin].dropna()
        hires, moves = (wide.loc[name].reindex(stock.index)[past].mean(axis=1) for name in ("hires", "net_moves"))
        moves = moves * lasting(len(past))
        leaving = leavers_ahead(cells, groups, track_record, origin=origin, hires=hires, years=horizons)
        level = stock
        for ahead in range(1, horizons + 1):
            gone = leaving[ahead - 1].reindex(stock.index).fillna(0.0)
            level = (level - gone.sum(axis=1) + hires + moves).clip(lower=0.0)
            said = {"stock": level, "hires": hires, "leavers": gone.sum(axis=1)}
            said |= {cause: gone[cause] for cause in causes}
            # a stock lies at the year's end, the other quantities in the twelve months before it
            at = {"stock": shift(origin, 12 * ahead)}
            for quantity, model in said.items():
                values = wide.loc[quantity].reindex(stock.index)
                last = origin if quantity == "stock" else origins[place - 1]
                first = origins[max(0, place - WINDOWS)]
                before = values[last]
                steps = max(1, origins.index(last) - origins.index(first))
                drift = (before + ahead * (before - values[first]) / steps).clip(lower=0.0)
                due = at.get(quantity, shift(origin, 12 * (ahead - 1)))
                outcome = values[due] if due in values.columns else pd.Series(np.nan, index=stock.index)
                found.append(
                    pd.DataFrame(
                        {
                            "origin": origin, "horizon": ahead, "department": stock.index, "quantity": quantity,
                            "model": model.to_numpy(dtype=float), "yardstick": before.to_numpy(dtype=float),
                            "drift": drift.to_numpy(dtype=float), "observed": outcome.to_numpy(dtype=float),
                            "n": stock.to_numpy(dtype=float),
                            "chance": _chance(quantity, ahead, gone, hires, model).to_numpy(dtype=float),
                        }
                    )
                )  # fmt: skip
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=[*COLUMNS, "chance"])


def _chance(quantity: str, ahead: int, gone: pd.DataFrame, hires: pd.Series, model: pd.Series) -> pd.Series:
    """Variance of chance alone: of counts of people coming and going."""
    return ahead * (gone.sum(axis=1) + hires) if quantity == "stock" else model


def _shown(part: pd.DataFrame) -> pd.DataFrame:
    """The shown forecast of one quantity and horizon at each origin, from what earlier origins had taught by then."""
    rows = []
    horizon, quantity = int(part["horizon"].iloc[0]), str(part["quantity"].iloc[0])
    # the latest window that an outcome needs has to be over when the next forecast is made
    for origin, now in part.groupby("origin", sort=True):
        over = np.array([shift(str(earlier), 12 * horizon) <= str(origin) for earlier in part["origin"]])
        closed = part[part["observed"].notna() & over]
        whole = now["department"] == ORGANISATION
        share = _share(closed)
        judged = _judged(pd.concat(rows, ignore_index=True) if rows else None, closed)
        use_model = judged is not None and judged[0] <= judged[1]
        blended = now["yardstick"] + share * (now["model"] - now["yardstick"])
        blended = blended.where(now["model"].notna(), now["yardstick"])
        forecast = blended if use_model else now["yardstick"]
        spread = fit_spread(_misses(rows, closed, use_model), kind_of(quantity))
        low, high = bounds(forecast, now["chance"].fillna(forecast), whole, spread, horizon)
        rows.append(
            now.assign(
                blended=blended, forecast=forecast, low=low, high=high, method=MODEL if use_model else YARDSTICK
            )
        )
    return pd.concat(rows, ignore_index=True)


def _share(closed: pd.DataFrame) -> float:
    """How much of the change that the model sees comes true: regression through the origin, shrunk to one half.

    Σ x·y / n over departments divided by Σ x² / n, where x is the model's and y the observed change from the last value
    and n the last value; the prior counts as twenty departments of the mean weight. Held between 0 and 1.
    """
    rows = closed[(closed["department"] != ORGANISATION) & closed["model"].notna()]
    if rows.empty:
        return PRIOR_SHARE
    size = np.maximum(rows["yardstick"].to_numpy(dtype=float), 1.0)
    seen = (rows["model"] - rows["yardstick"]).to_numpy(dtype=float)
    came = (rows["observed"] - rows["yardstick"]).to_numpy(dtype=float)
    prior = PRIOR_CHANGES * float((seen**2 / size).mean())
    total = float((seen**2 / size).sum()) + prior
    if total <= 0:
        return PRIOR_SHARE
    return float(np.clip(((seen * came / size).sum() + prior * PRIOR_SHARE) / total, 0.0, 1.0))


def _judged(before: pd.DataFrame | None, closed: pd.DataFrame) -> tuple[float, float] | None:
    """Weighted error of what the model would have said at earlier origins, and of the yardstick; None without any."""
    if before is None or closed.empty:
        return None
    known = before[before["origin"].isin(closed["origin"].unique()) & (before["department"] != ORGANISATION)]
    if known.empty:
        return None
    return weighted_error(known["blended"], known["observed"]), weighted_error(known["yardstick"], known["observed"])


def weighted_error(forecast: pd.Series, observed: pd.Series) -> float:
    """Sum of absolute misses over the sum of outcomes."""
    total = float(observed.sum())
    return float((forecast - observed).abs().sum()) / total if total > 0 else float("nan")


def _misses(rows: list[pd.DataFrame], closed: pd.DataFrame, use_model: bool) -> pd.DataFrame:
    """What the method that is shown now missed by at earlier origins."""
    columns = ["department", "origin", "forecast", "observed", "chance", "horizon"]
    if not rows or closed.empty:
        return pd.DataFrame(columns=columns)
    known = pd.concat(rows, ignore_index=True)
    known = known[known["origin"].isin(closed["origin"].unique())]
    known = known.assign(forecast=known["blended"] if use_model else known["yardstick"])
    return known[columns].assign(chance=known["chance"].fillna(known["forecast"]))


def hit_rates(table: pd.DataFrame, quantities: Sequence[str] | None = None) -> pd.DataFrame:
    """How often intervals held and how far forecasts missed, departments pooled, by origin and for all (``all``).

    Args:
        table: ``Backtest.table``.
        quantities: those wanted, all by default.

    Returns:
        DataFrame[HITS]; errors are sums of absolute misses over the sum of outcomes.
    """
    rows = table[table["department"] != ORGANISATION]
    if quantities is not None:
        rows = rows[rows["quantity"].isin(quantities)]
    found = []
    for (quantity, horizon), part in rows.groupby(["quantity", "horizon"], sort=True):
        for origin in [*sorted(part["origin"].unique()), ORGANISATION]:
            own = part if origin == ORGANISATION else part[part["origin"] == origin]
            inside = (own["low"] <= own["observed"]) & (own["observed"] <= own["high"])
            found.append(
                {
                    "origin": origin, "quantity": quantity, "horizon": horizon, "departments": len(own),
                    "hit_rate": float(inside.mean()),
                    **{
                        f"{name}_error": weighted_error(own[name], own["observed"])
                        for name in ("forecast", "yardstick", "drift")
                    },
                }
            )  # fmt: skip
    return pd.DataFrame(found, columns=HITS)

