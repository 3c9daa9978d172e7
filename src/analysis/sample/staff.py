"""Those who are employed right now: one row per person, columns as arrays of equal length."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

PERMANENT, TEMPORARY, HOURLY = 0, 1, 2
NEVER = np.int32(200_000)  # days since 1970: a date no one reaches

FIELDS: dict[str, Any] = {
    "person": np.int64,
    "birth": np.int32,  # days since 1970, as every date here
    "sex": np.int8,  # 1 woman, 0 man
    "occupation": np.int16,
    "department": np.int16,
    "unit": np.int32,
    "form": np.int8,
    "qualified": np.bool_,  # holds the licence the occupation asks for (True where none is asked for)
    "licence": np.int32,  # since when, NEVER if not
    "rate": np.float32,  # agreed
    "present": np.float32,  # part of the agreed rate that is worked
    "skill": np.float32,  # own pay relative to the occupation's level, as a logarithm
    "hired": np.int32,  # first day of the unbroken employment
    "start": np.int32,  # first day of the present terms
    "until": np.int32,  # last day of a fixed term
    "study_end": np.int32,  # last day of a study pipeline, NEVER if in none
}


class Staff:
    """Arrays of the persons employed, addressed as attributes; ``len`` is the number of persons."""

    def __init__(self, **columns: npt.NDArray[Any]) -> None:
        self.columns = {name: np.asarray(columns[name], dtype=kind) for name, kind in FIELDS.items()}

    def __len__(self) -> int:
        return len(self.columns["person"])

    def __getattr__(self, name: str) -> npt.NDArray[Any]:
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None

    def take(self, which: npt.NDArray[Any]) -> Staff:
        """The persons at positions (or under the mask) ``which``."""
        return Staff(**{name: column[which] for name, column in self.columns.items()})

    def join(self, other: Staff) -> Staff:
        """These persons and then those of ``other``."""
        return Staff(**{name: np.concatenate([self.columns[name], other.columns[name]]) for name in FIELDS})


class Ledger:
    """Rows of constant terms, collected while time passes; ``close`` writes what ends."""

    COLUMNS = (
        "person",
        "birth",
        "sex",
        "occupation",
        "department",
        "unit",
        "form",
        "qualified",
        "rate",
        "present",
    )
    EXTRA = ("skill", "hired", "start")

    def __init__(self) -> None:
        self._parts: dict[str, list[npt.NDArray[Any]]] = {name: [] for name in (*self.COLUMNS, *self.EXTRA, "end")}

    def close(self, staff: Staff, which: npt.NDArray[Any], end: npt.NDArray[Any] | int) -> None:
        """Write the present terms of the persons at ``which`` as ended on day ``end`` (their last day)."""
        chosen = staff.columns["person"][which]
        if not len(chosen):
            return
        for name in (*self.COLUMNS, *self.EXTRA):
            self._parts[name].append(staff.columns[name][which].copy())
        self._parts["end"].append(np.broadcast_to(np.asarray(end, dtype=np.int32), chosen.shape).copy())

    def rows(self) -> dict[str, npt.NDArray[Any]]:
        """All rows written so far, as arrays of equal length."""
        return {name: np.concatenate(parts) for name, parts in self._parts.items()}


def rank_within(keys: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Number 0, 1, 2 … of each element among those with the same key, in order of appearance."""
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    first = np.r_[True, ordered[1:] != ordered[:-1]] if len(ordered) else np.zeros(0, dtype=bool)
    starts = np.flatnonzero(first)
    ranks = np.arange(len(keys)) - np.repeat(starts, np.diff(np.r_[starts, len(keys)]))
    result = np.empty(len(keys), dtype=np.int64)
    result[order] = ranks
    return result


def match(wanted: npt.NDArray[Any], offered: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """Pair each wanted key with one offered element of the same key, none used twice.

    Returns positions in ``wanted`` and in ``offered``, of equal length.
    """
    size = 1 + max(len(wanted), len(offered))
    left = wanted.astype(np.int64) * size + rank_within(wanted)
    right = offered.astype(np.int64) * size + rank_within(offered)
    _, where_left, where_right = np.intersect1d(left, right, return_indices=True)
    return where_left, where_right
