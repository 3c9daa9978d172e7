"""The fictitious municipality: its organisation, its posts and what drives the need for them.

Everything here follows from the two data files (``organisation.toml``, ``planted.toml``), the number of
employees and a seeded generator. The simulation works in today's structure; codes that were valid before
the reorganisation are looked up when rows are written, as in a pay system that never rewrites history.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis import reference

CUT_OFF = np.datetime64("2025-12-31")
EXTRACTED = np.datetime64("2026-01-07")
FIRST_VOLUME_YEAR = 2010
LAST_VOLUME_YEAR = 2030


@cache
def data(name: str) -> dict[str, Any]:
    """Return a data file of the sample (``organisation``, ``planted``), parsed; callers do not modify it."""
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Unit:
    """A unit (enhet) of today; ``before`` is the code of the unit it was until the reorganisation."""

    key: str
    name: str
    department: int
    weight: float
    managers: int
    before: str | None = None
    closes: np.datetime64 | None = None  # first day without the unit


@dataclass(frozen=True)
class Town:
    """Departments, units, occupations and posts, all by position (0, 1, …) in the order of the data files.

    ``posts``: departments × occupations, monthly paid posts at the cut-off (vacant ones included, managers
    apart). ``hourly``: departments × occupations, hourly paid. ``volumes``: departments × years from
    ``FIRST_VOLUME_YEAR``, 0 where nothing drives the need.
    """

    departments: list[dict[str, Any]]
    units: list[Unit]
    occupations: list[str]
    posts: npt.NDArray[np.float64]
    hourly: npt.NDArray[np.float64]
    volumes: npt.NDArray[np.float64]
    organisation: pd.DataFrame

    def parameter(self, name: str, default: Any = None) -> npt.NDArray[Any]:
        """One planted parameter of every occupation."""
        entries = data("planted")["occupation"]
        return np.array([entries[key].get(name, default) for key in self.occupations])

    @property
    def leaders(self) -> npt.NDArray[np.int64]:
        """Occupation of the unit managers, per department."""
        return np.array([self.occupations.index(entry["leader"]) for entry in self.departments])

    @property
    def licences(self) -> list[str]:
        """Kind of licence each occupation asks for, '' for none."""
        known = reference.occupations()
        return [known.get(key, {}).get("licence", "") for key in self.occupations]

    def need(self, month: np.datetime64) -> npt.NDArray[np.float64]:
        """Posts relative to the cut-off, per department: the volume half a year earlier (a budget's lag)."""
        position = (month.astype("datetime64[M]").astype(int) - 6) / 12 + 1970 - 0.5 - FIRST_VOLUME_YEAR
        final = (CUT_OFF.astype("datetime64[M]").astype(int) - 6) / 12 + 1970 - 0.5 - FIRST_VOLUME_YEAR
        years = np.arange(self.volumes.shape[1])
        now = np.array([np.interp(position, years, row) for row in self.volumes])
        end = np.array([np.interp(final, years, row) for row in self.volumes])
        return np.divide(now, end, out=np.ones_like(now), where=end > 0)


def build(employees: int, rng: np.random.Generator) -> Town:
    """Lay out the municipality for about ``employees`` persons (monthly and hourly paid) at the cut-off."""
    planted, plan = data("planted"), data("organisation")
    departments = plan["department"]
    occupations = list(planted["occupation"])
    shares = np.array([entry["share"] for entry in departments])
    monthly = employees * (1 - planted["hourly"]["share"]) * shares / shares.sum()
    units = _units(departments, monthly, plan, rng)
    managers = np.zeros(len(departments))
    for unit in units:
        managers[unit.department] += unit.managers if unit.closes is None else 0
    posts = np.zeros((len(departments), len(occupations)))
    fill = np.array([planted["occupation"][key]["fill"] for key in occupations])
    for position, entry in enumerate(departments):
        staff = max(monthly[position] - managers[position], 1.0)
        for occupation, share in entry["mix"].items():
            posts[position, occupations.index(occupation)] = staff * share
    posts *= 1 + 0.012 / fill  # what leaves in a month waits 1 / fill months for its successor
    hourly = np.zeros_like(posts)
    for occupation, share in planted["hourly"]["mix"].items():
        column = occupations.index(occupation)
        weight = posts[:, column] if posts[:, column].any() else shares
        hourly[:, column] = employees * planted["hourly"]["share"] * share * weight / weight.sum()
    return Town(
        departments=departments,
        units=units,
        occupations=occupations,
        posts=posts,
        hourly=hourly,
        volumes=_volumes(departments, monthly, rng),
        organisation=_organisation(plan, units),
    )


def _units(
    departments: list[dict[str, Any]],
    monthly: npt.NDArray[np.float64],
    plan: dict[str, Any],
    rng: np.random.Generator,
) -> list[Unit]:
    reorganised = {entry["into"] for entry in plan["reorganisation"]["merged"]}
    moved = {entry["into"]: entry["key"] for entry in plan["reorganisation"]["moved"]}
    split = {entry["department"]: entry["key"] for entry in plan["reorganisation"]["split"]}
    units = []
    for position, entry in enumerate(departments):
        key = entry["key"]
        special = key in reorganised or key in moved or key in split
        number = max(round(monthly[position] / entry["unit_size"]), 2 if special else 1)
        weights = rng.uniform(0.75, 1.25, number)
        merged = [old for old in plan["reorganisation"]["merged"] if old["into"] == key]
        for index in range(number):
            before = None
            if merged:
                old = merged[0] if index < max(round(number * merged[0]["share_of_successor"]), 1) else merged[-1]
                before = f"e{old['key'][1:]}{index + 1:02d}"
            elif key in moved and index == number - 1:
                before = moved[key]
            elif key in split and index < 2:
                before = split[key]
            size = monthly[position] * weights[index] / weights.sum()
            units.append(
                Unit(
                    key=f"e{key[1:]}{index + 1:02d}",
                    name=_name(entry["unit_word"], index),
                    department=position,
                    weight=float(weights[index] / weights.sum()),
                    managers=2 if size > 1.35 * entry["unit_size"] or (rng.random() < 0.05 and size > 20) else 1,
                    before=before,
                )
            )
    transfer = plan["transfer"]
    position = next(i for i, entry in enumerate(departments) if entry["key"] == transfer["department"])
    closes = np.datetime64(transfer["date"])
    units.append(Unit(transfer["key"], transfer["name"], position, 0.12, 1, closes=closes))
    return units


def _name(word: str, index: int) -> str:
    names = data("organisation")["names"]
    if word not in names["named"]:
        return f"{word} {index + 1}"
    turn, place = divmod(index, len(names["places"]))
    return f"{word} {names['places'][place]}" + (f" {turn + 1}" if turn else "")


def _volumes(
    departments: list[dict[str, Any]], monthly: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.float64]:
    planted = data("planted")["volumes"]
    years = np.arange(FIRST_VOLUME_YEAR, LAST_VOLUME_YEAR + 1)
    now = int(str(CUT_OFF)[:4])
    table = np.zeros((len(departments), len(years)))
    for position, entry in enumerate(departments):
        wobble = np.where(years > now, 0.0, rng.normal(0, 0.004, len(years)))
        if not entry["volume"]:
            continue
        past, future = planted["change"][entry["key"]]
        change = np.where(years <= now, past, future) + wobble
        change[0] = 0.0
        level = np.cumprod(1 + change)
        level *= monthly[position] * planted["per_head"][entry["volume"]] / level[years == now]
        table[position] = np.maximum(np.round(level), 1)
    return table


def _organisation(plan: dict[str, Any], units: list[Unit]) -> pd.DataFrame:
    """The organisation with history: unit, parent, level, name, name_en, valid_from, valid_to, successor."""
    town, reorganisation = plan["municipality"], plan["reorganisation"]
    date = np.datetime64(reorganisation["date"])
    origin, last = np.datetime64("2005-01-01"), date - np.timedelta64(1, "D")
    none = np.datetime64("NaT")
    rows: list[tuple[Any, ...]] = [(town["key"], "", "kommun", town["name"], town["name_en"], origin, none, "")]
    rows += [
        (entry["key"], town["key"], "förvaltning", entry["name"], entry["name_en"], origin, none, "")
        for entry in plan["administration"]
    ]
    merged_into = {entry["into"] for entry in reorganisation["merged"]}
    for entry in plan["department"]:
        since = date if entry["key"] in merged_into else origin
        rows.append(
            (
                entry["key"],
                entry["administration"],
                "avdelning",
                entry["name"],
                entry["name_en"],
                since,
                none,
                "",
            )
        )
    for entry in reorganisation["merged"]:
        rows.append(
            (
                entry["key"],
                entry["administration"],
                "avdelning",
                entry["name"],
                entry["name_en"],
                origin,
                last,
                entry["into"],
            )
        )
    old_parents = {f"e{old['key'][1:]}": old["key"] for old in reorganisation["merged"]}
    old_parents |= {entry["key"]: entry["from"] for entry in reorganisation["moved"]}
    old_parents |= {entry["key"]: entry["department"] for entry in reorganisation["split"]}
    named = {entry["key"]: entry["name"] for group in ("moved", "split") for entry in reorganisation[group]}
    seen = set()
    for unit in units:
        parent = plan["department"][unit.department]["key"]
        end = none if unit.closes is None else unit.closes - np.timedelta64(1, "D")
        rows.append((unit.key, parent, "enhet", unit.name, "", date if unit.before else origin, end, ""))
        if unit.before and unit.before not in seen:
            seen.add(unit.before)
            parent = next(value for key, value in old_parents.items() if unit.before.startswith(key))
            name = named.get(unit.before, f"Grupp {unit.before[-2:]}")
            rows.append((unit.before, parent, "enhet", name, "", origin, last, unit.key))
    columns = ["unit", "parent", "level", "name", "name_en", "valid_from", "valid_to", "successor"]
    return pd.DataFrame(rows, columns=columns).sort_values("unit", kind="stable", ignore_index=True)
