"""Who a figure is about: target groups at the cut-off, per department and in the whole organisation."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from analysis.tables.protected import ORGANISATION

MONTHLY = ("permanent", "temporary")


def target_group(people: pd.DataFrame, occupations: Iterable[str], forms: Iterable[str] = MONTHLY) -> pd.DataFrame:
    """Persons of ``people`` who belong to a target group, once per department.

    Args:
        people: DataFrame[person, department, occupation, form, …] at the cut-off.
        occupations: occupation ids; empty means every occupation.
        forms: employment forms that count.

    Returns:
        DataFrame[person, department].
    """
    wanted = list(occupations)
    chosen = people[people["form"].isin(list(forms)) & people["department"].notna()]
    if wanted:
        chosen = chosen[chosen["occupation"].isin(wanted)]
    return chosen[["person", "department"]].drop_duplicates()


def with_whole(group: pd.DataFrame) -> pd.DataFrame:
    """Add the whole organisation (department ``all``), where every person counts once.

    Args:
        group: DataFrame[person, department, …] with one row per person and department.
    """
    whole = group.drop_duplicates("person").assign(department=ORGANISATION)
    return pd.concat([whole, group], ignore_index=True)


def departments_of(people: pd.DataFrame, departments: Iterable[str] | None = None) -> list[str]:
    """``all`` and then every department, in order of key: those given, or those that hold somebody."""
    found = people["department"].dropna() if departments is None else departments
    return [ORGANISATION, *sorted({str(key) for key in found} - {ORGANISATION})]
