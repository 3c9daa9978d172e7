"""Leavers: one number of who retires, and how many of those who left were in post when the year began."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publishing.words.locale import locale
from analysis.sections.people.leavers import from_the_wave
from tests.publishing import fixture
from tests.publishing.showing import show

KEYS = ["expected", "low", "high"]


def forecast() -> pd.DataFrame:
    rows = [
        ("d1", "retirement", 25.0, 17.0, 34.0), ("d1", "resignation", 70.0, 60.0, 80.0),
        ("d1", "total", 95.0, 80.0, 110.0), ("d2", "retirement", 5.0, 2.0, 9.0), ("d2", "total", 5.0, 2.0, 9.0),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["department", "cause", *KEYS]).assign(occupation="total", n=300.0)


def wave() -> pd.DataFrame:
    rows = [("d1", 2026, 23.0, 15.0, 32.0), ("d1", 2027, 22.0, 14.0, 31.0)]
    return pd.DataFrame(rows, columns=["department", "year", *KEYS]).assign(n=300.0)


def test_retirement_is_the_first_year_of_the_wave_and_the_total_moves_with_it() -> None:
    found = from_the_wave(forecast(), wave()).set_index(["department", "cause"])
    assert found.loc[("d1", "retirement"), KEYS].tolist() == [23.0, 15.0, 32.0]
    assert found.loc[("d1", "total"), KEYS].tolist() == [93.0, 78.0, 108.0]
    assert found.loc[("d1", "resignation"), KEYS].tolist() == [70.0, 60.0, 80.0]
    parts = found.loc[[("d1", "retirement"), ("d1", "resignation")], "expected"].sum()
    assert parts == pytest.approx(found.loc[("d1", "total"), "expected"])


def test_a_department_without_a_wave_keeps_its_forecast() -> None:
    found = from_the_wave(forecast(), wave())
    before = forecast()
    pd.testing.assert_frame_equal(found[found["department"] == "d2"], before[before["department"] == "d2"])


def in_post(held: float) -> list[str]:
    """What the page says where so many of those who left had been in post; 104 left."""
    frame = fixture.cells()
    at = (frame["table"] == "track_record") & (frame["row"] == "2024-12") & (frame["column"] == "observed")
    frame.loc[at & (frame["department"] == "d0101"), "value"] = held
    notes = show("leavers", fixture.report(frame=frame)).notes
    return [locale("sv").text(note).replace("\u00a0", " ") for note in notes if note.id == "leavers.note.in_post"]


def test_the_page_says_how_many_of_those_who_left_had_been_in_post() -> None:
    assert in_post(88.0) == [
        "Av de 104 som slutade var 88 i tjänst i december 2024; de övriga började och slutade under året."
    ]


def test_where_all_of_them_had_been_there_is_no_such_note() -> None:
    assert in_post(104.0) == []
