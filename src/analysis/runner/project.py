"""``analysis init`` and ``analysis upgrade``: a project of one's own, from what the installed package brings along.

A project holds settings, notebooks, deliveries and editions; the package holds everything else. ``SHIPPED`` keeps the
digest of each file as it was shipped, so that an upgrade can tell what a person has changed.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from analysis.errors import InputError
from analysis.tables.reads import MISSING, digest_of

PACKAGE = Path(__file__).resolve().parents[1]
SHIPPED = ".shipped.json"
FILES = ("analysis.toml", "requirements.lock", "notebooks/*.ipynb", "examples/**/*")
"""What a project begins with, as it lies in the package's ``project`` folder (in a clone: in the clone)."""
FOLDERS = ("data/raw", "data/processed", "reports", "own")
IGNORED = """data/raw/*
data/processed/*
reports/*
runs/
/papers/
/word/
/pdf/
/access/
/access.toml
*.key
.ipynb_checkpoints/
"""
"""``.gitignore`` of a project: nothing about persons (who may open what names them), nothing that can be made again."""
NEW = ".new"
"""What stands before the ending of a new version that lies beside a changed file."""
DELIVERY = """# Describe a delivery: copy this file into data/raw/<name>/ beside the extracts, or let
# `analysis check data/raw/<name> --propose` write one from what it sees in the files.
[delivery]
name = "HR och lön, december 2025"
municipality = "Exempelkommun"
municipality_en = "Exempelkommun"
extracted = 2026-01-15          # the day of the extract

[[file]]
table = "employments"           # analysis tables lists every table and column
path = "anstallningar.csv"
[file.columns]                  # our name = "the header in the file"
person = "Anställningsnr"
unit = "Enhet"
"""


@dataclass(frozen=True)
class Upgraded:
    """What an upgrade did: files by what became of them."""

    replaced: list[str] = field(default_factory=list)
    beside: list[str] = field(default_factory=list)
    """New versions that lie beside a file that was changed here."""
    added: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    """Files that are shipped no longer; they are left."""


def shipped(package: Path = PACKAGE) -> dict[str, Path]:
    """Files that a project begins with, by their path in it.

    Raises:
        InputError: the package was installed without them.
    """
    folder = package / "project" if (package / "project").is_dir() else package.parents[1]
    found = {
        path.relative_to(folder).as_posix(): path
        for pattern in FILES
        for path in sorted(folder.glob(pattern))
        if path.is_file() and not path.name.startswith(".") and "__pycache__" not in path.parts
    }
    if "analysis.toml" not in found:
        raise InputError("this installation holds no project files; install the package from its wheel again")
    return found


def init(folder: Path) -> list[str]:
    """Make a project.

    Args:
        folder: where; new, or empty but for hidden files.

    Returns:
        What was written, by path in the folder.

    Raises:
        InputError: the folder holds other files, or cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(not path.name.startswith(".") for path in folder.iterdir())):
        raise InputError(f"{folder} holds other files; choose a new folder for the project")
    files = shipped()
    for name in FOLDERS:
        (folder / name).mkdir(parents=True, exist_ok=True)
    for name, path in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    (folder / ".gitignore").write_text(IGNORED, encoding="utf-8")
    (folder / "examples").mkdir(exist_ok=True)
    (folder / "examples/delivery.toml").write_text(DELIVERY, encoding="utf-8")
    _keep(folder, files)
    return [*files, ".gitignore", "examples/delivery.toml"]


def upgrade(root: Path) -> Upgraded:
    """Bring the files of the installed package to a project; what was changed there stays, the new one lies beside it.

    Args:
        root: the project's folder.

    Raises:
        InputError: the project was not made by ``analysis init``.
    """
    try:
        before = json.loads((root / SHIPPED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(
            f"{root.name} has no record of what it was made of ({SHIPPED}); make a new project with analysis init and "
            "move your settings, own/ and data/ there"
        ) from None
    files, done = shipped(), Upgraded()
    for name, path in files.items():
        here, now = digest_of(root / name), digest_of(path)
        if here == now or before.get(name) == now:
            continue  # as it is shipped, or changed (or removed) here while what is shipped is the same
        target = root / name
        if here == MISSING and name not in before:
            done.added.append(name)
        elif here == before.get(name):
            done.replaced.append(name)
        else:
            target = target.with_name(f"{target.stem}{NEW}{target.suffix}")
            done.beside.append(target.relative_to(root).as_posix())
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    done.gone.extend(sorted(name for name in before.keys() - files.keys() if (root / name).is_file()))
    _keep(root, files)
    return done


def _keep(root: Path, files: dict[str, Path]) -> None:
    record = {name: digest_of(path) for name, path in files.items()}
    (root / SHIPPED).write_text(json.dumps(record, indent=1, sort_keys=True) + "\n", encoding="utf-8")
