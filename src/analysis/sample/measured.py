"""What named definitions ask for beyond employments: survey, teaching, plans, costs, wishes, agreements and more hours.

Everything here has a generator of its own, so that what the simulation drew stays as it was.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.sample.pay_system import Names
from analysis.sample.simulate import History
from analysis.sample.skills import day
from analysis.sample.staff import HOURLY, Staff
from analysis.sample.town import CUT_OFF, data

Array = npt.NDArray[Any]

STAGES = {"teacher_lower": ("1-3", "4-6"), "teacher_upper": ("7-9",), "teacher_secondary": ("Gymnasiet",)}
SUBJECTS = ("Svenska", "Matematik", "Engelska", "NO", "SO", "Idrott och hälsa")


def terms(rows: pd.DataFrame, history: History, rng: np.random.Generator) -> pd.DataFrame:
    """Employment rows with ``wanted`` (rate, or NaN), ``agreement`` and ``responsibility`` (AID letter or '')."""
    plan, occupations = data("planted")["measured"], np.array(history.town.occupations)
    size = history.persons
    satisfied, step = rng.random(size) < plan["wanted_is_agreed"], rng.choice([0.1, 0.2, 0.25], size)
    known, pan = rng.random(size) < plan["wish_recorded"], rng.random(size) < plan["assistants_under_pan"]
    person, rate = rows["person"].to_numpy(), rows["rate"].astype(float).to_numpy()
    more = np.minimum(np.round(rate + step[person], 2), 1.0)
    wanted = np.where(satisfied[person] | (rate >= 1.0), rate, more)
    two_posts = rows["person"].isin(rows.loc[rows["post"] == 2, "person"]).to_numpy()
    wish = known[person] & ~two_posts & (rows["form"] != HOURLY).to_numpy()
    assistant = occupations[rows["occupation"]] == "personal_assistant"
    leader = (rows["occupation"].to_numpy() == history.town.leaders[rows["department"]]) & (
        rows["post"] == 1
    ).to_numpy()
    return rows.assign(
        wanted=np.where(wish, wanted, np.nan),
        agreement=np.where(assistant & pan[person], "PAN", "AB"),
        responsibility=np.where(leader, "C", ""),
    )


def more_hours(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Absence rows with ``short`` (sick on day 1–14), ``parental`` and ``overtime`` hours."""
    plan, size = data("planted")["measured"], len(table)
    rest = (table["sick"] - table["long"]).to_numpy()
    short = np.round(rest * np.where(rng.random(size) < 0.85, 1.0, 0.4), 1)
    away = rng.random(size) < plan["parental_share"]
    free = (table["ordinary"] - table["sick"]).to_numpy()
    parental = np.where(away, np.round(free * rng.uniform(0.2, 1.0, size), 1), 0.0)
    over = np.where(rng.random(size) < 0.25, rng.gamma(1.5, plan["overtime_hours"] / 1.5, size), 0.0)
    return table.assign(short=short, parental=parental, overtime=np.round(np.minimum(over, 60.0), 1))


