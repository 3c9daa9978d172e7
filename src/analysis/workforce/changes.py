"""By how much the counts of persons changed from one edition to the next, and because of what.

The causes are told apart by counting again, one thing changed at a time, in a fixed order: the organisation as the
later edition has it, what the later delivery says of the old time (corrected data), the time since then (new data).
What an edition printed and today's definitions do not count of the same rows is the definition's part. In another order
the parts would be others: the order is a convention, and whoever prints the parts says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.periods import cutoff, shift
from analysis.tables.changes import PARTS
from analysis.tables.joins import join
from analysis.tables.protected import ORGANISATION, TOTAL
from analysis.workforce.collect import Tables, history
from analysis.workforce.indicators import leavers
from analysis.workforce.spells import stock
from analysis.workforce.structure import as_of

DAY = pd.Timedelta(days=1)
PERSON = ["figure", "department", "person", "nth"]
CELL = ["figure", "department"]


def standing(organisation: pd.DataFrame | None, *, at: pd.Timestamp, seen: pd.Timestamp) -> pd.DataFrame | None:
    """The organisation as it is at ``at``, for a history that is cut off at ``seen``.

    Args:
        organisation: clean table ``organisation``; None where the delivery has none.
        at: the day whose structure counts.
        seen: cut-off of the history that is to be restated to it.
    """
    if organisation is None:
        return None
    held = as_of(organisation, at)
    closed = held["valid_to"] < at
    # units that open and close between the two days are open and closed already
    split = organisation[organisation["unit"].isin(held.loc[closed, "unit"])]
    both = pd.concat([held[~closed], split]).sort_index().reset_index(drop=True)
    gone = both["valid_to"].notna() & (both["valid_to"] < at)
    ends = both["valid_to"].where(both["valid_to"] < seen, seen - DAY)
    begins = both["valid_from"].where(both["valid_from"] <= seen, seen)
    return both.assign(valid_to=ends.where(gone), valid_from=begins.where(~gone, both["valid_from"]))


def same_structure(one: pd.DataFrame | None, other: pd.DataFrame | None) -> bool:
    """Do two results of ``standing`` place every unit alike? Names and the rows' origin do not matter."""
    if one is None or other is None:
        return one is None and other is None
    columns = ["unit", "parent", "level", "successor", "valid_to"]
    lines = [
        table.assign(valid_to=table["valid_to"].notna())[columns].astype("str").sort_values(columns).to_numpy().tolist()
        for table in (one, other)
    ]
    return bool(lines[0] == lines[1])


def counted(
    rows: pd.DataFrame, ends: pd.DataFrame, observed: Collection[str], *, period: str
) -> pd.DataFrame:  # fmt: skip
    """Every person counted in ``FIGURES``.

    Args:
        rows: employments with department and spell (``History.rows``).
        ends: ended spells (``History.ends``).
        observed: starts of the windows in which leavers are recorded.
        period: cut-off month.

    Returns:
        DataFrame[figure, department, person, nth]; ``nth`` numbers those counted more than once (left twice), and the
        department ``all`` holds everyone once more.
    """
    at = cutoff(period)
    people = stock(rows, at)[["department", "person"]]
    found = [people.assign(figure="headcount")]
    if shift(period, -12) in observed:
        gone = leavers(rows, ends, start=cutoff(shift(period, -12)), end=at)
        found.append(gone[["department", "person"]].assign(figure="exits"))
    table = pd.concat(found, ignore_index=True)
    table = pd.concat([table, table.assign(department=ORGANISATION)], ignore_index=True)
    return table.assign(nth=table.groupby(["figure", "department", "person"]).cumcount())[PERSON]


def recounted(tables: Tables, *, period: str, about: Mapping[str, Any]) -> pd.DataFrame:
    """``counted`` of clean tables at a cut-off.

    Args:
        tables: clean tables by name.
        period: cut-off month.
        about: what the delivery says of itself (level, rate, episodes, observed_from, reasons_from).
    """
    past = history(
        tables, period=period, level=about["level"], rate=about["rate"], episodes=about.get("episodes"),
        observed_from=about.get("observed_from") or "", reasons_from=about.get("reasons_from") or "",
    )  # fmt: skip
    return counted(past.rows, past.ends, past.observed, period=period)


