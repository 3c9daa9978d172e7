"""A column as its distinct values and, per row, which of them it is: real columns repeat themselves.

Tables made of many blocks keep such columns as categoricals, a fifth of the size of their text, until they are whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

FACTOR = np.uint64(1_000_003)
"""Mixes hashes of several columns."""
LONGEST = 64
"""Bytes of a text up to which its hash is made here."""
Given = TypeVar("Given")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Coded:
    """One column of text or values.

    ``uniques`` is a Series on a RangeIndex (a value may stand there twice once it has been converted, or be used
    by no row); ``codes`` has one place in it per row.
    """

    uniques: pd.Series
    codes: np.ndarray

    @classmethod
    def of(cls, values: pd.Series) -> Coded:
        """Find the distinct values of a text column."""
        codes, uniques = pd.factorize(values, use_na_sentinel=False)
        return cls(pd.Series(uniques, dtype="str"), codes.astype("int32"))

    @classmethod
    def concat(cls, parts: Sequence[Coded]) -> Coded:
        """One text column under the other; every value stands once among ``uniques``, whatever it did in the parts."""
        if len(parts) == 1:
            return parts[0]
        places, uniques = pd.factorize(pd.concat([part.uniques for part in parts]), use_na_sentinel=False)
        places = places.astype("int32")
        ends = np.cumsum([len(part.uniques) for part in parts])
        codes = [places[end - len(part.uniques) : end][part.codes] for part, end in zip(parts, ends, strict=True)]
        return cls(pd.Series(uniques, dtype="str"), np.concatenate(codes))

    @classmethod
    def of_categorical(cls, values: pd.Series) -> Coded:
        """The column that ``categorical`` gave."""
        known = values.cat.categories
        codes = values.cat.codes.to_numpy("int32")
        nothing = pd.Series([None], dtype="str")
        uniques = pd.concat([pd.Series(known.array, dtype="str"), nothing], ignore_index=True)
        return cls(uniques, np.where(codes < 0, np.int32(len(known)), codes))

    @classmethod
    def constant(cls, values: pd.Series, rows: int) -> Coded:
        """The only value of ``values`` in every row."""
        return cls(values, np.zeros(rows, dtype="int32"))

    def map(self, function: Callable[[pd.Series], pd.Series]) -> Coded:
        """The column after ``function``, which sees each value once and returns as many as it got."""
        return Coded(function(self.uniques), self.codes)

    def rows(self, keep: np.ndarray) -> Coded:
        """The rows where ``keep`` is True."""
        return self if keep.all() else Coded(self.uniques, self.codes[keep])

    def put(self, places: np.ndarray, values: pd.Series) -> Coded:
        """The column with other values in some rows, one of ``values`` per place."""
        codes = self.codes.copy()
        codes[places] = len(self.uniques) + np.arange(len(places), dtype=codes.dtype)
        return Coded(pd.concat([self.uniques, values], ignore_index=True).astype(self.uniques.dtype), codes)

    def used(self) -> Coded:
        """The same column without values that no row uses."""
        used = np.bincount(self.codes, minlength=len(self.uniques)) > 0
        if used.all():
            return self
        places = np.cumsum(used) - 1
        return Coded(self.uniques[used].reset_index(drop=True), places[self.codes])

    def flags(self, of_unique: pd.Series) -> np.ndarray:
        """Spread one truth per distinct value over the rows."""
        marked = of_unique.to_numpy(dtype=bool)
        return marked[self.codes] if marked.any() else np.zeros(len(self.codes), dtype=bool)

    def categorical(self) -> pd.Series:
        """One value per row, on a RangeIndex, as a categorical of text."""
        places, categories = pd.factorize(self.uniques)
        codes = self.codes if np.array_equal(places, np.arange(len(places))) else places.astype("int32")[self.codes]
        dtype = pd.CategoricalDtype(pd.Index(categories, dtype="str"))
        return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype, validate=False))

    def spread(self) -> pd.Series:
        """One value per row, on a RangeIndex."""
        return pd.Series(self.uniques.array.take(self.codes), copy=False)


def hashes(values: pd.Series) -> np.ndarray:
    """Equal numbers for equal values of a column of text, different ones for others (to one in 2^57), 0 for none.

    Multilinear hashing modulo 2^64 (Lemire and Kaser 2014, doi 10.1093/comjnl/bxt070): the bytes of a text times random
    odd numbers, added up. Several times as fast as hashing objects, which is left for texts longer than ``LONGEST``.
    """
    if isinstance(values.dtype, pd.CategoricalDtype):
        return np.append(hashes(pd.Series(values.cat.categories)), np.uint64(0))[values.cat.codes.to_numpy()]
    text = pa.array(values, type=pa.large_string())
    text = text.combine_chunks() if isinstance(text, pa.ChunkedArray) else text
    found = np.zeros(len(text), dtype="uint64")
    _, ends, data = text.buffers()
    if data is None:
        return np.where(values.isna(), np.uint64(0), np.uint64(1))
    places = np.frombuffer(ends, dtype="int64")[text.offset : text.offset + len(text) + 1]
    letters, lengths = np.frombuffer(data, dtype="uint8"), np.diff(places)
    for length in np.unique(lengths).tolist():
        mine = np.flatnonzero(lengths == length)
        if length > LONGEST:
            found[mine] = pd.util.hash_array(text.take(pa.array(mine)).to_numpy(zero_copy_only=False), categorize=False)
            continue
        begins, total = places[mine], np.full(len(mine), length + 1, dtype="uint64")
        together = letters[places[0] : places[-1]].reshape(-1, length) if len(mine) == len(text) and length else None
        for place, factor in enumerate(_factors(length)):
            total += (letters[begins + place] if together is None else together[:, place]) * factor
        found[mine] = total ^ (total >> np.uint64(32))  # the lower half alone would be weak
    return np.where(values.isna(), np.uint64(0), found)


@cache
def _factors(length: int) -> list[np.uint64]:
    drawn = np.random.default_rng(length).integers(0, 1 << 63, length, dtype="uint64")
    return list(drawn * np.uint64(2) + np.uint64(1))


def codes(values: pd.Series) -> np.ndarray:
    """Equal numbers for equal values of a column of text, -1 where there is none."""
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy("int64")
    return pd.factorize(values)[0]


def alike(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Rows that are equal in every column of text: a number per row, and the first row of each number."""
    one = np.zeros(len(table), dtype="int64")
    for _, values in table.items():
        each = codes(values) + 1
        one = pd.factorize(one * (each.max(initial=0) + 1) + each)[0]
    first = np.zeros(one.max(initial=-1) + 1, dtype="int64")
    first[one[::-1]] = np.arange(len(table))[::-1]
    return one, first


