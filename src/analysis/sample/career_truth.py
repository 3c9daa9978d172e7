"""The truth about careers: edges, ladders, groups inside them and what became of participants, from what was drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.reference import ladders
from analysis.reference.practices import edges, programmes, roles
from analysis.sample.practice_truth import Figure, shares
from analysis.sample.practised import NOW, YEAR_AGO, Crowd
from analysis.sample.skills import day

MONTH = 365.25 / 12
"""Mean days of a month."""


def career_truth(
    crowd: Crowd,
    *,
    learned: pd.DataFrame,
    held: pd.DataFrame,
    steps: pd.DataFrame,
    can: pd.DataFrame,
    licences: pd.DataFrame,
) -> Iterator[Figure]:
    """Every figure of careers and ladders that can be told from what was drawn.

    Args:
        crowd: who is and was employed.
        learned: every participation, courses of the business plan included.
        held: roles (``assigned.assignments``).
        steps: assessed steps of ladders (``skills.competence``).
        can: competences (``required.held``).
        licences: licences on record (``skills.qualifications``).
    """
    yield from _edges(crowd, learned, held, steps, can, licences)
    yield from _steps(crowd, steps, learned)
    yield from _groups(crowd, held, steps)
    yield from _outcomes(crowd, learned)
    yield from _plans(crowd, learned)
    yield from _stayed(crowd, learned)
    yield from _unlicensed(crowd, learned)


def step_on(steps: pd.DataFrame, model: str, on: int) -> pd.Series:
    """Step by person on a day: that of the last assessment until then."""
    mine = steps[(steps["model"] == model) & (steps["assessed"] <= on)].sort_values("assessed", kind="stable")
    return mine.drop_duplicates("person", keep="last").set_index("person")["step"].astype(float)


def _edges(
    crowd: Crowd, learned: pd.DataFrame, held: pd.DataFrame, steps: pd.DataFrame, can: pd.DataFrame,
    licences: pd.DataFrame,
) -> Iterator[Figure]:  # fmt: skip
    here = set(crowd.now["person"])
    for key, edge in edges().items():
        if crowd.of(crowd.now, edge["of"]).empty:
            continue
        found = _ends(crowd, edge, learned, held, steps, can, licences)
        if found is None:
            continue
        moved, reached = found
        if not edge["role"]:  # moves into a role are told with the roles
            yield "careers", key, "moved", "all", float(len(moved & here))
        records = learned[(learned["course"] == edge["study"]) & (learned["start"] <= NOW)]
        if len(records):
            studying = records.loc[records["status"] == "enrolled", "person"]
            yield "careers", key, "on_the_way", "all", float(studying.nunique())
        able = _able(crowd, edge, held)
        if len(able) and (reached or edge["study"]):
            yield "career_could", key, "could", "all", float((~able.isin(reached)).sum())


def _able(crowd: Crowd, edge: dict[str, Any], held: pd.DataFrame) -> pd.Series:
    """Persons at the beginning of an edge, with its years of employment behind them."""
    people = crowd.of(crowd.now, list(edge["of"]))
    if edge["from_role"]:
        mine = held[(held["kind"] == edge["from_role"]) & ~(held["end"] < NOW)]
        people = people[people["person"].isin(mine["person"])]
    if edge["unqualified"]:
        people = people[~people["licensed"]]
    if edge["becomes"]:
        people = people[~people["occupation"].isin(edge["becomes"])]
    first = pd.Timestamp("2025-12-31") - pd.DateOffset(years=int(str(edge["years"])))
    return people.loc[people["hired"] <= day(first), "person"]


def _ends(
    crowd: Crowd, edge: dict[str, Any], learned: pd.DataFrame, held: pd.DataFrame, steps: pd.DataFrame,
    can: pd.DataFrame, licences: pd.DataFrame,
) -> tuple[set[int], set[int]] | None:  # fmt: skip
    """Who came to the edge's end in the last year, and everyone who is there; None where nothing can be told."""
    occupations = list(edge["of"])
    if edge["role"]:
        mine = held[held["kind"] == edge["role"]]
        return None if mine.empty else (set(), set(mine[~(mine["end"] < NOW)]["person"]))
    if edge["ladder"]:
        people = crowd.of(crowd.now, occupations)["person"]
        after, before = (people.map(step_on(steps, str(edge["ladder"]), on)) for on in (NOW, YEAR_AGO))
        wanted = int(str(edge["step"]))
        up = after > before
        if wanted:
            up &= (after >= wanted) & (before < wanted)
        last = wanted or len(ladders()[str(edge["ladder"])]["steps"])
        return set(people[up]), set(people[after >= last])
    if edge["competence"]:
        mine = can[(can["model"] == edge["competence"]) & can["held"].astype(bool)]
        first = mine.groupby("person")["assessed"].min()
        return (set(first.index[first > YEAR_AGO]), set(first.index)) if len(first) else None
    if edge["becomes"]:
        end = set(crowd.of(crowd.now, list(edge["becomes"]))["person"])
        was = crowd.of(crowd.at(2024), occupations)
        return end & set(was.loc[~was["occupation"].isin(edge["becomes"]), "person"]), end
    if edge["licence"]:
        return _licensed(crowd, occupations, licences)
    records = learned[(learned["course"] == edge["study"]) & (learned["start"] <= NOW)]
    if records.empty:
        return None
    done = records[records["status"] == "completed"]
    return set(done.loc[done["end"] > YEAR_AGO, "person"]), set(done["person"])


