"""Which values were seen, without keeping one of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.extracts.coded import hashes

LONG = 4
"""Characters from which a value is remembered; shorter ones occur everywhere."""
BITS = 26
"""Size of the sieve: 2 to this power bits, 8 MB. Of a million values one in 80,000 others seems to have been seen."""
PROBES = 4
STEP = 12
"""Bits by which the parts of a hash that the probes use lie apart."""


class Sieve:
    """A set of texts that forgets what they were (a Bloom filter; Bloom 1970, doi 10.1145/362686.362692).

    Whatever was added is found again, without regard to case; of other texts a few are found as well. Its size does
    not depend on how many were added.
    """

    def __init__(self) -> None:
        self._bits: np.ndarray = np.zeros(1 << (BITS - 3), dtype="uint8")

    def add(self, values: pd.Series) -> None:
        """Remember trimmed texts."""
        long = values[values.str.len() >= LONG]
        for place in _places(_folded(long)):
            np.bitwise_or.at(self._bits, place >> 3, np.uint8(1) << (place & 7).astype("uint8"))

    def has(self, values: pd.Series) -> np.ndarray:
        """True for texts that were added, and for a few others."""
        found = (values.str.len() >= LONG).to_numpy(dtype=bool, copy=True)
        for place in _places(_folded(values)):
            found &= (self._bits[place >> 3] >> (place & 7).astype("uint8") & 1).astype(bool)
        return found


def _folded(values: pd.Series) -> pd.Series:
    # folding is slow, and ASCII has nothing to fold but capitals
    return values.str.lower() if values.str.isascii().all() else values.str.casefold()


def _places(values: pd.Series) -> list[np.ndarray]:
    found = hashes(values)
    return [(found >> np.uint64(STEP * probe) & np.uint64((1 << BITS) - 1)).astype("int64") for probe in range(PROBES)]
