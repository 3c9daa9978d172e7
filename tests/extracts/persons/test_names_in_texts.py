"""A person named in the business plan is removed before anybody prints the text."""

from __future__ import annotations

import pytest

from analysis.extracts import read_delivery
from analysis.extracts.persons.names_in_texts import NUMBER, digest_of, without_names
from analysis.reference import load
from tests.extracts.town import ANNA, BO, FACTS, HEADER, KEY, STAFF, write

REMOVED = load("names")["removed"]
PLAN = """
[[file]]
table = "activities"
path = "plan.csv"
[file.columns]
activity = "Id"
area = "Område"
goal = "Mål"
text = "Aktivitet"
due = "Klar"
responsible = "Ansvarig"
"""
KNOWN = frozenset(digest_of(name) for name in ("anna ek", "ek anna", "bo von platen", "åsa-lena öberg"))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Anna Ek håller kursen", f"{REMOVED['name']} håller kursen"),
        ("Samtal med Ek, Anna i maj", f"Samtal med {REMOVED['name']} i maj"),
        ("Anna Eks grupp", f"{REMOVED['name']} grupp"),
        ("ANNA EK och Bo von Platen", f"{REMOVED['name']} och {REMOVED['name']}"),
        ("Åsa-Lena Öberg (samordnare)", f"{REMOVED['name']} (samordnare)"),
        ("Anna bygger. Ek planteras", "Anna bygger. Ek planteras"),
        ("Anna 850101-1234 följs upp", f"Anna {REMOVED['number']} följs upp"),
        ("19850101-1234", REMOVED["number"]),
        ("198501011234", REMOVED["number"]),
        ("8501611234", REMOVED["number"]),
        ("Mål 2025-12 och 0580-123456", "Mål 2025-12 och 0580-123456"),
        ("Budget 1234567890 kr", "Budget 1234567890 kr"),
        ("Anna Ekström, Eka Anna", "Anna Ekström, Eka Anna"),
    ],
)
def test_names_and_numbers_in_a_text(text: str, clean: str) -> None:
    assert without_names(text, KNOWN, REMOVED) == clean


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Namn", ("Ek, Anna", "Bo Sten")),
        ("Förnamn;Efternamn", ("Anna;Ek", "Bo;Sten")),
        ("Medarbetare", ("Anna Maria Ek", "Sten Bo")),
    ],
)
def test_names_come_from_columns_that_nobody_mapped(tmp_path, header, names):
    rows = [f"{row};{name}" for row, name in zip((ANNA, BO), names, strict=True)]
    plan = [
        "Id;Område;Mål;Aktivitet;Klar;Ansvarig",
        "a1;Skola;Mål ett;Anna Ek leder kursen;2026-05;d0180",
        "a2;Skola;Mål två;Alla går kursen;2026-06;d0180",
        "a3;Skola;Bo Sten 850101-1234;Uppföljning;2026-07;d0180",
    ]
    files = {"staff.csv": "\n".join([f"{HEADER};{header}", *rows]) + "\n", "plan.csv": "\n".join(plan) + "\n"}
    found = read_delivery(write(tmp_path, FACTS + STAFF + PLAN, files), key=KEY)
    activities = found.tables["activities"].set_index("activity")
    assert activities.loc["a1", "text"] == f"{REMOVED['name']} leder kursen"
    assert activities.loc["a2", "text"] == "Alla går kursen"
    assert activities.loc["a3", "goal"] == f"{REMOVED['name']} {REMOVED['number']}"
    (notice,) = [each for each in found.warnings if "nämner en person" in str(getattr(each, "sv", ""))]
    assert notice.doubt
    assert notice.text("sv").startswith("2 aktiviteter")
    assert "Anna" not in notice.text("sv")


LEDGER = """
[[file]]
table = "measures"
path = "measures.csv"
[file.columns]
measure = "Id"
name = "Namn"
start = "Start"
indicator = "Mått"
direction = "Riktning"
smallest = "Minsta"
owner = "Ansvarig"
registered = "Anmäld"
"""


def test_a_person_named_in_the_effect_ledger_is_removed_where_there_is_no_plan(tmp_path):
    rows = [f"{row};{name}" for row, name in zip((ANNA, BO), ("Ek, Anna", "Bo Sten"), strict=True)]
    ledger = [
        "Id;Namn;Start;Mått;Riktning;Minsta;Ansvarig;Anmäld",
        "m1;Anna Eks scheman;2025-01;leaving_all;lower;0.02;Bo Sten;2024-11-01",
        "m2;Scheman;2025-01;leaving_all;lower;0.02;HR;2024-11-01",
    ]
    files = {"staff.csv": "\n".join([f"{HEADER};Namn", *rows]) + "\n", "measures.csv": "\n".join(ledger) + "\n"}
    found = read_delivery(write(tmp_path, FACTS + STAFF + LEDGER, files), key=KEY)
    measures = found.tables["measures"].set_index("measure")
    assert measures.loc["m1", "name"] == f"{REMOVED['name']} scheman"
    assert measures.loc["m1", "owner"] == REMOVED["name"]
    assert measures.loc["m2", "name"] == "Scheman"
    (notice,) = [each for each in found.warnings if "nämner en person" in str(getattr(each, "sv", ""))]
    assert notice.text("sv").startswith("1 åtgärd i åtgärdsregistret")


def test_a_number_needs_a_month_and_a_day() -> None:
    assert NUMBER.search("19851301-1234") is None
    assert NUMBER.search("19850141-1234") is None
