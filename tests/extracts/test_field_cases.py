"""Kinds of faults of real files, rebuilt small: each with variants, and every record accounted for."""

from __future__ import annotations

import unicodedata

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts.files.code_pages import find_page
from analysis.extracts.files.dressing import days, plain_key, tidy
from analysis.extracts.values.converting import dates, numbers
from analysis.extracts.values.date_formats import DEFAULT

from .town import ANNA, BO, EVA, EXITS, FACTS, HEADER, STAFF, account, doubts, lawful, lines, read, staff, told

ABSENCES = """
[[file]]
table = "absences"
path = "absences.csv"
decimal = ","
[file.columns]
person = "Nr"
unit = "Enhet"
month = "Månad"
ordinary_hours = "Ord"
sick_hours = "Sjuk"
"""


def test_files_that_no_entry_reads_and_files_of_one_pattern_are_told(tmp_path):
    toml = FACTS + STAFF.replace('path = "staff.csv"', "pattern = 'staff.*\\.csv'")
    delivery = read(tmp_path, toml, {"staff1.csv": lines(ANNA), "staff2.csv": lines(BO), "annat.csv": "a;b\n1;2\n"})
    assert told(delivery, "reads 2 files: staff1.csv, staff2.csv")
    assert told(delivery, "annat.csv")


@pytest.mark.parametrize(
    ("written", "other"),
    [
        ('="000012"', "000012"), ("12", "000012"), ("'000012", "000012"), ("12.0", "12"), ("000 012", "000012"),
        ("1 234", "1234"), ("1.234", "1234"), ("1,234", "001234"), ("a-12", "A-12"), ("\u200b12\u00a0", "12"),
    ],
)  # fmt: skip
def test_dressed_numbers_meet_the_others(tmp_path, written, other):
    quoted = '"' + written.replace('"', '""') + '"'
    bare = [row.replace("100231", quoted) for row in (ANNA,)]
    content = "Nr;Datum;Orsak\n" + f"{other};2025-05-31;other\n"
    delivery = lawful(read(tmp_path, FACTS + STAFF + EXITS, {"staff.csv": lines(*bare, BO), "exits.csv": content}))
    tables = delivery.tables
    assert set(tables["exits"]["person"]) <= set(tables["employments"]["person"])
    assert not told(delivery, "not found in employments")


JAN, FEB = "100231;d0180;2025-01;165;40", "100231;d0180;2025-02;165;24"


@pytest.mark.parametrize(
    ("rows", "sick", "ordinary", "merged", "aside"),
    [
        ([JAN, FEB, "100231;d0180;2025-01;0;-40"], 24, 330, 1, 0),
        ([JAN, FEB, "100231;d0180;2025-01;0;-16"], 48, 330, 1, 0),
        ([JAN, FEB, "100231;d0180;2025-03;0;-40"], 24, 330, 1, 0),
        ([JAN, JAN, "100231;d0180;2025-01;-330;-80"], 0, 0, 3, 0),
        ([JAN, FEB, "100231;d0180;2025-01-17;-165;-40"], 24, 165, 2, 0),
        ([JAN, FEB, "100231;d0180;2025-02;0;-64"], 0, 330, 1, 0),
        ([JAN, FEB, "100231;d0180;2025-02;0;-900"], 64, 330, 0, 1),
        ([JAN, "100299;d0180;2025-01;0;-40"], 40, 165, 0, 1),
        ([JAN, "100231;d0180;2025-01;-165;-40", "100231;d0180;2025-01;165;8"], 8, 165, 2, 0),
    ],
)
def test_reversals_are_netted_with_what_they_reverse(tmp_path, rows, sick, ordinary, merged, aside):
    content = "Nr;Enhet;Månad;Ord;Sjuk\n" + "\n".join(rows) + "\n"
    delivery = lawful(read(tmp_path, FACTS + STAFF + ABSENCES, {"staff.csv": lines(ANNA), "absences.csv": content}))
    table = delivery.tables["absences"]
    assert (table["sick_hours"].sum(), table["ordinary_hours"].sum()) == (sick, ordinary)
    counts = account(delivery, "absences.csv")
    assert (counts["merged"], counts["quarantined"]) == (merged, aside)
    assert set(delivery.quarantine["reason"]) == ({"reversal_unmatched"} if aside else set())
    assert bool(doubts(delivery)) == bool(aside)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("other", ["NFC", "NFD"])
