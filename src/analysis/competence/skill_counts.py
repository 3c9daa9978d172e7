"""The skill gap now, and what it changes by: counts of groups, no row about a person leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import pandas as pd

from analysis.competence.levels import Catalogue, Records, levels
from analysis.competence.requirements import DEMAND, PAIR, demands, needed
from analysis.tables.competence_rows import QUALIFIED, balance
from analysis.tables.joins import join
from analysis.tables.protected import ORGANISATION

STATES = ["cell", "model", "level", "persons"]
MOVES = ["model", "occupation", "before", "after", "persons"]
NEWCOMERS = ["model", "occupation", "level", "persons"]
NOW = [*PAIR, "model", "step", "needed", "held", "unclear", "missing", "assessed", "staff"]
YEAR = pd.DateOffset(years=1)
DAYS = 365.25
AGAIN = 18
"""Months: two assessments at most so far apart tell how fast levels change."""
ONLY_CHANGES, PAIRS = 0.9, 20
"""Where more than this share of so many repeated assessments brought a change, only changes are written down."""


def told_models(requirements: pd.DataFrame, records: Records, catalogue: Catalogue) -> list[str]:
    """Models that somebody is asked for and the delivery says something about, in order."""
    asked = sorted(set(demands(requirements)["model"]))
    return [model for model in asked if records.tell(model, catalogue)]


def skill_states(
    people: pd.DataFrame, requirements: pd.DataFrame, records: Records, catalogue: Catalogue, *, at: pd.Timestamp
) -> pd.DataFrame:
    """How many of each risk cell stand where, for every model that is asked of their occupation.

    Args:
        people: DataFrame[person, occupation, cell], the monthly paid in post at ``at``; ``cell`` is the place of their
            risk cell among the open ones.
        requirements: clean table ``requirements``.
        records: what the delivery says.
        catalogue: what the reference data says.
        at: the cut-off.

    Returns:
        DataFrame[STATES]; level 0 is not assessed. The persons of a cell sum to those at risk in it, model by model.
    """
    wanted, found = demands(requirements), []
    for model in told_models(requirements, records, catalogue):
        mine = people[people["occupation"].isin(wanted.loc[wanted["model"] == model, "occupation"])]
        level = levels(mine, model, records, catalogue, at=at)
        found.append(mine.assign(model=model, level=level, persons=1)[STATES])
    return _summed(found, STATES)


def skill_changes(
    stocks: Mapping[pd.Timestamp, pd.DataFrame],
    requirements: pd.DataFrame,
    records: Records,
    catalogue: Catalogue,
    *,
    studied: pd.DataFrame | None,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How those who stayed a year moved between levels, and where newcomers stood at the end of their first year.

    A move on a ladder is told by two assessments, one at most 18 months before the other, over the years between them;
    who was not assessed again tells nothing, but where assessments are written down only when they change something:
    there silence means that the level is the same. Who gained a licence by a known study path is left out: the paths
    are counted by themselves. A window that begins before a register or a ladder has been in use for a year is left
    out, too: what is written down when a register begins was there before.

    Args:
        stocks: yearly cut-offs, oldest first → DataFrame[person, occupation, …] of the monthly paid.
        requirements: clean table ``requirements``.
        records: what the delivery says.
        catalogue: what the reference data says.
        studied: DataFrame[person, end, target_occupation] of completed pipelines, or None.

    Returns:
        DataFrame[MOVES] in person-years, each move as one, and DataFrame[NEWCOMERS] in persons, summed over the
        windows.
    """
    wanted = demands(requirements)
    moved, joined = [], []
    days = list(stocks)
    for model in told_models(requirements, records, catalogue):
        occupations = wanted.loc[wanted["model"] == model, "occupation"].unique()
        for begin, end in pairwise(days):
            settled = [name for name in occupations if _since(model, str(name), records, catalogue) <= begin - YEAR]
            before, after = (stocks[day][stocks[day]["occupation"].isin(settled)] for day in (begin, end))
            here = after.assign(after=levels(after, model, records, catalogue, at=end))
            came = here[~here["person"].isin(stocks[begin]["person"])]
            joined.append(came.assign(model=model, level=came["after"], persons=1)[NEWCOMERS])
            was = before[["person", "occupation"]].assign(before=levels(before, model, records, catalogue, at=begin))
            stayed, _ = join(was, here[["person", "occupation", "after"]], ["person", "occupation"], how="inner",
                             validate="one_to_one", name="levels a year later")  # fmt: skip
            told = _years(stayed, model, records, catalogue, begin, end)
            if model == QUALIFIED and studied is not None:
                told = told.mask(_by_study(stayed, studied, begin, end), 0.0)
            moved.append(_person_years(stayed, told).assign(model=model)[MOVES])
    return _summed(moved, MOVES, persons="float64"), _summed(joined, NEWCOMERS)


def _summed(parts: list[pd.DataFrame], columns: list[str], *, persons: str = "int64") -> pd.DataFrame:
    """Persons summed over equal keys; the same types where there is nothing to sum."""
    filled = [part for part in parts if len(part)]
    table = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=columns)
    words = [name for name in columns if name in ("model", "occupation")]
    kinds = {name: "str" if name in words else "int64" for name in columns} | {"persons": persons}
    return table.astype(kinds).groupby(columns[:-1], as_index=False)[["persons"]].sum()


