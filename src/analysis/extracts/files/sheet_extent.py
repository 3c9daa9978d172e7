"""How far the cells of a sheet reach, found before the sheet is read.

A reader makes room for everything from the first cell to the last: one value in the last cell of a sheet would ask for
half a terabyte. What a file says of its own dimension is no help, since it may say anything.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import IO

from analysis.extracts.files.sheet_markup import CHUNK, NO_XML, sheet_part

MOST_CELLS = 100_000_000
"""Cells that a sheet may reach over: calamine's own limit for ods, which it does not keep for xlsx and xlsb."""
REFERENCE = re.compile(rb"""r=["']([A-Z]{0,3})([0-9]{1,7})["']""")
FULL = (3, 7)
"""Letters and digits of the longest reference."""
COLUMNS = (1, 26, 26 + 26**2, 1 << 14)
"""Columns that names of none, one, two, three letters reach."""
OVERLAP = 32
"""Bytes of a chunk that are looked at again with the next one: a reference is shorter."""
ROW_HEADER, LAST_CELL = 0, 11
"""Records of a binary sheet (MS-XLSB): BrtRowHdr, and the last of the kinds that are a cell."""


def too_far(path: Path, name: str) -> str:
    """The last cell of a sheet that reaches over more cells than can be read (``XFD1048576``); '' where none does.

    Args:
        path: the workbook.
        name: its sheet.
    """
    if not zipfile.is_zipfile(path):
        return ""  # the older formats cannot reach so far
    try:
        with zipfile.ZipFile(path) as package:
            part = sheet_part(package, name)
            if part is None:
                return ""
            if part.casefold().endswith(".bin"):
                with package.open(part) as stream:
                    row, column = _binary(stream)
            else:
                with package.open(part) as stream:
                    if _at_most(stream) <= MOST_CELLS:
                        return ""
                with package.open(part) as stream:
                    row, column = _exact(stream)
    except (OSError, ValueError, LookupError, EOFError, zipfile.BadZipFile, *NO_XML):
        return ""  # what cannot be understood here is told by the reader
    return f"{_letters(column)}{row}" if row * column > MOST_CELLS else ""


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    before = b""
    while chunk := stream.read(CHUNK):
        whole = before + chunk
        yield whole
        before = whole[-OVERLAP:]


def _at_most(stream: IO[bytes]) -> int:
    """Cells that the sheet reaches over at most, from the longest references alone: a tenth of the time."""
    letters = digits = 0
    longer = _longer(letters, digits)
    for chunk in _chunks(stream):
        at = 0
        while (letters, digits) != FULL and (found := longer.search(chunk, at)):
            column, row = found.groups()
            letters, digits, at = max(letters, len(column)), max(digits, len(row)), found.start()
            longer = _longer(letters, digits)
    return COLUMNS[letters] * min(10**digits - 1, 1 << 20)


@cache
def _longer(letters: int, digits: int) -> re.Pattern[bytes]:
    """A reference whose column has more letters, or whose row has more digits; one pass finds either."""
    ways = [b"[A-Z]{%d}" % (letters + 1)] * (letters < FULL[0])
    ways += [b"[A-Z]{0,3}[0-9]{%d}" % (digits + 1)] * (digits < FULL[1])
    return re.compile(rb"""r=["'](?=%s)([A-Z]{0,3})([0-9]{0,7})""" % b"|".join(ways))


def _exact(stream: IO[bytes]) -> tuple[int, int]:
    """Last row and last column (from 1)."""
    names: set[bytes] = set()
    last = 1
    for chunk in _chunks(stream):
        found = REFERENCE.findall(chunk)
        names.update(letters for letters, _ in found)
        last = max(last, max((int(digits) for _, digits in found), default=1))
    return last, max((_number(letters) for letters in names), default=1)


def _binary(stream: IO[bytes]) -> tuple[int, int]:
    """Last row and last column (from 1) of a binary sheet."""
    row = column = 1
    while (kind := _varint(stream, 2)) >= 0:
        size = _varint(stream, 4)
        content = stream.read(size)
        if kind == ROW_HEADER:
            row = max(row, int.from_bytes(content[:4], "little") + 1)
        elif kind <= LAST_CELL:
            column = max(column, int.from_bytes(content[:4], "little") + 1)
    return row, column


def _varint(stream: IO[bytes], longest: int) -> int:
    """A number of seven bits a byte; -1 at the end of the stream."""
    number = 0
    for place in range(longest):
        byte = stream.read(1)
        if not byte:
            return -1
        number |= (byte[0] & 0x7F) << (7 * place)
        if not byte[0] & 0x80:
            break
    return number


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _letters(column: int) -> str:
    name = ""
    while column:
        column, place = divmod(column - 1, 26)
        name = chr(ord("A") + place) + name
    return name
