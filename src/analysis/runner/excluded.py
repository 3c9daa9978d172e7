"""Which causes can have changed an edition whose rows are gone: those that its record does not rule out."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis.extracts.manifest import FILE, load_manifest
from analysis.extracts.places import raw_folder
from analysis.extracts.sources import file_name, find_sources
from analysis.stages.inputs import delivery_files

MAKES = ("code", "versions", "settings", "seed", "policy_edition", "episodes")
"""Entries of a record that say how an edition is made."""


def causes_left(one: Mapping[str, Any], other: Mapping[str, Any], delivery: Path) -> list[str]:
    """Causes that may have changed a figure, in their order.

    Files of both deliveries are named by hashes under the key: where those of all files but some are the same, only
    what stands in these can have changed.

    Args:
        one: ``run.json`` of the earlier edition.
        other: that of the later one.
        delivery: folder of the later delivery.
    """
    files = [dict(each.get("inputs", ())) for each in (one, other)]
    names = {name for name, _ in delivery_files(delivery)}
    changed = {name for name in names if files[0].get(name) != files[1].get(name)}
    recognised = one.get("pseudonym_key") == other.get("pseudonym_key")
    about = {FILE, *_files_of(delivery, "organisation")}
    left = []
    if not recognised or changed & about:
        left.append("organisation")
    if not recognised or changed - set(_files_of(delivery, "organisation")):
        left.append("corrected")
    if one.get("period") != other.get("period"):
        left.append("new")
    if any(one.get(name) != other.get(name) for name in MAKES):
        left.append("definition")
    return left


def _files_of(delivery: Path, table: str) -> list[str]:
    """Names of the delivery's files that hold a table."""
    manifest = load_manifest(delivery)
    raw = raw_folder(manifest, delivery)
    return [file_name(source.path, raw) for source in find_sources(manifest, raw) if source.spec.table == table]
