"""Which files a delivery consists of, in the order they are read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from analysis.errors import InputError
from analysis.extracts.manifest import FILE, FileSpec, Manifest
from analysis.extracts.notices import Notice


@dataclass(frozen=True)
class Source:
    """One file (or sheet) that is read as one table; ``label`` is its name in every account."""

    path: Path
    label: str
    spec: FileSpec
    groups: dict[str, str]


def find_sources(manifest: Manifest, files: Path) -> list[Source]:
    """The files of ``manifest`` in its order; those of one pattern in the order of their names.

    Raises:
        InputError: no file matches a pattern.
    """
    names = sorted(path.name for path in files.iterdir() if path.is_file())
    found: list[tuple[Path, FileSpec, dict[str, str]]] = []
    for spec in manifest.file:
        if spec.path:
            found.append((files / spec.path, spec, {}))
            continue
        matches = [(name, match) for name in names if (match := re.fullmatch(spec.pattern, name))]
        if not matches:
            raise InputError(f"no file matches the pattern '{spec.pattern}' of {FILE}; add the files or correct it")
        found += [(files / name, spec, match.groupdict("")) for name, match in matches]
    uses = Counter((path, spec.table) for path, spec, _ in found)
    sources = []
    for path, spec, groups in found:
        name = file_name(path, files)
        # two sheets of one workbook may feed the same table and are then told apart
        label = f"{name} [{spec.sheet}]" if uses[path, spec.table] > 1 and spec.sheet else name
        sources.append(Source(path, label, spec, groups))
    return sources


def with_newest_list(manifest: Manifest, sources: list[Source]) -> tuple[Manifest, list[Notice]]:
    """The manifest with the day of the newest list as that of extraction, where ``extracted`` was left behind.

    A further year's list is added by putting the file into the folder; its day stands in its name or in the entry.

    Returns:
        The manifest, and a notice where the day was moved.
    """
    stated, newest = manifest.delivery.extracted, None
    for source in sources:
        constant = source.spec.constants.get("snapshot") if source.spec.table == "snapshots" else None
        if constant is None:
            continue
        text = constant
        for name, value in source.groups.items():
            text = text.replace(f"{{{name}}}", value)
        try:
            day = date.fromisoformat(text)
        except ValueError:  # another format, or no date: told where the rows are read
            continue
        if day > stated and (newest is None or day > newest[0]):
            newest = day, source.label
    if newest is None:
        return manifest, []
    day, label = newest
    facts = manifest.delivery.model_copy(update={"extracted": day})
    return manifest.model_copy(update={"delivery": facts}), [
        Notice(
            sv=f"{label} är av den {day}, efter extracted = {stated} i {FILE}: listans dag räknas som uttagsdag; "
            "ändra extracted.",
            en=f"{label} is of {day}, after extracted = {stated} in {FILE}: the day of the list counts as the day of "
            "extraction; move extracted.",
        )
    ]


def file_name(path: Path, files: Path) -> str:
    """The file as pages may name it: never a path of this machine."""
    return path.relative_to(files).as_posix() if path.is_relative_to(files) else path.name
