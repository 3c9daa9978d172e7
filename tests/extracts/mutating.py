"""Small files of every clean table, and the ways in which real files go wrong."""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from analysis.tables.clean import TABLES, Column

from .town import FACTS

ROWS = 9
FORMATS = ("csv", "csv", "csv", "csv", "xlsx", "parquet", "fixed")
WIDTH = 24
"""Characters of a column of fixed-width text."""
TOLD = {"requirements": {"occupation": "it_specialist", "model": "it_ladder", "staff": ""}}
"""Cells that the rules of a table hang together by, so that any text would not do."""
PERSONS = [f"9912345{number:02d}123" for number in range(ROWS)]
"""Twelve digits that are nobody's number (there is no day 45)."""


@dataclass
class Sheet:
    """One file on its way to be spoilt: cells until it is written, then bytes."""

    table: str
    format: str
    header: list[str]
    rows: list[list[str]]
    done: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.table}.{self.format}"

    @property
    def toml(self) -> str:
        """Every column of the table under its own name, in a Swedish dress."""
        fixed = f'format = "fixed"\nwidths = {[WIDTH] * len(TABLES[self.table])}\n' if self.format == "fixed" else ""
        lines = [f'\n[[file]]\ntable = "{self.table}"\npath = "{self.name}"\n{fixed}[file.columns]']
        return FACTS + "\n".join(lines + [f'{column} = "{dressed(column)}"' for column in TABLES[self.table]]) + "\n"


def dressed(column: str) -> str:
    return f"Å {column}"


def sheet(table: str, format_: str) -> Sheet:
    columns = TABLES[table]
    told = TOLD.get(table, {})
    rows = [[told.get(name, _cell(name, column, number)) for name, column in columns.items()] for number in range(ROWS)]
    return Sheet(table, format_, [dressed(name) for name in columns], rows)


def _cell(name: str, column: Column, number: int) -> str:
    if name == "person":
        return PERSONS[number]
    if column.allowed:
        return column.allowed[number % len(column.allowed)]
    match column.kind:
        case "date":
            return f"20{12 + number:02d}-03-{number + 1:02d}" if name not in ("end", "valid_to", "closed") else ""
        case "month":
            return f"1979-0{number + 1}-14" if name == "birth" else f"2024-0{number + 1}"
        case "number":
            return f"{math.ceil(100 * (column.low or 0)) / 100 + number / 20:.2f}"
        case "integer":
            return str(int(column.low or 0) + number % 3)
        case "boolean":
            return "ja"
    return "Förskola Ängen" if column.kind == "text" else f"d01{number:02d}"


def written(made: Sheet, folder: Path) -> bytes:
    """The bytes of the file as a system would export it."""
    if made.format == "csv":
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows([made.header, *made.rows])
        return stream.getvalue().encode()
    if made.format == "fixed":
        return "".join(
            "".join(f"{cell:{WIDTH}}" for cell in row) + "\r\n" for row in [made.header, *made.rows]
        ).encode()
    path = folder / f"made.{made.format}"
    if made.format == "xlsx":
        with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
            page = book.add_worksheet("Blad1")
            for place, row in enumerate([made.header, *made.rows]):
                for position, cell in enumerate(row):
                    page.write_string(place, position, cell[:32_000])
    else:
        width = max(len(row) for row in [made.header, *made.rows])
        header = [*made.header, *(f"x{place}" for place in range(width - len(made.header)))]
        names = [f"{name}{'' if name not in header[:place] else place}" for place, name in enumerate(header)]
        body = [[*row, *[""] * (width - len(row))] for row in made.rows]
        pd.DataFrame(body, columns=names, dtype="str").to_parquet(path)
    return path.read_bytes()


TEXT = ("csv", "fixed")
Rng = np.random.Generator
CellChange = Callable[[Sheet, Rng], None]
ByteChange = Callable[[bytes, Rng], bytes]


def _some(made: Sheet, rng: Rng) -> list[list[str]]:
    return [row for row in made.rows if rng.random() < 0.4]


def _put(made: Sheet, rng: Rng, *values: str) -> None:
    for row in _some(made, rng):
        if row:
            row[int(rng.integers(len(row)))] = str(rng.choice(values))


def wrong_types(made: Sheet, rng: Rng) -> None:
    _put(made, rng, "abc", "-1", "1e400", "NaN", "2023-02-31", "0000-00-00", "=1+1", "💥", "∞", "99999999999999999999")


def numbers_with_blanks(made: Sheet, rng: Rng) -> None:
    _put(made, rng, "1\u00a0234,5", "1 234", "1\u202f000", "12,5 %", "- 3", "1.234.567", "\u2212 7")


