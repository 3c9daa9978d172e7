"""A column as its distinct values and, per row, which of them it is: real columns repeat themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd


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
        return cls(pd.Series(uniques, dtype="str"), codes)

    @classmethod
    def constant(cls, values: pd.Series, rows: int) -> Coded:
        """The only value of ``values`` in every row."""
        return cls(values, np.zeros(rows, dtype="int64"))

    def map(self, function: Callable[[pd.Series], pd.Series]) -> Coded:
        """The column after ``function``, which sees each value once and returns as many as it got."""
        return Coded(function(self.uniques), self.codes)

    def rows(self, keep: np.ndarray) -> Coded:
        """The rows where ``keep`` is True."""
        return self if keep.all() else Coded(self.uniques, self.codes[keep])

    def put(self, places: np.ndarray, values: pd.Series) -> Coded:
        """The column with other values in some rows, one of ``values`` per place."""
        codes = self.codes.copy()
        codes[places] = len(self.uniques) + np.arange(len(places))
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

    def spread(self) -> pd.Series:
        """One value per row, on a RangeIndex."""
        return self.uniques.take(self.codes).reset_index(drop=True)
