"""Reading a file by a detected layout, as it stands: every cell a text, nothing converted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.extracts.files.cell_kinds import MARKERS
from analysis.extracts.files.delimited import Records, read_record_blocks
from analysis.extracts.files.fixed_width import read_fixed_blocks
from analysis.extracts.files.layout import Layout, dialect_of, mended
from analysis.extracts.files.text_lines import read_text
from analysis.extracts.files.workbook import open_sheet, plain


def read_table(path: Path, layout: Layout) -> pd.DataFrame:
    """The table of a file as text cells without outer blanks, one column per name.

    Columns without a name in which nothing stands (or only markers of missing values) are left out; other columns
    without a name are called by their position, and a name that occurs again gets its position in brackets.
    ``DataFrame.attrs`` says what was passed over: ``rows`` (line or row of each record), ``structural`` (rows above,
    below and blank, header left out) and ``odd`` (records with too many or too few cells, by position).

    Raises:
        InputError: the file cannot be read like that.
    """
    if layout.format == "parquet":
        table = pd.read_parquet(path)
        cells = {name: [plain(cell, decimal=".") for cell in table[name]] for name in table}
        return pd.DataFrame(cells, dtype="str")
    blocks = _sheet_records(path, layout) if layout.format == "xlsx" else _text_records(path, layout)
    parts = list(blocks)
    if not parts:
        return pd.DataFrame(columns=range(len(layout.names)), dtype="str").set_axis(list(layout.names), axis=1)
    frame = pd.concat([part.frame for part in parts], ignore_index=True)
    for place in frame:
        frame[place] = frame[place].str.strip()
    markers = {"", *layout.missing, *MARKERS}
    names = list(layout.names) + [""] * (frame.shape[1] - len(layout.names))
    width = frame.shape[1]
    kept = [place for place in range(width) if names[place] or not frame[place].isin(markers).all()]
    titles: list[str] = []
    for place in kept:
        name = names[place] or str(place + 1)
        titles.append(f"{name} [{place + 1}]" if name in titles else name)
    frame = frame[kept].set_axis(titles, axis=1)
    lengths = np.cumsum([0, *(len(part.frame) for part in parts)])
    odd = {
        int(start) + place: why for start, part in zip(lengths, parts, strict=False) for place, why in part.odd.items()
    }
    # what stands in spacer columns alone makes no record
    full = np.flatnonzero((frame != "").any(axis=1).to_numpy(dtype=bool) | np.isin(np.arange(len(frame)), list(odd)))
    rows = np.concatenate([part.rows for part in parts])
    structural = sum(part.structural for part in parts) + len(frame) - len(full)
    frame = frame.iloc[full].reset_index(drop=True)
    frame.attrs = {"rows": rows[full].tolist(), "structural": structural}
    frame.attrs["odd"] = {int(np.searchsorted(full, place)): why for place, why in odd.items()}
    return frame


def _text_records(path: Path, layout: Layout) -> Iterator[Records]:
    dialect = replace(
        dialect_of(layout.delimiter, layout.quote, layout.escape),
        header_row=0,
        first_row=layout.first_row,
        footer=layout.footer,
        width=len(layout.names),
    )
    texts = mended(read_text(path, layout.encoding))
    above = layout.header_rows if layout.header_row else 0
    if layout.format == "fixed":
        blocks = read_fixed_blocks(texts, dialect, layout.widths)
    else:
        blocks = read_record_blocks(texts, dialect)
    for records in blocks:
        records.structural -= above
        above = 0
        yield records


def _sheet_records(path: Path, layout: Layout) -> Iterator[Records]:
    cells = open_sheet(path, layout.sheet).cells
    begin, end = layout.first_row - 1, len(cells) - layout.footer
    body = [[plain(cell, decimal=".") for cell in row] for row in cells[begin:end]]
    rows = [place for place, row in enumerate(body) if any(cell.strip() for cell in row)]
    frame = pd.DataFrame([body[place] for place in rows], columns=range(len(cells[0])), dtype="str")
    structural = len(cells) - len(rows) - (layout.header_rows if layout.header_row else 0)
    yield Records([], frame, np.asarray(rows, dtype="int64") + begin + 1, structural, {})
