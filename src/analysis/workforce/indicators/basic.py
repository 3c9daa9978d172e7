"""Indicators of who works here, each under the named definition in ``reference/data/definitions.toml``.

Every function returns facts (``tables.facts``) for each department and for the whole organisation (``all``).
Department figures are summed from persons, hours or exposure, never averaged from averages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.periods import cutoff, look_up, shift
from analysis.reference import occupations
from analysis.reference.bands import banding
from analysis.reference.parts import HIGH, LOW
from analysis.tables.facts import facts
from analysis.tables.licences import in_force
from analysis.tables.protected import ORGANISATION, TOTAL

LEVEL = round(HIGH - LOW, 2)
"""Probability of every interval shown, as in the forecasts."""


def by_department(table: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """Yield (department, rows) for the whole organisation first, then each department in order of its key."""
    yield ORGANISATION, table
    yield from ((str(key), part) for key, part in table.groupby("department", sort=True))


def sums(
    table: pd.DataFrame,
    *,
    whole: pd.DataFrame | None = None,
    departments: Sequence[str] | None = None,
    **measures: tuple[str, str],
) -> Iterator[tuple[str, dict[str, float]]]:
    """Yield (department, measures) in the order of ``by_department``, without making a table of each department.

    Args:
        table: rows with their department.
        whole: rows of the whole organisation where they are not simply those of ``table``.
        departments: the departments wanted, those of the table by default; one without rows has sums of nought.
        measures: name → (column, aggregation as pandas names it); ``n``, the number of rows, is always there.
    """
    everyone = table if whole is None else whole
    of_all = {name: everyone[column].agg(how) for name, (column, how) in measures.items()}
    yield ORGANISATION, {"n": len(everyone), **of_all}
    keys = sorted(table["department"].dropna().unique()) if departments is None else list(departments)
    wanted = table["department"].where(table["department"].isin(keys))
    places = wanted.astype(pd.CategoricalDtype(keys))
    grouped = table.groupby(places, observed=False)
    found = {name: grouped[column].agg(how).to_list() for name, (column, how) in measures.items()}
    # rows without a department have the code -1
    found["n"] = np.bincount(places.cat.codes + 1, minlength=len(keys) + 1)[1:].tolist()
    for key, *line in zip(keys, *found.values(), strict=True):
        yield str(key), dict(zip(found, line, strict=True))


def added(*columns: str) -> dict[str, Any]:
    """Measures for ``sums``: each column summed, under its own name."""
    return {name: (name, "sum") for name in columns}


def per_person(table: pd.DataFrame, columns: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """``columns`` summed per person: in each department, and in the whole, where a person in two of them is one."""
    keys = (["department", "person"], ["person"])
    own, whole = (table.groupby(key, as_index=False, sort=False)[columns].sum() for key in keys)
    return own, whole


def rate_interval(events: float, exposure: float) -> tuple[float, float]:
    """Interval of a rate, ``events`` over ``exposure`` (Jeffreys: gamma posterior, shape events + 1/2)."""
    from scipy import special  # half a second that `analysis check`, which shows no interval, does not spend

    tail = (1 - LEVEL) / 2
    low = 0.0 if events == 0 else special.gammaincinv(events + 0.5, tail) / exposure
    return float(low), float(special.gammaincinv(events + 0.5, 1 - tail) / exposure)


def share_interval(count: float, of: float) -> tuple[float, float]:
    """Interval of a share (Jeffreys, beta posterior with half counts)."""
    from scipy import special

    tail = (1 - LEVEL) / 2
    low = 0.0 if count == 0 else special.betaincinv(count + 0.5, of - count + 0.5, tail)
    high = 1.0 if count == of else special.betaincinv(count + 0.5, of - count + 0.5, 1 - tail)
    return float(low), float(high)


def headcount_and_fte(people: pd.DataFrame) -> pd.DataFrame:
    """Monthly paid in post and their agreed full-time equivalents, by occupation and in total.

    Args:
        people: result of ``workforce.spells.stock`` at the cut-off.
    """
    rows = []
    for department, part in by_department(people[["department", "occupation", "fte"]]):
        groups = part.groupby("occupation", sort=True)["fte"].agg(["size", "sum"])
        named = [(TOTAL, len(part), part["fte"].sum()), *groups.itertuples(name=None)]
        for row, n, fte in named:
            base = {"department": department, "row": str(row), "n": n, "numerator": n, "denominator": len(part)}
            rows.append({**base, "table": "headcount", "value": n, "unit": "persons", "definition": "headcount"})
            rows.append({**base, "table": "fte", "value": fte, "unit": "fte", "definition": "fte"})
    return facts(rows)


def hourly_fte(
    hours: pd.DataFrame, departments: dict[str, str], *, period: str, hours_per_month: float
) -> pd.DataFrame:
    """Full-time equivalents of the hourly paid over the last twelve months, from hours worked.

    Args:
        hours: clean table ``hours``.
        departments: unit → department.
        period: cut-off month.
        hours_per_month: hours of a full-time month (AB: 165).
    """
    recent = _last_year(hours, period).assign(department=lambda table: table["unit"].map(departments))
    rows = []
    for department, of in sums(recent, persons=("person", "nunique"), hours=("hours", "sum")):
        persons = of["persons"]
        rows.append(
            {
                "table": "fte", "department": department, "row": "hourly",
                "value": of["hours"] / (hours_per_month * 12), "unit": "fte",
                "n": persons, "numerator": persons, "denominator": persons, "definition": "fte_hourly",
            }
        )  # fmt: skip
    return facts(rows)


def _last_year(table: pd.DataFrame, period: str) -> pd.DataFrame:
    return table[(table["month"] > cutoff(shift(period, -12))) & (table["month"] <= cutoff(period))]


def shares(people: pd.DataFrame) -> pd.DataFrame:
    """Age structure (Kolada's bands) and share in full-time employment (N00206) among the monthly paid."""
    rows = []
    bands = {band: people["age"].between(*span) for band, span in banding("personnel").spans.items()}
    table = people[["department", "full_time"]].assign(known=people["age"] >= 0, **bands)
    counted = added("known", "full_time", *bands)
    for department, of in sums(table, **counted):
        for band in bands:
            rows.append(_share("age", department, band, int(of[band]), int(of["known"]), "age_structure"))
        rows.append(_share("full_time", department, TOTAL, int(of["full_time"]), int(of["n"]), "full_time"))
    return facts(rows)


def _share(
    table: str, department: str, row: str, count: int, of: int, definition: str, column: str = TOTAL
) -> dict[str, object]:
    base: dict[str, object] = {"table": table, "department": department, "row": row, "column": column}
    base |= {"unit": "share", "n": of, "numerator": count, "denominator": of, "definition": definition}
    if of == 0:
        return base
    low, high = share_interval(count, of)
    return {**base, "value": count / of, "low": low, "high": high}


def sick_leave(
    absences: pd.DataFrame,
    departments: dict[str, str],
    people: pd.DataFrame,
    *,
    period: str,
    table: str = "sick_leave",
) -> pd.DataFrame:
    """Sick leave in hours over ordinary hours, and the long-term share (60 days or more) of all sick hours.

    The statutory disclosure's groups (SFS 2002:1065): age reached in the calendar year; ``n`` is persons with
    an ordinary working time in the window.

    Args:
        absences: clean table ``absences``.
        departments: unit → department.
        people: DataFrame[person, sex, birth], one row per person.
        period: the window's last month.
        table: key of the table of facts.
    """
    recent = _last_year(absences, period)
    columns = ["person", "unit", "month", "ordinary_hours", "sick_hours", "sick_hours_long"]
    recent = recent.loc[recent["ordinary_hours"] > 0, columns]
    recent["department"] = recent["unit"].map(departments)
    # the first value that is known: a row of a person may lack what another row states
    for column in ("sex", "birth"):
        known = people.loc[people[column].notna(), ["person", column]].drop_duplicates("person")
        recent[column] = look_up(recent["person"], known.set_index("person")[column])
    recent["age"] = recent["month"].dt.year - recent["birth"].dt.year
    # long-term sick leave is a share of the sick hours for which it is recorded
    recent["sick_recorded"] = recent["sick_hours"].where(recent["sick_hours_long"].notna(), 0.0)
    groups = {"total": recent, "women": recent[recent["sex"] == "F"], "men": recent[recent["sex"] == "M"]}
    groups |= {band: recent[recent["age"].between(*span)] for band, span in banding("sick_leave").spans.items()}
    measures = added("ordinary_hours", "sick_hours", "sick_hours_long", "sick_recorded")
    measures["persons"] = ("person", "nunique")
    keys = sorted(recent["department"].dropna().unique())
    summed = {row: dict(sums(group, departments=keys, **measures)) for row, group in groups.items()}
    found = []
    for department in (ORGANISATION, *keys):
        for row in groups:
            of = summed[row][department]
            persons, ordinary, recorded = of["persons"], of["ordinary_hours"], of["sick_recorded"]
            base = {"table": table, "department": department, "row": row, "n": persons, "unit": "share"}
            base |= {"numerator": persons, "denominator": persons}
            share = of["sick_hours"] / ordinary if ordinary > 0 else np.nan
            of_which = of["sick_hours_long"] / recorded if recorded > 0 else np.nan
            found.append({**base, "column": "share", "value": share, "definition": "sick_leave"})
            found.append({**base, "column": "long", "value": of_which, "definition": "sick_leave_long"})
    return facts(found)


def qualified(people: pd.DataFrame, qualifications: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Share with the required licence among persons in occupations that need one, at ``at``."""
    needed = {key: entry["licence"] for key, entry in occupations().items() if "licence" in entry}
    held = in_force(qualifications, at)
    pairs = set(zip(held["person"], held["kind"], strict=True))
    part = people[people["occupation"].isin(list(needed))].copy()
    kinds = part["occupation"].map(needed)
    part["has"] = [pair in pairs for pair in zip(part["person"], kinds, strict=True)]
    return facts(
        _share("qualified", department, TOTAL, int(of["has"]), int(of["n"]), "qualified")
        for department, of in sums(part, has=("has", "sum"))
    )
