"""What editions are called: the name that a person gives, and the numbered names of builds that were replaced."""

from __future__ import annotations

import json
import re
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
"""What an edition may be called: the name of its folders."""
STANDS = re.compile(rf"{NAME.pattern}(~[1-9]\d*)?")
"""Name of what stands below ``reports``: an edition, or a build of one that was replaced (``<edition>~N``)."""


def next_kept(processed: Path, edition: str) -> str:
    """The name under which the build that an edition replaces is kept: ``<edition>~1``, then ``~2`` and so on.

    Args:
        processed: folder of the workspaces.
        edition: name of the edition.
    """
    ends = (path.name.rpartition("~")[2] for path in processed.glob(f"{edition}~*"))
    numbers = [int(end) for end in ends if end.isdigit()]
    return f"{edition}~{max(numbers, default=0) + 1}"


def latest(processed: Path, edition: str, period: str) -> str:
    """The newest published edition of an earlier period than ``edition``, '' without one.

    Args:
        processed: folder of the workspaces.
        edition: name of the edition that is to come after it.
        period: cut-off month of that edition.
    """
    found = []
    for path in processed.glob("*/run.json"):
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        name = path.parent.name
        other = NAME.fullmatch(name) and name != edition and not record.get("preview")
        if other and record.get("period", "") < period and (path.parent / "protected/cells.parquet").is_file():
            found.append((record["period"], record.get("finished", ""), name))
    return max(found, default=("", "", ""))[2]
