"""What a run was made of and what became of its records: ``run.json``."""

from __future__ import annotations

import hashlib
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.sections.own import own_hashes

PACKAGES = ("analysis", "pandas", "numpy", "scipy", "scikit-learn", "matplotlib", "papermill", "nbconvert", "babel")
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
    for path in sorted(found for pattern in patterns for found in root.glob(pattern) if found.is_file()):
        digest.update(f"{path.relative_to(root).as_posix()}\0{file_hash(path)}\n".encode())
    return digest.hexdigest()


def code_hash(root: Path) -> str:
    """What computes and renders: notebooks, package with its reference data and templates, lock, settings."""
    package = Path(__file__).resolve().parents[1]
    parts = [
        tree_hash(package, ("**/*.py", "**/*.toml", "**/*.po", "**/*.j2", "**/*.css", "**/*.csv", "**/*.mplstyle")),
        tree_hash(root, ("notebooks/*.ipynb", "requirements.lock", "analysis.toml")),
    ]
    parts += [digest for _, digest in own_hashes(root)]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def records(ledger: pd.DataFrame) -> dict[str, int]:
    """Records of all files by what became of them."""
    return {name: int(ledger[name].sum()) for name in RECORDS}


def ledger_rows(ledger: pd.DataFrame) -> list[dict[str, Any]]:
    """The ledger per file, as plain data."""
    return [
        {"file": str(line["file"]), "table": str(line["table"]), **{name: int(line[name]) for name in RECORDS}}
        for line in ledger.to_dict("records")
    ]
