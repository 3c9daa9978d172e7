"""HME by Kolada's order of averaging, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.workforce import indicators
from tests.workforce.example import CUT, table
from tests.workforce.indicators.worked import UNITS, line, value


def survey(rows: list[tuple[str, str, str, int, int, float | None]], held: str = "2025-10-01") -> pd.DataFrame:
    columns = ["unit", "survey", "question", "offered", "answers", "mean"]
    frame = table("survey", [dict(zip(columns, row, strict=True)) | {"held": held} for row in rows])
    return frame.astype({"offered": "Int64", "answers": "Int64"})


def test_the_statement_comes_first_so_that_item_non_response_weighs_each_statement_alike() -> None:
    # ten answered eight statements with 4; two of them answered the ninth, with 2
    rows = [("u1", "hme", f"hme_{n}", 12, 10, 4.0) for n in range(1, 9)] + [("u1", "hme", "hme_9", 12, 2, 2.0)]
    facts = indicators.hme(survey(rows), UNITS, at=CUT)
    # statements: eight of 75 and one of 25; respondents' means would give 73.3 (eight of 75, two of 69.4 …)
    assert value(facts, "u00200") == pytest.approx((8 * 75 + 25) / 9)
    assert value(facts, "u00203") == pytest.approx((75 + 75 + 25) / 3)
    assert value(facts, "u00201") == value(facts, "u00202") == pytest.approx(75)
    assert line(facts, "u00200")["n"] == 2, "the statement with the fewest answers decides what may be shown"
    assert line(facts, "u00201")["n"] == 10


def test_units_are_weighted_by_their_answers_and_the_rate_by_persons_asked() -> None:
    rows = [("u1", "hme", f"hme_{n}", 40, 30, 5.0) for n in range(1, 10)]
    rows += [("u2", "hme", f"hme_{n}", 20, 10, 1.0) for n in range(1, 10)]
    facts = indicators.hme(survey(rows), UNITS, at=CUT)
    assert value(facts, "u00200") == pytest.approx(75)
    assert value(facts, "u00200", "d2") == 0
    assert value(facts, "u00308") == pytest.approx(75)
    assert value(facts, "n00898") == pytest.approx(40 / 60)


def test_a_statement_that_was_not_asked_leaves_its_index_missing() -> None:
    facts = indicators.hme(survey([("u1", "hme", f"hme_{n}", 20, 15, 4.0) for n in range(1, 9)]), UNITS, at=CUT)
    assert pd.isna(value(facts, "u00200"))
    assert pd.isna(value(facts, "u00203"))
    assert value(facts, "u00201") == pytest.approx(75)


def test_only_the_latest_survey_up_to_the_period_counts() -> None:
    rows = [("u1", "hme", f"hme_{n}", 20, 15, 4.0) for n in range(1, 10)]
    later = [(*row[:5], 1.0) for row in rows]
    both = pd.concat([survey(rows), survey(later, held="2026-02-01")], ignore_index=True)
    assert value(indicators.hme(both, UNITS, at=CUT), "u00200") == pytest.approx(75)
