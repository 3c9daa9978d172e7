"""Expected supply: the stock aged year by year, exactly, without draws.

The recursion is the oracle of the simulation: losses by cause, survivors a year older, inflow in the shape of
recent hires. Conservation holds in every step: stock after = stock before − losses + inflow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.staffing.inflow import Inflow
from analysis.staffing.levers import Lever
from analysis.tables.joins import every_pair, join
from analysis.turnover.cells import FINER
from analysis.workforce.flows import MAX_TENURE
from analysis.workforce.groups import KEYS

Hazards = Callable[[pd.DataFrame], pd.DataFrame]
CELL = ["department", "occupation", "form", "rate_band", "age", "tenure"]


@dataclass(frozen=True)
class Year:
    """One forecast year per group (rows in the order of the groups' index).

    ``persons``, ``fte``: stock at the year's start. ``lost_persons``, ``lost_fte``: arrays [groups × causes].
    """

    persons: np.ndarray
    fte: np.ndarray
    lost_persons: np.ndarray
    lost_fte: np.ndarray


def project(
    cells: pd.DataFrame,
    hazards: Hazards,
    *,
    groups: pd.DataFrame,
    inflow: Inflow,
    profile: pd.DataFrame,
    years: int,
    lever: Lever | None = None,
    permanent: pd.DataFrame | None = None,
) -> list[Year]:
    """Project the stock of every forecast group.

    Args:
        cells: risk cells of the open origin (``workforce.flows.risk_cells``).
        hazards: cells → DataFrame[causes], probabilities of leaving within twelve months, row by row.
        groups: result of ``forecast_groups``.
        inflow: result of ``expected_inflow``; its index is the order of groups.
        profile: result of ``workforce.flows.hire_profile``.
        years: forecast years.
        lever: a lever that lowers a hazard, at its middle effect.
        permanent: result of ``workforce.flows.made_permanent``; None leaves forms as they are. Without it the
            share of temporary staff, and with it the loss at their contracts' end, would grow year by year.
    """
    index = inflow.mean.index
    state, _ = join(cells, groups.drop(columns="at_risk"), ["department", "occupation"], name="forecast groups")
    kept = [*CELL, *(name for name in FINER if name in state)]
    state = state[[*kept, *KEYS, "at_risk", "fte"]].rename(columns={"at_risk": "persons"})
    newcomers = _newcomers(inflow, profile)
    result = []
    for year in range(1, years + 1):
        risk = hazards(state[kept]).loc[:, list(CAUSES)].to_numpy()
        if lever is not None:
            risk = risk.copy()
            risk[:, CAUSES.index(lever.cause)] *= 1 - lever.effect(year, lever.mid)
        place = index.get_indexer(pd.MultiIndex.from_frame(state[KEYS]))
        persons, fte = state["persons"].to_numpy(), state["fte"].to_numpy()
        result.append(
            Year(
                _sum(place, persons, len(index)),
                _sum(place, fte, len(index)),
                np.column_stack([_sum(place, persons * risk[:, c], len(index)) for c in range(len(CAUSES))]),
                np.column_stack([_sum(place, fte * risk[:, c], len(index)) for c in range(len(CAUSES))]),
            )
        )
        state = _next(state, 1 - risk.sum(axis=1), place, inflow.net(year), newcomers, permanent)
    return result


def _sum(place: np.ndarray, weight: np.ndarray, size: int) -> np.ndarray:
    return np.bincount(place, weights=weight, minlength=size)


def _newcomers(inflow: Inflow, profile: pd.DataFrame) -> pd.DataFrame:
    """A year's hires and conversions as cells, full-time equivalents and persons."""
    yearly = pd.DataFrame(
        {
            "new_fte": inflow.mean["hires"] + inflow.mean["conversions"],
            "new_persons": inflow.persons["hires"] + inflow.persons["conversions"],
        }
    ).reset_index()
    keys = ["form", "rate_band", "age", "tenure"]
    shape = profile[["occupation", *keys, "share"]]
    overall = profile.groupby(keys, as_index=False)[["share"]].sum()
    overall["share"] /= overall["share"].sum() if len(overall) else 1.0
    known, _ = join(yearly, shape, "occupation", how="inner", validate="many_to_many", name="hire profiles")
    rest = every_pair(yearly[~yearly["occupation"].isin(profile["occupation"])], overall)
    table = pd.concat([known, rest], ignore_index=True)
    table["persons"], table["fte"] = table["new_persons"] * table["share"], table["new_fte"] * table["share"]
    table["group_department"], table["group_occupation"] = table["department"], table["occupation"]
    return table[[*CELL, *KEYS, "persons", "fte"]]


def _next(
    state: pd.DataFrame,
    stay: np.ndarray,
    place: np.ndarray,
    net: np.ndarray,
    newcomers: pd.DataFrame,
    permanent: pd.DataFrame | None,
) -> pd.DataFrame:
    """The stock a year later: survivors a year older, scaled by net moves, and newcomers."""
    older = state.copy()
    older["persons"], older["fte"] = state["persons"] * stay, state["fte"] * stay
    older["age"] = np.where(older["age"] >= 0, older["age"] + 1, older["age"])
    older["tenure"] = np.where(older["tenure"] >= 0, (older["tenure"] + 1).clip(upper=MAX_TENURE), older["tenure"])
    left = _sum(place, older["fte"].to_numpy(), len(net))
    factor = np.maximum(0.0, 1 + np.divide(net, left, out=np.zeros_like(left), where=left > 0))
    older["persons"] *= factor[place]
    older["fte"] *= factor[place]
    if permanent is not None:
        older = _made_permanent(older, permanent)
    kept = [name for name in FINER if name in older]
    if len(newcomers):
        unknown = {name: np.nan if older[name].dtype.kind == "f" else "" for name in kept}
        older = pd.concat([older, newcomers.assign(**unknown)], ignore_index=True)
    return older.groupby([*CELL, *kept, *KEYS], as_index=False, dropna=False)[["persons", "fte"]].sum()


def _made_permanent(state: pd.DataFrame, permanent: pd.DataFrame) -> pd.DataFrame:
    """Move the expected share of each temporary cell to permanent employment; nobody is added or lost."""
    shares = permanent.set_index("occupation")["share"]
    share = state["occupation"].map(shares).fillna(shares["*"]).where(state["form"] == "temporary", 0.0)
    stay = state.assign(persons=state["persons"] * (1 - share), fte=state["fte"] * (1 - share))
    moved = state.assign(persons=state["persons"] * share, fte=state["fte"] * share, form="permanent")
    return pd.concat([stay, moved[share > 0]], ignore_index=True)
