"""What a person asked ``analysis build`` for, checked before anything runs."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from analysis import settings as settings_module
from analysis.edition.names import NAME, STANDS, latest
from analysis.edition.publish import PREVIEW
from analysis.edition.whole import unreadable
from analysis.errors import InputError
from analysis.periods import check_period
from analysis.reference.phrases import LANGUAGES
from analysis.settings import Settings


@dataclass(frozen=True)
class Request:
    """What a person asked for, checked."""

    root: Path
    delivery: Path
    period: str
    edition: str
    departments: tuple[str, ...]
    languages: tuple[str, ...]
    jobs: int
    after: str | None
    settings: Settings
    workspace: Path | None = None
    incomplete: bool = False
    because: str = ""
    """Why the edition is made anew, in the person's words."""
    scheduler: str = ""
    """Address of the scheduler whose workers render the reports; '': this machine renders them."""

    @property
    def preview(self) -> bool:
        """True when only some departments are rendered, or a workspace with experiments: beside the edition."""
        return bool(self.departments) or self.workspace is not None

    @property
    def name(self) -> str:
        """Folder name of what is published."""
        return f"{self.edition}{PREVIEW}" if self.preview else self.edition


def edition_name(folder: str, period: str) -> str:
    """The name of an edition from that of its delivery's folder; what a web address cannot hold becomes hyphens."""
    ascii_only = unicodedata.normalize("NFKD", folder).encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9._-]+", "-", ascii_only).strip("-._")
    return f"{words[:60].rstrip('-._') or 'edition'}-{period}"


def request(
    *,
    root: Path,
    delivery: Path,
    period: str,
    edition: str | None = None,
    departments: tuple[str, ...] = (),
    languages: tuple[str, ...] = (),
    jobs: int = 2,
    after: str | None = None,
    workspace: Path | None = None,
    incomplete: bool = False,
    because: str = "",
    scheduler: str = "",
) -> Request:
    """Check what was asked for.

    Raises:
        InputError: a folder, month, name, language, number or earlier edition that cannot be.
    """
    settings = settings_module.load(root)
    check_period(period)
    if not (delivery / "delivery.toml").is_file():
        inside = delivery.is_absolute() and delivery.is_relative_to(root)
        shown = delivery.relative_to(root).as_posix() if inside else delivery
        raise InputError(f"{shown} has no delivery.toml; name the folder of a delivery")
    name = edition or edition_name(delivery.resolve().name, period)
    if after == "latest":
        after = latest(root / "data/processed", name, period) or None
    for what, form in ((name, NAME), *([(after, STANDS)] if after else [])):
        if not form.fullmatch(what):
            raise InputError(f"{what!r} is not a name of an edition; use letters a to z, digits, dots and hyphens")
    if unknown := [language for language in languages if language not in LANGUAGES]:
        from analysis.publishing.words import catalog as words

        known = words.languages()
        if unknown := [language for language in unknown if language not in known]:
            raise InputError(f"language {unknown[0]!r} is not known; choose one of {', '.join(known)}")
    if jobs < 1:
        raise InputError(f"--jobs must be at least 1, not {jobs}")
    if after == name:
        raise InputError(f"edition {name} cannot come after itself; name an earlier edition")
    if after and not (root / "data/processed" / after / "protected" / "cells.parquet").is_file():
        raise InputError(f"there is no earlier edition {after} in data/processed; build it first or leave out --after")
    if after and (gone := unreadable(root / "data/processed" / after)):
        raise InputError(
            f"the earlier edition {after} is damaged: its {gone} cannot be read; build it again, or name another"
        )
    if scheduler:
        from analysis.runner.cluster import check_address

        check_address(scheduler)
    if workspace is not None:
        _check_workspace(root, workspace.resolve(), delivery.resolve(), period, settings.seed)
    if files := [root / name for name in settings.comparators.files]:
        from analysis.comparators import held

        held(files)  # a wrong file is told now, not after the models have run
    return Request(
        root, delivery.resolve(), period, name, tuple(dict.fromkeys(departments)),
        tuple(dict.fromkeys(languages)) or settings.languages, jobs, after, settings,
        workspace.resolve() if workspace else None, incomplete, because, scheduler,
    )  # fmt: skip


def _check_workspace(root: Path, workspace: Path, delivery: Path, period: str, seed: int) -> None:
    from analysis.stages.marks import Mark
    from analysis.stages.missing import STAGES, Place, check_workspace

    check_workspace(Place(root, workspace, delivery, period, seed))
    if not any(Mark.read(workspace, stage) for stage in STAGES):
        raise InputError(f"{workspace} is no workspace: run a notebook with -p workspace {workspace} first")
