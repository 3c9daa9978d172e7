"""What the need follows where no volumes are foreseen: population by age, measured working time, budgeted posts.

Nothing is drawn here: everything follows from the planted parameters and the volumes that the simulation followed, so
that the need which the files lead to is known (``planted_need``).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.sample.needs import foreseen, stock
from analysis.sample.simulate import History
from analysis.sample.staff import Staff
from analysis.sample.town import CUT_OFF, FIRST_VOLUME_YEAR, LAST_VOLUME_YEAR, Town, data

NOW = int(str(CUT_OFF)[:4])
DAYS, HOURS = 260, 8.0  # working days of a year, hours of a day
OLDEST = 100


def population(history: History) -> pd.DataFrame:
    """Persons by year, age, vintage and variant.

    The ages that a department serves follow its planted volumes; others follow levels and growth of their own. The
    newest vintage has three variants from the cut-off on; the one before has a single one.
    """
    planted, names = data("planted")["population"], data("planted")["volumes"]
    first = min(int(str(history.first)[:4]), NOW - 4)
    rows: list[tuple[Any, ...]] = []
    for vintage, made in ((names["vintage"], NOW), (names["vintage_before"], NOW - 3)):
        newest = made == NOW
        for year in range(first if newest else made, LAST_VOLUME_YEAR + 1):
            main = _ages(history, year, newest=newest)
            single: list[dict[str, Any]] = [{"name": "", "weight": np.nan, "growth": 0.0}]
            for variant in planted["variant"] if newest else single:
                factor = 1 + variant["growth"] * max(0, year - made)
                persons = np.rint(main * factor).astype(int)
                rows += [
                    (year, age, persons[age], vintage, variant["name"], variant["weight"]) for age in range(OLDEST + 1)
                ]
    return pd.DataFrame(rows, columns=["year", "age", "persons", "vintage", "variant", "weight"])


def _ages(history: History, year: int, *, newest: bool) -> np.ndarray:
    """Persons of every single age in the main variant."""
    planted, town = data("planted")["population"], history.town
    keys = [entry["key"] for entry in town.departments]
    persons = np.zeros(OLDEST + 1)
    for band in planted["band"]:
        position = keys.index(band["department"])
        served = town.volumes[position, year - FIRST_VOLUME_YEAR] if newest else foreseen(history, position)[year]
        size = band["high"] - band["low"] + 1
        # whole persons whose sum is the band's, whatever its size
        persons[band["low"] : band["high"] + 1] = np.diff(np.rint(np.linspace(0, served / band["share"], size + 1)))
    first = planted["band"][0]
    level = town.volumes[keys.index(first["department"]), NOW - FIRST_VOLUME_YEAR] / first["share"]
    level /= first["high"] - first["low"] + 1
    for other in planted["other"]:
        growth = (1 + other["growth"]) ** (year - NOW)
        persons[other["low"] : other["high"] + 1] = level * other["level"] * growth
    return persons


def participation(history: History) -> pd.DataFrame:
    """The share of the municipality's persons of some ages that departments serve."""
    kinds = {entry["key"]: entry["volume"] for entry in history.town.departments}
    rows = [
        (band["department"], kinds[band["department"]], band["low"], band["high"], band["share"])
        for band in data("planted")["population"]["band"]
    ]
    return pd.DataFrame(rows, columns=["department", "kind", "age_low", "age_high", "share"])


