"""What the cells of a column look like: dates, numbers, codes, personal numbers; never what a single cell says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

import pandas as pd

from analysis.extracts.converting import EMPTY, FALSE, FLOATED, TRUE, numbers, trim
from analysis.extracts.identity import read_personnummer
from analysis.reference import occupation_by_aid

SAMPLED = 4_000
"""Rows looked at, evenly over the file: a column's habits show long before that."""
FEW = 40
"""Distinct values up to which a column may be a set of codes or words."""
ISO = ("%Y-%m-%d", "%Y%m%d")
FORMATS = (
    *ISO, "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y/%m/%d", "%Y.%m.%d",
    "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%d-%m-%Y", "%d/%m/%y", "%m/%d/%y", "%d.%m.%y", "%y-%m-%d", "%y%m%d",
    "%m/%d/%y %H:%M", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%d/%m/%Y %I:%M:%S %p",
)  # fmt: skip
"""Ways to write a date, the usual ones first; where two read the same cells the earlier is tried first."""
MONTHS = ("%Y-%m", "%Y%m")
DIRECTIVES = {
    "%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"\d{1,2}", "%d": r"\d{1,2}", "%H": r"\d{1,2}", "%I": r"\d{1,2}",
    "%M": r"\d{2}", "%S": r"\d{2}", "%p": r"[AaPp][Mm]",
}  # fmt: skip
YEAR = re.compile(r"(19[5-9]|20[0-5])\d(/\d\d(\d\d)?)?")
PERSONAL = re.compile(r"(?:\d{2})?\d{6}[-+]?(?:\d{4}|[A-Za-z]\d{3})|\d{9}(?:\.0)?")
AID = re.compile(r"\d{6}")
CHECKED = 400
"""Distinct values whose check digit is computed."""


@dataclass(frozen=True)
class Traits:
    """A column in figures; every share is of the filled cells of the rows looked at.

    ``formats``: the date formats that together read the most cells, in order; ``rivals``: another format that
    reads as many cells but means other days. ``decimals``: share readable as numbers with a point and with a
    comma. ``ninety_five``: 95th percentile of the absolute numbers. ``rows`` are all rows, ``filled`` the cells with text.
    """

    rows: int
    filled: int
    distinct: int
    dates: float
    formats: tuple[str, ...]
    rivals: tuple[str, ...]
    months: float
    years: float
    numbers: float
    decimals: tuple[float, float]
    whole: float
    lowest: float
    ninety_five: float
    personal: float
    valid_personal: float
    aid: float
    boolean: float
    letters: float
    longest: int

    @property
    def repeats(self) -> float:
        """Cells per distinct value."""
        return self.filled / self.distinct if self.distinct else 0.0


