"""What a reader computes across tables of one edition: differences of variants, of columns, of a total and its part."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from analysis.disclosure.protect import protect
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.sections import shipped_plan
from analysis.tables.facts import facts
from analysis.tables.protected import ORGANISATION

LIMITS = Thresholds.of(policy(), "internal")
PERIOD, BEFORE = "2025-12", "2024-12"
Row = tuple[str, str, str, str, float, float]
"""Table, department, row, column, persons counted, persons in all."""


def shielded(rows: list[Row]) -> pd.DataFrame:
    every = facts(
        {
            "table": table, "department": department, "row": row, "column": column, "numerator": count,
            "denominator": base, "n": base, "value": count if table in ("exits", "outcome") else count / base,
            "unit": "persons" if table in ("exits", "outcome") else "share",
        }
        for table, department, row, column, count, base in rows
    )  # fmt: skip
    reported = sorted(set(every["department"]) - {ORGANISATION})
    return protect(every, plan=shipped_plan(), thresholds=LIMITS, reported=reported, period=PERIOD)


def status(cells: pd.DataFrame, table: str, row: str, column: str, department: str = "d1") -> str:
    mine = cells[(cells["table"] == table) & (cells["row"] == row) & (cells["column"] == column)]
    return str(mine.set_index("department")["status"][department])


CAUSES = {"resignation": 30, "retirement": 8, "contract_end": 14, "employer": 3, "other": 12, "unknown": 11}


def test_retirements_are_not_the_difference_of_turnover_with_and_without_pension() -> None:
    # 3 dismissals are withheld, and beside them a cause; where that is the 8 retirements, two rates must not tell them
    causes = [("exits", "d1", row, "total", float(count), 78.0) for row, count in CAUSES.items()]
    variants = [("incl", 38.0), ("excl", 30.0)]
    rates = [("definitions_turnover", "d1", f"turnover_own_{name}_pension", "now", n, 300.0) for name, n in variants]
    found = shielded([*causes, ("exits", "d1", "total", "total", 78.0, 78.0), *rates])
    assert status(found, "exits", "employer", "total") == "withheld"
    shown = {row: status(found, "exits", row, "total") != "withheld" for row in CAUSES}
    known = all(
        status(found, "definitions", f"turnover_own_{name}_pension", "now") != "withheld" for name, _ in variants
    )
    hidden = [row for row in CAUSES if not shown[row]]
    left = sum(CAUSES[row] for row in hidden)
    dismissed = {
        counts[hidden.index("employer")]
        for counts in product(range(left + 1), repeat=len(hidden))
        if sum(counts) == left and (not known or "retirement" not in hidden or counts[hidden.index("retirement")] == 8)
    }
    assert dismissed >= {1, 2, 3, 4}


def calibrated(groups: dict[str, tuple[int, int]]) -> list[Row]:
    """All leavers of a group and those on own request, of two hundred each."""
    return [
        ("calibration", "d1", row, column, float(count), 400.0 if row == "total" else 200.0)
        for row, pair in groups.items()
        for column, count in zip(("total", "resignation"), pair, strict=True)
    ]


@pytest.mark.parametrize("others", [1, 2, 4])
def test_leavers_for_other_causes_are_not_the_difference_of_two_columns(others: int) -> None:
    groups = {"total": (60, 40), "women": (30 + others, 30), "men": (30 - others, 10)}
    found = shielded(calibrated(groups))
    both = [all(status(found, "calibration", row, c) != "withheld" for c in ("total", "resignation")) for row in groups]
    # the other causes of women follow from their own row, and from the total less those of men
    assert not both[1]
    assert not (both[0] and both[2])


def test_other_causes_that_are_many_leave_both_columns_open() -> None:
    found = shielded(calibrated({"total": (60, 40), "women": (35, 25), "men": (25, 15)}))
    assert (found["status"] == "published").all()


@pytest.mark.parametrize(("came_and_went", "open_both"), [(0, True), (1, False), (2, False), (4, False), (6, True)])
def test_hired_and_gone_within_the_year_is_not_found_from_the_track_record(came_and_went: int, open_both: bool) -> None:
    causes = [("exits", "d1", "total", "total", 24.0, 24.0), ("exits", ORGANISATION, "total", "total", 90.0, 90.0)]
    outcome = [("outcome", "d1", BEFORE, "observed", 24.0 - came_and_went, 200.0)]
    found = shielded([*causes, *outcome])
    shown = status(found, "exits", "total", "total"), status(found, "track_record", BEFORE, "observed")
    assert (shown == ("published", "published")) == open_both
