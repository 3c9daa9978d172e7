"""Staff that overlaps with the stock or stands beside it: hourly paid, on full leave, in post without the licence.

Each is counted at every yearly cut-off together with its own flows: who came, who went and where to. Rows about
persons go in; counts per department and occupation come out.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.reference import occupations
from analysis.tables.licences import in_force
from analysis.workforce.episodes import MONTHLY
from analysis.workforce.spells import in_post, stock

HOURLY, ON_LEAVE, UNLICENSED = "hourly", "absence_cover", "unqualified"
WANTS_MORE = "wants_more"
"""Monthly paid who want a higher rate than they have; their full-time equivalents are what they want beyond it."""
COLUMNS = ["compartment", "origin", "department", "occupation", "part", "persons", "fte"]
LEAST_WISH = 0.005
"""Share of full time: below it a wish is the rate that one has."""
HELD = ["person", "department", "occupation", "fte"]


def compartments(
    rows: pd.DataFrame,
    departments: Mapping[str, str],
    *,
    hours: pd.DataFrame | None,
    qualifications: pd.DataFrame | None,
    origins: list[str],
    hours_per_month: float,
    windows: int = 3,
) -> pd.DataFrame:
    """Stock and yearly flows of the three compartments.

    * ``hourly``: full-time equivalents of hours worked in the twelve months up to the cut-off, over twelve full-time
      months. Flows out: ``converted`` (monthly paid at the next cut-off), ``left``.
    * ``absence_cover``: agreed full-time equivalents of those on full leave, whose work others cover. Flows out:
      ``returned``, ``left``. A delivery without actual rates has none.
    * ``unqualified``: in post in an occupation that needs a licence, without it. Flows out: ``qualified``, ``left``
      (the contract, which may hold at most one year at a time, was not renewed, or another post).
    * ``wants_more``: those who want a higher rate than they have, at the last cut-off only.

    Args:
        rows: result of ``employment_rows``.
        departments: unit → department.
        hours: clean table ``hours`` or None.
        qualifications: clean table ``qualifications`` or None.
        origins: yearly cut-offs, oldest first.
        hours_per_month: hours of a full-time month.
        windows: latest windows to count flows in.

    Returns:
        ``contracts`` Compartments; ``stock`` is at ``origin``, the other parts happened in the twelve months after it:
        flows out as above (negative), ``came``, and ``changed`` (other rate or hours of those who stay, 0 persons).
    """
    cutoffs = origins[-(windows + 1) :]
    people = {origin: stock(rows, cutoff(origin)) for origin in cutoffs}
    found = []
    if hours is not None and len(hours):
        covered = [origin for origin in cutoffs if _covers(hours, origin)]
        held = {origin: _hourly(hours, departments, origin, hours_per_month) for origin in covered}
        found += _flows(HOURLY, held, {origin: (people[origin]["person"], "converted") for origin in covered})
    if "rate_actual" in rows and rows["rate_actual"].notna().any():
        held = {origin: _on_leave(rows, people[origin], origin) for origin in cutoffs}
        found += _flows(ON_LEAVE, held, {origin: (people[origin]["person"], "returned") for origin in cutoffs})
    if qualifications is not None and len(qualifications):
        split = {origin: _licensed(people[origin], qualifications, origin) for origin in cutoffs}
        held = {origin: now[~now["has"]][HELD] for origin, now in split.items()}
        found += _flows(
            UNLICENSED, held, {origin: (now.loc[now["has"], "person"], "qualified") for origin, now in split.items()}
        )
    if "rate_wanted" in rows and rows["rate_wanted"].notna().any():
        found.append(_wanting(rows, people[cutoffs[-1]], cutoffs[-1]))
    if not found:
        return pd.DataFrame(columns=COLUMNS)
    keys = ["compartment", "origin", "department", "occupation", "part"]
    table = pd.concat(found, ignore_index=True).groupby(keys, as_index=False)[["persons", "fte"]].sum()
    # rows come in the order of the pseudonyms, and the last bits of a floating sum depend on that
    return table.assign(fte=table["fte"].round(9) + 0.0)[COLUMNS]


def _covers(hours: pd.DataFrame, origin: str) -> bool:
    """Were hours recorded from the first to the last of the twelve months?"""
    months = hours["month"]
    begins = cutoff(shift(origin, -12)) + pd.Timedelta(days=1)
    return bool(months.min() <= begins and months.max() >= cutoff(shift(origin, -1)))


def _hourly(hours: pd.DataFrame, departments: Mapping[str, str], origin: str, hours_per_month: float) -> pd.DataFrame:
    """Hourly paid of the last twelve months; a person counts where most of the hours were worked."""
    year = hours[(hours["month"] > cutoff(shift(origin, -12))) & (hours["month"] <= cutoff(origin))]
    year = year.assign(
        department=year["unit"].map(dict(departments)), occupation=year["occupation"].fillna("unknown")
    ).dropna(subset="department")
    sums = year.groupby(["person", "department", "occupation"], as_index=False)[["hours"]].sum()
    most = sums.sort_values(["person", "hours", "department", "occupation"], ascending=[True, False, True, True])
    total = sums.groupby("person")["hours"].sum()
    most = most.drop_duplicates("person")
    return most.assign(fte=most["person"].map(total) / (12 * hours_per_month))[HELD]


def _on_leave(rows: pd.DataFrame, people: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Those whose every monthly post is on full leave."""
    held = rows[in_post(rows, cutoff(origin)) & rows["form"].isin(MONTHLY)]
    away = held.groupby("person")["on_leave"].all()
    return people[people["person"].isin(away.index[away])][HELD]


