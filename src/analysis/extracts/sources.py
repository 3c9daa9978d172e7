"""Which files a delivery consists of, in the order they are read."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice, count
from analysis.extracts.files.dressing import composed
from analysis.extracts.files.reading import fold
from analysis.extracts.manifest import FILE, FORMATS, FileSpec, Manifest
from analysis.extracts.places import check_inside, delivery_of
from analysis.extracts.values.bounded_patterns import matches
from analysis.reference import policy

SHOWN = 6
"""File names listed in a sentence."""


@dataclass(frozen=True)
class Source:
    """One file (or sheet) that is read as one table; ``label`` is its name in every account."""

    path: Path
    label: str
    spec: FileSpec
    groups: dict[str, str]


def find_sources(manifest: Manifest, files: Path) -> list[Source]:
    """The files of ``manifest`` in its order; those of one pattern in the order of their names.

    Names are compared as people read them: accents composed or not; case and blanks are forgiven where no other file
    could be meant.

    Raises:
        InputError: no file matches a pattern, two files could be the one that is named, or one lies outside the
            delivery's folder and of those that the installation allows.
    """
    names = sorted(path.name for path in files.iterdir() if path.is_file())
    inside = delivery_of(files)
    found: list[tuple[Path, FileSpec, dict[str, str]]] = []
    for spec in manifest.file:
        if spec.path:
            path = _named(files, spec.path)
            check_inside(path, inside, named=f"path = '{spec.path}'")
            found.append((path, spec, {}))
            continue
        fits = matches(spec.pattern, [composed(name) for name in names], how="fullmatch")
        mine = [name for name, fit in zip(names, fits, strict=True) if fit]
        for name in mine:
            check_inside(files / name, inside, named=f"the file {name}, a link,")
        if not mine:
            raise InputError(f"no file matches the pattern '{spec.pattern}' of {FILE}; add the files or correct it")
        parts = [match.groupdict("") for name in mine if (match := re.fullmatch(spec.pattern, composed(name)))]
        found += [(files / name, spec, each) for name, each in zip(mine, parts, strict=True)]
    uses = Counter((path, spec.table) for path, spec, _ in found)
    sources = []
    for path, spec, groups in found:
        name = unicodedata.normalize("NFC", file_name(path, files))
        # two sheets of one workbook may feed the same table and are then told apart
        label = f"{name} [{spec.sheet}]" if uses[path, spec.table] > 1 and spec.sheet else name
        sources.append(Source(path, label, spec, groups))
    return sources


def with_newest_list(manifest: Manifest, sources: list[Source]) -> tuple[Manifest, list[Notice]]:
    """The manifest with the day of the newest list as that of extraction, where ``extracted`` was left behind.

    A further year's list is added by putting the file into the folder; its day stands in its name or in the entry. A
    list that follows the one before it after more than ``extraction.max_days`` of the policy moves nothing: its year is
    mistyped.

    Returns:
        The manifest, and notices of the lists that are newer.
    """
    stated, dated = manifest.delivery.extracted, []
    for source in sources:
        constant = source.spec.constants.get("snapshot") if source.spec.table == "snapshots" else None
        if constant is None:
            continue
        text = constant
        for name, value in source.groups.items():
            text = text.replace(f"{{{name}}}", value)
        try:
            dated.append((date.fromisoformat(text), source.label))
        except ValueError:  # another format, or no date: told where the rows are read
            continue
    newest, latest, notices = None, stated, []
    step = timedelta(days=policy().extraction.max_days)
    for day, label in sorted(dated):
        if day > latest + step:
            notices.append(_too_new(label, day, latest))
        elif day > latest:
            latest, newest = day, (day, label)
    if newest is None:
        return manifest, notices
    day, label = newest
    facts = manifest.delivery.model_copy(update={"extracted": day})
    return manifest.model_copy(update={"delivery": facts}), [
        *notices,
        Notice(
            sv=f"{label} är av den {day}, efter extracted = {stated} i {FILE}: listans dag räknas som uttagsdag; "
            "ändra extracted.",
            en=f"{label} is of {day}, after extracted = {stated} in {FILE}: the day of the list counts as the day of "
            "extraction; move extracted.",
            doubt=True,
        ),
    ]


def _too_new(label: str, day: date, latest: date) -> Notice:
    most = policy().extraction.max_days
    return Notice(
        sv=f"{label} är av den {day}, mer än {most} dagar efter uttagsdagen och närmaste lista "
        f"({latest}), och flyttar inte uttagsdagen; rätta året i filens namn, eller ändra extracted i {FILE}.",
        en=f"{label} is of {day}, more than {most} days after the day of extraction and the nearest list "
        f"({latest}), and does not move that day; correct the year in the file's name, or move extracted in {FILE}.",
        doubt=True,
    )


def _named(files: Path, named: str) -> Path:
    """The file that ``delivery.toml`` names, whatever its accents are made of and, if it is the only one, its case."""
    path = files / named
    if path.is_file() or not path.parent.is_dir():
        return path
    beside = [each for each in sorted(path.parent.iterdir()) if each.is_file()]
    for same in (composed, fold):
        alike = [each for each in beside if same(each.name) == same(path.name)]
        if len(alike) > 1:
            raise InputError(
                f"{named} of {FILE} could be {' or '.join(repr(each.name) for each in alike)}; rename one of the files"
            )
        if alike:
            return alike[0]
    return path


def told_of_files(
    manifest: Manifest, sources: Sequence[Source], files: Path, *, corrections: Path | None = None
) -> list[Notice]:
    """Choices about files that nobody has seen: several files of one entry, and files that no entry reads.

    Args:
        manifest: What ``delivery.toml`` says.
        sources: The files that are read as tables.
        files: Their folder.
        corrections: The file or folder of corrections by hand, which is read as well.
    """
    notices = []
    for spec in manifest.file:
        mine = [source.path.name for source in sources if source.spec is spec]
        if spec.pattern and len(mine) > 1:
            some = ", ".join(mine[:SHOWN]) + (" …" if len(mine) > SHOWN else "")
            notices.append(
                Notice(
                    sv=f"Mönstret {spec.pattern} ({spec.table}) läser {len(mine)} filer: {some}.",
                    en=f"The pattern {spec.pattern} ({spec.table}) reads {len(mine)} files: {some}.",
                )
            )
    read = {source.path.resolve() for source in sources} | ({corrections.resolve()} if corrections else set())
    left = [
        path.name
        for path in sorted(files.iterdir())
        if path.is_file() and path.resolve() not in read and path.suffix.casefold() in FORMATS and path.name != FILE
        and not path.name.startswith((".", "~$"))
    ]  # fmt: skip
    if left:
        some = ", ".join(left[:SHOWN]) + (" …" if len(left) > SHOWN else "")
        notices.append(
            Notice(
                sv=f"{count(len(left), 'fil', 'filer')} i mappen läses inte, eftersom {FILE} inte nämner dem: {some}.",
                en=f"{count(len(left), 'file', 'files')} in the folder not read, since {FILE} does not name them: "
                f"{some}.",
            )
        )
    return notices


def file_name(path: Path, files: Path) -> str:
    """The file as pages may name it: never a path of this machine."""
    return path.relative_to(files).as_posix() if path.is_relative_to(files) else path.name
