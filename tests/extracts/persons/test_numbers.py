"""One person is one person: damaged, interim, protected and changed numbers, and what the account says of them.

Numbers are official test numbers or cases of the cross-language test data (personnummer/meta), or made from them.
"""

from __future__ import annotations

import json

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts.persons.identity import pseudonyms
from analysis.extracts.persons.linking import GAP
from analysis.extracts.persons.personnummer import read_personnummer
from tests.extracts.town import ANNA, FACTS, KEY, STAFF, account, lines, read

NUMBERED = FACTS + STAFF.replace("[file.columns]", "personnummer = true\n[file.columns]", 1)
INTERIM = NUMBERED.replace("personnummer = true", 'personnummer = true\ninterim = "keep"')
CHANGES = """
[[file]]
table = "identity_changes"
path = "changes.csv"
personnummer = true
[file.columns]
old = "Gammalt"
new = "Nytt"
"""
COORDINATION, SAME, WOMAN, ELDER = "197105842392", "197105142397", "197105319284", "197101019052"
"""A man of May 1971 under both kinds of number, a woman of that month, and a man of January."""
SMALL = "200002292399"
"""Born on 29 February 2000: seven digits are left of ten when a spreadsheet drops the zeros."""


def row(person: str, employment: str = "A1", start: str = "2021-08-10", end: str = "", born: str = "") -> str:
    return f"{person};{employment};d0180;402010;Tillsvidare;1.0;{start};{end};{born}"


def pseudonym(number: str) -> str:
    return pseudonyms(pd.Series([number], dtype="str"), name="person", key=KEY).iloc[0]


def numbered(folder, *rows, toml=NUMBERED):
    return read(folder, toml, {"staff.csv": lines(*rows)})


def named(delivery):
    return {line["rule"]: (line["rows"], line["persons"]) for line in delivery.rules.to_dict("records")}


def aside(delivery):
    return delivery.quarantine[["source_row", "column", "reason"]].to_numpy().tolist()


@pytest.mark.parametrize("born", ["2000-02-29", "20000229", "2000-02"])
def test_lost_zeros_are_restored_where_the_birth_date_proves_them(tmp_path, born):
    delivery = numbered(tmp_path, row("2292399", born=born))
    table = delivery.tables["employments"]
    assert table["person"].tolist() == [pseudonym(SMALL)]
    assert (str(table["birth"].iloc[0].date()), table["sex"].iloc[0]) == ("2000-02-01", "M")
    assert named(delivery) == {"leading_zeros_restored": (1, 1)}


@pytest.mark.parametrize("born", ["", "2000-02-28", "2000-03", "1900-02-28", "okänt"])
def test_lost_zeros_without_proof_are_set_aside_as_lost(tmp_path, born):
    delivery = numbered(tmp_path, row("2292399", born=born))
    assert aside(delivery) == [[2, "person", "digits_lost"]]
    assert named(delivery) == {}
    assert "2292399" not in delivery.quarantine.to_csv()


def test_lost_zeros_are_restored_where_another_row_of_the_employment_has_the_whole_number(tmp_path):
    rows = [row("2292399", start="2022-01-01"), row(SMALL, end="2022-01-01"), row("2292399", "B7")]
    delivery = numbered(tmp_path, *rows)
    assert delivery.tables["employments"]["source_row"].tolist() == [2, 3]
    assert len(set(delivery.tables["employments"]["person"])) == 1
    assert aside(delivery) == [[4, "person", "digits_lost"]]
    assert named(delivery) == {"leading_zeros_restored": (1, 1)}
    assert account(delivery)["read"] == 3


def test_two_damaged_rows_do_not_prove_each_other(tmp_path):
    assert len(numbered(tmp_path, row("2292399"), row("2292399", start="2022-01-01")).quarantine) == 2


@pytest.mark.parametrize("raw", ["229239", "2292398", "19700100000", "1.98507E+11", "507099805"])
def test_digits_that_no_zero_brings_back_are_never_guessed(tmp_path, raw):
    delivery = numbered(tmp_path, row(raw, born="1985-07-09"))
    assert delivery.tables["employments"].empty
    assert aside(delivery)[0][1:] in (["person", "digits_lost"], ["person", "personnummer_invalid"])


def test_an_interim_number_is_kept_as_a_key_only_where_the_delivery_says_so(tmp_path):
    rows = [row("20000101T220"), row("000101-t220", "A2")]
    assert [each[2] for each in aside(numbered(tmp_path, *rows))] == ["personnummer_interim"] * 2
    delivery = numbered(tmp_path, *rows, toml=INTERIM)
    table = delivery.tables["employments"]
    assert len(set(table["person"])) == 1
    assert table["birth"].isna().all()
    assert table["sex"].isna().all()
    assert named(delivery) == {"interim_kept": (2, 1)}


@pytest.mark.parametrize("marker", ["Skyddad identitet", "SEKRETESS", "F.d. skyddad", "Skyddade personuppgifter"])
@pytest.mark.parametrize("toml", [NUMBERED, FACTS + STAFF])
def test_a_protected_person_is_kept_under_the_employment_and_never_merged_with_others(tmp_path, marker, toml):
    rows = [row(marker, "A1"), row(marker, "A1", start="2023-01-01"), row(marker, "B2"), row(marker, "")]
    delivery = numbered(tmp_path, *rows, toml=toml)
    assert delivery.tables["employments"]["person"].nunique() == 2
    assert named(delivery) == {"protected_kept": (3, 2)}
    assert aside(delivery) == [[5, "person", "identity_protected"]]


