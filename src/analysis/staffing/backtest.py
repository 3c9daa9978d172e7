"""What the staffing forecast said at earlier origins, what happened, and what the naive forecast would have said.

At each origin only what was known then is used: windows that had closed, rates of them brought to the level
that the turnover stage's own track record held at that origin, hires and net moves as in the latest windows. A forecast
is the naive one (the last value) plus a share of the change that the model sees; the share is learnt from earlier
origins, and where that did not come closer than the naive forecast on those, the naive forecast is what is shown.

Errors are weighted by size: the sum of absolute misses over the sum of outcomes, departments pooled. Only departments
with at least twenty persons at risk are judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.periods import shift
from analysis.staffing.baseline import Past
from analysis.staffing.need.volumes import volume_forecasts
from analysis.staffing.recorded_gap import gap_forecasts, recorded_gaps
from analysis.staffing.supply.inflow import lasting
from analysis.staffing.supply.miss import Misses, bounds, fit_spread, kind_of
from analysis.staffing.supply.past_leavers import leavers_ahead
from analysis.staffing.supply.past_years import yearly
from analysis.tables.protected import ORGANISATION
from analysis.turnover.cells import least_at_risk

COLUMNS = [
    "origin", "horizon", "department", "quantity", "forecast", "low", "high", "observed", "yardstick", "drift", "model",
    "method", "n",
]  # fmt: skip
HITS = [
    "origin", "quantity", "horizon", "departments", "hit_rate", "forecast_error", "model_error", "yardstick_error",
    "drift_error",
]  # fmt: skip
MODEL, YARDSTICK = "model", "yardstick"
HORIZONS = 3
"""Years ahead that earlier forecasts are judged on; fewer where the history is short."""
PRIOR_SHARE = 0.5
"""Share of the model's change that is believed before any origin has been judged."""
PRIOR_CHANGES = 20.0
"""The prior counts as this many departments."""


@dataclass(frozen=True)
class Backtest:
    """``table``: ``contracts`` StaffingBacktest. ``now``: shown forecasts of the open origin, without outcome."""

    table: pd.DataFrame
    now: pd.DataFrame


def backtest(past: Past, *, horizons: int = HORIZONS) -> Backtest:
    """Forecast stock, hires, leavers by cause, volumes and the gap at every origin, and judge what has happened since.

    Args:
        past: what was known at earlier origins and what happened.
        horizons: years ahead.

    Returns:
        ``horizon`` in years; ``quantity`` is ``stock`` (persons in post ``horizon`` years after the origin), ``hires``,
        ``leavers`` or a cause (persons in that year), ``volume_`` and its kind, or ``gap`` (full-time equivalents
        missing ``horizon`` years after the origin). ``low`` to ``high`` is to hold four
        outcomes in five. ``n``: persons at risk at the origin, at least 20.
    """
    if past.flows.empty:  # no year has passed that anything could be judged by
        none = pd.DataFrame(columns=COLUMNS)
        return Backtest(none, none)
    series = yearly(past.flows, past.groups, past.causes)
    candidates = _candidates(past, series, horizons)
    if past.volumes is not None and len(past.volumes):
        volumes = volume_forecasts(past.volumes, series, past.groups, horizons)
        candidates = pd.concat([candidates, volumes], ignore_index=True)
    if candidates.empty:
        none = pd.DataFrame(columns=COLUMNS)
        return Backtest(none, none)
    origins = sorted(series["origin"].unique())
    gaps = recorded_gaps(past.vacancies, past.budget, past.flows, past.groups, origins=origins)
    missing = gap_forecasts(candidates, gaps, past.flows, past.groups)
    if len(missing):
        candidates = pd.concat([candidates, missing], ignore_index=True)
    candidates = candidates[(candidates["n"] >= least_at_risk()) & candidates["yardstick"].notna()]
    candidates["chance"] = candidates["chance"].fillna(candidates["yardstick"])
    shown = pd.concat(
        [_shown(part) for _, part in candidates.groupby(["quantity", "horizon"], sort=True)], ignore_index=True
    )
    order = ["origin", "horizon", "quantity", "department"]
    shown = shown.sort_values(order, ignore_index=True)[COLUMNS]
    open_origin = str(shown["origin"].max())
    judged = shown[shown["observed"].notna()].reset_index(drop=True)
    return Backtest(judged, shown[shown["origin"] == open_origin].reset_index(drop=True))


