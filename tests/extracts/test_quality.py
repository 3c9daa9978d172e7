"""What may be wrong with a delivery that can be read: told as warnings with their size."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.extracts import Delivery, read_delivery
from analysis.extracts.proposing.departments import departments
from analysis.extracts.quality import compare, look_over, profile, said
from analysis.extracts.quality.comparing import power_of_ten
from analysis.extracts.quality.profile import extraction, headcount
from analysis.extracts.rows.staging import CleanTables
from analysis.reference import load
from analysis.workforce.structure import structure_of

from .contract import empty_table
from .town import ANNA, EVA, FACTS, HEADER, KEY, ORGANISATION, STAFF, UNITS, lines, read

EXTRACTED = pd.Timestamp("2026-01-07")
FORMS = np.array(["Tillsvidare", "Vikariat"])


def staff_rows(persons: int = 900) -> pd.DataFrame:
    """Persons hired evenly over ten years in three units; every fifth has left."""
    rng = np.random.default_rng(3)
    start = pd.Timestamp("2015-12-15") + pd.to_timedelta(np.arange(persons) * 3650 // persons, unit="D")
    left = np.arange(persons) % 5 == 0
    end = np.where(left, (start + pd.Timedelta(days=200)).strftime("%Y-%m-%d"), "")
    return pd.DataFrame(
        {
            "Anställningsnr": np.arange(persons) + 100000,
            "Anst": "1",
            "Enhet": np.array(["d0180", "d0181", "d0182"])[np.arange(persons) % 3],
            "AID": np.array(["402010", "403010"])[np.arange(persons) % 2],
            "Form": FORMS[np.arange(persons) % 2],
            "Grad": rng.choice([0.5, 0.75, 1.0], persons),
            "Från": start.strftime("%Y-%m-%d"),
            "Till": np.where(pd.to_datetime(pd.Series(end), errors="coerce") > EXTRACTED, "", end),
            "Född": [f"{1960 + place % 40}-{1 + place % 12:02d}-14" for place in range(persons)],
        }
    )


def delivered(folder: Path, rows: pd.DataFrame, *, toml: str = FACTS + STAFF, **more: str) -> Delivery:
    files = {"staff.csv": rows.to_csv(sep=";", index=False)} | {f"{name}.csv": text for name, text in more.items()}
    return read(folder, toml, files)


@pytest.fixture(scope="module")
def usual(tmp_path_factory) -> Delivery:
    return delivered(tmp_path_factory.mktemp("usual"), staff_rows())


def differences(folder: Path, rows: pd.DataFrame, usual: Delivery, *, least: int = 1) -> list[str]:
    now = delivered(folder, rows)
    notices = compare(profile(now), profile(usual, least=least), now.manifest, before="förra")
    assert all(notice.sv != str(notice) for notice in notices)
    return [notice.sv for notice in notices]


def test_the_rows_have_the_columns_of_the_town():
    assert ";".join(staff_rows(1).columns) == HEADER


def test_a_delivery_like_the_one_before_gives_no_warning(tmp_path, usual):
    assert differences(tmp_path, staff_rows(), usual) == []
    assert look_over(usual) == []


def test_a_few_more_people_give_no_warning(tmp_path, usual):
    assert differences(tmp_path, staff_rows(930), usual) == []


def test_a_column_that_suddenly_becomes_zero_is_told_with_its_size(tmp_path, usual):
    said_now = differences(tmp_path, staff_rows().assign(Grad=0), usual)
    assert said_now == ["employments, Grad: noll i 100,0\u00a0% av de ifyllda cellerna mot 0,0\u00a0% i förra."]


def test_a_column_that_suddenly_becomes_empty_is_told_with_its_size(tmp_path, usual):
    rows = staff_rows()
    rows.loc[rows.index[::2], "AID"] = ""
    assert "employments, AID: tom i 50,0\u00a0% av raderna mot 0,0\u00a0% i förra." in differences(
        tmp_path, rows, usual
    )


@pytest.mark.parametrize(("divisor", "factor"), [(10, "0,1"), (100, "0,01")])
def test_a_shifted_decimal_is_told(tmp_path, usual, divisor, factor):
    rows = staff_rows()
    (told,) = differences(tmp_path, rows.assign(Grad=rows["Grad"] / divisor), usual)
    assert told.startswith(f"employments, Grad: värdena ser ut att vara {factor} gånger så stora som i förra")


def test_pay_that_suddenly_becomes_zero_is_told(tmp_path):
    toml = FACTS + STAFF.replace("[file.columns]", '[file.columns]\npay = "Lön"')
    then, now = (
        delivered(tmp_path / name, staff_rows().assign(Lön=pay), toml=toml) for name, pay in (("a", 31500), ("b", 0))
    )
    notices = compare(profile(now), profile(then, least=5), now.manifest, before="förra")
    assert [each.sv for each in notices] == [
        "employments, Lön: noll i 100,0\u00a0% av de ifyllda cellerna mot 0,0\u00a0% i förra."
    ]


def test_a_shifted_decimal_of_pay_is_told_and_nobody_s_pay_is_kept_to_tell_it(tmp_path):
    toml = FACTS + STAFF.replace("[file.columns]", '[file.columns]\npay = "Lön"')
    rows = staff_rows(120)
    rows["Lön"] = 28_013 + 117 * (np.arange(120) % 40)
    parts = [delivered(tmp_path, rows.assign(Lön=rows["Lön"] * times), toml=toml) for times in (1, 10)]
    register = profile(parts[0], least=5)
    (told,) = compare(profile(parts[1]), register, parts[1].manifest, before="förra")
    assert told.sv.startswith("employments, Lön: värdena ser ut att vara 10 gånger så stora som i förra (median 300")
    kept = register[(register["column"] == "pay") & register["measure"].isin(["q10", "median", "q90", "mean"])]
    assert sorted(kept["measure"]) == ["median", "q10", "q90"]
    assert (kept["value"] % 1000 == 0).all()
    few = profile(delivered(tmp_path, rows.head(20), toml=toml))
    assert set(few.loc[few["column"] == "pay", "measure"]) == {"empty"}  # P10 and P90 need 21


def test_only_a_power_of_ten_is_a_shifted_decimal():
    assert power_of_ten(750.0, 7.4) == 100
    assert power_of_ten(0.075, 0.74) == pytest.approx(0.1)
    assert power_of_ten(8.0, 7.4) == 0
    assert power_of_ten(40.0, 7.4) == 0
    assert power_of_ten(0.0, 7.4) == power_of_ten(7.4, float("nan")) == 0


def test_a_department_that_vanishes_and_one_that_is_new_are_told_with_their_headcount(tmp_path, usual):
    rows = staff_rows()
    rows["Enhet"] = rows["Enhet"].replace("d0182", "d0199")
    there = usual.tables["employments"]
    there = int((there["end"].isna() & (there["unit"] == "d0182")).sum())
    told = differences(tmp_path, rows, usual)
    assert f"Avdelning d0182: ingen anställd, mot {there} i förra." in told
    assert f"Avdelning d0199: {there} anställda; avdelningen finns inte i förra." in told


def test_departments_are_those_of_the_organisation(tmp_path):
    toml = FACTS + '[departments]\nlevel = "avdelning"\n' + STAFF + ORGANISATION
    units = "Enhet;Överordnad;Nivå;Namn\nd0100;;avdelning;Förskola\n"
    units += "".join(f"{unit};d0100;enhet;x\n" for unit in ("d0180", "d0181", "d0182"))
    found = profile(delivered(tmp_path, staff_rows(), toml=toml, units=units))
    mine = found[found["measure"] == "department"]
    assert mine["key"].tolist() == ["d0100"]
    assert mine["value"].tolist() == [(staff_rows()["Till"] == "").sum()]


def test_a_circle_of_units_is_no_endless_loop(tmp_path):
    toml = FACTS + '[departments]\nlevel = "avdelning"\n' + STAFF + ORGANISATION
    units = "Enhet;Överordnad;Nivå;Namn\nd0180;d0181;enhet;x\nd0181;d0182;enhet;y\nd0182;d0180;enhet;z\n"
    found = profile(delivered(tmp_path, staff_rows(), toml=toml, units=units))
    assert set(found.loc[found["measure"] == "department", "key"]) == {"d0180", "d0181", "d0182"}


def test_a_category_never_seen_before_is_told_and_one_that_is_gone(tmp_path, usual):
    rows = staff_rows()
    told = differences(tmp_path, rows.assign(AID=rows["AID"].replace("403010", "999999")), usual)
    assert "employments, AID: '999999' (450) har inte förekommit i förra." in told
    assert "employments, AID: '403010' förekommer inte längre, mot 450 i förra." in told


def test_a_month_without_hires_is_told_against_the_one_before_and_by_itself(tmp_path, usual):
    rows = staff_rows()
    rows["Från"] = rows["Från"].str.replace("2024-03-", "2024-02-").replace(r"-(30|31)$", "-28", regex=True)
    now = delivered(tmp_path, rows)
    before = profile(usual)
    then = before[(before["measure"] == "hires") & (before["key"] == "2024-03")]["value"].iloc[0]
    notices = [each.sv for each in compare(profile(now), before, now.manifest, before="förra")]
    assert f"2024-03: ingen nyanställd, mot {then:.0f} i förra." in notices
    assert [each.sv.split(",")[0] for each in look_over(now)] == ["2024-03: ingen nyanställd"]


def test_a_table_that_is_gone_and_a_jump_in_rows_are_told(tmp_path, usual):
    told = differences(tmp_path, staff_rows(400), usual)
    assert "employments: 400 rader mot 900 i förra." in told
    gone = replace(usual, tables=CleanTables({}))
    (notice,) = compare(profile(gone), profile(usual), usual.manifest, before="förra")[:1]
    assert notice == "employments: the table was in förra (900 rows) but is missing now."


def test_a_register_holds_no_small_group_and_no_personal_column(tmp_path):
    rows = staff_rows(60)
    rows.loc[:2, "AID"] = "111111"
    rows.loc[:2, "Enhet"] = "d0999"
    register = profile(delivered(tmp_path, rows), least=5)
    counts = register[register["measure"].isin(["category", "department", "hires", "exits"])]
    assert not counts["value"].between(0, 5, inclusive="neither").any()
    assert not {"111111", "d0999"} & set(register["key"])
    measured = register[register["measure"].isin(["mean", "median", "q10", "q90", "category"])]
    assert not {"person", "employment", "birth", "pay"} & set(measured["column"])
    exact = profile(read_delivery(tmp_path, key=KEY))
    assert {"111111", "d0999"} <= set(exact["key"])


def test_counts_too_small_for_the_register_prove_nothing(tmp_path):
    rows = staff_rows(300)
    rows.loc[:3, "AID"] = "111111"
    before = delivered(tmp_path / "before", rows)
    assert differences(tmp_path / "now", rows, before, least=5) == []


def test_the_description_does_not_depend_on_the_pseudonym_key(tmp_path, usual):
    rows = delivered(tmp_path, staff_rows())
    other = read_delivery(tmp_path, key=b"another key of tests, also unused")
    pd.testing.assert_frame_equal(profile(rows), profile(other))


def test_an_almost_empty_delivery_does_not_crash(tmp_path, usual):
    bare = delivered(tmp_path, staff_rows(1))
    assert look_over(bare) == []
    nobody = replace(usual, tables=CleanTables.of({name: empty_table(name) for name in ("employments", "absences")}))
    assert look_over(nobody) == []
    assert compare(profile(nobody), profile(usual), usual.manifest, before="förra")
    assert compare(profile(usual), profile(nobody), usual.manifest, before="förra") == []


def absences(months: int = 24, persons: int = 40) -> pd.DataFrame:
    table = pd.DataFrame({"month": np.repeat(pd.date_range("2024-01-01", periods=months, freq="MS"), persons)})
    table["person"] = np.tile([f"p{number}" for number in range(persons)], months)
    table["unit"], table["ordinary_hours"] = "d0180", 160.0
    table["sick_hours"] = np.tile(np.arange(persons) % 4 * 8.0, months)
    table["source"], table["source_row"] = "absences.csv", np.arange(len(table)) + 2
    return pd.concat([empty_table("absences"), table]).astype({"source_row": "int64"})


def with_absences(usual: Delivery, table: pd.DataFrame) -> list[str]:
    return [each.sv for each in look_over(replace(usual, tables=CleanTables.of({**usual.tables, "absences": table})))]


def test_a_month_in_which_nobody_was_ill_is_told(usual):
    table = absences()
    assert with_absences(usual, table) == []
    table.loc[table["month"] == "2024-07-01", "sick_hours"] = 0.0
    assert with_absences(usual, table) == [
        "absences, sick_hours: noll i alla 40 rader för 2024-07, mot vanligen 25,0\u00a0%."
    ]


def test_a_month_that_is_missing_is_told(usual):
    table = absences()
    assert with_absences(usual, table[table["month"] != "2024-07-01"]) == [
        "absences: inga rader för 2024-07, fast månaderna omkring har rader (vanligen 40)."
    ]


def test_a_file_with_another_unit_than_its_sisters_is_told(usual):
    table = absences()
    table["source"] = "absences_" + table["month"].dt.year.astype("str") + ".csv"
    late = table["month"] >= "2025-01-01"
    table.loc[late, ["ordinary_hours", "sick_hours"]] /= 10
    told = with_absences(usual, table)
    assert told[0].startswith("absences_2025.csv, ordinary_hours: värdena ser ut att vara 0,1 gånger så stora")
    assert len(told) == 2


SCALED = FACTS + STAFF + "[file.scale]\nrate = 0.01\n"


def test_fractions_among_rates_in_per_cent_are_told_with_their_share(tmp_path):
    rows = staff_rows()
    per_cent = rows.assign(Grad=rows["Grad"] * 100)
    assert look_over(delivered(tmp_path / "a", per_cent, toml=SCALED)) == []
    mixed = per_cent.copy()
    mixed.loc[mixed.index % 10 == 0, "Grad"] /= 100
    (told,) = look_over(delivered(tmp_path / "b", mixed, toml=SCALED))
    assert told.sv.startswith(
        "staff.csv, Grad: 90 sysselsättningsgrader (10,0\u00a0% av dem som inte är noll) är högst en hundradel"
    )
    (told,) = look_over(delivered(tmp_path / "c", rows, toml=SCALED))
    assert told.startswith("staff.csv, Grad: 900 employment rates (100.0% of those that are not zero)")


def test_a_few_rates_next_to_nothing_and_those_of_the_hourly_paid_are_not_told(tmp_path):
    rows = staff_rows()
    rows.loc[:9, "Grad"] = 0.01
    assert look_over(delivered(tmp_path / "a", rows)) == []
    rows.loc[:99, ["Grad", "Form"]] = [0.01, "Tim"]
    hourly = FACTS + STAFF + '"Tim" = "hourly"\n'
    assert look_over(delivered(tmp_path / "b", rows, toml=hourly)) == []
    assert len(look_over(delivered(tmp_path / "c", rows, toml=hourly.replace('"hourly"', '"temporary"')))) == 1


def test_a_comma_before_thousands_of_pay_is_told_whether_some_or_all_have_it(tmp_path):
    paid = FACTS + STAFF.replace('birth = "Född"', 'birth = "Född"\npay = "Lön"')
    paid = paid.replace('path = "staff.csv"', 'path = "staff.csv"\ndecimal = ","')
    rows = staff_rows().assign(Grad="1,0", Lön="28 037")
    assert look_over(delivered(tmp_path / "a", rows, toml=paid)) == []
    rows.loc[rows.index % 9 == 0, "Lön"] = "28,037"
    (told,) = look_over(delivered(tmp_path / "b", rows, toml=paid))
    assert told.startswith("staff.csv, Lön: 100 sums of pay (11.1% of those that are not zero)")
    (told,) = look_over(delivered(tmp_path / "c", rows.assign(Lön="28,037"), toml=paid))
    assert told.startswith("staff.csv, Lön: 900 sums of pay")


def test_dates_after_the_extraction_are_told(tmp_path):
    rows = staff_rows()
    rows.loc[:99, "Från"] = "2026-09-01"
    rows.loc[:99, "Till"] = ""
    told = [each.sv for each in look_over(delivered(tmp_path, rows))]
    assert told == ["employments, Från: 100 datum (11,1\u00a0%) ligger efter uttagsdagen."]


def test_a_department_without_working_time_is_told(tmp_path):
    rows = staff_rows()
    rows.loc[rows["Enhet"] == "d0181", "Grad"] = 0
    told = [each.sv for each in look_over(delivered(tmp_path, rows))]
    there = int(((rows["Enhet"] == "d0181") & (rows["Till"] == "")).sum())
    assert told == [f"Avdelning d0181: sysselsättningsgraden är noll eller tom för alla {there} anställda."]


def test_a_department_that_emptied_within_a_year_is_told_unless_it_was_closed(tmp_path):
    rows = staff_rows()
    gone = (rows["Enhet"] == "d0182") & (rows["Till"] == "")
    rows.loc[gone, "Till"] = "2025-10-31"
    rows = rows[(rows["Till"] == "") | (rows["Till"] >= rows["Från"])]
    told = [each.sv for each in look_over(delivered(tmp_path / "a", rows)) if each.sv.startswith("Avdelning")]
    assert len(told) == 1
    assert told[0].startswith("Avdelning d0182: ingen anställd, mot")
    toml = FACTS + STAFF + ORGANISATION + 'valid_to = "Stängd"\n'
    units = "Enhet;Överordnad;Nivå;Namn;Stängd\nd0180;;enhet;x;\nd0181;;enhet;y;\nd0182;;enhet;z;2025-10-31\n"
    closed = look_over(delivered(tmp_path / "b", rows, toml=toml, units=units))
    assert not any("Avdelning" in each.sv for each in closed)


def test_yearly_lists_are_looked_over_too(tmp_path):
    lists = (
        FACTS
        + """
