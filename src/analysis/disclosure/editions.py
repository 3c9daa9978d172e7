"""Figures that an earlier build or edition has shown or withheld: what two of them together would give away.

Two figures that share people by construction are one problem: the same period built again after corrections, a history
restated, windows that overlap. There the difference is a count of its own. Where it is smaller than the threshold the
former figure stands; what was withheld stays withheld, so that no decision tells which way a single row went. A history
restated for merged or split departments begins anew wherever the difference would be a figure that was withheld.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.disclosure.thresholds import Thresholds
from analysis.periods import months_between
from analysis.tables.protected import KEYS, NUMBERS, ORGANISATION, SHOWN, Reason, Sensitivity, check_cells

CLOSE = 1e-9
PARTS = 1e-3
"""A count that is further from a whole number is none."""
MONTH = re.compile(r"^\d{4}-\d{2}$")
YEAR = 12
WINDOW = ["table", "row", "column", "layer"]
COUNTED = {"persons": False, "posts": False, "share": True, "rate": True}
"""Units whose figures stand for counts, and whether they are per ``n``."""


@dataclass(frozen=True)
class Former:
    """What an earlier build or edition released: cells, departments, cut-off month."""

    cells: pd.DataFrame
    departments: frozenset[str]
    period: str


def beside_former(
    cells: pd.DataFrame, former: Former, *, period: str, departments: Collection[str], thresholds: Thresholds
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Protected cells that may stand beside an earlier build or edition, and the keys of those that it keeps.

    Args:
        cells: protected cells of this edition, before others are derived from them.
        former: what was released before.
        period: cut-off month of this edition.
        departments: keys of its departments.
        thresholds: the policy's thresholds.

    Returns:
        Cells, and DataFrame[KEYS] of the figures left as they were: the correction is below their threshold.
    """
    pairs = _pairs(cells, former, period)
    new = cells.reset_index(drop=True).copy()
    shown = new["status"].isin(SHOWN).to_numpy()
    told = pairs["status"].isin(SHOWN).to_numpy()
    known = pairs["status"].notna().to_numpy()
    same = pairs["same"].to_numpy(dtype=bool)
    overlap = abs(months_between(former.period, period)) < YEAR
    least = np.array([thresholds.least(Sensitivity(each)) for each in new["sensitivity"]], dtype=float)
    # 'missing' tells nothing of persons
    silent = (pairs["status"] == "withheld").to_numpy()
    hide = shown & silent & (same | overlap)
    anew = _restated(new, pairs, former, departments, least)
    hide |= anew & shown
    change = persons_changed(new, pairs)
    moved = same & shown & told & known & _differs(new, pairs) & ~hide
    keep = moved & ~(np.abs(change) >= least)  # an unknown change may be one person's
    keep = _guarded(new, keep, moved, change, least)
    for name in NUMBERS:
        new[name] = np.where(keep, pairs[name], new[name])
    new["status"] = np.where(keep, pairs["status"], new["status"])
    new.loc[hide, list(NUMBERS)] = np.nan
    new.loc[hide, "status"], new.loc[hide, "reason"] = "withheld", Reason.SECONDARY.value
    return check_cells(new), new.loc[keep, list(KEYS)].reset_index(drop=True)


def _pairs(cells: pd.DataFrame, former: Former, period: str) -> pd.DataFrame:
    """What the former released under each cell's key, and whether it is the same figure: one time, one definition."""
    keys = cells[list(KEYS)].reset_index(drop=True)
    before = former.cells.drop_duplicates(list(KEYS))
    if months_between(former.period, period) == YEAR:  # what is now a year before was then now
        again = before[before["layer"] == ""].assign(layer="year_before")
        held = pd.MultiIndex.from_frame(before[list(KEYS)])
        again = again[~pd.MultiIndex.from_frame(again[list(KEYS)]).isin(held)]
        before = pd.concat([before, again], ignore_index=True)
    places = pd.MultiIndex.from_frame(keys)
    # a cell that the former did not hold is no loss: it is told by nothing that was said before
    pairs = before.drop(columns=["sensitivity"]).set_index(list(KEYS)).reindex(places).reset_index()
    dated = pd.Series(False, index=keys.index)
    for name in ("row", "column", "layer"):
        dated |= keys[name].map(lambda text: bool(MONTH.match(text)) and text <= former.period)
    if months_between(former.period, period) == YEAR:
        dated |= keys["layer"] == "year_before"
    return pairs.assign(same=dated | (former.period == period))


