"""What people take part in: programmes, studies, individual plans, and how newcomers are introduced.

Everything has generators of its own, so that what the simulation drew stays as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reference.practices import programmes
from analysis.sample.pay_system import Names
from analysis.sample.simulate import History
from analysis.sample.skills import day
from analysis.sample.staff import HOURLY, Staff
from analysis.sample.town import CUT_OFF, data

Array = npt.NDArray[Any]
NOW = day(CUT_OFF)
YEAR_AGO = day("2024-12-31")
MONTH_DAYS = 30.44
COLUMNS = ["person", "course", "start", "end", "status", "work_share", "planned"]


@dataclass(frozen=True)
class Crowd:
    """The monthly paid year by year, and how long each person is employed.

    Attributes:
        history: what happened.
        staff: those employed at the cut-off.
        rows: employment rows (``records.employments``).
        names: employee numbers.
        licensed: pairs of person and licence on record.
    """

    history: History
    staff: Staff
    rows: pd.DataFrame
    names: Names
    licensed: set[tuple[int, str]]

    def monthly(self, staff: Staff) -> pd.DataFrame:
        """DataFrame[person, department, occupation, unit, hired, rate, licensed] of the monthly paid."""
        town = self.history.town
        paid = staff.take(staff.form != HOURLY)
        keys = np.array([entry["key"] for entry in town.departments])
        table = pd.DataFrame(
            {
                "person": paid.person, "department": keys[paid.department],
                "administration": np.array([entry["administration"] for entry in town.departments])[paid.department],
                "occupation": np.array(town.occupations)[paid.occupation], "unit": paid.unit, "hired": paid.hired,
                "rate": paid.rate.astype(float),
            }
        )  # fmt: skip
        kinds = np.array(town.licences)[paid.occupation]
        table["licensed"] = [pair in self.licensed for pair in zip(paid.person.tolist(), kinds.tolist(), strict=True)]
        return table

    @cached_property
    def now(self) -> pd.DataFrame:
        """At the cut-off."""
        return self.monthly(self.staff)

    def at(self, year: int) -> pd.DataFrame:
        """At the end of a year; who begins on New Year's Day is already in the books, and not yet in post."""
        if year == int(str(CUT_OFF)[:4]):
            return self.now
        people = self.monthly(self.history.stocks[year])
        return people[people["hired"] <= day(f"{year}-12-31")].reset_index(drop=True)

    @cached_property
    def lately(self) -> pd.DataFrame:
        """Everyone in post at the cut-off or a year before."""
        return pd.concat([self.now, self.at(2024)], ignore_index=True).drop_duplicates("person")

    @cached_property
    def last_day(self) -> pd.Series:
        """Last day of employment by person, far ahead for who is still here."""
        return self.rows.groupby("person")["end"].max()

    def posts(self, people: pd.DataFrame) -> float:
        """Full-time equivalents of some persons at the cut-off, a second post included."""
        rows = self.rows[(self.rows["form"] != HOURLY) & (self.rows["start"] <= NOW) & (self.rows["end"] >= NOW)]
        return float(rows.loc[rows["person"].isin(people["person"]), "rate"].sum())

    def of(self, people: pd.DataFrame, occupations: list[str]) -> pd.DataFrame:
        """Persons of some occupations, of every one where none is named."""
        return people[people["occupation"].isin(occupations)] if occupations else people


