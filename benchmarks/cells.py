"""Two editions of one delivery cell by cell: what an edition of another version of the package says otherwise.

``python -m benchmarks.cells OLD NEW``: folders of two workspaces (``data/processed/<edition>``). Prints, table by
table, how many cells agree, differ, and stand on one side only, and lists the first of each kind. Cells hold no
persons; what is withheld holds no number on either side.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.tables.protected import KEYS, NUMBERS

SHOWN = 5
"""Cells listed per table and kind of difference."""


def read(workspace: Path) -> pd.DataFrame:
    """The protected cells of a workspace by their keys."""
    return pd.read_parquet(workspace / "protected" / "cells.parquet").set_index(list(KEYS)).sort_index()


def compare(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """One row per cell of either side: DataFrame[KEYS, what], what = same, number, status, gone, added."""
    both = old.index.intersection(new.index)
    left, right = old.loc[both], new.loc[both]
    numbers = np.isclose(left[list(NUMBERS)], right[list(NUMBERS)], rtol=1e-9, atol=1e-9, equal_nan=True).all(axis=1)
    what = np.select([left["status"].ne(right["status"]).to_numpy(), ~numbers], ["status", "number"], "same")
    parts = [
        pd.Series(what, index=both),
        pd.Series("gone", index=old.index.difference(new.index)),
        pd.Series("added", index=new.index.difference(old.index)),
    ]
    return pd.concat(parts).rename("what").rename_axis(list(KEYS)).reset_index()


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    asked = parser.parse_args()
    old, new = read(asked.old), read(asked.new)
    found = compare(old, new)
    print(pd.crosstab(found["table"], found["what"], margins=True).to_string())
    for (table, what), part in found[found["what"] != "same"].groupby(["table", "what"]):
        print(f"\n{table}: {what}")
        for key in part[list(KEYS)].head(SHOWN).itertuples(index=False, name=None):
            sides = [frame.loc[key, ["value", "low", "high", "status"]].tolist() if key in frame.index else None
                     for frame in (old, new)]  # fmt: skip
            print("  ", "/".join(filter(None, key)), *sides)


if __name__ == "__main__":
    main()
