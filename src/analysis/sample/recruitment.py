"""Posts that fall empty, are advertised, filled or withdrawn, and manned: one register, month by month.

A post falls empty when someone leaves or when more are needed, is advertised after a lag (a few never are), ends in a
hire or without one, and stays empty until the hired person's first day. What happens is deliberately not what the
staffing model assumes; ``recruitment.toml`` says how, in three variants.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import InputError
from analysis.sample import people
from analysis.sample.staff import HOURLY, NEVER, Staff
from analysis.sample.town import Town, data

if TYPE_CHECKING:
    from analysis.sample.simulate import History

Array = npt.NDArray[Any]

FIELDS: dict[str, Any] = {
    "department": np.int16,
    "occupation": np.int16,
    "unit": np.int32,  # -1: drawn on the first day; managers have theirs from the start
    "rate": np.float32,
    "arisen": np.int32,  # first day empty
    "advertise": np.int32,  # day it is to be advertised, NEVER for a quiet post
    "advert": np.int64,  # number of the advert it is in, -1 for none
    "opened": np.int32,  # day of that advert
    "filled": np.int32,  # day someone was found
    "start": np.int32,  # first day of who was found
}
ADVERTS = ["advert", "department", "occupation", "opened", "closed", "end_reason", "start", "posts"]
MONTHS = [
    "month",
    "department",
    "occupation",
    "needed",
    "empty",
    "arisen",
    "exposure",
    "expected",
    "filled",
    "withdrawn",
]
TEACHERS = ("teacher", "preschool")
DAYS_BEFORE_A_HIRE = 14


@dataclass(frozen=True)
class Market:
    """How posts are filled in one municipality: a variant's parameters and what was drawn for it.

    ``stops``: (department, year) with a hiring stop. ``levels``: factor by year. ``rounding``: of each department and
    occupation, where between two whole numbers its posts are rounded up. ``shock``: (first month, factor) or None.
    """

    variant: str
    parameters: dict[str, Any]
    stops: tuple[tuple[int, int], ...]
    levels: dict[int, float]
    rounding: Array
    shock: tuple[np.datetime64, float] | None = None

    @classmethod
    def draw(
        cls, town: Town, variant: str, years: range, shock: tuple[str, float] | None, rng: np.random.Generator
    ) -> Market:
        """Draw levels and hiring stops.

        Raises:
            InputError: the variant is not known or the shock's factor is not above nought.
        """
        known = data("recruitment")
        if variant not in known:
            raise InputError(f"the sample has no variant {variant}; choose one of {', '.join(known)}")
        if shock is not None and not shock[1] > 0:
            raise InputError(f"the planted shock times the chance of filling by {shock[1]}; give a factor above 0")
        values = known[variant]
        level, levels = 0.0, {}
        for place, year in enumerate(years):
            level = 0.5 * level + rng.normal(0.0, values["market_sd"])
            levels[year] = float(np.exp(level + values["drift"] * (place - len(years))))
        latest = list(years)[-7:-1]  # where the vacancies that are delivered can show it
        stops = tuple(
            (int(rng.integers(len(town.departments))), int(rng.choice(latest))) for _ in range(values["stops"])
        )
        planted = None if shock is None else (np.datetime64(shock[0], "M"), float(shock[1]))
        return cls(variant, values, stops, levels, rng.random(town.posts.shape), planted)

    def hiring(self, town: Town) -> Array:
        """Chance a month, per occupation, that an advert leads to a hire, before anything changes it."""
        fill = town.parameter("fill").astype(float)
        return np.minimum(1.0 / np.maximum(1.0 / fill - self.parameters["waiting"], 1.0), self.parameters["most"])

    def common(self, month: np.datetime64) -> float:
        """What the month, the year and a shock do to every chance."""
        factor = self.parameters["season"][int(str(month)[5:7]) - 1] * self.levels[int(str(month)[:4])]
        return float(factor * (self.shock[1] if self.shock is not None and month >= self.shock[0] else 1.0))

    def stopped(self, town: Town, month: np.datetime64) -> Array:
        """Factor per department: a hiring stop."""
        factor = np.ones(len(town.departments))
        for department, year in self.stops:
            if year == int(str(month)[:4]):
                factor[department] = self.parameters["stopped"]
        return factor

    def needed(self, town: Town, month: np.datetime64) -> Array:
        """Posts per department and occupation, whole numbers: a year's change is decided once, in its month."""
        schools, others = self.parameters["decides"]
        rows = []
        for decides in (schools, others):
            number = int(str(month)[5:7])
            rows.append(town.need(month - (number - decides) % 12))
        of_school = np.array([entry["administration"] == "f01" for entry in town.departments])
        need = np.where(of_school, *rows)
        for unit in town.units:  # a unit that is to close has its posts until then, whatever was decided
            if unit.closes is not None and unit.closes > month:
                need[unit.department] *= 1 + unit.weight
        return np.floor(town.posts * need[:, None] + self.rounding) * (town.posts > 0)


