"""Publish atomically: an edition's tables and pages change together or not at all, and never two builds at once.

The folders of an edition (tables, pages) are exchanged one after the other, which no system call does in one step. So
each new folder carries a token from before the first exchange until after the last, and a journal names the folders:
where the token lies says how far an exchange came. A start that finds a journal finishes the exchange, or takes it back
where that cannot be done. What stood there before is removed only when everything new is in its place.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import secrets
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from analysis.errors import InputError
from analysis.private import private_folder

AT_FDCWD = -100
RENAME_EXCHANGE = 2
TOKEN = ".publishing"
"""File in a new folder while the exchange is under way."""
JOURNAL = ".publishing-{}.json"
BUILDING, REMAINS, PREVIEW = ".building-", ".remains-", "-preview"
"""Beginnings of the names of folders that are made, or could not be removed; end of the name of a preview."""
ROWS = ("tables", "logs", "stages")
"""Rooms of an edition's workspace that hold rows about persons, or plain hashes of their files; the others stay."""


@dataclass(frozen=True)
class Swap:
    """A new folder and the one whose place it takes, side by side in one folder."""

    new: Path
    final: Path
    number: str
    """Of this exchange, as its token says it: a token that an earlier one left means nothing."""
    kept: str = ""
    """Name under which the old folder stays beside the new one; '': it is removed."""

    @property
    def aside(self) -> Path:
        """Where the old folder waits on systems that cannot exchange two folders in one step."""
        return self.final.with_name(f".previous-{self.final.name}")

    @property
    def is_done(self) -> bool:
        """True if the new folder stands in its place."""
        try:
            return (self.final / TOKEN).read_text(encoding="utf-8") == self.number
        except OSError:
            return False

    def keep(self) -> None:
        """Let the old folder stay under its name of its own, without the rows about persons behind it."""
        if not self.kept:
            return
        target = self.final.with_name(self.kept)
        for old in (self.new, self.aside):
            if old.is_dir() and not target.exists():
                if (old / "protected").is_dir():
                    for room in ROWS:
                        shutil.rmtree(old / room, ignore_errors=True)
                os.rename(old, target)

    def forward(self) -> None:
        """Put the new folder in its place; what stood there lies at ``new`` or ``aside`` afterwards."""
        if self.is_done:
            return
        if self.final.is_dir():
            if _exchange(self.new, self.final):
                return
            os.rename(self.final, self.aside)
        os.rename(self.new, self.final)

    def back(self) -> None:
        """Put the old folder back in its place."""
        if self.is_done:
            if self.new.is_dir():
                if not _exchange(self.new, self.final):
                    raise OSError(errno.ENOTSUP, "folders cannot be exchanged any more", str(self.final))
                return
            os.rename(self.final, self.new)
        if self.aside.is_dir() and not self.final.exists():
            os.rename(self.aside, self.final)


def beside(final: Path, prefix: str = BUILDING) -> Path:
    """The folder in which what shall stand at ``final`` is made: on the same file system, behind any link."""
    real = final.resolve()
    return real.with_name(f"{prefix}{real.name}")


def put_in_place(pairs: Sequence[tuple[Path, Path]], journal: Path, *, lock: Path, kept: str = "") -> list[Path]:
    """Let every new folder take the place of its final one, all or none; what stood there is removed or kept.

    A final folder that is a link stays one: the folder it names is exchanged.

    Args:
        pairs: new folder (``beside`` its final one) and final folder.
        journal: file that says what is under way, until all is done.
        lock: the edition's lock, which the caller holds; kept in the journal for whoever has to finish this.
        kept: name under which what stood there stays beside it, without rows about persons; '': it is removed.

    Returns:
        Old folders that could not be removed; the edition is published all the same.

    Raises:
        InputError: a folder cannot take its place; everything stands as before.
    """
    number = secrets.token_hex(8)
    swaps = [Swap(new, final.resolve(), number, kept) for new, final in pairs]
    record = {
        "lock": lock.name, "number": number, "state": "exchanging", "kept": kept,
        "folders": [[str(swap.new), str(swap.final)] for swap in swaps],
    }  # fmt: skip
    with _undisturbed():
        try:
            for swap in swaps:
                swap.final.parent.mkdir(parents=True, exist_ok=True)
                _write_whole(swap.new / TOKEN, number)
                _to_disk(swap.new)
            _write_whole(journal, json.dumps(record))
            for swap in swaps:
                swap.forward()
        except OSError as error:
            _take_back(swaps, journal)
            raise InputError(
                f"{_what(error)}; nothing was published and the edition before stands as it was: "
                "free the folder or name another edition with --edition, and build again"
            ) from None
        return _finish(swaps, journal, record)


