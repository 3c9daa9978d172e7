"""What the drafts say of an edition: its record, and which columns about persons its delivery filled."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

from analysis.access.access_map import FILE, Log, read_map
from analysis.errors import InputError
from analysis.settings import Settings, load
from analysis.tables.clean import TABLES


@dataclass(frozen=True)
class Edition:
    """What is known of an edition without looking at a row about a person.

    ``columns`` are the filled columns of its clean tables about persons, as ``table.column``; ``tables`` the tables
    that its protected cells come from, with how many figures each publishes.
    """

    name: str
    about: dict[str, Any]
    settings: Settings
    columns: tuple[str, ...]
    persons: int
    tables: dict[str, int]
    log: Log | None = None
    """The log of who opens which page, where an access map (``access.toml``) says that one is kept."""


def read_edition(root: Path, name: str) -> Edition:
    """Read an edition.

    Args:
        root: the project's folder.
        name: the edition.

    Raises:
        InputError: there is no such edition, or the rows behind it are erased.
    """
    folder = root / "data/processed" / name
    record = folder / "protected/about.json"
    if not record.is_file():
        raise InputError(f"there is no edition {name} in data/processed; see analysis editions")
    if not (folder / "tables").is_dir():
        raise InputError(f"the rows behind {name} are erased, so no papers can be drafted; name a later edition")
    columns, persons = [], set[str]()
    for table, contract in TABLES.items():
        path = folder / "tables" / f"{table}.parquet"
        if not path.is_file() or not any(column.personal for column in contract.values()):
            continue
        filled = _filled(path)
        columns += [f"{table}.{column}" for column in contract if column in filled]
        if "person" in filled:
            persons |= set(pd.read_parquet(path, columns=["person"])["person"])
    cells = pd.read_parquet(folder / "protected/cells.parquet", columns=["table", "status"])
    shown = cells[cells["status"].isin(["published", "zero"])]["table"].value_counts()
    about = json.loads(record.read_text(encoding="utf-8"))
    log = read_map(root / FILE).log if (root / FILE).is_file() else None
    counts = {str(key): int(count) for key, count in shown.items()}
    return Edition(name, about, load(root), tuple(columns), len(persons), counts, log)


def _filled(path: Path) -> set[str]:
    """Columns in which something stands, by the file's own statistics."""
    file = pq.ParquetFile(path)
    empty = dict.fromkeys(file.schema_arrow.names, 0)
    for group in range(file.metadata.num_row_groups):
        for place in range(file.metadata.num_columns):
            column = file.metadata.row_group(group).column(place)
            nothing = column.statistics is not None and column.statistics.null_count == column.num_values
            empty[column.path_in_schema] = empty.get(column.path_in_schema, 0) + (0 if nothing else column.num_values)
    return {name for name, values in empty.items() if values}
