"""Leavers by cause in the years after an earlier origin, as they could be expected then."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.staffing.ageing import KIND, ageing
from analysis.staffing.inflow import Inflow
from analysis.staffing.levers import start_of
from analysis.staffing.supply import follow
from analysis.tables.joins import join
from analysis.tables.protected import ORGANISATION
from analysis.turnover import fit
from analysis.turnover.cells import known_at
from analysis.workforce.groups import KEYS

PENALTY = 8.0
"""Ridge penalty of the hazards that say how leaving changes as the stock grows older."""
RECENT = 3
"""Latest origins whose newcomers give the shape of those to come."""
BASE = [*KIND, "age", "tenure"]


def leavers_ahead(
    cells: pd.DataFrame,
    groups: pd.DataFrame,
    track_record: pd.DataFrame,
    *,
    origin: str,
    hires: pd.Series,
    years: int,
) -> list[pd.DataFrame]:
    """Expected leavers of each department and of the whole, year by year.

    Hazards are fitted on windows closed at ``origin`` and then brought, per department and cause, to the forecast that
    the turnover stage made at that origin; further years follow from the stock's ageing and its newcomers.

    Args:
        cells: risk cells of all origins.
        groups: result of ``workforce.forecast_groups``, which gives departments their place in the cut-off's structure.
        track_record: forecasts one year ahead at earlier origins; an origin it lacks keeps the fitted level.
        origin: what is known ends here.
        hires: expected hires a year by department.
        years: years ahead.

    Returns:
        One DataFrame per year, departments × causes, in persons.
    """
    train = known_at(cells, origin)
    sums = train.groupby([*BASE, "origin", "open"], as_index=False, sort=True)[["at_risk", "fte", *CAUSES]].sum()
    model = fit(sums, penalty=PENALTY)
    place = groups[["department", "occupation", KEYS[0]]]
    now, _ = join(cells[cells["origin"] == origin], place, ["department", "occupation"], name="forecast groups")
    of_department = groups.drop_duplicates("department").set_index("department")[KEYS[0]]
    now["department"] = now[KEYS[0]].fillna(now["department"].map(of_department)).fillna(now["department"])
    now = now.groupby(BASE, as_index=False)[["at_risk", "fte"]].sum()
    names = sorted(now["department"].unique())
    index = pd.MultiIndex.from_tuples([(name, "total") for name in names], names=["department", "occupation"])
    pairs = now[["department", "occupation"]].drop_duplicates()
    own = pairs.assign(group_department=pairs["department"], group_occupation="total", at_risk=0)
    wide = pd.DataFrame(0.0, index=index, columns=["hires", "conversions", "moves"])
    persons = wide[["hires", "conversions"]].assign(hires=hires.reindex(names).fillna(0.0).to_numpy())
    inflow = Inflow(wide.assign(hires=persons["hires"]), persons, np.zeros((years, len(names))), 1)
    shape = _shape(cells, origin)
    aged = ageing(now, model.predict, groups=own, index=index, profile=shape, years=years)
    path = follow(aged, inflow, levers=(), start=start_of(now, own, index, np.zeros(len(names))))
    scale = _levels(track_record, origin, path[0].lost_persons, names)
    found = []
    for step in path:
        table = pd.DataFrame(step.lost_persons * scale, index=names, columns=list(CAUSES))
        table.loc[ORGANISATION] = table.sum()
        found.append(table)
    return found


def _shape(cells: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Shape of newcomers: those with less than a year's tenure at the latest origins known."""
    recent = sorted(o for o in cells["origin"].unique() if o <= origin)[-RECENT:]
    new = cells[cells["origin"].isin(recent) & (cells["tenure"] <= 0)]
    if new.empty:
        new = cells[cells["origin"].isin(recent)]
    keys = ["form", "rate_band", "age", "tenure"]
    sums = new.groupby(keys, as_index=False)[["at_risk"]].sum()
    return sums.assign(occupation="total", share=sums["at_risk"] / sums["at_risk"].sum())


def _levels(track_record: pd.DataFrame, origin: str, fitted: np.ndarray, names: list[str]) -> np.ndarray:
    """Factor that brings the first year to the turnover stage's forecast, departments × causes."""
    said = track_record[(track_record["origin"] == origin) & track_record["cause"].isin(CAUSES)]
    if said.empty:
        return np.ones_like(fitted)
    wide = said.pivot_table(index="department", columns="cause", values="expected", aggfunc="sum")
    wide = wide.reindex(columns=list(CAUSES)).reindex([*names, ORGANISATION])
    own = wide.loc[names].to_numpy(dtype=float)
    whole = wide.loc[ORGANISATION].to_numpy(dtype=float) / np.maximum(fitted.sum(axis=0), 1e-9)
    scale = np.divide(own, fitted, out=np.ones_like(fitted), where=fitted > 1e-9)
    # a department below the limit has no forecast of its own: it follows the whole
    whole = np.where(np.isfinite(whole), whole, 1.0)
    return np.where(np.isfinite(own), scale, whole)
