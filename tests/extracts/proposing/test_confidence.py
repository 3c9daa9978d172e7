"""Confidence means something: guesses said to be sure are right, strange words lower it, strange files get none.

Headers are drawn at random among ways to write them that are not in the reference data letter by letter, among
damaged spellings and among words that say nothing; what is right is known from the column they stand over.
"""

from __future__ import annotations

import random
from datetime import date

import pandas as pd
import pytest

from analysis.extracts.proposing.content import look_at
from analysis.extracts.proposing.matching import TABLE_LEAST, Match, Sheet, best_tables, match
from analysis.extracts.proposing.words import column_words

from . import variants

TODAY = date(2026, 1, 7)
OTHER_WORDS = {
    "employments": {
        "Anställningsnr": ("person", ["Anst-nummer", "Anställningsnr.", "Anställn.nr", "Pers.id"]),
        "Anställnings-ID": ("employment", ["Anst-id", "Anställningens löpnr", "Anställnings-id nr"]),
        "Enhetsnamn": ("", ["Enhetens namn", "Namn på enhet", "Org.enhet namn"]),
        "Faktisk sysselsättningsgrad %": ("rate_actual", ["Faktisk syss.grad", "Syss.grad just nu", "Nettograd"]),
        "Enhetskod": ("unit", ["Org.enhet", "Enhets kod", "Kostn.ställe", "Orgenhet kod"]),
        "AID": ("aid", ["AID etikettkod", "Etikett (AID)", "AID-kod"]),
        "Befattning": ("title", ["Befattn.", "Befattningstitel", "Yrkesbenämning"]),
        "Anställningsform": ("form", ["Anst.form", "Anställningsform text", "Form av anställning"]),
        "Sysselsättningsgrad %": ("rate", ["Syss.grad", "Sysselsättn.grad", "Sysselsättningsgrad (proc)"]),
        "Fr o m": ("start", ["Fr.o.m.", "From-datum", "Anställd fr o m"]),
        "T o m": ("end", ["T.o.m.", "Tom-datum", "Anställd t o m"]),
        "Födelsedatum": ("birth", ["Född datum", "Föd.datum", "Födelsedat"]),
        "Kön": ("sex", ["KÖN", "Kön kod", "Juridiskt kön"]),
        "Heltidslön": ("pay", ["Heltidslön kr", "Lön (heltid)", "Månadslön heltid"]),
    },
    "absences": {
        "Anställningsnr": ("person", ["Anst-nummer", "Anställn.nr"]),
        "Enhet": ("unit", ["Org.enhet", "Enhets kod"]),
        "Period": ("month", ["Avser månad", "Perioden", "År/månad"]),
        "Ordinarie tid": ("ordinary_hours", ["Ord. arbetstid", "Ordinarie arb.tid", "Ordinarie tid (tim)"]),
        "Sjuktid": ("sick_hours", ["Sjuktid (tim)", "Sjukfrånvaro tim", "Sjuktimmar totalt"]),
        "Varav 60 dagar eller mer": ("sick_hours_long", ["60 dagar och mer", "Varav >60 dagar", "Lång sjukfrånvaro"]),
    },
    "exits": {
        "Anst.nr": ("person", ["Anst-nummer", "Anställn.nr"]),
        "Sista anställningsdag": ("date", ["Sista anst.dag", "Avgångsdatum (t o m)", "Sista dag i tjänst"]),
        "Avgångsorsak": ("cause", ["Avg.orsak", "Orsak till avgång", "Avslutsorsak kod"]),
    },
}  # fmt: skip
FILES = {"employments": "anstallningar.csv", "absences": "franvaro.csv", "exits": "avgangar.csv"}


@pytest.fixture(scope="module")
def sheets(small_sample) -> dict[str, Sheet]:
    found = {}
    for table, file in FILES.items():
        _, rows = variants.table(small_sample / file)
        width = len(rows[0])
        body = pd.DataFrame([row for row in rows[1:] if len(row) == width], columns=rows[0], dtype="str")
        body = body[list(OTHER_WORDS[table])]
        traits = [look_at(body[header], today=TODAY) for header in body]
        found[table] = Sheet("uttag", list(body.columns), traits, body)
    return found


def reworded(table: str, sheet: Sheet, draw: random.Random, *, strange: float) -> Sheet:
    """Headers drawn among other spellings, some damaged, a share of them replaced by words that say nothing."""
    headers = []
    for place, header in enumerate(sheet.headers):
        word = draw.choice([header, *OTHER_WORDS[table][header][1]])
        if draw.random() < 0.3 and len(word) > 5:
            cut = draw.randrange(2, len(word) - 1)
            word = word[:cut] + word[cut + 1 :]
        headers.append(f"Fält {place + 1}" if draw.random() < strange else word)
    return Sheet(sheet.name, headers, sheet.traits, sheet.frame)


def guesses(sheets: dict[str, Sheet], *, strange: float, rounds: int) -> pd.DataFrame:
    """Every column guessed in the rounds: confidence and whether it is the right one."""
    draw = random.Random(5)
    lines = []
    for _ in range(rounds):
        for table, sheet in sheets.items():
            found = match(table, reworded(table, sheet, draw, strange=strange))
            for name, pick in found.picks.items():
                right = OTHER_WORDS[table][sheet.headers[pick.position]][0] == name
                lines.append((pick.confidence, right))
    return pd.DataFrame(lines, columns=["confidence", "right"])


def test_the_other_spellings_are_not_simply_those_of_the_reference_data() -> None:
    known = [word for table in FILES for words in column_words(table).values() for word in words]
    joined = {"".join(word) for word in known}
    from analysis.extracts.proposing.words import words

    others = [spelling for table in OTHER_WORDS.values() for _, each in table.values() for spelling in each]
    assert sum("".join(words(each)) not in joined for each in others) > 0.4 * len(others)


def test_sure_guesses_are_right_and_the_less_sure_are_more_often_wrong(sheets) -> None:
    found = guesses(sheets, strange=0.15, rounds=12)
    sure, fair = found[found["confidence"] >= 0.85], found[found["confidence"] < 0.85]
    assert len(sure) > 100
    assert len(fair) > 20
    assert sure["right"].mean() >= 0.98
    assert 0.6 <= fair["right"].mean() < sure["right"].mean()


def test_strange_headers_lower_the_confidence_of_the_table(sheets) -> None:
    for table, sheet in sheets.items():
        levels = []
        for strange in (0.0, 0.5, 1.0):
            draw = random.Random(1)
            found = [match(table, reworded(table, sheet, draw, strange=strange)).confidence for _ in range(4)]
            levels.append(sum(found) / len(found))
        assert levels[0] > TABLE_LEAST
        assert levels[0] > levels[1] > levels[2]
        assert levels[2] < TABLE_LEAST / 2


def test_headers_over_the_wrong_columns_lower_the_confidence(sheets) -> None:
    for table, sheet in sheets.items():
        turned = Sheet(sheet.name, [*sheet.headers[1:], sheet.headers[0]], sheet.traits, sheet.frame)
        assert match(table, turned).confidence < match(table, sheet).confidence - 0.2


def test_a_table_about_something_else_is_no_table_of_a_delivery() -> None:
    body = pd.DataFrame({"Artikel": [f"A{row}" for row in range(50)], "Lagersaldo": [str(row) for row in range(50)]})
    traits = [look_at(body[header], today=TODAY) for header in body]
    best: Match = best_tables(Sheet("lager", list(body.columns), traits, body))[0]
    assert best.confidence < 0.3
