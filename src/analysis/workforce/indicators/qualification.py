"""Behörighet as time taught, licensed full-time equivalents in preschool, and plans for one's development."""

from __future__ import annotations

import pandas as pd

from analysis.reference import load
from analysis.tables.facts import facts
from analysis.tables.licences import in_force
from analysis.workforce.indicators.basic import per_person, sums
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
        own, whole = (
            each.assign(wholly=each["mine"] >= each["hours"] - 1e-9) for each in per_person(table, ["hours", "mine"])
        )
        summed = sums(own, whole=whole, hours=("hours", "sum"), mine=("mine", "sum"), wholly=("wholly", "sum"))
        for department, of in summed:
            value = ratio(of["mine"], of["hours"])
            found.append(figure(name, department, value, of["n"], numerator=int(of["wholly"])))
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
    held = in_force(held, at)
    licensed = people["person"].isin(held["person"])
    people = people[["department", "fte"]].assign(licensed=licensed, mine=people["fte"].where(licensed, 0.0))
    return facts(
        figure("preschool_licensed_fte", department, ratio(of["mine"], of["fte"]), of["n"], numerator=of["licensed"])
        for department, of in sums(people, fte=("fte", "sum"), mine=("mine", "sum"), licensed=("licensed", "sum"))
    )


def current_plans(people: pd.DataFrame, plans: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Monthly paid with a development plan written or followed up in the last twelve months (U28121's rule)."""
    since = at - pd.DateOffset(years=1)
    held = set(plans.loc[(plans["made"] > since) & (plans["made"] <= at), "person"])
    return facts(
        share("development_plan", department, int(of["planned"]), of["n"])
        for department, of in sums(people.assign(planned=people["person"].isin(held)), planned=("planned", "sum"))
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
    known["met"] = (known["fte"] - known["wanted"]).abs() < 0.005
    return facts(
        share("wanted_rate", department, int(of["met"]), of["n"]) for department, of in sums(known, met=("met", "sum"))
    )
