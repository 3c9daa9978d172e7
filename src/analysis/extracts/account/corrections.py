"""Corrections by hand: cells of rows that were set aside, given again, or rows dropped; each on its own row only."""

from __future__ import annotations

import csv
import hmac
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice, count
from analysis.extracts.files.delimited import DELIMITERS
from analysis.extracts.files.reading import Raw, decode, find_columns, fold, sha256
from analysis.extracts.manifest import FileSpec
from analysis.extracts.records import Job, Part
from analysis.reference import load
from analysis.reference.phrases import LANGUAGES
from analysis.tables.clean import TABLES

BY_HAND = "corrected_by_hand"
"""The named rule under which rows dropped by hand are counted."""
NEEDED = ("file", "table", "source_row", "column", "corrected", "action", "check")
EFFECT = ("file", "table", "cells", "rows", "accepted", "wrong", "left_out", "dropped", "refused")
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
ONE_MARK = re.compile(r"-?\d+[.,](?!\d{3}$)\d+")
"""A number with one decimal mark that cannot be taken for a group of thousands."""
CHECK_DIGITS = 12
FORMULA = ("=", "+", "-", "@")
"""First characters that make a spreadsheet calculate a cell instead of showing it."""


@dataclass(frozen=True)
class Correction:
    """One line of a file of corrections. ``column`` is a header of the file, "" for the whole line."""

    file: str
    table: str
    row: int
    column: str
    value: str
    drop: bool
    check: str
    place: str
    """Where the correction itself stands, for messages."""


