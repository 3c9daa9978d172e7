"""Which files a delivery consists of, in the order they are read."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from analysis.errors import InputError
from analysis.extracts.manifest import FILE, FileSpec, Manifest


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


def file_name(path: Path, files: Path) -> str:
    """The file as pages may name it: never a path of this machine."""
    return path.relative_to(files).as_posix() if path.is_relative_to(files) else path.name