def test_names_are_compared_as_people_read_them(tmp_path, form, other):
    def as_(text: str, how: str) -> str:
        return unicodedata.normalize(how, text)

    toml = as_(FACTS + STAFF.replace("staff.csv", "anställda.csv").replace('"Vikariat"', '"Vikarié åä"'), form)
    content = as_(lines(ANNA, BO.replace("Vikariat", "VIKARIÉ\u00a0ÅÄ\u200b")), other)
    delivery = read(tmp_path, toml, {as_("anställda.csv", other): content})
    assert account(delivery, "anställda.csv")["accepted"] == 2


@pytest.mark.parametrize("name", ["Staff.CSV", "STAFF.csv", "staff\u200b.csv"])
def test_case_and_blanks_of_a_file_name_are_forgiven_where_one_file_can_be_meant(tmp_path, name):
    assert account(read(tmp_path, files={name: lines(ANNA)}), unicodedata.normalize("NFC", name))["accepted"] == 1
    if name == "Staff.CSV":
        with pytest.raises(InputError, match="could be"):
            read(tmp_path, files={name: lines(ANNA), "STAFF.csv": lines(ANNA)})


SWEDISH = "Nr;Titel\n" + "".join(f"{number};Förskollärare på Ängen\n" for number in range(50))


@pytest.mark.parametrize(
    ("text", "page", "sure"),
    [
        (SWEDISH, "cp850", True), (SWEDISH, "mac_roman", True), (SWEDISH, "cp1252", True),
        (SWEDISH + "51;Šimić från Ängen\n".replace("ć", "c"), "iso8859-15", True),
        ("Nr;Titel\n1;Учитель младших классов\n" * 9, "cp1251", True),
    ],
)  # fmt: skip
def test_a_code_page_is_known_by_the_letters_within_words_of_the_whole_file(text, page, sure):
    data = ("Nr;Titel\n" + "1;Assistent\n" * 2000).encode() + text.encode(page)
    found, certain = find_page(data[start : start + 4096] for start in range(0, len(data), 4096))
    assert certain == sure
    assert found == (page if sure else "cp1252")


@pytest.mark.parametrize("page", ["cp850", "mac_roman"])
def test_text_of_older_systems_and_text_encoded_twice_is_read_as_what_it_was(tmp_path, page):
    toml = FACTS + STAFF.replace('aid = "AID"', 'title = "AID"')
    row = ANNA.replace("402010", "Förskollärare på Ängen")
    plain = lines(row, header=HEADER.replace("Från", "Från"))
    assert staff(tmp_path / "a", row, toml=toml).tables["employments"]["title"].iloc[0] == "Förskollärare på Ängen"
    for place, data in (("b", plain.encode(page)), ("c", plain.encode().decode("cp1252").encode())):
        delivery = read(tmp_path / place, toml, {"staff.csv": data})
        assert delivery.tables["employments"]["title"].iloc[0] == "Förskollärare på Ängen"
    lost = plain.replace("å", "a").replace("ä", "ä").encode("cp850").decode("cp1252", "replace").encode()
    header = lost.replace(b"Fran", "Från".encode()).replace("F\u201add".encode(), b"")
    header = header.replace(header.split(b"\n")[0], HEADER.encode())
    assert any("wrong encoding" in each for each in doubts(read(tmp_path / "d", toml, {"staff.csv": header})))


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("1 250,-", 1250), ("1.250:-", 1250), ("1 250 kr", 1250), ("SEK 1 250", 1250), ("\u22121 250", -1250),
        ("1 250-", -1250), ("1250,50 SEK", 1250.5), ("kr 1\u00a0250,00", 1250), ("\u20131 250", -1250),
        ("1 250,\u2013", 1250), ("-1 250,-", -1250), ("12:-", 12),
    ],
)  # fmt: skip
def test_sums_as_swedes_write_them(written, number):
    values, reason = numbers(pd.Series([written], dtype="str"), decimal=",")
    assert (values.tolist(), reason.tolist()) == ([number], [""])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020-01-01T00:00:00", "2020-01-01"), ("2020-01-01 00:00", "2020-01-01"),
        ("2020-01-01 00:00:00.000", "2020-01-01"),
        ("2019-12-31T23:00:00Z", "2020-01-01"), ("2020-06-30T22:00:00+00:00", "2020-07-01"),
        ("2020-01-01T00:00:00+01:00", "2020-01-01"), ("20200101T000000", "2020-01-01"), ("1 maj 2020", "2020-05-01"),
        ("31 december 2020", "2020-12-31"),
    ],
)  # fmt: skip
def test_moments_are_days(written, day):
    found, reason = dates(
        pd.Series([written], dtype="str"),
        name="start",
        formats=DEFAULT,
        extracted=pd.Timestamp("2026-01-07").date(),
    )
    assert (str(found[0].date()), reason[0]) == (day, "")


