"""The trust box judges the headline: what it said last, what happened, how often intervals held, and what is shown."""

from __future__ import annotations

import pandas as pd
import pytest

from analysis.publishing.words.locale import locale
from tests.publishing import fixture
from tests.publishing.showing import show
from tests.sections.claim.test_verdict import CELLS, last_value


def said(frame: pd.DataFrame = CELLS, language: str = "sv", department: str = "d0101") -> dict[str, list[str]]:
    """What stands beside each head of the trust box."""
    words = locale(language)
    rows = show("trust", fixture.report(department, frame=frame)).rows
    return {row.head.id: [words.show(item).replace("\u00a0", " ") for item in row.cells] for row in rows}


def test_both_last_forecasts_stand_beside_their_outcomes_and_say_when_they_missed() -> None:
    assert said()["trust.headline"] == [
        "Till december 2025 väntades 104 (92–117) behöva besättas; det blev 111, inom intervallet.",
        "9 (4–13) väntades stå tomma; det blev 14, utanför intervallet.",
    ]
    assert "outside the interval" in said(language="en")["trust.headline"][1]


def test_the_printed_ends_of_the_interval_decide() -> None:
    frame = CELLS.copy()
    at = (frame["table"] == "empty_outcome") & (frame["column"] == "observed") & (frame["department"] == "d0101")
    frame.loc[at, "value"] = 13.4  # printed 13, which is the upper end
    assert said(frame)["trust.headline"][1].endswith("inom intervallet.")


def test_coverage_stands_beside_its_target() -> None:
    assert "75 %" in said()["trust.coverage"][0]
    assert said()["trust.coverage"][0].endswith("Målet är 80 %.")


def test_the_method_that_is_shown_is_named_with_how_often_it_has_lost() -> None:
    assert said()["trust.method"] == [
        "Tomma tjänster är en sammanvägning av det senaste värdet, takten och tidigare år. Prognosernas fel: 24 %, mot "
        "29 % om det senaste värdet upprepas; större än så i 2 av 6 prognoser."
    ]


def test_where_the_last_value_is_shown_the_box_says_so() -> None:
    told = said(last_value())["trust.method"][0]
    assert told.startswith("Tomma tjänster är det senaste värdet: ingen sammanvägning har träffat bättre.")
    assert "trust.method.alone" in str(show("trust", fixture.report(frame=fixture.without(CELLS, "posts_record"))))


def test_a_page_without_what_stays_empty_has_no_method_of_it() -> None:
    bare = fixture.without(CELLS, "posts_record", "need_outcome", "empty_outcome", "bridge")
    assert not {"trust.method", "trust.headline", "trust.coverage"} & set(said(bare))


def test_the_leavers_record_stands_in_for_a_headline_that_nobody_has_judged() -> None:
    assert "trust.last" not in said()
    bare = said(fixture.without(CELLS, "need_outcome", "empty_outcome"))
    assert bare["trust.last"][0].endswith("104 gjorde det. 75 % av avdelningarnas prognoser höll.")


@pytest.mark.parametrize("department", ["d0101", "d0102", "all"])
def test_what_the_edition_before_said_of_the_same_month_is_told(department: str) -> None:
    previous = CELLS[(CELLS["table"] == "bridge") & (CELLS["layer"] == "reference")].assign(layer="previous")
    frame = pd.concat([CELLS, previous], ignore_index=True)
    assert "behövde besättas till december 2026" in said(frame, department=department)["trust.previous"][0]
    assert "trust.previous" not in said(department=department)
