"""Whether editions of a municipality were made with one pseudonym key."""

from __future__ import annotations

import json
from pathlib import Path

PARTS = ("run.json", "protected/about.json")


def changed_key(root: Path, *, fingerprint: str, municipality: str) -> str:
    """Say that editions on record were made with another key; '' where none was.

    Args:
        root: the project's folder.
        fingerprint: of the key at hand (``extracts.persons.secret_keys.fingerprint_of``).
        municipality: as ``delivery.toml`` names it; editions of other municipalities have keys of their own.
    """
    others = []
    for run in sorted((root / "data/processed").glob(f"*/{PARTS[0]}")):
        try:
            record, about = (json.loads((run.parent / name).read_text(encoding="utf-8")) for name in PARTS)
            if about["municipality"] == municipality and record["pseudonym_key"] != fingerprint:
                others.append(run.parent.name)
        except (OSError, ValueError, KeyError, TypeError):
            continue  # made before keys were noted, or half-way
    if not others:
        return ""
    named = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if len(others) > 3 else "")
    return (
        f"the pseudonym key is another than that of {named}: a person has another pseudonym there, and corrections "
        "written with the former key are refused; go back to that key, or build those editions again"
    )
