"""The cells of every forecast year, and how one year's cells become the next one's.

Which cells there are, their hazards and their successors depend on neither measures nor inflow, only how many are in
them does. They are therefore found once and serve every scenario and every assumption that is tried; and a hazard is
asked for once per cell, also where newcomers of several years pass through it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.reference import CAUSES
from analysis.tables.joins import every_pair, join
from analysis.turnover.cells import FINER
from analysis.workforce.flows import MAX_TENURE
from analysis.workforce.groups import KEYS

Hazards = Callable[[pd.DataFrame], pd.DataFrame]
Adjust = Callable[[pd.DataFrame, np.ndarray, int], np.ndarray]
"""Cells, their hazards [cells × causes] and the forecast year → hazards of that year."""
KIND = ["department", "occupation", "form", "rate_band"]
AGES = 160
SINGLE_YEARS = 60
"""From this age newcomers keep their single year of age; below it those of five years join at their mean age, which
their hazards hardly notice and which makes far fewer cells to follow."""
TENURES = MAX_TENURE + 2
PORTION = 100_000
"""Cells whose hazards are asked for at a time."""


@dataclass(frozen=True)
class Cells:
    """The cells of one forecast year.

    ``group``: place of each cell's forecast group. ``table``: hazards [kinds of cells × causes], shared by all years,
    and ``place``: each cell's row in it. ``onward``: the cell of the next year that those who stay are in. ``made``:
    the one of those made permanent, and ``share``: their share.
    """

    group: np.ndarray
    table: np.ndarray
    place: np.ndarray
    onward: np.ndarray
    made: np.ndarray
    share: np.ndarray

    @property
    def risk(self) -> np.ndarray:
        """Hazards [cells × causes]; made anew at every call, since a year of every cell's own would be large."""
        return self.table[self.place]


@dataclass(frozen=True)
class Ageing:
    """Cells year by year, who is in them at the cut-off, and where newcomers join.

    ``rows``: the cell of the first year that each row of the risk cells is in. ``joined``: per year the next year's
    cells that newcomers join; ``part``: their share of the newcomers of their forecast group (``newcomer_group``),
    summing to 1 in each group.
    """

    index: pd.MultiIndex
    years: list[Cells]
    persons: np.ndarray
    fte: np.ndarray
    joined: list[np.ndarray]
    newcomer_group: np.ndarray
    part: np.ndarray
    sizes: list[int]
    rows: np.ndarray


def ageing(
    cells: pd.DataFrame,
    hazards: Hazards,
    *,
    groups: pd.DataFrame,
    index: pd.MultiIndex,
    profile: pd.DataFrame,
    years: int,
    permanent: pd.DataFrame | None = None,
    adjust: Adjust | None = None,
) -> Ageing:
    """Follow the cells of the open origin, and the newcomers', for ``years`` years.

    Args:
        cells: risk cells of the open origin (``workforce.flows.risk_cells``).
        hazards: cells → DataFrame[causes], probabilities of leaving within twelve months, row by row.
        groups: result of ``forecast_groups``.
        index: (department, occupation) of the groups in the order wanted.
        profile: result of ``workforce.flows.hire_profile``.
        years: forecast years.
        permanent: result of ``workforce.flows.made_permanent``; None leaves forms as they are.
        adjust: what a calendar year does to the hazards (decided pension ages), or None.
    """
    state, _ = join(cells, groups.drop(columns="at_risk"), ["department", "occupation"], name="forecast groups")
    kept = [name for name in FINER if name in state]
    columns = [*KIND, *kept, *KEYS]
    joining = _newcomers(index, profile)
    for name in kept:  # those in post keep their finer covariates, newcomers do not have them yet
        joining[name] = FINER[name]
    every = pd.concat([state[columns], joining[columns]], ignore_index=True)
    if permanent is not None:
        every = pd.concat([every, every[every["form"] == "temporary"].assign(form="permanent")], ignore_index=True)
    code = every.groupby(columns, dropna=False, sort=True).ngroup().to_numpy()
    _, first = np.unique(code, return_index=True)
    kinds = every.iloc[first].reset_index(drop=True)
    group = index.get_indexer(pd.MultiIndex.from_frame(kinds[KEYS]))
    share, twin = _made_permanent(kinds, columns, permanent)
    size = len(state)
    now = _key(code[:size], state["age"].to_numpy(), state["tenure"].to_numpy())
    arriving = _key(code[size : size + len(joining)], joining["age"].to_numpy(), joining["tenure"].to_numpy())
    keys, inside = np.unique(now, return_inverse=True)
    persons = np.bincount(inside, weights=state["at_risk"].to_numpy(dtype=float), minlength=len(keys))
    fte = np.bincount(inside, weights=state["fte"].to_numpy(dtype=float), minlength=len(keys))
    covariates = kinds[[*KIND, *kept]]
    steps, joined, known = [], [], [keys]
    for _ in range(years):
        kind = keys // (AGES * TENURES)
        older = _older(keys)
        temporary = share[kind] > 0
        as_permanent = np.where(temporary, older + (twin[kind] - kind) * (AGES * TENURES), older)
        following, where = np.unique(np.concatenate([older, as_permanent, arriving]), return_inverse=True)
        onward, made, arrived = np.split(where.astype("int32"), [len(keys), 2 * len(keys)])
        steps.append((group[kind].astype("int32"), onward, made, share[kind]))
        joined.append(arrived)
        keys = following
        known.append(keys)
    asked = np.unique(np.concatenate(known[:-1]))
    table = _hazards(hazards, covariates, asked)
    found = []
    for year, (own, onward, made, part) in enumerate(steps, start=1):
        place = np.searchsorted(asked, known[year - 1]).astype("int32")
        if adjust is None:
            found.append(Cells(own, table, place, onward, made, part))
        else:
            risk = adjust(_covariates(covariates, known[year - 1]), table[place], year)
            found.append(Cells(own, risk, np.arange(len(risk), dtype="int32"), onward, made, part))
    sizes = [len(each) for each in known]
    owner = group[code[size : size + len(joining)]]
    part = joining["share"].to_numpy(dtype=float)
    return Ageing(index, found, persons, fte, joined, owner, part, sizes, inside)


