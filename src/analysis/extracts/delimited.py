"""Delimited text: records with the line they start on, whatever quotes, blank lines and stray delimiters do.

Without quotation marks, delimiters are counted per line on the byte buffer and well-formed lines go to
pandas; everything else goes through the standard library's reader record by record.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

DELIMITERS = (";", ",", "\t", "|")
SAMPLED = 200
"""Records looked at to find the delimiter."""
FAST_ODD_SHARE = 0.02
"""Above this share of malformed lines the fast path gains nothing."""


@dataclass
class Records:
    """Records under a header; see ``reading.Raw`` for the meaning of the fields."""

    header: list[str]
    frame: pd.DataFrame
    rows: np.ndarray
    structural: int
    odd: dict[int, str]


def sniff_delimiter(text: str, *, header_row: int, score: Callable[[list[str]], int]) -> str:
    """Choose among ``;`` ``,`` tab and ``|`` by expected headers, then by consistent width, then by width.

    Args:
        text: The whole file, decoded.
        header_row: 1-based line of the header.
        score: How many of a header's names are expected.
    """
    ranked = []
    head = text[:400_000]
    lines = _lines(head)[header_row - 1 : header_row - 1 + SAMPLED]
    for rank, delimiter in enumerate(DELIMITERS):
        try:
            reader = csv.reader(lines, delimiter=delimiter)
            parsed = [record for record in reader if any(map(str.strip, record))]
        except csv.Error:
            continue
        if not parsed:
            continue
        width = len(parsed[0])
        same = sum(len(record) == width for record in parsed) / len(parsed)
        ranked.append((score(parsed[0]), same if width > 1 else 0.0, width, -rank, delimiter))
    return max(ranked)[-1] if ranked else DELIMITERS[0]


def read_records(text: str, *, delimiter: str, header_row: int) -> Records | None:
    """Read every record of ``text``; None if there is no header on ``header_row``.

    Records with too many or too few cells are kept, cut or padded, and marked odd, so that none is lost;
    surplus cells that are empty are what spreadsheets write and are no fault.
    """
    fast = _read_fast(text, delimiter=delimiter, header_row=header_row) if '"' not in text else None
    return fast or _read_slow(text, delimiter=delimiter, header_row=header_row)


def _lines(text: str) -> list[str]:
    # str.splitlines would also split at form feeds and Unicode separators that may stand inside a value
    return io.StringIO(text, newline=None).readlines()


def _read_slow(text: str, *, delimiter: str, header_row: int) -> Records | None:
    lines = _lines(text)
    position = header_row - 1
    if position >= len(lines):
        return None
    reader = csv.reader(lines[position:], delimiter=delimiter)
    try:
        header = next(reader)
    except (csv.Error, StopIteration):
        return None
    if not any(cell.strip() for cell in header):
        return None
    width, blank = len(header), 0
    records: list[list[str]] = []
    rows: list[int] = []
    odd: dict[int, str] = {}
    base, consumed = position, reader.line_num
    while base + consumed < len(lines):
        start = base + consumed
        try:
            record = next(reader)
            passed = lines[start : base + reader.line_num]
            broken = len(passed) > 1 and not _well_quoted(passed, record, width, delimiter)
        except csv.Error:
            broken, record = True, []
        if broken:
            # a quotation mark swallowed the lines below: set one line aside and go on from the next
            odd[len(records)] = "unbalanced_quote"
            records.append([""] * width)
            rows.append(start + 1)
            base, consumed = start + 1, 0
            reader = csv.reader(lines[base:], delimiter=delimiter)
            continue
        consumed = reader.line_num
        if not any(cell.strip() for cell in record):
            blank += 1
            continue
        record, reason = _fit(record, width)
        if reason:
            odd[len(records)] = reason
        records.append(record)
        rows.append(start + 1)
    frame = pd.DataFrame(records, columns=range(width), dtype="str")
    return Records(header, frame, np.asarray(rows, dtype="int64"), position + blank, odd)


def _well_quoted(lines: list[str], record: list[str], width: int, delimiter: str) -> bool:
    """True if a record over several lines obeys the strict rules of quoting and is as wide as the header."""
    try:
        return len(record) == width and list(csv.reader(lines, delimiter=delimiter, strict=True)) == [record]
    except csv.Error:
        return False


def _fit(record: list[str], width: int) -> tuple[list[str], str]:
    if len(record) > width:
        surplus = any(cell.strip() for cell in record[width:])
        return record[:width], "too_many_fields" if surplus else ""
    if len(record) < width:
        return record + [""] * (width - len(record)), "too_few_fields"
    return record, ""


def _read_fast(text: str, *, delimiter: str, header_row: int) -> Records | None:
    data = text.replace("\r\n", "\n").encode("utf-8")
    if b"\r" in data or len(delimiter.encode()) != 1:
        return None
    if not data.endswith(b"\n"):
        data += b"\n"
    buffer = np.frombuffer(data, dtype="uint8")
    ends = np.flatnonzero(buffer == ord("\n"))
    position = header_row - 1
    if position >= len(ends):
        return None
    begin = int(ends[position - 1]) + 1 if position else 0
    header = data[begin : int(ends[position])].decode().split(delimiter)
    width = len(header)
    if width < 2 or not any(cell.strip() for cell in header):
        return None
    delimiters = np.flatnonzero(buffer == ord(delimiter))
    counts = np.diff(np.searchsorted(delimiters, ends), prepend=0)[position + 1 :]
    malformed = np.flatnonzero(counts != width - 1)
    if len(malformed) > max(50, FAST_ODD_SHARE * len(counts)):
        return None
    good = pd.read_csv(
        io.BytesIO(data[int(ends[position]) + 1 :]),
        sep=delimiter,
        header=None,
        names=range(width),
        dtype="str",
        keep_default_na=False,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        skiprows=malformed.tolist(),
        encoding="utf-8",
    ) if len(malformed) < len(counts) else pd.DataFrame(columns=range(width), dtype="str")  # fmt: skip
    lines = np.arange(len(counts), dtype="int64")
    order = np.delete(lines, malformed)
    if len(good) != len(order):  # the two counts must agree, or a record would be lost unseen
        return None
    repaired: list[list[str]] = []
    kept: list[int] = []
    reasons: dict[int, str] = {}
    for line in malformed.tolist():
        start = int(ends[position + line]) + 1
        record = data[start : int(ends[position + line + 1])].decode().split(delimiter)
        if not any(cell.strip() for cell in record):
            continue
        record, reason = _fit(record, width)
        repaired.append(record)
        kept.append(line)
        if reason:
            reasons[line] = reason
    blank = (good.apply(lambda column: column.str.strip() == "")).all(axis=1).to_numpy(dtype=bool)
    frame = pd.concat([good[~blank], pd.DataFrame(repaired, columns=range(width), dtype="str")])
    order = np.concatenate([order[~blank], np.asarray(kept, dtype="int64")])
    if kept:
        places = np.argsort(order, kind="stable")
        frame, order = frame.iloc[places], order[places]
    structural = position + int(blank.sum()) + len(malformed) - len(kept)
    odd = {int(np.searchsorted(order, line)): reason for line, reason in reasons.items()}
    return Records(header, frame.reset_index(drop=True), order + header_row + 1, structural, odd)
