"""Files and folders that hold rows about persons: for their owner alone, whatever the umask says."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FILE, FOLDER = 0o600, 0o700
"""Modes of what holds rows about persons."""
SHARED_FILE, SHARED_FOLDER = 0o666, 0o777
"""Modes of what is published, before the umask."""


def private_folder(path: Path) -> Path:
    """See to it that a folder is there and that only its owner may enter it; folders above it are made as usual."""
    path.mkdir(parents=True, exist_ok=True)
    _set(path, FOLDER)
    return path


def private_file(path: Path) -> Path:
    """See to it that a file is there (empty where it is new) and that only its owner may read it.

    Whoever opens it afterwards to write keeps its mode.
    """
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, FILE))
    _set(path, FILE)
    return path


def restrict(folder: Path) -> None:
    """Close a whole tree to everybody but its owner."""
    for place, _, files in os.walk(folder):
        _set(Path(place), FOLDER)
        for name in files:
            _set(Path(place, name), FILE)


def publish_modes(folder: Path, umask: int) -> None:
    """Give a tree of pages the modes that a person's own umask would have given it."""
    for place, _, files in os.walk(folder):
        _set(Path(place), SHARED_FOLDER & ~umask)
        for name in files:
            _set(Path(place, name), SHARED_FILE & ~umask)


@contextmanager
def for_owner_alone() -> Iterator[int]:
    """Make whatever this process and its children write private while the block runs; gives the umask from before."""
    before = os.umask(0o077)
    try:
        yield before
    finally:
        os.umask(before)


@contextmanager
def for_everyone(umask: int) -> Iterator[None]:
    """Write with the person's own umask while the block runs: what lies beside published pages, not in a new folder."""
    before = os.umask(umask)
    try:
        yield
    finally:
        os.umask(before)


def is_open_to_others(path: Path) -> bool:
    """True if somebody else than the owner may read a file or enter a folder."""
    with suppress(OSError):
        return bool(path.stat().st_mode & 0o077)
    return False


def _set(path: Path, mode: int) -> None:
    # a link is followed by chmod: what it names is somebody else's
    if not path.is_symlink() and path.stat().st_mode & 0o777 != mode:
        path.chmod(mode)
