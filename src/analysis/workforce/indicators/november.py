"""The November population and the indicators that Kolada builds on it (N00053, N00098, N00200–N00248).

Everyone employed by the municipality under the main agreement at the end of November: monthly paid in post, and hourly
paid who worked more than eight hours in November. A person with several employments counts once, at the main one;
agreed and actual full-time equivalents are summed over all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.periods import cutoff, look_up, parse_period, whole_years
from analysis.reference import load
from analysis.reference.bands import banding
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION
from analysis.workforce.indicators.basic import added, sums
from analysis.workforce.indicators.named import count, figure, groups_of, ratio, share
from analysis.workforce.spells import MONTHLY, in_post, stock

HOURLY = "hourly"


def november(period: str) -> pd.Timestamp:
    """Last day of the latest November at or before the cut-off of ``period``."""
    month = parse_period(period)
    return cutoff(f"{month.year if month.month >= 11 else month.year - 1}-11")


def main_agreement(rows: pd.DataFrame) -> pd.DataFrame:
    """Employments under the main agreement; those whose agreement is not recorded are taken to be."""
    if "agreement" not in rows:
        return rows
    return rows[rows["agreement"].isna() | rows["agreement"].isin(load("definitions")["november"]["agreements"])]


def november_staff(
    rows: pd.DataFrame, hours: pd.DataFrame | None, departments: dict[str, str], *, at: pd.Timestamp
) -> pd.DataFrame:
    """The November population on day ``at``.

    Args:
        rows: result of ``workforce.spells.employment_rows``.
        hours: clean table ``hours``; None where the delivery has none (no hourly paid are then counted).
        departments: unit → department.
        at: last day of November.

    Returns:
        DataFrame[person, department, occupation, form, agreed, actual, fte, fte_actual, on_leave, age, sex, hours], one
        row per person. ``agreed`` and ``actual`` are the rates of the main employment (actual NaN where none is
        recorded at all), ``hours`` those worked in November by the hourly paid.
    """
    rows = main_agreement(rows)
    people = stock(rows, at)
    held = rows[in_post(rows, at) & rows["form"].isin(MONTHLY)]
    actual = held["rate_actual"] if "rate_actual" in held else pd.Series(np.nan, index=held.index)
    if actual.notna().any():
        actual = actual.fillna(held["rate"])
    held = held[["person", "rate", "start", "source_row"]].assign(actual=actual.astype("float64"))
    held = held.sort_values(["rate", "start", "source_row"], ascending=[False, True, True], kind="stable")
    grouped = held.groupby("person")
    of_person = grouped.agg(agreed=("rate", "first"), actual=("actual", "first"))
    of_person["fte_actual"] = grouped["actual"].sum(min_count=1)
    staff = people[["person", "department", "occupation", "form", "fte", "age", "sex"]].join(of_person, on="person")
    staff["on_leave"] = staff["fte_actual"] == 0
    staff["hours"] = 0.0
    if hours is None:
        return staff
    return pd.concat([staff, _hourly(rows, hours, departments, set(staff["person"]), at)], ignore_index=True)


def _hourly(
    rows: pd.DataFrame, hours: pd.DataFrame, departments: dict[str, str], monthly: set[str], at: pd.Timestamp
) -> pd.DataFrame:
    """Hourly paid who worked more than the least hours in November and are not monthly paid as well."""
    worked = hours[hours["month"] == at.replace(day=1)]
    worked = worked[~worked["person"].isin(monthly)]
    worked = worked.sort_values(["hours", "source_row"], ascending=[False, True], kind="stable")
    total = worked.groupby("person")["hours"].sum()
    main = worked.drop_duplicates("person").set_index("person").assign(hours=total)
    main = main[main["hours"] > load("definitions")["november"]["more_than_hours"]].reset_index()
    known = rows[["person", "birth", "sex"]].drop_duplicates("person").set_index("person")
    occupation = main["occupation"] if "occupation" in main else pd.Series("unknown", index=main.index)
    return pd.DataFrame(
        {
            "person": main["person"],
            "department": main["unit"].map(departments),
            "occupation": occupation.fillna("unknown"),
            "form": HOURLY,
            "fte": 0.0,
            "age": whole_years(pd.to_datetime(look_up(main["person"], known["birth"])), at),
            "sex": look_up(main["person"], known["sex"]),
            "on_leave": False,
            "hours": main["hours"],
        }
    )


def staff_counts(staff: pd.DataFrame, *, hourly: bool, actual: bool) -> pd.DataFrame:
    """Monthly paid, by form, hourly paid, everyone, and those on full leave (N00053, N00071/72, N00230–N00233).

    Args:
        staff: result of ``november_staff``.
        hourly: whether the delivery holds hours of the hourly paid.
        actual: whether it holds actual rates.
    """
    found: list[dict[str, Any]] = []
    forms = {form: staff["form"] == form for form in (*MONTHLY, HOURLY)}
    counted = added(*forms, "on_leave")
    for department, of in sums(staff[["department", "on_leave"]].assign(**forms), **counted):
        monthly = int(sum(of[form] for form in MONTHLY))
        found += [
            count("n00053", department, monthly),
            count("n00071", department, int(of["permanent"])),
            count("n00072", department, int(of["temporary"])),
        ]
        if hourly:
            found += [count("n00230", department, int(of[HOURLY])), count("n00231", department, of["n"])]
        if actual:
            found.append(count("n00232", department, int(of["on_leave"]), of=monthly))
    return facts(found)


def form_shares(staff: pd.DataFrame) -> pd.DataFrame:
    """Permanent, temporary and hourly paid as shares of everyone employed (N00200, N00201, N00202)."""
    names = {"n00200": "permanent", "n00201": "temporary", "n00202": HOURLY}
    return facts(
        share(name, department, int((part["form"] == form).sum()), len(part))
        for department, part in groups_of(staff, *names)
        for name, form in names.items()
    )


def worked_time(staff: pd.DataFrame, *, hours_per_month: float) -> pd.DataFrame:
    """Share of November's worked time by form (N00203, N00204, N00205).

    Worked time of the monthly paid is their actual rate of a full-time month; the counts that protection uses are the
    persons whose time it is.

    Args:
        staff: result of ``november_staff``, with actual rates.
        hours_per_month: hours of a full-time month (AB: 165).
    """
    names = {"n00203": "permanent", "n00204": "temporary", "n00205": HOURLY}
    worked = staff["hours"] + staff["fte_actual"].fillna(0) * hours_per_month
    table = staff.assign(worked=worked)[worked > 0]
    found = []
    for department, part in groups_of(table, *names):
        for name, form in names.items():
            mine = part[part["form"] == form]
            value = ratio(mine["worked"].sum(), part["worked"].sum())
            found.append(figure(name, department, value, len(part), numerator=len(mine), denominator=len(part)))
    return facts(found)


def agreed_rates(staff: pd.DataFrame) -> pd.DataFrame:
    """Full time and part time as agreed, of all monthly paid (N00206, N00207, N00208 and the count N00223)."""
    found = []
    for department, of in _by_rate(staff[staff["form"] != HOURLY], "agreed"):
        for name, length in (("n00206", "full"), ("n00207", "long"), ("n00208", "short")):
            found.append(share(name, department, int(of[length]), of["n"]))
        found.append(count("n00223", department, int(of["full"]), of=of["n"]))
    return facts(found)


def _by_rate(staff: pd.DataFrame, column: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Persons in full time, in long and in short part time by the rate in ``column``, and their actual rates' sum."""
    full = staff[column] > 1 - 1e-9
    long = ~full & (staff[column] > 0.75 - 1e-9)
    table = staff[["department", "fte_actual"]].assign(full=full, long=long, short=~full & ~long)
    return sums(table, full=("full", "sum"), long=("long", "sum"), short=("short", "sum"), fte=("fte_actual", "sum"))


