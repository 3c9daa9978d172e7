"""What an edition remembers of its delivery, and what ``--after`` names: an earlier edition or another delivery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from analysis.edition.names import STANDS
from analysis.edition.passport import file_hash
from analysis.errors import InputError
from analysis.extracts import Delivery, Notice, read_delivery
from analysis.extracts.manifest import FILE
from analysis.extracts.quality import compare, look_over, profile, said
from analysis.settings import find_root

PROFILE = "delivery_profile"
"""The result that describes an edition's delivery, without rows and without small groups."""
OTHER = "other"
"""Kind of a doubt that has no finding of its own."""


@dataclass(frozen=True)
class Earlier:
    """What a delivery is compared with; ``described`` is None where the edition kept no description."""

    name: str
    described: pd.DataFrame | None
    sha256: str = ""


def earlier(after: str, *, key: bytes, root: Path | None = None) -> Earlier:
    """Open what ``--after`` names.

    Args:
        after: Folder of a delivery, folder of an edition's tables, or the name of an edition.
        key: Key of the pseudonyms, to read a delivery with.
        root: The project's folder; default the one around the working directory.

    Raises:
        InputError: it is neither, or that delivery cannot be read.
    """
    folder = Path(after)
    if (folder / FILE).is_file():
        return Earlier(folder.resolve().name, profile(read_delivery(folder, key=key)))
    if not (folder / "results").is_dir() and STANDS.fullmatch(after):
        folder = (root or find_root()) / "data/processed" / after
    if not (folder / "results").is_dir():
        raise InputError(f"{folder.name} is neither a delivery nor an edition in data/processed; name one or the other")
    path = folder / "results" / f"{PROFILE}.parquet"
    if not path.is_file():
        return Earlier(folder.name, None)
    return Earlier(folder.name, pd.read_parquet(path), file_hash(path))


def findings(found: Delivery, before: Earlier | None) -> list[Notice]:
    """Everything suspicious about a delivery: by itself, and against what came before where there is something."""
    notices: list[Notice] = []
    if before is not None and before.described is None:
        notices.append(said("not_compared", before=before.name))
    elif before is not None and before.described is not None:
        notices += compare(profile(found), before.described, found.manifest, before=before.name)
    return notices + look_over(found)


def told(notices: Sequence[Notice]) -> list[dict[str, str]]:
    """Notices as plain data in both languages."""
    return [{"sv": each.text("sv"), "en": each.text("en")} for each in notices]


def sizes(notices: Sequence[Notice]) -> list[dict[str, str | int]]:
    """Kind and size in persons (0: not known) of what is doubtful, without a word that could name a count."""
    return [{"kind": each.kind or OTHER, "persons": each.persons} for each in notices]