def test_an_emptied_end_is_no_end_and_counted_days_can_be_named(tmp_path):
    assert (
        staff(tmp_path, ANNA.replace(";;1979", ";1900-01-01 00:00:00.000;1979"))
        .tables["employments"]["end"]
        .isna()
        .all()
    )
    for written, format_ in (("42226", "excel"), ("16657", "unix days"), ("1439157600", "unix seconds")):
        toml = FACTS + STAFF + f'[file.formats]\nstart = "{format_}"\n'
        found = staff(tmp_path, ANNA.replace("2015-08-10", written), toml=toml).tables["employments"]["start"]
        assert str(found[0].date()) == "2015-08-10"
        bare = staff(tmp_path, ANNA.replace("2015-08-10", written))
        assert told(bare, "[file.formats]") == (format_ != "unix days") or told(bare, f'"{format_}"')


SEX = FACTS + STAFF.replace('birth = "Född"', 'birth = "Född"\nsex = "Kön"') + "[file.values.sex]\nK = 'F'\n"


def test_an_unmapped_value_of_an_optional_attribute_costs_the_attribute_only(tmp_path):
    header = HEADER + ";Kön"
    rows = [f"{ANNA};K", f"{BO};X", f"{EVA};Okänd"]
    delivery = lawful(read(tmp_path, SEX, {"staff.csv": lines(*rows, header=header)}))
    assert account(delivery)["accepted"] == 3
    assert delivery.tables["employments"]["sex"].isna().sum() == 2
    (doubt,) = doubts(delivery)
    assert doubt.persons == 2
    assert "'X' (1)" in doubt
    assert "'Okänd' (1)" in doubt
    mapped = read(tmp_path, SEX + "X = ''\n'Okänd' = ''\n", {"staff.csv": lines(*rows, header=header)})
    assert not doubts(mapped)
    with pytest.raises(InputError, match=r"file\.values\.form"):
        read(tmp_path, FACTS + STAFF + 'X = ""\n', {"staff.csv": lines(ANNA)})


def test_unmapped_values_of_a_required_column_are_all_listed(tmp_path):
    delivery = staff(tmp_path, ANNA, BO.replace("Vikariat", "Allmän visstid"), EVA.replace("Tillsvidare", "SÄVA"))
    assert account(delivery)["quarantined"] == 2
    assert told(delivery, "'Allmän visstid' (1), 'SÄVA' (1)")


def test_values_are_undressed_and_nothing_else_is_changed():
    raw = ['="0012"', "'12", "'t Hooft", "a\u200bb", "=", "A" + "\u030a", "FÃ¶rskola", "Ã…", "12.0", "1.5"]
    assert tidy(pd.Series(raw, dtype="str")).tolist() == [
        "0012", "12", "'t Hooft", "ab", "=", "Å", "Förskola", "Å", "12.0", "1.5",
    ]  # fmt: skip
    assert [plain_key(each) for each in ("12.0", "1.5", "1.234.567", "12 34", "A 1")] == [
        "12",
        "1.5",
        "1234567",
        "1234",
        "A 1",
    ]
    assert days(pd.Series(["2020-01-01", "kl 12:00"], dtype="str")).tolist() == ["2020-01-01", "kl 12:00"]