def actual_rates(staff: pd.DataFrame) -> pd.DataFrame:
    """Full time and part time as worked, and the mean rate, without those on full leave (N00209–N00211, N00242)."""
    found = []
    for department, of in _by_rate(staff[(staff["form"] != HOURLY) & ~staff["on_leave"]], "actual"):
        for name, length in (("n00209", "full"), ("n00210", "long"), ("n00211", "short")):
            found.append(share(name, department, int(of[length]), of["n"]))
        found.append(figure("n00242", department, ratio(of["fte"], of["n"]), of["n"]))
    return facts(found)


def annual_workers(staff: pd.DataFrame, *, hours_per_month: float) -> pd.DataFrame:
    """Kolada's årsarbetare: actual rates of the monthly paid and hours of the hourly paid (N00098).

    The counts that protection uses are those who work their agreed rate: what differs from the sum of agreed rates is
    the partial or full leave of the others.

    Args:
        staff: result of ``november_staff``, with actual rates and hours.
        hours_per_month: hours of a full-time month (AB: 165).
    """
    found = []
    table = staff[["department", "fte_actual", "hours"]]
    table = table.assign(wholly=(staff["form"] == HOURLY) | np.isclose(staff["fte_actual"].fillna(0), staff["fte"]))
    for department, of in sums(table, fte=("fte_actual", "sum"), hours=("hours", "sum"), wholly=("wholly", "sum")):
        value = of["fte"] + of["hours"] / hours_per_month
        found.append(figure("n00098", department, value, of["n"], numerator=int(of["wholly"])))
    return facts(found)