def workload(town: Town) -> pd.DataFrame:
    """Available time, services by year, support and individual work of the occupations that measure it."""
    hours = _available()
    rows: list[tuple[Any, ...]] = []
    for entry in data("planted")["workload"]["occupation"]:
        own = (entry["department"], entry["occupation"])
        served = _served(town, entry)
        rows.append((*own, "available", "", None, None, hours, None))
        for service in entry["service"]:
            for year in range(NOW, LAST_VOLUME_YEAR + 1):
                growth = (1 + service["growth"]) ** (year - NOW)
                amount = np.round(service["share"] * served * hours / service["hours"] * growth)
                rows.append((*own, "service", service["activity"], year, amount, service["hours"], None))
        rows += [(*own, "support", name, None, None, None, share) for name, share in entry["support"].items()]
        individual = np.round(entry["individual"] * _posts(town, *own))
        rows.append((*own, "individual", "Handledning av studenter", None, None, individual, None))
    columns = ["department", "occupation", "component", "activity", "year", "amount", "hours", "share"]
    return pd.DataFrame(rows, columns=columns)


def _available() -> float:
    return (DAYS - data("planted")["workload"]["days_off"]) * HOURS


def _posts(town: Town, department: str, occupation: str) -> float:
    position = [entry["key"] for entry in town.departments].index(department)
    return float(town.posts[position, town.occupations.index(occupation)])


def _served(town: Town, entry: dict[str, Any]) -> float:
    """Full-time equivalents of the services alone at the cut-off, so that the required staff is what is planted."""
    posts = _posts(town, entry["department"], entry["occupation"])
    whole = data("planted")["workload"]["required"] * posts
    return (whole - entry["individual"] * posts / _available()) * (1 - sum(entry["support"].values()))


def budgeted_posts(town: Town) -> pd.DataFrame:
    """Posts of the budget and the years planned after it."""
    plan = data("planted")["budget"]
    rows = []
    for position, entry in enumerate(town.departments):
        growth = plan["growth"].get(entry["key"])
        for column in np.flatnonzero(town.posts[position]) if growth is not None else ():
            for year in range(NOW, NOW + plan["years"] + 1):
                posts = town.posts[position, column] * (1 + growth) ** (year - NOW)
                rows.append((entry["key"], town.occupations[column], year, posts))
    return pd.DataFrame(rows, columns=["department", "occupation", "year", "posts"])


def planted_need(history: History, staff: Staff) -> pd.DataFrame:
    """The need that was planted, in full-time equivalents, by department, occupation, source and year.

    Volumes and population: those in post at the cut-off times the planted volume over that of the cut-off; beyond the
    projection its last year. Workload and budget: their planted growth.
    """
    town, planted = history.town, data("planted")
    fte = stock(history, staff, staff.rate.astype(float))
    bands = {band["department"] for band in planted["population"]["band"]}
    measured = {(entry["department"], entry["occupation"]): entry for entry in planted["workload"]["occupation"]}
    rows: list[tuple[Any, ...]] = []
    for position, department in enumerate(town.departments):
        key = department["key"]
        volumes = town.volumes[position, NOW - FIRST_VOLUME_YEAR :]
        for column in np.flatnonzero(town.posts[position]):
            occupation = town.occupations[column]
            entry = measured.get((key, occupation))
            posts = town.posts[position, column]
            if entry is not None:
                source, served, factor = "workload", _served(town, entry), 1 - sum(entry["support"].values())
                fixed = entry["individual"] * posts / _available()
                need = [
                    fixed + served / factor * sum(s["share"] * (1 + s["growth"]) ** ahead for s in entry["service"])
                    for ahead in range(len(volumes))
                ]
            elif department["volume"] and not fte[position, column]:
                continue  # nobody is in post, so that the files hold no staffing ratio
            elif department["volume"]:
                source = "population" if key in bands else "volumes"
                need = list(fte[position, column] * volumes / volumes[0])
            elif key in planted["budget"]["growth"]:
                source, growth = "budget", planted["budget"]["growth"][key]
                need = [posts * (1 + growth) ** min(ahead, planted["budget"]["years"]) for ahead in range(len(volumes))]
            else:
                continue
            rows += [(key, occupation, source, NOW + ahead, value) for ahead, value in enumerate(need)]
    return pd.DataFrame(rows, columns=["department", "occupation", "source", "year", "need"])