def parts_of_change(
    printed: pd.DataFrame,
    worlds: Mapping[str, pd.DataFrame] | None,
    now: pd.DataFrame,
    *,
    stood: Collection[tuple[str, str]] = (),
) -> pd.DataFrame:
    """The change of every count, and its parts, which add up to it exactly.

    Args:
        printed: DataFrame[figure, department, value], what the earlier edition showed.
        worlds: persons counted of the earlier edition's rows (``before``), of these in the later organisation
            (``organisation``), of the later delivery at the earlier cut-off (``corrected``); None where the earlier
            rows have been erased: then there is the total alone.
        now: persons counted now.
        stood: figure and department of what the earlier edition printed as the build before it had: what it did not
            tell then is a correction, not a definition.

    Returns:
        DataFrame[figure, department, part, value, persons], one line per part and ``total``. ``persons`` is how many
        came or went with it; of a correction no more than it changes the figure by, since whoever has both editions
        knows of no more.
    """
    base = printed.set_index(CELL)["value"]
    last = _sizes(now)
    cells = sorted(set(last.index) | set(base.index) | {key for each in (worlds or {}).values() for key in _keys(each)})
    index = pd.MultiIndex.from_tuples(cells, names=CELL)
    last, said = last.reindex(index, fill_value=0), base.reindex(index)
    if worlds is None:
        known = said.notna()
        return _lines(TOTAL, (last - said)[known], last[known])
    steps = [worlds["before"], worlds["organisation"], worlds["corrected"], now]
    sizes = [_sizes(step).reindex(index, fill_value=0) for step in steps]
    first = sizes[0]
    said = said.fillna(first)
    values = {part: sizes[place + 1] - sizes[place] for place, part in enumerate(PARTS[:3])}
    moved = {part: moved_between(steps[place], steps[place + 1]).reindex(index, fill_value=0) for place, part in
             enumerate(PARTS[:3])}  # fmt: skip
    rest = first - said
    kept = np.array([cell in set(stood) for cell in cells])
    values["corrected"] = values["corrected"] + rest.where(kept, 0)
    values["definition"] = rest.where(~kept, 0)
    moved["definition"] = values["definition"].abs()
    net = values["corrected"].abs()
    moved["corrected"] = moved["corrected"].where(net == 0, net)
    total = last - said
    everyone = _sizes(pd.concat([steps[0], now]).drop_duplicates(PERSON)).reindex(index, fill_value=0)
    lines = [_lines(part, values[part], moved[part]) for part in PARTS]
    return pd.concat([*lines, _lines(TOTAL, total, everyone)], ignore_index=True)


def _keys(table: pd.DataFrame) -> set[tuple[str, str]]:
    return set(table[CELL].drop_duplicates().itertuples(index=False, name=None))


def _sizes(table: pd.DataFrame) -> pd.Series:
    return table.groupby(CELL).size()


def moved_between(one: pd.DataFrame, other: pd.DataFrame) -> pd.Series:
    """How many came or went between two counts: those that only one of them holds."""
    return _sizes(pd.concat([one, other]).drop_duplicates(PERSON, keep=False))


def _lines(part: str, values: pd.Series, persons: pd.Series) -> pd.DataFrame:
    found = pd.DataFrame({"value": values.astype("float64"), "persons": persons.astype("float64")}).reset_index()
    return found.assign(part=part)[[*CELL, "part", "value", "persons"]]


def persons_moved(before: pd.DataFrame, after: pd.DataFrame) -> pd.Series:
    """Persons whose department is another in the second of two counts, by department that they are in or were in."""
    both, _ = join(
        before.loc[before["figure"] == "headcount", ["person", "department"]],
        after.loc[after["figure"] == "headcount", ["person", "department"]].rename(columns={"department": "into"}),
        "person", how="inner", validate="many_to_many", name="persons by department before and after",
    )  # fmt: skip
    whole = (both["department"] == ORGANISATION) | (both["into"] == ORGANISATION)
    moved = both[~whole & (both["department"] != both["into"])]
    left, came = moved[["person", "department"]], moved[["person", "into"]].set_axis(["person", "department"], axis=1)
    places = pd.concat([left, came])
    return places.drop_duplicates().groupby("department").size()


BEGINS = ("start", "date", "month", "valid_from", "held", "made", "opened", "measured", "snapshot", "assessed")
"""Columns that say from when on a row holds; of several the first."""
ENDS = ("end", "valid_until", "valid_to", "closed")
ORIGIN = ["source", "source_row"]


def persons_corrected(one: Tables, other: Tables, *, seen: pd.Timestamp) -> set[str]:
    """Persons of whom two deliveries say something else about the time up to ``seen``.

    Args:
        one: clean tables of the earlier delivery.
        other: clean tables of the later one.
        seen: cut-off of the earlier edition; what begins later is new, and so is an end that comes later.
    """
    found: set[str] = set()
    for name in sorted({*one, *other}):
        first, second = one.get(name), other.get(name)
        tables = [table for table in (first, second) if table is not None and "person" in table]
        if not tables:
            continue
        columns = [column for column in tables[0].columns if all(column in table for table in tables)]
        kept = [_until(table[columns], seen) for table in tables]
        if len(kept) == 1:
            found |= set(kept[0]["person"])
            continue
        rows = [table.assign(nth=table.groupby(list(table.columns), dropna=False).cumcount()) for table in kept]
        found |= set(pd.concat(rows).drop_duplicates(keep=False)["person"])
    return found


def _until(table: pd.DataFrame, seen: pd.Timestamp) -> pd.DataFrame:
    """Rows as they were known to be at ``seen``, without where they come from."""
    begins = next((name for name in BEGINS if name in table and _is_day(table[name])), None)
    held = table if begins is None else table[~(table[begins] > seen)]
    later = {name: held[name].where(held[name] <= seen) for name in ENDS if name in held and _is_day(held[name])}
    return held.assign(**later).drop(columns=[name for name in ORIGIN if name in held])


def _is_day(column: pd.Series) -> bool:
    return bool(pd.api.types.is_datetime64_any_dtype(column.dtype))
