"""The section on why people leave: what it says, and what it never does."""

from __future__ import annotations

import re

import pytest

from analysis.publishing.objects.funnel import Funnel
from analysis.publishing.objects.stock import Bars, Note, Several, Table
from analysis.publishing.pages.render import html
from analysis.publishing.views import funnel
from analysis.publishing.words.locale import locale
from analysis.reference.phrases import LANGUAGES
from tests.publishing import fixture
from tests.publishing.showing import show

SV = locale("sv")


def words(shown: object, language: str = "sv") -> str:
    return re.sub(r"<[^>]+>", "", html(shown, locale(language), "p")).replace("\u00a0", " ")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("department", "said"),
    [
        ("d0101", "Skillnaden ryms inom vad slumpen brukar ge."),
        ("d0102", "Det är klart fler än slumpen ger."),
        ("d0201", "Skillnaden ryms inom vad slumpen brukar ge."),
    ],
)
def test_a_department_reads_its_own_place_in_one_sentence(department: str, said: str) -> None:
    shown = show("funnel", fixture.report(department))
    assert isinstance(shown, Funnel)
    assert [point.department.key for point in shown.points] == [department]
    assert said in words(shown)


def test_the_organisation_shows_departments_in_its_own_order_and_ranks_none() -> None:
    shown = show("funnel", fixture.report("all"))
    assert isinstance(shown, Funnel)
    assert [point.department.key for point in shown.points] == ["d0101", "d0102", "d0201"]
    assert "1 av 3 visade avdelningar ligger utanför gränsen 99,8 procent." in words(shown)


def test_a_point_is_named_beside_the_limits_by_its_printed_digits() -> None:
    shown = show("funnel", fixture.report("all"))
    assert isinstance(shown, Funnel)
    assert [funnel.place(point) for point in shown.points] == [("inside", ""), ("above", "998"), ("inside", "")]


def test_a_withheld_department_is_not_a_point_and_is_counted() -> None:
    frame = fixture.cells()
    hide = (frame["table"] == "funnel") & (frame["department"] == "d0201")
    frame.loc[hide, ["value", "low", "high", "n"]] = float("nan")
    frame.loc[hide, ["status", "reason"]] = "withheld", "few_persons"
    shown = show("funnel", fixture.report("all", frame=frame))
    assert isinstance(shown, Funnel)
    assert len(shown.points) == 2
    assert "1 avdelning är ej redovisad." in words(shown)
    assert isinstance(show("funnel", fixture.report("d0201", frame=frame)), Note)


def test_what_cannot_be_told_from_chance_is_said_to_be_just_that() -> None:
    shown = show("drivers", fixture.report())
    assert isinstance(shown, Several)
    bars = shown.items[0]
    assert isinstance(bars, Bars)
    assert [SV.show(bar.label) for bar in bars.bars] == ["ålder", "lön jämfört med yrkets median"]
    assert "Inget samband som går att skilja från slumpen, när det övriga är känt: hel- eller deltid." in words(bars)


def test_the_organisation_sees_every_cause_and_where_nothing_is_clear() -> None:
    shown = show("drivers", fixture.report("all"))
    assert isinstance(shown, Several)
    table = shown.items[1]
    assert isinstance(table, Table)
    text = words(table)
    assert "inget tydligt" in text
    assert "används inte" in text
    assert "270,0 % (200,0–340,0)" in text


def test_rates_by_value_carry_their_interval_and_name_their_bands() -> None:
    shown = show("patterns", fixture.report())
    assert isinstance(shown, Several)
    text = words(shown.items[0])
    assert "Väntade avgångar: på egen begäran, efter ålder" in text
    assert "12,0 % (10,8–13,2)" in text
    assert "30–39 år" in text


def test_the_exit_survey_stands_with_response_rate_and_disagreement() -> None:
    shown = show("exit_survey", fixture.report())
    text = words(shown)
    assert "55,0 % av dem som slutade under tolv månader har svarat." in text
    assert "I 11,0 % av svaren talar skälet för en annan orsak" in text
    assert "Skäl som inte står här är ej redovisade." in text
    assert "Pension" not in text


def test_too_few_answers_give_a_quiet_line_and_no_chart() -> None:
    frame = fixture.cells()
    for reason in ("pay", "workload", "development"):
        frame = fixture.silence(frame, "exit_reasons", reason)
    assert isinstance(show("exit_survey", fixture.report(frame=frame)), Note)


def test_a_group_whose_interval_leaves_the_whole_outside_is_named() -> None:
    shown = show("calibration", fixture.report("all"))
    assert isinstance(shown, Table)
    assert "Skiljer sig från helheten mer än slumpen brukar ge: män." in words(shown)
    assert "Kön ingår inte i prognosen." in words(shown)


@pytest.mark.parametrize("gone", ["funnel", "drivers", "driver_patterns", "exit_reasons", "calibration"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_delivery_lacks_is_one_quiet_line(gone: str, language: str) -> None:
    report = fixture.report(frame=fixture.without(fixture.cells(), gone))
    build = {
        "funnel": "funnel", "drivers": "drivers", "driver_patterns": "patterns",
        "exit_reasons": "exit_survey", "calibration": "calibration",
    }[gone]  # fmt: skip
    shown = show(build, report)
    assert isinstance(shown, Note)
    assert len(words(shown, language)) > 20


def test_the_funnel_is_drawn_from_printed_digits_with_a_table_and_an_alt_text() -> None:
    shown = show("funnel", fixture.report("d0102"))
    assert isinstance(shown, Funnel)
    view = funnel.view(shown, SV, "p")
    assert "1,63" in view["alt"]
    assert len(view["grid"].rows) == 1
    assert str(view["drawing"]).count("<svg") == 2
