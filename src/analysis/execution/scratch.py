"""Folders for what a kernel writes, each held by a lock, so that one which a killed run left behind can be told."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

PREFIX = "analysis-nb-"
HELD = "held"
"""File in the folder that its process has locked; the lock goes with the process, however it ends."""

_locks: dict[Path, int] = {}


def scratch_folder(above: str | None) -> Path:
    """A private folder of its own, until ``release``.

    Args:
        above: where it is made; None: the folder for temporary files.
    """
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=above))
    folder.chmod(0o700)
    number = os.open(folder / "new", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(number, fcntl.LOCK_EX)
    os.rename(folder / "new", folder / HELD)  # locked before anybody can look at it
    _locks[folder] = number
    return folder


def release(folder: Path) -> None:
    """Remove a folder of ours."""
    shutil.rmtree(folder, ignore_errors=True)
    if (number := _locks.pop(folder, None)) is not None:
        os.close(number)


def abandoned() -> list[Path]:
    """Folders of this person's killed runs: nobody holds their lock."""
    found = []
    for above in dict.fromkeys((tempfile.gettempdir(), "/tmp")):
        for folder in sorted(Path(above).glob(f"{PREFIX}*")):
            with suppress(OSError):
                if folder.stat().st_uid == os.getuid() and folder not in _locks and _is_free(folder / HELD):
                    found.append(folder)
    return found


def _is_free(lock: Path) -> bool:
    number = os.open(lock, os.O_RDWR)
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(number)
    return True
