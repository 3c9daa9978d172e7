"""Posts, vacancies, premises, and children or pupils per full-time equivalent: figures about more than persons."""

from __future__ import annotations

import pandas as pd

from analysis.reference import load
from analysis.tables.facts import facts
from analysis.workforce.indicators.basic import sums
from analysis.workforce.indicators.named import count, figure, ratio


def posts(people: pd.DataFrame) -> pd.DataFrame:
    """Monthly paid employments in force: a person with two is counted twice."""
    return facts(
        count("posts", department, int(of["posts"])) for department, of in sums(people, posts=("posts", "sum"))
    )


def vacancies(table: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Full-time equivalents advertised and not filled at ``at``, and median days to fill over twelve months.

    Args:
        table: clean table ``vacancies``.
        at: the cut-off.
    """
    still = table[(table["opened"] <= at) & (table["closed"].isna() | (table["closed"] > at))]
    found = [
        figure("vacancies_open", department, of["posts"], of["n"])
        for department, of in sums(still, posts=("posts", "sum"))
    ]
    ended = table[table["end_reason"] != "withdrawn"] if "end_reason" in table else table
    filled = ended[(ended["closed"] <= at) & (ended["closed"] > at - pd.DateOffset(years=1))]
    filled = filled.assign(days=(filled["closed"] - filled["opened"]).dt.days)
    found += [
        figure("time_to_fill", department, of["days"], of["n"])
        for department, of in sums(filled, days=("days", "median"))
    ]
    return facts(found)


def premises(finance: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Cost of premises over total cost in the latest calendar year that has ended at ``at``; sums, then the share."""
    last = at.year if (at.month, at.day) == (12, 31) else at.year - 1
    year = finance[finance["year"] == last]
    return facts(
        figure("premises_share", department, ratio(of["premises"], of["total"]), of["n"])
        for department, of in sums(year, premises=("premises_cost", "sum"), total=("total_cost", "sum"))
    )


def volume_per_fte(volumes: pd.DataFrame, people: pd.DataFrame, *, at: pd.Timestamp) -> pd.DataFrame:
    """Children, or pupils, per agreed full-time equivalent of those who work with them, in the cut-off's year.

    The newest vintage of the volumes counts. Occupations per kind are in ``definitions.toml``.

    Args:
        volumes: clean table ``volumes``.
        people: monthly paid in post (``workforce.spells.stock``).
        at: the cut-off.
    """
    year = volumes[volumes["year"] == at.year].sort_values("vintage", kind="stable")
    year = year.drop_duplicates(["department", "kind"], keep="last")
    found = []
    for rule in load("definitions")["per_fte"]:
        mine = year[year["kind"] == rule["kind"]]
        staff = people[people["occupation"].isin(rule["occupations"]) & people["department"].isin(mine["department"])]
        volume = dict(sums(mine, volume=("volume", "sum")))
        for department, of in sums(staff, fte=("fte", "sum")):
            value = ratio(volume[department]["volume"], of["fte"])
            found.append(figure(rule["definition"], department, value, of["n"]))
    return facts(found)
