"""What a payroll officer reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analysis import extracts
from analysis.errors import InputError
from analysis.extracts import Notice, summary
from analysis.extracts.account.notices import identity_rules, reasons
from tests.extracts.town import ANNA, BO, FACTS, STAFF, staff

RULE = """
[[file.exclude]]
rule = "board"
column = "form"
matches = "^förtroende"
why = "Förtroendevalda är inte anställda."
why_en = "Elected members are not employed."
"""


@pytest.fixture
def delivery(tmp_path):
    wrong = [ANNA.replace("100231", str(number)).replace("2015-08-10", "igår") for number in range(200001, 200008)]
    board = ANNA.replace("Tillsvidare", "Förtroendevald")
    return staff(tmp_path, BO, BO, board, *wrong, "Summa;;;;;9;;;", toml=FACTS + STAFF + RULE)


def test_the_swedish_summary_accounts_for_every_row(delivery):
    text = summary(delivery)
    assert "Leverans: Provleverans (uttagen 7 januari 2026)" in text
    assert "staff.csv → employments" in text
    for line in (
        "11 lästa",
        "1 godkända",
        "7 satta åt sidan (70,0\u00a0%)",
        "1 sammanslagna",
        "1 undantagna",
    ):
        assert line in text
    assert "7 × Från: kunde inte läsas som ett datum (rad 5, 6, 7, 8, 9 m.fl., t.ex. igår)" in text
    assert "1 × board: Förtroendevalda är inte anställda." in text
    assert "frånvaro: ingen sjukfrånvaro visas" in text
    assert "årliga listorna" not in text  # nobody misses the lists who has the employments


def test_the_english_summary_says_the_same(delivery):
    text = summary(delivery, "en")
    assert "7 × Från: could not be read as a date (row 5, 6, 7, 8, 9 and more, e.g. igår)" in text
    assert "1 × board: Elected members are not employed." in text
    assert "no sick leave is shown" in text
    assert "åt sidan" not in text


def test_another_language_is_refused(delivery):
    with pytest.raises(InputError, match="'fi'"):
        summary(delivery, "fi")


def test_every_reason_that_the_code_gives_has_a_sentence():
    code = "".join(path.read_text(encoding="utf-8") for path in Path(extracts.__file__).parent.rglob("*.py"))
    assert [reason for reason in reasons() if f'"{reason}"' not in code] == []
    given = re.findall(r'yield "(\w+)"|\breasons\([^()]*(?:\([^()]*\))?[^()]*"(\w+)"\)|, "(personnummer_\w+)"', code)
    assert {each for found in given for each in found if each} | {"missing", "out_of_range"} <= set(reasons())


def test_what_is_done_about_persons_is_told_with_its_reason(tmp_path):
    delivery = staff(tmp_path, "Skyddad identitet" + ANNA[6:])
    assert "× skyddad identitet" in summary(delivery, "sv")
    assert "× protected identity" in summary(delivery, "en")


def test_every_reason_has_a_sentence_in_both_languages():
    for reason in [*reasons().values(), *identity_rules().values()]:
        assert reason["sv"]
        assert reason["en"]
        assert reason["sv"] != reason["en"]


def test_a_notice_reads_as_english_and_knows_its_swedish():
    notice = Notice(sv="två", en="two")
    assert notice == "two"
    assert notice.text("sv") == "två"
    assert notice.text("en") == "two"
