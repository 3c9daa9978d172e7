"""Behörighet as time taught, licensed full-time equivalents in preschool, and plans for one's development."""

from __future__ import annotations

import pandas as pd

from analysis.reference import load
from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import by_department
from analysis.workforce.indicators.named import figure, ratio, share
from analysis.workforce.spells import stock


def measuring_day(period_end: pd.Timestamp) -> pd.Timestamp:
    """The latest 15 October at or before the cut-off (Skolverket's measuring day)."""
    day = pd.Timestamp(period_end.year, 10, 15)
    return day if day <= period_end else pd.Timestamp(period_end.year - 1, 10, 15)


def taught_time(
    teaching: pd.DataFrame, rows: pd.DataFrame, departments: dict[str, str], *, at: pd.Timestamp
) -> pd.DataFrame:
    """Hours taught in subjects and years for which the teacher is qualified, over all hours taught.

    Hourly paid substitutes, student assistants and those employed for less than a month on the measuring day are left
    out, as Skolverket does. The counts that protection uses are teachers: those who taught only what they are qualified
    for, and all.

    Args:
        teaching: clean table ``teaching``; the latest measurement up to ``at`` counts.
        rows: result of ``workforce.spells.employment_rows``.
        departments: unit → department.
        at: the cut-off.
    """  # fmt: skip
    rules = load("definitions")["teaching"]
    past = teaching[teaching["measured"] <= at]
    day = past["measured"].max()
    if pd.isna(day):
        return facts([])
    people = stock(rows, day)
    since = day - pd.DateOffset(months=1)
    counted = people[(people["spell_start"] <= since) & ~people["occupation"].isin(rules["without_occupations"])]
    taught = past[(past["measured"] == day) & past["person"].isin(counted["person"])]
    taught = taught.assign(
        department=taught["unit"].map(departments), mine=taught["hours"].where(taught["qualified"].astype("bool"), 0.0)
    )
    wanted = {
        "taught_qualified": taught,
        "taught_qualified_compulsory": taught[taught["stage"].isin(rules["compulsory_stages"])],
        "taught_qualified_upper": taught[taught["stage"].isin(rules["upper_stages"])],
    }
    found = []
    for name, table in wanted.items():
        for department, part in by_department(table):
            each = part.groupby("person")[["hours", "mine"]].sum()
            wholly = int((each["mine"] >= each["hours"] - 1e-9).sum())
            value = ratio(each["mine"].sum(), each["hours"].sum())
            found.append(figure(name, department, value, len(each), numerator=wholly, denominator=len(each)))
    return facts(found)


def licensed_in_preschool(rows: pd.DataFrame, qualifications: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Agreed full-time equivalents with a preschool licence among those who work with children in preschool.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        qualifications: clean table ``qualifications``.
        at: the measuring day (``measuring_day``).
    """
    rules = load("definitions")["preschool"]
    people = stock(rows, at)
    people = people[people["occupation"].isin(rules["occupations"])]
    held = qualifications[qualifications["kind"] == rules["licence"]]
    held = held[held["valid_from"].isna() | (held["valid_from"] <= at)]
    people = people.assign(licensed=people["person"].isin(held["person"]))
    found = []
    for department, part in by_department(people):
        mine = part[part["licensed"]]
        value = ratio(mine["fte"].sum(), part["fte"].sum())
        found.append(
            figure("preschool_licensed_fte", department, value, len(part), numerator=len(mine), denominator=len(part))
        )
    return facts(found)


def current_plans(people: pd.DataFrame, plans: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Monthly paid with a development plan written or followed up in the last twelve months (U28121's rule)."""
    since = at - pd.DateOffset(years=1)
    held = set(plans.loc[(plans["made"] > since) & (plans["made"] <= at), "person"])
    return facts(
        share("development_plan", department, int(part["person"].isin(held).sum()), len(part))
        for department, part in by_department(people)
    )


def wanted_rate(rows: pd.DataFrame, people: pd.DataFrame, active: pd.Series) -> pd.DataFrame:
    """Monthly paid whose agreed rate is the one they want, of those whose wish is recorded.

    Rates are summed over a person's employments; a wish is the highest that any of them records.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        people: monthly paid in post (``workforce.spells.stock``).
        active: which rows are in post (``workforce.spells.in_post``).
    """
    wish = rows[active].groupby("person")["rate_wanted"].max()
    known = people.assign(wanted=people["person"].map(wish)).dropna(subset="wanted")
    return facts(
        share("wanted_rate", department, int(((part["fte"] - part["wanted"]).abs() < 0.005).sum()), len(part))
        for department, part in by_department(known)
    )