@dataclass(frozen=True)
class Corrections:
    """All corrections of a delivery and the files they came from (name, SHA-256)."""

    lines: tuple[Correction, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()

    def of(self, file: str, table: str) -> list[Correction]:
        """Those for one file as it is read into one table."""
        return [each for each in self.lines if (each.file, each.table) == (file, table)]


@dataclass(frozen=True)
class Applied:
    """What corrections did to (a block of) a file, by ``source_row``."""

    cells: int
    corrected: frozenset[int]
    dropped: frozenset[int]
    refused: frozenset[int]
    """Rows that do not hold what they held when the correction was written."""
    persons: frozenset[str] = frozenset()
    """Whom the dropped rows are about, as keyed digests."""


def names(kind: str) -> dict[str, dict[str, str]]:
    """``heading``, ``action`` or ``rule`` of the files of corrections by id, with ``sv`` and ``en``."""
    return {entry["id"]: entry for entry in load("corrections")[kind]}


def fingerprint(cells: Iterable[str], *, key: bytes) -> str:
    """What a row holds, as a keyed digest: it tells whether the row is the same and nothing of what it says."""
    digest = hmac.digest(key, ("row|" + "\x1f".join(cells)).encode("utf-8", "surrogatepass"), "sha256").hex()
    return "k" + digest[:CHECK_DIGITS]  # a letter first: a spreadsheet would read 12e45 as a number


def read_corrections(path: Path) -> Corrections:
    """Read a file of corrections, or every ``.csv`` of a folder of them.

    Lines without a corrected value and without an action are not yet decided and say nothing.

    Raises:
        InputError: there is none, a column is missing, or a line cannot be understood or contradicts another.
    """
    if path.is_dir():
        files = sorted(each for each in path.iterdir() if each.suffix.lower() == ".csv")
        if not files:
            raise InputError(f"the folder {path.name} holds no CSV file of corrections; name the right folder or file")
    elif path.is_file():
        files = [path]
    else:
        raise InputError(f"there is no file or folder of corrections {path.name}; check its name")
    lines: dict[tuple[str, str, int, str], Correction] = {}
    decided = {file: found for file in files if (found := read_lines(file))}
    for found in decided.values():
        for each in found:
            place = (each.file, each.table, each.row, fold(each.column))
            before = lines.setdefault(place, each)
            if (before.value, before.drop) != (each.value, each.drop):
                raise InputError(f"{each.place} contradicts {before.place}: the same cell is corrected twice; keep one")
    dropped = {(each.file, each.table, each.row): each for each in lines.values() if each.drop}
    for each in lines.values():
        if not each.drop and (other := dropped.get((each.file, each.table, each.row))):
            raise InputError(f"{each.place} corrects a row that {other.place} drops; keep one of them")
    return Corrections(tuple(lines.values()), tuple((file.name, sha256(file)) for file in decided))


def read_lines(path: Path) -> list[Correction]:
    """The decided lines of one file of corrections, as it was written or as a spreadsheet saved it again.

    Raises:
        InputError: a column is missing or a line cannot be understood.
    """
    if path.stat().st_size == 0:
        return []
    text, _ = decode(path.read_bytes(), name=path.name)
    headings = {fold(entry[each]): key for key, entry in names("heading").items() for each in LANGUAGES}
    best: list[list[str]] = []
    known: list[str] = []
    for delimiter in DELIMITERS:
        try:
            records = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        if not records:
            continue
        found = [headings.get(fold(cell), "") for cell in records[0]]
        if sum(map(bool, found)) > sum(map(bool, known)):
            best, known = records, found
    missing = [name for name in NEEDED if name not in known]
    if missing:
        entry = names("heading")[missing[0]]
        raise InputError(
            f"{path.name} has no column '{entry['sv']}' ({entry['en']}); "
            "correct in a file that check --quarantine wrote"
        )
    lines = []
    for number, record in enumerate(best[1:], start=2):
        cells = dict(zip(known, (_plain(cell) for cell in record), strict=False))
        if any(cells.get(name) for name in ("corrected", "action")):
            lines.append(_line(cells, place=f"{path.name} line {number}"))
    return lines


def _plain(cell: str) -> str:
    """A cell without blanks and without the apostrophe that keeps a spreadsheet from calculating it."""
    text = cell.strip()
    return text[1:] if text.startswith(tuple(f"'{sign}" for sign in FORMULA)) else text


def _line(cells: dict[str, str], *, place: str) -> Correction:
    actions = {fold(entry[each]): key for key, entry in names("action").items() for each in LANGUAGES}
    word, value, column = cells.get("action", ""), cells.get("corrected", ""), cells.get("column", "")
    action = actions.get(fold(word)) if word else "correct"
    if action is None:
        raise InputError(f"{place}: the action is not known; write {' or '.join(_words('action'))}")
    if action == "drop" and value:
        raise InputError(f"{place} both drops the row and corrects it; empty one of the two cells")
    if action == "correct" and not column and not value:
        raise InputError(f"{place}: the row as a whole is wrong; write the whole line as it should be, or drop it")
    if not re.fullmatch(r"\d{1,9}", cells.get("source_row", "")):
        raise InputError(f"{place}: the row is not a whole number; use the row that check --quarantine wrote")
    if not cells.get("check"):
        raise InputError(f"{place} has no check value; correct in a file that check --quarantine wrote")
    return Correction(
        file=cells["file"],
        table=cells["table"],
        row=int(cells["source_row"]),
        column="" if action == "drop" else column,
        value=value,
        drop=action == "drop",
        check=cells["check"],
        place=place,
    )


def _words(kind: str) -> list[str]:
    return [f"{entry['sv']} ({entry['en']})" for entry in names(kind).values()]


def check_places(corrections: Corrections, known: Iterable[tuple[str, str]]) -> None:
    """Refuse corrections for a file and table that the delivery does not have.

    Raises:
        InputError: there is one.
    """
    places = set(known)
    for each in corrections.lines:
        if (each.file, each.table) not in places:
            raise InputError(
                f"{each.place} corrects {each.file} as {each.table}, which this delivery does not read; "
                "remove the line or name the right delivery"
            )


def apply_corrections(
    raw: Raw, wanted: Sequence[Correction], spec: FileSpec, *, file: str, key: bytes
) -> tuple[Raw, Applied]:
    """Give the cells that were corrected their new text, and take out the rows that were dropped.

    Works on a whole file or on one block of it; corrections of rows outside the block do nothing.

    Args:
        raw: The file (or block) as text.
        wanted: Its corrections.
        spec: Its entry in ``delivery.toml``.
        file: Its name, for messages.
        key: Key of the pseudonyms, with which the check values were made.

    Raises:
        InputError: a correction names a column that the file does not have.
    """
    places = _places(raw, sorted({each.row for each in wanted}))
    if not places:
        return raw, Applied(0, frozenset(), frozenset(), frozenset())
    held = {row: fingerprint(raw.frame.iloc[place].tolist(), key=key) for row, place in places.items()}
    mine = [each for each in wanted if each.row in places]
    refused = {each.row for each in mine if each.check != held[each.row]}
    mine = [each for each in mine if each.row not in refused]
    positions, _ = find_columns(spec, raw, file=file)
    new: dict[int, dict[int, str]] = defaultdict(dict)
    odd = dict(raw.odd)
    for each in sorted(mine, key=lambda each: each.column != ""):  # whole lines first, then cells of them
        place = places[each.row]
        if each.drop:
            continue
        if not each.column:
            for position, cell in enumerate(_cells(each, len(raw.header))):
                new[position][place] = cell
            odd.pop(place, None)
            continue
        position = _position(each, raw)
        canonical = next((name for name, at in positions.items() if at == position), "")
        new[position][place] = _as_written(each.value, canonical, spec)
    frame = raw.frame.copy()
    for position, cells in new.items():
        column = frame[position].to_numpy(dtype=object, copy=True)
        column[list(cells)] = list(cells.values())
        frame[position] = pd.Series(column, index=frame.index, dtype="str")
    dropped = {each.row for each in mine if each.drop}
    keep = ~np.isin(raw.rows, sorted(dropped))
    moved = np.cumsum(keep) - 1
    done = replace(
        raw,
        frame=frame[keep].reset_index(drop=True),
        rows=raw.rows[keep],
        odd={int(moved[place]): reason for place, reason in odd.items() if keep[place]},
    )
    corrected = {each.row for each in mine if not each.drop}
    about = [positions[part] for part in spec.keys.get("person", ["person"]) if part in positions]
    people = [fingerprint(raw.frame.iloc[places[row]].iloc[about], key=key) for row in sorted(dropped) if about]
    return done, Applied(
        cells=len(mine) - len(dropped),
        corrected=frozenset(corrected),
        dropped=frozenset(dropped),
        refused=frozenset(refused),
        persons=frozenset(people),
    )


def corrected_blocks(
    blocks: Iterable[Raw], wanted: Sequence[Correction], job: Job, applied: list[Applied]
) -> Iterator[Raw]:
    """The blocks of a file with its corrections; what was done to each block is added to ``applied``."""
    for raw in blocks:
        done, effect = apply_corrections(raw, wanted, job.spec, file=job.file, key=job.key)
        applied.append(effect)
        yield done


def _places(raw: Raw, rows: Sequence[int]) -> dict[int, int]:
    """Position in ``raw`` of each of ``rows`` that is there."""
    found = np.flatnonzero(np.isin(raw.rows, rows))
    return {int(raw.rows[place]): int(place) for place in found}


def _position(each: Correction, raw: Raw) -> int:
    hits = [place for place, header in enumerate(raw.header) if fold(header) == fold(each.column)]
    if len(hits) == 1:
        return hits[0]
    problem = f"occurs {len(hits)} times in" if hits else "is not in"
    raise InputError(f"{each.place}: the column '{each.column[:40]}' {problem} the header of {each.file}; correct it")


def _cells(each: Correction, width: int) -> list[str]:
    """A whole line given again, cut at the delimiter that gives it the width of the header."""
    for delimiter in DELIMITERS:
        cells = next(csv.reader([each.value], delimiter=delimiter))
        if len(cells) == width:
            return cells
    raise InputError(f"{each.place}: the corrected line does not have the {width} cells of the header; correct it")


def _as_written(value: str, name: str, spec: FileSpec) -> str:
    """Dates as ISO and either decimal mark are understood, whatever the file itself writes."""
    column = TABLES[spec.table].get(name)
    if column is None:
        return value
    formats = spec.formats.get(name, [])
    if column.kind in ("date", "month") and formats and "%Y-%m-%d" not in formats and ISO_DATE.fullmatch(value):
        day = pd.to_datetime(value, errors="coerce")
        return value if pd.isna(day) else str(day.strftime(formats[0]))
    if column.kind in ("number", "integer") and ONE_MARK.fullmatch(value):
        return re.sub("[.,]", spec.decimal, value)
    return value


def settle(
    part: Part, applied: Sequence[Applied], wanted: Sequence[Correction], *, file: str, table: str
) -> tuple[Part, dict[str, object]]:
    """Count rows dropped by hand as excluded, and say what became of the corrected ones.

    Args:
        part: The converted file, whole.
        applied: What ``apply_corrections`` did to each of its blocks.
        wanted: Its corrections.
        file: Its name.
        table: The table it was read into.

    Returns:
        The part, which counts the dropped rows as read and excluded, and a line with the fields ``EFFECT``:
        ``accepted``, ``wrong`` and ``left_out`` (by a rule or as no record) add up to ``rows``.
    """
    corrected = {row for each in applied for row in each.corrected}
    dropped = {row for each in applied for row in each.dropped}
    accepted = sum(int(frame["source_row"].isin(corrected).sum()) for frame in part.staged.frames(["source_row"]))
    wrong = int(part.quarantine["source_row"].isin(corrected).sum())
    line: dict[str, object] = {"file": file, "table": table, "cells": sum(each.cells for each in applied)}
    line |= {"rows": len(corrected), "accepted": accepted, "wrong": wrong}
    # a row that is not in the file at all is refused like one that holds something else
    refused = sorted({each.row for each in wanted} - corrected - dropped)
    line |= {"left_out": len(corrected) - accepted - wrong, "dropped": len(dropped), "refused": len(refused)}
    notices = [*part.notices, *([_refusal(file, refused)] if refused else [])]
    if not dropped:
        return replace(part, notices=notices), line
    persons = len({each for effect in applied for each in effect.persons})
    rows_before, persons_before = part.excluded.get(BY_HAND, (0, 0))
    excluded = {**part.excluded, BY_HAND: (rows_before + len(dropped), persons_before + persons)}
    return replace(part, read=part.read + len(dropped), excluded=excluded, notices=notices), line


def _refusal(file: str, rows: list[int]) -> Notice:
    first = ", ".join(str(row) for row in rows[:5]) + ("…" if len(rows) > 5 else "")
    return Notice(
        sv=f"{file}: {count(len(rows), 'rad rättades inte', 'rader rättades inte')} ({first}), eftersom den inte "
        "längre innehåller det som stod när rättelsen skrevs (eller pseudonymnyckeln är en annan); "
        "skriv ut karantänen på nytt.",
        en=f"{file}: {count(len(rows), 'row was', 'rows were')} not corrected ({first}), since it no longer holds what "
        "it held when the correction was written (or the pseudonym key is another); write the quarantine again.",
    )


def effects(lines: Sequence[dict[str, object]]) -> pd.DataFrame:
    """The lines of ``settle`` as a table, one per file and table that has corrections."""
    table = pd.DataFrame(list(lines), columns=list(EFFECT))
    return table.astype({"file": "str", "table": "str"} | dict.fromkeys(EFFECT[2:], "int64"))