def serial_dates(made: Sheet, rng: Rng) -> None:
    _put(made, rng, "45000", "45000.5", "1900-01-00", "36526", "2024-01-01 00:00:00")


def swapped_columns(made: Sheet, rng: Rng) -> None:
    first, second = rng.integers(len(made.header), size=2)
    for row in made.rows:
        if len(row) > max(first, second):
            row[first], row[second] = row[second], row[first]


def swapped_headers(made: Sheet, rng: Rng) -> None:
    first, second = rng.integers(len(made.header), size=2)
    made.header[first], made.header[second] = made.header[second], made.header[first]


def truncated_lines(made: Sheet, rng: Rng) -> None:
    for row in _some(made, rng):
        del row[int(rng.integers(len(row) + 1)) :]


def merged_cells(made: Sheet, rng: Rng) -> None:
    for row in _some(made, rng):
        if len(row) > 1:
            place = int(rng.integers(len(row) - 1))
            row[place : place + 2] = ["".join(row[place : place + 2])]


def surplus_cells(made: Sheet, rng: Rng) -> None:
    for row in _some(made, rng):
        row.insert(int(rng.integers(len(row) + 1)), str(rng.choice(["", "x", PERSONS[0]])))


def repeated_header(made: Sheet, rng: Rng) -> None:
    made.rows.insert(int(rng.integers(len(made.rows) + 1)), list(made.header))


def doubled_column(made: Sheet, rng: Rng) -> None:
    place = int(rng.integers(len(made.header)))
    made.header.append(made.header[place])
    for row in made.rows:
        row.append("x")


def deleted_column(made: Sheet, rng: Rng) -> None:
    place = int(rng.integers(len(made.header)))
    for row in [made.header, *made.rows]:
        del row[place : place + 1]


def renamed_column(made: Sheet, rng: Rng) -> None:
    made.header[int(rng.integers(len(made.header)))] = str(rng.choice(["", "Annat", "\ufeffNamn", "  "]))


def repeated_rows(made: Sheet, rng: Rng) -> None:
    made.rows += [list(row) for row in _some(made, rng)]


def shuffled_rows(made: Sheet, rng: Rng) -> None:
    made.rows = [made.rows[place] for place in rng.permutation(len(made.rows))]


def quotes(made: Sheet, rng: Rng) -> None:
    _put(made, rng, '"', '""', 'a"b', '"a', 'a"', "'", "a\nb", 'a";"b', "a\rb")


def odd_blanks(made: Sheet, rng: Rng) -> None:
    _put(made, rng, "\u2028", "\x0b", "\x0c", "\x85", "\ufeff", "\u200b", " ", "\t", "\x1c")


def totals(made: Sheet, rng: Rng) -> None:
    made.rows.insert(int(rng.integers(len(made.rows) + 1)), ["Summa", *[""] * (len(made.header) - 2), "17"])


def blank_rows(made: Sheet, rng: Rng) -> None:
    made.rows.insert(int(rng.integers(len(made.rows) + 1)), [""] * int(rng.integers(len(made.header) + 1)))


def dressed_keys(made: Sheet, rng: Rng) -> None:
    for row in _some(made, rng):
        if row and row[0]:
            row[0] = str(
                rng.choice([f'="{row[0]}"', f"'{row[0]}", f"{row[0]}.0", f"00{row[0]}", f"\u200b{row[0]}\u00a0"])
            )


def unsolved_formulas(made: Sheet, rng: Rng) -> None:
    _put(made, rng, "=A1+B1", "=DATE(2025,1,1)", "=(formula)", "=HYPERLINK(A1)", '=""')


def reversed_rows(made: Sheet, rng: Rng) -> None:
    numeric = [place for place, column in enumerate(TABLES[made.table].values()) if column.kind == "number"]
    for row in _some(made, rng):
        if len(row) > max(numeric, default=-1):
            made.rows.append([f"-{cell}" if place in numeric and cell else cell for place, cell in enumerate(row)])


def moments_and_sums(made: Sheet, rng: Rng) -> None:
    _put(made, rng, "2020-01-01T00:00:00Z", "2020-01-01 00:00:00.000", "1 250,-", "SEK 1.250:-", "1 maj 2020")


def split_rows(made: Sheet, rng: Rng) -> None:
    columns = list(TABLES[made.table])
    for row in _some(made, rng):
        if "unit" in columns and len(row) > columns.index("unit"):
            made.rows.append([*row])
            made.rows[-1][columns.index("unit")] = "d0999"