def _count(cells: pd.DataFrame) -> np.ndarray:
    """The whole count that a figure stands for; NaN where it stands for none."""
    per = cells["unit"].map({unit: float(share) for unit, share in COUNTED.items()}).to_numpy(dtype=float)
    value, n = cells["value"].to_numpy(dtype=float), cells["n"].to_numpy(dtype=float)
    whole = np.where(per == 1.0, value * n, value)
    forecast = (cells["sensitivity"] == "forecast").to_numpy()
    parts = np.abs(whole - np.round(whole)) > PARTS  # a share of hours, or a mean: no count of persons
    return np.where(np.isnan(per) | forecast | parts, np.nan, whole)


def persons_changed(new: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    """By how many persons each figure changed: the smaller of those with the attribute, without it and in all.

    Args:
        new: DataFrame[value, n, unit, sensitivity].
        pairs: DataFrame[value, n] of the same figures before, in the same order.

    Returns:
        NaN where a figure stands for no count, or nothing changed.
    """
    before = pairs.assign(sensitivity=new["sensitivity"], unit=new["unit"])
    with_it = np.abs(_count(new) - _count(before))
    group = np.abs(new["n"].to_numpy(dtype=float) - pairs["n"].to_numpy(dtype=float))
    without = np.abs(
        (new["n"].to_numpy(dtype=float) - _count(new)) - (pairs["n"].to_numpy(dtype=float) - _count(before))
    )
    share = new["unit"].isin(["share", "rate"]).to_numpy()
    parts = np.array([with_it, np.where(share, without, with_it), np.where(share, group, with_it)])
    parts = np.where(np.abs(parts) < 1e-6, np.inf, parts)  # no change is no news
    smallest = np.where(np.isnan(parts).any(axis=0), np.nan, parts.min(axis=0))
    return np.where(np.isinf(smallest), np.nan, smallest)


def _differs(new: pd.DataFrame, pairs: pd.DataFrame) -> np.ndarray:
    found = np.zeros(len(new), dtype=bool)
    for name in NUMBERS:
        one, other = new[name].to_numpy(dtype=float), pairs[name].to_numpy(dtype=float)
        found |= ~np.isclose(one, other, rtol=0.0, atol=CLOSE, equal_nan=True)
    return found


def _guarded(
    new: pd.DataFrame, keep: np.ndarray, moved: np.ndarray, change: np.ndarray, least: np.ndarray
) -> np.ndarray:  # fmt: skip
    """Along each line, what stands must not follow from what is changed: one change more stands, the smallest first."""
    kept = keep.copy()
    size = np.nan_to_num(change, nan=1.0)
    groups = [
        [np.asarray(places) for places in new.groupby(keys, sort=False).indices.values()]
        for keys in (WINDOW, ["table", "department", "column", "layer"])
    ]
    lines = [places for each in groups for places in each if keep[places].any()]
    again = True
    while again:
        again = False
        for places in lines:
            stands, goes = places[kept[places]], places[moved[places] & ~kept[places]]
            if len(goes) and len(stands) and (len(stands) < 2 or size[stands].sum() < least[stands].max()):
                kept[min(goes, key=lambda at: (size[at], at))] = True
                again = True
    return kept


def _restated(
    new: pd.DataFrame, pairs: pd.DataFrame, former: Former, departments: Collection[str], least: np.ndarray
) -> np.ndarray:  # fmt: skip
    """History of departments that were merged or split, where before and after would tell a withheld one."""
    gone = former.departments - set(departments) - {ORGANISATION}
    come = set(departments) - former.departments - {ORGANISATION}
    own = (new["department"] != ORGANISATION).to_numpy() & pairs["same"].to_numpy(dtype=bool)
    if not gone | come or not own.any():
        return np.zeros(len(new), dtype=bool)
    changed = own & (_differs(new, pairs) | (new["status"] != pairs["status"]).to_numpy())
    changed &= pairs["status"].isin(SHOWN).to_numpy() | new["status"].isin(SHOWN).to_numpy()
    change = persons_changed(new, pairs)
    windows = list(new[WINDOW].itertuples(index=False, name=None))
    told = {name: _windows(former.cells, name) for name in gone} | {name: _windows(new, name) for name in come}
    open_to_all = np.array([all(window in each for each in told.values()) for window in windows])
    enough = np.abs(change) >= least
    return changed & ~(open_to_all & enough)


def _windows(cells: pd.DataFrame, department: str) -> frozenset[tuple[str, ...]]:
    """The figures that a department shows."""
    mine = cells[(cells["department"] == department) & cells["status"].isin(SHOWN)]
    return frozenset(mine[WINDOW].itertuples(index=False, name=None))