def _candidates(past: Past, series: pd.DataFrame, horizons: int) -> pd.DataFrame:
    """Model, yardstick and drift of every quantity but volumes, with the outcome where it is known."""
    wide = series.pivot_table(index=["quantity", "department"], columns="origin", values="value", aggfunc="sum")
    origins, names = list(wide.columns), wide.index.get_level_values("department").unique()
    values = {
        name: wide.loc[name].reindex(names).to_numpy(dtype=float) if name in wide.index else np.full(
            (len(names), len(origins)), np.nan
        )
        for name in ("stock", "hires", "net_moves", "leavers", *past.causes)
    }  # fmt: skip
    found = []
    for place in range(1, len(origins)):
        latest = slice(max(0, place - past.windows), place)
        stock = np.nan_to_num(values["stock"][:, place])
        hires, moves = (np.nan_to_num(values[name][:, latest].mean(axis=1)) for name in ("hires", "net_moves"))
        moves = moves * lasting(place - latest.start)
        coming = pd.Series(hires, index=names)
        leaving = leavers_ahead(
            past.cells, past.groups, past.track_record, origin=origins[place], hires=coming, years=horizons,
            recent=past.windows,
        )  # fmt: skip
        level = stock
        for ahead in range(1, horizons + 1):
            gone = leaving[ahead - 1].reindex(names).fillna(0.0)
            every = gone.to_numpy().sum(axis=1)
            level = np.maximum(level - every + hires + moves, 0.0)
            said = {"stock": level, "hires": hires, "leavers": every, **{cause: gone[cause] for cause in past.causes}}
            for quantity, model in said.items():
                # a stock lies at the year's end, the other quantities in the twelve months before it
                is_stock = quantity == "stock"
                last, due = (place, place + ahead) if is_stock else (place - 1, place + ahead - 1)
                known, model = values[quantity], np.asarray(model, dtype=float)
                now, steps = known[:, last], max(1, last - latest.start)
                found.append(
                    {
                        "origin": np.full(len(names), origins[place], dtype=object),
                        "horizon": np.full(len(names), ahead),
                        "department": names.to_numpy(dtype=object),
                        "quantity": np.full(len(names), quantity, dtype=object),
                        "model": model,
                        "yardstick": now,
                        "drift": np.maximum(now + ahead * (now - known[:, latest.start]) / steps, 0.0),
                        "observed": known[:, due] if due < len(origins) else np.full(len(names), np.nan),
                        "n": stock,
                        # variance of chance alone: of counts of people coming and going
                        "chance": ahead * (every + hires) if is_stock else model,
                    }
                )
    if not found:
        return pd.DataFrame(columns=[*COLUMNS, "chance"])
    table = pd.DataFrame({name: np.concatenate([part[name] for part in found]) for name in found[0]})
    return table.astype({"origin": "str", "department": "str", "quantity": "str"})


def _shown(part: pd.DataFrame) -> pd.DataFrame:
    """The shown forecast of one quantity and horizon at each origin, from what earlier origins had taught by then."""
    part = part.sort_values(["origin", "department"], ignore_index=True)
    horizon, quantity = int(part["horizon"].iloc[0]), str(part["quantity"].iloc[0])
    origin = part["origin"].to_numpy()
    over = part["origin"].map({name: shift(str(name), 12 * horizon) for name in part["origin"].unique()}).to_numpy()
    whole = (part["department"] == ORGANISATION).to_numpy()
    model, naive, observed = (part[name].to_numpy(dtype=float) for name in ("model", "yardstick", "observed"))
    blended, forecast = naive.copy(), naive.copy()
    chance = part["chance"].to_numpy(dtype=float)
    used = np.zeros(len(part), dtype=bool)
    low, high = np.zeros(len(part)), np.zeros(len(part))
    for name in np.unique(origin):
        now = origin == name
        # what a forecast is judged by has to be over when the next one is made
        closed = np.isfinite(observed) & (over <= name)
        judged = closed & ~whole
        share = _share(model[judged], naive[judged], observed[judged])
        blended[now] = np.where(np.isfinite(model[now]), naive[now] + share * (model[now] - naive[now]), naive[now])
        better = judged.any() and (np.abs(blended - observed)[judged].sum() <= np.abs(naive - observed)[judged].sum())
        used[now] = better
        said = blended if better else naive
        forecast[now] = said[now]
        misses = Misses(said[closed], observed[closed], chance[closed], whole[closed], horizon)
        spread = fit_spread(misses, kind_of(quantity))
        low[now], high[now] = bounds(said[now], chance[now], whole[now], spread, horizon)
    method = np.where(used, MODEL, YARDSTICK)
    return part.assign(forecast=forecast, low=low, high=high, method=method)


def _share(model: np.ndarray, naive: np.ndarray, observed: np.ndarray) -> float:
    """How much of the change that the model sees comes true: regression through the origin, shrunk to one half.

    Σ x·y / n over departments divided by Σ x² / n, where x is the model's and y the observed change from the last value
    and n the last value; the prior counts as twenty departments of the mean weight. Held between 0 and 1.
    """
    known = np.isfinite(model)
    if not known.any():
        return PRIOR_SHARE
    size = np.maximum(naive[known], 1.0)
    seen, came = model[known] - naive[known], observed[known] - naive[known]
    prior = PRIOR_CHANGES * float((seen**2 / size).mean())
    total = float((seen**2 / size).sum()) + prior
    if total <= 0:
        return PRIOR_SHARE
    return float(np.clip(((seen * came / size).sum() + prior * PRIOR_SHARE) / total, 0.0, 1.0))


def weighted_error(forecast: pd.Series, observed: pd.Series) -> float:
    """Sum of absolute misses over the sum of outcomes, where there is a forecast; not a number where there is none."""
    forecast, observed = forecast[forecast.notna()], observed[forecast.notna()]
    total = float(observed.sum())
    return float((forecast - observed).abs().sum()) / total if total > 0 else float("nan")


def hit_rates(table: pd.DataFrame, quantities: Sequence[str] | None = None) -> pd.DataFrame:
    """How often intervals held and how far forecasts missed, departments pooled, by origin and for all (``all``).

    Args:
        table: ``Backtest.table``.
        quantities: those wanted, all by default.

    Returns:
        DataFrame[HITS]; errors are sums of absolute misses over the sum of outcomes. ``forecast`` is what was shown:
        the last value (``yardstick``), or it and a share of the change that ``model`` sees.
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
                        for name in ("forecast", "model", "yardstick", "drift")
                    },
                }
            )  # fmt: skip
    return pd.DataFrame(found, columns=HITS)
