"""Fixed-width text: lines cut at given places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.extracts.delimited import AHEAD, Dialect, Records
from analysis.extracts.headers import combine_headers
from analysis.extracts.textlines import Lines


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
    lines.need(begin)
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
