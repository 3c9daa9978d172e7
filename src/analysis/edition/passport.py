"""What a run was made of and what became of its records: ``run.json``."""

from __future__ import annotations

import hashlib
import json
import platform
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.edition.cells import code_of
from analysis.settings import FILE

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
    """What computes and renders: notebooks, package with its reference data and templates, lock, settings.

    Of a notebook its code counts: what a run leaves in the file (outputs, counts) is no other code.
    """
    package = Path(__file__).resolve().parents[1]
    files = [path for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(package).as_posix()}\0{file_hash(path)}\n".encode())
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        digest.update(f"{path.name}\0{json.dumps(code_of(path))}\n".encode())
    return hashlib.sha256(f"{digest.hexdigest()}{tree_hash(root, ('requirements.lock', FILE))}".encode()).hexdigest()


def records(ledger: pd.DataFrame) -> dict[str, int]:
    """Records of all files by what became of them."""
    return {name: int(ledger[name].sum()) for name in RECORDS}


def ledger_rows(ledger: pd.DataFrame) -> list[dict[str, Any]]:
    """The ledger per file, as plain data."""
    return [
        {"file": str(line["file"]), "table": str(line["table"]), **{name: int(line[name]) for name in RECORDS}}
        for line in ledger.to_dict("records")
    ]
