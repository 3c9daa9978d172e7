"""Clean rows between reading and use: in memory or on disk they are the same, and nothing of them stays behind."""

from __future__ import annotations

import gc
import os
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts.rows import staging
from analysis.extracts.rows.staging import CleanTables, Shelf, Staged, StagedTable, Written
from analysis.extracts.values.coded import Coded

BLOCKS = [["a", "b", None], [], ["c", "a"], ["d"]]


def block(words: list[str | None], first: int) -> pd.DataFrame:
    rows = len(words)
    return pd.DataFrame(
        {
            "word": Coded.of(pd.Series(words, dtype="str")).categorical(),
            "none": Coded.of(pd.Series([None] * rows, dtype="str")).categorical(),
            "start": pd.date_range("2024-01-01", periods=rows).astype("datetime64[us]"),
            "step": pd.array([None, *range(1, rows)][:rows], dtype="Int64"),
            "held": pd.array([True, None, False][:rows], dtype="boolean"),
            "rate": np.linspace(0.5, 1.0, rows),
            "source_row": np.arange(first, first + rows),
        }
    )


def staged(budget: int, blocks: list[list[str | None]] = BLOCKS) -> Staged:
    done = Staged(Shelf(budget))
    for words in blocks:
        done.append(block(words, done.size))
    return done


def table(*parts: Staged) -> pd.DataFrame:
    return CleanTables({"employments": StagedTable(list(parts))})["employments"]


def test_a_table_is_the_same_from_memory_and_from_disk_and_as_it_was_made() -> None:
    held, written = table(staged(1 << 20)), table(staged(0))
    pd.testing.assert_frame_equal(held, written)
    assert held["word"].fillna("-").tolist() == ["a", "b", "-", "c", "a", "d"]
    assert held["none"].isna().all()
    assert held["source_row"].tolist() == list(range(6))
    assert [str(each) for each in held.dtypes] == [
        "str",
        "str",
        "datetime64[us]",
        "Int64",
        "boolean",
        "float64",
        "int64",
    ]


def test_columns_are_read_alone() -> None:
    assert list(CleanTables({"x": StagedTable([staged(0)])}).read("x", ["rate", "word"]).columns) == ["rate", "word"]


@pytest.mark.parametrize("budget", [0, 1 << 20])
def test_rows_are_let_go_and_taken_by_their_place(budget: int) -> None:
    whole = StagedTable([staged(budget), staged(budget, [["x"], ["y", "z"]])])
    assert whole.drop(np.array([1, 4, 7])) == [2, 1]
    assert (whole.rows, whole.size) == (6, 9)
    frames = pd.concat([frame.astype({"word": "str"}) for frame in whole.frames(["word"])])
    assert frames["word"].fillna("-").to_dict() == {0: "a", 2: "-", 3: "c", 5: "d", 6: "x", 8: "z"}
    taken = whole.take(np.array([2, 4, 6, 8]))
    assert taken["word"].fillna("-").to_dict() == {2: "-", 4: "a", 6: "x", 8: "z"}


def test_a_change_is_made_whenever_its_columns_are_read() -> None:
    def upper(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(word=frame["word"].astype("str").str.upper(), rate=0.0)

    whole = StagedTable([staged(0)], upper, frozenset({"word", "rate"}))
    tables = CleanTables({"x": whole})
    assert tables.column("x", "word").fillna("-").tolist() == ["A", "B", "-", "C", "A", "D"]
    assert tables.column("x", "rate").tolist() == [0.0] * 6
    assert tables.column("x", "source_row").tolist() == list(range(6))


def test_what_lies_on_disk_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    one = staged(0)
    written = [block for block in one.blocks if isinstance(block, Written)]
    assert len(written) == len(one.blocks)
    assert os.fstat(written[0].file.fileno()).st_nlink == 0
    assert list(tmp_path.iterdir()) == []
    tables = CleanTables({"employments": StagedTable([one])})
    del one
    gc.collect()
    assert len(tables["employments"]) == 6


def test_a_full_disk_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with Path("/dev/full").open("r+b", buffering=0) as full:
        monkeypatch.setattr(staging, "scratch", lambda: full)
        with pytest.raises(InputError, match=r"no room on disk .*TMPDIR"):
            staged(0)