def _since(model: str, occupation: str, records: Records, catalogue: Catalogue) -> pd.Timestamp:
    """The first day on record of a ladder, a competence or the licence of an occupation; undated records: always."""
    if model == QUALIFIED and records.qualifications is not None:
        mine = records.qualifications["kind"] == catalogue.licences.get(occupation)
        first = records.qualifications.loc[mine, "valid_from"].min()
    else:
        course = catalogue.competences.get(model, {}).get("course")
        parts = []
        if records.competence is not None:
            parts.append(records.competence.loc[records.competence["model"] == model, "assessed"])
        if records.training is not None and course is not None:
            parts.append(records.training.loc[records.training["course"] == course, "end"])
        first = pd.concat(parts).min() if parts else pd.NaT
    return pd.Timestamp.min if pd.isna(first) else pd.Timestamp(first)


def _years(
    stayed: pd.DataFrame, model: str, records: Records, catalogue: Catalogue, begin: pd.Timestamp, end: pd.Timestamp
) -> pd.Series:
    """Years that what is known of a person tells of; nought where it tells nothing."""
    if model not in catalogue.ladders or records.competence is None:
        return pd.Series(1.0, index=stayed.index)
    own = records.competence[records.competence["model"] == model]
    last = own[own["assessed"] <= begin].groupby("person")["assessed"].max()
    again = own[(own["assessed"] > begin) & (own["assessed"] <= end)].groupby("person")["assessed"].max()
    first, second = stayed["person"].map(last), stayed["person"].map(again)
    twice = first.notna() & second.notna()
    changed = (stayed["before"] != stayed["after"])[twice]
    if len(changed) >= PAIRS and changed.mean() > ONLY_CHANGES:
        years = first.notna().astype("float64")
    else:
        near = twice & (first >= second - pd.DateOffset(months=AGAIN))
        years = ((second - first).dt.days / DAYS).where(near, 0.0).astype("float64")
    return years.mask(stayed["before"] == 0, 1.0)


def _person_years(stayed: pd.DataFrame, years: pd.Series) -> pd.DataFrame:
    """Each move once, and the years without one on the level that was held: yearly rates are moves over both."""
    moved = (stayed["before"] != stayed["after"]) & (years > 0)
    moves = stayed[moved].assign(persons=1.0)
    rest = (years - moved).clip(lower=0.0)
    still = stayed[rest > 0].assign(persons=rest[rest > 0])
    return pd.concat([moves, still.assign(after=still["before"])], ignore_index=True)


def _by_study(stayed: pd.DataFrame, studied: pd.DataFrame, begin: pd.Timestamp, end: pd.Timestamp) -> pd.Series:
    done = studied[(studied["end"] > begin) & (studied["end"] <= end)]
    finished = pd.MultiIndex.from_frame(done[["person", "target_occupation"]])
    return pd.Series(pd.MultiIndex.from_frame(stayed[["person", "occupation"]]).isin(finished), index=stayed.index)


def skill_now(
    states: pd.DataFrame,
    cells: pd.DataFrame,
    requirements: pd.DataFrame,
    catalogue: Catalogue,
    *,
    year: int,
    until: Sequence[int] = (),
) -> pd.DataFrame:
    """The skill gap at the cut-off, department by department and in the whole organisation.

    Args:
        states: result of ``skill_states``.
        cells: open risk cells, DataFrame[department, occupation, at_risk, …]; ``states`` names them by position.
        requirements: clean table ``requirements``.
        catalogue: what the reference data says.
        year: the cut-off's year.
        until: later years of the forecast.

    Returns:
        DataFrame[NOW] in persons, small departments included. In a department needed = min(held, needed) + unclear +
        missing; the whole (``all``) has the departments' sums. staff: those in the occupation. ``held`` and
        ``assessed`` are NaN where the delivery says nothing of the model.
    """
    staff = cells.groupby(PAIR, as_index=False)[["at_risk"]].sum().rename(columns={"at_risk": "persons"})
    table = needed(requirements, staff, year=year, until=until)
    staff = staff.rename(columns={"persons": "staff"})
    table, _ = join(table, staff, PAIR, name="staff by occupation")
    counts = level_counts(states, cells)
    wanted = [catalogue.wanted(model, step) for model, step in zip(table["model"], table["step"], strict=True)]
    table = table.assign(wanted=wanted)
    keys = [*PAIR, "model", "step"]
    both, _ = join(
        table[[*keys, "wanted"]], counts, [*PAIR, "model"], how="inner", validate="many_to_many", name="levels held"
    )
    both["held"] = both["persons"].where(both["level"] >= both["wanted"], 0)
    both["assessed"] = both["persons"].where(both["level"] > 0, 0)
    sums = both.groupby(keys, as_index=False)[["held", "assessed"]].sum()
    table, _ = join(table, sums, keys, name="held by requirement")
    rest = (table["staff"] - table["assessed"]).to_numpy(dtype=float)
    unclear, missing = balance(table["needed"].to_numpy(dtype=float), table["held"].to_numpy(dtype=float), rest)
    table = table.assign(unclear=unclear, missing=missing)
    # more than enough in one department fills no place in another
    whole = table.groupby(DEMAND, as_index=False)[NOW[4:]].sum(min_count=1)
    return pd.concat([whole.assign(department=ORGANISATION), table], ignore_index=True)[NOW]


def level_counts(states: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Persons by level: DataFrame[department, occupation, model, level, persons]."""
    places = cells[PAIR].reset_index(drop=True).rename_axis("cell").reset_index()
    table, _ = join(states, places, "cell", name="levels by risk cell")
    return table.groupby([*PAIR, "model", "level"], as_index=False)[["persons"]].sum()