def _wanting(rows: pd.DataFrame, people: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Those who want a higher rate than they have; a person's wish is the highest that an employment records.

    Where wishes are recorded and nobody wants more, there is a row that says so.
    """
    held = rows[in_post(rows, cutoff(origin)) & rows["form"].isin(MONTHLY)]
    wish = people["person"].map(held.groupby("person")["rate_wanted"].max())
    beyond = (wish.clip(upper=1.0) - people["fte"])[wish.notna()]
    wants = beyond > LEAST_WISH
    told = people.loc[wish.notna(), HELD].assign(persons=wants.astype(float), fte=beyond.where(wants, 0.0))
    return told.assign(compartment=WANTS_MORE, origin=origin, part="stock")[COLUMNS]


def _licensed(people: pd.DataFrame, qualifications: pd.DataFrame, origin: str) -> pd.DataFrame:
    """Persons in occupations that need a licence, and whether they have it."""
    needed = {key: entry["licence"] for key, entry in occupations().items() if "licence" in entry}
    at = cutoff(origin)
    known = in_force(qualifications, at)
    pairs = pd.MultiIndex.from_frame(known[["person", "kind"]])
    part = people[people["occupation"].isin(list(needed))]
    wanted = pd.MultiIndex.from_arrays([part["person"], part["occupation"].map(needed)])
    return part[HELD].assign(has=wanted.isin(pairs))


def _flows(
    name: str, held: Mapping[str, pd.DataFrame], elsewhere: Mapping[str, tuple[pd.Series, str]]
) -> list[pd.DataFrame]:
    """Stocks at each cut-off and what changed them until the next one.

    Args:
        name: the compartment.
        held: cut-off → those in it.
        elsewhere: cut-off → persons that one may have gone to, and what going there is called.
    """
    found = []
    held = {origin: now.astype({"fte": "float64"}) for origin, now in held.items()}
    for origin, now in held.items():
        found.append(now.assign(origin=origin, part="stock", persons=1.0))
        after = held.get(shift(origin, 12))
        if after is None:
            continue
        there, label = elsewhere[shift(origin, 12)]
        gone = now[~now["person"].isin(after["person"])]
        part = np.where(gone["person"].isin(there), label, "left")
        found.append(gone.assign(origin=origin, part=part, persons=-1.0, fte=-gone["fte"]))
        came = after[~after["person"].isin(now["person"])]
        found.append(came.assign(origin=origin, part="came", persons=1.0))
        # who stays may have moved: counted out of one department and into the other
        before = now[now["person"].isin(after["person"])]
        stays = after[after["person"].isin(before["person"])]
        found.append(before.assign(origin=origin, part="changed", persons=-1.0, fte=-before["fte"]))
        found.append(stays.assign(origin=origin, part="changed", persons=1.0))
    return [part.assign(compartment=name)[COLUMNS] for part in found]