@dataclass
class Register:
    """Empty posts, the adverts that have ended, and what happened month by month."""

    market: Market
    rows: dict[str, Array] = field(default_factory=lambda: {name: np.zeros(0, kind) for name, kind in FIELDS.items()})
    ended: list[pd.DataFrame] = field(default_factory=list)
    months: list[pd.DataFrame] = field(default_factory=list)
    adverts: int = 0

    def __len__(self) -> int:
        return len(self.rows["department"])

    def starting(self, following: int) -> dict[str, Array]:
        """Take out the posts whose hired begin before ``following``, as columns."""
        now = self.rows["start"] < following
        found = {name: column[now] for name, column in self.rows.items()}
        self._keep(~now)
        return found

    def _keep(self, which: Array) -> None:
        self.rows = {name: column[which] for name, column in self.rows.items()}

    def _add(self, **columns: Any) -> None:
        size = len(columns["department"])
        fresh: dict[str, Any] = {"advert": -1, "opened": NEVER, "filled": NEVER, "start": NEVER}
        self.rows = {
            name: np.concatenate([self.rows[name], np.broadcast_to((fresh | columns)[name], size).astype(kind)])
            for name, kind in FIELDS.items()
        }

    def _end(self, which: Array, closed: Array, reason: str, start: Array) -> None:
        """Write the adverts of the posts at ``which`` as ended: one row per advert, its posts together."""
        rows = pd.DataFrame({name: self.rows[name][which] for name in ("advert", "department", "occupation", "opened")})
        rows = rows.assign(closed=closed, start=start, end_reason=reason, posts=self.rows["rate"][which].astype(float))
        self.ended.append(rows[rows["advert"] >= 0])

    def advertised(self) -> pd.DataFrame:
        """Every advert, ended or open: DataFrame[ADVERTS], days since 1970, ``posts`` in full-time equivalents."""
        still = np.flatnonzero((self.rows["advert"] >= 0) & (self.rows["filled"] == NEVER))
        self_open = pd.DataFrame(
            {name: self.rows[name][still] for name in ("advert", "department", "occupation", "opened")}
        )
        self_open = self_open.assign(
            closed=int(NEVER), start=int(NEVER), end_reason="", posts=self.rows["rate"][still].astype(float)
        )
        table = pd.concat([*self.ended, self_open], ignore_index=True)
        keys = [name for name in ADVERTS if name != "posts"]
        return table.groupby(keys, as_index=False)[["posts"]].sum()[ADVERTS]


def month_end(history: History, staff: Staff, month: np.datetime64, rng: np.random.Generator) -> None:
    """What happens to posts in a month, once it is known who has left."""
    register, town = history.register, history.town
    day = int(month.astype("datetime64[D]").astype(int))
    following = int((month + 1).astype("datetime64[D]").astype(int))
    needed = register.market.needed(town, month)
    arisen = _arise(history, staff, needed, day, following, rng)
    told = _ends(register, town, month, rng)
    _advertise(register, following, rng)
    shape, rows = town.posts.shape, register.rows
    where = np.ravel_multi_index((rows["department"], rows["occupation"]), shape)
    empty = np.bincount(where, rows["rate"].astype(float), minlength=town.posts.size)
    table = told | {"needed": needed.ravel(), "empty": empty, "arisen": arisen.ravel()}
    department, occupation = (axis.ravel() for axis in np.indices(shape))
    frame = pd.DataFrame(table | {"department": department, "occupation": occupation}).assign(month=month)
    used = pd.Series(frame[["needed", "empty", "arisen", "exposure"]].to_numpy().any(axis=1))
    register.months.append(frame[used][MONTHS])


