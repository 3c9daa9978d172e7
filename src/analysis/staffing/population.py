"""Volumes from a population forecast by one-year ages, in variants with weights, and need from budgeted posts.

    volume(kind, year) = Σ over ages of population(age, year) · participation(kind, age)

Where a forecast comes in variants, the expected population is their weighted mean, and the spread between them is kept
beside it. The vintage is named in every table: a newer one has changed such forecasts more than anything else.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.tables.joins import join

VOLUMES = ["department", "kind", "year", "volume", "vintage"]
NEED = ["department", "occupation", "year", "fte", "level"]


def expected_population(population: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The newest vintage's weighted mean of variants, and how far they lie apart.

    Args:
        population: clean table ``population``: year, age, persons, vintage; ``variant`` and ``weight`` may be empty
            (one variant, or equal weights).

    Returns:
        DataFrame[year, age, persons, vintage], and DataFrame[year, mean, sd, low, high] of the total by year over the
        variants (sd weighted; low and high the outermost).
    """
    newest = population[population["vintage"] == population["vintage"].max()]
    newest = newest.assign(variant=newest["variant"].fillna(""), weight=newest["weight"].astype("float64"))
    weights = newest.groupby("variant")["weight"].first()
    weights = weights.fillna(1.0) if weights.isna().all() else weights.fillna(0.0)
    weights = weights / weights.sum()
    share = newest["variant"].map(weights)
    mean = newest.assign(persons=newest["persons"] * share).groupby(["year", "age"], as_index=False)[["persons"]].sum()
    totals = newest.pivot_table(index="year", columns="variant", values="persons", aggfunc="sum")[list(weights.index)]
    level = (totals * weights).sum(axis=1)
    sd = np.sqrt((totals.sub(level, axis=0) ** 2 * weights).sum(axis=1))
    spread = pd.DataFrame({"mean": level, "sd": sd, "low": totals.min(axis=1), "high": totals.max(axis=1)})
    return mean.assign(vintage=newest["vintage"].iloc[0]), spread.reset_index()


def volumes_from_population(population: pd.DataFrame, participation: pd.DataFrame) -> pd.DataFrame:
    """Children, pupils and users by department and year, in the form of clean table ``volumes``.

    Args:
        population: result of ``expected_population``.
        participation: clean table ``participation``: department, kind, age_low, age_high, share (of the municipality's
            persons of those ages who are served in that department).
    """
    columns = ["department", "kind", "age_low", "age_high", "share"]
    rows = []
    for department, kind, low, high, share in participation[columns].itertuples(index=False, name=None):
        ages = population[population["age"].between(low, high)]
        served = ages.groupby("year")["persons"].sum() * share
        rows.append(pd.DataFrame({"department": department, "kind": kind, "year": served.index, "volume": served}))
    table = pd.concat(rows, ignore_index=True)
    table = table.groupby(["department", "kind", "year"], as_index=False)[["volume"]].sum()
    return table.assign(vintage=population["vintage"].iloc[0])[VOLUMES]


def budget_change(budget: pd.DataFrame, *, period: str, years: int) -> tuple[pd.DataFrame, list[str]]:
    """Change in need from budgeted posts, in the form of ``need.need_change``; ``level`` is the cut-off year's budget.

    Args:
        budget: clean table ``budgeted_posts``: department, occupation, year, posts.
        period: cut-off month.
        years: forecast years.

    Returns:
        DataFrame[department, occupation, year (1…years), fte, level], and notes.
    """
    first = cutoff(period).year
    wide = budget.pivot_table(index=["department", "occupation"], columns="year", values="posts", aggfunc="sum")
    if first not in wide.columns:
        return pd.DataFrame(columns=NEED), [f"budgeted posts lack the year {first}"]
    targets = [cutoff(shift(period, 12 * ahead)).year for ahead in range(1, years + 1)]
    reach = max(int(year) for year in wide.columns)
    notes = [f"budgeted posts end in {reach}; later years keep that year's"] if reach < targets[-1] else []
    wide = wide.reindex(columns=range(first, max(reach, targets[-1]) + 1)).ffill(axis=1).dropna(subset=first)
    parts = [
        pd.DataFrame({"year": ahead, "fte": wide[target] - wide[first], "level": wide[first]}).reset_index()
        for ahead, target in enumerate(targets, start=1)
    ]
    return pd.concat(parts, ignore_index=True)[NEED], notes


def opening_from_budget(budget: pd.DataFrame, staff: pd.DataFrame, *, period: str) -> pd.DataFrame:
    """Opening gap where the delivery has no vacancies: budgeted posts of the cut-off's year less those in post.

    Args:
        budget: clean table ``budgeted_posts``.
        staff: DataFrame[department, occupation, fte] in post.
        period: cut-off month.

    Returns:
        DataFrame[department, occupation, fte]; negative where more are in post than the budget has. Staff of
        departments and occupations without a budget are left out.
    """
    keys = ["department", "occupation"]
    now = budget[budget["year"] == cutoff(period).year].groupby(keys, as_index=False)[["posts"]].sum()
    held = staff.groupby(keys, as_index=False)[["fte"]].sum()
    both, _ = join(now, held, keys, name="budgeted posts → staff in post")
    return both.assign(fte=both["posts"] - both["fte"].fillna(0.0))[[*keys, "fte"]]


def combined(*sources: pd.DataFrame | None) -> pd.DataFrame | None:
    """One change in need from several sources: a department and occupation follows the first source that knows it."""
    known = [source for source in sources if source is not None and len(source)]
    if not known:
        return next((source for source in sources if source is not None), None)
    result = known[0]
    for source in known[1:]:
        have = pd.MultiIndex.from_frame(result[["department", "occupation"]])
        new = ~pd.MultiIndex.from_frame(source[["department", "occupation"]]).isin(have)
        result = pd.concat([result, source[new]], ignore_index=True)
    return result[NEED]
