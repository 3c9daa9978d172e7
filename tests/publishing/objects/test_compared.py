"""What others have stands beside our figures honestly, and one measure is shown by each of its definitions."""

from __future__ import annotations

import re
from typing import Any

import pytest

from analysis.publishing.objects.atoms import Outside, Term, pack, unpack
from analysis.publishing.objects.stock import Trend
from analysis.publishing.pages.render import standalone
from analysis.publishing.words.locale import locale
from analysis.reference.phrases import LANGUAGES
from tests.publishing import fixture, others
from tests.publishing.showing import show

WORDS = re.compile(r"<[^>]+>")


def plain(html: str) -> str:
    return re.sub(r"\s+", " ", WORDS.sub(" ", html.replace("<wbr>", ""))).replace(" ,", ",").replace("\u00a0", " ")


def cards(language: str = "sv", **facts: Any) -> str:
    return plain(standalone(show("key_figures", fixture.report(facts=facts)), language))


def compared(text: str) -> int:
    """How many cards are compared with others."""
    return text.count("Andra kommuner") + text.count("Riktmärke")


def methods(language: str = "sv", **facts: Any) -> str:
    return standalone(show("definitions", fixture.report(facts=facts)), language)


def test_a_key_figure_shows_range_year_and_source_of_others() -> None:
    assert "Andra kommuner 6,6–12,5 % (Familjen Helsingborg, elva kommuner 2018, annan definition)" in cards()
    assert "6.6–12.5% (Familjen Helsingborg, eleven municipalities 2018, other definition)" in cards("en")


def test_a_figure_by_the_same_definition_carries_no_reservation() -> None:
    held = [others.outside("leaving_own_request", exact=True)]
    assert "(Familjen Helsingborg, elva kommuner 2018)" in cards(comparators=held)


def test_a_norm_is_labelled_as_a_norm() -> None:
    said = cards()
    assert "Riktmärke 25–30 (Piteå kommun 2022)" in said
    assert "Andra kommuner 25–30" not in said


def test_where_nothing_is_held_the_card_is_silent() -> None:
    assert compared(cards()) == 3  # not retirements and sick leave
    assert compared(cards(comparators=[])) == 0


def test_a_figure_that_does_not_hold_for_the_unit_is_no_comparison_on_either_screen() -> None:
    elsewhere = [others.outside("leaving_own_request", units=["d0201"])]
    assert compared(cards(comparators=elsewhere)) == 0
    assert "familjenhelsingborg.se" not in methods(comparators=elsewhere)
    here = [others.outside("leaving_own_request", units=["d0101"])]
    assert compared(cards(comparators=here)) == 1
    assert "familjenhelsingborg.se" in methods(comparators=here)


def test_a_figure_of_one_kind_of_work_stays_off_the_first_screen() -> None:
    held = [others.outside("leaving_own_request", first_screen=False)]
    assert compared(cards(comparators=held)) == 0
    assert "familjenhelsingborg.se" in methods(comparators=held)


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_an_unchanged_value_of_koladas_carries_its_name(language: str) -> None:
    source = {"sv": "Källa: Kolada", "en": "Source: Kolada"}[language]
    pure = others.outside("leaving_own_request", exact=True, kolada=True, value=0.087, low=None, high=None)
    assert source in cards(language, comparators=[pure])
    assert source not in methods(language, comparators=[])  # nor do our own figures by Kolada's definition
    reworked = pure | {"kolada": False, "source_sv": "egen bearbetning", "source_en": "own calculation"}
    assert "Kolada" not in cards(language, comparators=[reworked])