def spells_and_extra_time(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Absence rows with ``spells`` (times that somebody fell ill in the month) and ``extra`` (part-timers' hours).

    Who has short sick leave fell ill once or twice; nobody begins the long one twice. Extra time is a part-timer's.
    """
    plan, size = data("planted")["measured"], len(table)
    ill = (table["short"] > 0).to_numpy()
    spells = np.where(ill, 1 + (rng.random(size) < plan["second_spell"]), 0)
    part_time = (table["ordinary"] < 160).to_numpy() & (rng.random(size) < plan["extra_months"])
    extra = np.where(part_time, np.minimum(rng.gamma(1.6, plan["extra_hours"] / 1.6, size), 40.0), 0.0)
    return table.assign(spells=spells, extra=np.round(extra, 1))


def with_staff_cost(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Costs with ``staff``, in thousands of kronor: a share of all costs that is the department's own."""
    keys = sorted(table["department"].unique())
    drawn = np.clip(rng.normal(data("planted")["measured"]["staff_share"], 0.04, len(keys)), 0.4, 0.8)
    share = dict(zip(keys, drawn, strict=True))
    return table.assign(staff=np.round(table["total"] * table["department"].map(share)))


def exit_answers(table: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Exits with ``stated``: the main reason told in the exit survey, '' for who did not answer.

    Some answers do not agree with the recorded cause: retirement entered as own request, a fixed term that ran out for
    someone who had found another post.
    """
    plan = data("planted")["exit_survey"]
    answers = rng.random(len(table)) < plan["response"]
    draw = rng.random(len(table))
    stated = np.full(len(table), "", dtype="<U48")
    for cause, words in plan["stated"].items():
        mine = answers & (table["cause"] == cause).to_numpy() & (table["form"] != HOURLY).to_numpy()
        ends = np.cumsum(list(words.values()))
        stated[mine] = np.array(list(words))[np.searchsorted(ends / ends[-1], draw[mine], side="right")]
    return table.assign(stated=stated)


def survey(history: History, rng: np.random.Generator) -> pd.DataFrame:
    """HME by unit and statement, the latest two Octobers: code, held, question, offered, answers, mean."""
    plan = data("planted")["measured"]
    codes = np.array([unit.key for unit in history.town.units])
    level = rng.normal(0, plan["hme_unit_sd"], len(codes))
    parts = []
    for month in _octobers(history):
        staff = history.months[month]
        unit = staff.take(staff.form != HOURLY).unit
        offered = np.bincount(unit, minlength=len(codes))
        answered = rng.binomial(offered, plan["hme_response"])
        for number, mean in enumerate(plan["hme_means"], start=1):
            answers = rng.binomial(answered, 0.98)
            spread = rng.normal(0, 0.9, len(codes)) / np.sqrt(np.maximum(answers, 1))
            parts.append(
                pd.DataFrame(
                    {
                        "code": codes,
                        "held": str(month),
                        "question": number,
                        "offered": offered,
                        "answers": answers,
                        "mean": np.clip(np.round(mean + level + spread, 2), 1.0, 5.0),
                    }
                )[offered > 0]
            )
    table = pd.concat(parts, ignore_index=True)
    table["mean"] = table["mean"].mask(table["answers"] == 0)
    return table.sort_values(["held", "code", "question"], kind="stable", ignore_index=True)


def teaching(history: History, names: Names, rng: np.random.Generator) -> pd.DataFrame:
    """What teachers taught in the week of 15 October, the latest two years: a row per teacher and subject."""
    plan, town = data("planted")["measured"], history.town
    codes, occupations = np.array([unit.key for unit in town.units]), np.array(town.occupations)
    parts = []
    for month in _octobers(history):
        staff = history.months[month]
        teachers = staff.take(np.isin(occupations[staff.occupation], list(STAGES)) & (staff.form != HOURLY))
        teachers = teachers.take(teachers.present > 0)
        for _ in range(2):
            which = rng.integers(0, 2, len(teachers))
            stages = [STAGES[key] for key in occupations[teachers.occupation]]
            stage = np.array([options[place % len(options)] for options, place in zip(stages, which, strict=True)])
            of_subject = rng.random(len(teachers)) < plan["qualified_in_subject"]
            hours = np.round(9 * teachers.rate * teachers.present * rng.uniform(0.8, 1.2, len(teachers)) * 4) / 4
            parts.append(
                pd.DataFrame(
                    {
                        "number": names(teachers.person),
                        "code": codes[teachers.unit],
                        "measured": day(f"{month}-15"),
                        "subject": np.array(SUBJECTS)[rng.integers(0, len(SUBJECTS), len(teachers))],
                        "stage": stage,
                        "hours": hours,
                        "qualified": teachers.qualified & of_subject,
                    }
                )
            )
    table = pd.concat(parts, ignore_index=True)
    keys = ["measured", "number", "subject", "stage"]
    return table.drop_duplicates(keys).sort_values(keys, kind="stable", ignore_index=True)


def development_plans(staff: Staff, names: Names, rng: np.random.Generator) -> pd.DataFrame:
    """Individual plans: number, made (day); most within the last year, some older, some persons without."""
    plan = data("planted")["measured"]
    people = staff.take(staff.form != HOURLY)
    draw, size = rng.random(len(people)), len(people)
    current, older = draw < plan["plan_current"], draw > 1 - plan["plan_older"]
    age = np.where(current, rng.integers(0, 360, size), rng.integers(400, 900, size))
    made = day(CUT_OFF) - age
    held = (current | older) & (made >= people.hired)
    table = pd.DataFrame({"number": names(people.person), "made": made})[held]
    return table.sort_values(["made", "number"], kind="stable", ignore_index=True)


def finance(history: History, rng: np.random.Generator) -> pd.DataFrame:
    """Cost of premises and total cost per department and year, in thousands of kronor."""
    plan, rows = data("planted")["measured"], []
    departments = history.town.departments
    share = np.clip(rng.normal(plan["premises_share"], 0.03, len(departments)), 0.05, 0.30)
    for year, staff in history.stocks.items():
        fte = np.bincount(staff.department, staff.rate.astype(float) * (staff.form != HOURLY), len(departments))
        total = np.round(fte * plan["cost_per_fte"] * 1.03 ** (year - 2025))
        rows.append(
            pd.DataFrame(
                {
                    "department": [entry["key"] for entry in departments],
                    "year": year,
                    "premises": np.round(total * share),
                    "total": total,
                }
            )
        )
    return pd.concat(rows, ignore_index=True)


def _octobers(history: History) -> list[np.datetime64]:
    return [month for month in history.months if month.astype(int) % 12 == 9]
