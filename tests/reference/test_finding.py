"""Definitions are found by what people call them, and the list fits a terminal."""

from __future__ import annotations

import pytest

from analysis.errors import InputError
from analysis.reference import definitions
from analysis.reference.finding import groups, search
from analysis.reference.listing import listing


def test_every_measure_has_a_group_and_every_pattern_a_measure() -> None:
    measures = {entry["measure"] for entry in definitions().values()}
    assert [each for each in sorted(measures) if not any(group.holds(each) for group in groups())] == []
    for group in groups():
        for pattern in group.measures:
            alone = type(group)(group.sv, group.en, (pattern,), ())
            assert any(alone.holds(each) for each in measures), f"{group.en}: {pattern} fits no measure"


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("words", ["", "chefer"])
def test_the_list_fits_eighty_columns_and_is_grouped(language: str, words: str) -> None:
    lines = listing(language, search_for=words).splitlines()
    assert max(map(len, lines)) <= 80
    titles = {getattr(group, language) for group in groups()}
    heads = [line for line in lines[2:] if line and not line.startswith(" ")]
    assert set(heads) & titles


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("sjukfrånvaro", "sick_leave"), ("sjukfranvaro", "sick_leave"), ("Sick leave", "n00090"),
        ("personalomsättning", "leaving_own_request"), ("turnover", "n00216"), ("attrition", "exits_total"),
        ("övertid", "overtime_share"), ("medarbetarenkät", "u00200"), ("n00216", "n00216"), ("årsarbetare", "n00098"),
        ("legitimation", "taught_qualified"), ("vakanser", "vacancies_open"), ("lönegap", "pay_gap"),
    ],
)  # fmt: skip
def test_what_people_call_things_finds_them(said: str, found: str) -> None:
    held = search(said)
    assert found in held
    assert len(held) < len(definitions()) / 3


def test_what_is_called_so_stands_before_what_is_near_it() -> None:
    assert search("övertid")[0] == "overtime_share"


def test_every_word_must_fit() -> None:
    women = search("sjukfrånvaro kvinnor")
    assert women
    assert set(women) < set(search("sjukfrånvaro"))


def test_where_nothing_is_found_the_nearest_word_is_named() -> None:
    with pytest.raises(InputError, match=r"no indicator is called 'sjukfronvaro'; did you mean sjukfranvaro\?"):
        search("sjukfronvaro")
    with pytest.raises(InputError, match="lists all"):
        search("xyzzy")
