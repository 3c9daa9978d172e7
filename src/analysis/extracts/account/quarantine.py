"""Rows set aside: one line each with column, reason and a value that shows nothing personal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis.extracts.manifest import FileSpec
from analysis.extracts.persons import identity
from analysis.extracts.rows.seen_values import Sieve
from analysis.extracts.values.coded import Coded
from analysis.tables.clean import TABLES
from analysis.tables.keys import JOIN


@dataclass
class Problems:
    """Per row the first thing that is wrong: a place in ``kinds`` (column, reason), of which the first is nothing."""

    kinds: list[tuple[str, str]]
    kind: np.ndarray

    @classmethod
    def none(cls, rows: int) -> Problems:
        """No problem in any row."""
        return cls([("", "")], np.zeros(rows, dtype="int16"))

    @property
    def found(self) -> np.ndarray:
        """True for rows with a problem."""
        return self.kind > 0

    def note(self, column: str, where: np.ndarray, reason: str) -> None:
        """Write a problem into rows that have none yet."""
        if where.any():
            self.replace(column, where & ~self.found, reason)

    def replace(self, column: str, where: np.ndarray | list[int], reason: str) -> None:
        """Write a problem whatever stands there."""
        if (column, reason) not in self.kinds:
            self.kinds.append((column, reason))
        self.kind[where] = self.kinds.index((column, reason))


def set_aside(
    spec: FileSpec, text: Mapping[str, Coded], problems: Problems, rows: np.ndarray, aside: np.ndarray
) -> pd.DataFrame:
    """The rows to be quarantined, with their raw values still to be masked by ``masked``.

    Returns:
        Columns ``source_row``, ``column``, ``reason``, ``shown`` (raw) and ``personal`` (bool).
    """
    columns = TABLES[spec.table]
    places = np.flatnonzero(aside)
    wrong = [problems.kinds[kind] for kind in problems.kind[places]]
    table = pd.DataFrame(
        {
            "source_row": rows[places],
            "column": pd.Series([column for column, _ in wrong], dtype="str"),
            "reason": pd.Series([reason for _, reason in wrong], dtype="str"),
            "shown": pd.Series("", index=range(len(places)), dtype="str"),
            "personal": False,
        }
    )
    personal = _personal(spec)
    for name in table["column"].unique():
        parts = [text[part] for part in spec.keys.get(name, [name]) if part in text]
        if not parts:
            continue
        where = (table["column"] == name).to_numpy()
        shown = pd.DataFrame([part.uniques.take(part.codes[places[where]]).array for part in parts], dtype="str")
        if name in personal and columns[name].kind == "number":
            table.loc[where, "shown"] = identity.MASK  # the leading digits of a sum of money say too much
            continue
        table.loc[where, "shown"] = shown.agg(JOIN.join).to_numpy()
        table.loc[where, "personal"] = name in personal
    return table


def personal_texts(spec: FileSpec, text: Mapping[str, Coded]) -> list[pd.Series]:
    """The distinct raw personal keys of records, so that they can be recognised in other columns."""
    columns = TABLES[spec.table]
    names = [name for name in _personal(spec) if name in text and (name not in columns or columns[name].kind == "key")]
    return [text[name].used().uniques for name in sorted(names)]


def masked(table: pd.DataFrame, *, file: str, spec: FileSpec, known: Sieve) -> pd.DataFrame:
    """The quarantine of a file from its rows set aside: ``shown`` is masked where it is, or may be, personal.

    Args:
        table: Rows of ``set_aside``.
        file: Their file.
        spec: Its entry in ``delivery.toml``.
        known: The personal keys of the whole file, so that they are recognised in other columns.
    """
    personal = table["personal"].to_numpy(dtype=bool)
    candidates = pd.Series(table.loc[~personal, "shown"].str.strip().unique(), dtype="str")
    slipped = set(candidates[known.has(candidates)].str.casefold()) if len(candidates) else set()
    shown = table["shown"].copy()
    for kind in (True, False):
        where = personal == kind
        if where.any():
            shown[where] = identity.shown(table.loc[where, "shown"], personal=kind, known=slipped)
    return pd.DataFrame(
        {
            "file": pd.Series(file, index=table.index, dtype="str"),
            "source_row": table["source_row"],
            "table": pd.Series(spec.table, index=table.index, dtype="str"),
            "column": table["column"],
            "reason": table["reason"],
            "shown": shown,
        }
    )


def _personal(spec: FileSpec) -> set[str]:
    personal = {name for name, column in TABLES[spec.table].items() if column.personal}
    return personal | {part for name in personal for part in spec.keys.get(name, ())}