def stack(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One table under the other; categoricals stay so, and empty tables do not change the types."""
    filled = [frame for frame in frames if len(frame)]
    if len(filled) < 2:
        return (filled or list(frames))[0].reset_index(drop=True)
    columns = {}
    for name in filled[0].columns:
        parts = [frame[name] for frame in filled]
        coded = [isinstance(part.dtype, pd.CategoricalDtype) for part in parts]
        if all(coded):
            columns[name] = Coded.concat([Coded.of_categorical(part) for part in parts]).categorical()
        else:
            plain = [pd.Series(_text(part)) if each else part for part, each in zip(parts, coded, strict=True)]
            columns[name] = pd.concat(plain, ignore_index=True)
    return pd.DataFrame(columns, copy=False)


def written_out(table: pd.DataFrame) -> pd.DataFrame:
    """The same table with categoricals as text, which they are to everyone else; ``table`` is emptied on the way."""

    def one(values: pd.Series) -> pd.Series:
        if not isinstance(values.dtype, pd.CategoricalDtype):
            return values
        return pd.Series(_text(values), index=values.index, copy=False)

    names = [str(name) for name in table.columns]
    columns = by_column(one, (table.pop(name) for name in names))
    return pd.DataFrame(dict(zip(names, columns, strict=True)), copy=False)


def by_column(function: Callable[[Given], Result], columns: Iterable[Given]) -> list[Result]:
    """``function`` of each column, two at a time: Arrow and numpy leave the interpreter free while they work."""
    with ThreadPoolExecutor(max_workers=2) as workers:
        return list(workers.map(function, columns))


def _text(values: pd.Series) -> pd.api.extensions.ExtensionArray:
    """The cells of a categorical of text; ``astype`` would make an object of every cell."""
    known = values.cat.categories
    if len(known) == 0:
        return pd.array(pa.nulls(len(values), pa.large_string()), dtype=known.dtype)
    return known.array.take(values.cat.codes.to_numpy(), allow_fill=True)
