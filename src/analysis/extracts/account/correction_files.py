"""The quarantine as files that can be opened, corrected and fed back: one CSV per raw file, personal cells masked."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.extracts.account.corrections import FORMULA, fingerprint, names, read_lines
from analysis.extracts.account.notices import reasons
from analysis.extracts.delivery import Delivery
from analysis.extracts.files.reading import Raw, find_columns, read_blocks
from analysis.extracts.manifest import FileSpec
from analysis.extracts.persons import identity
from analysis.extracts.places import raw_folder
from analysis.extracts.sources import Source, find_sources
from analysis.private import private_file
from analysis.tables.clean import TABLES


def write_quarantine(
    delivery: Delivery, folder: Path, target: Path, *, key: bytes, language: str = "sv", files: Path | None = None
) -> list[Path]:
    """Write the rows set aside, one CSV per raw file, ready to be corrected (``read_corrections``).

    UTF-8 with byte-order mark and semicolons, which a Swedish spreadsheet opens as a table. Cells of personal
    columns, of columns that ``delivery.toml`` does not map, and of rows that are wrong as rows are masked.

    Args:
        delivery: What was read.
        folder: Its folder.
        target: Where to write.
        key: Key of the pseudonyms.
        language: ``sv`` or ``en``.
        files: Where the raw files lie, as in ``read_delivery``.

    Returns:
        The files written, in the order of the delivery.

    Raises:
        InputError: ``target`` is a file, or a file in it holds corrections that would be overwritten.
    """
    if target.exists() and not target.is_dir():
        raise InputError(f"{target.name} is a file; name a folder for the quarantine")
    raws = files or raw_folder(delivery.manifest, folder)
    blocks: dict[str, list[list[str]]] = defaultdict(list)
    for source in find_sources(delivery.manifest, raws):
        mine = delivery.quarantine
        mine = mine[(mine["file"] == source.label) & (mine["table"] == source.spec.table)]
        if len(mine):
            name = source.label.replace("/", "_").replace("\\", "_") + ".csv"
            blocks[name] += _lines(read_blocks(source.path, source.spec), source, mine, key=key, language=language)
    target.mkdir(parents=True, exist_ok=True)
    for name in blocks:
        if (target / name).is_file() and _decided(target / name):
            raise InputError(
                f"{name} in {target.name} holds corrections that would be lost; feed them back with --corrections and "
                "choose another folder for the quarantine"
            )
    headings = [entry[language] for entry in names("heading").values()]
    for name, lines in blocks.items():
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter=";", lineterminator="\r\n").writerows([headings, *lines])
        private_file(target / name).write_bytes(stream.getvalue().encode("utf-8-sig", "replace"))
    return [target / name for name in blocks]


def _decided(path: Path) -> bool:
    try:
        return bool(read_lines(path))
    except InputError:
        return True  # not ours, or half-written by hand: nothing to overwrite


def _lines(blocks: Iterable[Raw], source: Source, mine: pd.DataFrame, *, key: bytes, language: str) -> list[list[str]]:
    """The rows of ``mine`` as lines of the file of corrections. Only they are held as text, and what must be masked."""
    spec, wanted = source.spec, mine.set_index("source_row")
    found: list[tuple[dict[str, str], list[str], bool]] = []
    private, open_to_see, known = set[int](), set[int](), set[str]()
    for raw in blocks:
        positions, _ = find_columns(spec, raw, file=source.label)
        private, keys = _personal(spec, positions)
        open_to_see = set(positions.values()) - private
        for place in keys:
            known |= {each.strip().casefold() for each in raw.frame[place].unique() if len(each.strip()) >= 4}
        for place in np.flatnonzero(np.isin(raw.rows, wanted.index)).tolist():
            cells = raw.frame.iloc[place].tolist()
            line, whole = wanted.loc[raw.rows[place]], place in raw.odd
            column = "" if whole else _header(str(line["column"]), spec, raw, positions, cells)
            texts = {"source_row": str(raw.rows[place]), "column": column, "shown": line["shown"]}
            texts |= {"reason": reasons()[str(line["reason"])][language], "check": fingerprint(cells, key=key)}
            found.append((texts, cells, whole))
    known &= {cell.strip().casefold() for _, cells, _ in found for cell in cells}
    lines = []
    for texts, cells, whole in found:
        # in a row cut in the wrong places no column is what its header says
        seen = set() if whole else open_to_see
        texts |= {"file": source.label, "table": spec.table, "line": masked_line(cells, seen, known)}
        lines.append([_safe(texts.get(name, "")) for name in names("heading")])
    return lines


def _personal(spec: FileSpec, positions: dict[str, int]) -> tuple[set[int], list[int]]:
    """Positions of personal columns, and of those among them that are keys."""
    columns = TABLES[spec.table]
    personal = {name for name, column in columns.items() if column.personal}
    personal |= {part for name in personal for part in spec.keys.get(name, ())}
    keys = [name for name in personal & set(positions) if name not in columns or columns[name].kind == "key"]
    return {positions[name] for name in personal & set(positions)}, [positions[name] for name in keys]


def _header(name: str, spec: FileSpec, raw: Raw, positions: dict[str, int], cells: Sequence[str]) -> str:
    """The file's own header of a column; of a key built from several, the first that is empty."""
    parts = [part for part in spec.keys.get(name, [name]) if part in positions]
    if not parts and name and spec.personnummer:
        parts = ["person"]  # birth and sex come from the number
    empty = [part for part in parts if not cells[positions[part]].strip()]
    chosen = (empty or parts)[:1]
    return raw.header[positions[chosen[0]]] if chosen else ""


def masked_line(cells: Sequence[str], open_to_see: Set[int], known: Set[str]) -> str:
    """A row as a line of text in which nobody can be recognised.

    Args:
        cells: The row.
        open_to_see: Positions of columns that are mapped and not personal; every other cell is masked.
        known: Personal values of the file, masked wherever they stand.
    """
    shown = [
        identity.shown(pd.Series([cell], dtype="str"), personal=False, known=known).iloc[0]
        if position in open_to_see
        else (identity.MASK if cell.strip() else "")
        for position, cell in enumerate(cells)
    ]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="").writerow([" ".join(cell.split()) for cell in shown])
    return stream.getvalue()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