[[file]]
table = "snapshots"
path = "staff.csv"
[file.columns]
person = "Anställningsnr"
snapshot = "Dag"
unit = "Enhet"
hired = "Från"
rate = "Grad"
"""
    )
    rows = staff_rows(300)
    both = pd.concat([rows.assign(Dag="2024-12-31"), rows.assign(Dag="2025-12-31")])
    found = delivered(tmp_path / "a", both[both["Från"] <= both["Dag"]], toml=lists)
    assert look_over(found) == []
    counts = profile(found).set_index("measure").loc["department", "value"]
    assert counts.sum() == (rows["Från"] <= "2025-12-31").sum()
    both.loc[both["Dag"] == "2024-12-31", "Grad"] = 0
    told = look_over(delivered(tmp_path / "b", both[both["Från"] <= both["Dag"]], toml=lists))
    assert [
        each for each in told if "2024-12" in each and "zero in all" in each
    ] == []  # of two lists neither is the rule


def test_every_finding_has_a_sentence_in_both_languages_with_the_same_values():
    import string

    for entry in load("quality")["finding"]:
        fields = [{name for _, name, _, _ in string.Formatter().parse(entry[each]) if name} for each in ("sv", "en")]
        assert fields[0] == fields[1], entry["id"]
    with pytest.raises(KeyError):
        said("never")


def test_the_extraction_day_of_the_town_is_the_one_these_tests_count_from(usual):
    assert usual.manifest.delivery.extracted == date(2026, 1, 7)


@pytest.mark.parametrize("level", ["avdelning", "Avdelning", " AVDELNING"])
def test_departments_to_choose_from_are_those_that_reports_are_about(tmp_path, monkeypatch, level):
    monkeypatch.setenv("ANALYSIS_PSEUDONYM_KEY", "a key of tests that nobody uses elsewhere")
    toml = FACTS + f'[departments]\nlevel = "{level}"\n' + STAFF + ORGANISATION
    rows = [ANNA.replace("100231", f"{number}") for number in range(100, 106)]
    delivery = read(tmp_path, toml, {"staff.csv": lines(*rows, EVA), "units.csv": UNITS})
    assert headcount(delivery, extraction(delivery)) == {"d0100": 7}
    found = departments(tmp_path).to_numpy().tolist()
    assert found == [["d0100", "Förskola", "7"]]
    employed = delivery.tables["employments"]["unit"]
    at = pd.Timestamp("2025-12-31")
    assert set(structure_of(employed, delivery.tables["organisation"], level, at).departments.values()) == {"d0100"}
