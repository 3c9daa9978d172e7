"""Columns as distinct values and codes: what is put together or taken apart says the same as the text it came from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.values.coded import Coded, alike, stack, written_out

CELLS = [["a", "b", "a", None], [None, None], ["c", "a"], []]


def text(cells: list[str | None]) -> pd.Series:
    return pd.Series(cells, dtype="str")


def coded(cells: list[str | None]) -> pd.Series:
    return Coded.of(text(cells)).categorical()


@pytest.mark.parametrize("cells", CELLS)
def test_a_column_is_the_same_after_it_was_coded(cells) -> None:
    pd.testing.assert_series_equal(Coded.of(text(cells)).spread(), text(cells))
    table = written_out(pd.DataFrame({"x": coded(cells), "n": np.arange(len(cells))}))
    pd.testing.assert_frame_equal(table, pd.DataFrame({"x": text(cells), "n": np.arange(len(cells))}))


def test_a_column_of_blocks_holds_every_value_once() -> None:
    whole = Coded.concat([Coded.of(text(cells)) for cells in CELLS])
    assert whole.uniques.dropna().is_unique
    assert whole.spread().fillna("-").tolist() == ["a", "b", "a", "-", "-", "-", "c", "a"]


def test_values_that_became_equal_are_one_category() -> None:
    folded = Coded.of(text(["A", "a", "B", ""])).map(lambda unique: unique.str.lower().replace("", pd.NA))
    found = folded.categorical()
    assert found.cat.categories.tolist() == ["a", "b"]
    assert found.cat.codes.tolist() == [0, 0, 1, -1]


@pytest.mark.parametrize("kinds", [(coded, coded), (coded, text), (text, coded), (text, text)])
def test_tables_are_stacked_whether_their_text_is_coded_or_not(kinds) -> None:
    parts = [pd.DataFrame({"x": kind(cells)}) for kind, cells in zip(kinds, (CELLS[0], CELLS[2]), strict=True)]
    table = written_out(stack([*parts, pd.DataFrame({"x": coded([])})]))
    pd.testing.assert_series_equal(table["x"], text([*CELLS[0], *CELLS[2]]), check_names=False)


def test_rows_that_say_the_same_have_one_number_and_a_first_row() -> None:
    table = pd.DataFrame({"x": text(["a", "a", None, "a", None]), "y": coded(["1", "2", "1", "1", "1"])})
    which, first = alike(table)
    assert which.tolist() == [0, 1, 2, 0, 2]
    assert first.tolist() == [0, 1, 2]
