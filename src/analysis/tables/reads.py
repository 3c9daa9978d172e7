"""What was read: digests of files and of entries of records, and dictionaries that tell which of their entries are."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from analysis.errors import InputError

HANDED = "ANALYSIS_READS"
"""Variable that names the file in which a page's notebook leaves what it has read, for whoever runs it."""
MISSING = "missing"
"""Digest of what is not there."""


class Watched(dict[str, Any]):
    """A record that tells which of its entries are read.

    Args:
        record: the record.
        note: receives the name of each entry that is read, '' where the record is read as a whole.
    """

    def __init__(self, record: dict[str, Any], note: Callable[[str], None]) -> None:
        super().__init__(record)
        self._note = note

    def __getitem__(self, name: str) -> Any:
        self._note(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """The entry, or ``default``."""
        self._note(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._note(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        self._note("")
        return super().__iter__()

    def __len__(self) -> int:
        self._note("")
        return super().__len__()

    def keys(self) -> Any:
        """Names of all entries."""
        self._note("")
        return super().keys()

    def values(self) -> Any:
        """All entries."""
        self._note("")
        return super().values()

    def items(self) -> Any:
        """Names and entries."""
        self._note("")
        return super().items()

    def copy(self) -> dict[str, Any]:
        """A plain record."""
        return dict(self.items())

    def __or__(self, other: Any) -> dict[str, Any]:  # type: ignore[override]
        return {**self.copy(), **other}

    def __ror__(self, other: Any) -> dict[str, Any]:  # type: ignore[override]
        return {**other, **self.copy()}

    def __reduce__(self) -> Any:
        self._note("")
        return dict, (dict(super().items()),)


def hand_over(reads: Sequence[tuple[str, ...]]) -> None:
    """Leave what a page has read so far, where somebody has asked for it (``HANDED``)."""
    if wanted := os.environ.get(HANDED):
        Path(wanted).write_text(json.dumps(reads, ensure_ascii=False), encoding="utf-8")


def digest_of(path: Path) -> str:
    """SHA-256 of a file; 'missing' where there is none, which whoever opens it will say better."""
    if not path.is_file():
        return MISSING
    now = path.stat()
    return _hashed(path, now.st_size, now.st_mtime_ns, now.st_ctime_ns, now.st_ino)


def read_digest(folder: Path, name: str) -> str:
    """Digest of something read: a file below ``folder``, or one entry of a record there (``file#entry``)."""
    path, _, entry = name.partition("#")
    if not entry:
        return digest_of(folder / path)
    record = record_of(folder / path)
    return value_digest(record[entry]) if entry in record else MISSING


def value_digest(value: Any) -> str:
    """Digest of a plain value, whatever the order of its entries."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()


def record_of(path: Path) -> dict[str, Any]:
    """A record (JSON); empty where there is none.

    Raises:
        InputError: it is damaged.
    """
    if not path.is_file():
        return {}
    try:
        found: dict[str, Any] = json.loads(_text(path, digest_of(path)))
    except ValueError:
        raise InputError(damaged(path)) from None
    return found


def damaged(path: Path) -> str:
    """What is said of a file of a workspace that cannot be read."""
    name = "/".join(path.parts[-3:])
    return f"{name} is damaged and cannot be read; remove it and build, or run the notebooks, again"


@lru_cache(maxsize=100)
def _text(path: Path, digest: str) -> str:
    return path.read_text(encoding="utf-8")


@lru_cache(maxsize=4000)
def _hashed(path: Path, *state: int) -> str:
    # for the length of one process only, and the time of change (which nobody can set back) is part of the key
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
