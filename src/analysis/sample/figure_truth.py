"""The truth about figures that practices share with other parts of a page: surveys, pay, absence, exits, the plan."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd

from analysis.reference import load
from analysis.sample.career_truth import MONTH
from analysis.sample.practice_truth import LEADERS, Figure, shares
from analysis.sample.practised import NOW, YEAR_AGO, Crowd
from analysis.sample.skills import day
from analysis.sample.staff import HOURLY

SUBJECTS = {"demands": (1, 2), "time": (3,), "communication": (4,), "support": (5,)}
"""Subjects of the managers' survey, by the number of its questions."""
OCTOBER = "2025-10"
SICK = ("number", "short", "ordinary", "spells")


@dataclass(frozen=True)
class Drawn:
    """What was drawn beside the practices' own tables, as the files tell it."""

    rows: pd.DataFrame
    courses: pd.DataFrame
    mentored: pd.DataFrame
    answers: pd.DataFrame
    survey: pd.DataFrame
    teaching: pd.DataFrame
    plans: pd.DataFrame
    finance: pd.DataFrame
    exits: pd.DataFrame
    absences: pd.DataFrame
    gaps: pd.DataFrame
    led: pd.DataFrame
    activities: pd.DataFrame | None


def figure_truth(crowd: Crowd, drawn: Drawn) -> Iterator[Figure]:
    """Every such figure of the whole municipality, at the cut-off or of the year that ends with it."""
    yield from _managers(crowd, drawn)
    yield from _mentorships(drawn.mentored)
    yield from _spoken(drawn.survey)
    yield from _people(crowd, drawn)
    yield from _taught(crowd, drawn.teaching)
    yield from _left(drawn.exits)
    yield from _led(crowd, drawn.led)
    yield from _absent(crowd, drawn.absences)
    yield from _skills(drawn.gaps)
    yield from _year(crowd, drawn)
    money = drawn.finance[drawn.finance["year"] == 2025]
    yield "definitions_costs", "staff_cost", "now", "all", 1000 * float(money["staff"].sum())
    yield "definitions_costs", "staff_cost_share", "now", "all", float(money["staff"].sum() / money["total"].sum())
    yield "definitions_open", "premises_share", "now", "all", float(money["premises"].sum() / money["total"].sum())
    if drawn.activities is not None:
        yield from _chain(drawn.activities)


def _managers(crowd: Crowd, drawn: Drawn) -> Iterator[Figure]:
    """The managers' programme by round, the time until all have taken it, and their survey."""
    mine = drawn.courses[drawn.courses["course"] == "chefsprogram"].drop_duplicates("person", keep="last")
    home = crowd.now.set_index("person")["administration"]
    for start, members in mine.groupby("start"):
        month = str(np.datetime64(int(float(str(start))), "D"))[:7]
        at = [home[person] for person in members["person"] if person in home.index]
        pairs = [one != other for place, one in enumerate(at) for other in at[place + 1 :]]
        if pairs:
            yield "manager_mix", month, "mixed", "all", float(np.mean(pairs))
    leaders = crowd.of(crowd.now, LEADERS)
    end = mine[mine["status"] == "completed"].set_index("person")["end"]
    finished = leaders["person"].map(end)
    for ends in pd.date_range("2021-01-31", "2025-11-30", freq="ME"):  # the page shows those that differ enough
        yield "manager_coverage", f"{ends:%Y-%m}", "completed", "all", float((finished <= day(ends)).mean())
    pace = int((finished > YEAR_AGO).sum())
    if pace:
        yield "manager_until", "total", "months", "all", 12.0 * int((~(finished <= NOW)).sum()) / pace
    for held, given in drawn.answers[drawn.answers["answers"] > 0].groupby("held"):
        asked = given.groupby("question")[["offered", "answers"]].sum()
        yield "manager_response", str(held), "share", "all", float(asked["answers"].min() / asked["offered"].max())
        for subject, questions in SUBJECTS.items():
            of = given[given["question"].isin(questions)]
            mean = float((of["mean"] * of["answers"]).sum() / of["answers"].sum())
            yield "manager_survey", str(held), subject, "all", 25 * (mean - 1)


def _mentorships(mentored: pd.DataFrame) -> Iterator[Figure]:
    over = mentored[(mentored["kind"] == "newcomer") & (mentored["end"] > YEAR_AGO) & (mentored["end"] <= NOW)]
    if len(over):
        for row, column in (("planned", "planned"), ("kept", "end")):
            yield "introduction_length", row, "months", "all", float((over[column] - over["start"]).mean() / MONTH)


