"""Who reaches the ages that matter for retirement, by calendar year; apart from the forecast of who retires."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.reference import load
from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import sums
from analysis.workforce.indicators.named import count

MONTHS = 36


def age_in(table: list[dict[str, Any]], year: int) -> int:
    """The age that holds in calendar ``year``: that of the latest entry from that year or before, else the first.

    A year after the last entry has the last age: it is not decided yet, as the data file says.
    """
    begun = [entry for entry in table if entry["from"] <= year]
    return int((begun[-1] if begun else table[0])["age"])


def reaching(people: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Monthly paid who reach riktålder, or the LAS age, within 36 months of ``at``, and who have reached them.

    A person reaches the age in the first month in which the person is as old as that calendar year's age. Birth is
    known by month. Ages by calendar year: ``pension_ages.toml``.

    Args:
        people: result of ``workforce.spells.stock`` at ``at``; rows without birth are left out.
        at: the cut-off.
    """
    known = people[people["birth"].notna()]
    months_old = (at.year - known["birth"].dt.year) * 12 + at.month - known["birth"].dt.month
    old = months_old.to_numpy()
    found = []
    for name, past, key in (
        ("reach_riktalder_3y", "past_riktalder", "riktalder"),
        ("reach_las_age_3y", "past_las_age", "las"),
    ):
        table = load("pension_ages")[key]
        there = old // 12 >= age_in(table, at.year)
        years = {ahead: at.year + (at.month - 1 + ahead) // 12 for ahead in range(1, MONTHS + 1)}
        later = np.logical_or.reduce([(old + ahead) // 12 >= age_in(table, year) for ahead, year in years.items()])
        reached = known[["department"]].assign(there=there, later=later & ~there)
        for department, of in sums(reached, there=("there", "sum"), later=("later", "sum")):
            found.append(count(name, department, int(of["later"])))
            found.append(count(past, department, int(of["there"])))
    return facts(found)
