"""What a delivery is told at the end: the verdict, the report for those who sent it, and which parts there will be."""

from __future__ import annotations

from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from analysis.edition.lookback import look_back
from analysis.errors import InputError
from analysis.extracts import Notice, judge, summary, write_report
from analysis.extracts.account.missing import losses, parts
from analysis.extracts.account.verdict import sized
from analysis.extracts.quality import look_over
from analysis.reference import load, policy
from tests.extracts.town import ANNA, BO, EVA, EXITS, FACTS, SPLIT, STAFF, staff


def test_the_verdict_has_three_steps(tmp_path):
    good = [ANNA.replace("100231", str(number)) for number in range(30)]
    fine = staff(tmp_path, *good)
    assert judge(fine, policy()).lines("en")[0] == "Can be published."
    look = staff(tmp_path, *good, SPLIT.replace("100231", "7"))
    assert judge(look, policy()).lines("en")[0] == "Look at this first:"
    assert "1 person" in summary(look, "en", findings=[]).split("Look at this first")[1]
    stop = staff(tmp_path, *good[:9], BO.replace("Vikariat", "?"))
    assert judge(stop, policy()).step == "stop"
    text = summary(stop, "sv", findings=look_over(stop))
    assert "Kan inte publiceras" in text
    assert "Inget som avviker" not in text


def test_rules_are_printed_under_the_table_they_are_about(tmp_path):
    rule = '[[file.exclude]]\nrule = "visit"\ncolumn = "form"\nmatches = "^besök"\nwhy = "Besökare."\n'
    other = EXITS.replace("exits.csv", "staff.csv").replace('"Nr"', '"Anställningsnr"').replace('"Datum"', '"Till"')
    other = other.replace('cause = "Orsak"\n', "")
    text = summary(staff(tmp_path, ANNA, BO, BO.replace("Vikariat", "Besök"), toml=FACTS + STAFF + rule + other))
    assert text.count("visit: Besökare.") == 1


def test_the_report_is_masked_safe_and_has_a_sheet_per_file(tmp_path):
    wrong = ANNA.replace("100231", "19790314-1234").replace("Tillsvidare", "=1+1").replace("2015-08-10", "+SUM(A1)")
    delivery = staff(tmp_path, wrong, BO.replace("2021-01-01", "=HYPERLINK(1)"), EVA.replace("100233", ""))
    path = write_report(delivery, tmp_path / "report.xlsx", language="sv", findings=look_over(delivery))
    whole = CalamineWorkbook.from_path(path)
    assert whole.sheet_names == ["Utlåtande", "staff.csv employments"]
    sheets = [whole.get_sheet_by_name(name).to_python() for name in whole.sheet_names]
    assert sheets[0][0][0].startswith("Kan inte publiceras")
    cells = [str(cell) for sheet in sheets for row in sheet for cell in row]
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells)
    assert not any("19790314" in cell for cell in cells)
    with ZipFile(path) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets" in name)
    assert sheets[1][1][0] == 2
    assert all(all(row[:2] + row[3:]) for row in sheets[1][1:])
    with pytest.raises(InputError, match=r"\.xlsx"):
        write_report(delivery, tmp_path / "report.csv")


def test_what_is_missing_and_which_parts_there_will_be(tmp_path):
    delivery = staff(tmp_path / "a", ANNA.removesuffix("1979-03-14"), EVA.removesuffix("1962-01-30"))
    lost = {(each.table, each.columns) for each in losses(delivery)}
    assert {("employments", ("birth",)), ("employments", ("end",)), ("absences", ())} <= lost
    assert ("employments", ("rate",)) not in lost
    back = look_back(delivery)
    waits = {each.id for each in parts(delivery, back.awaits) if each.why is not None}
    assert {"ages", "turnover", "judged", "sick_leave"} <= waits
    assert not {"structure", "forms"} & waits
    assert not {"turnover", "judged"} & {each.id for each in parts(delivery)}
    left = staff(tmp_path / "b", ANNA, BO.replace("2025-06-30", "2024-06-30"))
    back = look_back(left)
    why = {each.id: each.why for each in parts(left, back.awaits)}
    assert why["turnover"] is None
    assert why["ages"] is None
    assert [each.persons for each in back.stops] == [0]
    text = summary(left, "sv", history=back.notices, awaits=back.awaits, stops=back.stops)
    assert "Kan inte publiceras:\n  – färre än" in text


def test_every_loss_names_columns_that_there_are_and_every_reason_what_to_do():
    from analysis.tables.clean import TABLES

    for entry in load("missing")["column"]:
        assert set(entry["columns"]) <= TABLES[entry["table"]].keys()
    for entry in load("missing")["part"]:
        for place in entry.get("any", []):
            table, column = place.split(".")
            assert column in TABLES[table]
    assert all(entry["do_sv"] and entry["do_en"] for entry in load("reasons")["reason"])


@pytest.mark.parametrize(("persons", "said"), [(1, " (1 person)"), (21, "")])
def test_the_size_of_a_sentence_is_added_unless_the_very_number_stands_in_it(persons, said):
    text = "21 persons have something."
    assert sized(Notice(sv=text, en=text, persons=persons), "en") == text + said
