"""Files as people publish them, read as they stand: this reader and plain pandas on the Pollock survey sample.

The sample (Vitagliano et al., "Pollock: A Data Loading Benchmark", VLDB 2023) has 97 files from open-data portals and
their clean versions. A reader is right on a file when it gives the clean table: the same names in the same order and
the same cells in the same rows. Both readers are judged by one comparison, in which blanks are squeezed, markers that
pandas takes for missing are empty, rows and last columns of nothing are left out, and the joint between parts of a
name of several header rows is a blank. Where the clean version invents names, since the file has no header, only the
cells count. The clean versions are read as comma-separated UTF-8 (else cp1252) text.
"""

from __future__ import annotations

import csv
import io
import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from pandas._libs.parsers import STR_NA_VALUES

from analysis.errors import InputError
from analysis.extracts.headers import JOIN
from analysis.extracts.layout import detect, read_table
from analysis.extracts.textlines import decode

SAMPLE = Path(__file__).parents[1].parent / "shared/data/pollock/survey_sample.tar.gz"
Table = tuple[list[str], list[list[str]]]


def plain_pandas(path: Path) -> Table:
    """The file by ``pandas.read_csv`` with nothing but text columns asked for."""
    table = pd.read_csv(path, dtype=str)
    return [str(name) for name in table.columns], table.fillna("").to_numpy().tolist()


def this_reader(path: Path) -> Table:
    """The file by ``detect`` and ``read_table``."""
    layout = detect(path)
    table = read_table(path, layout)
    return list(table.columns), table.to_numpy().tolist()


def clean_table(path: Path) -> Table:
    """A clean version as it was published."""
    text, _ = decode(path.read_bytes(), name=path.name)
    records = list(csv.reader(io.StringIO(text, newline="")))
    return (records[0], records[1:]) if records else ([], [])


def same(table: Table, clean: Table, *, named: bool) -> bool:
    """True if a table is the clean one; names count only where the file has them."""
    mine, theirs = _normal(table), _normal(clean)
    return mine[1] == theirs[1] and (not named or _joined(mine[0]) == _joined(theirs[0]))


def _normal(table: Table) -> Table:
    names, rows = table
    squeezed = [[_cell(cell) for cell in row] for row in rows]
    squeezed = [row for row in squeezed if any(row)]
    for row in squeezed:
        while row and not row[-1]:
            row.pop()
    names = [" ".join(name.replace(JOIN, " ").split()) for name in names]
    width = max(map(len, squeezed), default=0)
    while names and len(names) > width and (not names[-1] or names[-1].startswith("Unnamed: ")):
        names.pop()
    return names, squeezed


def _cell(cell: str) -> str:
    cell = " ".join(cell.split())
    return "" if cell in STR_NA_VALUES else cell


def _joined(names: list[str]) -> list[str]:
    """Names without what readers add to tell columns without a name, or with the same name, apart."""
    plain = [
        name.rsplit(" [", 1)[0] if name.endswith("]") and name.rsplit(" [", 1)[-1][:-1].isdigit() else name
        for name in names
    ]
    plain = ["" if name.startswith("Unnamed: ") or name == str(place + 1) else name for place, name in enumerate(plain)]
    counts: Counter[str] = Counter()
    result = []
    for name in plain:
        stem, _, number = name.rpartition(".")
        if stem and number.isdigit() and counts[stem] == int(number):
            name = stem
        counts[name] += 1
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
            clean = clean_table(root / "clean" / path.name)
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
