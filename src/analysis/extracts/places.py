"""Where a delivery may read: inside its own folder, and in folders that the installation allows."""

from __future__ import annotations

from pathlib import Path

from analysis import settings
from analysis.errors import InputError
from analysis.extracts.manifest import FILE, Manifest


def raw_folder(manifest: Manifest, folder: Path) -> Path:
    """The folder of the raw files, as ``delivery.toml`` names it.

    Raises:
        InputError: it lies outside the delivery, in no folder that is allowed.
    """
    if not manifest.delivery.files:
        return folder
    files = folder / manifest.delivery.files
    check_inside(files, folder, named=f"files = '{manifest.delivery.files}'")
    return files


def corrections_of(manifest: Manifest, folder: Path) -> Path | None:
    """The file or folder of corrections that ``delivery.toml`` names; None where it names none.

    Raises:
        InputError: it lies outside the delivery, in no folder that is allowed.
    """
    if not manifest.delivery.corrections:
        return None
    path = folder / manifest.delivery.corrections
    check_inside(path, folder, named=f"corrections = '{manifest.delivery.corrections}'")
    return path


def check_inside(path: Path, folder: Path, *, named: str) -> None:
    """Refuse a path that leads out of a folder, be it absolute, by ``..`` or by a link.

    Args:
        path: what is to be read.
        folder: of the delivery, or of its raw files.
        named: how ``delivery.toml`` names it.

    Raises:
        InputError: it lies outside, in no folder that is allowed.
    """
    real = path.resolve()
    inside = real.is_relative_to(delivery_of(folder))
    if not inside and not any(real.is_relative_to(place) for place in _allowed(folder)):
        raise InputError(
            f"{named} of {FILE} leads out of the delivery's folder; put the files there, or allow their folder with "
            f"delivery_folders in {settings.FILE}"
        )


def delivery_of(folder: Path) -> Path:
    """The folder of the delivery that a folder of raw files belongs to: the nearest with a ``delivery.toml``."""
    real = folder.resolve()
    return next((place for place in (real, *real.parents) if (place / FILE).is_file()), real)


def _allowed(folder: Path) -> list[Path]:
    for start in (folder, Path.cwd()):
        try:
            root = settings.find_root(start)
        except InputError:
            continue
        return [(root / name).resolve() for name in settings.load(root).delivery_folders]
    return []
