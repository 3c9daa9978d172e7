"""Rows of the effect ledger: what is set aside and why, places with several codes, names that are removed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.extracts import read_delivery
from analysis.extracts.rows.rules import breaches
from analysis.reference import load
from analysis.tables.keys import Codes

ROW = {
    "measure": "A1", "name": "Scheman", "department": "d01|d02", "occupations": None,
    "start": pd.Timestamp("2025-01-01"), "until": pd.NaT, "indicator": "sick_leave",
    "direction": "lower", "smallest": 0.02, "owner": "HR", "registered": pd.Timestamp("2024-11-01"), "belongs": None,
}  # fmt: skip
UNITS = Codes(["d01", "d02", "f01"])


def found(*rows: dict[str, Any]) -> list[tuple[str, str, int]]:
    table = pd.DataFrame([ROW | row for row in rows])
    table["until"] = pd.to_datetime(table["until"])
    table["occupations"] = table["occupations"].astype("str").where(table["occupations"].notna(), None)
    broken = breaches(table, extracted=date(2025, 6, 1), units=UNITS, occupations=frozenset({"librarian"}))
    return [(why, column, int(place)) for why, column, mask in broken for place in table.index[mask]]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"indicator": "headcount"}, ("not_followed", "indicator")),
        ({"occupations": "nurse|trollkarl"}, ("unknown_occupation", "occupations")),
        ({"until": pd.Timestamp("2025-11-01")}, ("follow_up_too_short", "until")),
        ({"smallest": 2.0}, ("smallest_not_a_share", "smallest")),
        ({"registered": pd.Timestamp("2025-07-01")}, ("in_future", "registered")),
        ({"department": "d01|d99"}, ("unknown_unit", "department")),
    ],
)
def test_a_row_that_cannot_be_followed_is_set_aside_with_a_reason_in_both_languages(
    changes: dict[str, Any], why: tuple[str, str]
) -> None:
    assert found(changes) == [(*why, 0)]
    reason = next(entry for entry in load("reasons")["reason"] if entry["id"] == why[0])
    assert reason["sv"] != reason["en"]
    assert reason["do_sv"].endswith(".")


def test_what_may_be_is_left_alone() -> None:
    fine: list[dict[str, Any]] = [
        {}, {"measure": "A2", "occupations": "nurse|librarian"}, {"measure": "A3", "until": pd.Timestamp("2025-12-01")},
        {"measure": "A4", "indicator": "time_to_fill", "smallest": 20.0}, {"measure": "A5", "department": "f01"},
        {"measure": "A6", "department": "*"},
    ]  # fmt: skip
    assert found(*fine) == []


def test_of_two_rows_with_one_number_the_first_counts() -> None:
    assert found({}, {"name": "En till"}) == [("repeated_measure", "measure", 1)]


def test_the_samples_ledger_is_read_whole(mini_sample: Path) -> None:
    found = read_delivery(mini_sample, key=b"k" * 32)
    table = found.tables.read("measures")
    truth = pd.read_csv(mini_sample / "truth" / "measures.csv", keep_default_na=False)
    assert table["measure"].tolist() == truth["id"].tolist()
    assert table["indicator"].tolist() == truth["indicator"].tolist()
    assert table["smallest"].tolist() == pytest.approx(truth["smallest"].tolist())
    assert (table["start"].dt.strftime("%Y-%m") == truth["start"]).all()
    assert table["department"].fillna("").tolist() == truth["department"].tolist()


def test_the_bar_between_values_is_no_sign_of_a_wrong_code_page(mini_sample: Path) -> None:
    found = read_delivery(mini_sample, key=b"k" * 32)
    assert not [each for each in found.warnings if "verksamhetsplan.csv" in str(each) and "encoding" in str(each)]
    assert not [each for each in found.warnings if "atgarder.csv" in str(each)]
