"""The cells of every forecast year, and how one year's cells become the next one's.

Which cells there are, their hazards and their successors depend on neither measures nor inflow nor the year, only how
many are in them does. They are therefore found once, in one list, and serve every year, every scenario and every
assumption that is tried; a hazard is asked for once per cell, also where newcomers of several years pass through it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
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
"""Cells (DataFrame[age, tenure]), their hazards [cells × causes] and the forecast year → hazards of that year."""
KIND = ["department", "occupation", "form", "rate_band"]
AGES = 160
SINGLE_YEARS = 60
"""From this age newcomers keep their single year of age; below it those of five years join at their mean age, which
their hazards hardly notice and which makes far fewer cells to follow."""
TENURES = MAX_TENURE + 2
PORTION = 100_000
"""Cells whose hazards are asked for at a time."""
AT_A_TIME = 150_000
"""Cells of the cut-off that are followed at a time where nobody needs them all."""


@dataclass(frozen=True)
class Ageing:
    """Every cell that anyone may be in before the last year is over, in one list for all years.

    ``group``: place of each cell's forecast group; ``begins``: the first cell of each group that has any, in their
    order. ``onward``: the cell that those who stay are in a year later, the number of cells where that is beyond the
    last year. ``temporary``: cells whose staff may be made permanent, with the ``share`` who are and the cell
    (``made``) they are in then. ``persons``, ``fte``: who is in each at the cut-off; ``rows``: the cell that each row
    of the risk cells is in. ``joined``: cells that newcomers join; ``part``: their share of the newcomers of their
    forecast group (``newcomer_group``), summing to 1 in each group. ``table``: hazards [cells × causes]; ``changed``:
    for each year the causes whose hazards that calendar year changes, and to what.
    """

    index: pd.MultiIndex
    group: np.ndarray
    begins: np.ndarray
    onward: np.ndarray
    temporary: np.ndarray
    share: np.ndarray
    made: np.ndarray
    persons: np.ndarray
    fte: np.ndarray
    rows: np.ndarray
    joined: np.ndarray
    newcomer_group: np.ndarray
    part: np.ndarray
    table: np.ndarray
    changed: list[dict[int, np.ndarray]]

    @property
    def years(self) -> int:
        """Forecast years."""
        return len(self.changed)

    def hazard(self, year: int, cause: int) -> np.ndarray:
        """Probability of leaving for a cause in forecast year ``year`` (0 = first), [cells]."""
        return self.changed[year].get(cause, self.table[:, cause])

    def of_groups(self, weight: np.ndarray) -> np.ndarray:
        """Sums of cells by forecast group; ``weight`` is [cells] or [cells × columns]."""
        sums = np.zeros((len(self.index), *weight.shape[1:]))
        if len(self.begins):
            sums[self.group[self.begins]] = np.add.reduceat(weight, self.begins, axis=0)
        return sums

    def stay(self, weight: np.ndarray) -> np.ndarray:
        """Those who stay, in their cells of the next year, the share made permanent in theirs; uses up ``weight``."""
        size = len(self.group)
        leaving = weight[self.temporary] * self.share
        weight[self.temporary] *= 1.0 - self.share
        moved = np.bincount(self.onward, weights=weight, minlength=size + 1)
        if len(self.temporary):
            moved += np.bincount(self.made, weights=leaving, minlength=size + 1)
        return moved[:size]


@dataclass(frozen=True)
class _Kinds:
    """Kinds of cells (what does not change with age) and where staff and newcomers are among them.

    ``table``: their covariates. ``group``: their forecast groups. ``share``, ``twin``: share made permanent in a year
    and the kind they become. ``now``, ``arriving``: keys of those in post and of newcomers.
    """

    table: pd.DataFrame
    group: np.ndarray
    share: np.ndarray
    twin: np.ndarray
    now: np.ndarray
    arriving: np.ndarray
    newcomer_group: np.ndarray
    part: np.ndarray


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
    receiving: np.ndarray | None = None,
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
        receiving: places of the groups whose newcomers are followed; None for all of them.
    """
    kinds = _kinds(cells, groups, index, profile, permanent, receiving)
    keys = _reached(kinds, years)
    size = len(keys)
    place = np.searchsorted(keys, kinds.now)
    persons = np.bincount(place, weights=cells["at_risk"].to_numpy(dtype=float), minlength=size)
    fte = np.bincount(place, weights=cells["fte"].to_numpy(dtype=float), minlength=size)
    kind = keys // (AGES * TENURES)
    temporary = np.flatnonzero(kinds.share[kind] > 0).astype("int32")
    covariates = kinds.table.drop(columns=KEYS)
    table = _hazards(hazards, covariates, keys)
    group = kinds.group[kind].astype("int32")
    return Ageing(
        index=index,
        group=group,
        begins=np.flatnonzero(np.diff(group, prepend=-1)),
        onward=_place(keys, _older(keys)),
        temporary=temporary,
        share=kinds.share[kind[temporary]],
        made=_place(keys, _as_permanent(kinds, keys[temporary])),
        persons=persons,
        fte=fte,
        rows=place.astype("int32"),
        joined=_place(keys, kinds.arriving),
        newcomer_group=kinds.newcomer_group,
        part=kinds.part,
        table=table,
        changed=_changed(adjust, keys, table, years),
    )


