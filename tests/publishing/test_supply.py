"""The gap's track record: whether the forecast came closer than the last value is said in words, a loss too."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publishing.exporter import render_page
from analysis.publishing.objects import Note, Table
from tests.publishing import fixture, notebooks
from tests.publishing.showing import show
from tests.publishing.test_card import text

CELLS = fixture.cells()


def record(**errors: float) -> pd.DataFrame:
    """Cells with the pooled errors a year ahead replaced."""
    frame = CELLS.copy()
    at = (frame["table"] == "gap_record") & (frame["row"] == "all") & (frame["layer"] == "1")
    for name, value in errors.items():
        frame.loc[at & (frame["column"] == f"{name}_error"), "value"] = value
    return frame


def shown(frame: pd.DataFrame = CELLS) -> Table:
    found = show("gap_record", fixture.report("all", frame=frame))
    assert isinstance(found, Table)
    return found


def page(frame: pd.DataFrame, language: str) -> str:
    return text(render_page(notebooks.run("organisation", fixture.report("all", frame=frame)), language))


def test_origins_a_year_ahead_come_first_then_every_horizon_pooled() -> None:
    rows = shown().rows
    heads = [getattr(row.head, "key", "all") for row in rows]
    assert list(zip(heads, (row.cells[0].value for row in rows), strict=True)) == [
        ("2023-12", 1), ("2024-12", 1), ("all", 1), ("all", 2),
    ]  # fmt: skip
    assert [row.cells[-1].id for row in rows] == [
        "gap_record.worse", "gap_record.equal", "gap_record.worse", "gap_record.better",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("error", "word"), [(0.51, "better"), (0.5341, "equal"), (0.568, "worse")], ids=["we win", "a draw", "we lose"]
)
def test_the_sentence_follows_the_printed_errors(error: float, word: str) -> None:
    said = [note.id for note in shown(record(forecast=error, model=error)).notes]
    assert said == [f"gap_record.forecast.{word}", f"gap_record.model.{word}", "gap_record.note"]


def test_the_forecast_may_win_while_the_model_alone_loses() -> None:
    said = [note.id for note in shown(record(forecast=0.51)).notes]
    assert said[:2] == ["gap_record.forecast.better", "gap_record.model.worse"]


def test_a_loss_stands_on_the_page_of_the_organisation_with_its_figures() -> None:
    swedish, english = page(CELLS, "sv"), page(CELLS, "en")
    assert "missat med 56,8 % av det som saknades, det senaste värdet med 53,4 %" in swedish
    assert "prognosen har varit sämre än att bara upprepa det senaste värdet" in swedish
    assert "Modellen ensam, som sidans gap bygger på, missade med 65,2 % mot 53,4 % : sämre" in swedish
    assert "the forecast has been worse than merely repeating the last value" in english
    assert "better than merely repeating" not in english


def test_a_win_is_said_as_plainly() -> None:
    frame = record(forecast=0.481, model=0.502)
    swedish, english = page(frame, "sv"), page(frame, "en")
    assert "missat med 48,1 % av det som saknades" in swedish
    assert "prognosen har varit bättre än att bara upprepa det senaste värdet" in swedish
    assert "sämre än det senaste värdet" not in swedish
    assert "the forecast has been better than merely repeating the last value" in english


def test_without_a_record_of_the_gap_the_page_says_so() -> None:
    found = show("gap_record", fixture.report("all", frame=CELLS[CELLS["table"] != "gap_record"]))
    assert isinstance(found, Note)
    assert found.text.id == "absent.gap_record"
