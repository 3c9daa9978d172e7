"""A delivery against the description of another: what came, went, emptied, or changed by a power of ten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd

from analysis.extracts.account.notices import Notice
from analysis.extracts.manifest import Manifest
from analysis.extracts.quality.wording import Share, heading, limits, said

PLACE = ["table", "column", "measure", "key"]


def compare(now: pd.DataFrame, then: pd.DataFrame, manifest: Manifest, *, before: str) -> list[Notice]:
    """What is suspicious in ``now`` given ``then``.

    Args:
        now: ``profile`` of the delivery, every count kept.
        then: ``profile`` of the other one; counts too small to be kept are absent or NA there and prove nothing.
        manifest: The delivery's own headers, to name its columns by.
        before: What the other one is called.

    Returns:
        A notice per finding, each with its size; none of them says more than ``now`` and ``then`` do.
    """
    mine, other = (each.set_index(PLACE)["value"] for each in (now, then))
    found: list[Notice] = []
    for check in (_rows, _shares, _decimals, _departments, _months, _categories):
        found += check(mine, other, manifest, before)
    return found


def _level(values: pd.Series, measure: str) -> pd.Series:
    """Values of one measure by (table, column, key)."""
    return values[values.index.get_level_values("measure") == measure].droplevel("measure")


def _items(values: pd.Series) -> list[tuple[str, str, str, float]]:
    """Table, column, key and value of one measure."""
    places = values.index.to_frame(index=False).astype("str")
    return list(zip(places["table"], places["column"], places["key"], values.astype("float64"), strict=True))


def _rows(now: pd.Series, then: pd.Series, manifest: Manifest, before: str) -> Iterator[Notice]:
    mine = _level(now, "rows")
    for table, column, key, rows in _items(_level(then, "rows")):
        have = float(mine.get((table, column, key), 0.0))
        if rows and not have:
            yield said("table_gone", table=table, rows=rows, before=before)
        elif rows and abs(have - rows) >= limits()["rows_least"] and _far(have / rows):
            yield said("rows_jump", table=table, now=have, then=rows, before=before)


def _far(ratio: float) -> bool:
    limit = limits()["rows_ratio"]
    return not 1 / limit <= ratio <= limit


def _shares(now: pd.Series, then: pd.Series, manifest: Manifest, before: str) -> Iterator[Notice]:
    for measure, finding in (("empty", "column_empty"), ("zero", "column_zero")):
        mine = _level(now, measure)
        for table, column, key, share in _items(_level(then, measure)):
            have = float(mine.get((table, column, key), share))
            if have - share > limits()["share_jump"]:
                name = heading(manifest, table, column)
                yield said(finding, table=table, column=name, now=Share(have), then=Share(share), before=before)


def power_of_ten(now: float, then: float) -> float:
    """The power of ten (not 1) that ``now`` is of ``then``, within the tolerance; 0 where it is none."""
    if not now > 0 or not then > 0:
        return 0.0
    exponent = round(float(np.log10(now / then)))
    factor = 10.0**exponent
    near = abs(now / then / factor - 1) <= limits()["decimal_tolerance"]
    return factor if exponent and near else 0.0


def _decimals(now: pd.Series, then: pd.Series, manifest: Manifest, before: str) -> Iterator[Notice]:
    mine = {measure: _level(now, measure) for measure in ("median", "q90")}
    high = _level(then, "q90")
    for table, column, key, median in _items(_level(then, "median")):
        place = (table, column, key)
        have = float(mine["median"].get(place, np.nan))
        factor = power_of_ten(have, median)
        # half of the values alone may move for good reasons; the upper end moves along when a mark has
        if factor and factor == power_of_ten(float(mine["q90"].get(place, np.nan)), float(high.get(place, np.nan))):
            name = heading(manifest, table, column)
            yield said("decimal_shift", table=table, column=name, factor=factor, now=have, then=median, before=before)


def _departments(now: pd.Series, then: pd.Series, manifest: Manifest, before: str) -> Iterator[Notice]:
    mine, other = (_level(each, "department").droplevel(["table", "column"]) for each in (now, then))
    least = limits()["department_least"]
    for key, number in other[~other.index.isin(mine.index) & (other >= least)].items():
        yield said("department_gone", key=str(key), then=number, before=before)
    if other.empty:
        return
    for key, number in mine[~mine.index.isin(other.index) & (mine >= least)].items():
        yield said("department_new", key=str(key), now=number, before=before)


def _months(now: pd.Series, then: pd.Series, manifest: Manifest, before: str) -> Iterator[Notice]:
    for measure in ("hires", "exits"):
        mine, other = (_level(each, measure).droplevel(["table", "column"]) for each in (now, then))
        for month, number in other[other >= limits()["expected_least"]].items():
            if mine.get(month, np.nan) == 0:
                yield said(f"no_{measure}_before", month=str(month), then=number, before=before)


def _categories(now: pd.Series, then: pd.Series, manifest: Manifest, before: str) -> Iterator[Notice]:
    mine, other = (_level(each, "category") for each in (now, then))
    least = limits()["category_least"]
    measured = {each[:2] for each in _items(other)} & {each[:2] for each in _items(mine)}
    for finding, ours, theirs, word in (("category_new", mine, other, "now"), ("category_gone", other, mine, "then")):
        for table, column, key, number in _items(ours[~ours.index.isin(theirs.index) & (ours >= least)]):
            if (table, column) in measured:
                name = heading(manifest, table, column)
                counted: dict[str, Any] = {word: number}
                yield said(finding, table=table, column=name, key=key, before=before, **counted)
