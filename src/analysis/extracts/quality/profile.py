"""A delivery described by counts and shares in which nobody can be found, so that the next one can be compared.

One long table: what is measured (``table``, ``column``, ``measure``, ``key``), its ``value``, and ``n``, the rows or
persons behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis.extracts.delivery import Delivery
from analysis.extracts.quality.wording import limits
from analysis.extracts.rows.staging import CleanTables
from analysis.reference import policy
from analysis.tables.clean import TABLES
from analysis.tables.keys import level_word

COLUMNS = ["table", "column", "measure", "key", "value", "n"]
TYPES = dict.fromkeys(COLUMNS[:4], "str") | {"value": "float64", "n": "int64"}
PLACES = ("unit", "parent", "successor", "department", "activity", "indicator", "duplicate_of")
"""Key columns that name a place or an entry, not a category."""
QUANTILES = {"q10": 0.1, "median": 0.5, "q90": 0.9}
CLIMBS = 20
"""Levels of an organisation; more would be a circle."""

Line = tuple[str, str, str, str, float, int]


def profile(delivery: Delivery, *, least: int = 1) -> pd.DataFrame:
    """Describe a delivery without rows.

    Args:
        delivery: What was read.
        least: Smallest count of persons that is kept. A smaller category or department is left out; a month with
            fewer hires or exits, but not none, has no value.

    Returns:
        Columns ``COLUMNS``. Measures: ``rows``; ``empty`` and ``zero`` (shares); ``mean``, ``q10``, ``median`` and
        ``q90`` of numbers (of pay ``zero`` and the quantiles, in two digits); ``category`` (persons, or rows where
        there are none); ``department`` (persons employed at the extraction); ``hires`` and ``exits`` per month.
    """
    lines: list[Line] = []
    for name in delivery.tables:
        rows = delivery.tables.rows(name)
        lines.append((name, "", "rows", "", float(rows), rows))
        if rows >= limits()["min_rows"]:
            lines += _columns(name, delivery.tables, least=least)
    base = base_table(delivery)
    if base:
        lines += [
            (base, "unit", "department", key, float(number), number)
            for key, number in headcount(delivery, extraction(delivery)).items()
            if number >= least
        ]
        for measure, series in movements(delivery).items():
            for month, number in series.items():
                small = 0 < number < least
                value, n = (float("nan"), 0) if small else (float(number), int(number))
                lines.append((base, "start" if measure == "hires" else "end", measure, str(month), value, n))
    return pd.DataFrame(lines, columns=COLUMNS).astype(TYPES)


def _columns(name: str, tables: CleanTables, *, least: int) -> Iterator[Line]:
    for column, spec in TABLES[name].items():
        values = tables.column(name, column)
        filled = values.dropna()
        yield name, column, "empty", "", float(values.isna().mean()), len(values)
        if len(filled) < limits()["min_rows"]:
            continue
        if spec.personal:
            if spec.kind == "number" and len(filled) >= policy().pay.tails:
                # pay: where it lies and how often it is nought, no more, so that nobody's own sum is kept
                yield name, column, "zero", "", float(f"{(filled == 0).mean():.2g}"), len(filled)
                for measure, share in QUANTILES.items():
                    yield name, column, measure, "", float(f"{filled.quantile(share):.2g}"), len(filled)
        elif spec.kind in ("number", "integer"):
            numbers = filled.astype("float64")
            yield name, column, "zero", "", float((numbers == 0).mean()), len(numbers)
            yield name, column, "mean", "", float(numbers.mean()), len(numbers)
            for measure, share in QUANTILES.items():
                yield name, column, measure, "", float(numbers.quantile(share)), len(numbers)
        elif spec.kind == "key" and column not in PLACES and filled.nunique() <= limits()["most_categories"]:
            persons = tables.column(name, "person") if "person" in TABLES[name] else values.index.to_series()
            for key, number in persons.groupby(values, sort=True).nunique().items():
                if number >= least:
                    yield name, column, "category", str(key), float(number), int(number)


def base_table(delivery: Delivery) -> str:
    """The table that says who is employed: ``employments``, else ``snapshots``, else nothing."""
    return next((name for name in ("employments", "snapshots") if delivery.tables.rows(name)), "")


def extraction(delivery: Delivery) -> pd.Timestamp:
    """The day of extraction."""
    return pd.Timestamp(delivery.manifest.delivery.extracted)


def employed(delivery: Delivery, day: pd.Timestamp) -> pd.DataFrame:
    """Person, unit, form and rate of those employed on ``day``; of yearly lists, the latest that is not later."""
    base = base_table(delivery)
    if base == "employments":
        table = delivery.tables.read(base, ["person", "unit", "form", "rate", "start", "end"])
        return table[(table["start"] <= day) & (table["end"].isna() | (table["end"] >= day))]
    table = delivery.tables.read(base, ["person", "unit", "form", "rate", "snapshot"])
    return table[table["snapshot"] == table.loc[table["snapshot"] <= day, "snapshot"].max()]


def departments(delivery: Delivery, units: pd.Series) -> pd.Series:
    """The department of each unit: its ancestor on the level that gets reports, the unit itself where there is none."""
    organisation = delivery.tables.get("organisation")
    if organisation is None or organisation.empty:
        return units
    newest = organisation.sort_values("valid_from", na_position="first", kind="stable").drop_duplicates(
        "unit", keep="last"
    )
    node = newest.set_index("unit")
    parents, wanted = node["parent"].dropna().to_dict(), level_word(delivery.manifest.departments.level)
    level = {key: level_word(str(word)) for key, word in node["level"].dropna().items()}

    def climb(key: str) -> str:
        place = key
        for _ in range(CLIMBS):
            if level.get(place) == wanted:
                return place
            if place not in parents:
                break
            place = parents[place]
        return key

    return units.map({key: climb(key) for key in units.unique()}).astype("str")


def headcount(delivery: Delivery, day: pd.Timestamp) -> dict[str, int]:
    """Persons employed on ``day`` by department."""
    present = employed(delivery, day)
    counts = present["person"].groupby(departments(delivery, present["unit"]), sort=True).nunique()
    return {str(key): int(number) for key, number in counts.items()}


def movements(delivery: Delivery, *, months: int = 0) -> dict[str, pd.Series]:
    """Persons by the month of their first start and of their last end, complete months before the extraction.

    Args:
        delivery: What was read.
        months: Months looked back over; default as ``quality.toml`` says.

    Returns:
        ``hires`` and ``exits``: counts on a monthly PeriodIndex without holes; ``exits`` only from ``employments``.
    """
    base = base_table(delivery)
    begins = "start" if base == "employments" else "hired"
    table = delivery.tables.read(base, ["person", begins, *(["end"] if base == "employments" else [])])
    last = extraction(delivery).to_period("M") - 1
    window = pd.period_range(end=last, periods=months or limits()["months"], freq="M")
    persons = table["person"]
    first = table[begins].groupby(persons, sort=False).min()
    found = {"hires": first}
    if base == "employments":
        until = table["end"].fillna(pd.Timestamp("2199-12-31"))
        found["exits"] = until.groupby(persons, sort=False).max()
    series = {}
    for measure, days in found.items():
        counts = days.dropna().dt.to_period("M").value_counts()
        begun = counts.index.min() if len(counts) else window[-1]
        series[measure] = counts.reindex(window[window >= begun], fill_value=0)
    return series
