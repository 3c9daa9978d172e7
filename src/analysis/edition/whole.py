"""Whether what an edition has released can be read: told before anything rests on it."""

from __future__ import annotations

import json
from pathlib import Path

RELEASED = ("protected/cells.parquet", "protected/departments.parquet", "protected/about.json")
"""What a later edition, or a rebuild, reads of an edition."""
MAY_LACK = ("results/delivery_profile.parquet",)


def unreadable(edition: Path) -> str:
    """The first file of what an edition released that is gone or damaged, by its name; '' if all can be read.

    Args:
        edition: its workspace.
    """
    from pyarrow import ArrowException
    from pyarrow.parquet import read_table

    for name in (*RELEASED, *MAY_LACK):
        path = edition / name
        if not path.is_file():
            if name in MAY_LACK:
                continue
            return path.name
        try:
            read_table(path) if path.suffix == ".parquet" else json.loads(path.read_text(encoding="utf-8"))
        except (ArrowException, OSError, ValueError):
            return path.name
    return ""
