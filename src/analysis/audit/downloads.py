"""What the attacker reads in downloads: figures of a CSV by their cells, and a workbook's numbers against them."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import unescape

from python_calamine import CalamineError, CalamineWorkbook

from analysis.audit.figures import Figure, Read, digits_allow, key_of

FIELDS = ("value", "low", "high")
KEYED = {"cell", "status", "unit", "sheet", "place", *FIELDS}
"""Columns without which a CSV cannot be read."""
PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|docProps/(?:app|core)\.xml|xl/_rels/workbook\.xml\.rels"
    r"|xl/(?:workbook|styles|sharedStrings|theme/theme1|worksheets/sheet\d+)\.xml"
)
"""Parts of a workbook that can be read; others (macros, comments, caches of other tables) may hold anything."""
MARKUP = re.compile(r"<[^>]+>")
NUMBERS = re.compile(r"<v>[^<]*</v>")
PLACE = re.compile(r"([A-Z]+)(\d+)")
CLOSE = 1e-9

Numbers = tuple[float, ...]
Place = tuple[str, int, int]


def read_records(name: str, text: str, found: Read) -> tuple[dict[Place, Numbers], str] | None:
    """Figures of a CSV, as those of a page; None where it is of a kind that cannot be read.

    Args:
        name: its name, for messages.
        text: its contents.
        found: where figures are added.

    Returns:
        Sheet, row and column (from nought) of each figure in the workbook beside it, with the numbers that may stand
        there: value, and the interval's ends after it. Then every text of the file, once.
    """
    rows = csv.DictReader(io.StringIO(text))
    if KEYED - set(rows.fieldnames or ()):
        return None
    places: dict[Place, Numbers] = {}
    texts = dict.fromkeys(rows.fieldnames or ())
    for row in rows:
        texts |= dict.fromkeys(str(field) for field in row.values())
        key = key_of(row["cell"])
        if key is None:
            found.problems.append(f"{name}: {row['cell']} is the name of no figure")
            continue
        figure = found.figures.setdefault(key, Figure(key))
        scale = 100 if row["unit"] == "percent" else 1
        numbers = [float(row[field]) / scale for field in FIELDS if row[field]]
        if row["status"] in ("shown", "unreliable"):
            figure.shown.append(name)
            if row["value"]:
                low, high = digits_allow(row["value"])
                figure.low, figure.high = max(figure.low, low), min(figure.high, high)
            if row["low"] and row["high"]:
                figure.ends = (digits_allow(row["low"]), digits_allow(row["high"]))
        else:
            if row["status"] == "withheld":
                figure.withheld.append(name)
            if numbers:
                found.problems.append(f"{name}: {row['cell']} is {row['status']} and has a number")
        found.numbers.setdefault(key, set()).update(numbers)
        if row["place"]:
            ends = [float(row[field]) / scale if row[field] else None for field in FIELDS]
            places |= _places(row["sheet"], row["place"], ends)
    return places, "\n".join(texts)


def _places(sheet: str, place: str, ends: list[float | None]) -> Iterator[tuple[Place, Numbers]]:
    letters, row = PLACE.fullmatch(place).groups()  # type: ignore[union-attr]
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - ord("A") + 1
    value, *interval = ends
    yield (sheet, int(row) - 1, column - 1), () if value is None else (value,)
    for at, end in enumerate(interval):
        if end is not None:
            yield (sheet, int(row) - 1, column + at), (end,)


def read_workbook(name: str, path: Path, places: dict[Place, Numbers], found: Read) -> str | None:
    """Hold every number of a workbook against what the CSV files list; None where it cannot be read.

    A number is listed by its place (the CSV of the same name), or by the name of a figure in its own row.

    Args:
        name: its name, for messages.
        path: the file.
        places: what ``read_records`` gave for the CSV of the same name.
        found: what was read so far; problems are added.

    Returns:
        Every text of the file.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {part: archive.read(part).decode("utf-8") for part in archive.namelist()}
        book = CalamineWorkbook.from_path(str(path))
    except (zipfile.BadZipFile, UnicodeDecodeError, CalamineError):
        return None
    strange = [part for part in parts if not PARTS.fullmatch(part)]
    found.problems += [f"{name}: the attacker cannot read its part {part}" for part in strange]
    if any("<f>" in text or "<f " in text for part, text in parts.items() if "worksheets" in part):
        found.problems.append(f"{name}: a formula")
    for sheet in book.sheet_names:
        _read_sheet(f"{name}, {sheet}", sheet, book.get_sheet_by_name(sheet).to_python(False), places, found)
    # numbers were looked at one by one; the places of shared texts stand among them
    return "\n".join(unescape(MARKUP.sub(" ", NUMBERS.sub(" ", text))) for text in parts.values())


def _read_sheet(
    where: str, sheet: str, lines: Sequence[Sequence[object]], places: dict[Place, Numbers], found: Read
) -> None:  # fmt: skip
    for at, line in enumerate(lines):
        keys = [key for item in line if isinstance(item, str) and (key := key_of(item)) is not None]
        known = [number for key in keys for number in found.numbers.get(key, ())]
        for column, item in enumerate(line):
            place = (sheet, at, column)
            if isinstance(item, str):
                if item and places.get(place) == ():
                    found.problems.append(f"{where}: words stand at row {at + 1} where a figure is withheld")
                continue
            if item is None:
                continue
            allowed = places.get(place, ()) if place in places else known
            number = float(item) if isinstance(item, int | float) else None
            if number is None or not any(abs(number - each) < CLOSE * max(1.0, abs(each)) for each in allowed):
                found.problems.append(f"{where}: a number at row {at + 1} that no page shows there")
