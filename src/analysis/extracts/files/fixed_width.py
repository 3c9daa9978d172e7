"""Fixed-width text: lines cut at given places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice, pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.extracts.files.cell_kinds import typed
from analysis.extracts.files.delimited import AHEAD, Dialect, Records
from analysis.extracts.files.headers import combine_headers
from analysis.extracts.files.text_lines import Lines

SEARCHED = 60
"""Lines looked through for a ruler."""


def cut_line(line: str, widths: Sequence[int]) -> list[str]:
    """The cells of one line without outer blanks; the last column goes on to the end of the line."""
    edges = np.append(0, np.cumsum(widths))
    last = len(widths) - 1
    return [line[edges[place] : edges[place + 1] if place < last else None].strip() for place in range(len(widths))]


def read_fixed_blocks(
    texts: Iterator[str], dialect: Dialect, widths: Sequence[int], *, rows: int | None = None
) -> Iterator[Records]:
    """As ``delimited.read_record_blocks``, with columns of ``widths`` characters; of ``dialect`` only the rows count.

    A line that ends before the last column is padded and no fault: trailing blanks are often cut off.
    """
    lines = Lines(texts)
    rows_of_header = dialect.header_rows if dialect.header_row else 0
    begin = max(dialect.above + rows_of_header, (dialect.first_row or 1) - 1)
    lines.need(max(begin, 1))
    if lines.count < dialect.above + rows_of_header or lines.count == 0:
        return
    header = [str(place + 1) for place in range(len(widths))]
    if rows_of_header:
        parts = [cut_line(line, widths) for line in islice(lines, dialect.above, dialect.above + rows_of_header)]
        header = parts[0] if len(parts) == 1 else combine_headers(parts)
        if not any(header):
            return
    lines.skip(min(begin, lines.count))
    structural = begin - rows_of_header
    size = float("inf") if rows is None else rows
    last = False
    while not last:
        lines.need(size + AHEAD + dialect.footer)
        left = max(lines.count - dialect.footer, 0)
        last = lines.ended and left <= size + AHEAD
        taken = left if last else int(size)
        before = lines.number
        frame = _cut(lines.skip(taken), widths)
        full = np.flatnonzero((frame != "").any(axis=1).to_numpy(dtype=bool))
        structural += len(frame) - len(full) + (lines.count if last else 0)
        yield Records(header, frame.iloc[full].reset_index(drop=True), full + before + 1, structural, {}, last)
        structural = 0


def _cut(data: bytes, widths: Sequence[int]) -> pd.DataFrame:
    text = pa.array(data.decode().split("\n")[:-1], type=pa.string())
    edges = [0, *np.cumsum(widths).tolist()]
    stops = [*edges[1:-1], None]
    cells = [
        pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(text, start, stop))
        for start, stop in zip(edges[:-1], stops, strict=True)
    ]
    frame = pa.table(cells, names=[str(place) for place in range(len(widths))]).to_pandas()
    frame.columns = range(len(widths))
    return frame


def find_widths(lines: Sequence[str]) -> tuple[int, ...]:
    """Widths of the columns of fixed-width lines; () if they are none.

    A ruler of dashes under the header gives them. Without one, columns end where every line of the body is blank.
    """
    whole = [line.rstrip("\n").replace("\t", "    ") for line in lines if line.strip()]
    for line in whole[:SEARCHED]:
        runs = [match.span() for match in re.finditer(r"[-=_]{2,}", line)]
        if len(runs) > 1 and re.fullmatch(r"[-=_\s]+", line):
            edges = [0, *(start for start, _ in runs[1:]), max(map(len, whole))]
            return tuple(later - earlier for earlier, later in pairwise(edges))
    if len(whole) < 3:
        return ()
    long = max(len(line.rstrip()) for line in whole)
    usual = float(np.median([len(line.rstrip()) for line in whole]))
    spaced = [line for line in whole if len(line.rstrip()) >= 0.6 * usual and "  " in line.strip()]
    body = [line for line in spaced if any(char.isdigit() for char in line)]
    if len(body) < 3 or len(spaced) < 0.7 * len(whole):
        return ()
    used = np.zeros(long, dtype=bool)
    for line in body:
        used |= np.frombuffer(line.rstrip().ljust(long).encode("utf-32-le"), dtype="uint32") != ord(" ")
    runs = _runs(used)
    runs = _joined(runs, body)
    if len(runs) < 2:
        return ()
    header = next((line for line in reversed(whole[: whole.index(body[0])]) if line in spaced), "")
    edges = [0]
    for (_, end), (start, _) in pairwise(runs):
        edges.append(_edge(header, end, start))
    return tuple(later - earlier for earlier, later in pairwise([*edges, max(long, edges[-1] + 1)]))


def _runs(used: np.ndarray) -> list[tuple[int, int]]:
    turns = np.flatnonzero(np.diff(np.concatenate([[False], used, [False]]).astype("int8")))
    return list(zip(turns[::2].tolist(), turns[1::2].tolist(), strict=True))


def _joined(runs: list[tuple[int, int]], body: Sequence[str]) -> list[tuple[int, int]]:
    """Words of one column that happen to stand under each other are one column: one blank apart and no values."""

    def values(start: int, end: int) -> bool:
        cells = [line[start:end] for line in body if line[start:end].strip()]
        return sum(map(typed, cells)) >= 0.8 * len(cells)

    joined = runs[:1]
    for start, end in runs[1:]:
        before = joined[-1]
        if start - before[1] == 1 and not values(start, end) and not values(*before):
            joined[-1] = (before[0], end)
        else:
            joined.append((start, end))
    return joined


def _edge(header: str, end: int, start: int) -> int:
    """Where to cut between two columns: before a word of the header that begins in the gap, else before the next."""
    for place in range(start, end, -1):
        if header[place - 1 : place] in ("", " ") and header[place : place + 1] != " ":
            return place
    for place in range(start, end - 1, -1):
        if header[place - 1 : place] in ("", " "):
            return place
    return start