def _spoken(survey: pd.DataFrame) -> Iterator[Figure]:
    """HME of the latest October: each statement from all its answers, the total as the mean of the nine."""
    mine = survey[(survey["held"] == OCTOBER) & (survey["answers"] > 0)]
    index = {}
    for question, given in mine.groupby("question"):
        index[int(str(question))] = 25 * (float((given["mean"] * given["answers"]).sum() / given["answers"].sum()) - 1)
    for number, value in index.items():
        yield "definitions_survey", f"u0030{number - 1}", "now", "all", value
    if index:
        yield "definitions_survey", "u00200", "now", "all", float(np.mean(list(index.values())))


def _people(crowd: Crowd, drawn: Drawn) -> Iterator[Figure]:
    """Wishes, plans, licences, courses and pay of the monthly paid in post."""
    kinds = dict(zip(crowd.history.town.occupations, crowd.history.town.licences, strict=True))
    asks = crowd.now[crowd.now["occupation"].map(kinds) != ""]
    yield from shares(asks, asks["licensed"], "key_figures", "qualified", "now")
    numbers = crowd.names(crowd.now["person"].to_numpy())
    fresh = drawn.plans[drawn.plans["made"] > day("2024-12-31")]
    yield from shares(crowd.now, np.isin(numbers, fresh["number"]), "definitions_qualified", "development_plan", "now")
    rows = drawn.rows[(drawn.rows["form"] != HOURLY) & (drawn.rows["start"] <= NOW) & (drawn.rows["end"] >= NOW)]
    by_person = rows.groupby("person").agg(rate=("rate", "sum"), wanted=("wanted", "max"))
    known = crowd.now[crowd.now["person"].isin(by_person.index[by_person["wanted"].notna()])]
    mine = by_person.loc[known["person"]]
    met = (mine["rate"].astype(float) - mine["wanted"]).abs() < 0.005
    yield from shares(known, met, "definitions_share", "wanted_rate", "now")
    main = rows[rows["post"] == 1].drop_duplicates("person").set_index("person")["pay"]
    low, high = np.percentile(crowd.now["person"].map(main).dropna().astype(float), (10, 90))
    yield "definitions_pay_tails", "pay_p90_p10", "now", "all", float(high / low)
    done = drawn.courses[(drawn.courses["course"] == "hot_och_vald") & (drawn.courses["status"] == "completed")]
    school = crowd.now[crowd.now["administration"] == "f01"]
    finished = school["person"].isin(done[done["end"] <= NOW]["person"])
    yield from shares(school, finished, "courses", "hot_och_vald", "completed")


def _taught(crowd: Crowd, teaching: pd.DataFrame) -> Iterator[Figure]:
    """Hours taught by who is qualified for subject and years, of teachers employed for a month on the measuring day."""
    day_of = day("2025-10-15")
    week = teaching[teaching["measured"] == day_of]
    rows = crowd.rows[(crowd.rows["start"] <= day_of) & (crowd.rows["end"] > day_of) & (crowd.rows["form"] != HOURLY)]
    settled = rows[rows["hired"] <= day("2025-09-15")]
    week = week[week["number"].isin(crowd.names(settled["person"].to_numpy()))]
    if len(week):
        share = float(week.loc[week["qualified"], "hours"].sum() / week["hours"].sum())
        yield "definitions_qualified", "taught_qualified", "now", "all", share


def _left(exits: pd.DataFrame) -> Iterator[Figure]:
    """Who of the monthly paid that left in the year answered the exit survey, and why; a transfer is not leaving."""
    gone = exits[(exits["form"] != HOURLY) & (exits["cause"] != "transfer")]
    gone = gone[(gone["date"] > YEAR_AGO) & (gone["date"] <= NOW)]
    told = gone[gone["stated"] != ""]
    if told.empty:
        return
    yield "exit_response", "response", "total", "all", len(told) / len(gone)
    files = tomllib.loads(resources.files(__package__).joinpath("delivery.toml").read_text(encoding="utf-8"))["file"]
    words = next(file for file in files if file["table"] == "exits")["values"]["survey_reason"]
    for reason, share in told["stated"].map(words).value_counts(normalize=True).items():
        yield "exit_reasons", str(reason), "total", "all", float(share)


