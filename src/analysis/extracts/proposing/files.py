"""What lies in the folder: every table of every file, read as it stands and described."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice
from analysis.extracts.files.as_text import read_table
from analysis.extracts.files.layout import Layout, detect, sheets
from analysis.extracts.manifest import FILE, FORMATS, Manifest
from analysis.extracts.places import raw_folder
from analysis.extracts.proposing.content import PERSONAL, look_at
from analysis.extracts.proposing.matching import Match, Sheet

PROPOSED = "delivery.proposed.toml"
BESIDE = frozenset({FILE, PROPOSED, "readme.md", "readme.txt", "source.txt"})
OTHERS = frozenset({".dat", ".asc", ".prn", ".fil", ""})
"""Suffixes of text files that are no usual suffix of a table but often hold one."""
STAMP = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:([-_]?)(0[1-9]|1[0-2])(?:([-_]?)(0[1-9]|[12]\d|3[01]))?)?(?!\d)")
"""A year, year and month, or day in the name of a file."""
DATED_TITLE = re.compile(r"\b((?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))\b")
EXTRACTION = re.compile(
    r"uttag|uttaget|utskrift|utskriven|skapad|framtagen|körd|hämtad|extract|created|printed|run", re.I
)
DATA = re.compile(r"[+-]?[\d\s]+(?:[.,]\d+)?|\d{4}-\d\d-\d\d")
TITLE_LINES = 25


@dataclass
class Found:
    """One table of one file. ``stamp`` are the parts of a date in the file's name: year, month, day.

    ``match`` is the table it becomes, None where it becomes none; ``nearest`` the table it resembles most.
    """

    path: Path
    sheet_name: str | None
    layout: Layout
    sheet: Sheet
    stamp: dict[str, str]
    skeleton: str
    extracted: date | None = None
    match: Match | None = None
    nearest: Match | None = None
    profile: str = ""
    again: bool = False
    """True for rows that another entry reads too: of one file that feeds two tables."""

    @property
    def label(self) -> str:
        """The file, and the sheet where a workbook has several."""
        return f"{self.path.name} [{self.sheet_name}]" if self.sheet_name else self.path.name


def candidates(folder: Path, manifest: Manifest | None) -> list[Path]:
    """Files of the folder that may hold a table and that ``delivery.toml`` does not cover yet."""
    files = raw_folder(manifest, folder) if manifest else folder
    found = []
    for path in sorted(files.iterdir()):
        name = path.name.lower()
        if not path.is_file() or name in BESIDE or name.startswith((".", "~$")):
            continue
        if path.suffix.lower() not in FORMATS and path.suffix.lower() not in OTHERS:
            continue
        covered = manifest is not None and any(spec.covers(path.name) for spec in manifest.file)
        if not covered:
            found.append(path)
    return found


def look_into(path: Path, *, today: date) -> tuple[list[Found], list[Notice]]:
    """Every table of one file, and why some could not be looked at."""
    found, notices = [], []
    try:
        names: list[str | None] = list(sheets(path)) if FORMATS.get(path.suffix.lower()) == "xlsx" else [None]
    except InputError as error:
        return [], [unreadable(path.name, error)]
    for name in names:
        label = f"{path.name} [{name}]" if name else path.name
        try:
            found.append(_look(path, name, today=today, single=len(names) == 1))
        except InputError as error:
            notices.append(unreadable(label, error))
    return found, notices


def unreadable(label: str, error: InputError) -> Notice:
    """A file that is no table as far as can be seen."""
    return Notice(
        sv=f"{label}: kunde inte läsas som tabell ({error}).", en=f"{label}: not readable as a table ({error})."
    )


def _look(path: Path, name: str | None, *, today: date, single: bool) -> Found:
    layout = detect(path, sheet=name)
    frame = read_table(path, layout)
    traits = [look_at(frame.iloc[:, place], today=today) for place in range(frame.shape[1])]
    if layout.header_row and _is_data(list(layout.names)):
        width = len(layout.names)
        layout = replace(
            layout,
            header_row=0,
            header_rows=0,
            first_row=layout.header_row,
            names=tuple(str(place + 1) for place in range(width)),
        )
        frame = read_table(path, layout)
        traits = [look_at(frame.iloc[:, place], today=today) for place in range(frame.shape[1])]
    skeleton, stamp = _stamp(path.stem)
    title = f"{path.stem} {name or ''}" if name else path.stem
    return Found(
        path=path,
        sheet_name=name if name and (not single or layout.sheet) else None,
        layout=layout,
        sheet=Sheet(title, [str(each) for each in frame.columns], traits, frame),
        stamp=stamp,
        skeleton=skeleton + re.escape(path.suffix),
        extracted=_extraction(path, layout),
    )


def _is_data(names: list[str]) -> bool:
    """True if the header line is a record: it holds a personal number, or mostly numbers and dates."""
    filled = [name.strip() for name in names if name.strip()]
    if any(PERSONAL.fullmatch(name) for name in filled):
        return True
    return bool(filled) and sum(DATA.fullmatch(name) is not None for name in filled) > 0.5 * len(filled)


def _stamp(stem: str) -> tuple[str, dict[str, str]]:
    """The stem with the date in it as named groups of a pattern, and the date's parts."""
    hits = list(STAMP.finditer(stem))
    if not hits:
        return re.escape(stem), {}
    hit = max(hits, key=lambda each: sum(part is not None for part in each.groups()))
    year, first, month, second, day = hit.groups()
    pattern, stamp = r"(?P<year>\d{4})", {"year": year}
    if month:
        pattern, stamp = rf"{pattern}{first}(?P<month>\d{{2}})", stamp | {"month": month}
    if day:
        pattern, stamp = rf"{pattern}{second}(?P<day>\d{{2}})", stamp | {"day": day}
    return re.escape(stem[: hit.start()]) + pattern + re.escape(stem[hit.end() :]), stamp


def _extraction(path: Path, layout: Layout) -> date | None:
    """The day of extraction, where a line above the header says so."""
    above = min((layout.header_row or layout.first_row) - 1, TITLE_LINES)
    if above < 1:
        return None
    if layout.format == "xlsx":
        whole = read_table(path, replace(layout, header_row=0, header_rows=0, first_row=1, footer=0))
        lines = [" ".join(map(str, row)) for row in whole.iloc[:above].itertuples(index=False)]
    else:
        with path.open(encoding=layout.encoding or "utf-8", errors="replace") as stream:
            lines = [line for line, _ in zip(stream, range(above), strict=False)]
    days = [hit[1] for line in lines if EXTRACTION.search(line) and (hit := DATED_TITLE.search(line))]
    return date.fromisoformat(days[0]) if days else None
