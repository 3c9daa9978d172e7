"""A delivery as a whole: what becomes of each row, and that every row is accounted for."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest
import xlsxwriter

from analysis.errors import GateError
from analysis.extracts import check_gate, read_delivery
from analysis.extracts.values.converting import OPEN_ENDED
from analysis.reference import policy
from analysis.tables.clean import TABLES

from .town import ANNA, BO, EVA, FACTS, HEADER, KEY, ORGANISATION, STAFF, UNITS, account, lines, read, staff, write

HOURS = """
[[file]]
table = "hours"
path = "hours.csv"
[file.columns]
person = "nr"
unit = "enhet"
month = "månad"
hours = "timmar"
"""


def test_three_good_rows_become_three_employments_with_every_canonical_column(tmp_path):
    delivery = read(tmp_path)
    table = delivery.tables["employments"]
    assert set(table.columns) == {*TABLES["employments"], "source", "source_row"}
    assert table["source_row"].tolist() == [2, 3, 4]
    assert table["form"].tolist() == ["permanent", "temporary", "permanent"]
    assert table["occupation"].tolist() == ["preschool_teacher", "childcare_worker", "preschool_teacher"]
    assert table["sex"].isna().all()
    assert str(table["sex"].dtype) == "str"
    assert str(table["rate"].dtype) == "float64"
    assert str(table["start"].dtype).startswith("datetime64")


def test_the_thirty_first_of_december_9999_means_that_nothing_has_ended(tmp_path):
    assert pd.isna(staff(tmp_path, EVA).tables["employments"]["end"].iloc[0])


def test_the_day_of_birth_is_dropped(tmp_path):
    assert staff(tmp_path, ANNA).tables["employments"]["birth"].iloc[0] == pd.Timestamp("1979-03-01")


def test_a_persons_number_is_replaced_by_a_pseudonym_that_is_the_same_in_every_table(tmp_path):
    delivery = read(
        tmp_path,
        FACTS + STAFF + HOURS,
        {"staff.csv": lines(ANNA), "hours.csv": "nr;enhet;månad;timmar\n 100231 ;d0180;2025-11;12\n"},
    )
    person = delivery.tables["employments"]["person"].iloc[0]
    assert delivery.tables["hours"]["person"].tolist() == [person]
    assert len(person) == 24
    assert "100231" not in person


def test_every_key_that_points_at_a_person_is_a_pseudonym(tmp_path):
    table = staff(tmp_path, ANNA, BO, EVA).tables["employments"]
    for name, column in TABLES["employments"].items():
        if column.personal and column.kind == "key":
            assert table[name].str.fullmatch("[0-9a-f]{24}").all(), name


def test_another_key_changes_pseudonyms_and_nothing_else(tmp_path):
    write(tmp_path, FACTS + STAFF, {"staff.csv": lines(ANNA, BO, "x", EVA)})
    one, other = (read_delivery(tmp_path, key=key) for key in (KEY, b"another key, as long"))
    personal = ["person", "employment"]
    assert not one.tables["employments"]["person"].equals(other.tables["employments"]["person"])
    pd.testing.assert_frame_equal(
        one.tables["employments"].drop(columns=personal), other.tables["employments"].drop(columns=personal)
    )
    pd.testing.assert_frame_equal(one.quarantine, other.quarantine)
    pd.testing.assert_frame_equal(one.ledger, other.ledger)


def test_blank_rows_subtotals_footers_and_repeated_headers_are_structure_not_errors(tmp_path):
    header = lines().strip()
    delivery = staff(
        tmp_path,
        ANNA,
        "",
        ";;;;;;;;",
        ";;d0180;;;1.0;;;",
        "Summa;;;;;1.75;;;",
        header,
        EVA,
        "Utskriven av löneenheten",
    )
    assert account(delivery) == {
        "read": 8, "accepted": 2, "quarantined": 0, "merged": 0, "excluded": 0, "structural": 6
    }  # fmt: skip


def test_a_unit_whose_name_begins_like_a_total_is_not_a_subtotal(tmp_path):
    toml = FACTS + STAFF.replace('person = "Anställningsnr"', 'person = "Anställningsnr"\ntitle = "Titel"')
    header = "Titel;" + lines().strip()
    files = {"staff.csv": lines("Totalförsvarssamordnare;" + ANNA, "Summaansvarig;" + BO, header=header)}
    assert account(read(tmp_path, toml, files))["accepted"] == 2


@pytest.mark.parametrize("gone", ["100231", "100231;1;d0180", "100231;1;d0180;402010;Tillsvidare"])
def test_a_record_that_lacks_its_person_is_set_aside_not_dropped_as_structure(tmp_path, gone):
    delivery = staff(tmp_path, ANNA, ANNA.replace(gone, ";" * gone.count(";")))
    assert delivery.quarantine[["source_row", "column", "reason"]].to_numpy().tolist() == [[3, "person", "missing"]]


@pytest.mark.parametrize(
    ("change", "column", "reason", "shown"),
    [
        (("2015-08-10", "10/8-15"), "start", "bad_date", "10/8-15"),
        ((";1.0;", ";hel;"), "rate", "bad_number", "hel"),
        ((";1.0;", ";75;"), "rate", "out_of_range", "75"),
        (("Tillsvidare", "Beredskap"), "form", "unknown_value", "Beredskap"),
        (("2015-08-10", ""), "start", "missing", ""),
        (("2015-08-10", "2027-08-10"), "start", "in_future", "2027-08-10"),
        ((";;1979", ";2014-01-01;1979"), "end", "end_before_start", "2014-01-01"),
        (("1979-03-14", "1879-03-14"), "birth", "too_old", "187*****"),
        (("1979-03-14", "2026-03-14"), "birth", "in_future", "202*****"),
        (("100231", "1.98507E+11"), "person", "digits_lost", "1.9*****"),
        (("100231;1;", "100231;1;x;"), "", "too_many_fields", ""),
        (("100231;1;", "100231;"), "", "too_few_fields", ""),
    ],
)
def test_a_wrong_row_is_set_aside_with_one_reason(tmp_path, change, column, reason, shown):
    delivery = staff(tmp_path, BO, ANNA.replace(*change), EVA)
    assert delivery.quarantine.drop(columns=["file", "table"]).to_dict("records") == [
        {"source_row": 3, "column": column, "reason": reason, "shown": shown}
    ]
    assert account(delivery) | {"accepted": 2, "quarantined": 1} == account(delivery)


def test_cells_left_out_at_the_end_of_a_good_row_are_empty_cells(tmp_path):
    delivery = staff(tmp_path, ANNA.removesuffix(";;1979-03-14"), BO)
    assert account(delivery)["accepted"] == 2
    assert any("1 row without cells at the end" in warning for warning in delivery.warnings)


def test_two_rows_that_say_exactly_the_same_are_one_row_and_one_merged(tmp_path):
    delivery = staff(tmp_path, ANNA, BO, ANNA)
    assert account(delivery) | {"accepted": 2, "merged": 1} == account(delivery)


def test_the_same_row_in_two_files_is_kept_from_the_first(tmp_path):
    toml = FACTS + STAFF.replace('path = "staff.csv"', "pattern = 'staff_\\d+\\.csv'")
    delivery = read(tmp_path, toml, {"staff_2.csv": lines(ANNA, EVA), "staff_1.csv": lines(ANNA)})
    assert delivery.ledger["file"].tolist() == ["staff_1.csv", "staff_2.csv"]
    assert delivery.ledger["merged"].tolist() == [0, 1]
    assert delivery.tables["employments"]["source"].tolist() == ["staff_1.csv", "staff_2.csv"]


def test_a_unit_outside_the_organisation_is_set_aside(tmp_path):
    files = {"staff.csv": lines(ANNA, BO.replace("d0180", "d9999")), "units.csv": UNITS}
    delivery = read(tmp_path, FACTS + STAFF + ORGANISATION, files)
    assert delivery.quarantine["reason"].tolist() == ["unknown_unit"]
    assert delivery.quarantine["shown"].tolist() == ["d9999"]


def test_a_parent_that_is_no_unit_is_told(tmp_path):
    files = {"staff.csv": lines(ANNA), "units.csv": UNITS + "d0182;d7777;enhet;Skogens förskola\n"}
    assert any("parent" in each for each in read(tmp_path, FACTS + STAFF + ORGANISATION, files).warnings)


def test_units_that_are_numbers_get_a_letter_so_that_no_program_turns_them_into_numbers(tmp_path):
    files = {"staff.csv": lines(ANNA.replace("d0180", "0180")), "units.csv": UNITS.replace("d0", "0")}
    delivery = read(tmp_path, FACTS + STAFF + ORGANISATION, files)
    assert delivery.tables["employments"]["unit"].tolist() == ["d0180"]
    assert delivery.tables["organisation"]["parent"].dropna().unique().tolist() == ["d0100"]


def test_persons_who_were_never_employed_are_kept_and_counted(tmp_path):
    files = {
        "staff.csv": lines(ANNA),
        "hours.csv": "nr;enhet;månad;timmar\n7;d0180;2025-11;12\n7;d0180;2025-10;3\n",
    }
    delivery = read(tmp_path, FACTS + STAFF + HOURS, files)
    assert len(delivery.tables["hours"]) == 2
    assert "hours: 1 person (2 rows) not found in employments but kept." in delivery.warnings


def test_excluded_rows_are_counted_under_their_rule_and_not_judged(tmp_path):
    rule = '[[file.exclude]]\nrule = "board"\ncolumn = "form"\n'
    rule += 'matches = "^förtroende"\nwhy = "Förtroendevalda."\n'
    odd = ANNA.replace("Tillsvidare", "Förtroendevald").replace("2015-08-10", "okänt")
    delivery = staff(tmp_path, BO, odd, toml=FACTS + STAFF + rule)
    assert delivery.quarantine.empty
    assert delivery.rules.to_dict("records") == [
        {
            "file": "staff.csv",
            "table": "employments",
            "rule": "board",
            "kind": "excluded",
            "rows": 1,
            "persons": 1,
            "why": "Förtroendevalda.",
        }
    ]


def test_constants_take_the_names_of_the_pattern(tmp_path):
    toml = """
    [[file]]
    table = "snapshots"
    pattern = 'list_(?P<year>\\d{4})\\.csv'
    [file.columns]
    name = "namn"
    hired = ["anställd", "hired"]
    unit = "enhet"
    [file.keys]
    person = ["name", "hired"]
    name_key = ["name"]
    [file.formats]
    hired = ["%Y-%m-%d", "%m/%d/%y"]
    [file.constants]
    snapshot = "{year}-12-31"
    """
    files = {
        "list_2023.csv": "namn;anställd;enhet\nEk,  Anna;1988-02-01;a\n",
        "list_2024.csv": "Namn;Hired;Enhet\nEK, ANNA ;02/01/88;a\nLind, Bo;;a\n",
    }
    delivery = read(tmp_path, FACTS + toml, files)
    table = delivery.tables["snapshots"]
    assert table["snapshot"].dt.year.tolist() == [2023, 2024]
    # the same person under two layouts has one key, since dates enter it as dates
    assert len(set(table["person"])) == 1
    assert len(set(table["name_key"])) == 1
    assert delivery.quarantine["reason"].tolist() == ["key_incomplete"]
    assert delivery.quarantine["shown"].tolist() == ["L*****"]


def test_a_list_does_not_hold_those_hired_after_its_day(tmp_path):
    toml = """
    [[file]]
    table = "snapshots"
    path = "list.csv"
    columns = {person = "nr", unit = "enhet", hired = "anst"}
    constants = {snapshot = "2025-11-01"}
    """
    delivery = read(tmp_path, FACTS + toml, {"list.csv": "nr;enhet;anst\n1;a;2025-11-01\n2;a;2025-11-02\n"})
    assert delivery.quarantine[["source_row", "reason"]].to_numpy().tolist() == [[3, "hired_after_list"]]


def test_an_exit_without_cause_has_an_unknown_cause(tmp_path):
    toml = '[[file]]\ntable = "exits"\npath = "exits.csv"\n'
    toml += 'columns = {person = "nr", date = "dag", cause = "orsak"}\n'
    files = {"staff.csv": lines(ANNA), "exits.csv": "nr;dag;orsak\n100231;2025-06-30;\n"}
    assert read(tmp_path, FACTS + STAFF + toml, files).tables["exits"]["cause"].tolist() == ["unknown"]


def test_more_sick_hours_than_ordinary_hours_are_not_possible(tmp_path):
    toml = """
    [[file]]
    table = "absences"
    path = "sick.csv"
    decimal = ","
    columns = {person = "nr", unit = "e", month = "m", ordinary_hours = "o", sick_hours = "s"}
    """
    files = {"sick.csv": "nr;e;m;o;s\n1;a;202511;160,5;160,5\n1;a;202512;100;100,5\n"}
    delivery = read(tmp_path, FACTS + toml, files)
    assert delivery.quarantine["reason"].tolist() == ["more_sick_than_ordinary"]
    assert delivery.tables["absences"]["ordinary_hours"].tolist() == [160.5]


def test_inputs_are_named_and_hashed_without_paths(tmp_path):
    delivery = read(tmp_path)
    assert [name for name, _ in delivery.inputs] == ["delivery.toml", "staff.csv"]
    assert delivery.inputs[1][1] == hashlib.sha256((tmp_path / "staff.csv").read_bytes()).hexdigest()


def test_raw_files_may_lie_elsewhere(tmp_path):
    write(tmp_path / "raw", "", {"staff.csv": lines(ANNA)})
    toml = FACTS.replace('name = "Prov', 'files = "../raw"\nname = "Prov') + STAFF
    folder = write(tmp_path / "here", toml, {})
    (tmp_path / "analysis.toml").write_text(
        'delivery_folders = ["raw"]\n[contact]\nname = "HR"\nemail = "hr@example.org"\n', encoding="utf-8"
    )
    assert len(read_delivery(folder, key=KEY).tables["employments"]) == 1
    folder = write(tmp_path / "there", FACTS + STAFF, {})
    assert len(read_delivery(folder, key=KEY, files=tmp_path / "raw").tables["employments"]) == 1


def test_two_sheets_of_one_workbook_are_two_lines_in_the_ledger(tmp_path):
    with pd.ExcelWriter(tmp_path / "book.xlsx", engine="xlsxwriter") as book:
        for sheet in ("A", "B"):
            pd.DataFrame({"nr": [1.0], "e": [sheet], "m": [pd.Timestamp("2025-11-01")], "h": [7.5]}).to_excel(
                book, sheet_name=sheet, index=False
            )
    one = '[[file]]\ntable = "hours"\npath = "book.xlsx"\nsheet = "{}"\ndecimal = ","\ncolumns = {columns}\n'
    columns = '{person = "nr", unit = "e", month = "m", hours = "h"}'
    toml = FACTS + one.format("A", columns=columns) + one.format("B", columns=columns)
    delivery = read(tmp_path, toml, {})
    assert delivery.ledger["file"].tolist() == ["book.xlsx [A]", "book.xlsx [B]"]
    assert delivery.tables["hours"]["hours"].tolist() == [7.5, 7.5]
    assert delivery.tables["hours"]["month"].tolist() == [pd.Timestamp("2025-11-01")] * 2


def test_the_gate_lets_a_good_delivery_through_and_stops_one_with_too_much_wrong(tmp_path):
    good = [ANNA.replace("100231", str(200000 + number)) for number in range(19)]
    check_gate(staff(tmp_path, *good, ANNA.replace("2015-08", "20xx")), policy())  # 1 of 20 = the 5 % allowed
    with pytest.raises(GateError, match=r"staff\.csv: 2 of 21 rows \(9\.5%\) are set aside.*Från.*date"):
        check_gate(staff(tmp_path, *good, *[ANNA.replace("2015-08", each) for each in ("20xx", "?")]), policy())


def test_the_gate_stops_a_delivery_in_which_nobody_is_employed(tmp_path):
    delivery = read(tmp_path, FACTS + ORGANISATION, {"units.csv": UNITS})
    with pytest.raises(GateError, match="no accepted row about an employment"):
        check_gate(delivery, policy())


def test_a_personnummer_gives_birth_month_and_sex_and_is_gone(tmp_path):
    toml = FACTS + STAFF.replace("[file.columns]", "personnummer = true\n[file.columns]").replace(
        'birth = "Född"\n', ""
    )
    rows = [ANNA.replace("100231", number) for number in ("850709-9805", "198507099805", "850709-9806")]
    rows[1] = rows[1].replace("2015-08-10;", "2010-08-10;2012-01-01").replace("2015", "2010")
    delivery = staff(tmp_path, *rows, toml=toml)
    table = delivery.tables["employments"]
    assert table["birth"].tolist() == [pd.Timestamp("1985-07-01")] * 2
    assert table["sex"].tolist() == ["F", "F"]
    assert len(set(table["person"])) == 1  # ten and twelve digits are the same person
    assert delivery.quarantine[["reason", "shown"]].to_numpy().tolist() == [["personnummer_invalid", "850*****"]]
    kept = table.to_csv() + delivery.quarantine.to_csv()
    assert "9805" not in kept
    assert "9806" not in kept


def said_of_columns(delivery):
    return [each.sv.split(";")[0] for each in delivery.warnings if "every cell under the header" in each]


def test_a_column_of_which_no_row_has_anything_is_told_once_with_its_header(tmp_path):
    bare = [row.replace(";402010;", ";;").replace(";403010;", ";;") for row in (ANNA, BO, EVA)]
    delivery = staff(tmp_path, *(row.replace(";1.0;", "; ;").replace(";0.75;", ";NULL;") for row in bare[:2]))
    assert said_of_columns(delivery) == [
        "staff.csv: alla celler under rubriken AID är tomma, så kolumnen aid saknas",
        "staff.csv: alla celler under rubriken Grad är tomma, så kolumnen rate saknas",
    ]
    assert said_of_columns(staff(tmp_path, *bare)) == said_of_columns(delivery)[:1]


def test_columns_that_are_mostly_empty_are_not_complained_of_nor_those_of_a_file_without_rows(tmp_path):
    assert said_of_columns(staff(tmp_path / "a", ANNA)) == []  # nobody has left
    assert said_of_columns(staff(tmp_path / "b")) == []
    assert all(TABLES[table][column].sparse for table in TABLES for column in OPEN_ENDED if column in TABLES[table])
    assert all(spec.nullable for table in TABLES.values() for spec in table.values() if spec.sparse)


def test_formulas_without_stored_results_are_told(tmp_path):
    book = xlsxwriter.Workbook(tmp_path / "staff.xlsx")
    sheet = book.add_worksheet()
    for place, row in enumerate([HEADER, ANNA, BO]):
        sheet.write_row(place, 0, row.split(";"))
    sheet.write_formula("F2", "=3/4", None, "")
    sheet.write_formula("F3", "=1/2", None, "")
    book.close()
    delivery = read(tmp_path, FACTS + STAFF.replace("staff.csv", "staff.xlsx"), {})
    assert said_of_columns(delivery) == [
        "staff.xlsx: alla celler under rubriken Grad är tomma, så kolumnen rate saknas"
    ]
    assert delivery.tables["employments"]["rate"].isna().all()


@pytest.mark.parametrize(
    ("column", "error", "reason"),
    [
        ("A", "#REF!", "cell_error"),
        ("C", "#REF!", "cell_error"),
        ("D", "#VALUE!", "cell_error"),
        ("E", "#REF!", "unknown_value"),
        ("F", "#DIV/0!", "bad_number"),
        ("H", "#VALUE!", "bad_date"),
        ("G", "#N/A", "missing"),
        ("F", "#N/A", ""),
    ],
)
def test_a_cell_whose_formula_failed_sets_its_row_aside(tmp_path, column, error, reason):
    book = xlsxwriter.Workbook(tmp_path / "staff.xlsx")
    sheet = book.add_worksheet()
    for place, row in enumerate([HEADER, ANNA, BO]):
        sheet.write_row(place, 0, row.split(";"))
    sheet.write_formula(f"{column}2", "=Z1", None, error)
    book.close()
    delivery = read(tmp_path, FACTS + STAFF.replace("staff.csv", "staff.xlsx"), {})
    assert delivery.quarantine[["source_row", "reason"]].to_numpy().tolist() == ([[2, reason]] if reason else [])
    assert len(delivery.tables["employments"]) == (1 if reason else 2)


def test_a_person_is_not_made_of_an_error(tmp_path):
    keyed = FACTS + STAFF.replace('person = "Anställningsnr"', 'number = "Anställningsnr"')
    toml = keyed + '[file.keys]\nperson = ["number", "birth"]\n'
    delivery = staff(tmp_path, ANNA.replace("100231", "#REFERENS!"), BO, toml=toml)
    assert delivery.quarantine["reason"].tolist() == ["key_incomplete"]
