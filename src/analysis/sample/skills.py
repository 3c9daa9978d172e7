"""What people can and learn: licences, ladders, courses, studies, and who manages which unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.hazards import DAYS_PER_YEAR
from analysis.sample.pay_system import Names
from analysis.sample.simulate import History
from analysis.sample.staff import HOURLY, NEVER, Staff
from analysis.sample.town import CUT_OFF, data

Array = npt.NDArray[Any]

TITLE_PROTECTED = int(np.datetime64("2023-07-01").astype(int))
"""Assistant nurse became a protected title on this day; nobody holds it earlier."""
# ladder: occupations, steps, first year of assessment, years per step
LADDERS: dict[str, tuple[tuple[str, ...], int, int, float]] = {
    "it_ladder": (("it_specialist",), 6, 2019, 3.0),
    "social_ladder": (("social_worker", "needs_assessor"), 6, 2021, 2.4),
    "childcare_ladder": (("childcare_worker",), 5, 2022, 3.6),
    "care_levels": (("care_assistant", "assistant_nurse"), 3, 2022, 5.0),
}
ASSESSED_SHARE = 0.88


def day(text: Any) -> int:
    """Days since 1970 of a date."""
    return int(np.datetime64(text, "D").astype(int))


def qualifications(history: History, names: Names, persons: Array) -> pd.DataFrame:
    """Licences of the persons in the delivery: number, kind, valid_from (day number)."""
    kinds = np.array(history.town.licences)
    parts = [
        pd.DataFrame({"person": s.person, "kind": kinds[s.occupation], "valid_from": s.licence})
        for s in history.licences
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table[(table["valid_from"] < NEVER) & (table["kind"] != "") & table["person"].isin(persons)]
    title = table["kind"] == "assistant_nurse_title"
    later = TITLE_PROTECTED + (table["person"] * 7) % 620
    table["valid_from"] = table["valid_from"].mask(title, np.maximum(table["valid_from"], later))
    table = table[table["valid_from"] <= day(CUT_OFF)]
    table = table.sort_values(["person", "kind", "valid_from"]).drop_duplicates(["person", "kind"])
    table["number"] = names(table["person"].to_numpy())
    return table.sort_values(["number", "kind"], kind="stable", ignore_index=True)


def competence(
    history: History, names: Names, rng: np.random.Generator, models: Sequence[str] = tuple(LADDERS)
) -> pd.DataFrame:
    """Assessed steps, one per person, ladder and year: person, number, model, step, assessed (day number).

    Experience makes people climb, each at their own pace; nobody ever climbs down.

    Args:
        history: What happened.
        names: Employee numbers.
        rng: Seeded generator.
        models: Ladders to draw, keys of ``LADDERS``.
    """
    pace = np.exp(rng.normal(0.0, 0.25, history.persons))
    before = rng.exponential(1.5, history.persons)
    parts = []
    for year, staff in history.stocks.items():
        autumn = day(f"{year}-10-01")
        for model in models:
            occupations, steps, first, years = LADDERS[model]
            if year < first:
                continue
            wanted = [history.town.occupations.index(name) for name in occupations]
            people = staff.take(np.isin(staff.occupation, wanted) & (staff.form != HOURLY) & (staff.hired < autumn))
            people = people.take(rng.random(len(people)) < ASSESSED_SHARE)
            assessed = autumn + rng.integers(0, 60, len(people))
            experience = (assessed - people.hired) / DAYS_PER_YEAR + before[people.person]
            step = 1 + np.floor(experience / (years * pace[people.person])).astype(int)
            parts.append(
                pd.DataFrame(
                    {
                        "person": people.person,
                        "number": names(people.person),
                        "model": model,
                        "step": np.minimum(step, steps),
                        "assessed": assessed,
                    }
                )
            )
    if not parts:
        return pd.DataFrame({"person": [], "number": [], "model": [], "step": [], "assessed": []})
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["assessed", "number", "model"], kind="stable", ignore_index=True)


def training(
    history: History, staff: Staff, rows: pd.DataFrame, names: Names, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.Series]:
    """Courses and studies, and the planted share who complete the e-learning per department.

    Returns:
        Table number, course, kind, start, end (day numbers, NEVER if none), status, target (occupation or
        ""), work_share (or NaN); and share per department key.
    """
    e_learning, share = _e_learning(history, rows, rng)
    table = pd.concat([e_learning, _programme(history, rows, rng), _studies(history, staff)], ignore_index=True)
    table = table[table["person"].isin(rows["person"])]
    table["number"] = names(table["person"].to_numpy())
    return table.sort_values(["course", "start", "number"], kind="stable", ignore_index=True), share


def _e_learning(history: History, rows: pd.DataFrame, rng: np.random.Generator) -> tuple[pd.DataFrame, pd.Series]:
    planted, departments = data("planted")["training"], history.town.departments
    level = planted["hot_och_vald_completed"]
    odds = np.log(level / (1 - level)) + rng.normal(0, planted["hot_och_vald_log_odds_sd"], len(departments))
    share = 1 / (1 + np.exp(-odds))
    school = np.array([entry["administration"] == "f01" for entry in departments])
    since, cut_off = day(planted["hot_och_vald_from"]), day(CUT_OFF)
    mine = rows[(rows["form"] != HOURLY) & (rows["end"] >= since) & school[rows["department"]]]
    mine = _whole(mine[mine["start"] <= cut_off - 30])
    start = np.maximum(mine["start"].to_numpy() + 14, since)
    done = rng.random(len(mine)) < share[mine["department"]]
    end = start + np.floor(rng.gamma(2.0, 60.0, len(mine))).astype(int) + 5
    done &= (end <= mine["end"].to_numpy()) & (end <= cut_off)
    table = _course(mine, "hot_och_vald", start, np.where(done, end, int(NEVER)), done)
    keys = [entry["key"] for entry, inside in zip(departments, school, strict=True) if inside]
    return table, pd.Series(share[school], index=keys)


def _programme(history: History, rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The managers' programme: a cohort every half-year, two years for all."""
    planted = data("planted")["training"]
    first, last, cut_off = day(planted["chefsprogram_from"]), day(planted["chefsprogram_until"]), day(CUT_OFF)
    leader = rows["occupation"].to_numpy() == history.town.leaders[rows["department"]]
    mine = rows[leader & (rows["end"] >= first).to_numpy() & (rows["start"] <= cut_off).to_numpy()]
    mine = _whole(mine)
    cohorts = np.arange(first, last, 182)
    earliest = np.searchsorted(cohorts, mine["start"].to_numpy())
    chosen = np.maximum(rng.integers(0, len(cohorts), len(mine)), np.minimum(earliest, len(cohorts) - 1))
    start = cohorts[chosen]
    mine, start = mine[start <= cut_off], start[start <= cut_off]
    end = start + 150 + rng.integers(0, 25, len(mine))
    gone = mine["end"].to_numpy() < end
    table = _course(mine, "chefsprogram", start, end, (end <= cut_off) & ~gone)
    return table.assign(status=np.where(gone & (end <= cut_off), "dropped", table["status"]))