def heal_all(processed: Path) -> None:
    """Finish, or take back, every exchange that a killed run left half-way.

    Args:
        processed: folder of the workspaces, with the journals.

    Raises:
        InputError: one can be neither finished nor taken back.
    """
    for journal in sorted(processed.glob(JOURNAL.format("*"))):
        try:
            record = json.loads(journal.read_text(encoding="utf-8"))
            guard = FileLock(processed / record["lock"])
            kept = record.get("kept", "")
            swaps = [Swap(Path(new), Path(final), record["number"], kept) for new, final in record["folders"]]
        except (ValueError, KeyError, TypeError):
            raise InputError(f"data/processed/{journal.name} cannot be read; remove it and build again") from None
        except FileNotFoundError:
            continue  # another start has just finished it
        try:
            with guard.acquire(timeout=0):
                if journal.is_file():
                    _heal(swaps, journal, record)
        except Timeout:
            continue  # its run is still at work


def _heal(swaps: Sequence[Swap], journal: Path, record: dict[str, Any]) -> None:
    with _undisturbed():
        if record["state"] == "exchanging":
            try:
                for swap in swaps:
                    swap.forward()
            except OSError:
                _take_back(swaps, journal)
                return
        _finish(swaps, journal, record)


def _take_back(swaps: Sequence[Swap], journal: Path) -> None:
    try:
        for swap in reversed(swaps):
            swap.back()
    except OSError as error:
        raise InputError(
            f"{_what(error)}, so that a half-way edition can be neither finished nor taken back; free that folder, "
            "and the next start of analysis tries again"
        ) from None
    journal.unlink(missing_ok=True)
    for swap in swaps:
        (swap.new / TOKEN).unlink(missing_ok=True)


def _finish(swaps: Sequence[Swap], journal: Path, record: dict[str, Any]) -> list[Path]:
    """From here on the new edition stands: say so in the journal, then remove what stood there before."""
    for swap in swaps:
        _sync_folder(swap.final.parent)
    try:
        _write_whole(journal, json.dumps({**record, "state": "removing"}))
    except OSError:  # a full disk: then without a journal, since a token alone means nothing
        journal.unlink(missing_ok=True)
    for swap in swaps:
        (swap.final / TOKEN).unlink(missing_ok=True)
        with suppress(OSError):  # what cannot be kept is left, or removed, as if nobody had asked
            swap.keep()
    left = [path for swap in swaps for path in (swap.new, swap.aside) if not cleared(path)]
    journal.unlink(missing_ok=True)
    return left


def cleared(folder: Path) -> bool:
    """Remove a folder; what cannot be removed is renamed out of the way. False if it is still there in some form."""
    if not folder.exists():
        return True
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        return True
    for number in range(1, 1000):
        target = folder.with_name(f"{REMAINS}{folder.name.lstrip('.')}-{number}")
        if not target.exists():
            with suppress(OSError):
                os.rename(folder, target)
            break
    return False


def fresh(folder: Path) -> Path:
    """An empty folder to build in, closed to others while it is made.

    Raises:
        InputError: what lies there cannot be removed, or the folder cannot be made.
    """
    cleared(folder)
    try:
        private_folder(folder)
    except OSError as error:
        raise InputError(f"{_what(error)}; remove {folder.name} by hand, or make the folder above writable") from None
    return folder


def write_page(path: Path, content: str | bytes) -> str:
    """Write a page, or a file beside one, whole or not at all.

    Returns:
        SHA-256 of what lies there.

    Raises:
        OSError: it cannot be written; nothing of it is left.
    """
    from analysis.edition.passport import file_hash

    _write_whole(path, content)
    return file_hash(path)


def _write_whole(path: Path, content: str | bytes) -> None:
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as handle:
            handle.write(content.encode("utf-8") if isinstance(content, str) else content)
            handle.flush()
            os.fsync(handle.fileno())
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _what(error: OSError) -> str:
    name = error.filename or error.filename2
    return f"{Path(os.fsdecode(name)).name}: {error.strerror}" if name else str(error.strerror or error)


def _to_disk(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            with path.open("rb") as handle:
                os.fsync(handle.fileno())


def _sync_folder(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    except OSError:
        pass  # some file systems know no order of folders
    finally:
        os.close(number)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Let an interrupt wait for the few milliseconds of an exchange."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


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
