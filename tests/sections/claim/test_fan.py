"""The fan of empty posts: history and forecast in one picture, drawn and told from the same printed digits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from analysis.publishing.drawings.charts import NARROW, WIDE
from analysis.publishing.objects.fan import Fan
from analysis.publishing.pages.render import html
from analysis.publishing.views import fan as view
from analysis.publishing.words.locale import locale
from analysis.publishing.words.rounding import printed
from analysis.sections.claim.fan import fan_facts
from tests.publishing import fixture
from tests.publishing.showing import show
from tests.sections.claim.test_verdict import CELLS, last_value


def shown(frame: pd.DataFrame = CELLS, department: str = "d0101") -> Fan:
    found = show("fan", fixture.report(department, frame=frame))
    assert isinstance(found, Fan)
    return found


def test_history_ends_where_the_forecast_begins() -> None:
    found = shown()
    assert [point.month.key for point in found.past] == ["2022-12", "2023-12", "2024-12", "2025-12"]
    assert [row.month.key for row in found.ahead] == [f"{year}-12" for year in range(2026, 2031)]


def test_what_stands_empty_today_and_next_year_are_the_bridge_s_own_figures() -> None:
    found, bridge = shown(), show("bridge", fixture.report())
    opening = next(step.cell for step in bridge.steps if step.cell.row == "opening")
    assert printed(found.past[-1].cell).value == printed(opening, None).value.to_integral_value()
    assert found.ahead[0].expected == bridge.empty.cell


def test_the_inner_band_lies_within_the_outer_one() -> None:
    for row in shown().ahead:
        half, whole = printed(row.half), printed(row.expected)
        assert whole.low <= half.low <= whole.value <= half.high <= whole.high


@pytest.mark.parametrize(
    ("end", "word"), [((3.0, 4.0, 6.0), "fewer"), ((10.0, 15.0, 18.0), "same"), ((20.0, 30.0, 40.0), "more")]
)
def test_the_title_says_the_finding_in_at_most_ten_words(end: tuple[float, float, float], word: str) -> None:
    frame = CELLS.copy()
    at = (frame["table"] == "fan") & (frame["row"] == "2030") & (frame["column"] == "half")
    frame.loc[at, ["low", "value", "high"]] = end
    title = shown(frame).title
    assert title.id == f"fan.title.{word}"
    for language in ("sv", "en"):
        assert len(locale(language).text(title).split()) <= 10


def test_where_the_last_value_is_shown_the_title_says_so() -> None:
    assert shown(last_value()).title.id == "fan.title.last"


def test_too_few_points_and_a_withheld_forecast_give_no_picture() -> None:
    year = (CELLS["table"] == "fan") & ~CELLS["row"].isin(["2025", "2026"])
    assert show("fan", fixture.report(frame=CELLS[~year])) is None
    assert show("fan", fixture.report(frame=fixture.silence(CELLS, "bridge", "empty"))) is None
    assert show("fan", fixture.report(frame=fixture.without(CELLS, "fan"))) is None


def test_alt_text_and_table_hold_what_the_picture_shows() -> None:
    told = view.view(shown(), locale("sv"), "p")
    assert "14 december 2025" in told["alt"].replace("\u00a0", " ").replace(" och ", " ")
    assert "Väntat december 2026: 51 (34–68), varannan gång 43–60." in told["alt"].replace("\u00a0", " ")
    assert len(told["grid"].rows) == 9
    assert "<svg" in html(shown(), locale("en"), "p", level=2)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_labels_stay_on_the_drawing_and_apart(width: int) -> None:
    words = {"today": "43 i dag", "end": "39 i december 2030", "four_in_five": "8 av 10", "half": "hälften"}
    bands = tuple((30.0, 50.0) for _ in range(5))
    drawing = view.Drawing(tuple(range(2017, 2031)), (31.0,) * 9, (39.0,) * 5, bands, bands, words)
    canvas = view.draw(drawing, width, lambda tick: f"{tick:g}")
    labelled = view._labelled(drawing.years, 2025, narrow=width == NARROW)
    assert 2025 in labelled
    assert len(labelled) <= view.MOST_LABELS
    svg = canvas.svg("p", "wide")
    assert svg.count("var(--c-fan)") == svg.count("var(--c-fancore)") >= 1


def test_facts_hold_history_and_the_inner_band() -> None:
    nan = float("nan")
    fan = pd.DataFrame(
        [
            ("d1", 2025, 4.0, nan, nan, nan, nan, nan, "", 90.0),
            ("d1", 2026, nan, 3.0, 1.0, 2.0, 4.0, 6.0, "blend", 90.0),
        ],
        columns=["department", "year", "observed", "expected", "p10", "p25", "p75", "p90", "method", "n"],
    )
    made = fan_facts(fan).set_index(["row", "column"])
    assert made.loc[("2025", "observed"), "value"] == 4
    assert np.array_equal(made.loc[("2026", "half"), ["low", "value", "high"]].astype(float), [2, 3, 4])
    assert len(made) == 2
