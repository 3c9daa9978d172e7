"""The words by which tables, columns and values are known: whole, and about what exists."""

from __future__ import annotations

import pytest

from analysis.extracts.proposing.words import (
    column_words,
    file_words,
    header_likeness,
    likeness,
    meaning,
    value_words,
    words,
)
from analysis.reference import load
from analysis.tables.clean import TABLES


def test_words_are_given_for_tables_and_columns_that_exist() -> None:
    headers = load("headers")
    assert set(headers) - {"edition", "source", "common"} <= set(TABLES)
    columns = {column for table in TABLES.values() for column in table}
    assert set(headers["common"]) <= columns
    for table in TABLES:
        assert set(headers.get(table, {}).get("columns", {})) <= set(TABLES[table])


@pytest.mark.parametrize("table", TABLES)
def test_every_required_column_is_known_by_more_than_its_own_name(table) -> None:
    assert file_words(table)
    for name, column in TABLES[table].items():
        if column.required:
            assert len(column_words(table)[name]) >= 2, name


def test_value_words_lead_to_values_that_are_allowed_and_never_to_two() -> None:
    reference = {key: entry for key, entry in load("value_words").items() if isinstance(entry, dict)}
    for key, entry in reference.items():
        name = key.split(".")[-1]
        tables = [key.split(".")[0]] if "." in key else [each for each in TABLES if name in TABLES[each]]
        for table in tables:
            allowed = TABLES[table][name].allowed
            assert not allowed or set(entry) <= set(allowed)
        folded = [word for known in entry.values() for word in {"".join(words(each)) for each in known}]
        assert len(folded) == len(set(folded)), key


@pytest.mark.parametrize(("header", "name"), [("Tjg.grad %", "rate"), ("Anställd fr.o.m.", "hired")])
def test_headers_of_lists_of_everyone_employed_are_known(header, name) -> None:
    known = column_words("snapshots")
    assert max(known, key=lambda each: header_likeness(header, known[each])) == name
    assert header_likeness(header, known[name]) == 1.0


@pytest.mark.parametrize(
    ("header", "known"),
    [
        ("Fr.o.m.", "fr o m"),
        ("HIRE_DT", "hire dt"),
        ("HireDate", "hire date"),
        ("KÖN", "kön"),
        ("Syss.grad (%)", "syss grad"),
    ],
)
def test_case_punctuation_and_units_make_no_difference(header, known) -> None:
    assert likeness(words(header), words(known)) == 1.0


@pytest.mark.parametrize(
    ("header", "known"),
    [("Kostn.ställe", "kostnadsställe"), ("Anst.form", "anställningsform"), ("Befattn.", "befattning")],
)
def test_abbreviations_are_nearly_as_good(header, known) -> None:
    assert 0.85 <= likeness(words(header), words(known)) < 1.0


def test_short_words_that_look_alike_are_not_taken_for_each_other() -> None:
    assert likeness(words("lön"), words("kön")) == 0.0


def test_a_reason_is_understood_when_spelt_nearly_so_and_never_guessed() -> None:
    known = value_words("exits", "cause")
    assert meaning("Egen begäran", known) == ("resignation", 1.0)
    assert meaning("Ålderspensjon", known) == ("retirement", 0.85)
    assert meaning("Uppsägning", known) is None
    assert meaning("1", known) is None
