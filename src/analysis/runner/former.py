"""The build that an edition's figures stand beside: which one it is, and what the run's record says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.edition.passport import file_hash
from analysis.edition.whole import unreadable
from analysis.errors import InputError
from analysis.runner.pages import stem
from analysis.stages.disclosure import FORMER
from analysis.stages.marks import Mark


def former_build(edition: Path, work: Path) -> str:
    """Folder of the build that this one's figures stand beside; '' if there is none.

    The one that is published now, where it was made from another delivery; else the one that it was held against.

    Raises:
        InputError: that build is damaged.
    """
    if not (edition / "run.json").is_file() and not (edition / "protected" / "cells.parquet").is_file():
        return ""
    delivered = [
        {name: digest for name, digest in mark.inputs.parts.items() if name.startswith("delivery: ")}
        if (mark := Mark.read(folder, "read")) is not None and mark.inputs is not None
        else None
        for folder in (edition, work)
    ]
    if delivered[0] != delivered[1]:
        if gone := unreadable(edition):
            raise InputError(
                f"the edition {edition.name} that is published now is damaged: its {gone} cannot be read, and new "
                "figures cannot be held against it; put it back, or name another edition with --edition"
            )
        return str(edition)
    before = edition / "protected" / FORMER
    return str(before) if before.is_dir() else ""


def unchanged(edition: Path) -> int:
    """How many figures of an edition are left as the build before showed them."""
    return len(pd.read_parquet(edition / "protected" / "unchanged.parquet"))


def build_before(edition: Path) -> dict[str, Any]:
    """What the run's record says of the build before: hashes of what it released, and figures left unchanged."""
    released = sorted((edition / "protected" / FORMER).glob("*"))
    return {
        "build_before": {path.name: file_hash(path) for path in released},
        "figures_unchanged": unchanged(edition),
    }


def lost(final: Path, failed: dict[str, str]) -> str:
    """Why the published edition is kept: this build failed on pages that it holds. '' if there is nothing to lose.

    Args:
        final: folder of the published pages.
        failed: what could not be rendered now, with the reason.
    """
    if not failed or not final.is_dir() or not any(final.iterdir()):
        return ""
    try:
        before = set(json.loads((final / "run.json").read_text(encoding="utf-8"))["departments_failed"])
    except (OSError, ValueError, KeyError, TypeError):
        before = set()  # what cannot be read is taken for whole
    gone = [stem(key) for key in failed if key not in before]
    if not gone:
        return ""
    return (
        f"the edition {final.name} was kept as it was, since {', '.join(gone)} could not be rendered this time; build "
        "again, or publish without them with --incomplete"
    )
