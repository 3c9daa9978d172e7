"""The variants of staff turnover on one small municipality, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce import indicators
from tests.workforce.example import CUT, employed, post
from tests.workforce.indicators.worked import line, value

START = pd.Timestamp("2024-12-31")
# permanent at the start: stays, moves, quits, retires, leaves unknown, handed over (6); at the end: stays, moves, new,
# converted (4); mean 5
POSTS = [
    post("stays", "2010-01-01"),
    post("moves", "2010-01-01", "2025-05-31"),
    post("moves", "2025-06-01", unit="u2"),
    post("quits", "2010-01-01", "2025-03-31", unit="u2"),
    post("retires", "2010-01-01", "2025-06-30"),
    post("unknown", "2010-01-01", "2025-06-30"),
    post("handed over", "2010-01-01", "2025-06-30"),
    post("new", "2025-02-01"),
    post("temp", "2024-03-01", "2025-05-31", form="temporary"),
    post("temp2", "2025-03-01", "2025-10-31", form="temporary"),
    post("converted", "2024-03-01", "2025-04-30", form="temporary"),
    post("converted", "2025-05-01"),
]
EXITS = [
    ("quits", "2025-03-31", "resignation"),
    ("retires", "2025-06-30", "retirement"),
    ("handed over", "2025-06-30", "transfer"),
]


@pytest.fixture(scope="module")
def facts() -> pd.DataFrame:
    rows, ends = employed(POSTS, exits=EXITS)
    return indicators.turnover_variants(rows, ends, start=START, end=CUT, has_causes=True)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("turnover_own_excl_pension", 1 / 5),
        ("turnover_own_incl_pension", 2 / 5),
        ("turnover_external", 3 / 5),  # a transfer of undertaking is none
        ("turnover_internal", 1 / 6),
        ("turnover_replacement", 1 / 4),  # one began (a conversion is no beginning), three left
        # all forms: new and temp2 began, five left; monthly paid 8 at the start, 4 at the end
        ("turnover_state", 2 / 6),
    ],
)
def test_each_variant_has_its_own_numerator_and_denominator(facts: pd.DataFrame, name: str, expected: float) -> None:
    assert value(facts, name) == pytest.approx(expected)


def test_who_moved_left_the_department_but_not_the_municipality(facts: pd.DataFrame) -> None:
    assert line(facts, "turnover_internal", "d1")["numerator"] == 1
    assert line(facts, "turnover_external", "d1")["numerator"] == 2
    assert line(facts, "turnover_external", "d2")["numerator"] == 1
    # the mover counts to d1 at the start and to d2 at the end: (5 + 3) / 2
    assert line(facts, "turnover_external", "d1")["denominator"] == pytest.approx((5 + 3) / 2)


def test_when_more_began_than_left_the_state_counts_those_who_left() -> None:
    rows, ends = employed([post("old", "2010-01-01"), post("a", "2025-02-01"), post("b", "2025-02-01", "2025-06-30")])
    found = indicators.turnover_variants(rows, ends, start=START, end=CUT, has_causes=False)
    assert value(found, "turnover_state") == pytest.approx(1 / 1.5)
    assert not set(found["row"]) & {"turnover_own_excl_pension", "turnover_own_incl_pension"}
