"""Who a row is about: personnummer as the law writes them, pseudonyms, masks and keys."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.extracts.persons import identity
from analysis.extracts.persons.personnummer import read_personnummer
from benchmarks.ingestion import DAYS, official_series

EXTRACTED = date(2026, 1, 7)
OFFICIAL = Path(__file__).resolve().parents[4] / "shared" / "data" / "testpersonnummer"


def official(test):
    absent = "the official test numbers are not beside the repository"
    return pytest.mark.realdata(pytest.mark.skipif(not OFFICIAL.is_dir(), reason=absent)(test))


def one(raw, extracted=EXTRACTED):
    return read_personnummer(pd.Series([raw], dtype="str"), extracted=extracted).iloc[0]


# numbers below are official test numbers or cases of the cross-language test data (personnummer/meta)
@pytest.mark.parametrize(
    ("raw", "number", "month", "sex"),
    [
        ("198507099805", "198507099805", "1985-07-01", "F"),
        ("8507099805", "198507099805", "1985-07-01", "F"),
        ("850709-9805", "198507099805", "1985-07-01", "F"),
        ("19850709-9805", "198507099805", "1985-07-01", "F"),
        ("198507099805.0", "198507099805", "1985-07-01", "F"),
        ("090527+1474", "190905271474", "1909-05-01", "M"),
        ("000229-2399", "200002292399", "2000-02-01", "M"),
        ("701063-2391", "197010632391", "1970-10-01", "M"),  # coordination number: day + 60
    ],
)
def test_a_personnummer_in_every_form_gives_the_same_person(raw, number, month, sex):
    found = one(raw)
    assert (found["number"], str(found["birth"].date()), found["sex"], found["reason"]) == (
        number,
        month,
        sex,
        "",
    )


def test_the_century_is_decided_by_the_delivery():
    assert one("090527-1474", date(2026, 1, 7))["number"] == "200905271474"
    assert one("090527-1474", date(2009, 5, 27))["number"] == "200905271474"
    assert one("090527-1474", date(2009, 5, 26))["number"] == "190905271474"
    assert one("090527+1474", date(2026, 1, 7))["number"] == "190905271474"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "missing"),
        ("1.98507E+11", "digits_lost"),
        ("1,98507E+11", "digits_lost"),
        ("507099805", "digits_lost"),  # a leading zero is gone
        ("850709-9806", "personnummer_invalid"),  # check digit
        ("850732-9805", "personnummer_invalid"),
        ("209905271474", "personnummer_invalid"),  # not born yet
        ("anna", "personnummer_invalid"),
        ("20000101T220", "personnummer_interim"),
        ("000101-T220", "personnummer_interim"),
    ],
)
def test_a_number_that_cannot_be_followed_says_why(raw, reason):
    found = one(raw)
    assert found["reason"] == reason
    assert pd.isna(found["number"])
    assert pd.isna(found["birth"])


@official
def test_every_official_test_number_is_accepted():
    numbers = pd.read_csv(OFFICIAL / "all_testpersonnummer_2024.csv", dtype="str").iloc[:, 0]
    sample = numbers.iloc[::9]
    found = read_personnummer(sample, extracted=EXTRACTED)
    assert len(sample) > 4000
    assert (found["reason"] == "").all()
    assert (found["number"] == sample).all()
    assert (found["birth"].dt.strftime("%Y%m") == sample.str[:6]).all()


@official
def test_the_benchmark_makes_no_number_outside_the_official_series():
    numbers = pd.read_csv(OFFICIAL / "all_testpersonnummer_2024.csv", dtype="str").iloc[:, 0]
    made = official_series(np.arange(2 * DAYS))
    assert len(set(made)) == 2 * DAYS
    assert set(made) <= set(numbers)


@official
@pytest.mark.large
def test_every_single_official_test_number_is_accepted():
    numbers = pd.read_csv(OFFICIAL / "all_testpersonnummer_2024.csv", dtype="str").iloc[:, 0]
    assert len(numbers) == 41_493
    assert (read_personnummer(numbers, extracted=EXTRACTED)["reason"] == "").all()


@official
@pytest.mark.parametrize("form", ["long_format", "short_format", "separated_format", "separated_long"])
def test_the_common_test_data_agree(form):
    cases = json.loads((OFFICIAL / "meta_list.json").read_text(encoding="utf-8"))
    assert cases
    for case in cases:
        found = one(case[form])
        # short forms without a sign cannot tell a centenarian from a child
        if case["valid"] and not (form == "short_format" and "+" in case["separated_format"]):
            assert found["reason"] == "", case[form]
            assert (found["sex"] == "M") == case["isMale"]
        elif not case["valid"]:
            assert found["reason"] != "", case[form]


def test_pseudonyms_are_keyed_named_after_their_column_and_deaf_to_case_and_blanks():
    values = pd.Series(["Ek, Anna", "EK,  anna ", None], dtype="str")
    person = identity.pseudonyms(values, name="person", key=b"k" * 16)
    assert person.iloc[0] == person.iloc[1]
    assert pd.isna(person.iloc[2])
    assert len(person.iloc[0]) == 24
    assert identity.pseudonyms(values, name="name_key", key=b"k" * 16).iloc[0] != person.iloc[0]
    assert identity.pseudonyms(values, name="person", key=b"l" * 16).iloc[0] != person.iloc[0]


def test_a_pseudonym_is_the_documented_keyed_hash():
    # printf 'person|100231' | python -c "hashlib.blake2b(key=…)", spelt out by the standard library
    import hashlib

    for key in (b"k" * 16, b"k" * 100):
        secret = key if len(key) <= 64 else hashlib.blake2b(key).digest()
        expected = hashlib.blake2b(b"person|100231", key=secret, digest_size=12).hexdigest()
        assert identity.pseudonyms(pd.Series(["100231"], dtype="str"), name="person", key=key).tolist() == [expected]


@pytest.mark.parametrize(
    ("raw", "shown"), [("198507099805", "198*****"), ("100231", "1*****"), ("1234", "*****"), ("", "")]
)
def test_a_mask_shows_little_of_much_and_nothing_of_little(raw, shown):
    assert identity.mask(raw) == shown


def test_a_long_text_is_not_repeated_in_full():
    values = pd.Series(["En mycket lång anteckning om någon som ingen borde skriva här"], dtype="str")
    assert identity.shown(values, personal=False).tolist() == ["En mycket lång anteckning om någon som in…"[:40] + "…"]


def test_personal_values_that_slipped_into_another_column_are_masked():
    values = pd.Series(["Hallonet", "19850709-9805", "Anna Ek"], dtype="str")
    assert identity.shown(values, personal=False, known=["anna ek"]).tolist() == [
        "Hallonet",
        "198*****",
        "A*****",
    ]