def _key(kind: np.ndarray, age: np.ndarray, tenure: np.ndarray) -> np.ndarray:
    return (kind.astype("int64") * AGES + age.astype("int64") + 1) * TENURES + tenure.astype("int64") + 1


def _older(keys: np.ndarray) -> np.ndarray:
    """The same kinds a year later; an unknown age or tenure stays unknown, tenure stops at its highest."""
    rest, tenure = np.divmod(keys, TENURES)
    kind, age = np.divmod(rest, AGES)
    age = np.where(age > 0, np.minimum(age + 1, AGES - 1), 0)
    tenure = np.where(tenure > 0, np.minimum(tenure + 1, MAX_TENURE + 1), 0)
    return (kind * AGES + age) * TENURES + tenure


def _covariates(kinds: pd.DataFrame, keys: np.ndarray) -> pd.DataFrame:
    rest, tenure = np.divmod(keys, TENURES)
    kind, age = np.divmod(rest, AGES)
    return kinds.take(kind).reset_index(drop=True).assign(age=age - 1, tenure=tenure - 1)


def _hazards(hazards: Hazards, kinds: pd.DataFrame, keys: np.ndarray) -> np.ndarray:
    """Hazards of cells [keys × causes], each asked for once and in portions: their covariates are mostly text."""
    parts = [
        hazards(_covariates(kinds, keys[begin : begin + PORTION])).loc[:, list(CAUSES)].to_numpy(dtype=float)
        for begin in range(0, len(keys), PORTION)
    ]
    return np.concatenate(parts) if parts else np.zeros((0, len(CAUSES)))


def _newcomers(index: pd.MultiIndex, profile: pd.DataFrame) -> pd.DataFrame:
    """Cells that newcomers of each group join; an occupation without hires of its own takes the shape of all."""
    yearly = index.to_frame(index=False)
    keys = ["form", "rate_band", "age", "tenure"]
    young = profile["age"].between(0, SINGLE_YEARS - 1)
    banded = profile.assign(
        band=profile["age"].mask(young, profile["age"] // 5), years=profile["age"] * profile["share"]
    )
    banded["young"] = young
    shape = banded.groupby(["occupation", "form", "rate_band", "young", "band", "tenure"], as_index=False)[
        ["share", "years"]
    ].sum()
    shape = shape[shape["share"] > 0]
    shape["age"] = (shape["years"] / shape["share"]).round().astype("int64")
    overall = shape.groupby(keys, as_index=False)[["share"]].sum()
    overall["share"] /= overall["share"].sum() if len(overall) else 1.0
    known, _ = join(yearly, shape, "occupation", how="inner", validate="many_to_many", name="hire profiles")
    rest = every_pair(yearly[~yearly["occupation"].isin(profile["occupation"])], overall)
    table = pd.concat([known, rest], ignore_index=True)
    table["group_department"], table["group_occupation"] = table["department"], table["occupation"]
    return table


def _made_permanent(
    kinds: pd.DataFrame, columns: list[str], permanent: pd.DataFrame | None
) -> tuple[np.ndarray, np.ndarray]:
    """Share of each kind that is made permanent in a year, and the kind they become."""
    if permanent is None:
        return np.zeros(len(kinds)), np.arange(len(kinds))
    shares = permanent.set_index("occupation")["share"]
    temporary = kinds["form"] == "temporary"
    share = kinds["occupation"].map(shares).fillna(shares["*"]).where(temporary, 0.0).to_numpy(dtype=float)
    both = pd.concat([kinds[columns], kinds[columns].assign(form="permanent")], ignore_index=True)
    code = both.groupby(columns, dropna=False, sort=False).ngroup().to_numpy()
    mine, wanted = np.split(code, 2)
    twin = np.empty(code.max() + 1, dtype="int64")
    twin[mine] = np.arange(len(kinds))
    return share, np.where(temporary, twin[wanted], np.arange(len(kinds)))