def _led(crowd: Crowd, led: pd.DataFrame) -> Iterator[Figure]:
    """Median over managers of the monthly paid they lead: a unit's staff without its managers, shared among them."""
    now = led[(led["start"] <= NOW) & (led["end"] > NOW)].drop_duplicates(["number", "code"])
    codes = np.array([unit.key for unit in crowd.history.town.units])
    people = crowd.now.assign(number=crowd.names(crowd.now["person"].to_numpy()), code=codes[crowd.now["unit"]])
    leading = set(zip(now["number"], now["code"], strict=True))
    staff: dict[str, int] = {}
    for pair in zip(people["number"], people["code"], strict=True):
        staff[pair[1]] = staff.get(pair[1], 0) + (pair not in leading)
    share = now["code"].map(staff).fillna(0) / now.groupby("code")["number"].transform("size")
    if len(now):
        yield "key_figures", "per_manager", "now", "all", float(share.groupby(now["number"]).sum().median())


def _absent(crowd: Crowd, absences: pd.DataFrame) -> Iterator[Figure]:
    """Sick hours over ordinary hours of the year: all, women, men."""
    year = absences[absences["month"].str.startswith("2025") & (absences["ordinary"] > 0)]
    people = crowd.rows.drop_duplicates("person")
    sex = dict(zip(crowd.names(people["person"].to_numpy()), people["sex"], strict=True))
    women = year["number"].map(sex) == 1
    for row, which in (("total", women | ~women), ("women", women), ("men", ~women)):
        of = year[which]
        yield "sick_leave", row, "share", "all", float(of["sick"].sum() / of["ordinary"].sum())


def _year(crowd: Crowd, drawn: Drawn) -> Iterator[Figure]:
    """Healthy all year, ill six times or more, time by kind, and what sick pay cost, month by month of each person."""
    year = drawn.absences[drawn.absences["month"].str.startswith("2025") & (drawn.absences["ordinary"] > 0)]
    sums = year.groupby("number").agg(months=("month", "nunique"), sick=("sick", "sum"), spells=("spells", "sum"))
    whole = sums[sums["months"] == 12]
    yield "definitions_absence", "without_absence", "now", "all", float((whole["sick"] == 0).mean())
    yield "definitions_absence", "repeated_absence", "now", "all", float((whole["spells"] >= 6).mean())
    for table, row, column in (("groups", "extra_share", "extra"), ("health", "parental_share", "parental")):
        yield f"definitions_{table}", row, "now", "all", float(year[column].sum() / year["ordinary"].sum())
    rows = drawn.rows[drawn.rows["pay"].notna() & (drawn.rows["start"] <= NOW)]
    pay = rows.sort_values(["start", "rate"], kind="stable").drop_duplicates("number", keep="last")
    pay_of, cost = dict(zip(pay["number"], pay["pay"], strict=True)), 0.0
    for number, short, ordinary, spells in zip(*(year[name] for name in SICK), strict=True):
        hour = 0.8 * float(pay_of.get(number, 0.0)) / 165
        cost += max(hour * short - 0.2 * hour * ordinary * 12 / 52 * spells, 0.0)
    yield "definitions_health", "sick_pay", "now", "all", cost


def _skills(gaps: pd.DataFrame) -> Iterator[Figure]:
    """What is required, assessed and held, by requirement (``required.truth``)."""
    for line in gaps.assign(step=pd.to_numeric(gaps["step"]).fillna(0)).to_dict("records"):
        row, department = f"{line['model']}:{line['step']:.0f}:{line['occupation']}", str(line["department"])
        yield "skills", row, "needed", department, float(line["needed"])
        yield "skills", row, "held", department, float(line["held"])
        if line["staff"]:
            yield "skills", row, "assessed", department, line["assessed"] / line["staff"]


def _chain(activities: pd.DataFrame) -> Iterator[Figure]:
    """Activities, each once however many rows repeat it; assignments to own boards, and those that none cites."""
    table = activities.set_index("activity")
    first = table["duplicate_of"].where(table["duplicate_of"] != "", table.index.to_series())
    measured = (table["indicator"] != "").groupby(first).any()
    yield "plan_chain", "activities", "number", "all", float(len(measured))
    yield "plan_chain", "without_indicator", "number", "all", float((~measured).sum())
    plan = load("business_plan")
    own = [each["number"] for each in plan["assignment"] if set(each["boards"]) & set(plan["boards"])]
    cited = {int(number) for number in table["assignment"] if number}
    yield "plan_chain", "assignments", "number", "all", float(len(own))
    yield "plan_chain", "assignments_without", "number", "all", float(len(set(own) - cited))
