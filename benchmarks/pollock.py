"""Files as people publish them, read as they stand: this reader and plain pandas on the Pollock survey sample.

The sample (Vitagliano et al., "Pollock: A Data Loading Benchmark", VLDB 2023) has 97 files from open-data portals and
their clean versions. A reader is right on a file when it gives the clean table: the same names in the same order and
the same cells in the same rows. Both readers are judged by one comparison, in which blanks are squeezed, markers that
pandas takes for missing are empty, rows and columns of nothing and names that are none are left out, and the joint
between parts of a name of several header rows is a blank. Where the file has no header, only the cells count.
The clean versions are read as comma-separated UTF-8 (else cp1252) text.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tarfile
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pandas as pd
from pandas._libs.parsers import STR_NA_VALUES

from analysis.errors import InputError
from analysis.extracts.files.as_text import read_table
from analysis.extracts.files.headers import JOIN
from analysis.extracts.files.layout import detect
from analysis.extracts.files.text_lines import decode

SAMPLE = Path(__file__).parents[1].parent / "shared/data/pollock/survey_sample.tar.gz"
Table = tuple[list[str], list[list[str]]]


def plain_pandas(path: Path) -> Table:
    """The file by ``pandas.read_csv`` with nothing but text columns asked for."""
    table = pd.read_csv(path, dtype=str)
    if not isinstance(table.index, pd.RangeIndex):  # it takes a first column without a name for the index
        table = table.reset_index()
    return [str(name) for name in table.columns], table.fillna("").to_numpy().tolist()


def this_reader(path: Path) -> Table:
    """The file by ``detect`` and ``read_table``."""
    layout = detect(path)
    table = read_table(path, layout)
    return list(layout.names), table.to_numpy().tolist()


def clean_table(path: Path, *, header: bool) -> Table:
    """A clean version as it was published; a few of those without a header have not been given one."""
    text, _ = decode(path.read_bytes(), name=path.name)
    records = list(csv.reader(io.StringIO(text, newline="")))
    return (records[0], records[1:]) if records and header else ([], records)


def same(table: Table, clean: Table, *, named: bool) -> bool:
    """True if a table is the clean one; names count only where the file has them."""
    if named and _given(table[0]) != _given(clean[0]):
        return False
    return _filled(table[1]) == _filled(clean[1])


def _filled(rows: list[list[str]]) -> list[list[str]]:
    """Cells of the rows and columns in which something stands."""
    squeezed = [row for row in ([_cell(cell) for cell in row] for row in rows) if any(row)]
    width = max(map(len, squeezed), default=0)
    squeezed = [row + [""] * (width - len(row)) for row in squeezed]
    filled = [place for place in range(width) if any(row[place] for row in squeezed)]
    return [[row[place] for place in filled] for row in squeezed]


@cache
def _cell(cell: str) -> str:
    cell = " ".join(cell.split())
    return "" if cell in STR_NA_VALUES else cell


def _given(names: list[str]) -> list[str]:
    """Names without what the readers add: to columns without one, and to tell those of the same name apart."""
    result: list[str] = []
    for place, name in enumerate(names):
        name = " ".join(name.replace(JOIN, " ").split())
        own = re.fullmatch(r"(.*) \[\d+\]|(.*)\.\d+", name)
        stem = next((part for part in own.groups() if part is not None), "") if own else ""
        name = stem if stem in result else name
        if name and name != str(place + 1) and not re.fullmatch(r"Unnamed: \d+|(level_\d+|index)", name):
            result.append(name)
    return result


def measure(archive: Path = SAMPLE) -> pd.DataFrame:
    """Which files each reader gets right: one row per file, columns ``pandas`` and ``ours``."""
    lines = {}
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as packed:
            packed.extractall(folder, filter="data")
        root = Path(folder) / "survey_sample"
        for path in sorted((root / "csv").iterdir()):
            known = json.loads((root / "parameters" / f"{path.name}_parameters.json").read_text(encoding="utf-8"))
            named = known["header_lines"] != "0"
            clean = clean_table(root / "clean" / path.name, header=bool(known.get("column_names")) or named)
            lines[path.name] = {
                "pandas": _right(plain_pandas, path, clean, named=named),
                "ours": _right(this_reader, path, clean, named=named),
            }
    return pd.DataFrame.from_dict(lines, orient="index")


def _right(reader: Callable[[Path], Table], path: Path, clean: Table, *, named: bool) -> bool:
    try:
        return same(reader(path), clean, named=named)
    except (InputError, ValueError):  # pandas' ParserError, EmptyDataError and UnicodeDecodeError are ValueErrors
        return False


def report() -> None:
    """Print both counts."""
    if not SAMPLE.is_file():
        print("pollock: the survey sample is not here; skipped")
        return
    right = measure()
    ours, theirs = int(right["ours"].sum()), int(right["pandas"].sum())
    print(
        f"pollock: {len(right)} files; clean table from ours {ours}, plain pandas {theirs}, ratio {ours / theirs:.2f}"
    )