def training(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """Participation beyond the courses of the business plan: DataFrame with ``COLUMNS`` and number.

    Days are day numbers, NaN for none; ``planned`` is the day that the individual plan names.
    """
    offered, planted = programmes(), data("practised")
    parts = [_programme(crowd, key, offered[key], plan, rng) for key, plan in planted["programmes"].items()]
    parts += [_future(crowd, key, offered[key], plan, rng) for key, plan in planted["future"].items()]
    parts += [_introduction(crowd, key, offered[key], rng) for key in offered if offered[key]["kind"] == "introduction"]
    parts += [_studies(crowd, key, offered[key], plan, rng) for key, plan in planted["studies"].items()]
    table = pd.concat(parts, ignore_index=True)[COLUMNS]
    table["number"] = crowd.names(table["person"].to_numpy())
    return table.sort_values(["course", "start", "number"], kind="stable", ignore_index=True)


def _programme(
    crowd: Crowd, key: str, entry: dict[str, Any], plan: dict[str, Any], rng: np.random.Generator
) -> pd.DataFrame:
    people = crowd.of(crowd.lately, entry["of"])
    last = np.minimum(crowd.last_day.loc[people["person"]].to_numpy(), NOW)
    if "yearly" in plan:
        parts = []
        for year in (2024, 2025):
            held = day(f"{year}-{plan['yearly']}")
            here = (people["hired"] <= held).to_numpy() & (last >= held) & (rng.random(len(people)) < plan["completed"])
            parts.append(_rows(people[here], key, held, held, "completed"))
        return pd.concat(parts, ignore_index=True)
    first = np.maximum(people["hired"].to_numpy(), day("2022-01-01"))
    end = first + 30 + np.floor(rng.random(len(people)) * np.maximum(last - first - 30, 1)).astype(int)
    if entry["due"]:
        due = day(np.datetime64(entry["due"], "M") + 1) - 1
        in_time = rng.random(len(people)) < 0.8
        end = np.where(in_time, due - rng.integers(0, 200, len(people)), due + rng.integers(1, 90, len(people)))
    done = (rng.random(len(people)) < plan["completed"]) & (end <= last) & (end > people["hired"].to_numpy())
    table = _rows(people[done], key, end[done] - 20, end[done], "completed")
    going = ~done & (rng.random(len(people)) < 0.06) & (last >= NOW)
    begun = np.maximum(NOW - rng.integers(5, 60, int(going.sum())), people["hired"].to_numpy()[going])
    table = pd.concat([table, _rows(people[going], key, begun, np.nan, "enrolled")], ignore_index=True)
    return _planned(table, rng)


def _planned(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The day that the individual plan names, of a part of the courses: most are completed by it."""
    plan = data("practised")["plan"]
    named, kept = rng.random(len(table)) < plan["planned"], rng.random(len(table)) < plan["kept"]
    off = rng.integers(1, 60, len(table))
    end = table["end"].fillna(NOW + 40)
    return table.assign(planned=(end + np.where(kept, off, -off)).where(named))


def _future(
    crowd: Crowd, key: str, entry: dict[str, Any], plan: dict[str, Any], rng: np.random.Generator
) -> pd.DataFrame:
    """Those who are to become managers: some of today's took it before, most participants did not become one."""
    leads = np.isin(np.array(crowd.history.town.occupations)[crowd.rows["occupation"]], entry["becomes"])
    first = crowd.rows[leads].groupby("person")["start"].min()
    first = first[(first > day("2021-06-01")) & (first <= NOW)]
    chosen = first[rng.random(len(first)) < plan["became"]]
    end = chosen.to_numpy() - rng.integers(20, 600, len(chosen))
    parts = [_rows(pd.DataFrame({"person": chosen.index.to_numpy()}), key, end - 300, end, "completed")]
    for year in sorted({2021, 2022, 2023, 2024} & crowd.history.stocks.keys()):
        eligible = crowd.of(crowd.at(year), entry["of"])
        eligible = eligible[~eligible["occupation"].isin(entry["becomes"])]
        mine = eligible[rng.random(len(eligible)) < plan["per_year"]]
        parts.append(_rows(mine, key, day(f"{year}-08-20"), day(f"{year + 1}-06-10"), "completed"))
    table = pd.concat(parts, ignore_index=True).drop_duplicates("person")
    return table[table["end"] <= np.minimum(crowd.last_day.loc[table["person"]].to_numpy(), NOW)]


def _introduction(crowd: Crowd, key: str, entry: dict[str, Any], rng: np.random.Generator) -> pd.DataFrame:
    plan = data("practised")["introduction"]
    people = crowd.of(crowd.now[crowd.now["hired"] > day("2023-06-01")], entry["of"])
    within = plan["graduates"] if key == "gemensam_introduktion" else plan["within"]
    end = people["hired"].to_numpy() + 2 + np.floor(rng.gamma(2.0, plan["days"] / 2, len(people))).astype(int)
    done = (rng.random(len(people)) < within) & (end <= NOW)
    return _rows(people[done], key, people["hired"].to_numpy()[done] + 1, end[done], "completed")


def _studies(
    crowd: Crowd, key: str, entry: dict[str, Any], plan: dict[str, Any], rng: np.random.Generator
) -> pd.DataFrame:
    parts, taken = [], set[int]()
    for year in range(2019, 2026):
        if year - 1 not in crowd.history.stocks:
            continue
        people = crowd.of(crowd.at(year - 1), entry["of"])
        begins = day(f"{year}-08-25")
        stays = crowd.last_day.loc[people["person"]].to_numpy() > begins
        eligible = stays & ~people["person"].isin(taken).to_numpy()
        if entry["unqualified"]:
            eligible &= ~people["licensed"].to_numpy()
        mine = people[eligible & (rng.random(len(people)) < plan["per_year"])]
        taken |= set(mine["person"].tolist())
        end = begins + int(plan["months"] * MONTH_DAYS) + rng.integers(-40, 40, len(mine))
        last = crowd.last_day.loc[mine["person"]].to_numpy()
        drops = rng.random(len(mine)) < plan["dropped"]
        stopped = begins + 30 + np.floor(rng.random(len(mine)) * (end - begins - 30)).astype(int)
        gone = np.where(drops, stopped, end + 1) > last
        until = np.where(drops | gone, np.minimum(stopped, last), end)
        dropped = (drops | gone) & (until <= NOW) & (np.minimum(until, last) < end)
        status = np.where(dropped, "dropped", np.where(end <= NOW, "completed", "enrolled"))
        parts.append(_rows(mine, key, begins, np.where(status == "dropped", until, end), status))
    return pd.concat(parts, ignore_index=True).assign(work_share=entry["work_share"]) if parts else pd.DataFrame()


def _rows(people: pd.DataFrame, course: str, start: Any, end: Any, status: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": people["person"].to_numpy(), "course": course, "start": start,
            "end": np.asarray(end, dtype=float) if np.ndim(end) else float(end), "status": status,
            "work_share": np.nan, "planned": np.nan,
        }
    )  # fmt: skip


def attended(courses: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The courses of the business plan with ``days`` attended and ``followed_up`` of the managers' programme."""
    plan, size = data("practised")["manager_programme"], len(courses)
    mine = (courses["course"] == "chefsprogram") & (courses["status"] == "completed")
    days = np.where(rng.random(size) < plan["all_days"], 5, rng.integers(2, 5, size))
    talk = courses["end"] + rng.integers(10, 85, size)
    talked = (rng.random(size) < plan["followed_up"]) & (talk <= NOW)
    return courses.assign(days=pd.Series(days, index=courses.index).where(mine), followed_up=talk.where(mine & talked))
