"""The sieve finds whatever was added, and hardly anything else."""

from __future__ import annotations

import pandas as pd

from analysis.extracts.rows.seen_values import Sieve
from analysis.extracts.values.coded import Coded, hashes


def text(*cells: str | None) -> pd.Series:
    return pd.Series(cells, dtype="str")


def test_what_was_added_is_found_without_regard_to_case() -> None:
    sieve = Sieve()
    sieve.add(text("Östen Åkesson", "100231", "abc"))
    assert sieve.has(text("ÖSTEN ÅKESSON", "100231", "100232", "abc", "")).tolist() == [True, True, False, False, False]


def test_of_fifty_thousand_others_none_seems_to_have_been_added() -> None:
    sieve = Sieve()
    sieve.add(pd.Series(range(100_000, 200_000)).astype("str"))
    assert sieve.has(pd.Series(range(100_000, 200_000)).astype("str")).all()
    assert sieve.has(pd.Series(range(200_000, 250_000)).astype("str")).sum() <= 5


def test_hashes_are_equal_for_equal_texts_only_however_a_column_is_held() -> None:
    words = [f"{number:x}" for number in range(100_000)]
    found = hashes(text(*words))
    assert len(set(found)) == len(words)
    cells = text("a", "b", None, "", "a", "åäö", "b" * 300)
    coded = hashes(Coded.of(cells).categorical())
    assert coded.tolist() == hashes(cells).tolist()
    assert coded[2] == 0
    assert coded[0] == coded[4]
    assert len(set(coded)) == 6
    assert len(set(hashes(text("b" * 65, "b" * 66, "b" * 64 + "c", "b" * 64)))) == 4
    part = cells[1:4].reset_index(drop=True)
    assert hashes(part).tolist() == coded[1:4].tolist()
    assert hashes(text(None, "")).tolist() == [0, hashes(text("", "a"))[0]]
    assert len(hashes(text())) == 0
