"""Exports as they come out of a system before anybody has described them: for notebooks/00-start."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from analysis.errors import InputError
from analysis.sample import write_sample

FILES = {
    "anstallningar.csv": "Uttag anställda.csv",
    "avgangar.csv": "Uttag avgångar.csv",
    "organisation.csv": "Orgträd.csv",
}
"""Files of the sample, and what a report generator calls them."""


def write_first_extracts(folder: Path, *, employees: int = 600, years: int = 4, seed: int = 20251231) -> list[str]:
    """Write three undescribed extracts of the fictitious municipality; files that are there already are kept.

    Args:
        folder: Gets the files and no ``delivery.toml``; made if it does not exist.
        employees: Persons employed at the cut-off.
        years: Calendar years of history.
        seed: Seed of everything that is drawn.

    Returns:
        Names of the files of the folder that may hold a table.

    Raises:
        InputError: ``folder`` is a file.
    """
    if folder.is_file():
        raise InputError(f"{folder.name} is a file; name a folder of extracts")
    if not folder.is_dir() or not any(folder.iterdir()):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory() as place:
            write_sample(Path(place) / "sample", employees=employees, years=years, seed=seed)
            for name, called in FILES.items():
                shutil.copyfile(Path(place) / "sample" / name, folder / called)
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".toml")