def change(folder, *rows, changes):
    files = {"staff.csv": lines(*rows), "changes.csv": "Gammalt;Nytt\n" + "\n".join(changes) + "\n"}
    return read(folder, NUMBERED + CHANGES, files)


def test_a_listed_change_of_number_makes_one_person_of_two(tmp_path):
    rows = [row(COORDINATION, end="2022-01-01"), row(SMALL, "B1", start="2022-01-01")]
    delivery = change(tmp_path, *rows, changes=[f"{COORDINATION};{SMALL}"])
    table = delivery.tables["employments"]
    assert table["person"].tolist() == [pseudonym(SMALL)] * 2
    assert table["birth"].astype("str").tolist() == ["2000-02-01"] * 2
    assert named(delivery) == {"identity_changed": (1, 1)}
    assert account(delivery, "changes.csv")["accepted"] == 1


def test_changes_are_followed_to_their_end_and_contradictions_are_left_and_told(tmp_path):
    third, fourth = "198507099805", "194608239986"
    rows = [row(each, f"A{place}") for place, each in enumerate((COORDINATION, SMALL, third, fourth))]
    chain = change(tmp_path, *rows, changes=[f"{COORDINATION};{SMALL}", f"{SMALL};{third}"])
    assert chain.tables["employments"]["person"].tolist() == [pseudonym(third)] * 3 + [pseudonym(fourth)]
    circle = change(tmp_path, *rows, changes=[f"{COORDINATION};{SMALL}", f"{SMALL};{COORDINATION}"])
    assert circle.tables["employments"]["person"].nunique() == 4
    split = change(tmp_path, *rows, changes=[f"{COORDINATION};{SMALL}", f"{COORDINATION};{third}"])
    assert split.tables["employments"]["person"].nunique() == 4
    assert any("contradicts itself" in warning for warning in split.warnings)


def replaced(folder, *, second: str, start: str = "2022-01-01", employment: str = "A1", others: tuple[str, ...] = ()):
    rows = [row(COORDINATION, end="2022-01-01"), row(second, employment, start=start), *others]
    return numbered(folder, *rows)


def test_a_coordination_number_replaced_in_the_same_employment_is_the_same_person(tmp_path):
    delivery = replaced(tmp_path, second=SAME)
    assert delivery.tables["employments"]["person"].tolist() == [pseudonym(SAME)] * 2
    assert named(delivery) == {"coordination_number_replaced": (1, 1)}
    assert any("1 coordination number was followed" in warning for warning in delivery.warnings)


def test_a_coordination_number_is_not_joined_without_every_sign_of_being_the_same_person(tmp_path):
    late = str((pd.Timestamp("2022-01-01") + GAP + pd.Timedelta(days=1)).date())
    cases = [
        {"second": WOMAN},
        {"second": ELDER},
        {"second": SAME, "employment": "A2"},
        {"second": SAME, "start": late},
        {"second": SAME, "start": "2021-12-31"},
        {"second": SAME, "others": (row(SMALL, start="2023-01-01"),)},
    ]
    for case in cases:
        delivery = replaced(tmp_path, **case)
        assert named(delivery) == {}, case
        assert delivery.tables["employments"]["person"].nunique() >= 2


def test_a_list_of_changes_needs_its_columns(tmp_path):
    with pytest.raises(InputError, match="required column 'new'"):
        read(tmp_path, NUMBERED + CHANGES.replace('new = "Nytt"\n', ""), {"staff.csv": lines(ANNA)})


def test_a_rate_that_the_scale_cannot_explain_is_set_aside(tmp_path):
    scaled = FACTS + STAFF + "[file.scale]\nrate = {}\n"
    for scale, good in (("0.001", "750"), ("0.01", "75"), ("1.0", "0.75")):
        rows = [ANNA.replace(";1.0;", f";{good};"), ANNA.replace(";1.0;", ";7500;")]
        delivery = numbered(tmp_path, *rows, toml=scaled.format(scale))
        assert delivery.tables["employments"]["rate"].tolist() == [0.75]
        assert aside(delivery) == [[3, "rate", "out_of_range"]]


@pytest.mark.realdata
def test_every_listed_case_of_the_common_test_data_is_judged_as_listed(shared_data):
    folder = shared_data / "testpersonnummer"
    day = pd.Timestamp("2026-01-07").date()

    def reasons(numbers):
        return read_personnummer(pd.Series(numbers, dtype="str"), extracted=day)["reason"]

    interim = json.loads((folder / "meta_interim.json").read_text(encoding="utf-8"))
    for form in ("long_format", "short_format", "separated_format", "separated_long"):
        found = reasons([case[form] for case in interim])
        wanted = ["personnummer_interim" if case["valid"] else "personnummer_invalid" for case in interim]
        assert found.tolist() == wanted
    companies = json.loads((folder / "meta_orgnumber.json").read_text(encoding="utf-8"))
    assert (reasons([case["separated_format"] for case in companies]) == "personnummer_invalid").all()
    coordination = json.loads((folder / "meta_allCoords.json").read_text(encoding="utf-8"))
    found = read_personnummer(pd.Series(coordination, dtype="str"), extracted=day)
    numbers = pd.Series(coordination)
    day = (numbers.str[6:8].astype("int64") - 60).clip(lower=1).astype("str").str.zfill(2)
    month = numbers.str[4:6].replace("00", "01")
    real = pd.to_datetime(numbers.str[:4] + month + day, format="%Y%m%d", errors="coerce").notna()
    assert (found["reason"] == "").equals(real)  # a few name days that their month does not have
    assert found["coordination"].equals(real)
    assert found["birth"][real].isna().equals((month.ne(numbers.str[4:6]) | numbers.str[6:8].eq("60"))[real])
