"""``docs/performance.md`` is as the kept results make it, and says so where nothing was measured."""

from __future__ import annotations

import pytest

from benchmarks.document import LINES, NOT, TARGET, said, written
from benchmarks.keeping import ratios
from tests.conftest import REPOSITORY

FOUND = {"ratio": 4.0, "low": 3.9, "high": 5.0, "ours": 2.0, "peer": 8.0, "rounds": 3}


def test_the_document_is_as_the_results_make_it() -> None:
    """Measured again? ``python -m benchmarks.document``."""
    assert TARGET.read_text("utf-8") == written()


def test_what_nobody_has_measured_is_called_so() -> None:
    assert written({}).count(NOT) == len(LINES) + 1
    kept = {"ways: floor": {**FOUND, "processor": FOUND, "machine": "two processors", "at": "2026-12-01", "reports": 3}}
    text = written(kept)
    assert text.count(f"| {NOT} |") == len(LINES) - 1
    assert "0.25 × as long [0.20–0.26] (2.0 s, 8.0 s)" in text
    assert "- two processors" in text


@pytest.mark.parametrize(
    ("kind", "words"),
    [("times faster", "4.0 × faster [3.9–5.0]"), ("grown", "4.00 × as long [3.90–5.00]"), ("share", "400 %")],
)
def test_a_ratio_is_said_as_it_is_wanted(kind: str, words: str) -> None:
    assert said(kind, FOUND) == words


def test_the_ratio_is_the_median_of_the_rounds_not_of_the_sides() -> None:
    found = ratios([1.0, 2.0, 10.0], [4.0, 4.0, 50.0])
    assert (found["ratio"], found["low"], found["high"]) == (4.0, 2.0, 5.0)
    assert (found["ours"], found["peer"]) == (2.0, 4.0)


def test_every_line_names_a_benchmark_that_is_there() -> None:
    for *_, how in LINES:
        assert (REPOSITORY / "benchmarks" / f"{how.split()[0]}.py").is_file(), how
