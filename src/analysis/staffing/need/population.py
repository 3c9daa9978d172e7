"""Volumes from a population forecast by one-year ages, in variants with weights, and need from budgeted posts.

    volume(kind, year) = Σ over ages of population(age, year) · participation(kind, age)

Where a forecast comes in variants, the expected population is their weighted mean; the variants themselves go into the
simulation (``staffing.need.variants``). The vintage is named in every table: a newer one has changed such forecasts
more than anything else.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.periods import cutoff, shift
from analysis.tables.joins import join

VOLUMES = ["department", "kind", "year", "volume", "vintage"]
NEED = ["department", "occupation", "year", "fte", "level"]
ONLY = "(one)"
"""Name of the variant of a forecast that has one only."""


def alternatives(population: pd.DataFrame) -> pd.DataFrame:
    """The variants of the newest vintage, with weights that sum to one.

    Args:
        population: clean table ``population``: year, age, persons, vintage; ``variant`` and ``weight`` may be empty
            (one variant, or equal weights; where only some have a weight the others count for nothing).

    Returns:
        DataFrame[variant, weight, year, age, persons, vintage].

    Raises:
        InputError: a variant has several weights, no variant has any, or one lacks years or ages that another has: the
            mean of what is left would be no forecast.
    """
    newest = population[population["vintage"] == population["vintage"].max()]
    newest = newest.assign(variant=newest["variant"].fillna(ONLY), weight=newest["weight"].astype("float64"))
    where = f"population forecast {newest['vintage'].iloc[0]}"
    several = newest.groupby("variant")["weight"].nunique()
    if (several > 1).any():
        raise InputError(f"{where}: the variant {several.idxmax()} has several weights; give all of its rows the same")
    weights = newest.groupby("variant")["weight"].first()
    weights = weights.fillna(1.0) if weights.isna().all() else weights.fillna(0.0)
    if weights.sum() <= 0:
        raise InputError(f"{where}: every variant has the weight 0; give at least one of them a weight above it")
    newest = newest.groupby(["variant", "year", "age", "vintage"], as_index=False)[["persons"]].sum()
    held = newest.groupby("variant").size()
    every = len(newest[["year", "age"]].drop_duplicates())
    if (held < every).any():
        raise InputError(
            f"{where}: the variant {held.idxmin()} has {held.min()} of {every} years and ages; every variant needs "
            "the same"
        )
    newest["weight"] = newest["variant"].map(weights / weights.sum())
    return newest[["variant", "weight", "year", "age", "persons", "vintage"]]


def expected_population(population: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The newest vintage's weighted mean of variants, and how far they lie apart.

    Args:
        population: clean table ``population``.

    Returns:
        DataFrame[year, age, persons, vintage], and DataFrame[year, mean, sd, low, high] of the total by year over the
        variants (sd weighted; low and high the outermost).
    """
    found = alternatives(population)
    weighted = found.assign(persons=found["persons"] * found["weight"])
    mean = weighted.groupby(["year", "age"], as_index=False)[["persons"]].sum()
    weights = found.groupby("variant")["weight"].first()
    totals = found.pivot_table(index="year", columns="variant", values="persons", aggfunc="sum")[list(weights.index)]
    level = (totals * weights).sum(axis=1)
    sd = np.sqrt((totals.sub(level, axis=0) ** 2 * weights).sum(axis=1))
    spread = pd.DataFrame({"mean": level, "sd": sd, "low": totals.min(axis=1), "high": totals.max(axis=1)})
    return mean.assign(vintage=found["vintage"].iloc[0]), spread.reset_index()


def volumes_from_population(population: pd.DataFrame, participation: pd.DataFrame) -> pd.DataFrame:
    """Children, pupils and users by department and year, in the form of clean table ``volumes``.

    Args:
        population: DataFrame[year, age, persons, vintage] of one vintage, such as that of ``expected_population``.
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


def volumes_of_vintages(population: pd.DataFrame, participation: pd.DataFrame) -> pd.DataFrame:
    """Expected volumes of every vintage: the newest for the need, the earlier ones to judge forecasts by."""
    tables = [
        volumes_from_population(expected_population(made)[0], participation)
        for _, made in population.groupby("vintage", sort=True)
    ]
    return pd.concat(tables, ignore_index=True)


def budget_change(budget: pd.DataFrame, *, period: str, years: int) -> tuple[pd.DataFrame, list[str]]:
    """Change in need from budgeted posts, as of ``from_volumes.need_change``; ``level`` is the cut-off year's budget.

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
