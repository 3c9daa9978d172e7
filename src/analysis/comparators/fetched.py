"""The file of fetched values: written by ``analysis fetch kolada``, named in ``analysis.toml``, read by a build.

Kolada's terms: values are free with «Källa: Kolada», and what somebody has worked on must not carry that name. Every
row therefore has a seal over what Kolada said; a value that was changed afterwards no longer fits its seal and is
shown as reworked.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pandas as pd

from analysis.comparators.client import write_whole
from analysis.errors import InputError

COLUMNS = (
    "source", "measure", "title", "area", "area_name", "year", "sex", "value", "count", "status", "fetched", "seal",
)  # fmt: skip
"""source: who published it; measure: its id there; sex: T (all), K (women), M (men); fetched: the vintage."""

TEXT = ("source", "measure", "title", "area", "area_name", "sex", "status", "fetched", "seal")
SEALED = ("source", "measure", "area", "year", "sex", "value")


def _seals(table: pd.DataFrame) -> list[str]:
    return [
        hashlib.sha256("|".join("" if pd.isna(field) else str(field) for field in row).encode()).hexdigest()[:12]
        for row in table[list(SEALED)].itertuples(index=False)
    ]


def sealed(table: pd.DataFrame) -> pd.DataFrame:
    """The table with the seal of every row."""
    table = table.astype({"year": "int64", "value": "float64", "count": "Int64"})
    return table.assign(seal=_seals(table))


def write(table: pd.DataFrame, path: Path) -> None:
    """Write the table as CSV, as a whole or not at all."""
    text = io.StringIO()
    table.to_csv(text, index=False, lineterminator="\n")
    write_whole(path, text.getvalue())


def read(path: Path) -> pd.DataFrame:
    """Read and check a file of fetched values.

    Returns:
        ``COLUMNS`` and ``unchanged``: whether the value is still the one that its source gave.

    Raises:
        InputError: the file is not there or is no such file.
    """
    try:
        kinds = dict.fromkeys(TEXT, "str")
        blank = {"value": [""]}
        table = pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=blank)
        table = table[list(COLUMNS)].astype({"year": "int64", "value": "float64"})
    except FileNotFoundError:
        raise InputError(
            f"{path.name} is not there; fetch it or take it out of [comparators] in analysis.toml"
        ) from None
    except (KeyError, ValueError, OSError):
        raise InputError(f"{path.name} is not a file that `analysis fetch kolada` wrote; fetch it again") from None
    return table.assign(unchanged=[seal == own for seal, own in zip(table["seal"], _seals(table), strict=True)])