def _arise(history: History, staff: Staff, needed: Array, day: int, following: int, rng: np.random.Generator) -> Array:
    """New empty posts where fewer are in post, or on their way, than needed; posts given up where more are. In FTE."""
    register, town, values = history.register, history.town, history.register.market.parameters
    shape, rows = town.posts.shape, register.rows
    paid = staff.form != HOURLY
    of_unit = rows["unit"] >= 0
    where = np.ravel_multi_index((staff.department[paid], staff.occupation[paid]), shape)
    plain = np.ravel_multi_index((rows["department"][~of_unit], rows["occupation"][~of_unit]), shape)
    there = np.bincount(where, minlength=town.posts.size) + np.bincount(plain, minlength=town.posts.size)
    short = ((needed - there.reshape(shape)) * (town.posts > 0)).astype(int)
    for cell in zip(*np.nonzero(short < 0), strict=True):
        _give_up(register, cell, -int(short[cell]), following)
    department, occupation = (np.repeat(axis.ravel(), np.maximum(short, 0).ravel()) for axis in np.indices(shape))
    # unit managers: every unit has its own
    leader = paid & (staff.occupation == town.leaders[staff.department])
    held = np.bincount(staff.unit[leader], minlength=len(town.units))
    held += np.bincount(register.rows["unit"][register.rows["unit"] >= 0], minlength=len(town.units))
    month = np.datetime64(day, "D").astype("datetime64[M]")
    wanted = np.array([unit.managers if unit.closes is None or unit.closes > month else 0 for unit in town.units])
    vacant = np.repeat(np.arange(len(town.units)), np.maximum(wanted - held, 0))
    where = np.array([unit.department for unit in town.units], dtype=int)[vacant]
    unit = np.r_[np.full(len(department), -1), vacant]
    department, occupation = np.r_[department, where], np.r_[occupation, town.leaders[where]]
    size = len(department)
    arisen = rng.integers(day, following, size)
    draw = rng.random(size)
    late = np.where(draw < values["late"], rng.integers(following, following + 31, size), arisen)
    quiet = rng.random(size) < values["quiet"]
    rate = people.draw_rates(rng, size)
    register._add(
        department=department, occupation=occupation, unit=unit, rate=rate, arisen=arisen,
        advertise=np.where(quiet, NEVER, late),
    )  # fmt: skip
    found = np.bincount(np.ravel_multi_index((department, occupation), shape), rate, minlength=town.posts.size)
    return found.reshape(shape)


def _give_up(register: Register, cell: tuple[Any, ...], number: int, following: int) -> None:
    """Fewer are needed: the latest posts that nobody has been found for are given up, their adverts withdrawn."""
    rows = register.rows
    mine = (rows["department"] == cell[0]) & (rows["occupation"] == cell[1]) & (rows["unit"] < 0)
    mine &= rows["filled"] == NEVER
    place = np.flatnonzero(mine)[::-1][:number]
    register._end(place, np.maximum(rows["opened"][place], following - 1), "withdrawn", np.full(len(place), int(NEVER)))
    gone = np.zeros(len(register), dtype=bool)
    gone[place] = True
    register._keep(~gone)


