"""What runs that were killed left behind: half-made editions, and folders in which kernels wrote."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from analysis.edition.publish import BUILDING, PREVIEW, REMAINS, beside, cleared
from analysis.execution import scratch

FAILED = ".failed-{}"
"""Folder beside an edition's tables with the notebooks of a build that failed."""


def remove_leftovers(root: Path) -> list[Path]:
    """Remove what killed runs left behind; what a run at work holds the lock of is let be.

    Args:
        root: the project's folder.

    Returns:
        What was removed.
    """
    gone = []
    for folder in half_made(root):
        try:
            with _not_at_work(root / "data/processed", folder.name):
                if folder.exists() and cleared(folder):
                    gone.append(folder)
        except Timeout:
            continue
    for folder in scratch.abandoned():
        scratch.release(folder)
        gone.append(folder)
    return gone


def half_made(root: Path) -> list[Path]:
    """Folders of editions that are being made, or were when their run was killed."""
    found = []
    for place in (root / "data/processed", root / "reports"):
        if place.is_dir():
            found += [path for prefix in (BUILDING, REMAINS) for path in place.glob(f"{prefix}*")]
            # the pages of an edition may be a link: they are made where it leads to
            found += [beside(path) for path in place.iterdir() if path.is_symlink()]
    return sorted({path for path in found if path.is_dir() and not path.is_symlink()})


class _not_at_work:
    """Hold every lock under which the folder may be made; a lock that nobody ever took needs no holding."""

    def __init__(self, processed: Path, folder: str) -> None:
        name = folder.removeprefix(BUILDING).removeprefix(REMAINS)
        names = dict.fromkeys((name, name.removesuffix(PREVIEW)))
        self._locks = [FileLock(path) for each in names if (path := processed / f".{each}.lock").is_file()]

    def __enter__(self) -> None:
        held = []
        try:
            for lock in self._locks:
                lock.acquire(timeout=0)
                held.append(lock)
        except Timeout:
            for lock in held:
                lock.release()
            raise

    def __exit__(self, *_: object) -> None:
        for lock in self._locks:
            lock.release()
