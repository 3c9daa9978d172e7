"""Levers: one measure each, with reach, size, lead time, capacity, cost, source and owner (``levers.toml``).

A lever acts in one of three ways. A *hazard* lever removes a share of one cause's probability of leaving. A *flow*
lever adds full-time equivalents to one part of the need. A *fill* lever shortens the time to fill an open post by a
share, which raises the chance a month that it is filled. Its effect is linear in its ``size``, which is an assumption
with a range (low, mid, high), never a point; what a size of 1 does, group by group and year by year, is ``unit``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.reference import policy
from analysis.reference.strategies import lever_entries
from analysis.staffing.supply.start import Start

Basis = Literal["staff", "need", "part_time", "near_pension", "hourly", "study"]
"""Parts of the need that a flow lever may add to."""
MOST_SHORTER = 0.9
"""Share of the time to fill that can be saved at most: advertising and notice take some."""
HEADS = ("part_time", "near_pension", "hourly")
"""Bases that are some of the persons in post, or beside them."""


@dataclass(frozen=True)
class Reach:
    """Whom a lever reaches: empty means every one; ``share`` of those (0–1)."""

    departments: tuple[str, ...] = ()
    occupations: tuple[str, ...] = ()
    share: float = 1.0


@dataclass(frozen=True)
class Amount:
    """A number that is an assumption: low, mid, high."""

    low: float
    mid: float
    high: float


@dataclass(frozen=True)
class Study:
    """Studies beside work that lead to another occupation.

    ``years`` from the start to the qualification, working ``work_share`` meanwhile; ``completion``: share who finish;
    ``backfill``: share of the posts they leave that are filled again.
    """

    target: str
    years: int
    work_share: float
    completion: float
    backfill: float


@dataclass(frozen=True)
class Lever:
    """One measure.

    ``acts`` on a ``cause``'s hazard or on a ``part`` of the need. ``basis``: what the size of a flow is a share of.
    ``yearly``: the size is gained every year; else once, growing evenly through the lead time. ``lead_years``: whole
    years before the full effect. ``capacity``: most full-time equivalents a year, None for no limit but ``high``.
    ``cost_per_fte``: kronor per full-time equivalent gained and year; ``cost_fixed``: kronor a year. ``grade``: own
    evidence, published arithmetic or assumption.
    """

    id: str
    acts: Literal["hazard", "flow", "fill"]
    low: float
    mid: float
    high: float
    lead_years: int
    cause: str = ""
    part: str = ""
    basis: Basis = "staff"
    yearly: bool = False
    reach: Reach = field(default_factory=Reach)
    capacity: float | None = None
    cost_per_fte: Amount = Amount(0.0, 0.0, 0.0)
    cost_fixed: Amount = Amount(0.0, 0.0, 0.0)
    study: Study | None = None
    part_of: str = ""
    sv: str = ""
    en: str = ""
    source: str = ""
    source_en: str = ""
    grade: Literal["own", "published", "assumption"] = "assumption"
    owner: str = ""
    dated: str = ""
    strategies: tuple[str, ...] = ()
    fill_rate: float | None = None
    """Chance a month that an open post is filled once in force, in place of what the size makes of today's."""

    def phase(self, year: int) -> float:
        """Share of the full effect in force in forecast year ``year`` (1 = first)."""
        return min(1.0, year / (self.lead_years + 1))

    def unit(self, start: Start, years: int) -> np.ndarray:
        """The effect of size 1, array [years × groups].

        For a hazard lever the share of the cause's hazard that is removed that year, for a fill lever the share of the
        time to fill. For a flow lever the full-time
        equivalents gained in that year (not cumulated): positive closes the gap, negative opens it, as study time
        does before anyone has qualified. The gap at the end of year y is lowered by the sum of the years up to y.
        """
        key = (self.acts, self.basis, self.yearly, self.lead_years, self.reach, self.study, years)
        if key not in start.known:
            start.known[key] = self._unit(start, years)
            start.known[key].flags.writeable = False
        return start.known[key]

    def _unit(self, start: Start, years: int) -> np.ndarray:
        if self.acts != "flow":
            reached, whole = self._reached(start, "persons"), start.persons
            share = np.divide(reached, whole, out=np.zeros(len(whole)), where=whole > 0)
            return np.array([self.phase(year) * share for year in range(1, years + 1)])
        if self.study is not None:
            return self._studies(start, years)
        amount = self._basis(start)
        if self.yearly:
            steps = np.array([1.0 if year > self.lead_years else 0.0 for year in range(1, years + 1)])
        else:
            steps = np.diff([self.phase(year) for year in range(years + 1)])
        return steps[:, None] * amount

    def charged(self, start: Start, years: int) -> np.ndarray:
        """Full-time equivalents that the variable cost of a flow lever is paid for at the horizon, at size 1 [groups].

        What has been gained by then; for studies the posts of those who are studying.
        """
        if self.study is None:
            return self.unit(start, years).sum(axis=0)
        begun = max(0, years - self.lead_years)
        finished = max(0, years - self.lead_years - self.study.years)
        return self._moved(start, self.study.target)[0] * (begun - finished)

    def draw(self, rng: np.random.Generator, draws: int) -> np.ndarray:
        """Sizes drawn from the triangle low–mid–high, [draws]; a lever without a range keeps its size."""
        if self.low == self.high:
            return np.full(draws, self.mid)
        return rng.triangular(self.low, self.mid, self.high, size=draws)

    def sized(self, size: float) -> Lever:
        """The lever with ``size`` as its middle; the range keeps its relative width."""
        factor = size / self.mid if self.mid else 0.0
        return replace(self, low=self.low * factor, mid=size, high=self.high * factor)

    def limit(self, start: Start, years: int) -> float:
        """The largest size that passes neither the range, the yearly capacity nor the hires ever managed in a year."""
        capacity = np.inf if self.capacity is None else self.capacity
        if self.part == "hires":
            capacity = min(capacity, start.room)
        if self.acts != "flow" or not np.isfinite(capacity):
            return self.high
        most = self.unit(start, years).sum(axis=1).max()
        return self.high if most <= 0 else min(self.high, capacity / most)

    def reached_persons(self, start: Start) -> np.ndarray:
        """Persons whom the lever reaches, [groups]."""
        return self._reached(start, "persons")

    def acted_on(self, start: Start) -> np.ndarray:
        """Persons whom the effect in each group rests on, [groups].

        Those reached: all of them, part-timers or those near pension, by the lever's basis. Studies move people within
        a department, so that each of its groups rests on all who could study there.
        """
        if self.study is None:
            basis = self.basis if self.basis in HEADS else "persons"
            return self._reached(start, basis) / self.reach.share
        reached = self._reached(start, "persons") / self.reach.share
        _, place = np.unique(start.index.get_level_values("department").to_numpy(dtype=str), return_inverse=True)
        return np.bincount(place, weights=reached)[place]

    def _reached(self, start: Start, column: str, occupations: Sequence[str] | None = None) -> np.ndarray:
        """Sum of ``column`` over those the lever reaches, [groups]."""
        table = start.table()
        wanted = pd.Series(True, index=table.index)
        chosen = self.reach.occupations if occupations is None else occupations
        if chosen:
            wanted &= table["occupation"].isin(chosen)
        place, departments = table["place"].to_numpy(), start.index.get_level_values("department")
        if self.reach.departments:  # small departments are one: a lever may name it too
            wanted &= table["department"].isin(self.reach.departments) | pd.Series(
                departments[place].isin(self.reach.departments), index=table.index
            )
        if occupations is None:
            wanted &= self._enough(table.assign(group=departments[place]), wanted)
        weight = table[column].where(wanted, 0.0).to_numpy(dtype="float64") * self.reach.share
        return np.bincount(place, weights=weight, minlength=len(start.index))

    def _enough(self, table: pd.DataFrame, wanted: pd.Series) -> pd.Series:
        """Where a department holds enough people for the lever to act on.

        Measures are planned for groups. A lever on a handful would also tell how many they are, since its effect is
        its size times their number.
        """
        acts_on = self.basis if self.basis in HEADS else "persons"
        heads = table[acts_on].where(wanted, 0.0).groupby(table["group"]).transform("sum")
        return heads >= policy().forecast.min_at_risk

    def _basis(self, start: Start) -> np.ndarray:
        if self.basis == "part_time":
            return self._reached(start, "part_time_fte_missing")
        if self.basis == "near_pension":
            return self._reached(start, "near_pension")
        if self.basis == "hourly":
            return self._reached(start, "hourly_fte")
        reached = self._reached(start, "fte")
        if self.basis != "need":
            return reached
        # where no volumes say what is needed, the staff in post stand for it
        share = np.divide(reached, start.fte, out=np.zeros(len(start.fte)), where=start.fte > 0)
        return share * np.where(start.need_level > 0, start.need_level, start.fte)

    def _studies(self, start: Start, years: int) -> np.ndarray:
        """A cohort of the size's share of the reached staff begins every year from ``lead_years`` + 1.

        At the end of a year every cohort in study costs ``1 - work_share`` of its posts. One that has finished has
        left its posts (``backfill`` of them filled again) and holds as many in the target occupation, times
        ``completion``; who did not finish is back at full time.
        """
        study = self.study
        if study is None:
            raise ValueError(f"lever {self.id} has no studies")
        source, target = self._moved(start, study.target)
        level = np.zeros((years + 1, len(start.index)))
        for year in range(1, years + 1):
            begun = max(0, year - self.lead_years)
            finished = max(0, year - self.lead_years - study.years)
            gained = finished * study.completion * (target - (1 - study.backfill) * source)
            level[year] = gained - (begun - finished) * (1 - study.work_share) * source
        return np.diff(level, axis=0)

    def _moved(self, start: Start, occupation: str) -> tuple[np.ndarray, np.ndarray]:
        """Full-time equivalents that could study, where they are and where they would end up, both [groups].

        They stay in their department: who works where nobody holds the target occupation is not reached.
        """
        source = self._reached(start, "fte")
        holds = replace(self, reach=Reach(self.reach.departments))._reached(start, "fte", [occupation])
        departments = start.index.get_level_values("department")
        target = np.zeros(len(source))
        for department in pd.unique(departments):
            here = departments == department
            if holds[here].sum() > 0:
                target[here] = source[here].sum() * holds[here] / holds[here].sum()
            else:
                source[here] = 0.0
        return source, target