def test_a_measure_is_shown_by_each_definition_with_value_formula_and_reservation() -> None:
    html = methods()
    family = plain(html[html.index("<details") : html.index("</details>")])
    assert "Avgång på egen begäran: 4 definitioner" in family
    order = [
        "Avgång på egen begäran",
        "Avgångna november till november 11,4 %",
        "Egen begäran utan pension ej redovisat",
    ]
    order.append("Statens sätt att räkna saknas i leveransen")
    places = [family.index(words) for words in order]
    assert places == sorted(places)
    assert "Så räknas avgångna november till november. Avser: tillsvidareanställda. Tid: tolv månader." in family
    assert "Kan jämföras med: Kolada N00216." in family
    assert "8,7 %, 2024. Källa: Kolada, hämtad 2026-03-01." in family
    assert "6,6–12,5 %, 2018. Källa: familjenhelsingborg.se. Räknat med en annan definition." in family
    assert "jämförelse saknas" not in html


def test_a_withheld_figure_leaves_no_number_in_the_source() -> None:
    html = methods()
    place = html.index('data-cell="definitions/d0101/turnover_own_excl_pension/now"')
    assert 'data-status="withheld"' in html[place : place + 120]
    assert "<data" not in html[place - 60 : place]


def test_the_local_figure_is_the_one_that_the_page_shows_elsewhere() -> None:
    report = fixture.report()
    family = show("definitions", report).families[0]
    assert family.definitions[0].now == report.cell("turnover_series", "2025-12", "own_request")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_definition_of_the_edition_is_in_the_method_section_in_its_language(language: str) -> None:
    said, other = methods(language), "en" if language == "sv" else "sv"
    for entry in fixture.about()["definitions"]:
        assert entry[f"formula_{language}"][1:] in plain(said)
        assert entry[f"formula_{other}"][1:] not in plain(said)


def test_a_definition_alone_is_no_family() -> None:
    shown = show("definitions", fixture.report())
    assert [family.n.n for family in shown.families] == [4]
    assert [item.name.sv for item in shown.definitions] == ["Andel med legitimation"]


def test_a_definition_alone_shows_its_figure_where_the_page_has_one() -> None:
    alone = others.definition("qualified", "andel behöriga", "share qualified", source="analysis 2025-1")
    place = {"table": "key_figures", "row": "qualified", "column": "now"}
    assert "44,2 %" not in plain(methods(definitions=[alone]))
    said = plain(methods(definitions=[alone | {"cell": place}]))
    assert "Andel behöriga 44,2 %" in said
    assert "Definition enligt: egen definition 2025-1." in said


CHANGED = {"breaks": [{"definition": "leaving_own_request", "since": "2024-01-01"}]}


def test_a_changed_definition_is_marked_in_series_and_methods() -> None:
    trend = show("turnover", fixture.report(facts=CHANGED))
    assert isinstance(trend, Trend)
    assert [month.key for month in trend.breaks] == ["2024-04"]
    html = standalone(trend, "sv")
    assert html.count("ny definition") >= 2  # both drawings
    assert "Definitionen gäller från 1 januari 2024" in plain(html)
    assert "Ändrad sedan förra utgåvan, gäller från 1 januari 2024" in plain(methods(**CHANGED))


def test_no_line_is_drawn_across_a_change_of_definition() -> None:
    whole = standalone(show("turnover", fixture.report()), "sv")
    broken = standalone(show("turnover", fixture.report(facts=CHANGED)), "sv")
    assert "ny definition" not in whole
    assert broken.count("<polyline") + broken.count("<path") > whole.count("<polyline") + whole.count("<path")


def test_a_change_before_the_series_is_told_but_not_drawn() -> None:
    early = {"breaks": [{"definition": "leaving_own_request", "since": "2019-01-01"}]}
    trend = show("turnover", fixture.report(facts=early))
    assert isinstance(trend, Trend)
    assert (trend.breaks, len(trend.notes)) == ((), 1)


def test_digits_of_others_are_those_of_their_source() -> None:
    figure = Outside("x", "share", 1, 0.7236, 0.652, 0.76225)
    assert locale("sv").outside(figure) == ("72,4\u00a0%", "72.4")
    assert locale("en").outside(figure, "range") == ("65.2–76.2%", "65.2/76.2")
    assert unpack(pack(Term("compare.same", {"figure": figure}))).args["figure"] == figure
