"""Publish atomically: an edition appears whole or not at all, and never two builds at once."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.errors import InputError

AT_FDCWD = -100
RENAME_EXCHANGE = 2


def put_in_place(new: Path, final: Path) -> None:
    """Let the folder ``new`` take the place of ``final`` in one step; what stood there is removed afterwards.

    On Linux the two folders are exchanged by one system call. Where the system cannot do that the old one is moved
    aside first and put back if the second move fails.

    Args:
        new: a whole folder on the same file system.
        final: where it shall stand; may exist.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    if not final.exists():
        os.rename(new, final)
        return
    if _exchange(new, final):
        shutil.rmtree(new)
        return
    aside = final.with_name(f".{final.name}.previous")
    shutil.rmtree(aside, ignore_errors=True)
    os.rename(final, aside)
    try:
        os.rename(new, final)
    except OSError:
        os.rename(aside, final)
        raise
    shutil.rmtree(aside)


def _exchange(first: Path, second: Path) -> bool:
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    done = rename(AT_FDCWD, os.fsencode(first), AT_FDCWD, os.fsencode(second), RENAME_EXCHANGE)
    if done == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(second))


@contextmanager
def only_build(lock: Path, edition: str) -> Iterator[None]:
    """Hold the edition's lock while building.

    Raises:
        InputError: another build of the same edition is at work.
    """
    lock.parent.mkdir(parents=True, exist_ok=True)
    guard = FileLock(lock)
    try:
        guard.acquire(timeout=0)
    except Timeout:
        raise InputError(f"edition {edition} is being built by another run; wait for it or choose --edition") from None
    try:
        yield
    finally:
        guard.release()
