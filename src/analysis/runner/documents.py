"""``analysis word`` and ``analysis pdf``: documents of a published edition, through the gate."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from analysis.audit.documents import check_document
from analysis.documents.content import outlines
from analysis.documents.pdf import find_chromium, printed
from analysis.documents.template import default_template
from analysis.documents.word import filled
from analysis.edition.publish import write_page
from analysis.errors import GateError, InputError
from analysis.publishing.words.catalog import languages
from analysis.runner.audit import LANGUAGES, near_side
from analysis.runner.pages import stem
from analysis.sections import Report, all_sections
from analysis.tables import keys
from analysis.tables.protected import ORGANISATION, ProtectedReport

CELL = re.compile(r'\bdata-cell="([^"{]+)"')
"""Names of the figures that a page prints."""


def write_word(
    root: Path, edition: str, target: Path, *, template: Path | None = None, department: str = ORGANISATION,
    language: str = "sv",
) -> list[Path]:  # fmt: skip
    """Write the Word documents of an edition: plan, interim report, annual staff accounts.

    Args:
        root: the project's root.
        edition: a published edition.
        target: folder to write to; files of the same names are replaced.
        template: a Word file of the municipality's own; None: the one that is shipped.
        department: key or own code of a department, ``all`` for the whole organisation.
        language: sv or en.

    Raises:
        InputError: there is no such edition, department or language, or the template cannot be filled.
        GateError: a document holds what no published page shows; none is written.
    """
    if language not in LANGUAGES:
        raise InputError(f"language {language!r} is not known; choose {' or '.join(LANGUAGES)}")
    whole = _protected(root, edition, ORGANISATION)
    key = _named(whole, department)
    protected = whole if key == ORGANISATION else _protected(root, edition, key)
    pages = [path.read_text(encoding="utf-8") for path in _pages(root, edition, key, language)]
    if not pages:
        raise InputError(f"edition {edition} has no page of {department} in {language}; name one that it has")
    page = "organisation" if key == ORGANISATION else "department"
    form = _read(template) if template is not None else default_template(language)
    secrets = near_side(root / "data/processed" / edition / "tables")
    report = Report(protected, all_sections(root), page)
    printed_cells = frozenset(name for text in pages for name in CELL.findall(text))
    made = {
        f"{name}-{stem(key)}.{language}.docx": filled(name, report, form, language, printed_cells)
        for name in outlines().document
    }
    found = [
        line for name, content in made.items() for line in check_document(content, form, pages, secrets, name=name)
    ]  # fmt: skip
    if found:
        raise GateError(f"no document was written: {'; '.join(found[:5])}")
    return _write(target, made)


def write_template(path: Path, language: str) -> Path:
    """Write the template that is shipped, for a municipality to change and own.

    Raises:
        InputError: something lies there already.
    """
    if path.exists():
        raise InputError(f"{path} exists; name another file for the template")
    return _write(path.parent, {path.name: default_template(language)})[0]


def write_pdf(
    root: Path, edition: str, target: Path, *, departments: Sequence[str] = (), chromium: str | None = None,
    tell: Callable[[Path], None] = lambda path: None,
) -> list[Path]:  # fmt: skip
    """Print the pages of an edition as tagged PDF, in each of its languages.

    Args:
        root: the project's root.
        edition: a published edition.
        target: folder to write to.
        departments: keys or own codes; none: every page.
        chromium: name or path of the browser; None: the first that is found.
        tell: receives each file as soon as it is written.

    Raises:
        InputError: there is no such edition, page or browser, or a page lacks what a screen reader needs.
    """
    whole = _protected(root, edition, ORGANISATION)
    browser = find_chromium(chromium)
    wanted = [_named(whole, each) for each in departments] or [each.key for each in whole.departments]
    written = []
    for key in wanted:
        pages = [path for language in languages() for path in _sheets(root, edition, key, language)]
        if not pages and departments:
            raise InputError(f"edition {edition} has no page of {key}; name a department that it has")
        for page in pages:
            written += _write(target, {f"{page.stem}.pdf": printed(page, browser)})
            tell(written[-1])
    return written


def _protected(root: Path, edition: str, key: str) -> ProtectedReport:
    folder = root / "data/processed" / edition / "protected"
    if not (root / "reports" / edition / "run.json").is_file() or not (folder / "cells.parquet").is_file():
        raise InputError(f"there is no edition {edition} in reports and data/processed; see analysis editions")
    return ProtectedReport.read(folder, key)


def _named(whole: ProtectedReport, department: str) -> str:
    """The key of a department that has a page."""
    if department == ORGANISATION:
        return department
    found = keys.named(department, {each.code: each.key for each in whole.departments if each.code})
    if found not in {each.key for each in whole.departments}:
        raise InputError(f"no department {department!r} in this edition; see its index.html")
    return found


def _sheets(root: Path, edition: str, key: str, language: str) -> Iterator[Path]:
    """The published report of a department, wherever its file lies in the edition."""
    yield from sorted((root / "reports" / edition).rglob(f"{stem(key)}.{language}.html"))


def _pages(root: Path, edition: str, key: str, language: str) -> Iterator[Path]:
    """The published report, and what lies in a folder of its own beside it."""
    for page in _sheets(root, edition, key, language):
        alone = page.parent.name == edition
        yield from [page] if alone else sorted(page.parent.glob(f"*.{language}.html"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}; name the template's file") from None


def _write(folder: Path, files: dict[str, bytes]) -> list[Path]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_page(folder / name, content)
    except OSError as error:
        what = os.strerror(error.errno) if error.errno else str(error)
        raise InputError(f"{folder} cannot be written to: {what}; name another folder with --out") from None
    return [folder / name for name in files]