def occupation_series(staff: pd.DataFrame, *, hourly: bool, hours_per_month: float) -> pd.DataFrame:
    """Kolada's series by occupation: monthly paid, and årsarbetare where actual rates and hours are held.

    For the whole organisation; which of our occupations make up each is in ``definitions.toml``.

    Args:
        staff: result of ``november_staff``.
        hourly: whether actual rates and hours of the hourly paid are delivered.
        hours_per_month: hours of a full-time month (AB: 165).
    """
    found = []
    for name, series in load("definitions")["november"]["occupations"].items():
        part = staff[staff["occupation"].isin(series["occupations"])]
        found.append(count(name, ORGANISATION, int((part["form"] != HOURLY).sum())))
        if hourly:
            value = part["fte_actual"].sum() + part["hours"].sum() / hours_per_month
            found.append(figure(series["fte"], ORGANISATION, value, len(part)))
    return facts(found)


PERSONNEL, OLDER = banding("personnel").spans, banding("older").spans
AGES = dict(zip(("n00212", "n00213", "n00214"), PERSONNEL.values(), strict=True)) | {
    "n00245": OLDER["55_64"],
    "n00246": OLDER["65_plus"],
}
AGE_COUNTS = {"n00219": PERSONNEL["55_plus"], "n00247": OLDER["55_64"], "n00248": OLDER["65_plus"]}


def ages(staff: pd.DataFrame) -> pd.DataFrame:
    """Age bands of everyone employed, as shares (N00212–14, N00245/46) and numbers (N00219, N00247/48)."""
    found = []
    for department, part in groups_of(staff[staff["age"] >= 0], *AGES, *AGE_COUNTS):
        for name, (low, high) in AGES.items():
            found.append(share(name, department, int(part["age"].between(low, high).sum()), len(part)))
        for name, (low, high) in AGE_COUNTS.items():
            found.append(count(name, department, int(part["age"].between(low, high).sum()), of=len(part)))
    return facts(found)


def women(staff: pd.DataFrame) -> pd.DataFrame:
    """Share of women among the monthly paid, those on leave included (N00222)."""
    known = staff[(staff["form"] != HOURLY) & staff["sex"].notna()]
    return facts(
        share("n00222", department, int((part["sex"] == "F").sum()), len(part))
        for department, part in groups_of(known, "n00222")
    )


def permanent_flows(before: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """New and gone permanent staff, November to November (N00215, N00216, number of new N00239).

    Persons are compared in the whole municipality: who moved between departments is neither new nor gone, nor is one
    who was temporary in between. A conversion to permanent employment is new, as Kolada counts it.

    Args:
        before: ``november_staff`` of the year before.
        now: ``november_staff`` of this year.
    """
    then = set(before.loc[before["form"] == "permanent", "person"])
    here = set(now.loc[now["form"] == "permanent", "person"])
    new, gone, of = len(here - then), len(then - here), len(then)
    return facts(
        [
            share("n00215", ORGANISATION, new, of),
            share("n00216", ORGANISATION, gone, of),
            count("n00239", ORGANISATION, new),
        ]
    )
