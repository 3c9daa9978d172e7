"""What a run should say about rows that are kept: a key that has changed, rows that should be gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from analysis import settings
from analysis.edition.keys import changed_key
from analysis.extracts.persons.secret_keys import fingerprint_of
from analysis.retention.holdings import delivery_name, holdings, note_place
from analysis.retention.purge import is_older
from analysis.retention.wording import say


def overdue(root: Path, *, language: str = "en", today: date | None = None) -> str:
    """Say how many places hold rows older than the installation keeps them; '' where none does, or nothing is stated.

    Args:
        root: the project's folder.
        language: ``sv`` or ``en``.
        today: from which age is counted.
    """
    months = settings.load(root).retention.months
    if not months:
        return ""
    day = today or datetime.now(UTC).date()
    late = [each.path.name for each in holdings(root) if is_older(each, months, day)]
    if not late:
        return ""
    paths = ", ".join(late[:3]) + (" …" if len(late) > 3 else "")
    return say("overdue", language, count=len(late), months=months, paths=paths)


def standing(delivery: Path, *, key: bytes, municipality: str, language: str) -> list[str]:
    """What ``check`` says beside its findings; nothing outside a project.

    Args:
        delivery: folder of the delivery.
        key: key of its pseudonyms.
        municipality: as ``delivery.toml`` names it.
        language: ``sv`` or ``en``.
    """
    root = settings.root_of(delivery)
    if root is None:
        return []
    other = changed_key(root, fingerprint=fingerprint_of(key), municipality=municipality)
    return [line for line in (other, overdue(root, language=language)) if line]


def written(delivery: Path, files: Sequence[Path]) -> None:
    """Remember files that were written of a delivery, so that they are erased with it."""
    root = settings.root_of(delivery)
    if root is None:
        return
    for path in files:
        note_place(root, "quarantine", path, delivery_name(root, delivery))
