"""How a table file of any kind is laid out, and the table in it, without a word from a person.

``detect`` guesses and says how sure it is; ``read_table`` reads a file as a layout says. Builds never guess:
what is found here goes into a ``delivery.toml`` that a person reads.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pyarrow.parquet as pq

from analysis.errors import InputError
from analysis.extracts.account.notices import Notice
from analysis.extracts.files.cell_kinds import decimal_mark, kind, thousands_mark
from analysis.extracts.files.delimited import Dialect
from analysis.extracts.files.dialects import Guess, guess_dialect
from analysis.extracts.files.dressing import GARBLED
from analysis.extracts.files.fixed_width import cut_line, find_widths
from analysis.extracts.files.shape import Layout
from analysis.extracts.files.table_rows import Rows, count_footer, find_rows
from analysis.extracts.files.text_lines import BOMS, find_encoding, is_doubtful, read_text
from analysis.extracts.files.workbook import open_sheet, open_workbook, plain, sheet_cells
from analysis.extracts.manifest import FORMATS

HEAD, TAIL = 1_500_000, 200_000
"""Characters looked at in the beginning and at the end of a text."""


ROWS = 3000
"""Rows looked at in the beginning."""


LAST = 80
"""Rows looked at in the end."""


QUOTED = re.compile(r'(?m)(^|[;,\t|] *)"[^"\n]*" *([;,\t|]|$)')


CONTROLS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0) if code != 0x85}
"""Control characters that come of cp1252 text taken for latin-1 and written as UTF-8, and what they were."""


DOUBTFUL = 0.7
"""Below this confidence a guess is a doubt."""


def detect(path: Path, *, sheet: str | None = None) -> Layout:
    """Say how the table in a file is laid out.

    Args:
        path: Delimited or fixed-width text, a workbook, or parquet, by content rather than by name.
        sheet: The sheet of a workbook; default the first that holds a table.

    Raises:
        InputError: the file is missing, empty or holds no table.
    """
    if not path.is_file():
        raise InputError(f"{path.name} does not exist; correct the name")
    if path.stat().st_size == 0:
        raise InputError(f"{path.name} is empty (0 bytes); export it again")
    with path.open("rb") as stream:
        begins = stream.read(8)
    if begins.startswith(b"PAR1"):
        return _parquet(path)
    if begins.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) and FORMATS.get(path.suffix.lower()) == "xlsx":
        return _workbook(path, sheet)
    return _text(path)


def sheets(path: Path) -> list[str]:
    """Names of the sheets of a workbook that hold a table (two rows and two columns at least).

    Raises:
        InputError: it is no readable workbook.
    """
    workbook = open_workbook(path)
    return [name for name in workbook.sheet_names if _size(sheet_cells(path, workbook, name)) > 0]


def _size(cells: Sequence[Sequence[object]]) -> int:
    """Filled cells of a sheet, 0 if they make no table."""
    filled = [sum(1 for cell in row if str(cell).strip()) for row in cells]
    return sum(filled) if sum(1 for each in filled if each > 1) > 1 else 0


def _text(path: Path) -> Layout:
    doubts: list[Notice] = []
    encoding, sure = _encoding(path, doubts)
    head, tail, whole, quoted = _ends(path, encoding)
    guess = guess_dialect([line for line in head if line.strip()])
    if quoted and guess.quote is None:
        guess = replace(guess, quote='"')
    widths = find_widths(head[:ROWS]) if guess.score < 0.75 or guess.delimiter in " :" else ()
    if widths and guess.score < 0.9 * _fixed_score(head[:ROWS], widths):
        rows, starts = [cut_line(line.rstrip("\n"), widths) for line in head[:ROWS]], list(range(len(head)))
        last = [cut_line(line.rstrip("\n"), widths) for line in tail]
        guess = Guess("", None, None, 1.0, 1.0)
    else:
        widths = ()
        rows, starts = _records(head, guess)
        last = _records(tail, guess)[0]
    found = find_rows(rows)
    body = rows[found.first :]
    last = last if not whole else last[-min(len(last), len(body)) :] if body else []
    footer = count_footer(last[-LAST:], found.width)
    if footer and not widths:
        footer = _lines_of_last(tail, guess, footer)
    confidence = {"encoding": sure, "delimiter": round(min(1.0, guess.score * 0.5 + guess.lead * 0.6), 2)}
    return _layout(
        rows=found,
        body=body[: len(body) - footer] if whole and footer < len(body) else body,
        doubts=doubts,
        confidence=confidence,
        format="fixed" if widths else "csv",
        encoding=encoding,
        delimiter=None if widths else guess.delimiter,
        quote=guess.quote,
        escape=guess.escape,
        header_row=0 if found.header is None else starts[found.header] + 1,
        first_row=(starts[found.first] if found.first < len(starts) else len(head)) + 1,
        footer=footer,
        sheet=None,
        widths=widths,
        typed=False,
    )


def _layout(
    *,
    rows: Rows,
    body: list[list[str]],
    doubts: list[Notice],
    confidence: dict[str, float],
    typed: bool,
    **known: object,
) -> Layout:
    decimal, sure_decimal, thousands, missing = _numbers(body, typed=typed)
    confidence = {**confidence, "header": rows.confidence, "decimal": round(sure_decimal, 2)}
    confidence["footer"] = 0.8 if known["footer"] else 0.9
    if confidence.get("delimiter", 1.0) < DOUBTFUL and known["format"] == "csv":
        doubts.append(
            Notice(
                sv=f"Fältavgränsaren kan vara en annan än {known['delimiter']!r}; jämför med filen.",
                en=f"The delimiter may be another than {known['delimiter']!r}; compare with the file.",
            )
        )
    if rows.header is None:
        doubts.append(
            Notice(
                sv="Ingen rubrikrad hittades; kolumnerna får nummer.",
                en="No header row was found; columns are numbered.",
            )
        )
    elif rows.confidence < DOUBTFUL:
        doubts.append(
            Notice(
                sv=f"Alla kolumner är text, så rubrikraden ({known['header_row']}) är en gissning.",
                en=f"All columns are text, so the header row ({known['header_row']}) is a guess.",
            )
        )
    if any(GARBLED.search(name) for name in rows.names):
        doubts.append(
            Notice(
                sv="Rubrikerna ser ut att ha fel teckenkodning; exportera som UTF-8 eller ange en annan encoding.",
                en="The headers look as if read with the wrong encoding; export as UTF-8 or name another encoding.",
            )
        )
    nameless = [place for place, name in enumerate(rows.names) if not name]
    filled = sum(any(row[place].strip() for place in nameless if place < len(row)) for row in body)
    if rows.header is not None and known["format"] == "csv" and filled > len(body) / 2:
        doubts.append(
            Notice(
                sv=f"Kolumner utan rubrik har värden. Står avgränsaren {known['delimiter']!r} inne i värden, som ett "
                "decimalkomma, är cellerna förskjutna: exportera med citattecken eller annan avgränsare.",
                en=f"Columns without a header hold values. If the delimiter {known['delimiter']!r} stands inside "
                "values, as a decimal comma does, cells are shifted: export with quotation marks or another delimiter.",
            )
        )
    repeated = [name for name, times in Counter(name for name in rows.names if name).items() if times > 1]
    if repeated:
        doubts.append(
            Notice(
                sv=f"Rubriken {repeated[0]!r} finns flera gånger; kolumnerna skiljs åt med nummer.",
                en=f"The header {repeated[0]!r} occurs more than once; the columns are told apart by number.",
            )
        )
    if sure_decimal < DOUBTFUL and sure_decimal != 0.5:
        doubts.append(
            Notice(
                sv="Både punkt och komma används som decimaltecken.",
                en="Both point and comma are used as decimal mark.",
            )
        )
    return Layout(
        header_rows=rows.header_rows,
        decimal=decimal,
        thousands=thousands,
        missing=missing,
        names=rows.names,
        confidence=confidence,
        doubts=doubts,
        **known,  # type: ignore[arg-type]
    )


def _encoding(path: Path, doubts: list[Notice]) -> tuple[str, float]:
    try:
        encoding = find_encoding(path)
    except InputError as error:
        if "UTF-8 or cp1252" not in str(error):
            raise
        encoding = find_encoding(path, "latin-1")
        doubts.append(
            Notice(
                sv="Teckenkodningen är varken UTF-8 eller cp1252; latin-1 är en gissning.",
                en="The encoding is neither UTF-8 nor cp1252; latin-1 is a guess.",
            )
        )
        return encoding, 0.2
    if is_doubtful(path, encoding):
        doubts.append(
            Notice(
                sv="Teckenkodningen är en gissning: bokstäverna är inte svenska i cp1252; exportera som UTF-8 eller "
                "ange encoding.",
                en="The encoding is a guess: read as cp1252 the letters are no Swedish ones; export as UTF-8 or name "
                "the encoding.",
            )
        )
        return encoding, 0.3
    with path.open("rb") as stream:
        marked = stream.read(4).startswith(tuple(mark for mark, _ in BOMS))
    return encoding, 1.0 if marked else 0.99 if encoding == "utf-8" else 0.8


def _ends(path: Path, encoding: str) -> tuple[list[str], list[str], bool, bool]:
    """Lines of the beginning and of the end, whether the beginning is the whole, and whether any cell is quoted."""
    head, tail, whole, quoted = "", "", True, False
    for text in mended(read_text(path, encoding)):
        quoted = quoted or ('"' in text and QUOTED.search(text) is not None)
        if len(head) < HEAD:
            head += text
        else:
            tail, whole = (tail + text)[-TAIL:], False
    head = head.rstrip("\x1a")
    lines = [line + "\n" for line in head.split("\n")]
    if lines[-1] == "\n" or not whole:
        lines.pop()
    if whole:
        return lines, lines[-2 * LAST :], True, quoted
    ends = [line + "\n" for line in (head[-TAIL:] + tail).rstrip("\x1a").split("\n")[1:]]
    return lines, (ends[:-1] if ends[-1] == "\n" else ends)[-2 * LAST :], False, quoted


def mended(texts: Iterator[str]) -> Iterator[str]:
    """Text whose control characters of cp1252 are the marks that they stand for there."""
    for text in texts:
        yield text.translate(CONTROLS) if not text.isascii() and re.search("[\x80-\x84\x86-\x9f]", text) else text


def _records(lines: Sequence[str], guess: Guess) -> tuple[list[list[str]], list[int]]:
    """Records of lines and the line (from 0) that each starts on; a quotation mark never closed costs one line."""
    dialect = dialect_of(guess.delimiter, guess.quote, guess.escape)
    records: list[list[str]] = []
    starts: list[int] = []
    base, reader = 0, dialect.reader(lines)
    while len(records) < ROWS:
        start = base + reader.line_num
        if start >= len(lines):
            break
        try:
            record = next(reader)
            passed = lines[start : base + reader.line_num]
            broken = len(passed) > 1 and list(dialect.reader(passed, strict=True)) != [record]
        except csv.Error:
            broken, record = True, []
        if broken:
            record = lines[start].rstrip("\n").split(guess.delimiter)
            base, reader = start + 1, dialect.reader(lines[start + 1 :])
        records.append(record or [""])
        starts.append(start)
    return records, starts


def dialect_of(delimiter: str | None, quote: str | None, escape: str | None) -> Dialect:
    """The dialect of a text file; tabs where no delimiter is known."""
    return Dialect(delimiter or "\t", quote=quote or "", escape=escape)


def _lines_of_last(lines: Sequence[str], guess: Guess, rows: int) -> int:
    """Lines of the last ``rows`` records."""
    starts = _records(lines, guess)[1]
    return len(lines) - starts[-rows]


def _fixed_score(lines: Sequence[str], widths: Sequence[int]) -> float:
    """How alike the lines are when cut at ``widths``, as ``dialects`` scores rows."""
    rows = [cut_line(line.rstrip("\n"), widths) for line in lines if line.strip()]
    full = [row for row in rows if sum(map(bool, row)) > len(widths) / 2]
    return len(full) / len(rows) * (len(widths) - 1) / len(widths) if rows else 0.0


def _numbers(body: Sequence[Sequence[str]], *, typed: bool) -> tuple[str, float, str | None, tuple[str, ...]]:
    """Decimal mark and its confidence, thousands mark, and markers of missing values in columns of numbers or dates."""
    values: list[str] = []
    missing: Counter[str] = Counter()
    for place in range(max(map(len, body), default=0)):
        cells = [row[place] for row in body if place < len(row)]
        kinds = Counter(map(kind, cells))
        numbers = kinds["number"] + kinds["date"]
        if numbers and numbers >= kinds["text"]:
            values += [cell for cell in cells if kind(cell) == "number"]
            missing.update(cell.strip() for cell in cells if kind(cell) == "missing")
    markers = tuple(marker for marker, _ in missing.most_common())
    if typed:
        return ".", 1.0, None, markers
    decimal, sure = decimal_mark(values)
    return decimal, sure, thousands_mark(values, decimal), markers


def _workbook(path: Path, sheet: str | None) -> Layout:
    doubts: list[Notice] = []
    if sheet is None:
        tables = sheets(path)
        if not tables:
            raise InputError(f"{path.name} has no sheet with a table; name another file")
        sheet = tables[0]
        if len(tables) > 1:
            others = ", ".join(tables[1:])
            doubts.append(
                Notice(
                    sv=f"Även andra blad har tabeller: {others}; läser {sheet}.",
                    en=f"Other sheets hold tables too: {others}; reading {sheet}.",
                )
            )
    opened = open_sheet(path, sheet)
    name, cells = opened.name, opened.cells
    text = [[plain(cell, decimal=".") for cell in row] for row in cells[:ROWS]]
    found = find_rows(text)
    end = [[plain(cell, decimal=".") for cell in row] for row in cells[max(found.first, len(cells) - LAST) :]]
    footer = count_footer(end, found.width)
    return _layout(
        rows=found,
        body=text[found.first : len(cells) - footer],
        doubts=doubts,
        confidence={"sheet": 0.7 if doubts else 1.0},
        format="xlsx",
        encoding="",
        delimiter=None,
        quote=None,
        escape=None,
        header_row=0 if found.header is None else found.header + 1,
        first_row=found.first + 1,
        footer=footer,
        sheet=name,
        widths=(),
        typed=True,
    )


def _parquet(path: Path) -> Layout:
    try:
        names = tuple(map(str, pq.read_schema(path).names))
    except (OSError, ValueError):  # ArrowInvalid is a ValueError
        raise InputError(f"{path.name} is not a readable parquet file; export it again") from None
    rows = Rows(0, 1, 0, len(names), names, 1.0)
    return _layout(
        rows=rows,
        body=[],
        doubts=[],
        confidence={},
        format="parquet",
        encoding="",
        delimiter=None,
        quote=None,
        escape=None,
        header_row=1,
        first_row=1,
        footer=0,
        sheet=None,
        widths=(),
        typed=True,
    )
