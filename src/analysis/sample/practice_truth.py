"""The truth about practices: what every count of them is, from what was drawn and not from the files.

Rows are figures: table, row, column, department ("all" for the whole), value. A share of nobody has no row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.reference.practices import edges, programmes, reported, roles
from analysis.sample.practised import NOW, YEAR_AGO, Crowd
from analysis.sample.skills import day

Figure = tuple[str, str, str, str, float]
COLUMNS = ["table", "row", "column", "department", "value"]
TEACHERS = ("teacher_lower", "teacher_upper", "teacher_secondary")
LEADERS = ["school_leader", "care_leader", "leader"]
IN_POST = ("manager", "method", "role", "targeted")


def practice_truth(
    crowd: Crowd,
    *,
    learned: pd.DataFrame,
    courses: pd.DataFrame,
    held: pd.DataFrame,
    mentored: pd.DataFrame,
    told: pd.DataFrame,
    spoken: pd.DataFrame,
    more: Iterable[Figure] = (),
) -> pd.DataFrame:
    """Every figure that can be told from what was drawn.

    Args:
        crowd: who is and was employed.
        learned: programmes and studies (``practised.training``).
        courses: the courses of the business plan with days (``practised.attended``).
        held: roles (``assigned.assignments``).
        mentored: mentorships (``assigned.mentoring``).
        told: what departments report (``assigned.follow_up``).
        spoken: assessments of Swedish (``assigned.swedish``).
        more: figures told by others (``career_truth``, ``figure_truth``).
    """
    figures = [
        *_programmes(crowd, learned), *_studies(crowd, learned, courses), *_roles(crowd, held),
        *_titles(crowd, held), *_introduction(crowd, learned), *_mentors(crowd, mentored), *_managers(crowd, courses),
        *_mix(crowd, spoken), *_told(told), *more,
    ]  # fmt: skip
    return pd.DataFrame(figures, columns=COLUMNS)


def shares(
    people: pd.DataFrame, yes: Any, table: str, row: str, column: str, *, whole: bool = False
) -> Iterator[Figure]:
    """Share of some persons with an attribute, of all of them and by department; nothing of nobody."""
    yes = np.asarray(yes, dtype=bool)
    if len(people):
        yield table, row, column, "all", float(yes.mean())
    if not whole:
        for key in sorted(people["department"].unique()):
            yield table, row, column, key, float(yes[(people["department"] == key).to_numpy()].mean())


def _with(people: pd.DataFrame, rows: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """Those who have a row, with columns of it."""
    mine, by_person = people[people["person"].isin(rows["person"])], rows.set_index("person")
    return mine.assign(**{name: by_person[name].loc[mine["person"]].to_numpy() for name in columns})


def _programmes(crowd: Crowd, learned: pd.DataFrame) -> Iterator[Figure]:
    for key, entry in programmes().items():
        if entry["kind"] not in IN_POST:
            continue
        done = learned[(learned["course"] == key) & (learned["status"] == "completed")]
        if entry["due"]:
            done = done[done["end"] < day(np.datetime64(entry["due"], "M") + 1)]
        if entry["yearly"]:
            done = done[done["end"] > YEAR_AGO]
        people = crowd.of(crowd.now, entry["of"])
        whole = bool(entry["of"]) and set(entry["of"]) <= set(LEADERS)
        yield from shares(people, people["person"].isin(done["person"]), "programmes", key, "completed", whole=whole)


def _studies(crowd: Crowd, learned: pd.DataFrame, courses: pd.DataFrame) -> Iterator[Figure]:
    every = pd.concat([learned, courses.reindex(columns=learned.columns)], ignore_index=True)
    for key, entry in programmes().items():
        mine = every[every["course"] == key]
        if entry["kind"] != "study" or mine.empty:
            continue
        mine = mine.sort_values("start").drop_duplicates("person", keep="last")
        recent = mine[(mine["start"] > day("2020-12-31")) | (mine["status"] == "enrolled")]
        for row, status in (("in_study", "enrolled"), ("completed", "completed"), ("dropped", "dropped")):
            yield "studies", row, key, "all", float((recent["status"] == status).sum())
        yield "studies", "started", key, "all", float(len(recent))
        lately = (mine["status"] == "completed") & (mine["end"] > YEAR_AGO) & mine["person"].isin(crowd.now["person"])
        yield "studies_year", "started", key, "all", float((mine["start"] > YEAR_AGO).sum())
        yield "studies_year", "completed", key, "all", float(lately.sum())
        studying = mine[mine["status"] == "enrolled"].set_index("person")["work_share"]
        people = crowd.now[crowd.now["person"].isin(studying.index)]
        if len(people):
            given = people["rate"] * (1 - people["person"].map(studying).astype(float))
            yield "study_time", key, "fte", "all", float(given.sum())
        if entry["unqualified"]:
            people = crowd.of(crowd.now, entry["of"])
            people = people[~people["licensed"]]
            begun = mine[mine["status"] != "dropped"]["person"]
            yield from shares(people, people["person"].isin(begun), "study_begun", key, "share", whole=True)


def _roles(crowd: Crowd, held: pd.DataFrame) -> Iterator[Figure]:
    gone = set(crowd.at(2024)["person"]) - set(crowd.now["person"])
    for key, entry in roles().items():
        mine = held[held["kind"] == key]
        if mine.empty:
            continue
        now = mine[mine["end"].isna() | (mine["end"] >= NOW)]
        now = now.sort_values("start").drop_duplicates("person")
        people = crowd.of(crowd.now, entry["of"])
        holds = people["person"].isin(now["person"])
        if entry["kind"] == "group":
            yield "ladder_groups", "total", key, "all", float(holds.sum())
            continue
        if entry["kind"] in ("rotation", "team"):
            days = np.minimum(mine["end"].fillna(NOW), NOW) - np.maximum(mine["start"], YEAR_AGO) + 1
            long = mine[days >= (28 if entry["kind"] == "rotation" else 0)]
            yield "across", key, "persons", "all", float(crowd.now["person"].isin(long["person"]).sum())
            continue
        yield from shares(people, holds, "role_holders", key, "share")
        if entry["places"]:
            by_unit = holds.groupby(people["unit"]).any()
            yield "role_places", key, "covered", "all", float(by_unit.mean())
        if entry["kind"] == "title":
            continue
        before = crowd.of(crowd.at(2024), entry["of"])
        then = mine[(mine["start"] <= YEAR_AGO) & (mine["end"].isna() | (mine["end"] >= YEAR_AGO))]
        was = before["person"].isin(then["person"])
        for column, which in (("holders", was), ("others", ~was)):
            yield from shares(before[which], before[which]["person"].isin(gone), "role_left", key, column, whole=True)
        holders = _with(people[holds], now, ("start", "supplement"))
        if len(holders):
            yield "role_time", key, "months", "all", float(((NOW - holders["start"]) / (365.25 / 12)).median())
            inside = holders["hired"] < holders["start"]
            yield "role_internal", key, "share", "all", float(inside.mean())
        paid = holders.loc[holders["supplement"] > 0, "supplement"]
        if len(paid):
            yield "role_supplement", key, "median", "all", float(paid.median())
        if entry["new"] and len(holders):
            yield "role_posts", key, "fte", "all", crowd.posts(holders)


def _titles(crowd: Crowd, held: pd.DataFrame) -> Iterator[Figure]:
    """Moves of the last year along the edges that end in a role."""
    for key, edge in edges().items():
        mine = held[held["kind"] == edge["role"]]
        if mine.empty:
            continue
        now = set(mine[mine["end"].isna() | (mine["end"] >= NOW)]["person"]) & set(crowd.now["person"])
        then = mine[(mine["start"] <= YEAR_AGO) & (mine["end"].isna() | (mine["end"] >= YEAR_AGO))]
        yield "careers", key, "moved", "all", float(len(now - set(then["person"])))


def _introduction(crowd: Crowd, learned: pd.DataFrame) -> Iterator[Figure]:
    for key, entry in programmes().items():
        if entry["kind"] != "introduction":
            continue
        people = crowd.of(crowd.now, entry["of"])
        people = people[(people["hired"] > YEAR_AGO) & (people["hired"] + 60 <= NOW)]
        end = learned[learned["course"] == key].set_index("person")["end"]
        days = people["person"].map(end) - people["hired"]
        whole = bool(entry["of"]) and set(entry["of"]) <= set(LEADERS)
        yield from shares(people, days <= 60, "introduction", key, "share", whole=whole)
        if days.notna().any():
            yield "introduction_days", key, "median", "all", float(days.median())


def _mentors(crowd: Crowd, mentored: pd.DataFrame) -> Iterator[Figure]:
    new = mentored[mentored["kind"] == "newcomer"]
    people = crowd.of(crowd.now, ["social_worker", "needs_assessor"])
    people = people[(people["hired"] > YEAR_AGO) & (people["hired"] + 30 <= NOW)]
    first = people["person"].map(new.set_index("person")["start"])
    yield from shares(people, first <= people["hired"] + 30, "introduction", "mentor_in_time", "share")
    going = new[new["end"].isna()]
    mine = crowd.now[crowd.now["person"].isin(going["person"])]
    late = mine["person"].isin(going[going["planned"] < NOW]["person"])
    yield from shares(mine, late, "introduction", "mentor_overdue", "share", whole=True)
    period = mentored[(mentored["kind"] == "introduction") & (mentored["start"] > YEAR_AGO)]
    mine = _with(crowd.now, period, ("mentor", "start", "planned", "post"))
    yield from shares(mine, mine["planned"] - mine["start"] >= 300, "introduction", "period_full", "share")
    yield from shares(mine, mine["post"] == "ja", "introduction", "period_post", "share")
    kind = dict(zip(crowd.history.town.occupations, crowd.history.town.licences, strict=True))
    pairs = zip(mine["mentor"].tolist(), mine["occupation"].map(kind).tolist(), strict=True)
    yield from shares(mine, [pair in crowd.licensed for pair in pairs], "introduction", "period_licence", "share")
    if len(mine):
        yield (
            "introduction",
            "period_named",
            "share",
            "all",
            float((mine["mentor"] >= 0).groupby(mine["unit"]).all().mean()),
        )
    leaders = crowd.of(crowd.now, LEADERS)
    has = leaders["person"].isin(mentored[mentored["kind"] == "manager"]["person"])
    long = leaders["hired"] <= day("2022-12-31")
    for row, which in (("managers_new", ~long), ("managers_experienced", long)):
        yield from shares(leaders[which], has[which], "introduction", row, "share", whole=True)


def _managers(crowd: Crowd, courses: pd.DataFrame) -> Iterator[Figure]:
    mine = courses[courses["course"] == "chefsprogram"].drop_duplicates("person", keep="last")
    done = mine[mine["status"] == "completed"]
    leaders = crowd.of(crowd.now, LEADERS)
    finished = leaders["person"].isin(done[done["end"] <= NOW]["person"])
    yield "manager_coverage", "2025-12", "completed", "all", float(finished.mean())
    for start, members in done.groupby("start"):
        row = str(np.datetime64("1970-01-01") + np.timedelta64(int(float(str(start))), "D"))[:7]
        yield "manager_rounds", row, "all_days", "all", float((members["days"] >= 5).mean())
        yield "manager_days", row, "mean", "all", float(members["days"].mean())
        # three calendar months after the last day; talks are planted well before or not at all
        over = members[members["end"] + 92 <= NOW]
        if len(over) == len(members):
            yield "manager_rounds", row, "followed_up", "all", float(over["followed_up"].notna().mean())
    before = crowd.of(crowd.at(2024), LEADERS)
    gone = ~before["person"].isin(crowd.now["person"])
    taken = before["person"].isin(done[done["end"] <= YEAR_AGO]["person"])
    for column, which in (("completed", taken), ("others", ~taken)):
        yield from shares(before[which], gone[which], "manager_left", "total", column, whole=True)


def _mix(crowd: Crowd, spoken: pd.DataFrame) -> Iterator[Figure]:
    assistants, teachers = crowd.of(crowd.now, ["student_assistant"]), crowd.of(crowd.now, list(TEACHERS))
    if teachers["rate"].sum() > 0:
        ratio = float(10 * crowd.posts(assistants) / crowd.posts(teachers))
        yield "role_mix", "assistants_per_teacher", "ratio", "all", ratio
    care = crowd.of(crowd.now, ["care_assistant", "assistant_nurse"])
    yield from shares(care, care["occupation"] == "assistant_nurse", "least_level", "assistant_nurse", "share")
    passed = care["person"].isin(spoken[spoken["held"]]["person"])
    yield from shares(care, passed, "least_level", "swedish", "share")


def _told(told: pd.DataFrame) -> Iterator[Figure]:
    for (kind, year), rows in told.groupby(["kind", "year"]):
        entry, done, base = reported()[str(kind)], rows["done"].sum(), rows["base"].sum()
        table = "reported"
        if entry["persons"]:
            table = "reported_shares" if entry["value"] == "share" else "reported_persons"
        if entry["value"] == "number":
            value = float(done)
        elif base > 0:
            value = float(done / base) * (100 if entry["value"] == "per_100" else 1)
        else:
            continue
        yield table, str(kind), "now" if year == 2025 else "before", "all", value