def pace(levers: Sequence[Lever], start: Start, years: int, today: np.ndarray | None = None) -> np.ndarray:
    """Factor on the chance a month that an open post is filled, [years × groups].

    A share s less time to fill is a chance 1 / (1 − s) times as large. A lever with a rate of its own brings those it
    reaches to that rate.

    Args:
        levers: measures, at their middle sizes.
        start: what they act on.
        years: forecast years.
        today: chance a month at the present pace [groups]; needed where a lever has a rate of its own.
    """
    found = np.ones((years, len(start.index)))
    for lever in levers:
        if lever.acts != "fill":
            continue
        unit = lever.unit(start, years)
        if lever.fill_rate is None:
            found = found / (1.0 - np.clip(lever.mid * unit, 0.0, MOST_SHORTER))
        else:
            if today is None:
                raise ValueError(f"lever {lever.id} has a rate of its own; pass today's")
            own = np.divide(lever.fill_rate, today, out=np.ones(len(today)), where=today > 0)
            found = found * (1.0 + unit * (own - 1.0))
    return found


def levers() -> dict[str, Lever]:
    """The levers of the reference data by id."""
    return {key: _lever(entry) for key, entry in lever_entries().items()}


def _lever(entry: dict) -> Lever:
    known = {
        name: entry[name]
        for name in (
            "id", "acts", "low", "mid", "high", "lead_years", "cause", "part", "basis", "yearly", "capacity", "part_of",
            "sv", "en", "source", "source_en", "grade", "owner",
        )
    }  # fmt: skip
    reach = entry["reach"]
    return Lever(
        **known,
        reach=Reach(tuple(reach["departments"]), tuple(reach["occupations"]), reach["share"]),
        cost_per_fte=Amount(**entry["cost_per_fte"]),
        cost_fixed=Amount(**entry["cost_fixed"]),
        study=Study(**entry["study"]) if entry["study"] else None,
        dated=str(entry["dated"]),
        strategies=tuple(entry["strategies"]),
    )