def _whole(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per person: the first row, until the last row's end."""
    last = rows.groupby("person")["end"].max()
    first = rows.sort_values(["person", "start"], kind="stable").drop_duplicates("person")
    return first.assign(end=first["person"].map(last))


def _course(mine: pd.DataFrame, course: str, start: Array, end: Array, done: Array) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": mine["person"].to_numpy(),
            "course": course,
            "kind": "course",
            "start": start,
            "end": end,
            "status": np.where(done, "completed", "enrolled"),
            "target": "",
            "work_share": np.nan,
        }
    )


def _studies(history: History, staff: Staff) -> pd.DataFrame:
    """Childcare workers who study to become preschool teachers, finished, dropped or under way."""
    plan = data("planted")["pipeline"]
    under_way = staff.take(staff.study_end < NEVER)
    planned = (under_way.study_end + 1).astype("datetime64[D]").astype("datetime64[M]")
    start = (planned - plan["months"]).astype("datetime64[D]").astype(int)
    going = (under_way.person, start, under_way.study_end, np.full(len(under_way), "enrolled"))
    person, start, end, status = (np.concatenate(part) for part in zip(*history.studies, going, strict=True))
    return pd.DataFrame(
        {
            "person": person,
            "course": plan["course"],
            "kind": "pipeline",
            "start": start,
            "end": end,
            "status": status,
            "target": plan["target_occupation"],
            "work_share": plan["work_share"],
        }
    )


def managers(history: History, rows: pd.DataFrame) -> pd.DataFrame:
    """Who led which unit, from when to when: number, code, start, end (day numbers); unbroken rows joined."""
    leader = rows["occupation"].to_numpy() == history.town.leaders[rows["department"]]
    mine = rows[leader & (rows["start"] <= day(CUT_OFF)).to_numpy() & (rows["post"] == 1).to_numpy()]
    mine = mine.sort_values(["person", "start"], kind="stable")
    same = (mine["person"] == mine["person"].shift()) & (mine["code"] == mine["code"].shift())
    same &= mine["start"] == mine["end"].shift() + 1
    table = mine.groupby((~same).cumsum()).agg(
        number=("number", "first"), code=("code", "first"), start=("start", "min"), end=("end", "max")
    )
    return table.sort_values(["code", "start", "number"], kind="stable", ignore_index=True)
