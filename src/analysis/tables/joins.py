"""The one way two tables are joined: the shape is checked, and what found no partner is counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from analysis.errors import InputError
from analysis.tables.clean import TABLES

How = Literal["left", "inner"]
Shape = Literal["one_to_one", "one_to_many", "many_to_one", "many_to_many"]
SHOWN = 5
"""At most so many keys are named in a message."""
PERSONAL = {name for columns in TABLES.values() for name, spec in columns.items() if spec.personal} | {"spell"}


@dataclass(frozen=True)
class Unmatched:
    """What a join left over: rows of either side whose key the other side lacks.

    ``examples`` are keys of left rows without a partner, in order; never of persons.
    """

    name: str
    left: int
    right: int
    left_unmatched: int
    right_unmatched: int
    examples: tuple[str, ...] = ()


def join(
    left: pd.DataFrame,
    right: pd.DataFrame,
    on: str | Sequence[str],
    *,
    name: str,
    how: How = "left",
    validate: Shape = "many_to_one",
) -> tuple[pd.DataFrame, Unmatched]:
    """Join two tables by equal keys; an empty key has no partner.

    Args:
        left: the table whose order is kept.
        right: the table to join.
        on: key columns, called the same in both.
        name: what is joined, for messages: "qualifications by person".
        how: ``left`` keeps rows without a partner, ``inner`` drops them; either way they are counted.
        validate: how often a key may occur on either side.

    Returns:
        The joined table with a fresh index, and what found no partner.

    Raises:
        InputError: a key occurs more often than ``validate`` allows.

    >>> left = pd.DataFrame({"unit": ["a", "b", "c"]})
    >>> found, unmatched = join(left, pd.DataFrame({"unit": ["a", "b"], "head": [1, 2]}), "unit", name="heads by unit")
    >>> len(found), unmatched.left_unmatched, unmatched.examples
    (3, 1, ('c',))
    """
    keys = [on] if isinstance(on, str) else list(on)
    known = right.dropna(subset=keys)
    _check_shape(left.dropna(subset=keys), known, keys, name, validate)
    found = left.merge(known, on=keys, how=how, validate="many_to_many")
    lost = compare(left, right, keys, name=name)
    for listener in _listeners:
        listener.append(lost)
    return found, lost


_listeners: list[list[Unmatched]] = []


@contextmanager
def collected() -> Iterator[list[Unmatched]]:
    """What every join made inside the block left over, for the report of a stage; other processes are not heard.

    Rooms count what found no partner where they join; an analyst should not have to look into each.
    """
    mine: list[Unmatched] = []
    _listeners.append(mine)
    try:
        yield mine
    finally:
        _listeners[:] = [each for each in _listeners if each is not mine]


def compare(left: pd.DataFrame, right: pd.DataFrame, on: str | Sequence[str], *, name: str) -> Unmatched:
    """What a join of two tables by ``on`` would leave over, without joining them."""
    keys = [on] if isinstance(on, str) else list(on)
    known = right.dropna(subset=keys)
    matched, used = _partners(left, known, keys)
    examples: tuple[str, ...] = ()
    if not PERSONAL & set(keys):
        first = left.loc[~matched, keys].dropna().drop_duplicates().head(SHOWN)
        examples = tuple(" ".join(str(part) for part in key) for key in first.itertuples(index=False, name=None))
    return Unmatched(name, len(left), len(right), int((~matched).sum()), len(right) - int(used.sum()), examples)


def every_pair(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Each row of ``left`` with each row of ``right``."""
    return left.merge(right, how="cross")


def report(found: Sequence[Unmatched]) -> pd.DataFrame:
    """What joins left over: DataFrame[join, left, right, left_unmatched, right_unmatched, examples].

    One line per name, in order; of a join made more than once (per year, per path) the one that left over most.
    """
    most: dict[str, Unmatched] = {}
    for each in found:
        known = most.setdefault(each.name, each)
        if each.left_unmatched + each.right_unmatched > known.left_unmatched + known.right_unmatched:
            most[each.name] = each
    lines = [
        (each.name, each.left, each.right, each.left_unmatched, each.right_unmatched, ", ".join(each.examples))
        for each in most.values()
    ]
    return pd.DataFrame(lines, columns=["join", "left", "right", "left_unmatched", "right_unmatched", "examples"])


def _partners(left: pd.DataFrame, right: pd.DataFrame, keys: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Which rows of either table have their key in the other one."""
    both = pd.concat([left[keys], right[keys]], ignore_index=True)
    # numbers in place of keys: text is slow to compare
    one = len(keys) == 1
    codes = pd.factorize(both[keys[0]])[0] if one else both.groupby(keys, sort=False).ngroup().to_numpy()
    mine, theirs = codes[: len(left)], codes[len(left) :]
    return np.isin(mine, theirs) & (mine >= 0), np.isin(theirs, mine)


def _check_shape(left: pd.DataFrame, right: pd.DataFrame, keys: list[str], name: str, validate: Shape) -> None:
    sides = (("left", left, validate.startswith("one")), ("right", right, validate.endswith("one")))
    for side, table, once in sides:
        if not once:
            continue
        repeated = table.duplicated(keys)
        if repeated.any():
            first = table.loc[repeated, keys].drop_duplicates()
            shown = ""
            if not PERSONAL & set(keys):
                listed = (" ".join(map(str, key)) for key in first.head(SHOWN).itertuples(index=False, name=None))
                shown = f" ({', '.join(listed)})"
            raise InputError(
                f"{name}: {len(first)} {'key occurs' if len(first) == 1 else 'keys occur'} more than once in the "
                f"{side} table{shown}; keep one row of each {' and '.join(keys)}"
            )
