"""What drives the need: open posts, volumes by year and vintage, staffing per child, pupil or user."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.simulate import History
from analysis.sample.skills import day
from analysis.sample.staff import HOURLY, NEVER, Staff
from analysis.sample.town import CUT_OFF, FIRST_VOLUME_YEAR, LAST_VOLUME_YEAR, data

Array = npt.NDArray[Any]

VACANCY_YEARS = 3  # years of closed vacancies in the file


def stock(history: History, staff: Staff, weight: Array) -> npt.NDArray[np.float64]:
    """Departments × occupations: sum of ``weight`` over the monthly paid."""
    shape = history.town.posts.shape
    paid = staff.form != HOURLY
    where = np.ravel_multi_index((staff.department[paid], staff.occupation[paid]), shape)
    total = np.bincount(where, np.asarray(weight, dtype=float)[paid], minlength=history.town.posts.size)
    return total.astype(np.float64).reshape(shape)


def vacancies(history: History, staff: Staff, rng: np.random.Generator) -> pd.DataFrame:
    """Posts advertised: department, occupation (positions), opened, closed (days), posts (FTE), applicants.

    Open posts at the cut-off are what the need asks for beyond those in post; closed ones led to the hires.
    """
    town, cut_off = history.town, day(CUT_OFF)
    fill = town.parameter("fill").astype(float)
    wanted = town.posts * town.need(CUT_OFF.astype("datetime64[M]"))[:, None]
    gap = np.maximum(wanted - stock(history, staff, np.ones(len(staff))), 0.0) * (wanted > 0)
    department, occupation = np.nonzero(np.floor(gap * 2 + 0.5) / 2)
    posts = np.floor(gap[department, occupation] * 2 + 0.5) / 2
    opened = cut_off - rng.integers(5, 150, len(posts))
    parts = [_rows(department, occupation, opened, np.full(len(posts), int(NEVER)), posts)]
    department, occupation, start = (np.concatenate(part) for part in zip(*history.hires, strict=True))
    recent = start > cut_off - 365 * VACANCY_YEARS
    hired = pd.DataFrame({"d": department[recent], "o": occupation[recent], "s": start[recent] // 30})
    hired = hired.groupby(["d", "o", "s"]).size().reset_index(name="n")
    closed = hired["s"].to_numpy() * 30 - rng.integers(10, 50, len(hired))
    waiting = np.round(rng.gamma(2.0, 14.0 / fill[hired["o"]] ** 0.5) + 20).astype(int)
    parts.append(_rows(hired["d"], hired["o"], closed - waiting, closed, hired["n"].to_numpy() * 0.95))
    table = pd.concat(parts, ignore_index=True)
    mean = 3 + 22 * fill[table["occupation"]]
    table["applicants"] = rng.poisson(mean * np.maximum(table["posts"], 1.0) ** 0.5)
    return table.sort_values(["opened", "department", "occupation"], kind="stable", ignore_index=True)


def _rows(department: Any, occupation: Any, opened: Array, closed: Array, posts: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "department": np.asarray(department),
            "occupation": np.asarray(occupation),
            "opened": opened,
            "closed": closed,
            "posts": np.round(posts, 2),
        }
    )


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
