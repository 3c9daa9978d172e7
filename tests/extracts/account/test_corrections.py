"""The quarantine as a payroll officer uses it: opened, corrected, fed back."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import InputError
from analysis.extracts import Delivery, read_delivery, summary, write_quarantine
from analysis.extracts.account.corrections import BY_HAND, read_corrections
from analysis.extracts.delivery import COUNTS
from tests.extracts.town import ANNA, BO, EVA, FACTS, KEY, ORGANISATION, STAFF, UNITS, account, lines, read, write

BAD_DATE = BO.replace("2021-01-01", "igår")
BAD_FORM = EVA.replace("Tillsvidare", "Kod 7")
SHORT = "100234;1;d0180"


def set_aside(folder: Path, *rows: str, toml: str = FACTS + STAFF, language: str = "sv") -> tuple[Delivery, Path]:
    """A delivery and the file its quarantine was written to."""
    delivery = read(folder / "in", toml, {"staff.csv": lines(*rows)})
    (file,) = write_quarantine(delivery, folder / "in", folder / "out", key=KEY, language=language)
    return delivery, file


def table(file: Path) -> pd.DataFrame:
    return pd.read_csv(file, sep=";", dtype="str", keep_default_na=False, encoding="utf-8-sig")


def fill(file: Path, changes: dict[int, dict[str, str]], *, encoding: str = "utf-8-sig") -> Path:
    """Write into the cells of the rows named by their number in the raw file."""
    found = table(file)
    for row, cells in changes.items():
        for name, value in cells.items():
            found.loc[found["rad"] == str(row), name] = value
    found.to_csv(file, sep=";", index=False, encoding=encoding, quoting=csv.QUOTE_MINIMAL)
    return file


def again(folder: Path, corrections: Path) -> Delivery:
    delivery = read_delivery(folder / "in", key=KEY, corrections=corrections)
    ledger = delivery.ledger
    assert (ledger["read"] == ledger[list(COUNTS[1:])].sum(axis=1)).all()
    return delivery


def test_a_file_has_the_row_the_reason_in_words_and_the_line_with_personal_cells_masked(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE)
    (line,) = table(file).to_dict("records")
    assert line["fil"] == "staff.csv"
    assert line["rad"] == "3"
    assert line["kolumn"] == "Från"
    assert line["orsak"] == "kunde inte läsas som ett datum"
    assert line["värde (maskerat)"] == "igår"
    assert line["ursprunglig rad (maskerad)"] == "*****;*****;d0180;403010;Vikariat;0.75;igår;2025-06-30;*****"
    assert line["rättat värde"] == line["åtgärd"] == ""


def test_the_file_opens_as_a_table_in_a_swedish_spreadsheet(tmp_path):
    _, file = set_aside(tmp_path, BAD_DATE)
    data = file.read_bytes()
    assert data.startswith(b"\xef\xbb\xbffil;tabell;rad;")
    assert data.endswith(b"\r\n")


def test_the_english_file_says_the_same_and_can_be_fed_back(tmp_path):
    _, file = set_aside(tmp_path, BAD_DATE, language="en")
    text = file.read_text(encoding="utf-8-sig")
    assert "could not be read as a date" in text
    assert "åtgärd" not in text
    file.write_text(text.replace(";;;k", ";2021-01-01;correct;k"), encoding="utf-8")
    assert again(tmp_path, file).quarantine.empty


def test_a_quarantine_is_written_to_a_folder_and_not_over_a_file(tmp_path):
    delivery = read(tmp_path, FACTS + STAFF, {"staff.csv": lines(ANNA, BAD_DATE)})
    with pytest.raises(InputError, match=r"^staff\.csv is a file; name a folder"):
        write_quarantine(delivery, tmp_path, tmp_path / "staff.csv", key=KEY)


def test_nobody_can_be_recognised_in_the_file(tmp_path):
    rows = [f"{row};Anna Exempelsson" for row in (BAD_DATE, SHORT, f"100231;{BAD_FORM[7:]}")]
    delivery = read(tmp_path / "in", FACTS + STAFF, {"staff.csv": lines(*rows, header=lines().strip() + ";Namn")})
    (file,) = write_quarantine(delivery, tmp_path / "in", tmp_path / "out", key=KEY)
    text = file.read_text(encoding="utf-8-sig")
    assert len(table(file)) == 3
    assert not any(value in text for value in ("Exempelsson", "100232", "100231", "100234", "1990-11-02", "1962"))


def test_a_cell_that_a_spreadsheet_would_calculate_is_only_shown(tmp_path):
    _, file = set_aside(tmp_path, BO.replace("2021-01-01", "=1+1"))
    assert table(file)["värde (maskerat)"].tolist() == ["'=1+1"]


def test_a_corrected_row_is_accepted_and_said_so(tmp_path):
    before, file = set_aside(tmp_path, ANNA, BAD_DATE, BAD_FORM)
    assert account(before)["quarantined"] == 2
    delivery = again(tmp_path, fill(file, {3: {"rättat värde": "2021-01-01"}}))
    assert account(delivery)["accepted"] == 2
    assert account(delivery)["quarantined"] == 1
    bo = delivery.tables["employments"].set_index("source_row").loc[3]
    assert bo["start"] == pd.Timestamp("2021-01-01")
    text = summary(delivery)
    assert "1 rättade celler i 1 rader: 1 godkända nu, 0 fortfarande fel" in text
    assert "Rättelser: staff.csv.csv" in text
    assert "1 cells corrected in 1 rows: 1 accepted now, 0 still wrong" in summary(delivery, "en")


def test_a_correction_that_is_wrong_too_is_still_set_aside(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE)
    delivery = again(tmp_path, fill(file, {3: {"rättat värde": "i förrgår"}}))
    assert delivery.corrections[["accepted", "wrong"]].to_numpy().tolist() == [[0, 1]]
    assert delivery.quarantine["shown"].tolist() == ["i förrgår"]


def test_a_row_dropped_by_hand_is_excluded_by_a_named_rule(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE, BAD_FORM)
    delivery = again(tmp_path, fill(file, {4: {"åtgärd": "Stryk"}}))
    assert account(delivery) == {
        "read": 3, "accepted": 1, "quarantined": 1, "merged": 0, "excluded": 1, "structural": 0,
    }  # fmt: skip
    assert delivery.rules[["rule", "rows", "persons"]].to_numpy().tolist() == [[BY_HAND, 1, 1]]
    assert "1 × corrected_by_hand: Struken för hand i rättelsefilen." in summary(delivery)
    assert "Dropped by hand" in summary(delivery, "en")
    assert delivery.quarantine["source_row"].tolist() == [3]


def test_a_rule_of_the_delivery_with_the_same_name_keeps_its_rows(tmp_path):
    rule = '\n[[file.exclude]]\nrule = "corrected_by_hand"\ncolumn = "form"\nmatches = "vik|temp"\nwhy = "x"\n'
    _, file = set_aside(tmp_path, ANNA, BO, BAD_FORM, toml=FACTS + STAFF + rule)
    delivery = again(tmp_path, fill(file, {4: {"åtgärd": "stryk"}}))
    assert account(delivery)["excluded"] == 2


def test_an_end_date_can_be_emptied(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BO.replace("2025-06-30", "2020-06-30"))
    assert table(file)["kolumn"].tolist() == ["Till"]
    delivery = again(tmp_path, fill(file, {3: {"åtgärd": "rätta"}}))
    assert delivery.tables["employments"]["end"].isna().all()


def test_a_row_that_no_longer_holds_what_it_held_is_not_corrected(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE, BAD_FORM)
    fill(file, {3: {"rättat värde": "2021-01-01"}, 4: {"åtgärd": "stryk"}})
    write(tmp_path / "in", FACTS + STAFF, {"staff.csv": lines(EVA, ANNA, BAD_DATE)})
    delivery = again(tmp_path, file)
    assert delivery.corrections[["rows", "dropped", "refused"]].to_numpy().tolist() == [[0, 0, 2]]
    assert account(delivery)["quarantined"] == 1
    (notice,) = [each for each in delivery.warnings if "no longer holds" in each]
    assert "staff.csv: 2 rows were not corrected (3, 4)" in notice
    assert "2 rättelser gäller inte längre" in summary(delivery)


def test_a_row_beyond_the_end_of_a_shorter_file_is_refused_too(tmp_path):
    _, file = set_aside(tmp_path, ANNA, EVA, BAD_DATE)
    fill(file, {4: {"rättat värde": "2021-01-01"}})
    write(tmp_path / "in", FACTS + STAFF, {"staff.csv": lines(ANNA)})
    assert again(tmp_path, file).corrections["refused"].tolist() == [1]


def test_another_pseudonym_key_refuses_and_the_check_value_tells_nothing_without_it(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE)
    fill(file, {3: {"rättat värde": "2021-01-01"}})
    other = read_delivery(tmp_path / "in", key=b"another key of tests, also unused", corrections=file)
    assert other.corrections["refused"].tolist() == [1]


def test_a_short_row_can_be_given_again_as_a_whole_line(tmp_path):
    _, file = set_aside(tmp_path, ANNA, SHORT)
    assert table(file)["kolumn"].tolist() == [""]
    assert table(file)["ursprunglig rad (maskerad)"].tolist() == ["*****;*****;*****;;;;;;"]
    delivery = again(tmp_path, fill(file, {3: {"rättat värde": BO.replace("100232", "100234")}}))
    assert delivery.quarantine.empty
    assert account(delivery)["accepted"] == 2
    with pytest.raises(InputError, match="9 cells"):
        again(tmp_path, fill(file, {3: {"rättat värde": "100234;d0180"}}))


def test_a_later_round_adds_to_an_earlier_one(tmp_path):
    _, file = set_aside(tmp_path, BAD_DATE.replace("0.75", "75"))
    fill(file, {2: {"rättat värde": "0,75" if table(file)["kolumn"][0] == "Grad" else "2021-01-01"}})
    halfway = again(tmp_path, file)
    assert halfway.corrections["wrong"].tolist() == [1]
    (second,) = write_quarantine(halfway, tmp_path / "in", tmp_path / "second", key=KEY)
    fill(second, {2: {"rättat värde": "0,75" if table(second)["kolumn"][0] == "Grad" else "2021-01-01"}})
    rounds = tmp_path / "rounds"
    rounds.mkdir()
    file.rename(rounds / "1.csv")
    second.rename(rounds / "2.csv")
    delivery = again(tmp_path, rounds)
    assert delivery.quarantine.empty
    assert delivery.tables["employments"]["rate"].tolist() == [0.75]
    assert [name for name, _ in delivery.inputs][-2:] == ["1.csv", "2.csv"]


def test_a_file_saved_again_by_a_spreadsheet_in_another_encoding_is_understood(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE)
    fill(file, {3: {"rättat värde": "2021-01-01", "åtgärd": "rätta"}}, encoding="cp1252")
    assert again(tmp_path, file).quarantine.empty


def test_dates_as_iso_are_understood_whatever_the_file_writes(tmp_path):
    toml = FACTS + STAFF + '[file.formats]\nstart = ["%d.%m.%Y"]\n'
    _, file = set_aside(tmp_path, ANNA.replace("2015-08-10", "31.02.2015"), toml=toml)
    delivery = again(tmp_path, fill(file, {2: {"rättat värde": "2015-02-28"}}))
    assert delivery.tables["employments"]["start"].tolist() == [pd.Timestamp("2015-02-28")]


def test_delivery_toml_names_the_corrections_as_a_hashed_input(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE)
    fill(file, {3: {"rättat värde": "2021-01-01"}})
    file.rename(tmp_path / "in" / "rattelser.csv")
    toml = FACTS + 'corrections = "rattelser.csv"\n' + STAFF
    delivery = read(tmp_path / "in", toml, {})
    assert delivery.quarantine.empty
    name, digest = delivery.inputs[-1]
    assert name == "rattelser.csv"
    assert re.fullmatch("[0-9a-f]{64}", digest)


def test_corrected_personal_values_reach_no_message_and_no_table(tmp_path):
    row = BO.replace("100232", "1.00232E+11")
    delivery, file = set_aside(tmp_path, ANNA, row)
    assert delivery.quarantine["reason"].tolist() == ["digits_lost"]
    delivery = again(tmp_path, fill(file, {3: {"rättat värde": "100232000000"}}))
    assert account(delivery)["accepted"] == 2
    frames = [*delivery.tables.values(), delivery.quarantine, delivery.corrections, delivery.ledger, delivery.rules]
    text = "".join(frame.to_csv() for frame in frames) + summary(delivery) + "".join(delivery.warnings)
    assert "100232000000" not in text


def test_a_key_built_of_several_columns_names_the_empty_one(tmp_path):
    toml = STAFF.replace('person = "Anställningsnr"', 'number = "Anställningsnr"') + (
        '[file.keys]\nperson = ["number", "birth"]\n'
    )
    _, file = set_aside(tmp_path, ANNA, EVA.replace("1962-01-30", ""), toml=FACTS + toml)
    assert table(file)["kolumn"].tolist() == ["Född"]
    assert again(tmp_path, fill(file, {3: {"rättat värde": "1962-01-30"}})).quarantine.empty


def test_a_unit_corrected_in_the_organisation_is_known_to_the_other_files(tmp_path):
    wrong = UNITS.replace("d0180;d0100;enhet;", "d0180;d0100;;")
    files = {"staff.csv": lines(ANNA), "units.csv": wrong}
    delivery = read(tmp_path / "in", FACTS + STAFF + ORGANISATION, files)
    written = write_quarantine(delivery, tmp_path / "in", tmp_path / "out", key=KEY)
    assert [file.name for file in written] == ["staff.csv.csv", "units.csv.csv"]
    fill(written[1], {3: {"rättat värde": "enhet"}})
    assert again(tmp_path, tmp_path / "out").quarantine.empty


def test_a_decided_quarantine_is_not_written_over(tmp_path):
    delivery, file = set_aside(tmp_path, ANNA, BAD_DATE)
    write_quarantine(delivery, tmp_path / "in", tmp_path / "out", key=KEY)  # nothing decided yet: written again
    fill(file, {3: {"rättat värde": "2021-01-01"}})
    with pytest.raises(InputError, match="would be lost"):
        write_quarantine(delivery, tmp_path / "in", tmp_path / "out", key=KEY)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"åtgärd": "kanske"}, "line 2: the action is not known"),
        ({"åtgärd": "stryk", "rättat värde": "2021-01-01"}, "both drops the row and corrects it"),
        ({"rättat värde": "1", "rad": "tre"}, "not a whole number"),
        ({"rättat värde": "1", "kontroll": ""}, "has no check value"),
        ({"rättat värde": "1", "kolumn": "Lön"}, "'Lön' is not in the header of staff.csv"),
        ({"rättat värde": "1", "fil": "staf.csv"}, "which this delivery does not read"),
        ({"åtgärd": "rätta", "kolumn": ""}, "write the whole line"),
    ],
)
def test_a_line_that_cannot_be_understood_is_refused_in_one_sentence(tmp_path, cells, sentence):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE)
    with pytest.raises(InputError, match=sentence):
        again(tmp_path, fill(file, {3: cells}))


def test_two_answers_for_one_cell_are_refused(tmp_path):
    _, file = set_aside(tmp_path, ANNA, BAD_DATE)
    both = pd.concat([table(file)] * 2)
    both["rättat värde"] = ["2021-01-01", "2021-01-02"]
    both.to_csv(file, sep=";", index=False)
    with pytest.raises(InputError, match=r"contradicts staff\.csv\.csv line 2"):
        read_corrections(file)
    both["rättat värde"], both["åtgärd"] = ["2021-01-01", ""], ["", "stryk"]
    both.to_csv(file, sep=";", index=False)
    with pytest.raises(InputError, match="drops"):
        read_corrections(file)


def test_a_file_that_is_no_file_of_corrections_says_so(tmp_path):
    for content in (b"a;b\n1;2\n", b"PK\x03\x04", b"\xff\xfe\x00", b"\n", b'"\n', b"\x1a"):
        file = tmp_path / "x.csv"
        file.write_bytes(content)
        with pytest.raises(InputError, match=r"x\.csv"):
            read_corrections(file)
    with pytest.raises(InputError, match="no CSV file"):
        read_corrections(_made(tmp_path / "empty"))
    with pytest.raises(InputError, match="no file or folder"):
        read_corrections(tmp_path / "never.csv")


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
