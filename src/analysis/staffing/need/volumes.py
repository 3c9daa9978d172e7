"""Volumes as they were foreseen: by the vintage known at the time, beside the last value and its drift."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.periods import cutoff
from analysis.tables.protected import ORGANISATION

WINDOWS = 3
"""Years that the drift is taken over."""


def vintage_year(vintage: str) -> int:
    """The year in which a vintage was made: the last number of four digits in its name, 0 where it has none."""
    found = re.findall(r"(?<!\d)(?:19|20)\d{2}(?!\d)", vintage)
    return int(found[-1]) if found else 0


def volume_forecasts(volumes: pd.DataFrame, series: pd.DataFrame, groups: pd.DataFrame, horizons: int) -> pd.DataFrame:
    """Volume forecasts at every origin and what the newest vintage says happened.

    A year counts as observed when it is over at the last origin. Where no vintage was known at an origin the model is
    the
    drift: the mean change over the three latest years.

    Args:
        volumes: clean table ``volumes``.
        series: result of ``supply.past_years.yearly``, for the origins and the persons at risk.
        groups: result of ``workforce.forecast_groups``.
        horizons: years ahead.

    Returns:
        DataFrame as the other candidates of the backtest; quantity ``volume_`` and the kind.
    """
    place = groups.drop_duplicates("department").set_index("department")["group_department"]
    table = volumes.assign(
        department=volumes["department"].map(place).fillna(volumes["department"]),
        made=[vintage_year(str(vintage)) for vintage in volumes["vintage"]],
    )
    origins = sorted(series["origin"].unique())
    stock = series[series["quantity"] == "stock"].set_index(["department", "origin"])["value"]
    last_year = cutoff(origins[-1]).year
    found = []
    for kind, rows in table.groupby("kind"):
        newest = _newest(rows, rows["made"].max())
        for origin in origins[1:]:
            year = cutoff(origin).year
            known = rows[rows["made"].between(1, year)]
            foreseen = _newest(known, year) if len(known) else None
            for ahead in range(1, horizons + 1):
                found.append(
                    _at(newest, foreseen, year, ahead, last_year).assign(origin=origin, quantity=f"volume_{kind}")
                )
    columns = ["origin", "horizon", "department", "quantity", "model", "yardstick", "drift", "observed", "n", "chance"]
    if not found:
        return pd.DataFrame(columns=columns)
    result = pd.concat(found, ignore_index=True)
    keys = pd.MultiIndex.from_frame(result[["department", "origin"]])
    result["n"] = stock.reindex(keys).fillna(0.0).to_numpy()
    return result[columns]


def _newest(rows: pd.DataFrame, year: int) -> pd.DataFrame:
    """Volume by department (and the whole) and year, of each department's newest vintage made by ``year``."""
    known = rows[rows["made"] <= year]
    latest = known[known["vintage"] == known.groupby("department")["vintage"].transform("max")]
    wide = latest.pivot_table(index="department", columns="year", values="volume", aggfunc="sum")
    wide.loc[ORGANISATION] = wide.sum(min_count=len(wide))
    return wide


def _at(newest: pd.DataFrame, foreseen: pd.DataFrame | None, year: int, ahead: int, last_year: int) -> pd.DataFrame:
    def of(table: pd.DataFrame, when: int) -> pd.Series:
        return (table[when] if when in table.columns else pd.Series(np.nan, index=table.index)).reindex(newest.index)

    now = of(newest, year)
    first = of(newest, year - WINDOWS)
    drift = (now + ahead * (now - first) / WINDOWS).clip(lower=0.0)
    model = drift if foreseen is None else of(foreseen, year + ahead)
    outcome = of(newest, year + ahead) if year + ahead <= last_year else pd.Series(np.nan, index=newest.index)
    return pd.DataFrame(
        {
            "horizon": ahead,
            "department": newest.index,
            "model": model.to_numpy(dtype=float),
            "yardstick": now.to_numpy(dtype=float),
            "drift": drift.to_numpy(dtype=float),
            "observed": outcome.to_numpy(dtype=float),
            "chance": 0.0,
        }
    )
