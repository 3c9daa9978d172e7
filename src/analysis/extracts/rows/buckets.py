"""Records of all rows sorted into buckets, each small enough to be looked at as a whole."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO

import numpy as np

from analysis.extracts.rows.staging import room, scratch

BUDGET = 8 << 20
"""Bytes of records held in memory before they are written to disk."""


class Buckets:
    """Records (a structured type) by hash: those of equal hash meet in one bucket."""

    def __init__(self, number: int, kind: np.dtype) -> None:
        self._kind = kind
        self._held: list[list[np.ndarray]] = [[] for _ in range(number)]
        self._written: list[list[tuple[int, int]]] = [[] for _ in range(number)]
        self._bytes = 0
        self._file: IO[bytes] | None = None

    def add(self, hashed: np.ndarray, records: np.ndarray) -> None:
        """Sort records into their buckets, in their order."""
        which = (hashed % np.uint64(len(self._held))).astype("int64")
        order = np.argsort(which, kind="stable")
        ends = np.searchsorted(which[order], np.arange(len(self._held)), side="right")
        for held, mine in zip(self._held, np.split(records[order], ends[:-1]), strict=True):
            held.append(mine)
        self._bytes += records.nbytes
        if self._bytes > BUDGET and len(self._held) > 1:
            with room():
                self._write()

    def __iter__(self) -> Iterator[np.ndarray]:
        for held, written in zip(self._held, self._written, strict=True):
            earlier = [self._read(begin, length) for begin, length in written]
            yield np.concatenate([*earlier, *held, np.zeros(0, dtype=self._kind)])

    def _write(self) -> None:
        self._file = self._file or scratch()
        begin = self._file.seek(0, os.SEEK_END)
        for held, written in zip(self._held, self._written, strict=True):
            for records in held:
                self._file.write(records.tobytes())
            written.append((begin, sum(records.nbytes for records in held)))
            begin += written[-1][1]
            held.clear()
        self._file.flush()
        self._bytes = 0

    def _read(self, begin: int, length: int) -> np.ndarray:
        if self._file is None:
            raise AssertionError("nothing was written")
        self._file.seek(begin)
        return np.frombuffer(self._file.read(length), dtype=self._kind)