def _licensed(crowd: Crowd, occupations: list[str], licences: pd.DataFrame) -> tuple[set[int], set[int]]:
    town = crowd.history.town
    kind = dict(zip(town.occupations, town.licences, strict=True))
    people = crowd.of(crowd.now, occupations)
    people = people[people["licensed"]]
    since = licences.groupby(["person", "kind"])["valid_from"].min()
    asked = zip(people["person"], people["occupation"].map(kind), strict=True)
    new = pd.Series([int(since[pair]) > YEAR_AGO for pair in asked], index=people.index, dtype=bool)
    was = people["person"].isin(crowd.at(2024)["person"])
    return set(people["person"][new & was]), set(people["person"])


def _steps(crowd: Crowd, steps: pd.DataFrame, learned: pd.DataFrame) -> Iterator[Figure]:
    first = steps.groupby(["person", "model", "step"])["assessed"].min()
    covered = set[str]()
    for model, ladder in ladders().items():
        if (steps["model"] != model).all():
            continue
        covered |= set(ladder["occupations"])
        people, before = (crowd.of(each, ladder["occupations"]) for each in (crowd.now, crowd.at(2024)))
        now, then = (
            people["person"].map(step_on(steps, model, NOW)),
            before["person"].map(step_on(steps, model, YEAR_AGO)),
        )
        gone = ~before["person"].isin(crowd.now["person"])
        for step in range(1, len(ladder["steps"]) + 1):
            on = people[now == step]
            for department, mine in (("all", on), *on.groupby("department")):
                yield "ladder", str(step), model, str(department), float(len(mine))
            if len(on):
                days = NOW - np.array([first[person, model, step] for person in on["person"]])
                yield "step_time", str(step), model, "all", float(np.median(days / MONTH))
            yield from shares(before[then == step], gone[then == step], "step_left", str(step), model, whole=True)
            wanted = [
                key for key, entry in programmes().items()
                if (of := entry["measures_of"]) and of["ladder"] == model and step in of["steps"]
            ]  # fmt: skip
            if wanted:
                done = learned[learned["status"] == "completed"].groupby("course")["person"].agg(set)
                taken = [all(person in done.get(key, ()) for key in wanted) for person in on["person"]]
                yield from shares(on, taken, "step_measures", model, str(step), whole=True)
    yield "models", "occupations", "number", "all", float(len(covered & set(crowd.now["occupation"])))


