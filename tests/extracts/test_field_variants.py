"""Further shapes of the faults that real files have: read right, or told in one sentence with its size."""

from __future__ import annotations

import pandas as pd
import pytest
import xlsxwriter

from analysis.extracts.account.verdict import judge, obstacles
from analysis.extracts.files.dressing import days
from analysis.extracts.quality import look_over
from analysis.reference import policy

from .town import ANNA, BO, EXITS, FACTS, HEADER, STAFF, account, doubts, lawful, lines, read, staff, told

PAID = STAFF.replace('birth = "Född"', 'birth = "Född"\npay = "Lön"')
PAID_HEADER = HEADER + ";Lön"
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
parental_hours = "VAB"
"""


def people(number: int, *, unit: str = "d0180", birth: str = "", **changes: str) -> list[str]:
    """Rows of ANNA under other numbers, born in different months unless ``birth`` says otherwise."""
    rows = []
    for each in range(number):
        born = birth or f"{1960 + each % 40}-{1 + each % 12:02d}-05"
        row = ANNA.replace("100231", str(200000 + each)).replace("d0180", unit).replace("1979-03-14", born)
        for old, new in changes.items():
            row = row.replace({"start": "2015-08-10", "rate": "1.0"}[old], new)
        rows.append(row)
    return rows


def findings(delivery) -> list[str]:
    return [each.kind for each in look_over(delivery)]


@pytest.mark.parametrize(
    ("pays", "left", "merged", "aside"),
    [
        (["31000", "-31000", "32000"], [32000.0], 2, 0),
        (["31000", "31000-"], [None], 1, 0),
        (["(31000)"], [None], 0, 0),
        (["31000", "-900"], [31000.0], 0, 1),
        (["31 000 kr/mån"], [31000.0], 0, 0),
        (["31 tkr"], [None], 0, 0),
    ],
)
def test_pay_that_takes_back_pay_never_takes_the_employment(tmp_path, pays, left, merged, aside):
    rows = lines(*(f"{ANNA};{pay}" for pay in pays), f"{BO};28000", header=PAID_HEADER)
    delivery = lawful(read(tmp_path, FACTS + PAID, {"staff.csv": rows}))
    pay = delivery.tables["employments"].loc[lambda table: table["birth"].dt.year == 1979, "pay"]
    assert [None if pd.isna(each) else each for each in pay] == left
    counts = account(delivery)
    assert (counts["merged"], counts["quarantined"]) == (merged, aside)
    assert bool(doubts(delivery)) == (left == [None] or bool(aside))


@pytest.mark.parametrize("birth", ["okänd", "1979", "197903xx", "#DIV/0!"])
def test_an_unreadable_birth_costs_the_person_no_more_than_the_birth(tmp_path, birth):
    delivery = lawful(staff(tmp_path, ANNA.replace("1979-03-14", birth), BO))
    assert account(delivery)["accepted"] == 2
    assert delivery.tables["employments"]["birth"].isna().sum() == 1
    assert told(delivery, "1 row (1 person) with")


def test_a_reversal_that_gives_the_hours_to_another_kind_is_both(tmp_path):
    content = "Nr;Enhet;Månad;Ord;Sjuk;VAB\n100231;d0180;2025-01;165;16;0\n100231;d0180;2025-01;0;-8;8\n"
    delivery = lawful(read(tmp_path, FACTS + STAFF + ABSENCES, {"staff.csv": lines(ANNA), "absences.csv": content}))
    table = delivery.tables["absences"]
    assert (table["sick_hours"].sum(), table["parental_hours"].sum(), table["ordinary_hours"].sum()) == (8, 8, 165)
    assert account(delivery, "absences.csv")["quarantined"] == 0


@pytest.mark.parametrize("cell", ["#N/A", "#SAKNAS!"])
def test_a_lookup_that_found_nothing_is_told(tmp_path, cell):
    delivery = staff(tmp_path, ANNA.replace("2015-08-10;", f"2015-08-10;{cell}"), BO)
    assert any("looked something up" in each and "1 cell" in each for each in doubts(delivery))


@pytest.mark.parametrize("title", ["F?rskoll?rare", "F\ufffdrskoll\ufffdrare", "F|rskoll{rare"])
def test_letters_lost_before_the_file_was_written_are_doubted(tmp_path, title):
    toml = FACTS + STAFF.replace('aid = "AID"', 'title = "AID"')
    delivery = read(tmp_path, toml, {"staff.csv": lines(ANNA.replace("402010", title), BO)})
    assert any("wrong encoding" in each for each in doubts(delivery))
    honest = read(tmp_path / "b", toml, {"staff.csv": lines(ANNA.replace("402010", "Förskollärare {vik}"), BO)})
    assert not doubts(honest)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2016-02-01 12:00:00 AM", "2016-02-01"), ("Jan  2 2016 12:00AM", "2016-01-02"), ("Mar 14, 2021", "2021-03-14"),
        ("2 maj 2019 08:00", "2019-05-02"), ("2016-02-01 3:15 p.m.", "2016-02-01"),
    ],
)  # fmt: skip
def test_timestamps_as_databases_write_them_are_days(written, day):
    assert days(pd.Series([written], dtype="str")).tolist() == [day]


@pytest.mark.parametrize("end", ["00000000", "0000-00-00", "0", "1900-01-01 00:00:00.000"])
def test_a_day_of_noughts_ends_nothing(tmp_path, end):
    delivery = staff(tmp_path, ANNA.replace("2015-08-10;", f"2015-08-10;{end}"))
    assert delivery.tables["employments"]["end"].isna().all()


def book(path, **sheets: list[str]) -> None:
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row.split(";"))


@pytest.mark.parametrize("others", [1, 2])
def test_the_only_sheet_with_the_columns_is_read_and_told(tmp_path, others):
    toml = FACTS + STAFF.replace("staff.csv", "staff.xlsx")
    sheets = {f"Data{each}": [HEADER, ANNA] for each in range(others)}
    book(tmp_path / "staff.xlsx", Info=["Uttag ur lönesystemet"], **sheets)
    if others == 1:
        delivery = read(tmp_path, toml, {})
        assert told(delivery, "Data0 is read and not Info")
    else:
        with pytest.raises(Exception, match="has no column"):
            read(tmp_path, toml, {})


def test_two_full_posts_of_one_person_are_told_though_their_titles_differ(tmp_path):
    second = [row.replace("402010", "403010").replace(";1;", ";2;") for row in people(30)]
    delivery = staff(tmp_path, *people(30), *second)
    assert "more_than_full_time" in findings(delivery)
    assert "more_than_full_time" not in findings(staff(tmp_path / "b", *people(30), *second[:1]))


def test_a_birth_that_a_system_writes_for_nothing_is_told(tmp_path):
    assert "births_alike" in findings(staff(tmp_path, *people(30, birth="1970-01-01")))
    assert "births_alike" not in findings(staff(tmp_path / "b", *people(30)))


def test_a_day_on_which_half_the_staff_began_is_told(tmp_path):
    moved = [row.replace("20000", "30000").replace("20001", "30001") for row in people(15, start="2023-01-01")]
    begun = [
        each.replace("2015-08-10", f"20{10 + place % 9}-0{1 + place % 9}-01") for place, each in enumerate(people(20))
    ]
    assert "begun_together" in findings(staff(tmp_path, *begun, *moved))
    assert "begun_together" not in findings(staff(tmp_path / "b", *begun))


def leavers(months: list[pd.Period]) -> list[str]:
    rows = people(len(months), start="2005-01-01")
    return [row.replace("2005-01-01;", f"2005-01-01;{month}-15") for row, month in zip(rows, months, strict=True)]


def test_a_long_silence_among_leavers_is_told(tmp_path):
    every = list(pd.period_range("2018-01", "2025-12", freq="M"))
    gone = [month for month in every if month.year not in (2021, 2022)]
    assert "silent_exits" in findings(staff(tmp_path, *leavers(gone)))
    assert "silent_exits" not in findings(staff(tmp_path / "b", *leavers(every)))
    yearly = [month for month in every if month.month == 7] * 4
    assert "silent_exits" not in findings(staff(tmp_path / "c", *leavers(yearly)))


def test_a_department_whose_rows_end_before_the_others_is_told(tmp_path):
    units = [*people(12), *(row.replace("2000", "3000") for row in people(12, unit="d0181"))]
    header = "Nr;Enhet;Månad;Ord;Sjuk;VAB\n"
    months = pd.period_range("2025-01", "2025-12", freq="M")
    rows = [f"{row[:6]};{row.split(';')[2]};{month};165;0;0" for row in units for month in months]
    late = [row for row in rows if not (";d0181;" in row and row.split(";")[2] > "2025-08")]
    files = {"staff.csv": lines(*units), "absences.csv": header + "\n".join(late)}
    found = [each for each in look_over(read(tmp_path, FACTS + STAFF + ABSENCES, files)) if "d0181" in each]
    assert [each.kind for each in found] == ["department_ended"]
    assert "2025-08" in found[0]


def test_what_stops_is_named_by_its_header_and_said_once(tmp_path):
    wrong = [row.replace("2015-08-10", "10/8-15") for row in people(3)]
    stop = obstacles(staff(tmp_path, *people(20)[3:], *wrong), policy())[0]
    assert "Från: could not be read as a date" in stop
    twice = [*people(20), *(row.replace("1979-", "x") for row in people(20, birth="1950-01-01"))]
    other = read(tmp_path / "b", FACTS + STAFF + EXITS, {"staff.csv": lines(*twice), "exits.csv": "Nr;Datum;Orsak\n"})
    verdict = judge(other, policy(), findings=look_over(other))
    assert [each.kind for each in verdict.because].count("persons_differ") == 1
