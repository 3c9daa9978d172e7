"""``analysis verify``: an edition made again from what it was made of, and compared with what stands, byte by byte."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.edition import passport
from analysis.edition.names import STANDS
from analysis.edition.publish import beside, cleared, fresh, only_build
from analysis.errors import InputError
from analysis.execution.kernels import stoppable
from analysis.private import for_owner_alone
from analysis.retention.holdings import delivery_place, read_record
from analysis.retention.purge import MARK
from analysis.runner.build import write_once_per_edition
from analysis.runner.making import Making, never
from analysis.runner.request import Request, request
from analysis.stages.disclosure import FORMER
from analysis.tables.protected import KEYS
from analysis.tables.reads import MISSING, digest_of

PURGED = "underlag gallrat"
"""What is said of an edition whose rows have been erased: it cannot be made again, by decision."""
ROOMS = ("protected", "results")
"""Rooms of a workspace that are compared; the tables behind them hold pseudonyms, which depend on the key."""
OURS = ("audit.",)
"""Beginnings of files beside the protected tables that the gate writes, not the build."""


@dataclass
class Verified:
    """What a verification found.

    Attributes:
        altered: files that are not as they were published, by name.
        differs: what came out otherwise, and where.
        otherwise: what the edition was made of that is not so now: code, settings, libraries.
        purged: why nothing could be made again, '' where it was.
        compared: how many files were compared byte by byte.
    """

    altered: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    otherwise: list[str] = field(default_factory=list)
    purged: str = ""
    compared: int = 0

    @property
    def holds(self) -> bool:
        """True if nothing differs."""
        return not self.altered and not self.differs


def verify(
    root: Path, edition: str, *, delivery: Path | None = None, jobs: int = 2, tell: Callable[[str], None] = never
) -> Verified:
    """Make an edition again beside what stands, compare, and remove what was made.

    Args:
        root: the project's folder.
        edition: its name, or that of a build that was replaced (``<edition>~N``).
        delivery: folder of its delivery, where it has been moved.
        jobs: reports rendered at the same time.
        tell: receives one line per step.

    Raises:
        InputError: there is no such edition, or its delivery cannot be found.
    """
    pages, stands = root / "reports" / edition, root / "data/processed" / edition
    record = read_record(pages / "run.json")
    if not STANDS.fullmatch(edition) or not record:
        raise InputError(f"there is no edition {edition} in reports; analysis editions lists those there are")
    found = Verified(altered=altered(pages, stands, record))
    mark = read_record(stands / MARK)
    if mark:
        found.purged = f"{PURGED} {mark.get('day', '')} ({mark.get('decision', '')})"
        return found
    folder = delivery or delivery_place(root, str(record.get("delivery_folder", "")))
    if folder is None or not (folder / "delivery.toml").is_file():
        raise InputError(
            f"the delivery of {edition} ({record.get('delivery_folder') or 'unnamed'}) is not there; "
            "name its folder with --delivery"
        )
    asked = _asked(root, record, folder, jobs)
    found.otherwise = made_otherwise(root, record, asked)
    processed = root / "data/processed"
    again = f"{edition}-verify"
    work, fresh_pages = beside(processed / again), beside(root / "reports" / again)
    with only_build(processed / f".{again}.lock", again), stoppable(), for_owner_alone():
        try:
            for made in (work, fresh_pages):
                fresh(made)
            former = stands / "protected" / FORMER
            making = Making(asked, work, fresh_pages, tell, afresh=True, former=str(former) if former.is_dir() else "")
            making.make()
            write_once_per_edition(making)
            found.differs, found.compared = compared(stands, pages, work, fresh_pages)
        finally:
            for made in (work, fresh_pages):
                cleared(made)
    return found


def altered(pages: Path, stands: Path, record: Mapping[str, Any]) -> list[str]:
    """Pages and results that are gone, or not as the edition's record names them."""
    found = []
    for folder, kind in ((pages, "pages"), (stands / "results", "results")):
        for name, digest in record.get(kind, {}).items():
            if (now := digest_of(folder / name)) != digest:
                found.append(f"{name} {'is gone' if now == MISSING else 'is not as it was published'}")
    return found


def made_otherwise(root: Path, record: Mapping[str, Any], asked: Request) -> list[str]:
    """What the edition was made of that is not so now."""
    said = []
    now = asked.settings.model_dump(mode="json", exclude={"pseudonyms", "delivery_folders"})
    if others := sorted(name for name, value in now.items() if record.get("settings", {}).get(name) != value):
        said.append(f"settings: {', '.join(others)}")
    versions = passport.versions()
    said += [
        f"{name} {record.get('versions', {}).get(name, '?')} then, {version} now"
        for name, version in versions.items()
        if record.get("versions", {}).get(name) != version
    ]
    if record.get("code") != passport.code_hash(root):
        said.append("code, notebooks, lock or settings")
    return said


def compared(stands: Path, pages: Path, work: Path, fresh_pages: Path) -> tuple[list[str], int]:
    """Compare what stands with what was made again.

    Returns:
        One sentence per file that differs, with the first place; how many files were compared.
    """
    pairs = [(pages, fresh_pages), *((stands / room, work / room) for room in ROOMS)]
    said, count = [], 0
    for old, new in pairs:
        names = {path.relative_to(each).as_posix() for each in (old, new) for path in each.rglob("*") if path.is_file()}
        for name in sorted(name for name in names if name != "run.json" and not name.startswith(OURS)):
            count += 1
            if digest_of(old / name) != digest_of(new / name):
                said.append(f"{name}: {_where(old / name, new / name)}")
    return said, count


def _where(old: Path, new: Path) -> str:
    """The first place in which two files differ: a cell, an entry, or a line."""
    if not old.is_file() or not new.is_file():
        return "was not made again" if old.is_file() else "was not there"
    if old.name == "cells.parquet":
        return _cell(pd.read_parquet(old), pd.read_parquet(new))
    if old.suffix == ".json":
        first, second = (json.loads(path.read_text(encoding="utf-8")) for path in (old, new))
        return "entry " + next((key for key in sorted({*first, *second}) if first.get(key) != second.get(key)), "order")
    if old.suffix == ".parquet":
        first, second = pd.read_parquet(old), pd.read_parquet(new)
        if list(first) != list(second) or len(first) != len(second):
            return f"{len(first)} rows then, {len(second)} now, or other columns"
        return f"column {next((name for name in first if not first[name].equals(second[name])), 'types')}"
    lines = (path.read_text(encoding="utf-8", errors="replace").splitlines() for path in (old, new))
    for number, (before, after) in enumerate(zip(*lines, strict=False), 1):
        if before != after:
            return f"line {number}"
    return "length"


def _cell(old: pd.DataFrame, new: pd.DataFrame) -> str:
    """Name of the first protected cell that differs; no figure is said."""
    lines = [{tuple(row[key] for key in KEYS): str(row) for row in frame.to_dict("records")} for frame in (old, new)]
    for key in dict.fromkeys((*lines[0], *lines[1])):
        if lines[0].get(key) != lines[1].get(key):
            return f"cell {' · '.join(part for part in key if part)}"
    return "order of the cells"


def _asked(root: Path, record: Mapping[str, Any], delivery: Path, jobs: int) -> Request:
    asked = record["parameters"]
    departments = asked["departments"] if isinstance(asked["departments"], list) else ()
    return request(
        root=root, delivery=delivery, period=record["period"], edition=record["edition"],
        departments=tuple(departments), languages=tuple(asked["languages"]), jobs=jobs, after=asked["after"],
    )  # fmt: skip
