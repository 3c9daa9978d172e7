"""What drives the need: open posts, volumes by year and vintage, staffing per child, pupil or user."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.simulate import History
from analysis.sample.skills import day
from analysis.sample.staff import HOURLY, Staff
from analysis.sample.town import CUT_OFF, FIRST_VOLUME_YEAR, LAST_VOLUME_YEAR, data

Array = npt.NDArray[Any]

VACANCY_YEARS = 9  # adverts that ended in the latest years are in the file


def stock(history: History, staff: Staff, weight: Array) -> npt.NDArray[np.float64]:
    """Departments × occupations: sum of ``weight`` over the monthly paid."""
    shape = history.town.posts.shape
    paid = staff.form != HOURLY
    where = np.ravel_multi_index((staff.department[paid], staff.occupation[paid]), shape)
    total = np.bincount(where, np.asarray(weight, dtype=float)[paid], minlength=history.town.posts.size)
    return total.astype(np.float64).reshape(shape)


def vacancies(history: History, rng: np.random.Generator) -> pd.DataFrame:
    """Adverts of the last years, by department and occupation (positions): days, reason, posts and applicants.

    Days since 1970, ``NEVER`` for what has not happened; posts in full-time equivalents. A post that is advertised
    again is a row again, one that never is none.
    """
    table = history.register.advertised()
    since = day(CUT_OFF) - round(365.25 * VACANCY_YEARS)
    table = table[table["closed"] > since].drop(columns="advert")
    fill = history.town.parameter("fill").astype(float)
    table = table.sort_values(["opened", "department", "occupation", "closed", "posts"], ignore_index=True)
    mean = 3 + 22 * fill[table["occupation"]]
    table["applicants"] = rng.poisson(mean * np.maximum(table["posts"], 1.0) ** 0.5)
    return table.assign(posts=table["posts"].round(2))


def volumes(history: History) -> pd.DataFrame:
    """Volumes by department, kind, year and vintage; each vintage holds what was known when it was made.

    The newest vintage runs from the first year of the history to 2030; an older one, made three years
    before, shows how far projections move. Departments whose volumes follow the population (``demand``) have the
    outcome alone.
    """
    town, plan = history.town, data("planted")["volumes"]
    now = int(str(CUT_OFF)[:4])
    first = min(int(str(history.first)[:4]), now - 4)
    rows: list[tuple[Any, ...]] = []
    of_people = {band["department"] for band in data("planted")["population"]["band"]}
    for position, entry in enumerate(town.departments):
        if not entry["volume"]:
            continue
        newest = town.volumes[position]
        if entry["key"] in of_people:
            known = range(first, now + 1)
            rows += [
                (entry["key"], entry["volume"], year, newest[year - FIRST_VOLUME_YEAR], f"Utfall {now}")
                for year in known
            ]
            continue
        for year in range(first, LAST_VOLUME_YEAR + 1):
            rows.append((entry["key"], entry["volume"], year, newest[year - FIRST_VOLUME_YEAR], plan["vintage"]))
        for year, value in foreseen(history, position).items():
            rows.append((entry["key"], entry["volume"], year, value, plan["vintage_before"]))
    return pd.DataFrame(rows, columns=["department", "kind", "year", "volume", "vintage"])


def foreseen(history: History, position: int) -> dict[int, float]:
    """Volumes of a department by year as the projection made three years before the cut-off saw them."""
    town, made = history.town, int(str(CUT_OFF)[:4]) - 3
    change = data("planted")["volumes"]["change"][town.departments[position]["key"]]
    base, drift = town.volumes[position][made - FIRST_VOLUME_YEAR], sum(change) / 2 + 0.004
    return {year: float(np.round(base * (1 + drift) ** (year - made))) for year in range(made, LAST_VOLUME_YEAR + 1)}


def staffing_ratios(history: History, staff: Staff) -> pd.DataFrame:
    """Full-time equivalents per child, pupil or user at the cut-off, by department and occupation."""
    town, now = history.town, int(str(CUT_OFF)[:4]) - FIRST_VOLUME_YEAR
    fte = stock(history, staff, staff.rate.astype(float))
    rows = [
        (
            entry["key"],
            entry["volume"],
            town.occupations[occupation],
            fte[position, occupation] / town.volumes[position, now],
        )
        for position, entry in enumerate(town.departments)
        if entry["volume"]
        for occupation in np.flatnonzero(fte[position])
    ]
    table = pd.DataFrame(rows, columns=["department", "kind", "occupation", "fte_per_volume"])
    table["fte_per_volume"] = table["fte_per_volume"].round(5)
    return table
