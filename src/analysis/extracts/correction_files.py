"""The quarantine as files that can be opened, corrected and fed back: one CSV per raw file, personal cells masked."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.extracts import identity
from analysis.extracts.corrections import FORMULA, fingerprint, names, read_lines
from analysis.extracts.delivery import Delivery
from analysis.extracts.manifest import FileSpec
from analysis.extracts.notices import reasons
from analysis.extracts.reading import Raw, find_columns, read_raw
from analysis.extracts.sources import Source, find_sources
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
        InputError: a file in ``target`` holds corrections that would be overwritten.
    """
    raws = files or folder / delivery.manifest.delivery.files
    blocks: dict[str, list[list[str]]] = defaultdict(list)
    for source in find_sources(delivery.manifest, raws):
        mine = delivery.quarantine
        mine = mine[(mine["file"] == source.label) & (mine["table"] == source.spec.table)]
        if len(mine):
            name = source.label.replace("/", "_").replace("\\", "_") + ".csv"
            blocks[name] += _lines(read_raw(source.path, source.spec), source, mine, key=key, language=language)
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
        (target / name).write_bytes(stream.getvalue().encode("utf-8-sig", "replace"))
    return [target / name for name in blocks]


def _decided(path: Path) -> bool:
    try:
        return bool(read_lines(path))
    except InputError:
        return True  # not ours, or half-written by hand: nothing to overwrite


def _lines(raw: Raw, source: Source, mine: pd.DataFrame, *, key: bytes, language: str) -> list[list[str]]:
    positions, _ = find_columns(source.spec, raw, file=source.label)
    places = np.searchsorted(raw.rows, mine["source_row"].to_numpy())
    frame = raw.frame.iloc[places]
    masked = masked_lines(frame, raw, source.spec, positions)
    lines = []
    for line, place, row, text in zip(mine.to_dict("records"), places, frame.to_numpy(), masked, strict=True):
        whole = int(place) in raw.odd or not line["column"]
        cells = {
            "file": source.label,
            "table": source.spec.table,
            "source_row": str(line["source_row"]),
            "column": "" if whole else _header(str(line["column"]), source.spec, raw, positions, row),
            "reason": reasons()[str(line["reason"])][language],
            "shown": line["shown"],
            "line": text,
            "check": fingerprint(row.tolist(), key=key),
        }
        lines.append([_safe(cells.get(name, "")) for name in names("heading")])
    return lines


def _header(name: str, spec: FileSpec, raw: Raw, positions: dict[str, int], row: np.ndarray) -> str:
    """The file's own header of a column; of a key built from several, the first that is empty."""
    parts = [part for part in spec.keys.get(name, [name]) if part in positions]
    if not parts and spec.personnummer:
        parts = ["person"]
    empty = [part for part in parts if not row[positions[part]].strip()]
    chosen = (empty or parts)[:1]
    return raw.header[positions[chosen[0]]] if chosen else ""


def masked_lines(frame: pd.DataFrame, raw: Raw, spec: FileSpec, positions: dict[str, int]) -> list[str]:
    """Rows of ``raw`` as lines of text in which nobody can be recognised.

    Args:
        frame: Some of the rows of ``raw.frame``, on its index.
        raw: The file as text.
        spec: Its entry in ``delivery.toml``.
        positions: Position of each mapped column.
    """
    columns = TABLES[spec.table]
    personal = {name for name, column in columns.items() if column.personal}
    personal |= {part for name in personal for part in spec.keys.get(name, ())}
    private = {positions[name] for name in personal if name in positions}
    keys = [positions[name] for name in personal & set(positions) if name not in columns or columns[name].kind == "key"]
    known = {each.strip().casefold() for place in keys for each in raw.frame[place].unique() if len(each.strip()) >= 4}
    open_to_see = set(positions.values()) - private
    shown = pd.DataFrame(index=frame.index)
    for position in frame.columns:
        cells = frame[position]
        if position in open_to_see:
            masked = identity.shown(cells, personal=False, known=known)
        else:
            masked = cells.map(lambda text: identity.MASK if text.strip() else "").astype("str")
        shown[position] = masked
    odd = frame.index.isin(list(raw.odd))
    for position in frame.columns:  # in a row cut in the wrong places no column is what its header says
        hidden = frame[position].map(lambda text: identity.MASK if text.strip() else "")
        shown[position] = shown[position].mask(odd, hidden)
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows(
        [" ".join(cell.split()) for cell in row] for row in shown.to_numpy()
    )
    return stream.getvalue().splitlines()


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
