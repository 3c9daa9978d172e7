"""Records of all rows sorted into buckets, each small enough to be looked at as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analysis.extracts.staging import scratch

BUDGET = 8 << 20
"""Bytes of records held in memory before they are written to a file per bucket."""


class Buckets:
    """Records (a structured type) by hash: those of equal hash meet in one bucket.

    The files hold hashes and days, nothing a person could be known by, and go with the buckets.
    """

    def __init__(self, number: int, kind: np.dtype) -> None:
        self._kind = kind
        self._held: list[list[np.ndarray]] = [[] for _ in range(number)]
        self._bytes = 0
        self._folder: TemporaryDirectory[str] | None = None

    def add(self, hashed: np.ndarray, records: np.ndarray) -> None:
        """Sort records into their buckets, in their order."""
        which = (hashed % np.uint64(len(self._held))).astype("int64")
        order = np.argsort(which, kind="stable")
        ends = np.searchsorted(which[order], np.arange(len(self._held)), side="right")
        for held, mine in zip(self._held, np.split(records[order], ends[:-1]), strict=True):
            held.append(mine)
        self._bytes += records.nbytes
        if self._bytes > BUDGET and len(self._held) > 1:
            self._write()

    def __iter__(self) -> Iterator[np.ndarray]:
        for number, held in enumerate(self._held):
            path = self._path(number)
            earlier = [np.fromfile(path, dtype=self._kind)] if path and path.is_file() else []
            yield np.concatenate([*earlier, *held, np.zeros(0, dtype=self._kind)])

    def _write(self) -> None:
        self._folder = self._folder or scratch()
        for number, held in enumerate(self._held):
            path = self._path(number)
            if path:
                with path.open("ab") as file:
                    np.concatenate([*held, np.zeros(0, dtype=self._kind)]).tofile(file)
            held.clear()
        self._bytes = 0

    def _path(self, number: int) -> Path | None:
        return Path(self._folder.name) / str(number) if self._folder else None