def decomposed(made: Sheet, rng: Rng) -> None:
    made.header = [unicodedata.normalize("NFD", each) for each in made.header]
    for row in _some(made, rng):
        row[:] = [unicodedata.normalize("NFD", each) for each in row]


def very_long_cell(made: Sheet, rng: Rng) -> None:
    _put(made, rng, "x" * 140_000)


def no_rows(made: Sheet, rng: Rng) -> None:
    made.rows.clear()


def other_encoding(data: bytes, rng: Rng) -> bytes:
    encoding = str(
        rng.choice(["utf-16", "utf-16-le", "cp850", "latin-1", "utf-8-sig", "utf-32", "cp1252", "mac-roman"])
    )
    return data.decode("utf-8", "replace").encode(encoding, "replace")


def nul_bytes(data: bytes, rng: Rng) -> bytes:
    place = int(rng.integers(len(data) + 1))
    return data[:place] + b"\x00" * int(rng.integers(1, 4)) + data[place:]


def random_bytes(data: bytes, rng: Rng) -> bytes:
    spoilt = bytearray(data)
    for place in rng.integers(max(len(spoilt), 1), size=int(rng.integers(1, 20))):
        if place < len(spoilt):
            spoilt[place] = int(rng.integers(1, 256))
    return bytes(spoilt)


def mark_in_the_middle(data: bytes, rng: Rng) -> bytes:
    place = int(rng.integers(len(data) + 1))
    return data[:place] + b"\xef\xbb\xbf" + data[place:]


def truncated_file(data: bytes, rng: Rng) -> bytes:
    return data[: int(rng.integers(len(data) + 1))]


def missing_piece(data: bytes, rng: Rng) -> bytes:
    place = int(rng.integers(len(data) + 1))
    return data[:place] + data[place + int(rng.integers(1, 60)) :]


def carriage_returns(data: bytes, rng: Rng) -> bytes:
    return data.replace(b"\r\n", b"\r")


def mixed_line_ends(data: bytes, rng: Rng) -> bytes:
    return re.sub(rb"\r\n", lambda _: bytes(rng.choice([b"\n", b"\r", b"\r\n", b"\r\r\n", b"\n\n"])), data)


def other_delimiter(data: bytes, rng: Rng) -> bytes:
    return data.replace(b";", bytes(rng.choice([b",", b"\t", b"|", b":", b"  "])))


def end_of_file_mark(data: bytes, rng: Rng) -> bytes:
    return data + b"\x1a" * int(rng.integers(1, 3))


def lost_delimiters(data: bytes, rng: Rng) -> bytes:
    return re.sub(rb";", lambda _: b"" if rng.random() < 0.05 else b";", data)


CELL_CHANGES: tuple[CellChange, ...] = (
    wrong_types, numbers_with_blanks, serial_dates, swapped_columns, swapped_headers, truncated_lines, merged_cells,
    surplus_cells, repeated_header, doubled_column, deleted_column, renamed_column, repeated_rows, shuffled_rows,
    quotes, odd_blanks, totals, blank_rows, very_long_cell, no_rows, dressed_keys, unsolved_formulas, reversed_rows,
    moments_and_sums, split_rows, decomposed,
)  # fmt: skip
TEXT_CHANGES: tuple[ByteChange, ...] = (
    other_encoding, nul_bytes, random_bytes, mark_in_the_middle, truncated_file, missing_piece, carriage_returns,
    mixed_line_ends, other_delimiter, end_of_file_mark, lost_delimiters,
)  # fmt: skip
BINARY_CHANGES: tuple[ByteChange, ...] = (random_bytes, truncated_file, missing_piece, nul_bytes)


def spoilt(seed: int, folder: Path) -> tuple[Sheet, bytes]:
    """A file of a random table and format with one to three things wrong with it, and its bytes."""
    rng = np.random.default_rng(seed)
    made = sheet(str(rng.choice(list(TABLES))), str(rng.choice(FORMATS)))
    changes = int(rng.integers(1, 4))
    # a workbook with spoilt bytes can seldom be opened at all, which soon says no more
    in_cells = int(rng.integers(changes + 1)) if made.format in TEXT or rng.random() < 0.2 else changes
    for each in rng.choice(len(CELL_CHANGES), size=in_cells):
        if made.header:
            CELL_CHANGES[each](made, rng)
            made.done.append(CELL_CHANGES[each].__name__)
    data = written(made, folder)
    possible = TEXT_CHANGES if made.format in TEXT else BINARY_CHANGES
    for each in rng.choice(len(possible), size=changes - in_cells):
        data = possible[each](data, rng)
        made.done.append(possible[each].__name__)
    return made, data