def _groups(crowd: Crowd, held: pd.DataFrame, steps: pd.DataFrame) -> Iterator[Figure]:
    placed: dict[str, list[npt.NDArray[np.bool_]]] = {}
    for key, entry in roles().items():
        if entry["kind"] != "group" or (held["kind"] != key).all():
            continue
        mine = held[(held["kind"] == key) & ~(held["end"] < NOW)]
        people = crowd.of(crowd.now, entry["of"])
        people = people[people["person"].isin(mine["person"])]
        step = people["person"].map(step_on(steps, entry["ladder"], NOW))
        placed.setdefault(entry["ladder"], []).append(step.notna().to_numpy())
        yield "ladder_groups", "none", key, "all", float(step.isna().sum())
        for number in range(1, len(ladders()[entry["ladder"]]["steps"]) + 1):
            yield "ladder_groups", str(number), key, "all", float((step == number).sum())
    for ladder, parts in placed.items():
        yield "ladder_placed", ladder, "placed", "all", float(np.concatenate(parts).mean())


def _outcomes(crowd: Crowd, learned: pd.DataFrame) -> Iterator[Figure]:
    """Who of the participants in a programme for the future got there within two years of completing it."""
    occupations = np.array(crowd.history.town.occupations)[crowd.rows["occupation"]]
    for key, entry in programmes().items():
        done = learned[(learned["course"] == key) & (learned["status"] == "completed")]
        if entry["kind"] != "future" or done.empty:
            continue
        first = crowd.rows[np.isin(occupations, entry["becomes"])].groupby("person")["start"].min()
        end = pd.to_datetime(done["end"], unit="D")
        known = end + pd.DateOffset(years=2) <= pd.Timestamp("2025-12-31")
        reached = pd.to_datetime(done["person"].map(first), unit="D")
        became = (reached > end) & (reached <= end + pd.DateOffset(years=2))
        if known.any():
            yield "programme_outcomes", key, "became", "all", float(became[known].mean())


def _plans(crowd: Crowd, learned: pd.DataFrame) -> Iterator[Figure]:
    due = learned[(learned["planned"] > YEAR_AGO) & (learned["planned"] <= NOW)]
    kept = ((due["status"] == "completed") & (due["end"] <= due["planned"])).groupby(due["person"]).all()
    done = learned[(learned["status"] == "completed") & (learned["end"] > YEAR_AGO) & (learned["end"] <= NOW)]
    outside = done["planned"].isna().groupby(done["person"]).any()
    for row, by in (("in_time", kept), ("outside", outside)):
        people = crowd.now[crowd.now["person"].isin(by.index)]
        yield from shares(people, people["person"].map(by), "training_plan", row, "share")


def _stayed(crowd: Crowd, learned: pd.DataFrame) -> Iterator[Figure]:
    """Who was still monthly paid at the end of the first and third year after the one in which they completed."""
    known = {year: set(crowd.at(year)["person"]) for year in {*crowd.history.stocks, 2025}}
    for key, entry in programmes().items():
        mine = learned[learned["course"] == key]
        if entry["kind"] != "study" or mine.empty:
            continue
        mine = mine.sort_values("start", kind="stable").drop_duplicates("person", keep="last")
        done = mine[mine["status"] == "completed"]
        year = pd.to_datetime(done["end"], unit="D").dt.year
        for years in (1, 3):
            pairs = [(p, y + years) for p, y in zip(done["person"], year, strict=True) if y + years in known]
            if pairs:
                stayed = float(np.mean([person in known[at] for person, at in pairs]))
                yield "study_stayed", key, f"years_{years}", "all", stayed


def _unlicensed(crowd: Crowd, learned: pd.DataFrame) -> Iterator[Figure]:
    """Those in post without the licence of their occupation who study towards it, by the year they plan to be done."""
    towards = [key for key, entry in programmes().items() if entry["kind"] == "study" and entry["unqualified"]]
    going = learned[learned["course"].isin(towards) & (learned["status"] == "enrolled")]
    last = going.groupby("person")["end"].max()
    asks = dict(zip(crowd.history.town.occupations, crowd.history.town.licences, strict=True))
    people = crowd.now[~crowd.now["licensed"] & (crowd.now["occupation"].map(asks) != "")]
    people = people[people["person"].isin(last.index)]
    year = pd.to_datetime(people["person"].map(last), unit="D").dt.year.clip(lower=2026)
    for ends, number in year.value_counts().items():
        yield "unlicensed_end", "total", str(ends), "all", float(number)
