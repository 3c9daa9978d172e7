"""Leavers by cause in the years after an earlier origin, as they could be expected then."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.reference.bands import banding
from analysis.staffing.supply.ageing import KIND, ageing
from analysis.staffing.supply.expected import follow
from analysis.staffing.supply.inflow import PARTS, Inflow
from analysis.staffing.supply.start import Start
from analysis.tables.joins import join
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.turnover.cells import HORIZON, known_at
from analysis.workforce.groups import KEYS

BASE = [*KIND, "age", "tenure"]


def leavers_ahead(
    cells: pd.DataFrame,
    groups: pd.DataFrame,
    track_record: pd.DataFrame,
    *,
    origin: str,
    hires: pd.Series,
    years: int,
    recent: int,
) -> list[pd.DataFrame]:
    """Expected leavers of each department and of the whole, year by year.

    Rates by form, age and tenure in the windows closed at ``origin`` say how leaving changes as the stock grows older;
    per department and cause they are brought to the forecast that the turnover stage made at that origin.

    Args:
        cells: risk cells of all origins.
        groups: result of ``workforce.forecast_groups``, which gives departments their place in the cut-off's structure.
        track_record: forecasts one year ahead at earlier origins; an origin it lacks keeps the level of these rates.
        origin: what is known ends here.
        hires: expected hires a year by department.
        years: years ahead.
        recent: latest origins whose newcomers give the shape of those to come.

    Returns:
        One DataFrame per year, departments × causes, in persons.
    """
    train = known_at(cells, origin)
    rates = Rates.of(train)
    place = groups[["department", "occupation", KEYS[0]]]
    now, _ = join(cells[cells["origin"] == origin], place, ["department", "occupation"], name="forecast groups")
    of_department = groups.drop_duplicates("department").set_index("department")[KEYS[0]]
    now["department"] = now[KEYS[0]].fillna(now["department"].map(of_department)).fillna(now["department"])
    now = now.groupby(BASE, as_index=False)[["at_risk", "fte"]].sum()
    names = sorted(now["department"].unique())
    index = pd.MultiIndex.from_tuples([(name, TOTAL) for name in names], names=["department", "occupation"])
    pairs = now[["department", "occupation"]].drop_duplicates()
    own = pairs.assign(group_department=pairs["department"], group_occupation=TOTAL, at_risk=0)
    wide = pd.DataFrame(0.0, index=index, columns=list(PARTS))
    persons = wide[["hires", "conversions"]].assign(hires=hires.reindex(names).fillna(0.0).to_numpy())
    inflow = Inflow(wide.assign(hires=persons["hires"]), persons, np.zeros((years, len(names))), 1)
    shape = _shape(cells, origin, recent)
    aged = ageing(now, rates, groups=own, index=index, profile=shape, years=years)
    nobody = np.zeros(len(names))
    path = follow(aged, inflow, levers=(), start=Start(index, nobody, nobody, nobody, nobody, nobody))
    scale = _levels(track_record, origin, path[0].lost_persons, names)
    found = []
    for step in path:
        table = pd.DataFrame(step.lost_persons * scale, index=names, columns=list(CAUSES))
        table.loc[ORGANISATION] = table.sum()
        found.append(table)
    return found


BANDS = np.array(banding("stayed").starts)
STAYED = np.array([0, 1, 2, 3, 6, 11, 21])
PRIOR = 50.0
"""Persons at risk that the rate of the age counts as, against those of form and tenure within it."""

PRIOR_EVENTS = 10.0
"""Leavers that "as everywhere" counts as, against those of a department."""


@dataclass(frozen=True)
class Rates:
    """Yearly rates by form, age (single years from 60) and tenure: events over persons at risk, shrunk twice.

    A rate of form, age and tenure is drawn to that of the age, which is drawn to that of all. ``departments``: what
    happened in a department over what these rates expect there, drawn to one.
    """

    table: np.ndarray
    forms: list[str]
    departments: pd.DataFrame

    @classmethod
    def of(cls, cells: pd.DataFrame) -> Rates:
        """Rates of closed windows."""
        forms = sorted(cells["form"].unique())
        shape = (len(forms), len(BANDS) + 1, len(STAYED) + 1)
        place = cls(np.zeros(0), forms, pd.DataFrame()).places(cells)

        def total(column: str) -> np.ndarray:
            flat = np.ravel_multi_index(place, shape)
            return np.bincount(flat, cells[column].to_numpy(dtype=float), int(np.prod(shape))).reshape(shape)

        at_risk = total("at_risk")
        found = []
        for cause in CAUSES:
            events = total(cause)
            overall = events.sum() / max(at_risk.sum(), 1.0)
            by_age = (events.sum(axis=(0, 2)) + PRIOR * overall) / (at_risk.sum(axis=(0, 2)) + PRIOR)
            found.append((events + PRIOR * by_age[None, :, None]) / (at_risk + PRIOR))
        rates = cls(np.stack(found, axis=-1), forms, pd.DataFrame())
        expected = rates(cells).mul(cells["at_risk"], axis=0).groupby(cells["department"]).sum()
        ratio = (cells.groupby("department")[list(CAUSES)].sum() + PRIOR_EVENTS) / (expected + PRIOR_EVENTS)
        return cls(rates.table, forms, ratio)

    def places(self, cells: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Position of each cell's form, age and tenure."""
        form = pd.Index(self.forms).get_indexer(pd.Index(cells["form"]))
        age = np.searchsorted(BANDS, cells["age"].to_numpy(), side="right")
        tenure = np.searchsorted(STAYED, cells["tenure"].to_numpy(), side="right")
        return np.maximum(form, 0), age, tenure

    def __call__(self, cells: pd.DataFrame) -> pd.DataFrame:
        """Rates of cells, DataFrame[causes]; all causes together at most one."""
        table = pd.DataFrame(self.table[self.places(cells)], index=cells.index, columns=list(CAUSES))
        if len(self.departments):
            table *= self.departments.reindex(cells["department"]).fillna(1.0).to_numpy()
            table = table.div(table.sum(axis=1).clip(lower=1.0), axis=0)
        return table


def _shape(cells: pd.DataFrame, origin: str, latest: int) -> pd.DataFrame:
    """Shape of newcomers: those with less than a year's tenure at the ``latest`` origins known."""
    recent = sorted(o for o in cells["origin"].unique() if o <= origin)[-latest:]
    new = cells[cells["origin"].isin(recent) & (cells["tenure"] <= 0)]
    if new.empty:
        new = cells[cells["origin"].isin(recent)]
    keys = ["form", "rate_band", "age", "tenure"]
    sums = new.groupby(keys, as_index=False)[["at_risk"]].sum()
    return sums.assign(occupation=TOTAL, share=sums["at_risk"] / sums["at_risk"].sum())


def _levels(track_record: pd.DataFrame, origin: str, fitted: np.ndarray, names: list[str]) -> np.ndarray:
    """Factor that brings the first year to the turnover stage's forecast, departments × causes."""
    said = track_record[(track_record["origin"] == origin) & track_record["cause"].isin(CAUSES)]
    if "horizon_months" in said.columns:
        said = said[said["horizon_months"] == HORIZON]
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
