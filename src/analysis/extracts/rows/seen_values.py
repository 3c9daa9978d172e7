"""Which values were seen, without keeping one of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.extracts.values.coded import hashes

LONG = 4
"""Characters from which a value is remembered; shorter ones occur everywhere."""
SIZE = 24
"""Places of the sieve: 2 to this power, a byte each. Of a million values one in 400 others seems to have been seen."""
PROBES = 4
STEP = 13
"""Bits by which the parts of a hash that the probes use lie apart."""


class Sieve:
    """A set of texts that forgets what they were (a Bloom filter; Bloom 1970, doi 10.1145/362686.362692).

    Whatever was added is found again, without regard to case; of other texts a few are found as well. Its size does
    not depend on how many were added.
    """

    def __init__(self) -> None:
        self._seen = np.zeros(1 << SIZE, dtype=bool)

    def add(self, values: pd.Series) -> None:
        """Remember trimmed texts."""
        for places in _places(values[values.str.len() >= LONG]):
            self._seen[places] = True

    def has(self, values: pd.Series) -> np.ndarray:
        """True for texts that were added, and for a few others."""
        found = (values.str.len() >= LONG).to_numpy(dtype=bool, copy=True)
        for places in _places(values):
            found &= self._seen[places]
        return found


def _folded(values: pd.Series) -> pd.Series:
    # folding is slow, and ASCII has nothing to fold but capitals
    return values.str.lower() if values.str.isascii().all() else values.str.casefold()


def _places(values: pd.Series) -> list[np.ndarray]:
    found = hashes(_folded(values))
    return [(found >> np.uint64(STEP * probe) & np.uint64((1 << SIZE) - 1)).astype("int64") for probe in range(PROBES)]