def look_at(column: pd.Series, *, today: date) -> Traits:
    """Describe one column of text.

    Args:
        column: Text cells.
        today: Reference date of centuries of personal numbers: the latest date they may mean.
    """
    cells = trim(column.iloc[:: -(-len(column) // SAMPLED) or 1].astype("str"))
    cells = cells[~cells.str.casefold().isin(EMPTY)]
    counts = cells.value_counts()
    total = int(counts.sum())
    unique = pd.Series(counts.index, dtype="str")
    weights = pd.Series(counts.to_numpy(dtype="float64"))

    def share(mask: pd.Series) -> float:
        return float(weights[mask.to_numpy(dtype=bool)].sum() / total) if total else 0.0

    formats, rivals, dated = _date_formats(unique, weights)
    point, comma = (numbers(unique, decimal=mark)[0] for mark in ".,")
    values = (point if share(point.notna()) >= share(comma.notna()) else comma).astype("float64")
    spread = values.dropna().abs()
    personal = unique.str.fullmatch(PERSONAL) | unique.str.fullmatch(FLOATED)
    return Traits(
        rows=len(column),
        filled=total,
        distinct=len(unique),
        dates=dated,
        formats=formats,
        rivals=rivals,
        months=max(share(_reads(unique, each).notna()) for each in MONTHS),
        years=share(unique.str.fullmatch(YEAR)),
        numbers=share(values.notna()),
        decimals=(share(point.notna()), share(comma.notna())),
        whole=share(values.notna() & (values == values.round())),
        lowest=float(values.min()) if len(spread) else 0.0,
        ninety_five=_quantile(values.abs(), weights),
        personal=share(personal),
        valid_personal=_valid(unique[personal], today) * share(personal),
        aid=_aid(unique, weights, total),
        boolean=share(unique.str.casefold().isin(TRUE | FALSE)),
        letters=share(unique.str.contains(r"[^\W\d_]", regex=True)),
        longest=int(unique.str.len().max()) if len(unique) else 0,
    )


def _quantile(values: pd.Series, weights: pd.Series) -> float:
    known = values.notna()
    order = values[known].sort_values()
    if order.empty:
        return 0.0
    passed = weights[order.index].cumsum() / weights[known].sum()
    return float(order[passed >= 0.95].iloc[0])


def _valid(unique: pd.Series, today: date) -> float:
    if unique.empty:
        return 0.0
    checked = read_personnummer(unique.iloc[:CHECKED].str.removesuffix(".0"), extracted=today)
    return float((checked["reason"] == "").mean())


def _aid(unique: pd.Series, weights: pd.Series, total: int) -> float:
    """Share of cells that are six digits, if at least some of them are codes of the reference data."""
    six = unique.str.fullmatch(AID).to_numpy(dtype=bool)
    if not total or not unique[six].isin(list(occupation_by_aid())).any():
        return 0.0
    return float(weights[six].sum() / total)


def _date_formats(unique: pd.Series, weights: pd.Series) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """Formats, the most useful first, until no further one reads more; with rivals of the first."""
    total = float(weights.sum())
    if not total or not unique.str.contains(r"\d{2}", regex=True).any():
        return (), (), 0.0
    shapes = unique.str.replace(r"[0-9]", "9", regex=True).drop_duplicates()
    possible = [each for each in FORMATS if shapes.str.fullmatch(_shape(each)).any()]
    read = {each: parsed for each in possible if (parsed := _reads(unique, each)).notna().any()}
    left = pd.Series(True, index=unique.index)
    chosen: list[str] = []
    while read:
        gains = {each: float(weights[left & parsed.notna()].sum()) for each, parsed in read.items()}
        best = max(gains, key=lambda each: gains[each])  # the first of equals: FORMATS is in order of use
        if gains[best] < 0.002 * total or gains[best] == 0:
            break
        chosen.append(best)
        left &= read[best].isna()
    if not chosen:
        return (), (), 0.0
    first = read[chosen[0]]
    rivals = tuple(
        each
        for each, parsed in read.items()
        if each != chosen[0] and parsed[first.notna()].notna().all() and (parsed != first)[first.notna()].any()
    )
    return tuple(chosen), rivals, float(weights[~left].sum()) / total


@cache
def _shape(pattern: str) -> str:
    """A regular expression for texts written as a date format says."""
    compact = re.fullmatch(r"(?:%[Ymdy])+", pattern) is not None
    shape = re.escape(pattern)
    for directive, digits in DIRECTIVES.items():
        shape = shape.replace(directive, r"\d{2}" if compact and directive in ("%m", "%d") else digits)
    return shape


def _reads(unique: pd.Series, pattern: str) -> pd.Series:
    """Timestamps of the cells that are written just so, NaT elsewhere."""
    fits = unique.str.fullmatch(_shape(pattern)).to_numpy(dtype=bool)
    result = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[us]")
    if not fits.any():
        return result
    parsed = pd.to_datetime(unique[fits], format=pattern, errors="coerce").astype("datetime64[us]")
    sane = parsed.dt.year.between(1900, 2199) | (parsed.dt.year == 9999) | (parsed.dt.year <= 1)
    result[fits] = parsed.where(sane)
    return result
