"""Forecast groups: nobody is forecast in a group below the policy's minimum, in no table and on no page."""

from __future__ import annotations

import pandas as pd

from analysis.periods import look_up
from analysis.reference import CAUSES
from analysis.tables.joins import join
from analysis.workforce.flows import CELL

OTHER = "other_occupations"
POOLED = "small_departments"
KEYS = ["group_department", "group_occupation"]


def forecast_groups(at_risk: pd.DataFrame, *, minimum: int) -> pd.DataFrame:
    """Pool departments and occupations upward until every group holds at least ``minimum`` persons.

    Departments below the minimum form one pooled department. If they are still too few together, they are forecast with
    the largest department, which they change least and which keeps its name and its report (``joined`` says so): no
    department large enough for a report loses it because others are small. Within a department, occupations below the
    minimum form ``other_occupations``; if they are still too few, the smallest other occupation joins them.

    Args:
        at_risk: DataFrame[department, occupation, at_risk], persons at the forecast's origin.
        minimum: least number of persons in a group.

    Returns:
        DataFrame[department, occupation, group_department, group_occupation, at_risk], one row per pair in
        ``at_risk``.
    """
    counts = at_risk.groupby(["department", "occupation"], as_index=False).agg(at_risk=("at_risk", "sum"))
    departments = _departments(counts.groupby("department")["at_risk"].sum(), minimum)
    counts["group_department"] = counts["department"].map(departments)
    pooled = {
        (department, occupation): group
        for department, part in counts.groupby("group_department")
        for occupation, group in pool(part.groupby("occupation")["at_risk"].sum(), OTHER, minimum).items()
    }
    pairs = zip(counts["group_department"], counts["occupation"], strict=True)
    counts["group_occupation"] = pd.Series([pooled[pair] for pair in pairs], index=counts.index, dtype="str")
    return counts.reindex(columns=["department", "occupation", *KEYS, "at_risk"])


def _departments(sizes: pd.Series, minimum: int) -> dict[str, str]:
    """The forecast group of each department."""
    small = sizes[sizes < minimum]
    name = POOLED
    if 0 < small.sum() < minimum and len(small) < len(sizes):
        name = str(sizes.sort_index().idxmax())
    return {key: name if key in small.index else key for key in sizes.index}


def joined(groups: pd.DataFrame) -> dict[str, list[str]]:
    """Small departments that are forecast with a large one, by the key of the large one; mostly none.

    Args:
        groups: result of ``forecast_groups``.
    """
    own = groups.drop_duplicates("department")
    guests = own[(own["group_department"] != own["department"]) & (own["group_department"] != POOLED)]
    return {str(key): sorted(part["department"]) for key, part in guests.groupby("group_department")}


def by_sex(person_years: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The persons of the risk cells by sex: counts to sum forecasts by, never a covariate of one.

    Args:
        person_years: result of ``workforce.person_years``.
        rows: result of ``employment_rows``.

    Returns:
        DataFrame[*CELL, sex, at_risk, *CAUSES] of closed windows; sex is F, M or '' where it is not known.
    """
    closed = person_years[~person_years["open"]]
    sex = rows.drop_duplicates("person").set_index("person")["sex"]
    flags = {cause: (closed["cause"] == cause).astype("float64") for cause in CAUSES}
    table = closed.assign(sex=look_up(closed["person"], sex).fillna("").astype("str"), at_risk=1, **flags)
    keys = [*CELL, "sex"]
    return table.groupby(keys, as_index=False, sort=True, dropna=False)[["at_risk", *CAUSES]].sum()


def pool(sizes: pd.Series, name: str, minimum: int) -> dict[str, str]:
    """Keys to themselves, small ones to ``name``; the smallest others join while the small are too few together."""
    ordered = sizes.reset_index().set_axis(["key", "size"], axis=1).sort_values(["size", "key"])
    small = set(ordered.loc[ordered["size"] < minimum, "key"])
    rest = [key for key in ordered["key"] if key not in small]
    while small and rest and ordered.loc[ordered["key"].isin(small), "size"].sum() < minimum:
        small.add(rest.pop(0))
    return {key: name if key in small else key for key in sizes.index}


def sum_to_groups(table: pd.DataFrame, groups: pd.DataFrame, *, by: list[str], values: list[str]) -> pd.DataFrame:
    """Sum ``values`` of (department, occupation) rows over forecast groups; nothing is lost on the way.

    A pair without anyone at risk (a vacancy for an occupation nobody holds, a unit since closed) joins the
    largest group of its department, or the largest group of all where the department has none.

    Args:
        table: DataFrame[department, occupation, *by, *values].
        groups: result of ``forecast_groups``.
        by: further keys to keep.
        values: columns to sum.

    Returns:
        DataFrame[department, occupation, *by, *values] keyed by forecast group.
    """
    largest = groups.sort_values(["at_risk", "department", "occupation"], ascending=[False, True, True])
    pairs = groups[["department", "occupation", *KEYS]]
    joined, _ = join(table, pairs, ["department", "occupation"], name="forecast groups")
    of_department = largest.drop_duplicates("department").set_index("department")
    for key in KEYS:
        joined[key] = joined[key].fillna(joined["department"].map(of_department[key])).fillna(largest[key].iloc[0])
    joined = joined.drop(columns=["department", "occupation"]).rename(
        columns=dict(zip(KEYS, ["department", "occupation"], strict=True))
    )
    return joined.groupby(["department", "occupation", *by], as_index=False)[values].sum()