def _ends(register: Register, town: Town, month: np.datetime64, rng: np.random.Generator) -> dict[str, Array]:
    """Adverts that were open when the month began, and quiet posts, end in a hire or are withdrawn."""
    market, values, rows = register.market, register.market.parameters, register.rows
    day = int(month.astype("datetime64[D]").astype(int))
    following = int((month + 1).astype("datetime64[D]").astype(int))
    waiting = rows["filled"] == NEVER
    open_now = waiting & (rows["opened"] < day) & (rows["advert"] >= 0)
    quiet = waiting & (rows["advertise"] == NEVER) & (rows["arisen"] < day)
    place = np.flatnonzero(open_now | quiet)
    # one fate for all posts of an advert
    own = np.where(open_now[place], rows["advert"][place], -1 - place)
    _, first, same = np.unique(own, return_index=True, return_inverse=True)
    draws = rng.random((2, len(first)))[:, same] if len(first) else np.zeros((2, 0))
    age = np.minimum((day - rows["opened"][place].astype(int)) // 30, len(values["duration"]) - 1)
    level = market.hiring(town)[rows["occupation"][place]] * market.common(month)
    level = level * market.stopped(town, month)[rows["department"][place]]
    chance = np.where(
        open_now[place],
        np.minimum(level * np.array(values["duration"])[np.maximum(age, 0)], 0.95),
        values["quiet_hiring"],
    )
    hired = draws[0] < chance
    withdrawn = ~hired & open_now[place] & (draws[1] < values["withdrawn"])
    _hire(register, place[hired], same[hired], day, following, rng, town)
    taken = place[withdrawn]
    shared = rng.integers(0, 2**31, len(first))[same[withdrawn]] if len(first) else np.zeros(0, int)
    ended = np.maximum(rows["opened"][taken], day) + shared % (following - day)
    ended = np.minimum(ended, following - 1)
    register._end(taken, ended, "withdrawn", np.full(len(taken), int(NEVER)))
    rows["advert"][taken], rows["opened"][taken] = -1, NEVER
    low, high = values["pause"]
    rows["advertise"][taken] = ended + low + shared % (high - low)
    shape = town.posts.shape
    where = np.ravel_multi_index((rows["department"][place], rows["occupation"][place]), shape)
    rate, seen = rows["rate"][place].astype(float), open_now[place]

    def of_cells(weight: Array) -> Array:
        return np.bincount(where, weight, minlength=town.posts.size)

    return {
        "exposure": of_cells(rate * seen),
        "expected": of_cells(rate * seen * chance),
        "filled": of_cells(rate * seen * hired),
        "withdrawn": of_cells(rate * withdrawn),
    }


def _hire(
    register: Register, which: Array, advert: Array, day: int, following: int, rng: np.random.Generator, town: Town
) -> None:
    """Someone is found for these posts; those of one advert on one day, to begin together."""
    values, rows = register.market.parameters, register.rows
    _, same = np.unique(advert, return_inverse=True)
    size = int(same.max()) + 1 if len(same) else 0
    # places in the month, days to the first day, whether it is a first of a month, whether it is August
    where, lag, first, august = (
        rng.random(size),
        rng.gamma(2.0, values["start"] / 2, size),
        rng.random(size),
        rng.random(size),
    )
    opened = np.where(rows["opened"][which] == NEVER, rows["arisen"][which], rows["opened"][which]).astype(int)
    earliest = np.minimum(np.maximum(opened + DAYS_BEFORE_A_HIRE, day), following - 1)
    filled = earliest + np.floor(where[same] * (following - earliest)).astype(int)
    start = np.maximum(filled + np.round(lag[same]).astype(int), following)
    month = start.astype("datetime64[D]").astype("datetime64[M]")
    turn = (month + 1).astype("datetime64[D]").astype(int)
    start = np.where((first[same] < 0.55) & (start > month.astype("datetime64[D]").astype(int)), turn, start)
    teaches = np.array([any(word in key for word in TEACHERS) for key in town.occupations])[rows["occupation"][which]]
    number = (np.datetime64(day, "D").astype("datetime64[M]").astype(int)) % 12 + 1
    if 3 <= number <= 7:
        term = (np.datetime64(day, "D").astype("datetime64[Y]").astype("datetime64[M]") + 7).astype("datetime64[D]")
        begins = int(term.astype(int)) + np.floor(where[same] * 12).astype(int)
        start = np.where(teaches & (august[same] < values["august"]), np.maximum(begins, following), start)
    rows["filled"][which], rows["start"][which] = filled, start
    register._end(which, filled, "filled", start)


def _advertise(register: Register, following: int, rng: np.random.Generator) -> None:
    """Advertise what is due; some posts of one department, occupation and month share an advert."""
    rows = register.rows
    due = np.flatnonzero((rows["advert"] < 0) & (rows["advertise"] < following) & (rows["filled"] == NEVER))
    if not len(due):
        return
    due = due[np.lexsort((rows["advertise"][due], rows["occupation"][due], rows["department"][due]))]
    pair = rows["department"][due].astype(int) * 10_000 + rows["occupation"][due]
    joins = np.r_[False, pair[1:] == pair[:-1]] & (rng.random(len(due)) < register.market.parameters["several"])
    joins &= rows["unit"][due] < 0
    number = np.cumsum(~joins) - 1
    head = due[~joins]
    rows["advert"][due] = register.adverts + number
    rows["opened"][due] = rows["advertise"][head][number]
    register.adverts += int(number[-1]) + 1
