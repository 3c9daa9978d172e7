"""Pseudonyms instead of raw keys, and masks over what messages show."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.extracts.values.converting import squeeze

DIGITS = 24
"""Hexadecimal digits kept of a pseudonym (96 bits: no two of a million people share one)."""
PIECE = 1 << 15
"""Values held as objects at a time while they are hashed."""
MASK = "*****"
SHOWN = 40
"""Characters of a value that a message repeats."""


def pseudonyms(values: pd.Series, *, name: str, key: bytes) -> pd.Series:
    """Replace raw keys by keyed pseudonyms: keyed BLAKE2b (RFC 7693) of ``<column>|<value>``, 24 hex digits.

    The column's name is part of the message, so that a name and an employee number that look alike stay
    apart. NA stays NA. Give distinct values: each is hashed.
    """
    there = values.notna().to_numpy()
    raw = pa.array(squeeze(values[there]), type=pa.large_string()).cast(pa.large_binary())
    # a key longer than the function takes is hashed first, as RFC 2104 does
    secret = key if len(key) <= hashlib.blake2b.MAX_KEY_SIZE else hashlib.blake2b(key).digest()
    begin = hashlib.blake2b(f"{name}|".encode(), key=secret, digest_size=DIGITS // 2).copy
    digests = bytearray()
    for start in range(0, len(raw), PIECE):
        for message in raw.slice(start, PIECE).to_pylist():
            each = begin()
            each.update(message)
            digests += each.digest()
    # all digests have one length, so their text is already laid out as a column of Arrow's
    digits, ends = digests.hex().encode(), np.arange(len(raw) + 1, dtype="int64") * DIGITS
    column = pd.array(pa.LargeStringArray.from_buffers(len(raw), pa.py_buffer(ends), pa.py_buffer(digits)), dtype="str")
    if there.all():
        return pd.Series(column, index=values.index)
    result = pd.Series(None, index=values.index, dtype="str")
    result[there] = column
    return result


def mask(text: str) -> str:
    """A personal value as it may be shown in a message: at most three characters of a long one."""
    if not text:
        return ""
    return (text[:3] if len(text) >= 10 else text[:1] if len(text) >= 5 else "") + MASK


def shown(values: pd.Series, *, personal: bool = False, known: Iterable[str] = ()) -> pd.Series:
    """What quarantine and notices show of raw values.

    Personal columns are masked. In the others a value is masked if it is one of the ``known`` personal
    values (a cell that slipped into the wrong column) or holds as many digits as a personnummer.
    """
    if personal:
        return values.map(mask).astype("str")
    private = set(known)

    def one(text: str) -> str:
        long_number = len(re.sub(r"[\s+-]", "", text)) >= 10 and re.search(r"\d{6}[\s+-]?[\dA-Za-z]\d{2}\d", text)
        if long_number or text.strip().casefold() in private:
            return mask(text)
        return text if len(text) <= SHOWN else text[:SHOWN] + "…"

    return values.map(one).astype("str")
