"""What a run was made of and what became of its records: ``run.json``."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis import settings
from analysis.execution.cells import code_of
from analysis.settings import FILE

if TYPE_CHECKING:  # whether an edition is as it would be made now is told before anything large is imported
    import pandas as pd

PACKAGES = ("analysis", "pandas", "numpy", "scipy", "scikit-learn", "matplotlib", "papermill", "nbconvert", "babel")
PACKAGE = Path(__file__).resolve().parents[1]
RECORDS = ("read", "accepted", "quarantined", "merged", "excluded", "structural")


def versions() -> dict[str, str]:
    """Versions of Python and of the packages that decide what a page says."""
    return {"python": platform.python_version()} | {name: version(name) for name in PACKAGES}


def file_hash(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def tree_hash(root: Path, patterns: tuple[str, ...]) -> str:
    """SHA-256 over names and contents of the files under ``root`` that match, in order of their names."""
    digest = hashlib.sha256()
    found = {path for pattern in patterns for path in root.glob(pattern) if path.is_file()}
    for path in sorted(found):
        if not _made_here(path.relative_to(root)):
            digest.update(f"{path.relative_to(root).as_posix()}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()


BEFOREHAND = "00-start.ipynb"
"""The notebook with which a first delivery is described: no page depends on it, since what it writes is an input."""


def code_hash(root: Path, package: Path = PACKAGE) -> str:
    """What computes and renders: every file of the package, own sections, notebooks, lock and settings.

    Of a notebook its code counts: what a run leaves in the file (outputs, counts) is no other code.

    Args:
        root: the project's folder.
        package: the package's folder.
    """
    parts = [tree_hash(package, ("**/*",)), tree_hash(root, ("requirements.lock", FILE))]
    parts += [digest for _, digest in own_hashes(root)]
    parts += [
        json.dumps([path.name, code_of(path)])
        for path in sorted((root / "notebooks").glob("*.ipynb"))
        if path.name != BEFOREHAND
    ]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def own_hashes(root: Path) -> list[tuple[str, str]]:
    """Name and SHA-256 of every file of own sections and own words: they are part of what an edition was made with."""
    if not (root / FILE).is_file():
        return []
    held = settings.load(root)
    folders = [root / name for name in dict.fromkeys((*held.sections, *held.words))]
    paths = sorted(path for folder in folders for kind in ("*.py", "*.toml") for path in folder.glob(kind))
    return [(str(path.relative_to(root)), file_hash(path)) for path in paths]


def _made_here(path: Path) -> bool:
    """True for what Python and other tools leave beside the source; it says nothing of what a page shows."""
    return path.suffix == ".pyc" or any(part == "__pycache__" or part.startswith(".") for part in path.parts)


def records(ledger: pd.DataFrame) -> dict[str, int]:
    """Records of all files by what became of them."""
    return {name: int(ledger[name].sum()) for name in RECORDS}


def ledger_rows(ledger: pd.DataFrame) -> list[dict[str, Any]]:
    """The ledger per file, as plain data."""
    return [
        {"file": str(line["file"]), "table": str(line["table"]), **{name: int(line[name]) for name in RECORDS}}
        for line in ledger.to_dict("records")
    ]
