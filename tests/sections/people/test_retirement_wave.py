"""The retirement wave: its facts, its bars, and its first three years beside the key figure."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from analysis.publishing.objects.stock import Bars, Note
from analysis.sections.people.retirement_wave import wave_facts
from tests.publishing import fixture
from tests.publishing.showing import show

YEARS = ("2026", "2027", "2028", "2029", "2030")


def wave(year: str, value: float, **rest: Any) -> dict[str, Any]:
    return fixture.cell("retirement_wave", year, value=value, low=value * 0.7, high=value * 1.4, **rest)


def report(*cells: dict[str, Any], three: float | None = 31.2, definition: str = "pension_3y"):
    usual = fixture.cells()
    usual = usual[~((usual["table"] == "key_figures") & (usual["row"] == "pension_3y") & (usual["column"] == "now"))]
    figure = fixture.cell("key_figures", "pension_3y", "now", three, definition=definition)
    return fixture.report(frame=pd.concat([usual, pd.DataFrame([figure, *cells])], ignore_index=True))


def notes(shown: Bars) -> list[str]:
    return [note.id for note in shown.notes]


def test_facts_hold_a_row_per_year_with_interval_and_those_in_post() -> None:
    table = pd.DataFrame(
        {"department": ["d1", "d1", "all"], "year": [2026, 2027, 2026], "expected": [3.2, 4.1, 9.0],
         "low": [1.0, 2.0, 5.0], "high": [6.0, 7.0, 14.0], "n": [80.0, 80.0, 300.0]}
    )  # fmt: skip
    made = wave_facts(table).set_index(["department", "row"])
    assert made.loc[("d1", "2027"), ["value", "low", "high", "n"]].tolist() == [4.1, 2.0, 7.0, 80.0]
    assert set(made["unit"]) == {"persons"}
    assert set(made["table"]) == {"retirement_wave"}


def test_years_stand_in_their_order_whatever_the_order_of_the_cells() -> None:
    shown = show("retirement_wave", report(*(wave(year, 10.0) for year in reversed(YEARS))))
    assert isinstance(shown, Bars)
    assert [bar.label.key for bar in shown.bars] == list(YEARS)
    assert all(bar.cell.has_interval for bar in shown.bars)


@pytest.mark.parametrize(
    ("values", "three", "said"),
    [
        ((10.1, 10.9, 10.2), 31.2, "retirement_wave.sum"),  # 10 + 11 + 10 = 31
        ((10.4, 10.4, 10.4), 31.2, "retirement_wave.rounded"),  # 10 + 10 + 10, and 31 is printed
        ((10.6, 10.6, 10.0), 31.2, "retirement_wave.rounded"),  # 11 + 11 + 10
    ],
)
def test_the_first_three_years_are_the_key_figure_or_it_is_explained(
    values: tuple[float, ...], three: float, said: str
) -> None:
    cells = [wave(year, value) for year, value in zip(YEARS, (*values, 8.0, 7.0), strict=True)]
    assert notes(show("retirement_wave", report(*cells, three=three))) == [said]


@pytest.mark.parametrize(("three", "definition"), [(31.2, "age_55"), (None, "pension_3y")])
def test_another_key_figure_is_not_mentioned(three: float | None, definition: str) -> None:
    cells = [wave(year, 10.0) for year in YEARS]
    assert notes(show("retirement_wave", report(*cells, three=three, definition=definition))) == []


def test_a_group_too_small_is_one_quiet_line_and_without_a_wave_there_is_nothing() -> None:
    hidden = [fixture.withheld("retirement_wave", year) for year in YEARS]
    assert isinstance(show("retirement_wave", report(*hidden)), Note)
    assert show("retirement_wave", report()) is None
