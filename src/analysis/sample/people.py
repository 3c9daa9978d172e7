"""New people: age, sex, licence, form and rate of the hired and of the stock the story begins with."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.sample.hazards import DAYS_PER_YEAR
from analysis.sample.staff import HOURLY, NEVER, PERMANENT, TEMPORARY, Staff
from analysis.sample.town import Town, data

Array = npt.NDArray[Any]


def newcomers(
    town: Town,
    rng: np.random.Generator,
    *,
    first_person: int,
    department: Array,
    occupation: Array,
    unit: Array,
    day: Array,
    hourly: bool = False,
    settled: float = 0.0,
) -> Staff:
    """Make one person per element of ``department``, hired on ``day`` (days since 1970).

    ``settled``: mean tenure in years they already have (0 for real hires); then most are permanent and
    ``day`` is the day the story begins.
    """
    size = len(department)
    young = town.parameter("min_age").astype(float)[occupation]
    age = young + 39 * rng.beta(1.1, 2.1, size)
    tenure = np.minimum(rng.exponential(settled, size), 40.0) if settled else np.zeros(size)
    tenure = np.minimum(tenure, np.maximum(66.0 - age, 0.1) if settled else tenure)
    birth = np.floor(day - (age + tenure) * DAYS_PER_YEAR).astype(np.int32)
    hired = np.floor(day - tenure * DAYS_PER_YEAR).astype(np.int32)
    qualified, licence = _licences(town, rng, occupation, birth, hired, settled > 0)
    schooled = qualified | town.parameter("unqualified_permanent", False).astype(bool)[occupation]
    chance = town.parameter("permanent").astype(float)[occupation]
    chance = 1 - (1 - chance) * 0.35 if settled else chance
    form = np.where(schooled & (rng.random(size) < chance), PERMANENT, TEMPORARY)
    rate, present = draw_rates(rng, size), draw_presence(rng, size)
    until = contract_ends(rng, day, schooled)
    if hourly:
        form, rate, present = np.full(size, HOURLY), np.zeros(size), np.ones(size)
    return Staff(
        person=np.arange(first_person, first_person + size),
        birth=birth,
        sex=rng.random(size) < town.parameter("women").astype(float)[occupation],
        occupation=occupation,
        department=department,
        unit=unit,
        form=form,
        qualified=qualified,
        licence=licence,
        rate=rate,
        present=present,
        skill=rng.normal(0.0, 0.055, size),
        hired=hired,
        start=hired,
        until=np.where(form == TEMPORARY, until, NEVER),
        study_end=np.full(size, NEVER),
    )


def _licences(
    town: Town, rng: np.random.Generator, occupation: Array, birth: Array, hired: Array, settled: bool
) -> tuple[Array, Array]:
    share = town.parameter("qualified").astype(float)[occupation]
    share = 1 - (1 - share) * 0.4 if settled else share
    qualified = rng.random(len(occupation)) < share
    asked = np.array([kind != "" for kind in town.licences])[occupation]
    earliest = birth + np.int32(23 * DAYS_PER_YEAR)
    span = np.maximum(hired - earliest, 30)
    licence = hired - 15 - np.floor(rng.random(len(occupation)) * (span - 15)).astype(np.int32)
    return qualified | ~asked, np.where(asked & qualified, licence, NEVER).astype(np.int32)


def draw_rates(rng: np.random.Generator, size: int) -> Array:
    """Agreed rates, most of them full time."""
    values = data("planted")["rates"]
    return rng.choice(np.array(values["values"]), size, p=np.array(values["shares"]) / sum(values["shares"]))


def draw_presence(rng: np.random.Generator, size: int) -> Array:
    """Part of the agreed rate that is worked: 1, 0.75 on partial leave, 0 on full leave."""
    values = data("planted")["rates"]
    draw = rng.random(size)
    partial = values["full_leave"] + values["partial_leave"]
    return np.where(draw < values["full_leave"], 0.0, np.where(draw < partial, 0.75, 1.0))


def contract_ends(rng: np.random.Generator, start: Array, schooled: Array) -> Array:
    """Last day of a fixed term: some months ahead; for unqualified teachers the school year's 31 July."""
    low, high = data("planted")["contracts"]["months"]
    start = np.asarray(start, dtype=np.int64)
    months = rng.integers(low, high + 1, len(start))
    first = start.astype("datetime64[D]").astype("datetime64[M]")
    ordinary = (first + months).astype("datetime64[D]").astype(np.int64) - 1
    year = (start + 60).astype("datetime64[D]").astype("datetime64[Y]")
    july = (year.astype("datetime64[M]") + 7).astype("datetime64[D]").astype(np.int64) - 1
    next_july = ((year + 1).astype("datetime64[M]") + 7).astype("datetime64[D]").astype(np.int64) - 1
    school = np.where(july > start + 60, july, next_july)
    return np.where(schooled, ordinary, school).astype(np.int32)
