"""Writing the configuration of a web server for some editions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from analysis.access.access_map import AccessMap
from analysis.access.doors import Doors, doors, every_edition
from analysis.access.nginx import CONFIGURATION, ROTATION, configuration, rotation
from analysis.errors import InputError
from analysis.private import private_file, private_folder


def write_access(
    root: Path, editions: Sequence[str], access: AccessMap, out: Path
) -> tuple[list[Path], list[Doors]]:  # fmt: skip
    """Write nginx' configuration and the rotation of its log.

    Args:
        root: the project's root.
        editions: names of editions; none: every one in ``reports``.
        access: who may open what.
        out: folder to write to; it names users, so that it is closed to others.

    Returns:
        The files, and the doors of the editions.

    Raises:
        InputError: there is no such edition, or a department that no edition has.
    """
    reports = root / "reports"
    found = [doors(reports / name) for name in editions] or every_edition(reports)
    if not found:
        raise InputError("there is no edition in reports; build one first")
    texts = {CONFIGURATION: configuration(access, found, reports), ROTATION: rotation(access)}
    if not out.is_dir():  # a folder that is there keeps its rights
        private_folder(out)
    for name, text in texts.items():
        private_file(out / name).write_text(text, encoding="utf-8")
    return [out / name for name in texts], found
