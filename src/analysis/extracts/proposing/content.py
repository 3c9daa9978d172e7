"""What the cells of a column look like: dates, numbers, codes, personal numbers; never what a single cell says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.extracts.files.dressing import days, tidy
from analysis.extracts.persons.personnummer import SHORT, read_personnummer
from analysis.extracts.values.converting import EMPTY, FALSE, FLOATED, TRUE, UNIT_SIGN, numbers
from analysis.extracts.values.date_formats import DAYS, DEFAULT, HALF_DAYS, MINUTES, MONTHS
from analysis.reference import occupation_by_aid

Array = npt.NDArray[Any]

SAMPLED = 4_000
"""Rows looked at, evenly over the file: a column's habits show long before that."""
DISTINCT = 500
"""Distinct values looked at."""
FEW = 40
"""Distinct values up to which a column may be a set of codes or words."""
FORMATS = (*DEFAULT, "%Y-%m-%d %H:%M", *DAYS, *MINUTES, *HALF_DAYS)
"""Ways to write a date, the usual ones first; where two read the same cells the earlier is tried first."""
DIRECTIVES = {
    "%Y": r"\d{4}", "%y": r"\d{2}", "%m": r"\d{1,2}", "%d": r"\d{1,2}", "%H": r"\d{1,2}", "%I": r"\d{1,2}",
    "%M": r"\d{2}", "%S": r"\d{2}", "%p": r"[AaPp][Mm]",
}  # fmt: skip
YEAR = re.compile(r"(19[3-9]|20[0-5])\d(/\d\d(\d\d)?)?")
PERSONAL = re.compile(r"(?:\d{2})?\d{6}[-+]?(?:\d{4}|[A-Za-z]\d{3})|\d{9}(?:\.0)?")
ZEROLESS = re.compile(rf"{SHORT}(?:\.0)?")
AID = re.compile(r"\d{6}")
LETTER = re.compile(r"[^\W\d_]")
DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Traits:
    """A column in figures; every share is of the filled cells of the rows looked at.

    ``formats``: the date formats that together read the most cells, in order; ``rivals``: another format that
    reads as many cells but means other days. ``decimals``: share readable as numbers with a point and with a
    comma. ``ninety_five``: 95th percentile of the absolute numbers. ``fractions``: share above zero and at
    most one. ``zeroless``: a cell may be a personal number that has lost leading zeros. ``rows`` are all
    rows, ``filled`` the cells with text.
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
    fractions: float
    personal: float
    valid_personal: float
    zeroless: bool
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
    cells = tidy(column.iloc[:: -(-len(column) // SAMPLED) or 1].astype("str"))
    counts = {str(text): int(rows) for text, rows in cells.value_counts().items()}
    counts = {text: rows for text, rows in counts.items() if text.casefold() not in EMPTY}
    filled, distinct = sum(counts.values()), len(counts)
    # evenly over the values, by how often they stand
    looked = dict(list(counts.items())[:: -(-distinct // DISTINCT) or 1])
    unique = pd.Series(list(looked), dtype="str")
    weights = np.asarray(list(looked.values()), dtype="float64")
    total = float(weights.sum())

    def share(test: Callable[[str], object]) -> float:
        return float(weights[[bool(test(text)) for text in looked]].sum() / total) if total else 0.0

    formats, rivals, dated = _date_formats(unique, weights)
    if dated < 1 and (whole := _date_formats(days(unique), weights))[2] > dated:
        formats, rivals, dated = whole  # moments that no format reads whole are read by their day
    point, comma = _numbers(unique)
    known = [float(weights[~np.isnan(each)].sum() / total) if total else 0.0 for each in (point, comma)]
    values = point if known[0] >= known[1] else comma
    spread = np.abs(values[~np.isnan(values)])
    with_number = [text for text in looked if PERSONAL.fullmatch(text) or FLOATED.fullmatch(text)]
    personal = share(set(with_number).__contains__)
    return Traits(
        rows=len(column),
        filled=filled,
        distinct=distinct,
        dates=dated,
        formats=formats,
        rivals=rivals,
        months=max(_share_read(unique, weights, each) for each in MONTHS),
        years=share(YEAR.fullmatch),
        numbers=max(known),
        decimals=(known[0], known[1]),
        whole=float(weights[values == np.round(values)].sum() / total) if total else 0.0,
        lowest=float(np.nanmin(values)) if len(spread) else 0.0,
        ninety_five=_quantile(np.abs(values), weights),
        fractions=float(weights[(values > 0) & (values <= 1)].sum() / total) if total else 0.0,
        personal=personal,
        valid_personal=_valid(pd.Series(with_number, dtype="str"), today) * personal,
        zeroless=personal > 0 and any(ZEROLESS.fullmatch(text) for text in counts),
        aid=share(AID.fullmatch) if any(text in occupation_by_aid() for text in looked) else 0.0,
        boolean=share(lambda text: text.casefold() in TRUE or text.casefold() in FALSE),
        letters=share(LETTER.search),
        longest=max(map(len, looked), default=0),
    )


def _numbers(unique: pd.Series) -> tuple[Array, Array]:
    """The cells as numbers with a decimal point and with a decimal comma, NaN where they are none."""
    unique = unique.str.replace(UNIT_SIGN, "", regex=True)
    text = "".join(unique)
    if not any(letter.isdigit() for letter in text):
        nothing = np.full(len(unique), np.nan)
        return nothing, nothing
    point = numbers(unique, decimal=".")[0].to_numpy(dtype="float64")
    if "," not in text and "." not in text:
        return point, point
    return point, numbers(unique, decimal=",")[0].to_numpy(dtype="float64")


def _quantile(values: Array, weights: Array) -> float:
    """The 95th percentile of the numbers, each as often as it stands."""
    known = ~np.isnan(values)
    if not known.any():
        return 0.0
    order = np.argsort(values[known])
    passed = np.cumsum(weights[known][order]) / weights[known].sum()
    return float(values[known][order][np.searchsorted(passed, 0.95)])


def _valid(unique: pd.Series, today: date) -> float:
    if unique.empty:
        return 0.0
    checked = read_personnummer(unique.str.removesuffix(".0"), extracted=today)
    return float((checked["reason"] == "").mean())


def _date_formats(unique: pd.Series, weights: Array) -> tuple[tuple[str, ...], tuple[str, ...], float]:
    """Formats, the most useful first, until no further one reads more; with rivals of the first."""
    total = float(weights.sum())
    shapes = {DIGIT.sub("9", text) for text in unique if DIGIT.search(text)}
    read = {}
    for each in FORMATS:
        if any(re.fullmatch(_shape(each), shape) for shape in shapes):
            parsed = _reads(unique, each)
            if parsed.notna().any():
                read[each] = parsed
    left = np.ones(len(unique), dtype=bool)
    chosen: list[str] = []
    while read:
        gains = {each: float(weights[left & parsed.notna().to_numpy()].sum()) for each, parsed in read.items()}
        best = max(gains, key=lambda each: gains[each])  # the first of equals: FORMATS is in order of use
        if gains[best] < 0.002 * total or gains[best] == 0:
            break
        chosen.append(best)
        left &= read[best].isna().to_numpy()
    if not chosen:
        return (), (), 0.0
    first = read[chosen[0]]
    rivals = tuple(
        each
        for each, parsed in read.items()
        if each != chosen[0] and parsed[first.notna()].notna().all() and (parsed != first)[first.notna()].any()
    )
    return tuple(chosen), rivals, float(weights[~left].sum()) / total


def _share_read(unique: pd.Series, weights: Array, pattern: str) -> float:
    total = float(weights.sum())
    return float(weights[_reads(unique, pattern).notna().to_numpy()].sum()) / total if total else 0.0


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
    shape = re.compile(_shape(pattern))
    fits = np.asarray([shape.fullmatch(text) is not None for text in unique], dtype=bool)
    result = pd.Series(pd.NaT, index=unique.index, dtype="datetime64[us]")
    if not fits.any():
        return result
    parsed = pd.to_datetime(unique[fits], format=pattern, errors="coerce").astype("datetime64[us]")
    sane = parsed.dt.year.between(1900, 2199) | (parsed.dt.year == 9999) | (parsed.dt.year <= 1)
    result[fits] = parsed.where(sane)
    return result
