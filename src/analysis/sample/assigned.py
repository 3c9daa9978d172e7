"""Roles beside the employment, mentors, language assessments, and what units and managers report."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reference.practices import roles
from analysis.sample.practised import NOW, Crowd
from analysis.sample.skills import day
from analysis.sample.town import data

Array = npt.NDArray[Any]
TEACHERS = (
    "preschool_teacher", "teacher_lower", "teacher_upper", "teacher_secondary", "special_teacher", "leisure_teacher",
)  # fmt: skip


def assignments(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """DataFrame[person, number, kind, unit (code or ''), start, end (day numbers, NaN if none), supplement]."""
    planted = data("practised")
    parts = [_chains(crowd, rng)]
    parts += [_role(crowd, key, plan, rng) for key, plan in planted["roles"].items()]
    parts += [_moving(crowd, rng), _groups(crowd, rng)]
    table = pd.concat(parts, ignore_index=True)
    last = crowd.last_day.loc[table["person"]].to_numpy()
    gone = (last < NOW) & (table["end"].isna() | (table["end"] > last))
    table["end"] = table["end"].mask(gone, last)
    table = table[(table["end"].isna() | (table["end"] >= table["start"])) & (table["start"] <= NOW)]
    table["number"] = crowd.names(table["person"].to_numpy())
    return table.sort_values(["kind", "start", "number"], kind="stable", ignore_index=True)


def _rows(
    people: pd.DataFrame, kind: Any, start: Any, end: Any, supplement: Any = np.nan, unit: Any = ""
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": people["person"].to_numpy(), "kind": kind, "unit": unit, "start": start,
            "end": np.asarray(end, dtype=float) if np.ndim(end) else float(end), "supplement": supplement,
        }
    )  # fmt: skip


def _chains(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """Titles that follow each other; who has moved up did so at some time of the last six years, many lately."""
    parts, used = [], dict[str, float]()
    draw = pd.Series(rng.random(len(crowd.lately)), index=crowd.lately["person"].to_numpy())
    for chain in data("practised")["chain"]:
        people = crowd.of(crowd.lately, [chain["of"]])
        low = used.get(chain["of"], 0.0)
        used[chain["of"]] = low + chain["share"]
        mine = people[draw.loc[people["person"]].between(low, low + chain["share"], inclusive="left").to_numpy()]
        hired = mine["hired"].to_numpy()
        moved = rng.random(len(mine)) < chain["moved"]
        ago = np.where(
            rng.random(len(mine)) < 0.35, rng.integers(5, 360, len(mine)), rng.integers(366, 2000, len(mine))
        )
        when = NOW - ago
        directly = moved & (when <= hired + 30)  # came with the training
        up = moved & ~directly
        parts.append(_rows(mine[directly], chain["high"], hired[directly], np.nan))
        parts.append(
            _rows(mine[~directly], chain["low"], hired[~directly], np.where(up, when - 1.0, np.nan)[~directly])
        )
        parts.append(_rows(mine[up], chain["high"], when[up], np.nan))
    return pd.concat(parts, ignore_index=True)


def _role(crowd: Crowd, key: str, plan: dict[str, Any], rng: np.random.Generator) -> pd.DataFrame:
    people = crowd.of(crowd.lately, roles()[key]["of"])
    people = people[rng.random(len(people)) < plan["share"]]
    size, hired = len(people), people["hired"].to_numpy()
    first = np.maximum(hired, day("2020-08-01"))
    start = first + np.floor(rng.random(size) * np.maximum(NOW - first, 1)).astype(int)
    start = np.where(rng.random(size) < 0.12, hired, start)  # recruited from outside
    over = (rng.random(size) < 0.10) & (start < NOW - 200)
    end = np.where(over, start + 90.0 + np.floor(rng.random(size) * 100), np.nan)
    paid = np.round(plan["supplement"] * rng.uniform(0.8, 1.2, size) / 100) * 100 if plan["supplement"] else np.nan
    return _rows(people, key, start, end, paid)


def _moving(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    plan, now = data("practised")["moving"], crowd.now
    codes = np.array([unit.key for unit in crowd.history.town.units if unit.closes is None])
    away = now[rng.random(len(now)) < plan["rotation"]]
    begin = NOW - rng.integers(-20, 420, len(away))
    length = rng.choice([20, 60, 90, 120], len(away), p=[0.15, 0.35, 0.3, 0.2])
    parts = [_rows(away, "rotation", begin, begin + length, unit=rng.choice(codes, len(away)))]
    team = now[rng.random(len(now)) < plan["team"]]
    parts.append(_rows(team, "team_over_granser", NOW - rng.integers(10, 300, len(team)), np.nan))
    return pd.concat(parts, ignore_index=True)


def _groups(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    people = crowd.of(crowd.lately, ["it_specialist"])
    groups = [key for key, entry in roles().items() if entry["kind"] == "group"]
    which = rng.choice(len(groups), len(people), p=np.array(data("practised")["moving"]["it_groups"]))
    return _rows(people, np.array(groups)[which], people["hired"].to_numpy(), np.nan)


def mentoring(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """DataFrame[person, number, mentor, mentor_number, kind, start, planned, end (NaN if none), post (ja, nej, '')]."""
    parts = [_newcomers(crowd, rng), _periods(crowd, rng), _managers(crowd, rng)]
    table = pd.concat(parts, ignore_index=True)
    table = table[table["start"] <= NOW]
    table["number"] = crowd.names(table["person"].to_numpy())
    known = table["mentor"] >= 0
    table["mentor_number"] = np.where(known, crowd.names(table["mentor"].clip(lower=0).to_numpy()), "")
    return table.sort_values(["kind", "start", "number"], kind="stable", ignore_index=True)


def _mentored(
    people: pd.DataFrame, kind: str, start: Any, planned: Any, end: Any, mentor: Any, post: Any = ""
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "person": people["person"].to_numpy(), "kind": kind, "start": start, "planned": planned,
            "end": end, "mentor": mentor, "post": post,
        }
    )  # fmt: skip


def _colleague(crowd: Crowd, people: pd.DataFrame, rng: np.random.Generator, licensed: Array | None = None) -> Array:
    """A mentor of the same occupation, long employed; licensed or not where that is asked for."""
    old = crowd.now[crowd.now["hired"] < day("2022-01-01")]
    found = np.full(len(people), -1)
    for place, occupation in enumerate(people["occupation"]):
        mine = old[old["occupation"] == occupation]
        if licensed is not None:
            mine = mine[mine["licensed"] == licensed[place]]
        if len(mine):
            found[place] = mine["person"].to_numpy()[rng.integers(0, len(mine))]
    return found


def _newcomers(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    plan = data("practised")["mentoring"]
    people = crowd.of(crowd.now[crowd.now["hired"] > day("2023-01-01")], plan["occupations"])
    people = people[rng.random(len(people)) < plan["newcomers"]]
    size, hired = len(people), people["hired"].to_numpy()
    soon = rng.random(size) < plan["soon"]
    start = hired + np.where(soon, rng.integers(0, 28, size), rng.integers(35, 120, size))
    planned = start + np.floor(rng.integers(3, 13, size) * 30.44).astype(int)
    late = rng.random(size) < 0.25
    end = planned + np.where(late, rng.integers(30, 400, size), rng.integers(-30, 5, size))
    return _mentored(
        people, "newcomer", start, planned, np.where(end <= NOW, end, np.nan), _colleague(crowd, people, rng)
    )


def _periods(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    plan = data("practised")["mentoring"]
    people = crowd.of(crowd.now[(crowd.now["hired"] > day("2023-06-01")) & crowd.now["licensed"]], list(TEACHERS))
    people = people[rng.random(len(people)) < plan["introduction"]]
    size, start = len(people), people["hired"].to_numpy() + 5
    planned = start + np.where(rng.random(size) < plan["full"], 330, 160)
    mentor = _colleague(crowd, people, rng, rng.random(size) < plan["licence"])
    mentor = np.where(rng.random(size) < plan["unnamed"], -1, mentor)
    post = np.where(rng.random(size) < plan["post"], "ja", "nej")
    return _mentored(people, "introduction", start, planned, np.where(planned <= NOW, planned, np.nan), mentor, post)


def _managers(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    plan = data("practised")["mentoring"]
    people = crowd.of(crowd.now, ["school_leader", "care_leader", "leader"])
    people = people[rng.random(len(people)) < plan["managers"]]
    first = np.maximum(people["hired"].to_numpy(), day("2022-02-01"))
    start = first + np.floor(rng.random(len(people)) * np.maximum(NOW - first, 1)).astype(int)
    planned = start + 300
    return _mentored(people, "manager", start, planned, np.where(planned <= NOW, planned, np.nan), -1)


def swedish(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """Assessments of Swedish in care: DataFrame[person, number, held (bool), assessed]."""
    plan = data("practised")["swedish"]
    people = crowd.of(crowd.lately, ["care_assistant", "assistant_nurse"])
    people = people[rng.random(len(people)) < plan["assessed"]]
    first = np.maximum(people["hired"].to_numpy(), day("2023-01-01"))
    assessed = np.minimum(first + rng.integers(5, 300, len(people)), NOW)
    table = pd.DataFrame({"person": people["person"].to_numpy(), "assessed": assessed})
    table["held"] = rng.random(len(table)) < plan["passed"]
    table["number"] = crowd.names(table["person"].to_numpy())
    return table.sort_values(["assessed", "number"], kind="stable", ignore_index=True)


def follow_up(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """DataFrame[department, kind, year, done, base]: two years of what departments report."""
    sizes = crowd.now.groupby(["administration", "department"]).size().reset_index(name="size")
    rows = []
    for kind, plan in data("practised")["reported"].items():
        here = sizes[sizes["administration"].isin(plan["administrations"])]
        for year, level in zip((2024, 2025), plan["done"], strict=True):
            for department, size in zip(here["department"], here["size"], strict=True):
                base = float(np.round(plan["base"] * size))
                done = level * (base or size) * rng.uniform(0.9, 1.1)
                if base and level < 1:
                    done = min(done, base)
                whole = level < 1
                rows.append((department, kind, year, float(np.round(done) if whole else np.round(done, 1)), base))
    return pd.DataFrame(rows, columns=["department", "kind", "year", "done", "base"])


def manager_survey(crowd: Crowd, rng: np.random.Generator) -> pd.DataFrame:
    """Answers of managers by administration: DataFrame[code, held, question, offered, answers, mean]."""
    plan, rows = data("practised")["manager_survey"], []
    for year in (2024, 2025):
        leaders = crowd.of(crowd.at(year), ["school_leader", "care_leader", "leader"])
        for code, offered in leaders.groupby("administration").size().items():
            answered = int(rng.binomial(offered, plan["response"]))
            for number, mean in enumerate(plan["means"], start=1):
                drawn = round(float(np.clip(mean + 0.1 * (year - 2024) + rng.normal(0, 0.1), 1, 5)), 2)
                rows.append((code, f"{year}-10", number, int(offered), answered, drawn if answered else np.nan))
    return pd.DataFrame(rows, columns=["code", "held", "question", "offered", "answers", "mean"])