def portions(
    cells: pd.DataFrame, groups: pd.DataFrame, index: pd.MultiIndex
) -> Iterator[tuple[pd.DataFrame, np.ndarray | None]]:
    """Cells of some groups at a time, and the places of these groups: groups do not meet while they age.

    Memory then grows with the largest portion and not with the organisation. A small one is a single portion (None).
    """
    if len(cells) <= AT_A_TIME:
        yield cells, None
        return
    keys = ["department", "occupation"]
    code = cells.groupby(keys, sort=False).ngroup().to_numpy()
    _, first = np.unique(code, return_index=True)
    pairs, _ = join(cells[keys].iloc[first], groups.drop(columns="at_risk"), keys, name="forecast groups")
    place = index.get_indexer(pd.MultiIndex.from_frame(pairs[KEYS]))[code]
    sizes = np.bincount(place, minlength=len(index))
    portion = (np.cumsum(sizes) - sizes) // AT_A_TIME
    for number in np.unique(portion):
        own = np.flatnonzero(portion == number)
        yield cells[portion[place] == number].reset_index(drop=True), own


def _kinds(
    cells: pd.DataFrame,
    groups: pd.DataFrame,
    index: pd.MultiIndex,
    profile: pd.DataFrame,
    permanent: pd.DataFrame | None,
    receiving: np.ndarray | None,
) -> _Kinds:
    kept = [name for name in FINER if name in cells]
    given = [*KIND, *kept]
    columns = [*KEYS, *given]  # groups first, so that a group's cells lie beside each other
    # the kinds of those in post first, so that the many cells need no more than a number each
    code = cells.groupby(given, dropna=False, sort=False).ngroup().to_numpy()
    _, first = np.unique(code, return_index=True)
    state = cells[given].iloc[first].reset_index(drop=True)
    state, _ = join(state, groups.drop(columns="at_risk"), ["department", "occupation"], name="forecast groups")
    joining = _newcomers(index if receiving is None else index[receiving], profile)
    for name in kept:  # those in post keep their finer covariates, newcomers do not have them yet
        joining[name] = FINER[name]
    every = pd.concat([state[columns], joining[columns]], ignore_index=True)
    if permanent is not None:
        every = pd.concat([every, every[every["form"] == "temporary"].assign(form="permanent")], ignore_index=True)
    number = every.groupby(columns, dropna=False, sort=True).ngroup().to_numpy()
    _, first = np.unique(number, return_index=True)
    table = every.iloc[first].reset_index(drop=True)
    group = index.get_indexer(pd.MultiIndex.from_frame(table[KEYS]))
    share, twin = _made_permanent(table, columns, permanent)
    size = len(state)
    now = _key(number[:size][code], cells["age"].to_numpy(), cells["tenure"].to_numpy())
    own = number[size : size + len(joining)]
    arriving = _key(own, joining["age"].to_numpy(), joining["tenure"].to_numpy())
    return _Kinds(table, group, share, twin, now, arriving, group[own], joining["share"].to_numpy(dtype=float))


def _reached(kinds: _Kinds, years: int) -> np.ndarray:
    """Keys of every cell that someone may be in during a forecast year, sorted."""
    keys = new = _distinct(kinds.now)
    for year in range(1, years):
        temporary = new[kinds.share[new // (AGES * TENURES)] > 0]
        came = kinds.arriving if year == 1 else kinds.arriving[:0]
        following = _distinct(_older(new), _as_permanent(kinds, temporary), came)
        # who gets to a cell later than others has fewer years to go on in: what follows is known already
        new = following[~_among(following, keys)]
        keys = _distinct(keys, new)
    return keys


def _distinct(*several: np.ndarray) -> np.ndarray:
    """All of the keys once, sorted: sorting nearly sorted ones is many times faster than ``np.unique``'s hashing."""
    keys = np.concatenate(several)
    keys.sort(kind="stable")
    first = np.ones(len(keys), dtype=bool)
    first[1:] = keys[1:] != keys[:-1]
    return keys[first]


def _among(wanted: np.ndarray, keys: np.ndarray) -> np.ndarray:
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return keys[place] == wanted if len(keys) else np.zeros(len(wanted), dtype=bool)


def _place(keys: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """Place of each key, the number of keys for one that is not among them."""
    found = np.searchsorted(keys, wanted)
    return np.where(_among(wanted, keys), found, len(keys)).astype("int32")


def _as_permanent(kinds: _Kinds, keys: np.ndarray) -> np.ndarray:
    """The cells a year later of temporary staff made permanent."""
    kind = keys // (AGES * TENURES)
    return _older(keys) + (kinds.twin[kind] - kind) * (AGES * TENURES)


def _changed(adjust: Adjust | None, keys: np.ndarray, table: np.ndarray, years: int) -> list[dict[int, np.ndarray]]:
    """Hazards that a calendar year changes; years that change them alike share the arrays."""
    if adjust is None:
        return [{} for _ in range(years)]
    rest, tenure = np.divmod(keys, TENURES)
    cells = pd.DataFrame({"age": rest % AGES - 1, "tenure": tenure - 1})
    found: list[dict[int, np.ndarray]] = []
    for year in range(1, years + 1):
        risk = adjust(cells, table, year)
        own: dict[int, np.ndarray] = {}
        for cause in range(len(CAUSES)):
            column = np.ascontiguousarray(risk[:, cause])
            same = next((then[cause] for then in found if cause in then and np.array_equal(then[cause], column)), None)
            if same is not None:
                own[cause] = same
            elif not np.array_equal(column, table[:, cause]):
                own[cause] = column
        found.append(own)
    return found


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
    table = np.zeros((len(keys), len(CAUSES)), order="F")  # read by cause
    for begin in range(0, len(keys), PORTION):
        asked = hazards(_covariates(kinds, keys[begin : begin + PORTION]))
        table[begin : begin + PORTION] = asked.loc[:, list(CAUSES)].to_numpy(dtype=float)
    return table


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
