"""Which door each file of an edition lies behind: a department's, the whole's, or the one that is open to everyone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

from analysis.errors import InputError
from analysis.publishing.pages.names import CARDS
from analysis.tables import keys
from analysis.tables.protected import EVERYONE, ORGANISATION

FOR_ALL = (EVERYONE, *CARDS)
"""Pages of the organisation's own figures."""
CELL = re.compile(r'\bdata-cell="([^"]*)"')
SAFE = re.compile(r"[A-Za-z0-9._/-]+")


@dataclass(frozen=True)
class Doors:
    """An edition's files by door: ``all`` (the whole's readers), ``everyone``, or the key of a department."""

    edition: str
    preview: bool
    files: dict[str, str]
    """Door by file, relative to the edition's folder."""
    codes: dict[str, str]
    """The employer's own code by department."""
    closed: tuple[str, ...] = ()
    """Pages meant for everyone that show a department's figures: only the whole's readers open them."""
    languages: tuple[str, ...] = field(default=())

    @property
    def departments(self) -> tuple[str, ...]:
        """Keys of the departments with pages."""
        return tuple(dict.fromkeys(key for key in self.files.values() if key not in (ORGANISATION, EVERYONE)))

    def page(self, stem: str, language: str) -> str:
        """The page of a department, or of everyone, in one language; '' where there is none."""
        name = f"{stem}.{language}.html"
        return next((file for file in sorted(self.files) if file.rsplit("/", 1)[-1] == name), "")


def doors(folder: Path) -> Doors:
    """What an edition lists, and who may open each file of it.

    A file belongs to the page that its first name says: ``d0101.sv.html`` and ``d0101/underlag.sv.html`` alike are
    department d0101's; what is nobody's (the list, the record) is for the whole's readers. Nothing is open to everyone
    but pages whose figures are all the organisation's own.

    Args:
        folder: the edition's folder of pages.

    Raises:
        InputError: it holds no record of an edition.
    """
    try:
        record = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise InputError(f"reports/{folder.name} is no edition: it has no run.json that can be read") from None
    preview, closed = bool(record.get("preview")), []
    files: dict[str, str] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if name.startswith(".") or "/." in name or not SAFE.fullmatch(name):
            continue
        stem = name.split("/")[0].split(".")[0]
        if stem in FOR_ALL:
            own = path.suffix == ".html" and departments_on(path.read_text(encoding="utf-8")) <= {ORGANISATION}
            closed += [] if own or path.suffix != ".html" else [name]
            files[name] = EVERYONE if own else ORGANISATION
        else:
            files[name] = stem if keys.is_key(stem) and stem not in keys.OURS else ORGANISATION
        if preview:  # what is tried is for those who try it
            files[name] = ORGANISATION
    languages = tuple(str(each) for each in record.get("parameters", {}).get("languages", ()))
    return Doors(folder.name, preview, files, dict(record.get("codes", {})), tuple(closed), languages)


def departments_on(html: str) -> set[str]:
    """Departments whose figures a page shows (keys of figures are table, department, row, column, layer)."""
    keys = (unescape(text).split("/") for text in CELL.findall(html))
    return {parts[1] for parts in keys if len(parts) > 1}


def every_edition(reports: Path) -> list[Doors]:
    """The doors of every edition below ``reports``, by name."""
    found = sorted(path.parent for path in reports.glob("*/run.json") if not path.parent.name.startswith("."))
    return [doors(folder) for folder in found]


def unnamed(editions: Iterable[Doors]) -> list[str]:
    """Pages that are closed since they show what is not for everyone, with their edition."""
    return [f"{each.edition}/{name}" for each in editions for name in each.closed]
