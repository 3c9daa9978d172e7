"""What two editions together tell: corrections, cut-offs a month apart, merged and split departments."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from analysis.disclosure.editions import Former, beside_former
from analysis.disclosure.thresholds import Thresholds
from analysis.reference import policy
from analysis.stages.disclosure import former_of
from analysis.tables.protected import COLUMNS, KEYS, check_cells

LIMITS = Thresholds.of(policy(), "internal")
UNITS = {"exits": "persons", "qualified": "share", "sick_leave": "share", "turnover_series": "rate"}
KINDS = {"sick_leave": "health"}
Figure = tuple[str, str, str, float | None, float]
"""Table, department, row, value (None where it is withheld), persons in all."""


def cells(*figures: Figure, layer: str = "") -> pd.DataFrame:
    rows = [
        {
            "table": table, "department": department, "row": row, "column": "total", "layer": layer,
            "value": value, "low": None, "high": None, "n": None if value is None else n, "unit": UNITS[table],
            "status": "withheld" if value is None else "published", "reason": "few_persons" if value is None else "",
            "definition": "", "sensitivity": KINDS.get(table, "medium"),
        }
        for table, department, row, value, n in figures
    ]  # fmt: skip
    return check_cells(pd.DataFrame(rows, columns=list(COLUMNS)).astype(COLUMNS))


def after(
    before: pd.DataFrame, now: pd.DataFrame, *, months: tuple[str, str] = ("2025-12", "2025-12"),
    departments: tuple[str, str] = ("d1 d2", "d1 d2"),
) -> tuple[dict[tuple[str, str, str], float | None], int]:  # fmt: skip
    """Figures that are published after others, None where withheld, and how many are kept."""
    former = Former(before, frozenset(departments[0].split()), months[0])
    found, kept = beside_former(now, former, period=months[1], departments=departments[1].split(), thresholds=LIMITS)
    keys = found[["table", "department", "row"]].itertuples(index=False, name=None)
    values = [
        None if status == "withheld" else value for status, value in zip(found["status"], found["value"], strict=True)
    ]
    return dict(zip(keys, values, strict=True)), len(kept)


def test_one_person_s_corrected_row_changes_no_figure() -> None:
    before = cells(
        ("exits", "d1", "resignation", 9, 9), ("exits", "d1", "other", 12, 12), ("sick_leave", "d1", "total", 0.077, 40)
    )
    now = cells(
        ("exits", "d1", "resignation", 8, 8), ("exits", "d1", "other", 13, 13), ("sick_leave", "d1", "total", 0.111, 40)
    )
    found, kept = after(before, now)
    assert found == {
        ("exits", "d1", "resignation"): 9, ("exits", "d1", "other"): 12, ("sick_leave", "d1", "total"): 0.077,
    }  # fmt: skip
    assert kept == 3


def test_what_was_withheld_stays_withheld_when_one_row_is_corrected() -> None:
    # a leaver's changed cause would turn 4 into 5 and so tell both
    found, _ = after(cells(("exits", "d1", "other", None, 0)), cells(("exits", "d1", "other", 5, 5)))
    assert found == {("exits", "d1", "other"): None}


def test_a_correction_of_many_is_published() -> None:
    found, kept = after(cells(("exits", "d1", "other", 12, 12)), cells(("exits", "d1", "other", 20, 20)))
    assert (found, kept) == ({("exits", "d1", "other"): 20}, 0)


def test_a_share_changes_only_where_those_with_and_without_are_many() -> None:
    # one more of forty has a licence: those without it are one fewer
    found, _ = after(cells(("qualified", "d1", "total", 0.5, 40)), cells(("qualified", "d1", "total", 0.525, 40)))
    assert found == {("qualified", "d1", "total"): 0.5}
    found, _ = after(cells(("qualified", "d1", "total", 0.5, 40)), cells(("qualified", "d1", "total", 0.75, 40)))
    assert found == {("qualified", "d1", "total"): 0.75}


def test_a_share_that_stands_for_no_count_stands() -> None:
    # a mean error of a hundred groups moves by more than its threshold, whoever moved it
    found, kept = after(
        cells(("qualified", "d1", "total", 0.512, 999)), cells(("qualified", "d1", "total", 0.5333, 999))
    )
    assert (found, kept) == ({("qualified", "d1", "total"): 0.512}, 1)


def test_a_small_correction_is_not_the_whole_less_the_large_ones() -> None:
    before = cells(
        ("exits", "all", "other", 40, 40), ("exits", "d1", "other", 30, 30), ("exits", "d2", "other", 10, 10)
    )
    now = cells(("exits", "all", "other", 51, 51), ("exits", "d1", "other", 40, 40), ("exits", "d2", "other", 11, 11))
    found, _ = after(before, now)
    change = {key[1]: found[key] for key in found}
    # whole less the first department would leave the second's new figure
    assert change["all"] - change["d1"] != 11
    assert change["d2"] == 10


def test_a_month_later_no_cell_that_was_withheld_is_shown() -> None:
    months = ("2025-11", "2025-12")
    found, kept = after(cells(("exits", "d1", "other", None, 0)), cells(("exits", "d1", "other", 5, 5)), months=months)
    assert (found, kept) == ({("exits", "d1", "other"): None}, 0)
    later, _ = after(
        cells(("exits", "d1", "other", None, 0)), cells(("exits", "d1", "other", 5, 5)), months=("2024-12", "2025-12")
    )
    assert later == {("exits", "d1", "other"): 5}


def restated(small: float | None, merged: float) -> float | None:
    """What a merged department shows of a year when the small one was still alone, which then showed ``small``."""
    before = cells(("turnover_series", "d1", "2023-12", 0.1, 100), ("turnover_series", "d2", "2023-12", small, 30))
    now = cells(("turnover_series", "d1", "2023-12", merged / 130, 130))
    found, _ = after(before, now, months=("2024-12", "2025-12"), departments=("d1 d2", "d1"))
    return found["turnover_series", "d1", "2023-12"]


def test_a_merged_department_s_history_does_not_tell_the_small_one_s() -> None:
    assert restated(None, 13.0) is None  # three of thirty left, and were withheld
    assert restated(None, 18.0) is None  # eight were withheld to guard others
    assert restated(0.3, 19.0) == pytest.approx(19 / 130)  # nine of thirty were shown


def test_a_split_department_s_history_does_not_tell_the_new_one_s() -> None:
    before = cells(("turnover_series", "d1", "2023-12", 0.1, 130))
    now = cells(("turnover_series", "d1", "2023-12", 0.1, 100), ("turnover_series", "d2", "2023-12", None, 0))
    found, _ = after(before, now, months=("2024-12", "2025-12"), departments=("d1", "d1 d2"))
    assert found["turnover_series", "d1", "2023-12"] is None


def test_a_history_that_nobody_restated_stays_as_it_was() -> None:
    before = cells(("turnover_series", "d1", "2023-12", 0.1, 100))
    now = cells(("turnover_series", "d1", "2023-12", 0.11, 100))
    found, kept = after(before, now, months=("2024-12", "2025-12"))
    assert (found["turnover_series", "d1", "2023-12"], kept) == (0.1, 1)


def test_a_year_before_is_what_was_said_then() -> None:
    before = cells(("exits", "d1", "other", 9, 9))
    now = cells(("exits", "d1", "other", 10, 10), layer="year_before")
    found, kept = after(before, now, months=("2024-12", "2025-12"))
    assert (found["exits", "d1", "other"], kept) == (9, 1)


def test_equal_inputs_change_nothing() -> None:
    same = cells(("exits", "d1", "other", 9, 9), ("exits", "d1", "resignation", None, 0))
    former = Former(same, frozenset({"d1"}), "2025-12")
    found, kept = beside_former(same, former, period="2025-12", departments=["d1"], thresholds=LIMITS)
    pd.testing.assert_frame_equal(found, same)
    assert list(kept.columns) == list(KEYS)
    assert kept.empty


def test_the_build_before_is_read_from_its_protected_folder(tmp_path: Path) -> None:
    protected = tmp_path / "protected"
    protected.mkdir()
    cells(("exits", "d1", "other", 9, 9)).to_parquet(protected / "cells.parquet")
    pd.DataFrame({"key": ["all", "d1"]}).to_parquet(protected / "departments.parquet")
    (protected / "about.json").write_text(json.dumps({"period": "2025-12"}), encoding="utf-8")
    found = former_of(str(tmp_path))
    assert found is not None
    assert (found.period, found.departments) == ("2025-12", {"all", "d1"})
    assert former_of("") is None
