"""Every place of a project that holds rows about persons, with the day that its age is counted from."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from analysis.edition.leftovers import FAILED, half_made
from analysis.edition.publish import BUILDING, PREVIEW, REMAINS, ROWS
from analysis.execution import scratch
from analysis.extracts.manifest import FILE
from analysis.private import is_open_to_others, private_file

RAW, PROCESSED = "data/raw", "data/processed"
REGISTER = ".written.jsonl"
"""Below ``data/processed``: rows that were written, or read, outside the places known here."""
NEAR = ROWS
SKIPPED = frozenset({".git", ".venv", "node_modules", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"})
"""Folders of tools, not looked into."""


@dataclass(frozen=True)
class Holding:
    """One place with rows about persons.

    ``paths`` are what is erased with it (files and folders), ``day`` the day its age is counted from, ``delivery`` the
    delivery its rows come from ('' where nobody knows), as marks name it.
    """

    kind: str
    name: str
    path: Path
    day: date
    delivery: str = ""
    paths: tuple[Path, ...] = field(default=())

    @property
    def files(self) -> list[Path]:
        """Every file in it."""
        return [file for path in self.paths for file in _files(path)]

    @property
    def size(self) -> int:
        """Bytes."""
        return sum(file.lstat().st_size for file in self.files)

    @property
    def is_open(self) -> bool:
        """True if others than the owner may read a file in it."""
        return any(is_open_to_others(file) for file in self.files) and all(
            is_open_to_others(path) for path in self.paths
        )


def holdings(root: Path) -> list[Holding]:
    """Every place below a project's folder, and those outside that it knows of, in the order of kinds and names."""
    found = [*_deliveries(root), *_workspaces(root), *_leftovers(root), *_outputs(root), *_written(root)]
    return [each for each in found if each.files]


def note_place(root: Path, kind: str, path: Path, delivery: str) -> None:
    """Remember a place that ``holdings`` would not find by itself.

    Args:
        root: the project's folder.
        kind: ``delivery`` (outside the project) or ``quarantine``.
        path: the file or folder.
        delivery: name of the delivery its rows come from.
    """
    processed = root / PROCESSED
    if not processed.is_dir():
        return
    record = {"kind": kind, "path": str(path.resolve()), "delivery": delivery}
    register = private_file(processed / REGISTER)
    if record not in list(_registered(root)):
        with register.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(record, ensure_ascii=False) + "\n")


def delivery_place(root: Path, name: str) -> Path | None:
    """The folder of a delivery by the name that marks and records give it; None where nobody knows."""
    if name and (root / name / FILE).is_file():
        return root / name
    known = (Path(record["path"]) for record in _registered(root) if record["kind"] == "delivery")
    return next((path for path in known if delivery_name(root, path) == name), None)


def delivery_name(root: Path, folder: Path) -> str:
    """A delivery as marks name it: below the root by its path, elsewhere by its folder's name."""
    folder = folder.resolve()
    return folder.relative_to(root).as_posix() if folder.is_relative_to(root) else folder.name


def read_record(path: Path) -> dict[str, Any]:
    """A JSON record; empty where there is none that can be understood."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record if isinstance(record, dict) else {}


def _deliveries(root: Path) -> Iterator[Holding]:
    raw = root / RAW
    for folder in sorted(path for path in raw.iterdir() if path.is_dir()) if raw.is_dir() else []:
        yield _delivery(root, folder)
    for record in _registered(root):
        folder = Path(record["path"])
        if record["kind"] == "delivery" and folder.is_dir() and not folder.is_relative_to(root / RAW):
            yield _delivery(root, folder)


def _delivery(root: Path, folder: Path) -> Holding:
    name = delivery_name(root, folder)
    # what describes the files says nothing of a person, and is needed to understand what is kept
    paths = [path for path in sorted(folder.iterdir()) if path.name != FILE]
    facts = _facts(folder)
    for each in (facts.get("files"), facts.get("corrections")):
        if each and not (place := (folder / str(each)).resolve()).is_relative_to(folder.resolve()) and place.exists():
            paths.append(place)
    day = facts.get("extracted")
    found = tuple(paths)
    return Holding("delivery", folder.name, folder, day if isinstance(day, date) else _newest(found), name, found)


def _facts(folder: Path) -> dict[str, Any]:
    """``[delivery]`` of a ``delivery.toml``; empty where it cannot be understood."""
    try:
        found = tomllib.loads((folder / FILE).read_text(encoding="utf-8-sig"))["delivery"]
    except (OSError, ValueError, KeyError):
        return {}
    return found if isinstance(found, dict) else {}


def _workspaces(root: Path) -> Iterator[Holding]:
    processed = root / PROCESSED
    if not processed.is_dir():
        return
    for folder in sorted(path for path in processed.iterdir() if path.is_dir() and not path.name.startswith(".")):
        mark = read_record(folder / "stages/read.json")
        day = _day(str(read_record(folder / "tables/delivery.json").get("extracted", "")))
        published = (folder / "run.json").is_file()
        paths = tuple(path for name in NEAR if (path := folder / name).is_dir()) if published else (folder,)
        kind = "edition" if published else "workspace"
        yield Holding(kind, folder.name, folder, day or _newest(paths), str(mark.get("delivery", "")), paths)


def _leftovers(root: Path) -> Iterator[Holding]:
    processed = root / PROCESSED
    for folder in sorted(processed.glob(FAILED.format("*"))) if processed.is_dir() else []:
        name = folder.name.removeprefix(FAILED.format("")).removesuffix(PREVIEW)
        yield Holding("failed", name, folder, _newest((folder,)), "", (folder,))
    for folder in half_made(root):
        name = folder.name.removeprefix(BUILDING).removeprefix(REMAINS).removesuffix(PREVIEW)
        yield Holding("leftover", name, folder, _newest((folder,)), "", (folder,))
    for folder in scratch.abandoned():
        yield Holding("leftover", folder.name, folder, _newest((folder,)), "", (folder,))


def _outputs(root: Path) -> Iterator[Holding]:
    for path in walk(root):
        if path.suffix == ".ipynb" and not path.is_relative_to(root / PROCESSED):
            cells = read_record(path).get("cells", [])
            if any(isinstance(cell, dict) and cell.get("outputs") for cell in cells):
                yield Holding("outputs", path.name, path, _newest((path,)), "", (path,))


def _written(root: Path) -> Iterator[Holding]:
    for record in _registered(root):
        path = Path(record["path"])
        if record["kind"] == "quarantine" and path.is_file():
            yield Holding("quarantine", path.name, path, _newest((path,)), record["delivery"], (path,))


def _registered(root: Path) -> Iterator[dict[str, str]]:
    try:
        lines = (root / PROCESSED / REGISTER).read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for line in lines:
        yield json.loads(line)


def walk(root: Path) -> Iterator[Path]:
    """Every file below a folder but those of tools; links are not followed."""
    for place, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in SKIPPED)
        yield from (Path(place, name) for name in sorted(files))


def _files(path: Path) -> list[Path]:
    if path.is_dir() and not path.is_symlink():
        return [file for file in sorted(path.rglob("*")) if file.is_symlink() or file.is_file()]
    return [path] if path.is_symlink() or path.is_file() else []


def _newest(paths: tuple[Path, ...]) -> date:
    times = [file.lstat().st_mtime for path in paths for file in _files(path)]
    return datetime.fromtimestamp(max(times, default=0.0), UTC).date()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
